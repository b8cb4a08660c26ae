"""Keep the conversations of a chat page: the session, the turns that were shown, and nothing about the person.

A conversation is known by a random key of the channel; only its hash is kept, so the file opens nobody's conversation. The
tables are made on first use in a file of their own, apart from the catalogue: losing it loses conversations, no facts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    Text,
    create_engine,
    delete,
    event,
    insert,
    select,
    update,
)
from sqlalchemy.exc import SQLAlchemyError

KEPT_TURNS = 50  # of one conversation; older ones are dropped
BUSY_MS = 5000

metadata = MetaData()
_conversations = Table(
    "conversation",
    metadata,
    Column("key", Text, primary_key=True),  # SHA-256 of the channel's key
    Column("used_at", Integer, nullable=False, index=True),  # seconds since 1970
    Column("session", Text, nullable=False),  # JSON
)
_turns = Table(
    "conversation_turn",
    metadata,
    Column("key", Text, ForeignKey("conversation.key", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("turn", Text, nullable=False),  # JSON, the channel's own
)


class ConversationsError(Exception):
    """The conversations cannot be read or kept (disk full, file damaged)."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation so far. Turns by number, in order; numbers go on when old turns are dropped."""

    session: Mapping[str, Any] = field(default_factory=dict)
    turns: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)

    def followed_by(self, session: Mapping[str, Any], turn: Mapping[str, Any]) -> Conversation:
        """Return the conversation with one more turn, without those that are too old."""
        turns = {**self.turns, max(self.turns, default=0) + 1: turn}
        return Conversation(session, dict(list(turns.items())[-KEPT_TURNS:]))


class Conversations(Protocol):
    """Where a channel keeps its conversations. Session and turns are JSON values."""

    def load(self, key: str) -> Conversation | None:
        """Return the conversation of a key, or None."""

    def save(self, key: str, conversation: Conversation, now: datetime) -> None:
        """Keep a conversation as it is now."""

    def forget(self, key: str) -> None:
        """Delete a conversation; one that is not there is no error."""

    def forget_unused(self, before: datetime) -> int:
        """Delete the conversations that nobody has used since; return how many."""


class MemoryConversations:
    """Conversations that end with the process."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[Conversation, datetime]] = {}

    def load(self, key: str) -> Conversation | None:
        """Return the conversation of a key, or None."""
        return self._kept[key][0] if key in self._kept else None

    def save(self, key: str, conversation: Conversation, now: datetime) -> None:
        """Keep a conversation as it is now."""
        self._kept[key] = (conversation, now)

    def forget(self, key: str) -> None:
        """Delete a conversation."""
        self._kept.pop(key, None)

    def forget_unused(self, before: datetime) -> int:
        """Delete the conversations that nobody has used since; return how many."""
        old = [key for key, (_, used) in self._kept.items() if used < before]
        for key in old:
            del self._kept[key]
        return len(old)


class StoredConversations:
    """Conversations in an SQLite file. Raises ConversationsError when the file cannot be used."""

    def __init__(self, file: Path) -> None:
        self._file = file
        with self._named():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch(mode=0o600, exist_ok=True)  # what people asked is for the owner of the file only
            self._engine = _engine(file)
            metadata.create_all(self._engine)

    def load(self, key: str) -> Conversation | None:
        """Return the conversation of a key, or None."""
        hashed = _hash(key)
        with self._named(), self._engine.connect() as connection:
            session = connection.scalar(select(_conversations.c.session).where(_conversations.c.key == hashed))
            if session is None:
                return None
            rows = connection.execute(
                select(_turns.c.number, _turns.c.turn).where(_turns.c.key == hashed).order_by(_turns.c.number)
            )
            return Conversation(json.loads(session), {number: json.loads(turn) for number, turn in rows})

    def save(self, key: str, conversation: Conversation, now: datetime) -> None:
        """Keep a conversation as it is now, in one transaction."""
        hashed = _hash(key)
        row = {"used_at": _seconds(now), "session": _dump(conversation.session)}
        with self._named(), self._engine.begin() as connection:
            known = connection.execute(update(_conversations).where(_conversations.c.key == hashed).values(**row))
            if not known.rowcount:
                connection.execute(insert(_conversations).values(key=hashed, **row))
            _save_turns(connection, hashed, conversation.turns)

    def forget(self, key: str) -> None:
        """Delete a conversation with its turns."""
        with self._named(), self._engine.begin() as connection:
            connection.execute(delete(_conversations).where(_conversations.c.key == _hash(key)))

    def forget_unused(self, before: datetime) -> int:
        """Delete the conversations that nobody has used since; return how many."""
        with self._named(), self._engine.begin() as connection:
            return connection.execute(
                delete(_conversations).where(_conversations.c.used_at < _seconds(before))
            ).rowcount

    def close(self) -> None:
        """Give back the file."""
        self._engine.dispose()

    @contextmanager
    def _named(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, OSError, ValueError, TypeError) as error:
            raise ConversationsError(f"{self._file}: {getattr(error, 'orig', None) or error}") from error


def _save_turns(connection: Connection, key: str, turns: Mapping[int, Mapping[str, Any]]) -> None:
    """Write the turns that are not kept yet, drop those that are kept no longer."""
    kept: Sequence[int] = connection.scalars(select(_turns.c.number).where(_turns.c.key == key)).all()
    new = [
        {"key": key, "number": number, "turn": _dump(turn)} for number, turn in turns.items() if number not in set(kept)
    ]
    if new:
        connection.execute(insert(_turns), new)
    dropped = set(kept) - turns.keys()
    if dropped:
        connection.execute(delete(_turns).where(_turns.c.key == key, _turns.c.number.in_(dropped)))


def _engine(file: Path) -> Engine:
    engine = create_engine(f"sqlite:///{file.as_posix()}")

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            f"busy_timeout={BUSY_MS}",
            "foreign_keys=ON",  # a conversation takes its turns with it
            "secure_delete=ON",  # deleted is deleted: the pages are overwritten
        ):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def _seconds(moment: datetime) -> int:
    return int(moment.astimezone(UTC).timestamp())


def _dump(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
