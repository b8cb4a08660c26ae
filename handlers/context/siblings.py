"""The variant of what was spoken of that a value names: 18升的呢, 24瓦那款, 400坑距那个呢, 深灰的呢, 大桶的呢."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from catalog_db.search.query import ProductQuery
from handlers.rules.shapes import SHORT
from handlers.understanding.variants import by_extent, figures_of, holds

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from catalog_db.records import Product
    from handlers.session import Session
    from handlers.understanding.reading import Reading

OTHER_VARIANT = "a variant that what was spoken of does not have"
ONLY_POINTING = 12  # characters of an utterance that only points at a variant
_VARIANTS = ("volume", "mass", "power")  # dimensions that tell the variants of a product apart
_FIGURES = (*_VARIANTS, "number", "length", "size")  # with 那个 or 呢 any figure tells them apart
_LOOKED_AT = ("detail", "verify", "savings", "faq")  # answers about one product, and what may be asked in between
_BARE = 4  # characters of 小的呢, 那大的呢
_LONGER = 20  # the same where something is said or asked of the variant: 十五升的也印了三星,也算一样的吧
_POINTING = (
    "ref.it",
    "op.switch",
    "ask.cert",
    "ask.is_cert",
    "op.also",
    "ask.price",
    "ask.compare",
    "ask.howmany",
    "ask.savings",
)
_SHOWN = 6  # variants that are told of side by side
_A_PAIR = 2
_MOST = 20  # variants of one series that are looked through
_ANY_DAY = date(2000, 1, 1)  # a search for names does not depend on the day


def sibling(reading: Reading, session: Session, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the variant of what was spoken of that is named by a value (400的有证没 too): of its brand, kind and series; () without one."""
    focus = _focus(reading, session, catalogue)
    both = _two(reading, focus, session, catalogue) if focus is not None and reading.has("ask.compare") else ()
    if focus is None or both:
        return both
    told = _figures(reading, session)
    if session.intent not in _LOOKED_AT:
        return _reckoned(reading, session, focus, told, _family(focus, session, catalogue))
    if reading.has("ask.which_variant", "ask.one_certificate"):  # 没证的是哪个颜色, 双玻三玻一张证吗
        skus = dict.fromkeys(one.sku for one in (focus, *_family(focus, session, catalogue)))
        return tuple(skus)[:_SHOWN]
    if reading.has("ref.largest", "ref.smallest") and told <= figures_of(focus):
        return _by_size(reading, focus, _family(focus, session, catalogue))
    if reading.has("rel.bigger", "rel.smaller") and len(reading.text) <= _BARE:
        chosen = _by_size(reading, focus, _family(focus, session, catalogue))
        alone = len(session.topic.focus) <= 1  # 小的呢 of the smallest alone asks for other goods
        return () if alone and chosen == (focus.sku,) else chosen
    values = _values(reading)
    # the variants of a series judged side by side are of whatever kind
    beside = catalogue.products(session.topic.focus[1:]) if told or values else []
    return _named_by(told, values, focus, [*_family(focus, session, catalogue), *beside]) if told or values else ()


def _reckoned(
    reading: Reading, session: Session, focus: Product, told: frozenset[str], family: Sequence[Product]
) -> tuple[str, ...]:
    """Return the variant named where none was looked at: by its figure, after a sum by its size too (小桶的那款呢)."""
    if session.intent == "calculate" and reading.has("ref.largest", "ref.smallest"):
        return _by_size(reading, focus, family)
    return _first(one for one in family if told & figures_of(one))


