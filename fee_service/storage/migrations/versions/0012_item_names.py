"""What texts on invoices are for, as the house told it: a version a supplier, never changed, only followed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")
INSTANT = sa.DateTime(timezone=True)
NEVER = "rows are never changed or deleted"
# INSERT OR REPLACE would delete a row without asking the trigger for DELETE
TAKEN = "sequence = NEW.sequence OR (supplier = NEW.supplier AND version = NEW.version)"


def upgrade() -> None:
    op.create_table(
        "item_names",
        sa.Column("sequence", SERIAL, nullable=False),
        sa.Column("supplier", CODE, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("names", sa.Text, nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("entered_by", CODE, nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_item_names"),
        sa.UniqueConstraint("supplier", "version", name="uq_item_names_supplier_version"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER item_names_refuse_update_or_delete BEFORE UPDATE OR DELETE"
            f" ON item_names FOR EACH ROW EXECUTE FUNCTION refuse_change('{NEVER}')"
        )
        op.execute(
            "CREATE TRIGGER item_names_refuse_truncate BEFORE TRUNCATE ON item_names"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('the table is never emptied')"
        )
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER item_names_refuse_{change.lower()} BEFORE {change} ON item_names"
            f" BEGIN SELECT RAISE(ABORT, 'item_names: {NEVER}'); END"
        )
    op.execute(
        "CREATE TRIGGER item_names_refuse_insert BEFORE INSERT ON item_names"
        f" WHEN EXISTS (SELECT 1 FROM item_names WHERE {TAKEN})"
        " BEGIN SELECT RAISE(ABORT, 'item_names: the row exists'); END"
    )


def downgrade() -> None:
    """What was told is lost with its table; what the audit log says of it stays."""
    op.drop_table("item_names")
