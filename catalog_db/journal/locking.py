"""Statements that lock the rows they read where the database has row locks; SQLite has one writer and needs none."""

from __future__ import annotations

from sqlalchemy import Connection, TextClause, text


class Locking:
    """One statement in two forms."""

    def __init__(self, statement: str, lock: str) -> None:
        self._plain = text(statement)
        self._locking = text(statement + lock)

    def on(self, connection: Connection) -> TextClause:
        """Return the form for a connection."""
        return self._locking if connection.dialect.name == "postgresql" else self._plain
