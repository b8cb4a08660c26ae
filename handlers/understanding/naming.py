"""Which product was named: 江晚305, 竹里5L, YH-305, 石桥36W. Words of the title, resolved against the catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from catalog_db.search.query import ProductQuery
from handlers.understanding.passage import is_han
from handlers.understanding.variants import Variant, figures_of
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from catalog_db.catalog import Catalogue
    from catalog_db.records import Product
    from handlers.understanding.spans import Normalised

_SPEC = re.compile(r"\d+(?:\.\d+)?(?:l|kg|w|kw|mm|cm|ml|g)?(?![a-z0-9.])")
_OF = tuple(signs("of"))
_CENTIMETRES = 2  # figures of a side that may be said so: 60的 of 600x600
_MOST = 6
_SERIES = 20  # variants of one series that are looked through


@dataclass(frozen=True, slots=True)
class Named:
    """A product named: what fits best first, and the words that named it."""

    skus: tuple[str, ...]
    said: str
    start: int


@dataclass(frozen=True, slots=True)
class NameWords:
    """The parts of a name in an utterance: ids of brands, series words, and the places where the parts stand."""

    brands: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    places: tuple[tuple[int, int], ...] = field(default_factory=tuple)


def resolve(catalogue: Catalogue, normalised: Normalised, words: NameWords, day: date, variant: Variant) -> list[Named]:
    """Return the products named by a series or a brand with figures beside it, one `Named` for each figure.

    江晚305跟400 gives two. A series alone gives its products, several (稻香和归燕的泵) those of each; where a variant is said
    (静夜…双玻的) only those that are so, none where nothing is.
    """
    if not words.series:
        return []
    text = normalised.text
    first = min(start for start, _ in words.places)
    figures = _figures(text, first)
    base = ProductQuery(day=day, brands=words.brands, series=words.series, categories=words.categories, limit=_MOST)
    if len(words.series) > 1 and figures and len(apart := _each_with_its_figure(catalogue, base, text, figures)) > 1:
        return apart  # 竹里5L跟晨雾10L
    named = [found for figure in figures if (found := _with_figure(catalogue, base, text, figure)) is not None]
    if len(named) > 1:
        return _of_one_family(catalogue, named)  # 江晚305跟400坑距: each figure tells its own
    if named:
        said_figure = variant.figures & {text[start:end] for start, end in figures}  # 24 of 24瓦 is no 2400 of a title
        if not any(said_figure & figures_of(one) for found in named for one in catalogue.products(found.skus)):
            said_figure = frozenset(f"{figure}0" for figure in said_figure)  # 80的 of tiles is 800 mm
        so = _kept(_so(catalogue, found, Variant(variant.values, said_figure)) for found in named)
        if so:
            return so
    said = text[first : words.places[-1][1]]
    each = [_search(catalogue, _but(base, series=(series,), limit=_SERIES)) for series in words.series]
    here = _kept(_so(catalogue, Named(skus, said, first), variant) for skus in each if skus)
    known = here and variant and variant.among(catalogue.products([sku for skus in each for sku in skus]))
    return here if known or (here and not variant) else _off_sale(catalogue, words, said, first, variant) or here


def _each_with_its_figure(
    catalogue: Catalogue, base: ProductQuery, text: str, figures: Sequence[tuple[int, int]]
) -> list[Named]:
    """Return what each of several series names with the figure beside it: 竹里5L跟晨雾10L are of two series, 5L is none of the second."""
    places = sorted((at, series) for series in base.series if (at := text.find(series)) >= 0)
    named: list[Named] = []
    for number, (at, series) in enumerate(places):
        end = places[number + 1][0] if number + 1 < len(places) else len(text)
        last = number + 1 == len(places)
        own = next((one for one in figures if at <= one[0] < end and (last or not _leads_to(one, end, text))), None)
        own = next((one for one in figures if _leads_to(one, at, text)), own)
        query = _but(base, series=(series,))
        found = _with_figure(catalogue, query, text, own) if own else None
        if found is None:
            skus = _search(catalogue, _but(query, limit=_SERIES)) or _search(catalogue, _but(query, categories=()))
            found = Named(skus, series, at) if skus else None
        named += [found] if found is not None else []
    return named


def _leads_to(span: tuple[int, int], at: int, text: str) -> bool:
    """Tell whether a figure stands right before a place: 5L的竹里."""
    return span[1] <= at and text[span[1] : at] in ("", *_OF)


def _kept(found: Iterable[Named | None]) -> list[Named]:
    return [one for one in found if one is not None]


def _off_sale(catalogue: Catalogue, words: NameWords, said: str, first: int, variant: Variant) -> list[Named]:
    """Return what was sold under a name and is no more: whoever asks for it is told so, not shown other goods of the brand."""
    kinds = catalogue.under(words.categories)
    gone = catalogue.products([sku for series in words.series for sku in catalogue.vocabulary.gone.get(series, ())])
    skus = tuple(
        product.sku
        for product in gone
        if (not words.brands or product.brand in words.brands) and (not kinds or product.category in kinds)
    )
    found = _so(catalogue, Named(skus, said, first), variant) if skus else None
    return [found] if found is not None else []


def _so(catalogue: Catalogue, named: Named, variant: Variant) -> Named | None:
    """Return what of the products named is the variant said, None where nothing is."""
    if not variant:
        return named
    products = catalogue.products(named.skus)
    said = variant.among(products)
    skus = tuple(product.sku for product in products if said.held_by(product))
    return replace(named, skus=skus) if skus else None


def _figures(text: str, first: int) -> list[tuple[int, int]]:
    return [match.span() for match in _SPEC.finditer(text, first)]


def _with_figure(catalogue: Catalogue, base: ProductQuery, text: str, span: tuple[int, int]) -> Named | None:
    figure = text[span[0] : span[1]]
    wanted = _but(base, title_words=(figure,), limit=_SERIES)
    skus = _search(catalogue, wanted) or _search(catalogue, _but(wanted, categories=()))
    if not skus and text[span[1] :].startswith(_OF) and figure.isdigit() and len(figure) == _CENTIMETRES:
        skus, figure = _search(catalogue, _but(wanted, title_words=(f"{figure}0",))), f"{figure}0"  # 80的 of tiles
    if not skus:
        return None
    skus = _told_first(catalogue, skus, figure)[:_MOST]
    return Named(skus, text[base_start(text, span) : span[1]], span[0])


def _told_first(catalogue: Catalogue, skus: tuple[str, ...], figure: str) -> tuple[str, ...]:
    """Return products with those first that are told apart by a figure: in the model (YH-400), then where it is no side of a size.

    A series has products of several kinds: 江晚400 is the one of that name, not whichever tile of it is 400 wide.
    """
    if len(skus) == 1:
        return skus
    number = figure.rstrip("abcdefghijklmnopqrstuvwxyz")
    alone = re.compile(rf"(?<![\d.x×*]){re.escape(number)}(?![\d.x×*])")

    def far(product: Product) -> tuple[bool, bool]:
        of_model = {digits.lstrip("0") for digits in re.findall(r"\d+", product.model or "")}
        return number not in of_model, alone.search(product.title.lower()) is None

    return tuple(product.sku for product in sorted(catalogue.products(skus), key=far))


def _of_one_family(catalogue: Catalogue, named: Sequence[Named]) -> list[Named]:
    """Return what several figures name with the variants of one product first: 听雨305跟400 are no closet and a tile."""
    products = [catalogue.products(one.skus) for one in named]
    families = [{_family(product) for product in some} for some in products]
    family = next((_family(one) for one in products[0] if all(_family(one) in some for some in families)), None)
    if family is None:
        return [*named]
    return [
        replace(one, skus=tuple(p.sku for p in sorted(some, key=lambda p: _family(p) != family)))
        for one, some in zip(named, products, strict=True)
    ]


def _family(product: Product) -> tuple[str | None, str]:
    return product.brand, product.category


def base_start(text: str, span: tuple[int, int]) -> int:
    """Return where the name before a figure begins: the Chinese word in front of it."""
    start = span[0]
    while start > 0 and is_han(text[start - 1]) and span[0] - start < 4:
        start -= 1
    return start


def _but(query: ProductQuery, **changes: object) -> ProductQuery:
    return replace(query, **changes)  # type: ignore[arg-type]  # the names are ProductQuery's


def _search(catalogue: Catalogue, query: ProductQuery) -> tuple[str, ...]:
    return tuple(hit.sku for hit in catalogue.search(query).hits)
