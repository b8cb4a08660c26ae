"""Journals on both databases, and a person's updates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from bot.channels.telegram.keys import KeyRing, make_keys
from catalog_db.journal.opening import open_journal
from catalog_db.journal.records import Arrival, Claim, Message, Result
from catalog_db.journal.store import Journal
from tests.databases import postgres_journal, postgresql_journal_url, sqlite_journal_url
from tests.postgres import postgres_server

__all__ = ["postgres_journal", "postgres_server", "postgresql_journal_url", "sqlite_journal_url"]

BOT = 700
START = 1_795_000_000.0


class Bench:
    """A database, its key, and the journals opened on it; times are given by hand."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.ring = KeyRing(make_keys())
        self.opened: list[Journal] = []

    def open(self) -> Journal:
        """Open one more instance; SQLite allows only one at a time."""
        journal = open_journal(self.url, self.ring, BOT)
        self.opened.append(journal)
        return journal

    def rows(self, statement: str, **values: Any) -> list[Any]:
        """Look into the database beside the journal."""
        engine = create_engine(self.url)
        try:
            with engine.begin() as connection:
                found = connection.execute(text(statement), values)
                return [tuple(row) for row in found] if found.returns_rows else []
        finally:
            engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    """A database of each kind."""
    made = Bench(request.getfixturevalue(f"{request.param}_journal_url"))
    yield made
    for journal in made.opened:
        journal.close()


@pytest.fixture
def journal(bench: Bench) -> Journal:
    """The journal of one instance."""
    return bench.open()


def said(number: int, chat_id: int = 1, text_: str = "在吗", **options: Any) -> Arrival:
    """An update: somebody says something in a private chat."""
    content = {"update_id": number, "message": {"text": text_, "chat": {"id": chat_id}}}
    return Arrival(number, "message", content, str(chat_id), chat_id, **{"unstops": True, **options})


def reply(chat_id: int = 1, text_: str = "在的", **options: Any) -> Message:
    """An outgoing message."""
    return Message("sendMessage", {"text": text_}, chat_id, **{"kind": "reply", **options})


def handle_all(journal: Journal, now: float, *messages: Message, most: int = 100) -> list[Claim]:
    """Handle whatever is due until nothing is; return the claims in order."""
    handled: list[Claim] = []
    while claims := journal.claim(most, now).result():
        for claim in claims:
            journal.finish(claim, Result("answered", outgoing=messages), now).result()
        handled += claims
    return handled
