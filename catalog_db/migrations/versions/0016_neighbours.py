"""How many people of a county keep a product."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "journal_neighbours",
        sa.Column("mark", sa.LargeBinary(), primary_key=True),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("county", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
    )
    op.create_index("ix_journal_neighbours_item", "journal_neighbours", ["bot", "county", "item"])


def downgrade() -> None:
    op.drop_table("journal_neighbours")
