"""Housekeeping: what is old goes, what a new key seals is sealed anew, what waits is counted."""

from __future__ import annotations

from sqlalchemy import Connection, text

from catalog_db.journal import neighbours
from catalog_db.journal.incoming import DAY, SAME_NUMBER_DAYS
from catalog_db.journal.records import JournalError, Sealer

RECORD_DAYS = 7  # failed and unknown messages, without content
MESSAGE_DAYS = 90  # a button older than this still works; its message can no longer be named by our own name
CONVERSATION_DAYS = 180  # a session nobody has used
LIST_DAYS = 730  # a list nobody has opened: its code may hang on a wall

_PURGE = (
    ("DELETE FROM journal_updates WHERE stored_at < :before AND outcome IS NOT NULL", SAME_NUMBER_DAYS),
    ("DELETE FROM journal_outgoing WHERE state IN ('failed', 'unknown') AND stored_at < :before", RECORD_DAYS),
    ("DELETE FROM journal_messages WHERE sent_at < :before", MESSAGE_DAYS),
    (
        "DELETE FROM journal_conversations WHERE used_at < :before AND due_at IS NULL AND claimed_by IS NULL"
        " AND stopped IS NULL",
        CONVERSATION_DAYS,
    ),
    ("DELETE FROM journal_broadcasts WHERE state IN ('done', 'cancelled') AND not_before < :before", MESSAGE_DAYS),
    ("DELETE FROM journal_notebooks WHERE used_at < :before", CONVERSATION_DAYS),
    ("DELETE FROM journal_lists WHERE used_at < :before", LIST_DAYS),
    ("DELETE FROM journal_wants WHERE at < :before", CONVERSATION_DAYS),
    ("DELETE FROM journal_neighbours WHERE at < :before", neighbours.DAYS),
)
_COUNTS = {
    "updates_waiting": "SELECT COUNT(*) FROM journal_updates WHERE outcome IS NULL",
    "oldest_update": "SELECT MIN(stored_at) FROM journal_updates WHERE outcome IS NULL",
    "outgoing_waiting": "SELECT COUNT(*) FROM journal_outgoing WHERE state IN ('waiting', 'taken', 'sending')",
    "oldest_outgoing": (
        "SELECT MIN(stored_at) FROM journal_outgoing WHERE state IN ('waiting', 'taken', 'sending') AND kind <> 'bulk'"
    ),
}
_SEALED = (  # table, primary key, column, purpose
    ("journal_updates", ("bot", "number"), "content", "update"),
    ("journal_conversations", ("key",), "address", "address"),
    ("journal_conversations", ("key",), "session", "session"),
    ("journal_conversations", ("key",), "kept", "kept"),
    ("journal_conversations", ("key",), "marks", "marks"),
    ("journal_conversations", ("key",), "name", "name"),
    ("journal_outgoing", ("id",), "content", "outgoing"),
    ("journal_ambassadors", ("key",), "address", "address"),
    ("journal_ambassadors", ("key",), "person", "ambassador"),
    ("journal_notebooks", ("owner", "number"), "name", "notebook name"),
    ("journal_notebooks", ("owner", "number"), "context", "notebook"),
    ("journal_lists", ("id",), "content", "list"),
    ("journal_wants", ("list", "person", "item"), "name", "want"),
    ("journal_readers", ("key",), "address", "address"),
    ("journal_watches", ("id",), "content", "watch"),
    ("journal_broadcasts", ("id",), "content", "broadcast"),
    ("desk_people", ("key",), "who", "desk who"),
    ("desk_items", ("id",), "body", "desk item"),
    ("desk_staff", ("key",), "who", "desk staff"),
)
_CHECK = "lvxuan"


def purge(connection: Connection, now: float) -> int:
    """Delete what is old; return how many rows."""
    return sum(connection.execute(text(sql), {"before": now - days * DAY}).rowcount for sql, days in _PURGE)


def count(connection: Connection) -> dict[str, float]:
    """Count what waits; oldest_…: since when the oldest does, 0.0 when nothing does."""
    return {name: float(connection.execute(text(sql)).scalar() or 0.0) for name, sql in _COUNTS.items()}


def check_seal(connection: Connection, sealer: Sealer) -> None:
    """Leave or read the mark of the key. Raises JournalError when this journal was sealed with another one."""
    found = connection.execute(text('SELECT "check" FROM journal_seals WHERE id = 1')).scalar()
    if found is None:
        _write_check(connection, sealer)
        return
    try:
        fits = sealer.open(bytes(found), "check").decode() == _CHECK + sealer.pseudonym(_CHECK).hex()
    except ValueError:
        fits = False
    if not fits:
        raise JournalError("journal.key")


def reseal(connection: Connection, sealer: Sealer) -> int:
    """Seal everything anew with the newest key; return how many values."""
    changed = sum(_reseal_column(connection, sealer, *sealed) for sealed in _SEALED)
    _write_check(connection, sealer)
    return changed


def _reseal_column(
    connection: Connection, sealer: Sealer, table: str, key: tuple[str, ...], column: str, purpose: str
) -> int:
    names = ", ".join(key)
    where = " AND ".join(f"{name} = :{name}" for name in key)
    rows = connection.execute(text(f"SELECT {names}, {column} AS sealed FROM {table} WHERE {column} IS NOT NULL"))  # noqa: S608 - our own names
    updates = []
    for row in rows.mappings().all():
        again = sealer.seal(sealer.open(bytes(row["sealed"]), purpose), purpose)
        updates.append({**{name: row[name] for name in key}, "sealed": again})
    if updates:
        connection.execute(text(f"UPDATE {table} SET {column} = :sealed WHERE {where}"), updates)  # noqa: S608 - our own names
    return len(updates)


def _write_check(connection: Connection, sealer: Sealer) -> None:
    check = sealer.seal((_CHECK + sealer.pseudonym(_CHECK).hex()).encode(), "check")
    connection.execute(
        text(
            'INSERT INTO journal_seals (id, "check") VALUES (1, :check) ON CONFLICT (id) DO UPDATE SET "check" = :check'
        ),
        {"check": check},
    )
