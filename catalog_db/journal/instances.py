"""Which processes are alive, and which of them sends and polls for a bot.

Each alive one counts up its beat. Who sees another's beat unchanged in several rounds of its own declares it dead, and its
claims and roles are free. Rounds are counted, not seconds: while the database is away nobody dies of it.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from catalog_db.journal.statements import Statement

MISSED_BEATS = 4

_BEAT = text(
    "INSERT INTO journal_instances (name, beat) VALUES (:name, 1)"
    " ON CONFLICT (name) DO UPDATE SET beat = journal_instances.beat + 1"
)
_OTHERS = text("SELECT name, beat FROM journal_instances WHERE name <> :name")
_BURY = (
    text("DELETE FROM journal_instances WHERE name = :name"),
    text("UPDATE journal_conversations SET claimed_by = NULL WHERE claimed_by = :name"),
    text("DELETE FROM journal_roles WHERE instance = :name"),
)
_TAKE = text(
    "INSERT INTO journal_roles (bot, role, instance) VALUES (:bot, :role, :instance) ON CONFLICT (bot, role) DO NOTHING"
)
_HOLDER = Statement("SELECT instance FROM journal_roles WHERE bot = :bot AND role = :role", " FOR SHARE")


class Neighbours:
    """What one instance has seen of the others."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[int, int]] = {}  # name → beat, rounds without a change

    def dead(self, beats: dict[str, int]) -> list[str]:
        """Note the beats of a round; return who has missed too many."""
        seen: dict[str, tuple[int, int]] = {}
        for name, beat in beats.items():
            before, rounds = self._seen.get(name, (beat, -1))
            seen[name] = (beat, rounds + 1 if before == beat else 0)
        self._seen = seen
        return [name for name, (_, rounds) in seen.items() if rounds >= MISSED_BEATS]


def beat(connection: Connection, name: str) -> dict[str, int]:
    """Show that this instance is alive; return the beats of the others."""
    connection.execute(_BEAT, {"name": name})
    return {row[0]: row[1] for row in connection.execute(_OTHERS, {"name": name})}


def bury(connection: Connection, name: str) -> None:
    """Free what an instance held that has ended."""
    for statement in _BURY:
        connection.execute(statement, {"name": name})


def acquire(connection: Connection, bot: int, role: str, name: str) -> bool:
    """Take a role when nobody has it; tell whether it was taken just now."""
    return connection.execute(_TAKE, {"bot": bot, "role": role, "instance": name}).rowcount > 0


def holds(connection: Connection, bot: int, role: str, name: str) -> bool:
    """Tell whether a role is ours, and keep it so until the end of the transaction."""
    holder: str | None = _HOLDER.value(connection, {"bot": bot, "role": role})
    return holder == name
