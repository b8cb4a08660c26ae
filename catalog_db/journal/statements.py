"""Statements that the driver runs itself, within a transaction of SQLAlchemy's.

An update leads to some fifteen small statements, and SQLAlchemy's own way to run one costs ten times what the database needs
for it. SQL of the common part of SQLite and PostgreSQL, with `:name` for a value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

Row = dict[str, Any]
Values = Mapping[str, Any]

_VALUE = re.compile(r"(?<!:):(\w+)")


class Statement:
    """One statement. `lock` is added where the database has row locks; SQLite has one writer and needs none.

    Every method raises DBAPIError, without the values; when the connection is lost, it is invalidated.
    """

    def __init__(self, statement: str, lock: str = "") -> None:
        self.text = statement
        self._locking = _VALUE.sub(r"%(\1)s", statement + lock)

    def run(self, connection: Connection, values: Values) -> int:
        """Run it; return how many rows were changed."""
        changed: int = self._cursor(connection, values).rowcount
        return changed

    def run_each(self, connection: Connection, rows: Sequence[Values]) -> None:
        """Run it with one row of values after the other."""
        if rows:
            self._cursor(connection, rows)

    def rows(self, connection: Connection, values: Values) -> list[Row]:
        """Run it and read what it gives."""
        cursor = self._cursor(connection, values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def first(self, connection: Connection, values: Values) -> tuple[Any, ...] | None:
        """Run it and read the first row, None when there is none."""
        found = self._cursor(connection, values).fetchall()
        return found[0] if found else None

    def value(self, connection: Connection, values: Values) -> Any:
        """Run it and read the first value, None when there is none."""
        found = self.first(connection, values)
        return found[0] if found else None

    def _cursor(self, connection: Connection, values: Values | Sequence[Values]) -> Any:
        sql = self._locking if connection.dialect.name == "postgresql" else self.text
        raw = connection.connection
        cursor = raw.cursor()
        try:
            if isinstance(values, Mapping):
                cursor.execute(sql, values)
            else:
                cursor.executemany(sql, values)
        except connection.dialect.loaded_dbapi.Error as error:
            raise _named(connection, raw.driver_connection, cursor, error) from error
        return cursor


@cache
def setting(table: str, key: str, names: tuple[str, ...]) -> Statement:
    """Return the statement that sets columns of the rows whose `key` is :the. All names are a program's own."""
    changes = ", ".join(f"{name} = :{name}" for name in names)
    return Statement(f"UPDATE {table} SET {changes} WHERE {key} = :the")  # noqa: S608 - no value is put into it


def _named(connection: Connection, driver: Any, cursor: Any, error: Exception) -> DBAPIError:
    """Return an error as SQLAlchemy would raise it, and let it know of a lost connection."""
    lost = connection.dialect.is_disconnect(error, driver, cursor)  # type: ignore[arg-type]  # the driver's own Error
    if lost:
        connection.invalidate(error)
    return DBAPIError(None, None, error, hide_parameters=True, connection_invalidated=lost)
