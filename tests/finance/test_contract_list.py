"""Lists of contracts: newest first, page by page, by what was agreed and by how events leave it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from support.asking import OTHER_NUMBER, call, issue
from support.databases import KINDS, new_database

from fee_service.errors import FeeError
from fee_service.finance import happening, listing
from fee_service.published.editions import Editions
from fee_service.quotes import closing
from fee_service.quotes.desk import Desk
from fee_service.storage.database import Database
from schemas import load
from schemas.contracts import ContractEventSchema, ContractsQuerySchema

# in the order of issue; each is named by its letter
ASKED: dict[str, dict[str, Any]] = {
    "a": {},
    "b": {"company_name": "다른 회사", "company_business_number": OTHER_NUMBER, "starts_on": "2027-02-01"},
    "c": {"company_business_number": None, "ends_on": "2027-03-31", "apis": ["주식실시간종가B"]},
    "d": {"company_business_number": None, "channel": "direct"},  # nothing waived
    "e": {"company_business_number": None, "licences": [{"contract": "closing_price", "product": "commodities_a"}]},
}
EVENTS: dict[str, dict[str, Any]] = {
    "a": {"kind": "ended", "on": "2027-01-31"},
    "e": {"kind": "waiver_withdrawn", "on": "2026-12-09", "ground": "misuse"},
}


@pytest.fixture(scope="module", params=KINDS)
def listed(
    request: pytest.FixtureRequest, editions: Editions, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    """A desk with five contracts, a quote that nobody accepted, and the letters of the contracts by number."""
    folder: Path = tmp_path_factory.mktemp("listed")
    desk = Desk(Database(new_database(request.param, folder)), editions)
    letters = {issue(desk, **asked)["number"]: letter for letter, asked in ASKED.items()}
    issue(desk)
    for number, letter in letters.items():
        closing.accept(desk, number, call())
        if letter in EVENTS:
            happening.enter(desk, number, load(ContractEventSchema, EVENTS[letter]), call())
    yield desk, letters
    desk.database.close()


def page(desk: Desk, **wishes: str) -> dict[str, Any]:
    """A page as it is asked for in a query."""
    loaded = load(ContractsQuerySchema, wishes)
    assert loaded.faults == []
    content: dict[str, Any] = orjson.loads(listing.list_contracts(desk, loaded.values, call()))
    return content


@pytest.mark.parametrize(
    ("wishes", "letters"),
    [
        ({}, "edcba"),
        ({"product": "securities_a"}, "dcba"),
        ({"product": "commodities_a"}, "e"),
        ({"product": "securities_b"}, "c"),  # that an API needed
        ({"product": "unheard_of"}, ""),
        ({"business_number": OTHER_NUMBER.replace("-", "")}, "b"),
        ({"text": "다른"}, "b"),
        ({"text": "1"}, "a"),  # its number
        ({"text": "2208162517"}, "b"),
        ({"active_on": "2026-12-08"}, ""),
        ({"active_on": "2026-12-09"}, "edca"),
        ({"active_on": "2027-01-31"}, "edca"),
        ({"active_on": "2027-02-01"}, "edcb"),  # a has ended, b begins
        ({"active_on": "2027-04-01"}, "edb"),
        ({"waiver_ends_to": "2027-01-31"}, "a"),
        ({"waiver_ends_to": "2027-01-30"}, ""),
        ({"waiver_ends_from": "2027-02-01"}, "cb"),  # neither d nor e is waived on any day
        ({"waiver_ends_from": "2027-03-31", "waiver_ends_to": "2027-03-31"}, "c"),
        ({"waiver_ends_from": "2030-01-31"}, "b"),
        ({"product": "securities_a", "active_on": "2027-02-01", "waiver_ends_from": "2027-02-01"}, "cb"),
        ({"product": "securities_a", "text": "스타트업", "active_on": "2027-02-01"}, "dc"),
    ],
)
def test_a_list_holds_what_meets_all_its_filters(listed: Any, wishes: dict[str, str], letters: str) -> None:
    """Each filter alone at its boundary days, and together."""
    desk, names = listed
    found = page(desk, **wishes)
    assert "".join(names[each["number"]] for each in found["contracts"]) == letters
    assert found["next_cursor"] is None


def test_what_a_list_shows_of_a_contract(listed: Any) -> None:
    """What was agreed, and how events leave it."""
    desk, _ = listed
    by_number = {each["number"][-1]: each for each in page(desk)["contracts"]}
    a, c, d, e = (by_number[last] for last in "1345")
    assert (a["company"], a["products"]) == (
        {"name": "(주)스타트업", "business_number": "124-81-00998"},
        ["securities_a"],
    )
    assert (a["starts_on"], a["ends_on"], a["quoted_until"]) == ("2026-12-09", "2027-01-31", "2031-11-30")
    policy = "open-api-faq-2018-12"
    assert a["waiver"] == {"granted": True, "policy": policy, "starts_on": "2026-12-09", "ends_on": "2027-01-31"}
    assert (c["ends_on"], c["waiver"]["ends_on"]) == ("2027-03-31", "2027-03-31")
    assert d["waiver"] == {"granted": False, "policy": policy, "starts_on": None, "ends_on": None}
    assert e["waiver"] == {"granted": True, "policy": policy, "starts_on": None, "ends_on": None}


@pytest.mark.parametrize("wishes", [{}, {"product": "securities_a"}, {"active_on": "2026-12-09"}])
def test_pages_follow_each_other_without_a_gap(listed: Any, wishes: dict[str, str]) -> None:
    """One contract a page; a cursor belongs to its filters, and is none of the list of quotes."""
    desk, _ = listed
    whole = [each["number"] for each in page(desk, **wishes)["contracts"]]
    found, cursor = [], ""
    while cursor is not None:
        part = page(desk, limit="1", **wishes, **({"cursor": cursor} if cursor else {}))
        found += [each["number"] for each in part["contracts"]]
        cursor = part["next_cursor"]
    assert found == whole
    first = page(desk, limit="1", **wishes)["next_cursor"]
    for other in ({"text": "a"}, {"product": "securities_b"}):
        with pytest.raises(FeeError) as error:
            page(desk, cursor=first, **other)
        assert (error.value.status, error.value.faults[0].code) == (400, "invalid_cursor")


def test_a_query_that_says_nothing_certain_is_refused_with_all_its_faults() -> None:
    """Days of another shape, a range that ends before it begins, a number that is none, an unknown filter."""
    wishes = {
        "active_on": "2027-2-1",
        "waiver_ends_from": "2027-02-02",
        "waiver_ends_to": "2027-02-01",
        "business_number": "124-81-00999",
        "state": "running",
        "limit": "0",
    }
    faults = load(ContractsQuerySchema, wishes).faults
    assert sorted((fault.code, fault.pointer) for fault in faults) == [
        ("invalid_business_number", "/business_number"),
        ("invalid_date", "/active_on"),
        ("out_of_range", "/limit"),
        ("range_reversed", "/waiver_ends_to"),
        ("unknown_field", "/state"),
    ]
