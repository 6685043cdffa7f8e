"""Files of usage reports for tests: a contract, rows, how they are sent, and what is kept of them."""

from datetime import date
from typing import Any

from fee_service.actors import Actor, Role
from fee_service.finance import listing_reports, taking_in
from fee_service.quotes import closing
from fee_service.quotes.desk import Desk
from support.asking import PORTAL, call, issue, said

LATER = date(2027, 3, 5)
FINANCE = Actor("finance-key", Role.FINANCE)
HEADER = "contract,month,product,standard_ids,personal_ids,queries,reported_on"
TWO = [
    {"contract": "real_time", "product": "securities_a"},
    {"contract": "real_time", "product": "securities_b"},
    {"contract": "closing_price", "product": "securities_a"},
]


def contract(at: Desk) -> str:
    """The number of a new contract."""
    quote = issue(at, call(actor=PORTAL), licences=TWO)
    closing.accept(at, quote["id"], call())
    named: str = quote["number"]
    return named


def csv_of(*rows: str, header: str = HEADER) -> bytes:
    """A CSV with some rows."""
    return "\n".join([header, *rows, ""]).encode()


def take(at: Desk, raw: bytes, key: str | None = None) -> dict[str, Any]:
    """Have a file kept."""
    return said(taking_in.take_in(at, raw, call(LATER, FINANCE, key)))


def kept(at: Desk) -> list[tuple[str, str, dict[str, list[int]]]]:
    """Month, day and usage of every report."""
    page = listing_reports.list_reports(at, {"limit": 200}, call(LATER, FINANCE))
    return [
        (
            each["month"],
            str(each["reported_on"]),
            {used["product"]: [used[name] for name in ("standard_ids", "personal_ids", "queries")]
             for used in each["usage"]},
        )
        for each in page["reports"]
    ]  # fmt: skip
