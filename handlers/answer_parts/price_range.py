"""What the cheapest and the dearest of some products cost: asked of the whole catalogue, not of those that happen to be shown."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from catalog_db.catalog import Catalogue
from catalog_db.search.query import ProductQuery


def price_range(catalogue: Catalogue, query: ProductQuery) -> tuple[Decimal, Decimal] | None:
    """Return the lowest and the highest price in CNY of what a query finds; None where none has a price."""
    ends = []
    for sort in ("price_asc", "price_desc"):
        ends += [p.price for p in catalogue.found(replace(query, sort=sort, limit=1)) if p.price is not None]
    return (ends[0], ends[1]) if len(ends) == 2 else None
