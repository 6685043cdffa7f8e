"""Contracts with what happened to them; those that were accepted before are entered from their quotes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import orjson
import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")
INSTANT = sa.DateTime(timezone=True)
APPEND_ONLY = {  # by the rows that one of them would take the place of
    "contracts": "position = NEW.position",
    "contract_products": "position = NEW.position AND product = NEW.product",
    "contract_events": "id = NEW.id OR (position = NEW.position AND sequence = NEW.sequence) OR annuls = NEW.annuls",
}
TABLES = ("contracts", "contract_products", "contract_events", "contract_states")
CONTRACT = (
    "position",
    "business_number",
    "starts_on",
    "ends_on",
    "quoted_until",
    "waiver_starts_on",
    "waiver_ends_on",
    "request",
)
REAL_TIME = {  # what is taken of a licence that only an API asked for
    "reception_sets": 1,
    "disaster_recovery_sets": 0,
    "usage": {"standard_ids": 0, "personal_ids": 0, "queries": 0},
    "non_display_use": [],
}
AT_ONCE = 200
ONE_DAY = timedelta(days=1)


def upgrade() -> None:
    _contracts()
    _events()
    _enter_accepted()
    if op.get_bind().dialect.name == "postgresql":
        _postgresql_triggers()
    else:
        _sqlite_triggers()


def downgrade() -> None:
    """Events are lost with their table; what the audit log says of them stays."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _contracts() -> None:
    op.create_table(
        "contracts",
        sa.Column("position", SERIAL, autoincrement=False, nullable=False),
        sa.Column("business_number", CODE),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date),
        sa.Column("quoted_until", sa.Date, nullable=False),
        sa.Column("waiver_starts_on", sa.Date),
        sa.Column("waiver_ends_on", sa.Date),
        sa.Column("request", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_contracts"),
        sa.ForeignKeyConstraint(["position"], ["quotes.position"], name="fk_contracts_position"),
    )
    for column in ("business_number", "starts_on"):
        op.create_index(f"ix_contracts_{column}_position", "contracts", [column, "position"])
    op.create_table(
        "contract_products",
        sa.Column("product", CODE, nullable=False),
        sa.Column("position", SERIAL, nullable=False),
        sa.PrimaryKeyConstraint("product", "position", name="pk_contract_products"),
        sa.ForeignKeyConstraint(["position"], ["contracts.position"], name="fk_contract_products_position"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_contract_products_position", "contract_products", ["position"])


def _events() -> None:
    op.create_table(
        "contract_events",
        sa.Column("position", SERIAL, autoincrement=False, nullable=False),
        sa.Column("sequence", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("id", CODE, nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("on", sa.Date),
        sa.Column("ground", CODE),
        sa.Column("reason", sa.Text),
        sa.Column("annuls", CODE),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("entered_by", CODE, nullable=False),
        sa.PrimaryKeyConstraint("position", "sequence", name="pk_contract_events"),
        sa.UniqueConstraint("id", name="uq_contract_events_id"),
        sa.UniqueConstraint("annuls", name="uq_contract_events_annuls"),
        sa.ForeignKeyConstraint(["position"], ["contracts.position"], name="fk_contract_events_position"),
        sa.ForeignKeyConstraint(["annuls"], ["contract_events.id"], name="fk_contract_events_annuls"),
    )
    op.create_table(
        "contract_states",
        sa.Column("position", SERIAL, autoincrement=False, nullable=False),
        sa.Column("ends_on", sa.Date),
        sa.Column("waiver_ends_on", sa.Date),
        sa.PrimaryKeyConstraint("position", name="pk_contract_states"),
        sa.ForeignKeyConstraint(["position"], ["contracts.position"], name="fk_contract_states_position"),
    )
    for column in ("ends_on", "waiver_ends_on"):
        op.create_index(f"ix_contract_states_{column}_position", "contract_states", [column, "position"])


# -- the contracts that there are ------------------------------------------------------------------------


def _enter_accepted() -> None:
    connection = op.get_bind()
    tables = sa.MetaData()
    contracts, products, states = (
        sa.Table(name, tables, autoload_with=connection, resolve_fks=False)
        for name in ("contracts", "contract_products", "contract_states")
    )
    for found in _accepted(connection):
        rows = [_contract(row) for row in found]
        connection.execute(sa.insert(contracts), [{name: row[name] for name in CONTRACT} for row in rows])
        named = [{"product": product, "position": row["position"]} for row in rows for product in row["products"]]
        connection.execute(sa.insert(products), named) if named else None
        connection.execute(
            sa.insert(states),
            [{"position": row["position"], "ends_on": row["ends_on"], "waiver_ends_on": _last(row)} for row in rows],
        )


def _accepted(connection: sa.Connection) -> Iterator[list[Any]]:
    """The accepted quotes, some at a time."""
    quotes = sa.table(
        "quotes",
        *(sa.column(name) for name in ("position", "business_number", "facts")),
        *(sa.column(name, sa.Date) for name in ("starts_on", "waiver_starts_on", "waiver_ends_on")),
    )
    states = sa.table("quote_states", sa.column("position"), sa.column("status"))
    after = 0
    while True:
        query = (
            sa.select(quotes)
            .where(states.c.status == "accepted", states.c.position > after, quotes.c.position == states.c.position)
            .order_by(states.c.position)
            .limit(AT_ONCE)
        )
        rows = list(connection.execute(query))
        if not rows:
            return
        yield rows
        after = rows[-1].position


def _contract(row: Any) -> dict[str, Any]:
    facts = orjson.loads(row.facts)
    request = {**facts["request"], "licences": _licences(facts)}
    ends_on = date.fromisoformat(request["ends_on"]) if request["ends_on"] else None
    until = _month_after(row.starts_on, request["months"]) - ONE_DAY
    return {
        "position": row.position,
        "business_number": row.business_number,
        "starts_on": row.starts_on,
        "ends_on": ends_on,
        "quoted_until": min(until, ends_on) if ends_on else until,
        "waiver_starts_on": row.waiver_starts_on,
        "waiver_ends_on": row.waiver_ends_on,
        "request": orjson.dumps(request, option=orjson.OPT_SORT_KEYS).decode(),
        "products": sorted({licence["product"] for licence in request["licences"]}),
    }


def _licences(facts: Any) -> list[Any]:
    """The licences that the quote found, with all that was asked of them."""
    asked = {(licence["contract"], licence["product"]): licence for licence in facts["request"]["licences"]}
    found = []
    for licence in facts["licences"]:
        key = licence["contract"], licence["product"]
        plain = {"contract": key[0], "product": key[1], "options": licence["options"], "affiliate_extension": False}
        found.append(asked.get(key, plain | (REAL_TIME if key[0] == "real_time" else {})))
    return found


def _last(row: dict[str, Any]) -> date | None:
    """The last waived day inside the contract."""
    days: list[date] = [row[name] for name in ("waiver_ends_on", "ends_on") if row[name] is not None]
    return min(days) if row["waiver_ends_on"] else None


def _month_after(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


# -- triggers ------------------------------------------------------------------------------------------


def _sqlite_triggers() -> None:
    for table, same in APPEND_ONLY.items():
        for change in ("UPDATE", "DELETE"):
            _sqlite_refusal(table, change, "", "rows are never changed or deleted")
        # INSERT OR REPLACE would delete a row without asking the trigger for DELETE
        _sqlite_refusal(table, "INSERT", f"EXISTS (SELECT 1 FROM {table} WHERE {same})", "the row exists")
    _sqlite_refusal("contract_states", "DELETE", "", "a contract keeps its state")


def _sqlite_refusal(table: str, change: str, when: str, why: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_refuse_{change.lower()} BEFORE {change} ON {table}"
        f" {'WHEN ' + when if when else ''} BEGIN SELECT RAISE(ABORT, '{table}: {why}'); END"
    )


def _postgresql_triggers() -> None:
    for table in APPEND_ONLY:
        _postgresql_refusal(table, "UPDATE OR DELETE", "rows are never changed or deleted")
    _postgresql_refusal("contract_states", "DELETE", "a contract keeps its state")
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_refuse_truncate BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('the table is never emptied')"
        )


def _postgresql_refusal(table: str, change: str, why: str) -> None:
    name = change.lower().replace(" ", "_")
    op.execute(
        f"CREATE TRIGGER {table}_refuse_{name} BEFORE {change} ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION refuse_change('{why}')"
    )
