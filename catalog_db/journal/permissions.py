"""What a person has allowed us, and what we watch for whom. Pseudonyms and sealed content only.

What is allowed and remembered of a household lies in the mark `profile` of the chat, so that every update sees it:
{"consents": {purpose: since}, "neutral": bool, "place": adcode, "county": adcode, "area": m², "budget": CNY, "locale": …}.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Column, Double, Index, LargeBinary, Table, Text, text
from sqlalchemy.dialects import sqlite

from catalog_db.journal import desk_telling
from catalog_db.journal.books import Books
from catalog_db.journal.records import Json
from catalog_db.journal.tables import metadata

PURPOSES = ("location", "memory", "alerts", "corrections", "news", "ambassador", "neighbours")
PROFILE = "profile"  # the mark
UNLINKED = "unlinked"  # of a profile: nobody is to count as having helped this person
MOST_WATCHES = 30  # of one person

readers = Table(
    "journal_readers",
    metadata,
    Column("key", LargeBinary, primary_key=True),
    Column("bot", BigInteger, nullable=False),
    Column("address", LargeBinary, nullable=False),  # sealed
)
watches = Table(
    "journal_watches",
    metadata,
    Column("id", BigInteger().with_variant(sqlite.INTEGER(), "sqlite"), primary_key=True),
    Column("bot", BigInteger, nullable=False),
    Column("person", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False),  # sealed; {"chat", "kind", "target", "told", "locale"}
    Column("seen", Text, nullable=False),  # the state of the catalogue and the day that it was held against
    Column("due_at", Double),  # when to look although nothing has changed
)
Index("ix_journal_watches_person", watches.c.person)

_READS = text(
    "INSERT INTO journal_readers (key, bot, address) VALUES (:key, :bot, :address) ON CONFLICT (key) DO NOTHING"
)
_READS_NOT = text("DELETE FROM journal_readers WHERE key = :key")
_WATCH = text(
    "INSERT INTO journal_watches (bot, person, content, seen, due_at) VALUES (:bot, :person, :content, :seen, :due_at)"
)
_OF_PERSON = text("SELECT id, content FROM journal_watches WHERE person = :person ORDER BY id")
_DUE = text(
    "SELECT id, content FROM journal_watches WHERE bot = :bot AND (seen <> :seen OR due_at <= :now) ORDER BY id LIMIT :most"
)
_SEEN = text("UPDATE journal_watches SET content = :content, seen = :seen, due_at = :due_at WHERE id = :id")
_UNWATCH = text("DELETE FROM journal_watches WHERE id = :id AND person = :person")
_UNWATCH_ALL = text("DELETE FROM journal_watches WHERE person = :person")


@dataclass(frozen=True, slots=True)
class Watch:
    """Something watched for a person. `told`: what the person knows, JSON values."""

    id: int
    chat_id: int
    kind: str
    target: str
    told: Any
    locale: str


def profile(books: Books, chat_id: int) -> Json:
    """Return what a person has allowed and what is remembered by that."""
    return dict(books.marks(chat_id).get(PROFILE) or {})


def allows(given: Json, purpose: str) -> bool:
    """Tell whether a profile allows a purpose."""
    return purpose in given.get("consents", {})


def keep(books: Books, chat_id: int, given: Json) -> None:
    """Keep a profile."""
    books.mark(chat_id, PROFILE, given or None)


def allow(books: Books, chat_id: int, purpose: str, locale: str, *, given: bool) -> Json:
    """Give or take back one permission; what was kept by it goes with it. Returns the profile."""
    kept = profile(books, chat_id)
    consents = dict(kept.get("consents", {}))
    consents.pop(purpose, None)
    if given:
        consents[purpose] = books.now
    kept |= {"consents": consents, "locale": locale}
    if purpose == "ambassador":  # who was led here counts by itself, so that a refusal must be kept
        kept[UNLINKED] = not given
    for name in () if given else _KEPT_BY.get(purpose, ()):
        kept.pop(name, None)
    keep(books, chat_id, kept)
    key = {"key": books.key(chat_id)}
    if purpose == "news" and given:
        address = books.sealer.seal(str(chat_id).encode(), "address")
        books.connection.execute(_READS, {**key, "bot": books.bot, "address": address})
    elif purpose == "news":
        books.connection.execute(_READS_NOT, key)
    elif purpose == "alerts" and not given:
        books.connection.execute(_UNWATCH_ALL, {"person": books.key(chat_id)})
    elif purpose == "corrections" and not given:
        desk_telling.forget_given(books, chat_id)
    return kept


_KEPT_BY = {"location": ("place",), "memory": ("area", "budget", "interests"), "neighbours": ("county",)}


def watch(books: Books, chat_id: int, kind: str, target: str, told: Any, locale: str, due_at: float | None) -> str:
    """Watch something; returns "new", "known" or "full"."""
    own = list(watched(books, chat_id))
    if any((one.kind, one.target) == (kind, target) for one in own):
        return "known"
    if len(own) >= MOST_WATCHES:
        return "full"
    content = {"chat": chat_id, "kind": kind, "target": target, "told": told, "locale": locale}
    row = {"bot": books.bot, "person": books.key(chat_id), "seen": "", "due_at": due_at}
    books.connection.execute(_WATCH, {**row, "content": books.seal(content, "watch")})
    return "new"


def watched(books: Books, chat_id: int) -> Iterator[Watch]:
    """Yield what is watched for a person, the oldest first."""
    for row in books.connection.execute(_OF_PERSON, {"person": books.key(chat_id)}).all():
        yield _opened(books, row.id, row.content)


def due(books: Books, seen: str, most: int) -> list[Watch]:
    """Return watches that were not held against this state yet, or whose time has come."""
    rows = books.connection.execute(_DUE, {"bot": books.bot, "seen": seen, "now": books.now, "most": most}).all()
    return [_opened(books, row.id, row.content) for row in rows]


def looked(books: Books, one: Watch, told: Any, seen: str, due_at: float | None) -> None:
    """Keep what a person knows now."""
    content = {"chat": one.chat_id, "kind": one.kind, "target": one.target, "told": told, "locale": one.locale}
    books.connection.execute(
        _SEEN, {"id": one.id, "content": books.seal(content, "watch"), "seen": seen, "due_at": due_at}
    )


def unwatch(books: Books, chat_id: int, number: int) -> bool:
    """Watch something no more; tells whether it was watched for this person."""
    return bool(books.connection.execute(_UNWATCH, {"id": number, "person": books.key(chat_id)}).rowcount)


def forget(books: Books, chat_id: int) -> None:
    """Delete what lies here of a person; the marks go with the chat."""
    books.connection.execute(_UNWATCH_ALL, {"person": books.key(chat_id)})
    books.connection.execute(_READS_NOT, {"key": books.key(chat_id)})


def _opened(books: Books, number: int, sealed: bytes) -> Watch:
    content = books.open(sealed, "watch")
    return Watch(number, content["chat"], content["kind"], content["target"], content["told"], content["locale"])
