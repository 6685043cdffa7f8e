"""Usage reports with their corrections, and what audits of the use found; neither is ever changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")
INSTANT = sa.DateTime(timezone=True)
TABLES = ("usage_reports", "usage_audits")
FIRST = sa.text("corrects IS NULL")
# INSERT OR REPLACE would delete a row without asking the trigger for DELETE
TAKEN = {
    "usage_reports": "sequence = NEW.sequence OR id = NEW.id OR corrects = NEW.corrects"
    " OR (NEW.corrects IS NULL AND corrects IS NULL AND position = NEW.position AND month = NEW.month)",
    "usage_audits": "sequence = NEW.sequence OR id = NEW.id",
}


def upgrade() -> None:
    _reports()
    _audits()
    protect = _postgresql if op.get_bind().dialect.name == "postgresql" else _sqlite
    for table in TABLES:
        protect(table)


def downgrade() -> None:
    """Reports and audits are lost with their tables; what the audit log says of them stays."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _reports() -> None:
    op.create_table(
        "usage_reports",
        sa.Column("sequence", SERIAL, nullable=False),
        sa.Column("id", CODE, nullable=False),
        sa.Column("batch", CODE, nullable=False),
        sa.Column("position", SERIAL, nullable=False),
        sa.Column("owner", CODE, nullable=False),
        sa.Column("month", sa.Date, nullable=False),
        sa.Column("reported_on", sa.Date, nullable=False),
        sa.Column("reported_by", CODE, nullable=False),
        sa.Column("corrects", CODE),
        sa.Column("usage", sa.Text, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_usage_reports"),
        sa.UniqueConstraint("id", name="uq_usage_reports_id"),
        sa.UniqueConstraint("corrects", name="uq_usage_reports_corrects"),
        sa.UniqueConstraint("id", "position", "month", name="uq_usage_reports_id_position_month"),
        sa.ForeignKeyConstraint(["position"], ["quotes.position"], name="fk_usage_reports_position"),
        sa.ForeignKeyConstraint(
            ["corrects", "position", "month"],
            ["usage_reports.id", "usage_reports.position", "usage_reports.month"],
            name="fk_usage_reports_corrects_position_month",
        ),
    )
    op.create_index(
        "uq_usage_reports_first", "usage_reports", ["position", "month"], unique=True,
        sqlite_where=FIRST, postgresql_where=FIRST,
    )  # fmt: skip
    for column in ("position", "month", "owner"):
        op.create_index(f"ix_usage_reports_{column}_sequence", "usage_reports", [column, "sequence"])


def _audits() -> None:
    op.create_table(
        "usage_audits",
        sa.Column("sequence", SERIAL, nullable=False),
        sa.Column("id", CODE, nullable=False),
        sa.Column("position", SERIAL, nullable=False),
        sa.Column("audited_on", sa.Date, nullable=False),
        sa.Column("recorded_by", CODE, nullable=False),
        sa.Column("said", sa.LargeBinary, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_usage_audits"),
        sa.UniqueConstraint("id", name="uq_usage_audits_id"),
        sa.ForeignKeyConstraint(["position"], ["quotes.position"], name="fk_usage_audits_position"),
    )
    op.create_index("ix_usage_audits_position_sequence", "usage_audits", ["position", "sequence"])


def _sqlite(table: str) -> None:
    refused = {
        "UPDATE": ("", "rows are never changed or deleted"),
        "DELETE": ("", "rows are never changed or deleted"),
        "INSERT": (f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {TAKEN[table]})", "the row exists"),
    }
    for change, (when, why) in refused.items():
        op.execute(
            f"CREATE TRIGGER {table}_refuse_{change.lower()} BEFORE {change} ON {table} {when}"
            f" BEGIN SELECT RAISE(ABORT, '{table}: {why}'); END"
        )


def _postgresql(table: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_refuse_update_or_delete BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW"
        " EXECUTE FUNCTION refuse_change('rows are never changed or deleted')"
    )
    op.execute(
        f"CREATE TRIGGER {table}_refuse_truncate BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('the table is never emptied')"
    )
