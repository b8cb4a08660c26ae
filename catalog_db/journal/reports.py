"""Reports: what became of a message comes back as an update of a named conversation, in the transaction that records it.

So whoever lets a message go may build on its outcome (the number of a topic, a person who blocks us) and nothing is lost when a
process ends in between. A report is plain JSON without anything personal: the tag its sender gave it, the state, the reason, the
numbers in the result.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from catalog_db.journal.statements import Statement

_STORE = Statement(
    "INSERT INTO journal_updates (bot, number, position, conversation, kind, report, attempts, stored_at)"
    " VALUES (:bot, :number, :position, :conversation, 'report', :report, 0, :now) ON CONFLICT (bot, number) DO NOTHING"
)
_DUE = Statement(
    "INSERT INTO journal_conversations (key, bot, due_at) VALUES (:conversation, :bot, :now)"
    " ON CONFLICT (key) DO UPDATE SET due_at ="
    " CASE WHEN journal_conversations.due_at < :now THEN journal_conversations.due_at ELSE excluded.due_at END"
)
_NUMBERS = ("message_id", "message_thread_id")
_MOST = 1 << 61


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where a message's report goes: the pseudonym of a conversation, and what its sender knows it by (nothing personal)."""

    conversation: bytes
    tag: str


@dataclass(frozen=True, slots=True)
class Ended:
    """A message that has come to its end. `number`, `stored_at`: of its row; they make the report the same when told twice."""

    number: int
    stored_at: float
    wanted: Wanted


def numbers_of(result: Any) -> Any:
    """Return of a call's result what a report may carry: numbers of messages and topics."""
    if isinstance(result, dict):
        return {name: result[name] for name in _NUMBERS if isinstance(result.get(name), int)}
    return [numbers_of(item) for item in result] if isinstance(result, list) else None


def tell(
    connection: Connection,
    bot: int,
    ended: Sequence[Ended],
    state: str,
    now: float,
    reason: str = "",
    result: Any = None,
) -> None:
    """Store the reports of messages. `state`: sent, failed, unknown. `now`: seconds since 1970."""
    for one in ended:
        said = {"tag": one.wanted.tag, "state": state, "reason": reason, "result": numbers_of(result)}
        name = hashlib.blake2b(f"{one.number} {one.stored_at!r} {one.wanted.tag}".encode(), digest_size=8).digest()
        row = {
            "bot": bot, "number": -1 - int.from_bytes(name, "big") % _MOST, "position": int(now * 1e6),
            "conversation": one.wanted.conversation, "report": json.dumps({"report": said}), "now": now,
        }  # fmt: skip
        if _STORE.run(connection, row):
            _DUE.run(connection, {"conversation": one.wanted.conversation, "bot": bot, "now": now})
