"""Ambassadors: who asked to become one, who is one, and by which short name a link may call one.

A person is named by a pseudonym; name, village and the number of the chat are sealed. The mark `ambassador` of the chat
carries state and short name, so that every update of it knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import BigInteger, Column, Double, LargeBinary, RowMapping, Table, Text, text

from catalog_db.journal.books import Books
from catalog_db.journal.locking import Locking
from catalog_db.journal.tables import metadata

State = Literal["asked", "approved", "refused", "suspended", "left"]
MARK = "ambassador"
PERSON = "ambassador"  # the purpose of the seal

ambassadors = Table(
    "journal_ambassadors",
    metadata,
    Column("key", LargeBinary, primary_key=True),
    Column("bot", BigInteger, nullable=False),
    Column("ref", Text, nullable=False, unique=True),  # the short name in links
    Column("state", Text, nullable=False),
    Column("address", LargeBinary, nullable=False),  # the number of the chat, sealed
    Column("person", LargeBinary, nullable=False),  # sealed: {"name", "village", …}
    Column("asked_at", Double, nullable=False),
    Column("decided_at", Double),
)

_COLUMNS = "key, ref, state, address, person, asked_at, decided_at"
_BY_KEY = Locking(f"SELECT {_COLUMNS} FROM journal_ambassadors WHERE key = :key", " FOR UPDATE")  # noqa: S608 - our own names
_BY_REF = Locking(
    f"SELECT {_COLUMNS} FROM journal_ambassadors WHERE bot = :bot AND ref = :ref",  # noqa: S608 - our own names
    " FOR UPDATE",
)
_ALL = text(f"SELECT {_COLUMNS} FROM journal_ambassadors WHERE bot = :bot ORDER BY asked_at, ref")  # noqa: S608
_SET = text(
    "INSERT INTO journal_ambassadors (key, bot, ref, state, address, person, asked_at, decided_at)"
    " VALUES (:key, :bot, :ref, :state, :address, :person, :asked_at, :decided_at)"
    " ON CONFLICT (key) DO UPDATE SET state = excluded.state, person = excluded.person, asked_at = excluded.asked_at,"
    " decided_at = excluded.decided_at"
)


@dataclass(frozen=True, slots=True)
class Ambassador:
    """One who asked. `ref`: eight characters that a link carries. `person`: what was told, and own settings; JSON values."""

    key: bytes
    chat_id: int
    ref: str
    state: State
    person: Mapping[str, Any]
    asked_at: float
    decided_at: float | None = None


def find(books: Books, chat_id: int) -> Ambassador | None:
    """Return the ambassador of a private chat."""
    return _one(books, books.connection.execute(_BY_KEY.on(books.connection), {"key": books.key(chat_id)}).mappings())


def find_key(books: Books, key: bytes) -> Ambassador | None:
    """Return an ambassador by pseudonym."""
    return _one(books, books.connection.execute(_BY_KEY.on(books.connection), {"key": key}).mappings())


def find_ref(books: Books, ref: str) -> Ambassador | None:
    """Return the ambassador whom a link names."""
    row = books.connection.execute(_BY_REF.on(books.connection), {"bot": books.bot, "ref": ref})
    return _one(books, row.mappings())


def everybody(books: Books) -> list[Ambassador]:
    """Return all who ever asked and were not forgotten, the first first."""
    return [_read(books, row) for row in books.connection.execute(_ALL, {"bot": books.bot}).mappings().all()]


def ask(books: Books, chat_id: int, ref: str, name: str, village: str) -> Ambassador:
    """Note that somebody wants to be an ambassador; one who is stays one. `ref`: for somebody new."""
    known = find(books, chat_id)
    if known is not None and known.state in ("approved", "suspended"):
        return known
    kept = dict(known.person) if known else {}
    asking = Ambassador(
        books.key(chat_id), chat_id, known.ref if known else ref, "asked",
        kept | {"name": name, "village": village}, books.now,
    )  # fmt: skip
    _keep(books, asking)
    return asking


def decide(books: Books, ambassador: Ambassador, state: State) -> Ambassador:
    """Approve, refuse, suspend, or note that somebody left."""
    decided = Ambassador(
        ambassador.key, ambassador.chat_id, ambassador.ref, state, ambassador.person, ambassador.asked_at, books.now
    )
    _keep(books, decided)
    return decided


def change(books: Books, ambassador: Ambassador, **told: Any) -> Ambassador:
    """Keep something of the person's own: name, village, switches."""
    changed = Ambassador(
        ambassador.key, ambassador.chat_id, ambassador.ref, ambassador.state, {**ambassador.person, **told},
        ambassador.asked_at, ambassador.decided_at,
    )  # fmt: skip
    _keep(books, changed)
    return changed


def forget(books: Books, chat_id: int) -> None:
    """Delete an ambassador."""
    books.connection.execute(text("DELETE FROM journal_ambassadors WHERE key = :key"), {"key": books.key(chat_id)})


def _keep(books: Books, one: Ambassador) -> None:
    row = {
        "key": one.key, "bot": books.bot, "ref": one.ref, "state": one.state, "asked_at": one.asked_at,
        "decided_at": one.decided_at, "address": books.seal(one.chat_id, "address"),
        "person": books.seal(dict(one.person), PERSON),
    }  # fmt: skip
    books.connection.execute(_SET, row)
    books.mark(one.chat_id, MARK, {"state": one.state, "ref": one.ref})


def _one(books: Books, rows: Any) -> Ambassador | None:
    row = rows.first()
    return None if row is None else _read(books, row)


def _read(books: Books, row: RowMapping) -> Ambassador:
    return Ambassador(
        bytes(row["key"]), int(books.open(row["address"], "address")), row["ref"], row["state"],
        books.open(row["person"], PERSON), row["asked_at"], row["decided_at"],
    )  # fmt: skip
