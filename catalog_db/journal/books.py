"""The books: whatever a channel keeps beside updates and messages (tickets, lists, points, consents, alerts), in the journal's own database.

A part of the channel decides inside the transaction that commits an update (`Result.within`), so that what it reads still holds
when it writes; what only looks reads beside the writer (`Journal.reading`). The tables of a part lie in a module of their own,
whose functions take a `Books`; what is personal in them is sealed here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from catalog_db.journal.records import Json, Sealer
from catalog_db.journal.statements import Statement

_MARKS = Statement("SELECT marks FROM journal_conversations WHERE key = :key", " FOR UPDATE")
_SET_MARKS = Statement(
    "INSERT INTO journal_conversations (key, bot, chat, address, marks) VALUES (:key, :bot, :key, :address, :marks)"
    " ON CONFLICT (key) DO UPDATE SET marks = excluded.marks"
)


@dataclass(frozen=True, slots=True)
class Books:
    """The books of one bot within one transaction. `now`: seconds since 1970."""

    connection: Connection
    bot: int
    now: float
    sealer: Sealer

    def key(self, chat_id: int) -> bytes:
        """Return the pseudonym of a chat or person: what tables name them by. 16 bytes."""
        return self.sealer.pseudonym(f"{self.bot}:{chat_id}")

    def seal(self, value: Any, purpose: str) -> bytes:
        """Seal JSON values; only the same purpose opens them again."""
        said = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return self.sealer.seal(said.encode("utf-8", "surrogatepass"), purpose)

    def open(self, sealed: bytes, purpose: str) -> Any:
        """Open what `seal` sealed. Raises ValueError when the key does not fit."""
        return json.loads(self.sealer.open(bytes(sealed), purpose).decode("utf-8", "surrogatepass"))

    def marks(self, chat_id: int) -> Json:
        """Return what the parts have marked a chat with: name → JSON value."""
        found = _MARKS.value(self.connection, {"key": self.key(chat_id)})
        return {} if found is None else dict(self.open(bytes(found), "marks"))

    def mark(self, chat_id: int, name: str, value: Any) -> None:
        """Mark a chat: every update of it is handled with the mark at hand (`ConversationState.marks`). None takes it away.

        A mark is set by whoever decides (a person of the staff, a chore), also while the chat's own update is being handled:
        such an update still sees the old one; what must not be mistaken asks `marks` again within the transaction.
        """
        marks = self.marks(chat_id)
        if value is None:
            marks.pop(name, None)
        else:
            marks[name] = value
        row = {
            "key": self.key(chat_id), "bot": self.bot, "marks": self.seal(marks, "marks"),
            "address": self.sealer.seal(str(chat_id).encode(), "address"),
        }  # fmt: skip
        _SET_MARKS.run(self.connection, row)


def read_marks(sealed: bytes | None, sealer: Sealer) -> Mapping[str, Any]:
    """Open the marks of a claimed conversation. Raises ValueError when the key does not fit."""
    if sealed is None:
        return {}
    opened: Json = json.loads(sealer.open(bytes(sealed), "marks").decode("utf-8", "surrogatepass"))
    return opened
