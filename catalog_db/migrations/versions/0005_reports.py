"""Reports: what became of a message, for the conversation that wants to know."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("journal_updates", sa.Column("report", sa.Text(), nullable=True))
    op.add_column("journal_outgoing", sa.Column("report", sa.LargeBinary(), nullable=True))
    op.add_column("journal_outgoing", sa.Column("tag", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("journal_outgoing") as table:
        table.drop_column("tag")
        table.drop_column("report")
    with op.batch_alter_table("journal_updates") as table:
        table.drop_column("report")
