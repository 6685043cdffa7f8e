"""Contracts that were accepted before there was a place for them are entered as acceptance would have entered them."""

from typing import Any

from sqlalchemy import select
from support.asking import call, issue

from fee_service.quotes import closing
from fee_service.quotes.desk import Desk
from fee_service.storage import sealing
from fee_service.storage.database import Database
from fee_service.storage.tables import contract_products, contract_states, contracts

BEFORE = "0007"  # the last revision without contracts
ASKED: tuple[dict[str, Any], ...] = (
    {},
    {"apis": ["주식실시간종가B", "주식실시간A"], "licences": [], "starts_on": "2027-01-31", "months": 12,
     "company_business_number": None},
    {"ends_on": "2027-06-15", "company_business_number": None},
    {"channel": "direct", "company_size": "large", "price_list": "market-data-2018-07-01"},
    {"licences": [{"contract": "real_time", "product": "securities_a", "usage": {"personal_ids": 7}},
                  {"contract": "closing_price", "product": "securities_a", "affiliate_extension": True}],
     "company_business_number": None},
)  # fmt: skip


def rows(database: Database) -> list[list[dict[str, Any]]]:
    """Everything that is kept of contracts."""
    with database.reading() as connection:
        found = [
            [dict(row._mapping) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in (contracts, contract_products, contract_states)
        ]
        assert sealing.verify_quotes(connection) == []
    return found


def test_contracts_from_before_are_entered_from_their_quotes(desk: Desk) -> None:
    """Row by row the same, and as the audit log tells of them; a quote that nobody accepted is none."""
    for asked in ASKED:
        closing.accept(desk, issue(desk, **asked)["number"], call())
    issue(desk)
    entered = rows(desk.database)
    assert len(entered[0]) == len(ASKED)
    desk.database.downgrade(BEFORE)
    desk.database.upgrade()
    assert rows(desk.database) == entered
