"""What is kept of a person outside the private chat: the talk inside each group, inline queries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import RowMapping, text

from catalog_db.journal.books import Books
from catalog_db.journal.records import Json
from catalog_db.journal.sealing import Envelopes

_COLUMNS = "SELECT name, session, kept FROM journal_conversations"
_OF_PERSON = text(f"{_COLUMNS} WHERE person = :person ORDER BY key")
_NAMED = text(f"{_COLUMNS} WHERE key = :key")


@dataclass(frozen=True, slots=True)
class Aside:
    """A conversation of a person beside the private chat. `name`: -1001234:77, or user:77."""

    name: str
    session: Json | None
    kept: Json


def asides(books: Books, user_id: int) -> Iterator[Aside]:
    """Yield what is kept of a person in groups and inline queries. Raises ValueError when the key does not fit."""
    for row in books.connection.execute(_OF_PERSON, {"person": books.key(user_id)}).mappings():
        yield _opened(books, row)


def aside(books: Books, name: str) -> Aside | None:
    """Return one conversation by its name. Raises ValueError when the key does not fit."""
    key = books.sealer.pseudonym(f"{books.bot}:{name}")
    row = books.connection.execute(_NAMED, {"key": key}).mappings().first()
    return None if row is None else _opened(books, row)


def _opened(books: Books, row: RowMapping) -> Aside:
    letters = Envelopes(books.sealer, books.bot)
    name = "" if row["name"] is None else letters.read_name(row["name"])
    session = None if row["session"] is None else letters.open(row["session"], "session")
    return Aside(name, session, {} if row["kept"] is None else letters.open(row["kept"], "kept"))