def _two(reading: Reading, focus: Product, session: Session, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the variants that two figures name: 305和400有啥区别 of one toilet; () where one of them names none."""
    said = [f"{q.value:f}" for q in reading.quantities if q.value is not None and q.dimension in _FIGURES]
    if len(said) != _A_PAIR or reading.has("ref.pair", "ref.ordinal"):
        return ()
    family = [focus, *_family(focus, session, catalogue)]
    named = [_first(one for one in family if figure in figures_of(one)) for figure in said]
    return (*named[0], *named[1]) if all(named) and named[0] != named[1] else ()


def _named_by(
    told: frozenset[str], values: dict[str, tuple[str, ...]], focus: Product, family: Sequence[Product]
) -> tuple[str, ...]:
    """Return the variant that has a figure said, else the values said; () where none has."""
    for figures in (told, frozenset(f"{figure}0" for figure in told)):  # 80的 of tiles is 800 mm
        if figures and (found := _first(one for one in (*family, focus) if figures & figures_of(one))):
            return found
    return _first(one for one in (focus, *family) if values and _has(one, values))


def other_variant(reading: Reading, session: Session, catalogue: Catalogue) -> bool:
    """Tell whether 那个 is said of a value that what was spoken of does not have, so that it means none that we know."""
    focus = _focus(reading, session, catalogue)
    if focus is None:
        return False
    if reading.has("ref.largest", "ref.smallest") and session.intent in _LOOKED_AT:
        return len(session.topic.listed) <= 1  # there is no larger one
    if told := _figures(reading, session):
        return reading.has("ref.it", "ask.cert", "op.also") and not told & figures_of(focus)
    values = _values(reading) if session.intent in _LOOKED_AT else {}
    return bool(values) and reading.has("ref.it", "ask.cert", "op.also") and not _has(focus, values)


def figure_said(reading: Reading) -> str:
    """Return a bare figure as said, "" without one: it could not be heeded where no variant has it."""
    return next((reading.text[q.start : q.end] for q in reading.quantities if q.dimension == "number"), "")


def _focus(reading: Reading, session: Session, catalogue: Catalogue) -> Product | None:
    """Return the product spoken of last, where the utterance is no longer than one that points at a variant of it."""
    longest = _LONGER if reading.has("op.also", "ask.howmany", "ask.one_certificate") else ONLY_POINTING
    if not session.topic.focus or reading.slots.goods or len(reading.text) > longest:
        return None
    if (
        reading.slots.values.get("brands")
        or reading.slots.values.get("series")
        or (reading.has("op.exclude") and not reading.has("op.also"))
    ):
        return None
    return next(iter(catalogue.products(session.topic.focus[:1])), None)


def _figures(reading: Reading, session: Session) -> frozenset[str]:
    """Return the one figure said that may name a variant, as said and in the unit of amounts; none for most utterances."""
    pointed = reading.has("ref.it", "op.also", "ask.savings") or (
        reading.has("op.switch", "ask.cert", "ask.price") and len(reading.text) <= SHORT
    )
    known = _FIGURES if pointed and session.intent in _LOOKED_AT else _VARIANTS
    said_of_one = [
        q for q in reading.quantities if q.value != 1 and q.dimension not in ("stars", "time")
    ]  # 20的好多钱一米
    amounts = [q for q in said_of_one if q.dimension in known and q.value is not None]
    if len(amounts) != 1 or len(said_of_one) > 1:
        return frozenset()
    said = reading.text[amounts[0].start : amounts[0].end]
    return frozenset({f"{amounts[0].value:f}", *re.findall(r"\d+(?:\.\d+)?", said)})


def _values(reading: Reading) -> dict[str, tuple[str, ...]]:
    """Return the values of attributes, sizes and colours said with 那个 or 呢 and hardly more, by name; of two colours the first."""
    if not reading.has(*_POINTING):
        return {}
    said = reading.slots.values
    values = {name: tuple(words) for name, words in said.get("attributes", {}).items()}
    values |= {name: tuple(said[name]) for name in ("size", "capacity") if said.get(name)}
    if said.get("color"):  # 灰的跟白的一样, but 白的换黑的
        values["color"] = tuple(said["color"][-1:] if reading.has("op.swap", "op.replace") else said["color"][:1])
    return values


def _has(product: Product, values: dict[str, tuple[str, ...]]) -> bool:
    return all(holds(product, name, words) for name, words in values.items())


def _family(focus: Product, session: Session, catalogue: Catalogue) -> list[Product]:
    """Return the others of the same brand, kind and series, those of the last list first."""
    family = [one for one in catalogue.products(session.topic.listed) if one.brand == focus.brand]
    if focus.series:
        brands = (focus.brand,) if focus.brand else ()
        query = ProductQuery(_ANY_DAY, series=(focus.series,), brands=brands, limit=_MOST)
        family += catalogue.found(query)
    return [
        one
        for one in family
        if one.sku != focus.sku and one.category == focus.category and (one.series or "") == (focus.series or "")
    ]


def _by_size(reading: Reading, focus: Product, family: Sequence[Product]) -> tuple[str, ...]:
    """Return the largest or smallest variant of all, what was spoken of as well; () where nothing tells."""
    chosen = by_extent(
        tuple({one.sku: one for one in (focus, *family)}.values()), reading.has("ref.largest", "rel.bigger")
    )
    return (chosen,) if chosen else ()


def _first(products: Iterable[Product]) -> tuple[str, ...]:
    return next(((one.sku,) for one in products), ())
