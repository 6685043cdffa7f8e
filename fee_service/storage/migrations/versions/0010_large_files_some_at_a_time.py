"""Reports of a large file are entered some at a time under its job's id, and removed where nothing comes of it."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INDEX = "ix_usage_reports_batch_sequence"
WHY = "rows are never changed or deleted"
UNFINISHED = "EXISTS (SELECT 1 FROM jobs WHERE jobs.id = {row}.batch AND jobs.state <> 'done')"
ON_DELETE, ON_BOTH = "usage_reports_refuse_delete", "usage_reports_refuse_update_or_delete"


def upgrade() -> None:
    _begin_anew()
    op.create_index(INDEX, "usage_reports", ["batch", "sequence"])
    if op.get_bind().dialect.name == "postgresql":
        _postgresql()
    else:
        op.execute(f"DROP TRIGGER {ON_DELETE}")
        _sqlite(f"WHEN NOT {UNFINISHED.format(row='OLD')}")


def downgrade() -> None:
    """Files that are being entered begin anew."""
    op.execute(f"DELETE FROM usage_reports WHERE {UNFINISHED.format(row='usage_reports')}")
    _begin_anew()
    op.drop_index(INDEX, "usage_reports")
    if op.get_bind().dialect.name == "postgresql":
        for trigger in (ON_DELETE, "usage_reports_refuse_update"):
            op.execute(f"DROP TRIGGER {trigger} ON usage_reports")
        op.execute("DROP FUNCTION refuse_deleting_what_counts")
        op.execute(
            f"CREATE TRIGGER {ON_BOTH} BEFORE UPDATE OR DELETE ON usage_reports FOR EACH ROW"
            f" EXECUTE FUNCTION refuse_change('{WHY}')"
        )
    else:
        op.execute(f"DROP TRIGGER {ON_DELETE}")
        _sqlite("")


def _begin_anew() -> None:
    """Chunks of a file that is not kept yet hold other things in the other revision: they are made once more."""
    waiting = "kind = 'usage_import' AND state IN ('queued', 'running')"
    op.execute(f"DELETE FROM job_chunks WHERE job IN (SELECT id FROM jobs WHERE {waiting})")
    op.execute(
        "UPDATE jobs SET state = 'queued', held_by = NULL, attempt = attempt + 1, chunks_done = 0, chunks_total = NULL,"
        f" result_bytes = 0 WHERE {waiting}"
    )


def _sqlite(when: str) -> None:
    op.execute(
        f"CREATE TRIGGER {ON_DELETE} BEFORE DELETE ON usage_reports {when}"
        f" BEGIN SELECT RAISE(ABORT, 'usage_reports: {WHY}'); END"
    )


def _postgresql() -> None:
    op.execute(f"DROP TRIGGER {ON_BOTH} ON usage_reports")
    op.execute(
        f"CREATE FUNCTION refuse_deleting_what_counts() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF {UNFINISHED.format(row='OLD')} THEN RETURN OLD; END IF;"
        f" RAISE EXCEPTION '%: %', TG_TABLE_NAME, TG_ARGV[0]; END $$"
    )
    for change, function in (("update", "refuse_change"), ("delete", "refuse_deleting_what_counts")):
        op.execute(
            f"CREATE TRIGGER usage_reports_refuse_{change} BEFORE {change.upper()} ON usage_reports FOR EACH ROW"
            f" EXECUTE FUNCTION {function}('{WHY}')"
        )
