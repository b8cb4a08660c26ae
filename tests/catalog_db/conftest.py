"""Databases and folders for the tests of the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from catalog_db.database import Database, open_database
from catalog_db.loading import Report, load
from tests.catalog_db.folders import Rows, write_folder
from tests.databases import postgres_journal, postgresql_journal_url, sqlite_at
from tests.postgres import postgres_server, postgres_url

__all__ = ["postgres_journal", "postgres_server", "postgres_url", "postgresql_journal_url"]

TODAY = date(2026, 11, 22)
FILE = "catalogue.db"

LoadFiles = Callable[..., Report]


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Open an empty database, once of each kind."""
    url = sqlite_at(tmp_path / FILE) if request.param == "sqlite" else request.getfixturevalue("postgresql_journal_url")
    opened = open_database(url)
    yield opened
    opened.close()


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    """Open an empty SQLite database: for what has nothing to do with the kind of database."""
    opened = open_database(sqlite_at(tmp_path / FILE))
    yield opened
    opened.close()


@pytest.fixture
def load_files(tmp_path: Path, sqlite: Database) -> LoadFiles:
    """Give a function that writes files as a folder and loads it into the SQLite database."""

    def loads(files: dict[str, Rows], **options: object) -> Report:
        folder = write_folder(tmp_path / "data", files, **options)  # type: ignore[arg-type]
        return load(folder, sqlite, today=TODAY)

    return loads


def sqlite_url(folder: Path) -> str:
    """Name a database file in a folder."""
    return f"sqlite:///{folder / FILE}"
