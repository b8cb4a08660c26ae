"""Products given as records, brought into columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from operator import attrgetter
from typing import Any

from catalog_db.records import Certificate, Product
from catalog_db.search.columns import CODED, PRICE_UNIT, RANKED
from catalog_db.search.facts import evidence_texts
from catalog_db.search.source import Batch

_SIZE = 8192
_COLUMNS = ("sku", "title", "category", "model", *CODED, *RANKED, "features", "scenes", "sells_to", "attributes")
_columns_of = attrgetter(*_COLUMNS)


def batches(rows: Iterable[tuple[Product, Sequence[Certificate]]]) -> Iterator[Batch]:
    """Bring the products that may be shown into columns, some thousand at a time."""
    shown = ((product, held) for product, held in rows if product.on_sale and not product.withdrawn)
    while some := [*islice(shown, _SIZE)]:
        yield _batch(some)


def _batch(rows: Sequence[tuple[Product, Sequence[Certificate]]]) -> Batch:
    values = zip(_COLUMNS, zip(*(_columns_of(product) for product, _ in rows), strict=True), strict=True)
    columns: dict[str, Sequence[Any]] = {name: column for name, column in values if any(map(_known, column))}
    if "price" in columns:
        columns["price"] = [None if price is None else int(price * PRICE_UNIT) for price in columns["price"]]
    if "attributes" in columns:
        columns["attributes"] = [tuple(own.items()) for own in columns["attributes"]]
    if not any(held for _, held in rows):
        return Batch(columns)
    naming = [(p.sku, [c for c in held if p.sku in c.skus]) for p, held in rows]
    evidence = [evidence_texts(held, sku) if held else () for sku, held in naming]
    return Batch(columns, evidence, [tuple(c.enterprise for c in held) for _, held in naming])


def _known(value: object) -> bool:
    return value is not None and value not in ((), {})
