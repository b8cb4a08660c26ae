"""Changes of single products between imports; every process sees them within a second or two."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from catalog_db import tables
from catalog_db.database import Database
from catalog_db.loading.upserting import upsert
from catalog_db.loading.writing import fingerprint, stored
from catalog_db.records import Product

_FEED_LENGTH = 10_000  # products listed one by one; a reader further behind than that reads everything anew


def change_product(database: Database, product: Product, today: date) -> int:
    """Put a product into the catalogue as it is now, new or replacing the one with its sku; give the new revision.

    `today` is the day its price was seen when it does not say one. The next full import decides anew. Raises DatabaseError
    when the category or brand does not exist.
    """
    values = {field.name: getattr(product, field.name) for field in fields(Product)}
    values["status"] = "on_sale" if values.pop("on_sale") else "off_sale"
    withdrawn = values.pop("withdrawn")
    with database.writing() as connection:
        row = stored(tables.products, values, fingerprint(values, tables.products), today)
        upsert(connection, tables.products, [{**row, "withdrawn": withdrawn}])
        return _note(connection, product.sku)


def withdraw_product(database: Database, sku: str) -> int | None:
    """Take a product out of the lists (kept, restorable); give the new revision, None when there is nothing to withdraw."""
    table = tables.products
    with database.writing() as connection:
        statement = update(table).where(table.c.sku == sku, table.c.withdrawn.is_(False)).values(withdrawn=True)
        if not connection.execute(statement).rowcount:
            return None
        return _note(connection, sku)


def _note(connection: Connection, sku: str) -> int:
    """Bump the revision and list the sku under it."""
    row = tables.catalogue
    revision: int = connection.execute(select(row.c.revision)).scalar_one() + 1
    changes = tables.product_changes
    connection.execute(insert(changes).values(revision=revision, sku=sku))
    values: dict[str, Any] = {"revision": revision}
    if connection.execute(select(func.count()).select_from(changes)).scalar_one() > _FEED_LENGTH:
        connection.execute(changes.delete())
        values["bulk_revision"] = revision
    connection.execute(update(row).values(**values))
    return revision
