"""In which order products stand: the sorts, popularity for ties, and a place for more than one brand at the top.

There is no paid place: nothing but the catalogue's own columns decides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from catalog_db.records import Product

RANKED_BY: dict[str, tuple[tuple[str, bool], ...]] = {  # columns, and whether the lowest value comes first
    "recommended": (),
    "price_asc": (("price", True),),
    "price_desc": (("price", False),),
    "sales": (("sales_30d", False),),
    "rating": (("rating", False),),
    "growth": (("growth_pct", False),),
    "water_saving": (("water_m3_per_year", False), ("water_grade", True)),
    "energy_saving": (("power_kwh_per_year", False), ("energy_grade", True)),
    "carbon_saving": (("carbon_kg_per_year", False),),
}
_UNKNOWN_LAST = (1, 0.0)
_Item = TypeVar("_Item")


def popularity(product: Product) -> tuple[tuple[int, float], tuple[int, float], str]:
    """Return the key of the static order: sales, rating, then sku; unknown last."""
    return (_high(product.sales_30d), _high(product.rating), product.sku)


def sort_key(product: Product, sort: str) -> tuple[tuple[int, float], ...]:
    """Return the key of a sort, unknown values last. `recommended` has none of its own: popularity alone decides."""
    columns = ((getattr(product, name), ascending) for name, ascending in RANKED_BY[sort])
    return tuple(_low(value) if ascending else _high(value) for value, ascending in columns)


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
    return _UNKNOWN_LAST if value is None else (0, -float(value))


def _low(value: float | None) -> tuple[int, float]:
    return _UNKNOWN_LAST if value is None else (0, float(value))
