"""Which products an utterance is about: by number, by name, as a variant of the last one, by a pointer, or as the best of the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.context.own_constraints import own_sort
from handlers.context.references import Reference, best_of
from handlers.context.siblings import ONLY_POINTING, other_variant, sibling
from handlers.session import SPOKEN_OF
from handlers.understanding.variants import by_extent

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from handlers.session import Session
    from handlers.understanding.naming import Named
    from handlers.understanding.reading import Reading

_LARGE, _SMALL = ("ref.largest", "rel.bigger"), ("ref.smallest", "rel.smaller")
_ONLY_BEST = 6  # characters of an utterance that only names the best: 最便宜的


def products_meant(reading: Reading, reference: Reference, session: Session, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the products this is about: numbers, names, then pointers; the best of the list for 哪个最便宜."""
    if not (reading.named or reading.codes or reference.skus or session.topic.focus or session.topic.listed):
        return ()
    named = tuple(sku for named in reading.named for sku in _of_the_named(named, reading, catalogue))
    found = tuple(dict.fromkeys((*reading.skus, *named))) or sibling(reading, session, catalogue)
    if not found and not other_variant(reading, session, catalogue):
        found = tuple(dict.fromkeys(reference.skus))
    found = found or _of_the_compared(reading, session, catalogue)
    if len(found) > 1 and reading.has("ref.these") and (order := own_sort(reading.cues.names)):
        return best_of(catalogue, found, order)[:1]  # 这些里头最便宜的
    if len(found) == 1 and reading.has("ask.compare") and session.topic.focus[:1] not in ((), found):
        found = (*session.topic.focus[:1], *found)
    sort = own_sort(reading.cues.names)
    listed = () if session.topic.intent == SPOKEN_OF else session.topic.listed  # a guide picks three of many
    asks = reading.has("ask.which", "ask.better", "ask.compare", "ask.price", "ask.cert", "ref.it")
    asks = (asks or len(reading.text) <= _ONLY_BEST) and not reading.has("op.sortlist")
    asks = asks and reading.slots.values.get("limit", 1) == 1  # 销量前三的 are three
    others = reading.has("rel.cheaper") and not reading.has("ask.which", "ask.better", "ask.compare")  # 有便宜的不
    if (
        sort
        and asks
        and (
            len(listed) > 1 or (listed and not session.topic.constraints.limit)
        )  # of one chosen for me 便宜的 is another
        and not others
        and not (found or reading.slots.goods or reading.slots.values.get("brands"))
    ):
        return best_of(catalogue, listed, sort)[:1]
    return found


def _of_the_named(named: Named, reading: Reading, catalogue: Catalogue) -> tuple[str, ...]:
    """Return all of a series where its variants are asked for, the largest or smallest where that is said, else the first."""
    skus, sizes = named.skus, reading.cues.of(*_LARGE, *_SMALL)
    if len(skus) == 1 or reading.has("ask.variants", "ask.one_certificate"):
        return skus
    if not sizes:
        return skus if _judged_one_by_one(reading) else skus[:1]
    products = catalogue.products(skus)
    said = [reading.text[cue.start : cue.end] for cue in sizes]
    packed = [one for one in products if any(one.unit and one.unit in words for words in said)] or products  # 大桶
    first = packed[0]
    family = [
        one for one in packed if (one.brand, one.category, one.series) == (first.brand, first.category, first.series)
    ]
    chosen = by_extent(family, reading.has(*_LARGE))
    return (chosen,) if chosen else skus[:1]


def _judged_one_by_one(reading: Reading) -> bool:
    """Tell whether it is asked if a series is certified and nothing tells its variants apart: each has its own answer."""
    told = any(reading.slots.values.get(name) for name in ("schemes", "stars", "min_stars", "certified"))
    asks = reading.has("ask.cert", "ask.is_cert", "ask.verify") or (told and reading.has("q.yesno", "ask.have"))
    figures = any(character.isdigit() for named in reading.named for character in named.said)
    return asks and len(reading.named) == 1 and not figures and not reading.has("ref.largest", "ref.smallest", "ref.it")


def _of_the_compared(reading: Reading, session: Session, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the cheaper or the dearer of what was compared just now, where so many of it are wanted: 便宜的要四个."""
    focus = session.topic.focus
    wanted = any(q.dimension == "count" for q in reading.quantities) and len(reading.text) <= ONLY_POINTING
    if session.intent != "compare" or len(focus) < 2 or not wanted or reading.slots.goods:
        return ()
    if reading.has("ask.have", "op.others", "ask.more", "ask.recommend", "ask.look"):
        return ()
    if reading.has("sort.price_asc", "rel.cheaper"):
        return best_of(catalogue, focus, "price_asc")[:1]
    return best_of(catalogue, focus, "price_desc")[:1] if reading.has("sort.price_desc", "rel.dearer") else ()
