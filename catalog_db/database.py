"""One catalogue database: SQLite by default, PostgreSQL with the extra `pg`. Opening it brings its tables up to date."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from catalog_db import migrations, tables
from catalog_db.errors import DatabaseError

_SIGNS = {  # what the drivers say, and the sentence for it
    "disk is full": "database.full",
    "disk I/O error": "database.full",  # also what SQLite says of a file that may not grow
    "No space left": "database.full",
    "readonly database": "database.readonly",
    "read-only transaction": "database.readonly",
    "unable to open database file": "database.unopened",
    "file is not a database": "database.none",
    "database is locked": "database.busy",
}

BUSY_SECONDS = 30  # how long a writer waits for another one


class Database:
    """A catalogue database that is up to date. Make it with `open_database`; close it when done."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._readers = engine.execution_options(isolation_level="AUTOCOMMIT")

    @property
    def url(self) -> URL:
        """The address, with the driver."""
        return self.engine.url

    @property
    def file(self) -> Path | None:
        """The file of an SQLite database; None for one in memory and for PostgreSQL."""
        if not self._is_sqlite or self.url.database in (None, "", ":memory:"):
            return None
        return Path(str(self.url.database).removeprefix("file:"))

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection to read with: each statement sees the last committed state."""
        with _named(self), self._readers.connect() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Give a connection to read with whose statements all see the same state."""
        isolation = "SERIALIZABLE" if self._is_sqlite else "REPEATABLE READ"
        with self._transaction(isolation_level=isolation) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection inside one transaction that is the only writer; it commits at the end, or not at all."""
        with self._transaction(lvxuan_writes=True) as connection:
            if not self._is_sqlite:
                connection.execute(select(tables.catalogue.c.id).with_for_update())
            yield connection

    @property
    def _is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def _transaction(self, **options: Any) -> Iterator[Connection]:
        with _named(self), self.engine.connect() as plain:
            connection = plain.execution_options(**options)
            with connection.begin():
                yield connection

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def open_database(url: str) -> Database:
    """Open the database at a SQLAlchemy URL, making or upgrading its tables when they are not current.

    Raises DatabaseError when the URL is none, the server or file cannot be opened, or a newer program made the tables.
    """
    database = Database(_engine(url))
    with _named(database):
        found = _revision(database.engine)
    if found != migrations.head():
        with _named(database):
            migrations.upgrade(database.engine, found)
    return database


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.drivername in ("postgresql", "postgres"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.drivername.startswith("sqlite"):
            return _sqlite(parsed)
        return create_engine(parsed, pool_pre_ping=True)
    except (ArgumentError, NoSuchModuleError) as error:
        raise DatabaseError("database.url", url=url) from error
    except ModuleNotFoundError as error:
        raise DatabaseError("database.driver", name=error.name) from error


def _sqlite(url: URL) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, record: object) -> None:
        connection.isolation_level = None  # transactions begin where `_begin` says, not where the driver guesses
        cursor = connection.cursor()
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON", "cache_size = -16000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("isolation_level") != "AUTOCOMMIT":
            try:  # on the driver: SQLAlchemy's own way costs as much as the commit does
                connection.connection.cursor().execute("BEGIN IMMEDIATE" if options.get("lvxuan_writes") else "BEGIN")
            except sqlite3.Error as error:
                raise DBAPIError("BEGIN", None, error) from error

    return engine


def _revision(engine: Engine) -> str | None:
    """Read which migration the tables stand at; None for an empty database."""
    with engine.connect() as connection:
        try:
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        except DBAPIError as error:
            if "alembic_version" in str(error.orig):  # there is no such table: the database is empty
                return None
            raise


@contextmanager
def _named(database: Database) -> Iterator[None]:
    """Turn a driver's error into one that names the database and the driver's words."""
    try:
        yield
    except DBAPIError as error:
        where = database.file or database.url.render_as_string(hide_password=True)
        said = str(error.orig).strip()
        key = next((key for sign, key in _SIGNS.items() if sign in said), "database.failed")
        raise DatabaseError(key, database=where, reason=said) from error
