"""Conversations of persons inside groups: their sealed name and whose they are."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("journal_conversations", sa.Column("name", sa.LargeBinary(), nullable=True))
    op.add_column("journal_conversations", sa.Column("person", sa.LargeBinary(), nullable=True))
    op.create_index("ix_journal_conversations_person", "journal_conversations", ["person"])


def downgrade() -> None:
    op.drop_index("ix_journal_conversations_person", "journal_conversations")
    with op.batch_alter_table("journal_conversations") as table:
        table.drop_column("person")
        table.drop_column("name")
