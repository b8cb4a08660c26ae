"""The support desk: tickets, what is written to and fro, staff and their rights."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import sqlite

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sqlite.INTEGER(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "desk_rooms",
        sa.Column("bot", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("room", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("trouble_until", sa.Double(), nullable=True),
        sa.Column("asked_at", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("bot", "room"),
    )
    op.create_table(
        "desk_people",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.LargeBinary(), nullable=False),
        sa.Column("room", sa.BigInteger(), nullable=True),
        sa.Column("thread", sa.BigInteger(), nullable=True),
        sa.Column("making_at", sa.Double(), nullable=True),
        sa.Column("no_topic_until", sa.Double(), nullable=True),
        sa.Column("titled", sa.Text(), nullable=True),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "desk_tickets",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.LargeBinary(), nullable=True),
        sa.Column("room", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("owner", sa.LargeBinary(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("assistant", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.Double(), nullable=False),
        sa.Column("due_at", sa.Double(), nullable=True),
        sa.Column("answered_at", sa.Double(), nullable=True),
        sa.Column("called_at", sa.Double(), nullable=True),
        sa.Column("snoozed_until", sa.Double(), nullable=True),
        sa.Column("closed_at", sa.Double(), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column("asked_at", sa.Double(), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "desk_items",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.LargeBinary(), nullable=False),
        sa.Column("ticket", sa.BigInteger(), nullable=False),
        sa.Column("room", sa.BigInteger(), nullable=True),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source", sa.BigInteger(), nullable=True),
        sa.Column("album", sa.Text(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("author", sa.LargeBinary(), nullable=True),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("edited", sa.Boolean(), nullable=False),
        sa.Column("post", sa.BigInteger(), nullable=True),
        sa.Column("message", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("ready_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "desk_posts",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("room", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sending", sa.Boolean(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "desk_staff",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.LargeBinary(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("duty", sa.Boolean(), nullable=False),
        sa.Column("since", sa.Double(), nullable=False),
        sa.Column("by", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "desk_invitations",
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("invited", sa.LargeBinary(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("by", sa.LargeBinary(), nullable=False),
        sa.Column("until", sa.Double(), nullable=False),
        sa.Column("used_at", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("token"),
    )
    op.create_table(
        "desk_log",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("who", sa.LargeBinary(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("ticket", sa.BigInteger(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "desk_erasures",
        sa.Column("room", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("thread", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("room", "thread"),
    )
    op.create_table(
        "desk_answers",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("initials", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("picture", sa.Text(), nullable=True),
        sa.Column("by", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_desk_people_thread", "desk_people", ["room", "thread"], unique=False)
    op.create_index("ix_desk_tickets_person", "desk_tickets", ["person"], unique=False)
    op.create_index("ix_desk_tickets_state", "desk_tickets", ["bot", "state"], unique=False)
    op.create_index("ix_desk_items_waiting", "desk_items", ["room", "person"], unique=False, sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))
    op.create_index("ix_desk_items_source", "desk_items", ["person", "source"], unique=False)
    op.create_index("ix_desk_items_message", "desk_items", ["room", "message"], unique=False)
    op.create_index("ix_desk_items_ticket", "desk_items", ["ticket"], unique=False)
    op.create_index("ix_desk_posts_sending", "desk_posts", ["room", "person"], unique=False, sqlite_where=sa.text("sending"), postgresql_where=sa.text("sending"))
    op.create_index("ix_desk_log_at", "desk_log", ["bot", "at"], unique=False)
    op.create_index("ix_desk_answers_code", "desk_answers", ["bot", "code"], unique=True)


def downgrade() -> None:
    for table in (
        "desk_answers",
        "desk_erasures",
        "desk_log",
        "desk_invitations",
        "desk_staff",
        "desk_posts",
        "desk_items",
        "desk_tickets",
        "desk_people",
        "desk_rooms",
    ):
        op.drop_table(table)
