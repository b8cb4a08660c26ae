"""Where may be written: chats that were stopped, that moved, and that want to be forgotten."""

from __future__ import annotations

from sqlalchemy import Connection, text

from catalog_db.journal import reports
from catalog_db.journal.reports import Ended, Wanted
from catalog_db.journal.statements import Statement

_LET = Statement("UPDATE journal_conversations SET stopped = NULL WHERE key = :chat AND stopped IS NOT NULL")
_STOP = text(
    "INSERT INTO journal_conversations (key, bot, chat, address, stopped) VALUES (:chat, :bot, :chat, :address, :reason)"
    " ON CONFLICT (key) DO UPDATE SET stopped = excluded.stopped"
)
_GIVE_UP = text(
    "UPDATE journal_outgoing SET state = 'failed', reason = :reason, content = NULL"
    " WHERE chat = :chat AND state IN ('waiting', 'taken')"
)
_WANTED = text(
    "SELECT id, stored_at, report, tag FROM journal_outgoing"
    " WHERE chat = :chat AND state IN ('waiting', 'taken') AND report IS NOT NULL ORDER BY id"
)
_STOPPED = Statement("SELECT stopped FROM journal_conversations WHERE key = :chat")
_MOVE = (
    text("UPDATE journal_outgoing SET chat = :new WHERE chat = :old"),
    # the numbers of messages begin anew in the new chat
    text("DELETE FROM journal_messages WHERE chat = :old"),
    text("UPDATE journal_updates SET conversation = :new WHERE conversation = :old"),
    text(
        "DELETE FROM journal_conversations WHERE key = :new AND EXISTS (SELECT 1 FROM journal_conversations WHERE key = :old)"
    ),
    text("UPDATE journal_conversations SET key = :new WHERE key = :old"),
    text("UPDATE journal_conversations SET chat = :new, address = :address WHERE chat = :old OR key = :new"),
    # whoever works on it now is too late, and whatever waits is due
    text("UPDATE journal_conversations SET claimed_by = NULL, due_at = 0 WHERE key = :new"),
)
_FORGET = (
    text("DELETE FROM journal_messages WHERE chat = :chat"),
    text("DELETE FROM journal_outgoing WHERE chat = :chat"),
)
_CONVERSATIONS = text(
    "SELECT key FROM journal_conversations WHERE (chat = :chat OR person = :chat) AND EXISTS"
    " (SELECT 1 FROM journal_updates WHERE conversation = journal_conversations.key AND outcome IS NULL)"
)
_EMPTY = text(
    "UPDATE journal_conversations SET session = NULL, kept = NULL, marks = NULL, used_at = NULL, wake_at = NULL, due_at = :now,"
    " claimed_by = NULL WHERE key = :key"
)
_DELETE = text(
    "DELETE FROM journal_conversations WHERE (chat = :chat OR person = :chat) AND NOT EXISTS"
    " (SELECT 1 FROM journal_updates WHERE conversation = journal_conversations.key AND outcome IS NULL)"
)


def let_write(connection: Connection, chat: bytes) -> None:
    """Write to a chat again."""
    _LET.run(connection, {"chat": chat})


def stop(connection: Connection, bot: int, chat: bytes, address: bytes | None, reason: str, now: float) -> None:
    """Write to a chat no more, and give up what waits for it."""
    connection.execute(_STOP, {"chat": chat, "bot": bot, "address": address, "reason": reason})
    waiting = connection.execute(_WANTED, {"chat": chat}).all()
    reports.tell(
        connection,
        bot,
        [Ended(row[0], row[1], Wanted(bytes(row[2]), row[3])) for row in waiting],
        "failed",
        now,
        reason,
    )
    connection.execute(_GIVE_UP, {"chat": chat, "reason": reason})


def why_stopped(connection: Connection, chat: bytes) -> str | None:
    """Tell why nothing may be sent to a chat; None: it may."""
    reason: str | None = _STOPPED.value(connection, {"chat": chat})
    return reason


def move(connection: Connection, old: bytes, new: bytes, address: bytes) -> None:
    """Go on in the chat that an old one became; what is kept of the old one is kept of the new one."""
    for statement in _MOVE:
        connection.execute(statement, _used(statement.text, {"old": old, "new": new, "address": address}))


_OF_CHAT = text("SELECT key, name FROM journal_conversations WHERE chat = :chat AND name IS NOT NULL")
_RENAME = (
    text("DELETE FROM journal_conversations WHERE key = :new"),
    text("UPDATE journal_updates SET conversation = :new WHERE conversation = :old"),
    text("UPDATE journal_conversations SET key = :new, name = :name, claimed_by = NULL, due_at = 0 WHERE key = :old"),
)


def named(connection: Connection, chat: bytes) -> list[tuple[bytes, bytes]]:
    """Return the conversations inside a chat: key and sealed name."""
    return [(bytes(key), bytes(name)) for key, name in connection.execute(_OF_CHAT, {"chat": chat})]


def rename(connection: Connection, old: bytes, new: bytes, name: bytes) -> None:
    """Go on under another name; what was begun under the new one meanwhile gives way, its updates are answered here."""
    for statement in _RENAME:
        connection.execute(statement, _used(statement.text, {"old": old, "new": new, "name": name}))


def _used(statement: str, values: dict[str, bytes]) -> dict[str, bytes]:
    return {name: value for name, value in values.items() if f":{name}" in statement}


def forget(connection: Connection, bot: int, chat: bytes, now: float) -> None:
    """Delete everything kept of a chat, and of its person elsewhere: the talk in groups, inline queries.

    Updates that wait are the person's newest words: they stay and are answered.
    """
    for statement in _FORGET:
        connection.execute(statement, {"chat": chat})
    waiting = connection.execute(_CONVERSATIONS, {"chat": chat}).scalars().all()
    for key in waiting:
        connection.execute(_EMPTY, {"key": key, "now": now})
    connection.execute(_DELETE, {"chat": chat})
