"""Outgoing messages: waiting → taken by the sender → sending → gone, or given up as failed or unknown.

A message is marked before it is sent. Of one that stands at `sending` when its sender ends, `flights` may know that it never left or
that it arrived. Otherwise nobody knows: a critical one is repeated once unless a report of it is wanted, another is recorded as
unknown. Each function is an operation of the `Writer`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from catalog_db.journal import chats, reports
from catalog_db.journal.flights import Flights
from catalog_db.journal.instances import holds
from catalog_db.journal.records import SENDER, Roleless, Told
from catalog_db.journal.reports import Ended, Wanted
from catalog_db.journal.statements import Row, Statement

_ADD = Statement(
    "INSERT INTO journal_outgoing (bot, chat, kind, content, critical, replaces, remember_as, state, attempts, repeats,"
    " reason, stored_at, not_before, expires_at, report, tag) VALUES (:bot, :chat, :kind, :content, :critical, :replaces,"
    " :remember_as, :state, 0, 0, :reason, :now, :now, :expires_at, :report, :tag)"
)
# One that comes to its end at once, or while nobody sends, reports it too.
_ADD_ONE = Statement(_ADD.text + " RETURNING id")
_LEFT = Statement(
    "SELECT id, stored_at, report, tag FROM journal_outgoing WHERE bot = :bot AND state = 'sending' AND report IS NOT NULL"
    " ORDER BY id"
)
_SENDING = Statement(
    "SELECT id, stored_at, chat, remember_as, report FROM journal_outgoing WHERE bot = :bot AND state = 'sending'"
)
_TAKE = Statement("""
UPDATE journal_outgoing SET state = 'taken' WHERE id IN (
    SELECT id FROM journal_outgoing
    WHERE bot = :bot AND state = 'waiting' AND (kind = 'bulk') = (:bulk = 1) ORDER BY id LIMIT :most)
RETURNING id, chat, kind, content, critical, replaces, remember_as, attempts, repeats, stored_at, not_before, expires_at,
    report, tag
