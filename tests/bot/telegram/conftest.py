"""Fixtures: the strict server, which must not see a violation, and databases with the tables made."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from bot.botapi_server import BotApiServer
from tests.databases import postgres_journal, postgresql_journal_url, sqlite_journal_url
from tests.postgres import postgres_server

__all__ = ["postgres_journal", "postgres_server", "postgresql_journal_url", "sqlite_journal_url"]


@pytest.fixture(scope="module", autouse=True)
def servers() -> Iterator[list[BotApiServer]]:
    """Every strict server that a module makes, however it makes it."""
    made: list[BotApiServer] = []
    begin = BotApiServer.__init__

    def begun(self: BotApiServer, **options: Any) -> None:
        begin(self, **options)
        made.append(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BotApiServer, "__init__", begun)
        yield made


def broken(servers: list[BotApiServer]) -> list[str]:
    """What breaks the Bot API in the calls that servers have got."""
    return [str(violation) for one in servers for violation in one.violations]


@pytest.fixture(autouse=True)
def _nothing_breaks_the_bot_api(servers: list[BotApiServer]) -> Iterator[None]:
    """Whatever a test is about: one call that is not as the Bot API wants it makes it fail."""
    yield
    assert broken(servers) == []


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
