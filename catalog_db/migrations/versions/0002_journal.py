"""The journal of the Telegram channel: updates, conversations, outgoing messages."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import sqlite

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sqlite.INTEGER(), "sqlite")
WAITS = sa.text("outcome IS NULL")
DUE = sa.text("due_at IS NOT NULL")
OPEN = sa.text("state IN ('waiting', 'taken', 'sending')")


def upgrade() -> None:
    op.create_table(
        "journal_bots",
        sa.Column("bot", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("stored_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("bot"),
    )
    op.create_table(
        "journal_updates",
        sa.Column("bot", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("conversation", sa.LargeBinary(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("stored_at", sa.Double(), nullable=False),
        sa.Column("handled_at", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("bot", "number"),
    )
    op.create_index(
        "ix_journal_updates_waiting",
        "journal_updates",
        ["conversation", "position"],
        sqlite_where=WAITS,
        postgresql_where=WAITS,
    )
    op.create_index("ix_journal_updates_stored_at", "journal_updates", ["stored_at"])
    op.create_table(
        "journal_conversations",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("chat", sa.LargeBinary(), nullable=True),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("session", sa.LargeBinary(), nullable=True),
        sa.Column("kept", sa.LargeBinary(), nullable=True),
        sa.Column("used_at", sa.Double(), nullable=True),
        sa.Column("due_at", sa.Double(), nullable=True),
        sa.Column("wake_at", sa.Double(), nullable=True),
        sa.Column("claimed_by", sa.Text(), nullable=True),
        sa.Column("stopped", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index(
        "ix_journal_conversations_due", "journal_conversations", ["due_at"], sqlite_where=DUE, postgresql_where=DUE
    )
    op.create_index("ix_journal_conversations_chat", "journal_conversations", ["chat"])
    op.create_table(
        "journal_outgoing",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("chat", sa.LargeBinary(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("critical", sa.Boolean(), nullable=False),
        sa.Column("replaces", sa.Text(), nullable=True),
        sa.Column("remember_as", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("repeats", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("stored_at", sa.Double(), nullable=False),
        sa.Column("not_before", sa.Double(), nullable=False),
        sa.Column("expires_at", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_journal_outgoing_open", "journal_outgoing", ["state", "id"], sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.create_index("ix_journal_outgoing_chat", "journal_outgoing", ["chat"])
    op.create_table(
        "journal_messages",
        sa.Column("chat", sa.LargeBinary(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("message", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("chat", "key"),
    )
    op.create_index("ix_journal_messages_sent_at", "journal_messages", ["sent_at"])
    op.create_table(
        "journal_instances",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("beat", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "journal_roles",
        sa.Column("bot", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("instance", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("bot", "role"),
    )
    op.create_table(
        "journal_seals",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("check", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade() -> None:
    for table in (
        "journal_seals",
        "journal_roles",
        "journal_instances",
        "journal_messages",
        "journal_outgoing",
        "journal_conversations",
        "journal_updates",
        "journal_bots",
    ):
        op.drop_table(table)
