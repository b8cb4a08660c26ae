"""Fixtures: the strict server, which must not see a violation, and databases with the tables made."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.botapi_server import BotApiServer
from tests.bot.telegram.databases import journal_file, postgres_journal, postgresql_journal_url, sqlite_journal_url
from tests.postgres import postgres_server

__all__ = ["journal_file", "postgres_journal", "postgres_server", "postgresql_journal_url", "sqlite_journal_url"]


@pytest.fixture
async def server() -> AsyncIterator[BotApiServer]:
    """A strict server on the real clock."""
    async with BotApiServer() as running:
        yield running
    assert running.violations == []


@pytest.fixture(params=["sqlite", "postgresql"])
def journal_url(request: pytest.FixtureRequest) -> str:
    """A database of each kind."""
    return str(request.getfixturevalue(f"{request.param}_journal_url"))
