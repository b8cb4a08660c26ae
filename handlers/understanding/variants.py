"""What tells the variants of a series apart: colours, sizes, contents and other values, and the figures of amounts.

A variant that was named by such a value is never answered with a sibling that does not have it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from catalog_db import sizes
from handlers.understanding.measures import figure_of, measure

if TYPE_CHECKING:
    from catalog_db.records import Product
    from handlers.understanding.cues import Cues
    from handlers.understanding.spans import Quantity

_MEASURED = frozenset({"volume", "mass", "power"})  # dimensions that tell variants apart wherever they are said
_FIGURES = _MEASURED | {"number", "length", "size"}  # in a check any figure does
_COLUMNS = ("color", "size", "capacity")
_CHECK = ("ask.cert", "ask.is_cert")


@dataclass(frozen=True, slots=True)
class Variant:
    """The values said of one variant, by name, and the figures of amounts; empty for none in particular."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    figures: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.values or self.figures)

    def among(self, products: Sequence[Product]) -> Variant:
        """Return what of it can tell some products apart: an attribute that none of them has tells nothing."""
        known = {name for product in products for name in product.attributes} | set(_COLUMNS)
        return Variant({name: words for name, words in self.values.items() if name in known}, self.figures)

    def held_by(self, product: Product) -> bool:
        """Tell whether a product has all of the values and one of the figures."""
        held = all(holds(product, name, words) for name, words in self.values.items())
        return held and (not self.figures or bool(self.figures & figures_of(product)))


def variant_said(values: Mapping[str, Any], quantities: Sequence[Quantity], cues: Cues) -> Variant:
    """Return the variant that slots and amounts name; of two colours (灰的跟白的一样) the first is meant."""
    told = {name: tuple(words) for name, words in values.get("attributes", {}).items()}
    told |= {name: tuple(values[name]) for name in _COLUMNS[1:] if values.get(name)}
    if values.get("color"):
        told["color"] = tuple(values["color"][:1])
    known = _FIGURES if cues.has(*_CHECK) else _MEASURED
    amounts = [] if "capacity" in told else [q for q in quantities if q.dimension in known and q.value is not None]
    return Variant(
        told, frozenset({f"{q.value.normalize():f}" for q in amounts if q.value != 1 and q.value is not None})
    )


def holds(product: Product, name: str, words: tuple[str, ...]) -> bool:
    """Tell whether a product has one of the values of an attribute, size or content, or a colour with one of the words in its name."""
    if name == "color":
        return any(word in (product.color or "") for word in words)
    held = getattr(product, name) if name in _COLUMNS else product.attributes.get(name)
    return held in words


def contents_of(product: Product) -> Decimal | None:
    """Return how much a product holds, in kilograms or litres; None where it does not say."""
    return measure(product.capacity) if product.capacity else None


def by_extent(products: Sequence[Product], largest: bool) -> str | None:
    """Return the largest or smallest variant: by its contents, its size, else by the figures of one attribute that tells them apart."""
    names = dict.fromkeys(name for one in products for name in one.attributes)
    told = [[contents_of(one) for one in products], [_surface(one) for one in products]]
    told += [[figure_of(one.attributes.get(name, "")) for one in products] for name in names]
    for measured in told:
        known = [(amount, one.sku) for amount, one in zip(measured, products, strict=True) if amount is not None]
        if len({amount for amount, _ in known}) > 1:
            return (max(known) if largest else min(known))[1]
    return None


def _surface(product: Product) -> Decimal | None:
    """Return what the first two sides of a size make, None without two."""
    sides = re.findall(r"\d+(?:\.\d+)?", sizes.normalise(product.size)) if product.size else []
    return Decimal(sides[0]) * Decimal(sides[1]) if len(sides) > 1 else None


def figures_of(product: Product) -> frozenset[str]:
    """Return the figures of a product's capacity, power and title: what tells its variants apart."""
    words = " ".join((product.capacity or "", product.title, *product.attributes.values()))
    return frozenset(re.findall(r"\d+(?:\.\d+)?", words))
