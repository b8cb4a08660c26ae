"""What is said in relation to the last list: 便宜点, 大一点的, 换个牌子, 不一定要三星, 哪个星级高."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from handlers.context.attribute_steps import stepped
from handlers.context.counted import counted
from handlers.context.given_free import without_dropped
from handlers.context.references import find_reference
from handlers.context.spoken_topics import MAKER
from handlers.rules.answers import LACKING
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from handlers.session import Session
    from handlers.understanding.interpretation import Constraints
    from handlers.understanding.reading import Reading

STEPPED = "price_stepped"  # session.data: the price limit is a step from the last list, not a limit that was said
OF_ONE = "one"  # its value where the step is from the one product that was looked at
_LOOKED_AT = ("detail", "verify", "service")  # answers about one product
_CERTIFIED = ("certified", "schemes", "stars", "min_stars")
_CENT = Decimal("0.01")
THAN = ("rel.below", "rel.above")  # cheaper or dearer than one product
_A_LITTLE_OVER = Decimal("1.2")  # what 左右 means in the answer format
_REVERSED = {"price_asc": "price_desc", "price_desc": "price_asc"}
_PRICES = frozenset({"price_min", "price_max"})


def _without_their_brand(merged: Constraints, reading: Reading, session: Session, catalogue: Catalogue) -> Constraints:
    """Leave out the brand that was spoken of: 除了它家, 不要第二个的牌子; one that had no such goods was spoken of, not the first shown instead."""
    pointed = find_reference(reading, session, catalogue).skus if reading.has("ref.ordinal", "ref.last") else ()
    shown = catalogue.products([*pointed, *session.topic.focus, *session.topic.listed][:1])
    lacking = tuple(session.data.get(LACKING) or ()) if session.intent == "recommend" and not pointed else ()
    brands = () if pointed else merged.brands
    brands = brands or lacking or tuple(product.brand for product in shown if product.brand)
    kept = tuple(brand for brand in merged.brands if brand not in brands)
    return merged.but(brands=kept, exclude_brands=tuple(dict.fromkeys((*merged.exclude_brands, *brands))))


def _of_their_brand(merged: Constraints, session: Session, catalogue: Catalogue) -> Constraints:
    """Keep to the brand that was spoken of: 同一个牌子的还有啥."""
    told = (
        tuple(session.data.get(MAKER) or ()) if session.intent == "enterprise" else ()
    )  # 他家还有啥 after 第二个哪家做的
    shown = catalogue.products([*session.topic.focus, *session.topic.listed][:1])
    brands = told or tuple(product.brand for product in shown if product.brand)
    return merged.but(brands=brands) if brands else merged


def relative(merged: Constraints, reading: Reading, session: Session, catalogue: Catalogue) -> Constraints:
    """Apply 便宜点, 贵点, 别家的 to the last list."""
    merged = without_dropped(merged, reading)
    merged = _of_which_brand(merged, reading, session, catalogue)
    merged = merged.but(price_min=None) if reading.has("op.rather") else merged  # 算了还是便宜的好
    if session.data.get(STEPPED) and reading.has("sort.price_asc", "sort.price_desc"):
        merged = merged.but(price_min=None, price_max=None)  # 还是要便宜的 after 贵一点的: a step was no limit
    merged = stepped(_over_or_reversed(merged, reading), reading, session, catalogue)
    if reading.has(*THAN):
        return _beyond_that(merged, reading, session, catalogue)
    looked_at = session.topic.focus if session.intent in _LOOKED_AT and len(session.topic.focus) == 1 else ()
    prices = sorted(p.price for p in catalogue.products(list(looked_at or session.topic.listed)) if p.price is not None)
    if not prices:
        return _without_a_list(merged, reading, session)
    limited = _limited(merged, reading, session) or _better_at_something(reading)
    ordered = reading.has("sort.price_asc") and not (reading.has("rel.dearer") or _still_more(reading))
    session.data[STEPPED] = reading.has("rel.cheaper", "rel.dearer") and not limited and not ordered
    if session.data[STEPPED] and looked_at:
        session.data[STEPPED] = OF_ONE
    if not limited and reading.has("rel.cheaper") and not ordered:
        return _below(merged, prices[0], session, catalogue)
    if not limited and reading.has("rel.dearer"):
        return merged.but(price_min=prices[-1] + _CENT, price_max=None, sort=None)
    if reading.has("rel.morestars"):
        return merged.but(min_stars=min(3, (merged.min_stars or 1) + 1), stars=())
    return merged


def _over_or_reversed(merged: Constraints, reading: Reading) -> Constraints:
    """Apply 超一点没关系 to the price limit, 倒过来 to the order of prices."""
    if reading.has("rel.over") and merged.price_max is not None:
        return merged.but(price_max=(merged.price_max * _A_LITTLE_OVER).quantize(_CENT))
    if reading.has("op.reverse"):
        return merged.but(sort=_REVERSED.get(merged.sort or "", merged.sort), limit=None)
    return merged


def _of_which_brand(merged: Constraints, reading: Reading, session: Session, catalogue: Catalogue) -> Constraints:
    """Apply 除了它家, 换个牌子, 同一个牌子的."""
    if reading.has("op.except_it", "op.others") and session.data.get(STEPPED):
        merged = merged.but(price_min=None, price_max=None)  # a step from the goods of that brand is no limit
    if reading.has("op.except_it"):
        merged = _without_their_brand(merged, reading, session, catalogue)
    if reading.has("ask.brands", "op.others") and reading.has("ask.more", "op.others") and merged.brands:
        merged = merged.but(exclude_brands=(*merged.exclude_brands, *merged.brands), brands=())
    elif reading.has("op.others"):
        merged = _without_their_brand(merged, reading, session, catalogue)
    return _of_their_brand(merged, session, catalogue) if reading.has("op.same_brand") else merged


def _below(merged: Constraints, price: Decimal, session: Session, catalogue: Catalogue) -> Constraints:
    """Ask for what costs less; where more is asked for (便宜点的,带证的) another list begins, the cheapest first."""
    below, running = merged.but(price_max=price - _CENT, price_min=None, sort=None), session.topic.constraints
    plain: dict[str, Any] = {"price_min": None, "price_max": None, "sort": None, "limit": None}
    other = any(getattr(below, name) != getattr(running, name) for name in _CERTIFIED)
    if other or (below.but(**plain) != running.but(**plain) and not counted(catalogue, below)):
        session.data[STEPPED] = False
        return merged.but(sort="price_asc")
    return below


def _still_more(reading: Reading) -> bool:
    """Tell whether less than the last list is asked for: 有没有更便宜的; 便宜的呢 is an order."""
    return any(reading.text[cue.start] in signs("still_more") for cue in reading.cues.of("rel.cheaper"))


def _limited(merged: Constraints, reading: Reading, session: Session) -> bool:
    """Tell whether a price was said: it is the limit, and no step is taken (贵一点也行,五百以内)."""
    base = session.topic.constraints
    said = (merged.price_min, merged.price_max) != (base.price_min, base.price_max)
    return said or not _PRICES.isdisjoint(reading.slots.values)


def _better_at_something(reading: Reading) -> bool:
    """Tell whether 好点的 is said of a quality and asks for no higher price: 隔音好点的."""
    better = [cue for cue in reading.cues.of("rel.dearer") if reading.text[cue.start] in signs("better")]
    named = [span for span in reading.found.spans if span.kind in ("feature", "attribute", "material")]
    return any(span.end == cue.start for cue in better for span in named)


def _beyond_that(merged: Constraints, reading: Reading, session: Session, catalogue: Catalogue) -> Constraints:
    """Apply 比它便宜的, 比第二个贵的: a step from the price of what was pointed at or spoken of last, else from the list."""
    meant = find_reference(reading, session, catalogue).skus[:1] or session.topic.focus[:1] or session.topic.listed
    prices = sorted(p.price for p in catalogue.products(list(meant)) if p.price is not None)
    if not prices:
        return merged
    session.data[STEPPED] = True
    merged = merged.but(sort=None, limit=None)
    if reading.has("rel.below"):
        return merged.but(price_max=prices[0] - _CENT, price_min=None)
    return merged.but(price_min=prices[-1] + _CENT, price_max=None)


def _without_a_list(merged: Constraints, reading: Reading, session: Session) -> Constraints:
    """Apply 便宜点, 贵点 where nothing was listed: beyond the limit that found nothing, else in the order of prices."""
    if _limited(merged, reading, session):
        return merged
    if reading.has("rel.cheaper"):
        return merged.but(sort=merged.sort or "price_asc")
    if not reading.has("rel.dearer"):
        return merged
    if merged.price_max is not None:
        return merged.but(price_min=merged.price_max + _CENT, price_max=None)
    return merged.but(sort=merged.sort or "price_desc")


def most_stars(merged: Constraints, catalogue: Catalogue, day: date) -> Constraints:
    """Ask for as many stars as any of these products have: 哪个星级高."""
    for stars in (3, 2, 1):
        wanted = merged.but(min_stars=stars, stars=(), certified=False)
        if catalogue.count(wanted.query(day)):
            return wanted
    return merged.but(certified=True)
