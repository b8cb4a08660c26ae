"""The tables of the journal, the same on SQLite and PostgreSQL.

Times are seconds since 1970. `conversation` and `chat` are pseudonyms (see `Sealer`); what is sealed is bytes. The migration
`0002_journal` builds the same tables; a test compares them.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Double, Index, Integer, LargeBinary, MetaData, Table, Text
from sqlalchemy.dialects import sqlite

metadata = MetaData()

_SERIAL = BigInteger().with_variant(sqlite.INTEGER(), "sqlite")  # only INTEGER counts by itself in SQLite

bots = Table(
    "journal_bots",
    metadata,
    Column("bot", BigInteger, primary_key=True, autoincrement=False),
    Column("epoch", BigInteger, nullable=False),  # grows when the numbers of updates begin anew
    Column("stored_at", Double, nullable=False),  # about when the last update came
)

updates = Table(
    "journal_updates",
    metadata,
    Column("bot", BigInteger, primary_key=True, autoincrement=False),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),  # the order within a conversation
    Column("conversation", LargeBinary),  # NULL once handled
    Column("kind", Text, nullable=False),
    Column("content", LargeBinary),  # sealed; NULL once handled
    Column("attempts", Integer, nullable=False),
    Column("outcome", Text),  # NULL: waits
    Column("stored_at", Double, nullable=False),
    Column("handled_at", Double),
    Column("report", Text),  # instead of content: what became of a message; see `reports`
)
waits = updates.c.outcome.is_(None)
Index(
    "ix_journal_updates_waiting", updates.c.conversation, updates.c.position, sqlite_where=waits, postgresql_where=waits
)
Index("ix_journal_updates_stored_at", updates.c.stored_at)

conversations = Table(
    "journal_conversations",
    metadata,
    Column("key", LargeBinary, primary_key=True),
    Column("bot", BigInteger, nullable=False),
    Column("chat", LargeBinary),  # the chat it lies in; itself for a whole chat
    Column("address", LargeBinary),  # the number of the chat, sealed
    Column("session", LargeBinary),  # sealed
    Column("kept", LargeBinary),  # sealed
    Column("used_at", Double),
    Column("due_at", Double),  # when a worker has to look; NULL: nothing waits
    Column("wake_at", Double),  # when what was kept waiting is to be answered
    Column("claimed_by", Text),
    Column("stopped", Text),  # why nothing may be sent there; NULL: it may
    Column("marks", LargeBinary),  # sealed; see `Books.mark`
    # Of a person's talk inside a group: its name and whose it is; NULL for a whole chat.
    Column("name", LargeBinary),  # sealed
    Column("person", LargeBinary),
)
due = conversations.c.due_at.is_not(None)
Index("ix_journal_conversations_due", conversations.c.due_at, sqlite_where=due, postgresql_where=due)
Index("ix_journal_conversations_chat", conversations.c.chat)
Index("ix_journal_conversations_person", conversations.c.person)

outgoing = Table(
    "journal_outgoing",
    metadata,
    Column("id", _SERIAL, primary_key=True),
    Column("bot", BigInteger, nullable=False),
    Column("chat", LargeBinary),  # NULL: the call goes to no chat
    Column("kind", Text, nullable=False),
    Column("content", LargeBinary),  # sealed; NULL once given up
    Column("critical", Boolean, nullable=False),
    Column("replaces", Text),
    Column("remember_as", Text),
    Column("state", Text, nullable=False),  # waiting, taken, sending, failed, unknown; what is sent is deleted
    Column("attempts", Integer, nullable=False),
    Column("repeats", Integer, nullable=False),  # attempts whose outcome nobody knows
    Column("reason", Text),
    Column("stored_at", Double, nullable=False),
    Column("not_before", Double, nullable=False),
    Column("expires_at", Double),
    Column("report", LargeBinary),  # the conversation that wants to know what becomes of it
    Column("tag", Text),  # what it is known by there
)
open_ = outgoing.c.state.in_(("waiting", "taken", "sending"))
Index("ix_journal_outgoing_open", outgoing.c.state, outgoing.c.id, sqlite_where=open_, postgresql_where=open_)
Index("ix_journal_outgoing_chat", outgoing.c.chat)

messages = Table(
    "journal_messages",
    metadata,
    Column("chat", LargeBinary, primary_key=True),
    Column("key", Text, primary_key=True),  # our own name of the message
    Column("message", BigInteger, nullable=False),  # the platform's number of it
    Column("sent_at", Double, nullable=False),
)
Index("ix_journal_messages_sent_at", messages.c.sent_at)

instances = Table(
    "journal_instances",
    metadata,
    Column("name", Text, primary_key=True),
    Column("beat", BigInteger, nullable=False),
)

roles = Table(
    "journal_roles",
    metadata,
    Column("bot", BigInteger, primary_key=True, autoincrement=False),
    Column("role", Text, primary_key=True),  # sender, poller
    Column("instance", Text, nullable=False),
)

seals = Table(
    "journal_seals",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("check", LargeBinary, nullable=False),  # a known text, sealed: tells whether the key fits
)
