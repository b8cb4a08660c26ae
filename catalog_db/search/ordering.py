"""In which order products stand: the sorts, popularity for ties, and a place for more than one brand at the top.

There is no paid place: nothing but the catalogue's own columns decides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from catalog_db.records import Product

UNKNOWN_LAST = (1, 0.0)
_Item = TypeVar("_Item")


def popularity(product: Product) -> tuple[tuple[float, ...], ...] | tuple[object, ...]:
    """Return the key of the static order: sales, rating, then sku; unknown last."""
    return (_high(product.sales_30d), _high(product.rating), product.sku)


def sort_key(product: Product, sort: str) -> tuple[tuple[int, float], ...]:
    """Return the key of a sort, unknown values last. `recommended` has none of its own: popularity alone decides."""
    return tuple(column(product) for column in _COLUMNS[sort])


def diversified(ordered: Sequence[_Item], brand: Callable[[_Item], str | None], ties: int) -> list[_Item]:
    """Bring another brand to the third place when one brand has the first three and others match equally.

    `ties` is how many items at the beginning match as well as the first three do.
    """
    items = list(ordered)
    first = brand(items[0]) if ties > 3 else None
    if first is None or any(brand(item) != first for item in items[1:3]):
        return items
    for place in range(3, ties):
        if brand(items[place]) != first:
            items.insert(2, items.pop(place))
            break
    return items


def _high(value: float | None) -> tuple[int, float]:
    return UNKNOWN_LAST if value is None else (0, -float(value))


def _low(value: float | None) -> tuple[int, float]:
    return UNKNOWN_LAST if value is None else (0, float(value))


def _price(product: Product) -> float | None:
    return None if product.price is None else float(product.price)


_COLUMNS: dict[str, tuple[Callable[[Product], tuple[int, float]], ...]] = {
    "recommended": (),
    "price_asc": (lambda p: _low(_price(p)),),
    "price_desc": (lambda p: _high(_price(p)),),
    "sales": (lambda p: _high(p.sales_30d),),
    "rating": (lambda p: _high(p.rating),),
    "growth": (lambda p: _high(p.growth_pct),),
    "water_saving": (lambda p: _high(p.water_m3_per_year), lambda p: _low(p.water_grade)),
    "energy_saving": (lambda p: _high(p.power_kwh_per_year), lambda p: _low(p.energy_grade)),
    "carbon_saving": (lambda p: _high(p.carbon_kg_per_year),),
}
