"""In which order products stand: the sorts, popularity for ties, and a place for more than one brand at the top.

There is no paid place: nothing but the catalogue's own columns decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

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
FOREMOST = {
    columns[0]: sort for sort, columns in RANKED_BY.items() if len(columns) == 1
}  # the sort by one column alone
_UNKNOWN_LAST = (1, 0.0)
_Item = TypeVar("_Item")


Popularity = tuple[tuple[int, float], tuple[int, float], str]


def popularity(product: Any) -> Popularity:
    """Return the key of the static order: sales, rating, then sku; unknown last."""
    return popularity_of(product.sales_30d, product.rating, product.sku)


def popularity_of(sales: float | None, rating: float | None, sku: str) -> Popularity:
    """Return the key of the static order from the values that it is made of."""
    return (_high(sales), _high(rating), sku)


def sort_key(product: Any, sort: str) -> tuple[tuple[int, float], ...]:
    """Return the key of a sort, unknown values last. `recommended` has none of its own: what is certified comes first, then popularity decides."""
    columns = ((getattr(product, name), ascending) for name, ascending in RANKED_BY[sort])
    return tuple(_low(value) if ascending else _high(value) for value, ascending in columns)


def other_brand(brands: Sequence[object], ties: int) -> int | None:
    """Return which item moves up to the third place: when one brand has the first three, the next one of another.

    `ties` is how many items at the beginning match as well as the first does; no other may move. Unknown brands are
    false.
    """
    if ties < 4 or not brands[0] or any(brand != brands[0] for brand in brands[1:3]):
        return None
    return next((place for place in range(3, ties) if brands[place] != brands[0]), None)


def moved_up(items: Sequence[_Item], place: int | None) -> list[_Item]:
    """Return the items with one of them moved to the third place."""
    if place is None:
        return list(items)
    return [*items[:2], items[place], *items[2:place], *items[place + 1 :]]


def _high(value: float | None) -> tuple[int, float]:
    return _UNKNOWN_LAST if value is None else (0, -float(value))


def _low(value: float | None) -> tuple[int, float]:
    return _UNKNOWN_LAST if value is None else (0, float(value))
