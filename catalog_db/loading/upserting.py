"""Inserting many rows, or replacing those whose key is there: the one place where the two databases part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, MetaData, Table, delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from catalog_db import tables

_FEW = 100  # below, a temporary table costs more than it saves
_KEYS = 5_000  # in one statement; SQLite takes 32,766

Rows = Sequence[Mapping[str, Any]]
AnyInsert = TypeVar("AnyInsert", sqlite.Insert, postgresql.Insert)


def upsert(connection: Connection, table: Table, rows: Rows) -> None:
    """Insert rows (column → value, NULL where there is none), or replace those whose key is there."""
    if connection.dialect.name == "sqlite":
        # The driver takes the rows as they are bound here: SQLAlchemy's own way costs twice as much for each.
        statement = _replacing(sqlite.insert(table), table).compile(dialect=connection.dialect)
        connection.exec_driver_sql(str(statement), list(_bound(connection, table, rows)))
    elif len(rows) < _FEW:
        names = [column.name for column in table.columns]
        whole = [{name: row.get(name) for name in names} for row in rows]
        connection.execute(_replacing(postgresql.insert(table), table), whole)
    else:
        _copy(connection, table, rows)


def _replacing(statement: AnyInsert, table: Table) -> AnyInsert:
    key = next(iter(table.primary_key.columns))
    replaced = {column.name: statement.excluded[column.name] for column in table.columns if column is not key}
    return statement.on_conflict_do_update(index_elements=[key], set_=replaced)


def _copy(connection: Connection, table: Table, rows: Rows) -> None:
    """Stream the rows into a temporary table and take them from there: PostgreSQL's fastest way in."""
    columns = [Column(column.name, column.type) for column in table.columns]
    waiting = Table(f"waiting_{table.name}", MetaData(), *columns, prefixes=["TEMPORARY"])
    waiting.create(connection)
    quote = connection.dialect.identifier_preparer.quote
    names = ", ".join(quote(column.name) for column in columns)
    cursor = connection.connection.cursor()
    with cursor.copy(f"COPY {quote(waiting.name)} ({names}) FROM STDIN") as copy:
        for row in _bound(connection, table, rows):
            copy.write_row(row)
    cursor.close()
    taken = postgresql.insert(table).from_select([column.name for column in columns], select(*waiting.columns))
    connection.execute(_replacing(taken, table))
    waiting.drop(connection)


def _bound(connection: Connection, table: Table, rows: Rows) -> Iterator[tuple[Any, ...]]:
    """Give each row as what the driver takes, in the order of the table's columns."""
    names = [column.name for column in table.columns]
    dialect = connection.dialect
    processors = [column.type.dialect_impl(dialect).bind_processor(dialect) for column in table.columns]
    typed = [(index, processor) for index, processor in enumerate(processors) if processor is not None]
    for row in rows:
        values = [row.get(name) for name in names]
        for index, processor in typed:
            values[index] = processor(values[index])
        yield tuple(values)


def link(connection: Connection, certificates: Rows) -> None:
    """Write which skus these certificates name."""
    links = [{"sku": sku, "number": row["number"]} for row in certificates for sku in row.get("skus") or ()]
    if links:
        connection.execute(insert(tables.certified_skus), links)


def unlink(connection: Connection, numbers: Sequence[str]) -> None:
    """Forget which skus these certificates name."""
    links = tables.certified_skus
    for start in range(0, len(numbers), _KEYS):
        connection.execute(delete(links).where(links.c.number.in_(numbers[start : start + _KEYS])))
