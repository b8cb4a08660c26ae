"""Lists that people keep, opened by link and by spoken code."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "journal_lists",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("owner", sa.LargeBinary(), nullable=False),
        sa.Column("notebook", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("bot", "code"),
    )
    op.create_index("ix_journal_lists_owner", "journal_lists", ["owner", "notebook"])


def downgrade() -> None:
    op.drop_table("journal_lists")
