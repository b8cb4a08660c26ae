"""Databases with the tables made, copied for each test: making them anew takes a second each time."""

from __future__ import annotations

import shutil
from itertools import count
from pathlib import Path

import pytest

from catalog_db.database import open_database

_numbers = count(1)


@pytest.fixture(scope="session")
def journal_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with empty tables."""
    path = tmp_path_factory.mktemp("journal") / "empty.db"
    open_database(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def sqlite_journal_url(journal_file: Path, tmp_path: Path) -> str:
    """An SQLite database of one's own."""
    shutil.copy(journal_file, tmp_path / "lvxuan.db")
    return f"sqlite:///{tmp_path / 'lvxuan.db'}"


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
