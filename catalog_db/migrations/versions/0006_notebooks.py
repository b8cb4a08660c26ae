"""Village ambassadors, and their notebooks for neighbours."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "journal_ambassadors",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("person", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", sa.Double(), nullable=False),
        sa.Column("decided_at", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("ref"),
    )
    op.create_table(
        "journal_notebooks",
        sa.Column("owner", sa.LargeBinary(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("context", sa.LargeBinary(), nullable=True),
        sa.Column("used_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("owner", "number"),
    )


def downgrade() -> None:
    op.drop_table("journal_notebooks")
    op.drop_table("journal_ambassadors")
