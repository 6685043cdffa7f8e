"""Invoices that reconciliations have judged, so that what comes later is judged together with them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "reconciled_invoices",
        sa.Column("run", CODE, nullable=False),
        sa.Column("number", CODE, nullable=False),
        sa.Column("contract", CODE, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("run", "number", "contract", name="pk_reconciled_invoices"),
    )
    for column in ("number", "contract"):
        op.create_index(f"ix_reconciled_invoices_{column}", "reconciled_invoices", [column])
    op.create_index("ix_jobs_kind_id", "jobs", ["kind", "id"])  # the runs there are, newest first


def downgrade() -> None:
    """Later uploads are judged as if nothing had come before."""
    op.drop_index("ix_jobs_kind_id", "jobs")
    op.drop_table("reconciled_invoices")
