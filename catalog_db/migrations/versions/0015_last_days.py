"""Certificates by their last day: which run out soon."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_certificates_expires_on", "certificates", ["expires_on", "number"])


def downgrade() -> None:
    op.drop_index("ix_certificates_expires_on", table_name="certificates")
