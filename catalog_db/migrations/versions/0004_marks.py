"""Marks of a conversation: what a part of the channel wants at hand with every update of it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("journal_conversations", sa.Column("marks", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("journal_conversations") as table:
        table.drop_column("marks")
