"""Interest on an invoice that is paid late, over HTTP: told for a due day and a day of payment, never by itself."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from support.asking import REQUEST

from fee_service.published.editions import Editions

LARGE: dict[str, Any] = {**REQUEST, "company": {"founded_on": "2010-01-01", "size": "large"}}


@pytest.fixture
def number(client: FlaskClient) -> str:
    """A contract of securities A, whose first invoice is 1,483,870 and 148,387 of VAT."""
    made: str = client.post("/v1/quotes", json=LARGE).get_json()["number"]
    assert client.post(f"/v1/quotes/{made}/acceptance").status_code == 200
    return made


def interest(client: FlaskClient, number: str, **days: str) -> Any:
    query = {"issued_on": "2026-12-09", "due_on": "2026-12-31", "paid_on": "2027-01-20", **days}
    return client.get(
        f"/v1/contracts/{number}/late-interest", query_string=query, headers={"Accept-Language": "en"}
    ).get_json()


def test_days_behind_the_due_day_bear_interest(client: FlaskClient, number: str, editions: Editions) -> None:
    """1,632,257 × 6 % × 20 / 365 = 5,366.3: rule, days and clause stand beside it."""
    told = interest(client, number)
    assert {name: told[name] for name in ("contract", "supply", "vat", "total", "days", "rate", "interest")} == {
        "contract": number, "supply": 1_483_870, "vat": 148_387, "total": 1_632_257, "days": 20, "rate": "6%",
        "interest": 5_366,
    }  # fmt: skip
    assert "1,632,257 won × 6 % a year × 20 ÷ 365 = 5,366 won (Commercial Act 54" in told["explanation"]
    assert told["price_list"] == editions.price_lists[0].id
    assert len(told["readings"]) == 1


@pytest.mark.parametrize("paid_on", ["2026-12-09", "2026-12-31"])
def test_who_pays_by_the_due_day_owes_none(client: FlaskClient, number: str, paid_on: str) -> None:
    """The due day itself included."""
    told = interest(client, number, paid_on=paid_on)
    assert (told["days"], told["interest"]) == (0, 0)
    assert "no late interest" in told["explanation"]


@pytest.mark.parametrize(
    ("days", "code", "place"),
    [
        ({"issued_on": "2026-12-10"}, "no_invoice_on_day", "/query/issued_on"),
        ({"issued_on": "2026-11-01", "due_on": "2026-11-30"}, "no_invoice_on_day", "/query/issued_on"),
        ({"due_on": "2026-12-08"}, "range_reversed", "/query/due_on"),
        ({"paid_on": "soon"}, "invalid_date", "/query/paid_on"),
    ],
)
def test_what_cannot_be_told_is_refused(
    client: FlaskClient, number: str, days: dict[str, str], code: str, place: str
) -> None:
    """A day without an invoice, a due day before it, a day that is none."""
    (fault,) = interest(client, number, **days)["errors"]
    assert (fault["code"], fault["pointer"]) == (code, place)


def test_without_a_day_of_payment_nothing_is_told(client: FlaskClient, number: str) -> None:
    """Neither does the service guess the due day, which only the invoice names."""
    answer = client.get(f"/v1/contracts/{number}/late-interest?issued_on=2026-12-09")
    assert [(fault["code"], fault["pointer"]) for fault in answer.get_json()["errors"]] == [
        ("missing_field", "/query/due_on"),
        ("missing_field", "/query/paid_on"),
    ]
