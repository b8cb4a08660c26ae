"""Changes of single products between imports; every process sees them within a second."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select, update

from catalog_db import tables
from catalog_db.database import Database
from catalog_db.loading.upserting import upsert
from catalog_db.loading.writing import fingerprint, stored
from catalog_db.records import Faq, Product

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


def put_faq(database: Database, faq: Faq) -> int:
    """Put a stored question into the catalogue, new or replacing the one with its id; give the new revision."""
    values = {field.name: getattr(faq, field.name) for field in fields(Faq)}
    with database.writing() as connection:
        upsert(connection, tables.faqs, [_whole(connection, tables.faqs, values)])
        return _bump(connection)


def drop_faq(database: Database, faq_id: str) -> int:
    """Take a stored question out of the catalogue; give the new revision."""
    with database.writing() as connection:
        connection.execute(delete(tables.faqs).where(tables.faqs.c.id == faq_id))
        return _bump(connection)


def put_alias(database: Database, kind: str, value: str, alias: str) -> int:
    """Teach one more word for a value (see `records.Term`); give the new revision."""
    table = tables.terms
    with database.writing() as connection:
        mine = (table.c.kind == kind) & (table.c.value == value)
        known = connection.execute(select(table.c.id, table.c.synonyms).where(mine)).first()
        synonyms = tuple(dict.fromkeys((*(known.synonyms or () if known else ()), alias)))
        name = known.id if known else f"{kind} {value}"
        values = {"id": name, "kind": kind, "value": value, "synonyms": synonyms}
        upsert(connection, table, [_whole(connection, table, values)])
        return _bump(connection)


def drop_alias(database: Database, kind: str, value: str, alias: str) -> int:
    """Take a word that was taught for a value out again; give the new revision."""
    table = tables.terms
    with database.writing() as connection:
        mine = (table.c.kind == kind) & (table.c.value == value)
        known = connection.execute(select(table.c.id, table.c.synonyms).where(mine)).first()
        if known is not None:
            left = tuple(word for word in known.synonyms or () if word != alias)
            values = {"id": known.id, "kind": kind, "value": value, "synonyms": left}
            upsert(connection, table, [_whole(connection, table, values)])
        return _bump(connection)


def _whole(connection: Connection, table: Table, values: dict[str, Any]) -> dict[str, Any]:
    """Return the row of values, in the place that it has or behind all others."""
    place = connection.execute(select(table.c.position).where(table.c.id == values["id"])).scalar()
    if place is None:
        place = 1 + (connection.execute(select(func.max(table.c.position))).scalar() or 0)
    return {**values, "fingerprint": fingerprint(values, table), "withdrawn": False, "position": place}


def _bump(connection: Connection) -> int:
    """Begin a new revision in which no product changed."""
    row = tables.catalogue
    revision: int = connection.execute(select(row.c.revision)).scalar_one() + 1
    connection.execute(update(row).values(revision=revision))
    return revision


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
