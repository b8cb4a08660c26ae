"""Inserting many rows, or replacing those whose key is there: the one place where the two databases part."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, MetaData, Table, delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from catalog_db import tables

_FEW = 100  # below, a temporary table costs more than it saves
_KEYS = 5_000  # in one statement; SQLite takes 32,766

Rows = Sequence[Mapping[str, Any]]
AnyInsert = TypeVar("AnyInsert", sqlite.Insert, postgresql.Insert)


def upsert(connection: Connection, table: Table, rows: Rows) -> None:
    """Insert rows (column → value), or replace those whose key is there."""
    if connection.dialect.name == "sqlite":
        connection.execute(_replacing(sqlite.insert(table), table), list(rows))
    elif len(rows) < _FEW:
        connection.execute(_replacing(postgresql.insert(table), table), list(rows))
    else:
        _copy(connection, table, rows)


def _replacing(statement: AnyInsert, table: Table) -> AnyInsert:
    key = next(iter(table.primary_key.columns))
    replaced = {column.name: statement.excluded[column.name] for column in table.columns if column is not key}
    return statement.on_conflict_do_update(index_elements=[key], set_=replaced)


def _copy(connection: Connection, table: Table, rows: Rows) -> None:
    """Stream the rows into a temporary table and take them from there: PostgreSQL's fastest way in."""
    names = [column.name for column in table.columns]
    columns = [Column(column.name, column.type) for column in table.columns]
    waiting = Table(f"waiting_{table.name}", MetaData(), *columns, prefixes=["TEMPORARY"])
    waiting.create(connection)
    quote = connection.dialect.identifier_preparer.quote
    binds = [_binder(connection, column) for column in table.columns]
    cursor = connection.connection.cursor()
    with cursor.copy(f"COPY {quote(waiting.name)} ({', '.join(map(quote, names))}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([bind(row[name]) for name, bind in zip(names, binds, strict=True)])
    cursor.close()
    taken = postgresql.insert(table).from_select(names, select(*waiting.columns))
    connection.execute(_replacing(taken, table))
    waiting.drop(connection)


def _binder(connection: Connection, column: Column[Any]) -> Callable[[Any], Any]:
    """Give what turns a value into what the driver takes, as SQLAlchemy does for a statement's parameters."""
    processor = column.type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
    return processor or _as_it_is


def _as_it_is(value: Any) -> Any:
    return value


def link(connection: Connection, certificates: Rows) -> None:
    """Write which skus these certificates name."""
    links = [{"sku": sku, "number": row["number"]} for row in certificates for sku in row["skus"] or ()]
    if links:
        connection.execute(insert(tables.certified_skus), links)


def unlink(connection: Connection, numbers: Sequence[str]) -> None:
    """Forget which skus these certificates name."""
    links = tables.certified_skus
    for start in range(0, len(numbers), _KEYS):
        connection.execute(delete(links).where(links.c.number.in_(numbers[start : start + _KEYS])))
