"""The ledger of an ambassador's points: one line for each event, never changed, each with its reason; the balance is their sum.

A line adds `delta` to the balance and says what came of `worth` points: pending (nothing yet), counted, refused (with the reason), reversed
(takes back what another line counted), appeal (the ambassador asks to look at a line again), upheld (the appeal changes nothing). What became of
a pending line is a later line `about` it. A line names no person: `event` names a touch (an opaque number, `journal.touches`)
and is unique, so that nothing counts twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Literal

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    Index,
    Integer,
    LargeBinary,
    RowMapping,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects import sqlite

from catalog_db.journal.books import Books
from catalog_db.journal.locking import Locking
from catalog_db.journal.point_rules import Rules
from catalog_db.journal.tables import metadata

State = Literal["pending", "counted", "refused", "reversed", "appeal", "upheld"]
KINDS = ("opened", "question", "list", "solved")

_CHINA = timezone(timedelta(hours=8))
_SERIAL = BigInteger().with_variant(sqlite.INTEGER(), "sqlite")

points = Table(
    "journal_points",
    metadata,
    Column("id", _SERIAL, primary_key=True),
    Column("bot", BigInteger, nullable=False),
    Column("ambassador", LargeBinary, nullable=False),
    Column("event", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("worth", Integer, nullable=False),
    Column("delta", Integer, nullable=False),
    Column("reason", Text, nullable=False),  # the name of a sentence
    Column("about", BigInteger),  # the line that this one is about
    Column("day", Text, nullable=False),  # of the event, Asia/Shanghai
    Column("at", Double, nullable=False),
    UniqueConstraint("ambassador", "event"),
    sqlite_autoincrement=True,
)
Index("ix_journal_points_about", points.c.about)


@dataclass(frozen=True, slots=True)
class Line:
    """A line; see the module."""

    id: int
    ambassador: bytes
    event: str
    kind: str
    state: State
    worth: int
    delta: int
    reason: str
    about: int | None
    day: str
    at: float


_COLUMNS = "id, ambassador, event, kind, state, worth, delta, reason, about, day, at"
_LOCK = Locking("SELECT key FROM journal_ambassadors WHERE key = :key", " FOR UPDATE")
_ADD = text(
    "INSERT INTO journal_points (bot, ambassador, event, kind, state, worth, delta, reason, about, day, at)"
    " VALUES (:bot, :ambassador, :event, :kind, :state, :worth, :delta, :reason, :about, :day, :at)"
    " ON CONFLICT (ambassador, event) DO NOTHING"
)
_DUE = text(
    f"SELECT {_COLUMNS} FROM journal_points AS line WHERE bot = :bot AND state = 'pending' AND at <= :before"  # noqa: S608 - our own names
    " AND NOT EXISTS (SELECT 1 FROM journal_points AS later WHERE later.about = line.id AND later.state <> 'appeal')"
    " ORDER BY id LIMIT :most"
)


def note(books: Books, rules: Rules, ambassador: bytes, event: str, kind: str, refused: str = "") -> bool:
    """Write that something happened: pending, or refused with the reason. Return False when it is written already."""
    state: State = "refused" if refused else "pending"
    reason = f"points.refused.{refused}" if refused else f"points.pending.{kind}"
    return _add(books, ambassador, event, kind, state, rules.worth(kind), 0, reason, None, day_of(books.now))


def settle(books: Books, rules: Rules, most: int = 200) -> int:
    """Count what has been pending long enough, up to the most a day; return how many lines were written."""
    before = books.now - rules.hold_hours * 3600
    rows = books.connection.execute(_DUE, {"bot": books.bot, "before": before, "most": most}).mappings().all()
    return sum(_settle(books, rules, _read(row)) for row in rows)


def _settle(books: Books, rules: Rules, line: Line) -> bool:
    lock(books, line.ambassador)
    counted = books.connection.execute(
        text("SELECT COALESCE(SUM(delta), 0) FROM journal_points WHERE ambassador = :who AND day = :day"),
        {"who": line.ambassador, "day": line.day},
    ).scalar_one()
    fits = counted + line.worth <= rules.most_a_day
    state: State = "counted" if fits else "refused"
    reason = f"points.counted.{line.kind}" if fits else "points.refused.cap"
    delta = line.worth if fits else 0
    return _add(
        books, line.ambassador, f"settled:{line.id}", line.kind, state, line.worth, delta, reason, line.id, line.day
    )


def reverse(books: Books, line_id: int, reason: str = "points.reversed.operator") -> bool:
    """Take back what a line counted, or strike one that is pending. Return False when there is nothing (left) to take back."""
    line = find(books, line_id)
    if line is None or line.state not in ("counted", "pending"):
        return False
    lock(books, line.ambassador)
    if line.state == "pending":
        if _later(books, line.id):
            return False
        return _add(
            books, line.ambassador, f"settled:{line.id}", line.kind, "refused", line.worth, 0, reason, line.id, line.day
        )
    return _add(
        books,
        line.ambassador,
        f"reversed:{line.id}",
        line.kind,
        "reversed",
        line.worth,
        -line.delta,
        reason,
        line.id,
        line.day,
    )


def appeal(books: Books, ambassador: bytes, line_id: int) -> bool:
    """Ask the operators to look at a line again, once."""
    line = find(books, line_id)
    if line is None or line.ambassador != ambassador or line.state not in ("refused", "reversed"):
        return False
    return _add(
        books, ambassador, f"appeal:{line.id}", line.kind, "appeal", line.worth, 0, "points.appeal", line.id, line.day
    )


def answer(books: Books, line_id: int, *, grant: bool) -> bool:
    """Decide an appeal: count what was refused, or leave it so. Return False when nobody appealed, or it is decided."""
    appealed = find(books, line_id)
    if appealed is None or appealed.state != "appeal":
        return False
    lock(books, appealed.ambassador)
    state: State = "counted" if grant else "upheld"
    reason = "points.counted.appeal" if grant else "points.upheld"
    delta = appealed.worth if grant else 0
    event = f"answer:{appealed.id}"
    return _add(
        books,
        appealed.ambassador,
        event,
        appealed.kind,
        state,
        appealed.worth,
        delta,
        reason,
        appealed.id,
        appealed.day,
    )


def balance(books: Books, ambassador: bytes) -> int:
    """Return the sum of all lines."""
    total = books.connection.execute(
        text("SELECT COALESCE(SUM(delta), 0) FROM journal_points WHERE ambassador = :who"), {"who": ambassador}
    )
    return int(total.scalar_one())


def lines(books: Books, ambassador: bytes | None = None, most: int = 100_000) -> list[Line]:
    """Return the lines of an ambassador, or of all, the newest first."""
    where = "" if ambassador is None else " AND ambassador = :who"
    rows = books.connection.execute(
        text(f"SELECT {_COLUMNS} FROM journal_points WHERE bot = :bot{where} ORDER BY id DESC LIMIT :most"),  # noqa: S608
        {"bot": books.bot, "who": ambassador, "most": most},
    )
    return [_read(row) for row in rows.mappings().all()]


def find(books: Books, line_id: int) -> Line | None:
    """Return one line."""
    rows = books.connection.execute(
        text(f"SELECT {_COLUMNS} FROM journal_points WHERE id = :id AND bot = :bot"),  # noqa: S608 - our own names
        {"id": line_id, "bot": books.bot},
    )
    row = rows.mappings().first()
    return None if row is None else _read(row)


def forget(books: Books, ambassador: bytes) -> None:
    """Delete the ledger of somebody who wants everything deleted."""
    books.connection.execute(text("DELETE FROM journal_points WHERE ambassador = :who"), {"who": ambassador})


def faults(found: Iterable[Line], rules: Rules) -> list[str]:
    """Recompute a ledger from its lines; return what does not hold, nothing when all does.

    Every delta follows from its line's state; nothing is counted, taken back or decided twice; what is about another line fits
    it; no day counts more than the rules allow, appeals granted apart.
    """
    by_id = {line.id: line for line in sorted(found, key=lambda line: line.id)}
    wrong: list[str] = []
    seen: set[tuple[bytes, str]] = set()
    days: dict[tuple[bytes, str], int] = {}
    for line in by_id.values():
        if (line.ambassador, line.event) in seen:
            wrong.append(f"{line.id}: {line.event} stands twice")
        seen.add((line.ambassador, line.event))
        wrong += _faults(line, by_id.get(line.about) if line.about is not None else None)
        if line.event.startswith(("settled:", "reversed:")):
            place = (line.ambassador, line.day)
            days[place] = days.get(place, 0) + line.delta
            if line.event.startswith("settled:") and days[place] > rules.most_a_day:
                wrong.append(f"{line.id}: more than {rules.most_a_day} on {line.day}")
    return wrong


def _faults(line: Line, about: Line | None) -> Sequence[str]:
    owed = {"counted": line.worth, "reversed": -(about.delta if about else 0)}.get(line.state, 0)
    told: list[str] = []
    if line.delta != owed:
        told.append(f"{line.id}: {line.state} adds {line.delta}, not {owed}")
    if (line.about is not None) != (line.event.split(":")[0] in ("settled", "reversed", "appeal", "answer")):
        told.append(f"{line.id}: {line.event} is about {line.about}")
    if line.about is not None and (about is None or about.ambassador != line.ambassador):
        told.append(f"{line.id}: there is no line {line.about} of the same ambassador")
    return told


def lock(books: Books, ambassador: bytes) -> None:
    """Let nobody else write to a ledger until the transaction ends."""
    books.connection.execute(_LOCK.on(books.connection), {"key": ambassador})


def day_of(now: float) -> str:
    """Return the day in China, 2026-11-22."""
    return datetime.fromtimestamp(now, _CHINA).date().isoformat()


def _later(books: Books, line_id: int) -> bool:
    found = books.connection.execute(
        text("SELECT 1 FROM journal_points WHERE about = :id AND state <> 'appeal'"), {"id": line_id}
    )
    return found.first() is not None


def _add(
    books: Books, ambassador: bytes, event: str, kind: str, state: State, worth: int, delta: int, reason: str,
    about: int | None, day: str,
) -> bool:  # fmt: skip
    row = {
        "bot": books.bot, "ambassador": ambassador, "event": event, "kind": kind, "state": state, "worth": worth,
        "delta": delta, "reason": reason, "about": about, "day": day, "at": books.now,
    }  # fmt: skip
    return books.connection.execute(_ADD, row).rowcount == 1


def _read(row: RowMapping) -> Line:
    return Line(
        row["id"], bytes(row["ambassador"]), row["event"], row["kind"], row["state"], row["worth"], row["delta"],
        row["reason"], row["about"], row["day"], row["at"],
    )  # fmt: skip
