"""Quotes with their states, the waiver ledger, idempotency keys and the audit log; triggers that protect them."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")
INSTANT = sa.DateTime(timezone=True)
APPEND_ONLY = ("quotes", "waiver_ledger", "audit_log")


def upgrade() -> None:
    _names()
    _quotes()
    _ledger_and_idempotency()
    _audit()
    if op.get_bind().dialect.name == "postgresql":
        _postgresql_triggers()
    else:
        _sqlite_triggers()
    _first_rows()


def _names() -> None:
    op.create_table(
        "company_names",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("folded", CODE, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_company_names"),
        sa.UniqueConstraint("folded", name="uq_company_names_folded"),
    )
    op.create_table(
        "company_name_terms",
        sa.Column("term", CODE, nullable=False),
        sa.Column("company_name_id", SERIAL, nullable=False),
        sa.PrimaryKeyConstraint("term", "company_name_id", name="pk_company_name_terms"),
        sa.ForeignKeyConstraint(
            ["company_name_id"], ["company_names.id"], name="fk_company_name_terms_company_name_id"
        ),
        sqlite_with_rowid=False,
    )


def _quotes() -> None:
    op.create_table(
        "quotes",
        sa.Column("position", SERIAL, autoincrement=False, nullable=False),
        sa.Column("id", CODE, nullable=False),
        sa.Column("number", CODE, nullable=False),
        sa.Column("issued_at", INSTANT, nullable=False),
        sa.Column("issued_on", sa.Date, nullable=False),
        sa.Column("valid_until", sa.Date, nullable=False),
        sa.Column("validity_days", sa.Integer, nullable=False),
        sa.Column("owner", CODE, nullable=False),
        sa.Column("company_name", sa.Text),
        sa.Column("company_name_id", SERIAL),
        sa.Column("business_number", CODE),
        sa.Column("price_list", CODE, nullable=False),
        sa.Column("policy", CODE),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("waiver_starts_on", sa.Date),
        sa.Column("waiver_ends_on", sa.Date),
        sa.Column("waiver_months", sa.Integer),
        sa.Column("net", sa.BigInteger, nullable=False),
        sa.Column("total", sa.BigInteger, nullable=False),
        sa.Column("revises", SERIAL),
        sa.Column("digest", CODE, nullable=False),
        sa.Column("listed", sa.Text, nullable=False),
        sa.Column("facts", sa.LargeBinary, nullable=False),
        sa.Column("said", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_quotes"),
        sa.UniqueConstraint("id", name="uq_quotes_id"),
        sa.UniqueConstraint("number", name="uq_quotes_number"),
        sa.UniqueConstraint("revises", name="uq_quotes_revises"),
        sa.ForeignKeyConstraint(["company_name_id"], ["company_names.id"], name="fk_quotes_company_name_id"),
        sa.ForeignKeyConstraint(["revises"], ["quotes.position"], name="fk_quotes_revises"),
    )
    for column in ("owner", "company_name_id", "business_number", "policy", "starts_on"):
        op.create_index(f"ix_quotes_{column}_position", "quotes", [column, "position"])
    op.create_index("ix_quotes_validity_days", "quotes", ["validity_days"])
    op.create_index("ix_quotes_walk", "quotes", ["position", "company_name_id", "starts_on"])
    op.create_table(
        "quote_states",
        sa.Column("position", SERIAL, autoincrement=False, nullable=False),
        sa.Column("status", CODE, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_quote_states"),
        sa.ForeignKeyConstraint(["position"], ["quotes.position"], name="fk_quote_states_position"),
        sa.CheckConstraint("status IN ('issued', 'accepted', 'withdrawn', 'revised')", name="ck_quote_states_status"),
    )
    op.create_index("ix_quote_states_status_position", "quote_states", ["status", "position"])
    op.create_table(
        "numbers",
        sa.Column("year", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("year", name="pk_numbers"),
    )


def _ledger_and_idempotency() -> None:
    op.create_table(
        "waiver_ledger",
        sa.Column("position", SERIAL, autoincrement=False, nullable=False),
        sa.Column("business_number", CODE, nullable=False),
        sa.Column("policy", CODE, nullable=False),
        sa.Column("granted_months", sa.Integer, nullable=False),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date, nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_waiver_ledger"),
        sa.ForeignKeyConstraint(["position"], ["quotes.position"], name="fk_waiver_ledger_position"),
    )
    op.create_index("ix_waiver_ledger_business_number", "waiver_ledger", ["business_number"])
    op.create_table(
        "idempotency_keys",
        sa.Column("owner", CODE, nullable=False),
        sa.Column("key", CODE, nullable=False),
        sa.Column("request", CODE, nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("location", sa.Text),
        sa.Column("head", sa.LargeBinary, nullable=False),
        sa.Column("tail", sa.LargeBinary),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("owner", "key", name="pk_idempotency_keys"),
    )
    op.create_index("ix_idempotency_keys_expires_at", "idempotency_keys", ["expires_at"])


def _audit() -> None:
    op.create_table(
        "audit_log",
        sa.Column("sequence", SERIAL, autoincrement=False, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor", CODE, nullable=False),
        sa.Column("role", CODE, nullable=False),
        sa.Column("action", CODE, nullable=False),
        sa.Column("subject", CODE, nullable=False),
        sa.Column("details", sa.Text, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("previous", CODE, nullable=False),
        sa.Column("hash", CODE, nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_audit_log"),
    )
    op.create_index("ix_audit_log_subject_sequence", "audit_log", ["subject", "sequence"])
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("hash", CODE, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
        sa.CheckConstraint("id = 1", name="ck_audit_head_one_row"),
    )
    op.create_table(
        "installation",
        sa.Column("name", CODE, nullable=False),
        sa.Column("value", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_installation"),
    )


def _first_rows() -> None:
    op.execute(f"INSERT INTO audit_head (id, sequence, hash) VALUES (1, 0, '{'0' * 64}')")
    installation = sa.table("installation", sa.column("name"), sa.column("value", sa.LargeBinary))
    op.bulk_insert(installation, [{"name": "cursor_key", "value": secrets.token_bytes(32)}])


# -- triggers ------------------------------------------------------------------------------------------


def _sqlite_triggers() -> None:
    for table in APPEND_ONLY:
        for change in ("UPDATE", "DELETE"):
            _sqlite_refusal(table, change, "", "rows are never changed or deleted")
    # INSERT OR REPLACE would delete a row without asking the trigger for DELETE
    _sqlite_refusal(
        "quotes",
        "INSERT",
        "EXISTS (SELECT 1 FROM quotes"
        " WHERE position = NEW.position OR id = NEW.id OR number = NEW.number OR revises = NEW.revises)",
        "the quote exists",
    )
    _sqlite_refusal(
        "waiver_ledger",
        "INSERT",
        "EXISTS (SELECT 1 FROM waiver_ledger WHERE position = NEW.position)",
        "the entry exists",
    )
    _sqlite_refusal("quote_states", "DELETE", "", "a quote keeps its state")
    _sqlite_refusal(
        "quote_states",
        "UPDATE",
        "OLD.status <> 'issued' OR NEW.status = 'issued' OR NEW.position <> OLD.position",
        "only an issued quote changes its state",
    )
    _sqlite_refusal(
        "quote_states",
        "INSERT",
        "NEW.status <> 'issued' OR EXISTS (SELECT 1 FROM quote_states WHERE position = NEW.position)",
        "a quote begins as issued",
    )
    _sqlite_refusal("numbers", "DELETE", "", "a number is given once")
    _sqlite_refusal("numbers", "UPDATE", "NEW.last <> OLD.last + 1", "numbers have no gaps")
    _sqlite_refusal(
        "audit_log",
        "INSERT",
        "NOT EXISTS (SELECT 1 FROM audit_head WHERE sequence = NEW.sequence - 1 AND hash = NEW.previous)",
        "an entry follows the last one",
    )
    _sqlite_refusal("audit_head", "DELETE", "", "the chain keeps its end")
    _sqlite_refusal("audit_head", "UPDATE", "NEW.sequence <> OLD.sequence + 1", "the chain only grows")
    op.execute(
        "CREATE TRIGGER quotes_begin AFTER INSERT ON quotes BEGIN"
        " INSERT INTO quote_states (position, status, changed_at)"
        " VALUES (NEW.position, 'issued', NEW.issued_at); END"
    )
    op.execute(
        "CREATE TRIGGER audit_log_moves_head AFTER INSERT ON audit_log BEGIN"
        " UPDATE audit_head SET sequence = NEW.sequence, hash = NEW.hash; END"
    )


def _sqlite_refusal(table: str, change: str, when: str, why: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_refuse_{change.lower()} BEFORE {change} ON {table}"
        f" {'WHEN ' + when if when else ''} BEGIN SELECT RAISE(ABORT, '{table}: {why}'); END"
    )


def _postgresql_triggers() -> None:
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN RAISE EXCEPTION '%: %', TG_TABLE_NAME, TG_ARGV[0]; END $$"
    )
    for table in APPEND_ONLY:
        _postgresql_refusal(table, "UPDATE OR DELETE", "", "rows are never changed or deleted")
    for table in (*APPEND_ONLY, "quote_states", "numbers", "audit_head"):
        op.execute(
            f"CREATE TRIGGER {table}_refuse_truncate BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('the table is never emptied')"
        )
    _postgresql_refusal("quote_states", "DELETE", "", "a quote keeps its state")
    _postgresql_refusal(
        "quote_states",
        "UPDATE",
        "OLD.status <> 'issued' OR NEW.status = 'issued' OR NEW.position <> OLD.position",
        "only an issued quote changes its state",
    )
    _postgresql_refusal("quote_states", "INSERT", "NEW.status <> 'issued'", "a quote begins as issued")
    _postgresql_refusal("numbers", "DELETE", "", "a number is given once")
    _postgresql_refusal("numbers", "UPDATE", "NEW.last <> OLD.last + 1", "numbers have no gaps")
    _postgresql_refusal("audit_head", "DELETE", "", "the chain keeps its end")
    _postgresql_refusal("audit_head", "UPDATE", "NEW.sequence <> OLD.sequence + 1", "the chain only grows")
    op.execute(
        "CREATE FUNCTION begin_quote() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " INSERT INTO quote_states (position, status, changed_at)"
        " VALUES (NEW.position, 'issued', NEW.issued_at); RETURN NULL; END $$"
    )
    op.execute("CREATE TRIGGER quotes_begin AFTER INSERT ON quotes FOR EACH ROW EXECUTE FUNCTION begin_quote()")
    op.execute(
        "CREATE FUNCTION chain_audit_entry() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " UPDATE audit_head SET sequence = NEW.sequence, hash = NEW.hash"
        " WHERE sequence = NEW.sequence - 1 AND hash = NEW.previous;"
        " IF NOT FOUND THEN RAISE EXCEPTION 'audit_log: an entry follows the last one'; END IF;"
        " RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_log_chained AFTER INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION chain_audit_entry()"
    )


def _postgresql_refusal(table: str, change: str, when: str, why: str) -> None:
    name = change.lower().replace(" ", "_")
    op.execute(
        f"CREATE TRIGGER {table}_refuse_{name} BEFORE {change} ON {table} FOR EACH ROW"
        f" {f'WHEN ({when})' if when else ''} EXECUTE FUNCTION refuse_change('{why}')"
    )
