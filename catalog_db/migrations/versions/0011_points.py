"""Whom people came through, what they did, and the ledger of ambassadors' points."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import sqlite

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sqlite.INTEGER(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "journal_points",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("ambassador", sa.LargeBinary(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("worth", sa.Integer(), nullable=False),
        sa.Column("delta", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("about", sa.BigInteger(), nullable=True),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ambassador", "event"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_journal_points_about", "journal_points", ["about"])
    op.create_table(
        "journal_touches",
        sa.Column("person", sa.LargeBinary(), nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("ambassador", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("person"),
        sa.UniqueConstraint("id"),
    )
    op.create_index("ix_journal_touches_ambassador", "journal_touches", ["ambassador", "at"])
    op.create_table(
        "journal_happenings",
        sa.Column("ambassador", sa.LargeBinary(), nullable=False),
        sa.Column("who", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("times", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ambassador", "who", "kind", "item", "day"),
    )
    op.create_index("ix_journal_happenings_day", "journal_happenings", ["ambassador", "day"])


def downgrade() -> None:
    op.drop_table("journal_happenings")
    op.drop_table("journal_touches")
    op.drop_table("journal_points")
