"""Findings of reconciliations, with what runs and people said of them, which is never changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")
INSTANT = sa.DateTime(timezone=True)
LIVES = ("new", "still_open", "solved", "came_back")
STATES = ("open", "disputed", "accepted", "credited", "closed")
SUBJECT = ("contract", "month", "chain", "agreement", "fee", "product", "option", "user_type")
FIXED = ("sequence", "id", *SUBJECT)  # of a finding; how it stands goes on
# INSERT OR REPLACE would delete a row without asking the trigger for DELETE
TAKEN = {
    "findings": "sequence = NEW.sequence OR id = NEW.id",
    "finding_events": "sequence = NEW.sequence OR (finding = NEW.finding AND batch = NEW.batch)",
}
NEVER = "rows are never changed or deleted"


def upgrade() -> None:
    _findings()
    _events()
    changes = {"findings": (f"UPDATE OF {', '.join(FIXED)}", "DELETE"), "finding_events": ("UPDATE", "DELETE")}
    protect = _postgresql if op.get_bind().dialect.name == "postgresql" else _sqlite
    for table, refused in changes.items():
        protect(table, refused)


def downgrade() -> None:
    """What was found and said is lost with its tables; what the audit log says of it stays."""
    op.drop_table("finding_events")
    op.drop_table("findings")


def _stands() -> list[sa.Column[object]]:
    return [
        sa.Column("life", CODE, nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("cause", CODE),
        sa.Column("difference", sa.BigInteger, nullable=False),
        sa.Column("vat_difference", sa.BigInteger, nullable=False),
        sa.Column("settled_difference", sa.BigInteger),
        sa.Column("settled_vat_difference", sa.BigInteger),
        sa.Column("seen", CODE, nullable=False),
    ]


def _findings() -> None:
    op.create_table(
        "findings",
        sa.Column("sequence", SERIAL, nullable=False),
        sa.Column("id", CODE, nullable=False),
        sa.Column("contract", CODE, nullable=False),
        sa.Column("month", sa.Date, nullable=False),
        *(sa.Column(name, CODE) for name in SUBJECT[2:]),
        *_stands(),
        sa.PrimaryKeyConstraint("sequence", name="pk_findings"),
        sa.UniqueConstraint("id", name="uq_findings_id"),
        sa.ForeignKeyConstraint(["contract"], ["quotes.number"], name="fk_findings_contract"),
        sa.CheckConstraint(f"life IN {LIVES}", name="ck_findings_life"),
        sa.CheckConstraint(f"state IN {STATES}", name="ck_findings_state"),
    )
    for column in ("contract", "month", "life", "state", "cause"):
        op.create_index(f"ix_findings_{column}_sequence", "findings", [column, "sequence"])


def _events() -> None:
    op.create_table(
        "finding_events",
        sa.Column("sequence", SERIAL, nullable=False),
        sa.Column("batch", CODE, nullable=False),
        sa.Column("finding", CODE, nullable=False),
        *_stands(),
        sa.Column("status", CODE),
        sa.Column("amount", sa.BigInteger),
        sa.Column("expected", sa.BigInteger),
        sa.Column("invoice_number", CODE),
        sa.Column("issued_on", sa.Date),
        sa.Column("explanation_ko", sa.Text),
        sa.Column("explanation_en", sa.Text),
        sa.Column("note", sa.Text),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("entered_by", CODE, nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_finding_events"),
        sa.UniqueConstraint("finding", "batch", name="uq_finding_events_finding_batch"),
        sa.ForeignKeyConstraint(["finding"], ["findings.id"], name="fk_finding_events_finding"),
    )
    op.create_index("ix_finding_events_batch_sequence", "finding_events", ["batch", "sequence"])


def _sqlite(table: str, refused: tuple[str, ...]) -> None:
    for change in refused:
        op.execute(
            f"CREATE TRIGGER {table}_refuse_{change.split()[0].lower()} BEFORE {change} ON {table}"
            f" BEGIN SELECT RAISE(ABORT, '{table}: {NEVER}'); END"
        )
    op.execute(
        f"CREATE TRIGGER {table}_refuse_insert BEFORE INSERT ON {table}"
        f" WHEN EXISTS (SELECT 1 FROM {table} WHERE {TAKEN[table]})"
        f" BEGIN SELECT RAISE(ABORT, '{table}: the row exists'); END"
    )


def _postgresql(table: str, refused: tuple[str, ...]) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_refuse_update_or_delete BEFORE {' OR '.join(refused)}"
        f" ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change('{NEVER}')"
    )
    op.execute(
        f"CREATE TRIGGER {table}_refuse_truncate BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('the table is never emptied')"
    )
