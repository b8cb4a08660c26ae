"""Proposals of the support desk: words and answers to be taught."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import sqlite

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "desk_proposals",
        sa.Column("id", sa.BigInteger().with_variant(sqlite.INTEGER(), "sqlite"), nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("owner", sa.LargeBinary(), nullable=False),
        sa.Column("decided_by", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("expires_at", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_desk_proposals_state", "desk_proposals", ["bot", "state"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_desk_proposals_state", table_name="desk_proposals")
    op.drop_table("desk_proposals")
