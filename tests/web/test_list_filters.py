"""The list of quotes is filtered alike in the API and on its page."""

from dataclasses import fields

import pytest
from flask.testing import FlaskClient
from support.calling import caller
from support.desk_forms import Seat

from fee_service.storage.searching import Wanted
from fee_service.web.quote_list_page import FILTERS
from schemas.stored import QuotesQuerySchema


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("business_number", "124-81-00999"),
        ("company", "a" * 500),
        ("text", "a" * 500),
        ("status", "lost"),
        ("policy", "p" * 500),
        ("issued_from", "2026-13-01"),
        ("starts_to", "yesterday"),
    ],
)
def test_an_impossible_filter_is_refused_on_both(seat: Seat, keys: dict[str, str], name: str, value: str) -> None:
    """With 422, by the same schema: neither the API nor the page lists something else instead."""
    api: FlaskClient = caller(seat.client.application, keys["sales"])
    answered = api.get("/v1/quotes", query_string={name: value})
    assert answered.status_code == 422
    assert [fault["pointer"] for fault in answered.get_json()["errors"]] == [f"/query/{name}"]
    assert seat.client.get("/quotes", query_string={name: value}).status_code == 422


def test_a_foreign_cursor_is_refused_on_both(seat: Seat, keys: dict[str, str]) -> None:
    """Only what this service gave out leads on."""
    api: FlaskClient = caller(seat.client.application, keys["sales"])
    answered = api.get("/v1/quotes", query_string={"cursor": "made-up"})
    assert (answered.status_code, answered.get_json()["errors"][0]["pointer"]) == (400, "/query/cursor")
    assert seat.client.get("/quotes", query_string={"cursor": "made-up"}).status_code == 422


def test_the_page_leaves_out_no_filter_of_the_api() -> None:
    """One that the schema learns and the page forgets would be ignored there."""
    known = set(QuotesQuerySchema().fields) - {"limit", "cursor"}
    of_contracts = {"contracts", "product", "active_on", "waiver_ends_from", "waiver_ends_to"}
    assert known == set(FILTERS) == {field.name for field in fields(Wanted)} - {"owner"} - of_contracts
