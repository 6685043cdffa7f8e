"""What a contract is expected to be billed: its dues as judging takes them, what stands beside them, and its VAT."""

from datetime import date
from typing import Any

from support.running import contract_of

from fee_service.contract import Contract
from fee_service.published.editions import Editions
from fee_service.rules.expecting import Expecting, expecting
from fee_service.rules.judging import CheckedAgainst

NOVEMBER, DECEMBER, JANUARY, FEBRUARY = date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1)
REQUEST: dict[str, Any] = {
    "company": {"founded_on": "2010-01-01", "size": "large"},
    "licences": [{"contract": "real_time", "product": "securities_a", "usage": {"personal_ids": 10}}],
    "starts_on": "2026-12-09",
}


def contract(editions: Editions, **life: Any) -> Contract:
    return contract_of({"request": REQUEST, **life}, editions)


def test_dues_are_expected_with_their_month_their_invoice_and_what_they_are_held_against(editions: Editions) -> None:
    """December by days, 1,483,870, billed at the start; its use as quoted, because no report is due yet."""
    found = expecting(contract(editions), editions, DECEMBER, DECEMBER, DECEMBER)
    told = [(due.key.fee, due.month, due.invoice_on, due.checked_against, due.amount) for due in found.dues]
    assert told == [
        ("base_fee", DECEMBER, date(2026, 12, 9), CheckedAgainst.CONTRACT, 1_483_870),
        ("usage_fee", DECEMBER, FEBRUARY, CheckedAgainst.NONE, 8_161),  # 10 × 1,100 × 23 / 31
    ]


def test_reported_use_is_held_against_the_report(editions: Editions) -> None:
    report = {"month": "2026-12", "reported_on": "2027-01-20", "usage": {"securities_a": {"personal_ids": 20}}}
    found = expecting(contract(editions, reports=[report]), editions, DECEMBER, DECEMBER, FEBRUARY)
    assert [(due.checked_against.value, due.amount) for due in found.dues] == [
        ("contract", 1_483_870),
        ("report", 16_322),  # 20 × 1,100 × 23 / 31
    ]


def test_what_may_be_billed_beside_the_dues_is_told_for_the_months_that_are_asked_for(editions: Editions) -> None:
    """Of each month its own: use that was not quoted, in each unit, for nothing."""
    found = expecting(contract(editions), editions, DECEMBER, FEBRUARY, FEBRUARY)
    beside = found.beside([JANUARY, FEBRUARY])
    assert {(key.fee, key.column, month) for key, month in beside} == {
        ("usage_fee", column, month) for column in ("standard", "query") for month in (JANUARY, FEBRUARY)
    }
    assert {(each.span.start, each.net) for (_, month), each in beside.items() if month == JANUARY} == {(JANUARY, 0)}
    assert found.beside([]) == {}


def test_the_vat_of_an_invoice_is_that_of_the_list_of_its_day(editions: Editions) -> None:
    found = expecting(contract(editions), editions, DECEMBER, DECEMBER, DECEMBER)
    rate = found.vat_rate(date(2026, 12, 9))
    assert rate is not None
    assert rate == editions.price_list_on(DECEMBER).vat


def test_before_a_contract_begins_nothing_is_expected(editions: Editions) -> None:
    """No due, nothing beside it, and no rate of VAT."""
    found = Expecting((), None)
    assert expecting(contract(editions), editions, NOVEMBER, NOVEMBER, NOVEMBER) == found
    assert found.beside([DECEMBER]) == {}
    assert found.vat_rate(DECEMBER) is None
