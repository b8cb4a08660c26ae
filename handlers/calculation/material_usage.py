"""How much of a material an area takes: the product's own figure, else its category's, else a usual one of the trade.

The usual figures are data of the locale (`material_usage.tsv`, `volume_usage.tsv`), found by the names of a category.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Literal

from catalog_db.records import Category, Product
from handlers.calculation.formulas import Recipe, exact
from handlers.understanding.measures import capacity_in
from handlers.understanding.word_tables import WORDS, rows

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue

Source = Literal["product", "category", "usual"]


@dataclass(frozen=True, slots=True)
class Usual:
    """A line of `material_usage.tsv`."""

    words: tuple[str, ...]
    base: str  # wall, floor, ceiling, facade or as_said: what an area means for it
    measure: str
    coverage: Fraction
    pack: Fraction
    coats: Fraction
    loss_pct: Fraction
    piece: str | None
    piece_unit: str | None


@dataclass(frozen=True, slots=True)
class Usage:
    """The recipe of a material, where each figure comes from, and what an area means for it."""

    category: Category
    product: Product | None
    recipe: Recipe
    coverage_from: Source
    coats_from: Source
    loss_from: Source
    base: str
    piece: str | None
    piece_unit: str | None
    coverage_per_litre: Fraction | None = None  # one coat
    pack: tuple[str, str] | None = None  # the contents of a unit that a usual figure assumes: ("18", "l")

    @property
    def unit(self) -> str | None:
        """Return the unit it is sold in."""
        return (self.product.unit if self.product else None) or self.category.unit


@cache
def _usual() -> tuple[Usual, ...]:
    return tuple(
        Usual(
            tuple(words.split("|")),
            base,
            measure,
            Fraction(area),
            Fraction(pack),
            Fraction(coats),
            Fraction(loss),
            piece or None,
            piece_unit or None,
        )
        for words, base, measure, area, pack, coats, loss, piece, piece_unit in rows(WORDS / "material_usage.tsv")
    )


def usual_for(catalogue: Catalogue, code: str) -> Usual | None:
    """Find the usual figures for a category by its names, then by those of its parents; the longest word wins."""
    for step in reversed(catalogue.path(code)):
        category = catalogue.categories[step]
        names = (category.name, *category.synonyms)
        found = [
            (len(word), -i, usual)
            for i, usual in enumerate(_usual())
            for word in usual.words
            if any(word in n for n in names)
        ]
        if found:
            return max(found, key=lambda entry: entry[:2])[2]
    return None


def usage_of(catalogue: Catalogue, code: str, product: Product | None = None) -> Usage | None:
    """Return how much a category (or one product of it) takes; None where nobody can say."""
    usual = usual_for(catalogue, code)
    chain = [catalogue.categories[step] for step in reversed(catalogue.path(code))]
    category = chain[0]
    coverage, coverage_from, pack = _coverage(chain, product, usual)
    if coverage is None:
        return None
    coats = next((c.coats for c in chain if c.coats is not None), None)
    loss = next((c.loss_pct for c in chain if c.loss_pct is not None), None)
    recipe = Recipe(
        coverage,
        exact(str(coats)) if coats is not None else usual.coats if usual else Fraction(1),
        exact(str(loss)) if loss is not None else usual.loss_pct if usual else Fraction(5),
    )
    return Usage(
        category,
        product,
        recipe,
        coverage_from,
        "category" if coats is not None else "usual",
        "category" if loss is not None else "usual",
        usual.base if usual else "as_said",
        product.size if product and product.size else (usual.piece if usual else None),
        usual.piece_unit if usual else None,
        _per_litre(coverage, product, usual),
        pack,
    )


def _coverage(
    chain: Sequence[Category], product: Product | None, usual: Usual | None
) -> tuple[Fraction | None, Source, tuple[str, str] | None]:
    """Return (m² of one unit and coat, where it comes from, the contents assumed)."""
    if product and product.coverage_m2:
        return exact(str(product.coverage_m2)), "product", None
    of_category = next((c.coverage_m2 for c in chain if c.coverage_m2), None)
    if of_category:
        return exact(str(of_category)), "category", None
    if usual is None:
        return None, "usual", None
    contents = _contents(product, usual.measure)
    pack = contents if contents is not None else usual.pack
    known = (f"{float(pack):g}", usual.measure) if usual.measure in ("l", "kg") else None
    return usual.coverage * pack, "usual", known


def _per_litre(coverage: Fraction, product: Product | None, usual: Usual | None) -> Fraction | None:
    """Return what a litre covers: by what the product holds, else the usual figure."""
    litres = _contents(product, "l")
    if litres:
        return coverage / litres
    return usual.coverage if usual and usual.measure == "l" else None


def _contents(product: Product | None, measure: str) -> Fraction | None:
    """Read how many litres or kilograms a unit of a product holds."""
    held = capacity_in(product.capacity) if product and product.capacity else None
    return Fraction(held[1]) if held and held[0] == measure else None


@dataclass(frozen=True, slots=True)
class VolumeUsage:
    """A line of `volume_usage.tsv`: kilograms for a cubic metre of what, and how thick it is laid."""

    what: str
    kg_per_m3: Fraction
    bag_kg: Fraction
    layer_mm: Fraction


def volume_usages(catalogue: Catalogue, code: str) -> Iterator[VolumeUsage]:
    """Yield the uses by volume of a category, found by its names."""
    category = catalogue.categories[code]
    names = (category.name, *category.synonyms)
    for words, what, kg_per_m3, bag_kg, layer_mm in rows(WORDS / "volume_usage.tsv"):
        if any(word in name for word in words.split("|") for name in names):
            yield VolumeUsage(what, Fraction(kg_per_m3), Fraction(bag_kg), Fraction(layer_mm))


def bag_of(product: Product | None) -> Fraction | None:
    """Return how many kilograms a unit of a product holds, when it says so."""
    return _contents(product, "kg")