""")
_MARK = Statement(
    "UPDATE journal_outgoing SET state = 'sending', attempts = attempts + 1"
    " WHERE id = :id AND state IN ('taken', 'sending')"  # 'sending' when nobody told that the first mark was committed
)
_REPLACED = Statement("SELECT message FROM journal_messages WHERE chat = :chat AND key = :key")
_TAKEN = Statement("SELECT id FROM journal_outgoing WHERE bot = :bot AND state IN ('taken', 'sending')")
_RETURN = Statement("UPDATE journal_outgoing SET state = 'waiting' WHERE id = :id")
_SENT = Statement("DELETE FROM journal_outgoing WHERE id = :id")
_REMEMBER = Statement(
    "INSERT INTO journal_messages (chat, key, message, sent_at) VALUES (:chat, :key, :message, :now)"
    " ON CONFLICT (chat, key) DO UPDATE SET message = excluded.message, sent_at = excluded.sent_at"
)
_AGAIN = Statement(
    "UPDATE journal_outgoing SET state = 'taken', not_before = :not_before, repeats = :repeats, reason = :reason WHERE id = :id"
)
_GIVE_UP = Statement("UPDATE journal_outgoing SET state = :state, reason = :reason, content = NULL WHERE id = :id")
_SUPERSEDE = Statement(
    "UPDATE journal_outgoing SET state = 'failed', reason = 'superseded', content = NULL"
    " WHERE chat = :chat AND remember_as = :key AND state IN ('waiting', 'taken')"
)
_ADOPT = (
    Statement("UPDATE journal_outgoing SET state = 'waiting' WHERE bot = :bot AND state = 'taken'"),
    Statement(
        "UPDATE journal_outgoing SET state = 'waiting', repeats = repeats + 1, reason = 'sender ended'"
        " WHERE bot = :bot AND state = 'sending' AND critical AND repeats = 0 AND report IS NULL"
    ),
    Statement(
        "UPDATE journal_outgoing SET state = 'unknown', reason = 'sender ended', content = NULL"
        " WHERE bot = :bot AND state = 'sending'"
    ),
)


@dataclass(frozen=True, slots=True)
class Sealed(Told):
    """A message, sealed and under its pseudonym."""

    chat: bytes | None
    kind: str
    content: bytes
    critical: bool
    replaces: str | None
    remember_as: str | None
    expires_at: float | None
    report: Wanted | None = None


def wanted_of(row: Row) -> Wanted | None:
    """Return where the report of a row goes."""
    return None if row["report"] is None else Wanted(bytes(row["report"]), row["tag"])


def add(
    connection: Connection,
    bot: int,
    messages: Sequence[Sealed],
    now: float,
    known: Mapping[bytes, str | None] | None = None,
) -> int:
    """Let messages be sent; what goes to a stopped chat is recorded as failed. Returns how many will be sent.

    `known`: chats of which it is known already why they are stopped, or that they are not.
    """
    stopped: dict[bytes, str | None] = dict(known or {})
    rows = []
    for message in messages:
        if message.chat is not None and message.chat not in stopped:
            stopped[message.chat] = chats.why_stopped(connection, message.chat)
        reason = stopped[message.chat] if message.chat is not None else None
        rows.append({
            "bot": bot, "chat": message.chat, "kind": message.kind, "content": None if reason else message.content,
            "critical": message.critical, "replaces": message.replaces, "remember_as": message.remember_as,
            "state": "failed" if reason else "waiting", "reason": reason, "now": now, "expires_at": message.expires_at,
            "report": message.report.conversation if message.report else None,
            "tag": message.report.tag if message.report else None,
        })  # fmt: skip
        if reason and message.report:
            number = _ADD_ONE.value(connection, rows.pop())
            reports.tell(connection, bot, [Ended(number, now, message.report)], "failed", now, reason)
    _ADD.run_each(connection, rows)
    return sum(row["state"] == "waiting" for row in rows)


def take(connection: Connection, bot: int, instance: str, most: int, *, bulk: bool) -> list[Row]:
    """Take waiting messages, oldest first: bulk, or everything else. Raises Roleless."""
    if not holds(connection, bot, SENDER, instance):
        raise Roleless
    rows = _TAKE.rows(connection, {"bot": bot, "most": most, "bulk": int(bulk)})
    return sorted(rows, key=lambda row: int(row["id"]))


def mark(
    connection: Connection, bot: int, instance: str, letters: Sequence[tuple[int, bytes | None, str | None]]
) -> dict[int, int | None]:
    """Mark messages (id, chat, name of the replaced one) as being sent.

    Returns id → platform number of the replaced message; without those that were given up meanwhile. Raises Roleless.
    """
    if not holds(connection, bot, SENDER, instance):
        raise Roleless
    return mark_taken(connection, letters)


def mark_taken(
    connection: Connection, letters: Sequence[tuple[int, bytes | None, str | None]]
) -> dict[int, int | None]:
    """Do as `mark` does, in a transaction in which the role is known to be ours."""
    marked: dict[int, int | None] = {}
    for number, chat, replaces in letters:
        if _MARK.run(connection, {"id": number}):
            marked[number] = None
            if replaces is not None and chat is not None:
                marked[number] = _REPLACED.value(connection, {"chat": chat, "key": replaces})
    return marked


def sent(
    connection: Connection, bot: int, ended: Ended | None, number: int, chat: bytes | None, remember_as: str | None,
    result: Any, message: int | None, now: float,
) -> None:  # fmt: skip
    """Record that a message is sent: nothing stays of it but its platform number where that is needed, and its report."""
    gone = _SENT.run(connection, {"id": number})
    if gone and ended is not None:
        reports.tell(connection, bot, [ended], "sent", now, result=result)
    if gone and remember_as is not None and chat is not None and message is not None:
        _REMEMBER.run(connection, {"chat": chat, "key": remember_as, "message": message, "now": now})


def again(connection: Connection, number: int, not_before: float, repeats: int, reason: str) -> None:
    """Keep a message for another attempt."""
    _AGAIN.run(connection, {"id": number, "not_before": not_before, "repeats": repeats, "reason": reason})


def give_up(
    connection: Connection, bot: int, ended: Ended | None, number: int, state: str, reason: str, now: float
) -> None:  # fmt: skip
    """Record that a message has failed, or that nobody knows (`unknown`)."""
    _GIVE_UP.run(connection, {"id": number, "state": state, "reason": reason})
    if ended is not None:
        reports.tell(connection, bot, [ended], state, now, reason)


def supersede(connection: Connection, chat: bytes, keys: Sequence[str]) -> None:
    """Drop messages that have not left yet."""
    for key in keys:
        _SUPERSEDE.run(connection, {"chat": chat, "key": key})


def return_others(connection: Connection, bot: int, known: Collection[int]) -> int:
    """Let messages wait again that were taken, but which the sender does not know of; return how many.

    When the connection breaks during a commit, nobody has told the sender what it got: what was marked with it was not sent.
    """
    taken = [row["id"] for row in _TAKEN.rows(connection, {"bot": bot})]
    unknown = [{"id": number} for number in taken if number not in known]
    _RETURN.run_each(connection, unknown)
    return len(unknown)


def adopt(connection: Connection, bot: int, now: float, flights: Flights) -> None:
    """Take over from a sender that has ended.

    What never left waits again, what arrived is sent. Of the rest, what is critical is repeated once; where somebody wants to know
    what became of it, they are told that nobody knows, and decide.
    """
    for row in _SENDING.rows(connection, {"bot": bot}):
        _settle(connection, bot, row, flights, now)
    left = _LEFT.rows(connection, {"bot": bot})
    ended = [Ended(row["id"], row["stored_at"], Wanted(bytes(row["report"]), row["tag"])) for row in left]
    reports.tell(connection, bot, ended, "unknown", now, "sender ended")
    for statement in _ADOPT:
        statement.run(connection, {"bot": bot})


def _settle(connection: Connection, bot: int, row: Row, flights: Flights, now: float) -> None:
    """Bring a message to its end, or back, whose call an earlier sender noted; leave it where nobody saw an answer."""
    flight = flights.of((row["id"], row["stored_at"]))
    never = flights.complete if flight is None else flight.stage == "refused"
    if never:
        _RETURN.run(connection, {"id": row["id"]})
    elif flight is not None and flight.stage == "landed" and row["report"] is None:
        chat = bytes(row["chat"]) if row["chat"] is not None else None
        sent(connection, bot, None, row["id"], chat, row["remember_as"], None, flight.number, now)
