"""Databases with the tables made, copied for each test: making them anew takes half a second each time."""

from __future__ import annotations

import atexit
import shutil
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import mkdtemp

import pytest

from catalog_db.database import open_database

_numbers = count(1)


@cache
def empty_file() -> Path:
    """Return an SQLite file with empty tables, made once for a process."""
    folder = Path(mkdtemp(prefix="lvxuan-empty-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    open_database(f"sqlite:///{folder / 'empty.db'}").close()
    return folder / "empty.db"


def sqlite_at(file: Path) -> str:
    """Return the URL of a file, which gets empty tables where there is none yet."""
    if not file.exists():
        shutil.copy(empty_file(), file)
    return f"sqlite:///{file.as_posix()}"


@pytest.fixture
def sqlite_journal_url(tmp_path: Path) -> str:
    """An SQLite database of one's own."""
    return sqlite_at(tmp_path / "lvxuan.db")


@pytest.fixture(scope="session")
def postgres_journal(postgres_server: str) -> str:
    """The name of a PostgreSQL database with empty tables, to be copied."""
    _run(postgres_server, "CREATE DATABASE journal_empty")
    open_database(_url(postgres_server, "journal_empty")).close()
    return "journal_empty"


@pytest.fixture
def postgresql_journal_url(postgres_server: str, postgres_journal: str) -> str:
    """A PostgreSQL database of one's own."""
    name = f"journal{next(_numbers)}"
    _run(postgres_server, f"CREATE DATABASE {name} TEMPLATE {postgres_journal}")
    return _url(postgres_server, name)


def _run(server: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(host=server, user="lvxuan", dbname="postgres", autocommit=True) as connection:
        connection.execute(statement.encode())


def _url(server: str, name: str) -> str:
    return f"postgresql+psycopg://lvxuan@/{name}?host={server}"
