"""What a person has allowed: news, things watched for them, and the broadcasts that go to those who allowed news."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import sqlite

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sqlite.INTEGER(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "journal_readers",
        sa.Column("key", sa.LargeBinary(), primary_key=True),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "journal_watches",
        sa.Column("id", SERIAL, primary_key=True),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("seen", sa.Text(), nullable=False),
        sa.Column("due_at", sa.Double()),
    )
    op.create_index("ix_journal_watches_person", "journal_watches", ["person"])
    op.create_table(
        "journal_broadcasts",
        sa.Column("id", SERIAL, primary_key=True),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("not_before", sa.Double(), nullable=False),
        sa.Column("reached", sa.LargeBinary()),
        sa.Column("total", sa.BigInteger(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("journal_broadcasts")
    op.drop_index("ix_journal_watches_person", "journal_watches")
    op.drop_table("journal_watches")
    op.drop_table("journal_readers")
