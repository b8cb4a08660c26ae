"""Messages to everybody who allowed news: planned once, handed to the sender a few at a time, each person once.

`reached` is the pseudonym of the last person handed over: it moves in the transaction that writes the messages, so that
whatever ends in between, nobody is handed over twice and nobody left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, Double, LargeBinary, Table, Text, text
from sqlalchemy.dialects import sqlite

from catalog_db.journal.books import Books
from catalog_db.journal.permissions import PROFILE, allows
from catalog_db.journal.records import Json
from catalog_db.journal.sealing import Envelopes
from catalog_db.journal.tables import metadata

broadcasts = Table(
    "journal_broadcasts",
    metadata,
    Column("id", BigInteger().with_variant(sqlite.INTEGER(), "sqlite"), primary_key=True),
    Column("bot", BigInteger, nullable=False),
    Column("content", LargeBinary, nullable=False),  # sealed; {"text", "segment", "guide"}
    Column("state", Text, nullable=False),  # planned, done, cancelled
    Column("not_before", Double, nullable=False),
    Column("reached", LargeBinary),  # NULL: nobody yet
    Column("total", BigInteger, nullable=False),  # handed to the sender so far
)

_PLAN = text(
    "INSERT INTO journal_broadcasts (bot, content, state, not_before, total)"
    " VALUES (:bot, :content, 'planned', :not_before, 0) RETURNING id"
)
_ALL = text("SELECT id, content, state, not_before, total FROM journal_broadcasts WHERE bot = :bot ORDER BY id")
_DUE = text(
    "SELECT id, content, reached FROM journal_broadcasts"
    " WHERE bot = :bot AND state = 'planned' AND not_before <= :now ORDER BY id LIMIT 1"
)
_NEXT = text(
    "SELECT journal_readers.key, journal_readers.address, journal_conversations.marks, journal_conversations.session FROM journal_readers"
    " LEFT JOIN journal_conversations ON journal_conversations.key = journal_readers.key"
    " WHERE journal_readers.bot = :bot AND (:first = 1 OR journal_readers.key > :reached)"
    " AND journal_conversations.stopped IS NULL ORDER BY journal_readers.key LIMIT :most"
)
_REACHED = text("UPDATE journal_broadcasts SET reached = :reached, total = total + :sent WHERE id = :id")
_DONE = text("UPDATE journal_broadcasts SET state = 'done' WHERE id = :id")
_CANCEL = text("UPDATE journal_broadcasts SET state = 'cancelled' WHERE id = :id AND bot = :bot AND state = 'planned'")
_DROP = text(
    "UPDATE journal_outgoing SET state = 'failed', reason = 'superseded', content = NULL"
    " WHERE bot = :bot AND remember_as = :name AND state IN ('waiting', 'taken')"
)
_WAITING = text(
    "SELECT COUNT(*) FROM journal_outgoing WHERE bot = :bot AND kind = 'bulk' AND state IN ('waiting', 'taken')"
)
_FATES = text(
    "SELECT state, COUNT(*) AS number FROM journal_outgoing WHERE bot = :bot AND remember_as = :name GROUP BY state"
)
_SENT = text("SELECT COUNT(*) FROM journal_messages WHERE key = :name")


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who allowed news, with the profile (`permissions`)."""

    chat_id: int
    profile: Json


@dataclass(frozen=True, slots=True)
class Due:
    """A part of a broadcast that is to be sent: its text, the guide that it opens or "", who of the next people is meant."""

    number: int
    text: str
    guide: str
    readers: list[Reader]


@dataclass(frozen=True, slots=True)
class Broadcast:
    """A broadcast and how far it is. `total`: handed to the sender; of these `fates`: sent, waiting, failed, unknown."""

    id: int
    text: str
    segment: Json
    state: str
    not_before: float
    total: int
    fates: dict[str, int]


def name_of(number: int) -> str:
    """Return the name that the sender remembers messages of a broadcast by."""
    return f"broadcast.{number}"


def plan(books: Books, said: str, segment: Json, not_before: float, guide: str = "") -> int:
    """Plan a broadcast; return its number. `guide`: what a button under it opens."""
    content = books.seal({"text": said, "segment": segment, "guide": guide}, "broadcast")
    row = {"bot": books.bot, "content": content, "not_before": not_before}
    return int(books.connection.execute(_PLAN, row).scalar_one())


def cancel(books: Books, number: int) -> bool:
    """Send no more of a broadcast; False when it is over. What is under way arrives."""
    found = bool(books.connection.execute(_CANCEL, {"id": number, "bot": books.bot}).rowcount)
    books.connection.execute(_DROP, {"bot": books.bot, "name": name_of(number)})
    return found


def planned(books: Books) -> list[Broadcast]:
    """Return all that is kept, the oldest first."""
    found = []
    for row in books.connection.execute(_ALL, {"bot": books.bot}).all():
        content = books.open(row.content, "broadcast")
        fates = {"sent": int(books.connection.execute(_SENT, {"name": name_of(row.id)}).scalar_one())}
        for fate in books.connection.execute(_FATES, {"bot": books.bot, "name": name_of(row.id)}).all():
            name = fate.state if fate.state in ("failed", "unknown") else "waiting"
            fates[name] = fates.get(name, 0) + int(fate.number)
        found.append(
            Broadcast(row.id, content["text"], content["segment"], row.state, row.not_before, row.total, fates)
        )
    return found


def audience(books: Books, fits: Callable[[Json], bool], step: int = 1000) -> int:
    """Count whom a segment reaches today."""
    reached, count = b"", 0
    while rows := _readers(books, reached, step):
        reached = rows[-1][0]
        count += sum(fits(reader.profile) for _, reader in rows)
    return count


def hand_over(books: Books, most: int, fits: Callable[[Json, Json], bool]) -> Due | None:
    """Take the next people of the broadcast that is due. None: nothing to do.

    `most`: so many messages may wait for the sender. `fits`: segment and profile → whether that person is meant.
    """
    row = books.connection.execute(_DUE, {"bot": books.bot, "now": books.now}).first()
    room = most - int(books.connection.execute(_WAITING, {"bot": books.bot}).scalar_one())
    if row is None or room <= 0:
        return None
    rows = _readers(books, bytes(row.reached or b""), room)
    if not rows:
        books.connection.execute(_DONE, {"id": row.id})
        return None
    content = books.open(row.content, "broadcast")
    meant = [reader for _, reader in rows if fits(content["segment"], reader.profile)]
    books.connection.execute(_REACHED, {"id": row.id, "reached": rows[-1][0], "sent": len(meant)})
    return Due(int(row.id), content["text"], content.get("guide", ""), meant)


def _readers(books: Books, reached: bytes, most: int) -> list[tuple[bytes, Reader]]:
    values = {"bot": books.bot, "reached": reached, "first": int(not reached), "most": most}
    found = []
    for row in books.connection.execute(_NEXT, values).all():
        marks = {} if row.marks is None else books.open(row.marks, "marks")
        session = {} if row.session is None else Envelopes(books.sealer, books.bot).open(bytes(row.session), "session")
        chat_id = int(books.sealer.open(bytes(row.address), "address"))
        found.append((bytes(row.key), Reader(chat_id, _known(dict(marks.get(PROFILE) or {}), session))))
    return found


def _known(profile: Json, session: Json) -> Json:
    """Return a profile with what the person lets us know: the county, the kinds of goods looked for last."""
    found = dict(profile)
    if allows(profile, "location") and session.get("place"):
        found["place"] = session["place"]
    if allows(profile, "memory"):
        found["interests"] = ((session.get("topic") or {}).get("constraints") or {}).get("categories", ())
    return found
