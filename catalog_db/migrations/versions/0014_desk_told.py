"""Of tickets what they are about, how urgent and from which county; answers looked at by sampling; who is to be told once."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import sqlite

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sqlite.INTEGER(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("desk_tickets") as tickets:
        tickets.add_column(sa.Column("priority", sa.Integer(), nullable=False, server_default="0"))
        tickets.add_column(sa.Column("tags", sa.Text(), nullable=False, server_default=""))
        tickets.add_column(sa.Column("place", sa.Text(), nullable=True))
    op.create_table(
        "desk_reviews",
        sa.Column("ticket", sa.BigInteger(), nullable=False),
        sa.Column("reviewer", sa.LargeBinary(), nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("answerer", sa.LargeBinary(), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("ticket", "reviewer"),
    )
    op.create_table(
        "desk_wishes",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("told_at", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_desk_wishes_person", "desk_wishes", ["person"])
    op.create_table(
        "desk_given",
        sa.Column("person", sa.LargeBinary(), nullable=False),
        sa.Column("certificate", sa.Text(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("told_at", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("person", "certificate", "sku"),
    )
    op.create_index("ix_desk_given_certificate", "desk_given", ["bot", "certificate"])


def downgrade() -> None:
    op.drop_index("ix_desk_given_certificate", table_name="desk_given")
    op.drop_table("desk_given")
    op.drop_index("ix_desk_wishes_person", table_name="desk_wishes")
    op.drop_table("desk_wishes")
    op.drop_table("desk_reviews")
    with op.batch_alter_table("desk_tickets") as tickets:
        tickets.drop_column("place")
        tickets.drop_column("tags")
        tickets.drop_column("priority")
