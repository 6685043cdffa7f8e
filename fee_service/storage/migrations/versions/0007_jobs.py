"""Jobs with their leases, the files that they read and the chunks that they have made."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)
STATES = ("arriving", "queued", "running", "done", "failed", "cancelled")


def upgrade() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", CODE, nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("owner", CODE, nullable=False),
        sa.Column("role", CODE, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("params", sa.Text, nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("free_from", INSTANT),
        sa.Column("held_by", CODE),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("chunks_done", sa.Integer, nullable=False),
        sa.Column("chunks_total", sa.Integer),
        sa.Column("result_bytes", sa.BigInteger, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("finished_at", INSTANT),
        sa.Column("summary", sa.Text),
        sa.Column("faults", sa.LargeBinary),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
        sa.CheckConstraint(f"state IN {STATES}", name="ck_jobs_state"),
    )
    op.create_index("ix_jobs_state_free_from", "jobs", ["state", "free_from"])
    op.create_index("ix_jobs_finished_at", "jobs", ["finished_at"])
    op.create_table(
        "job_inputs",
        sa.Column("job", CODE, nullable=False),
        sa.Column("file", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("piece", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("job", "file", "piece", name="pk_job_inputs"),
        sa.ForeignKeyConstraint(["job"], ["jobs.id"], name="fk_job_inputs_job"),
    )
    op.create_table(
        "job_chunks",
        sa.Column("job", CODE, nullable=False),
        sa.Column("chunk", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("job", "chunk", name="pk_job_chunks"),
        sa.ForeignKeyConstraint(["job"], ["jobs.id"], name="fk_job_chunks_job"),
    )


def downgrade() -> None:
    for table in ("job_chunks", "job_inputs", "jobs"):
        op.drop_table(table)
