"""A quote counts its own number: the database takes none but the next, so that quotes can be stored many at once."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BEGIN_STATE = "INSERT INTO quote_states (position, status, changed_at) VALUES (NEW.position, 'issued', NEW.issued_at);"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _postgresql()
    else:
        _sqlite()


def _sqlite() -> None:
    year = "CAST(strftime('%Y', NEW.issued_on) AS INTEGER)"
    op.execute("DROP TRIGGER quotes_begin")
    op.execute(
        f"CREATE TRIGGER quotes_begin AFTER INSERT ON quotes BEGIN"
        f" INSERT INTO numbers (year, last) SELECT {year}, 0"
        f" WHERE NOT EXISTS (SELECT 1 FROM numbers WHERE year = {year});"
        f" UPDATE numbers SET last = last + 1 WHERE year = {year};"
        f" SELECT RAISE(ABORT, 'quotes: numbers have no gaps') FROM numbers WHERE year = {year}"
        f" AND (NEW.position % 10000000 <> last OR NEW.number <> printf('Q-%04d-%06d', year, last));"
        f" {BEGIN_STATE} END"
    )

    # INSERT OR REPLACE would put a row in the place of another without asking the triggers for UPDATE and DELETE
    for table, when, why in (
        ("numbers", "NEW.last <> 0 OR EXISTS (SELECT 1 FROM numbers WHERE year = NEW.year)", "a year begins with none"),
        ("audit_head", "EXISTS (SELECT 1 FROM audit_head)", "the chain has one end"),
    ):
        op.execute(
            f"CREATE TRIGGER {table}_refuse_insert BEFORE INSERT ON {table} WHEN {when}"
            f" BEGIN SELECT RAISE(ABORT, '{table}: {why}'); END"
        )


def _postgresql() -> None:
    op.execute(
        "CREATE OR REPLACE FUNCTION begin_quote() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE counted integer; BEGIN"
        " INSERT INTO numbers (year, last) VALUES (EXTRACT(year FROM NEW.issued_on), 1)"
        " ON CONFLICT (year) DO UPDATE SET last = numbers.last + 1 RETURNING last INTO counted;"
        " IF NEW.position % 10000000 <> counted OR NEW.number <> 'Q-' || to_char(NEW.issued_on, 'YYYY') || '-'"
        " || lpad(counted::text, greatest(6, length(counted::text)), '0')"
        " THEN RAISE EXCEPTION 'quotes: numbers have no gaps'; END IF;"
        f" {BEGIN_STATE} RETURN NULL; END $$"
    )
    # What is compressed already: to try it again costs much and saves nothing.
    op.execute("ALTER TABLE quotes ALTER COLUMN said SET STORAGE EXTERNAL")
    op.execute("ALTER TABLE idempotency_keys ALTER COLUMN tail SET STORAGE EXTERNAL")


def downgrade() -> None:
    """Back to a number that the service counts and the triggers check."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE idempotency_keys ALTER COLUMN tail SET STORAGE EXTENDED")
        op.execute("ALTER TABLE quotes ALTER COLUMN said SET STORAGE EXTENDED")
        op.execute(
            "CREATE OR REPLACE FUNCTION begin_quote() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" {BEGIN_STATE} RETURN NULL; END $$"
        )
        return
    for table in ("audit_head", "numbers"):
        op.execute(f"DROP TRIGGER {table}_refuse_insert")
    op.execute("DROP TRIGGER quotes_begin")
    op.execute(f"CREATE TRIGGER quotes_begin AFTER INSERT ON quotes BEGIN {BEGIN_STATE} END")
