"""Why what is owed is not what was quoted: events, lists and reports, each from its first day on."""

from dataclasses import replace

import pytest
from support.core import LIST, day, days, licence, request, said, spans

from fee_service.contract import Contract, ContractEvent, EventKind, UsageReport, WithdrawalGround
from fee_service.model import Usage
from fee_service.published.editions import Editions, PriceList
from fee_service.rules.differing import QuotedLists, differences
from fee_service.rules.standing import standing_of

HORIZON = days("2027-01-01", "2032-01-01")
ENDED = ContractEvent("end", EventKind.ENDED, day("2028-03-14"))
WITHDRAWN = ContractEvent("cut", EventKind.WAIVER_WITHDRAWN, day("2027-06-01"), WithdrawalGround.MISUSE)
QUOTED = ((day("2027-01-01"), LIST),)
Told = list[tuple[str, str | None, str]]


def report(number: str, month: str) -> UsageReport:
    """Ten personal IDs of a month."""
    return UsageReport(number, day(month), day("2028-01-05"), (("securities_a", Usage(0, 10, 0)),))


def told(
    editions: Editions,
    *events: ContractEvent,
    quoted: QuotedLists = QUOTED,
    held: tuple[tuple[str, str, PriceList], ...] = (),
    reports: tuple[UsageReport, ...] = (),
    starts_on: str = "2027-01-01",
) -> Told:
    """The day, the event and the sentence of each difference of a contract from 2027 on that was quoted for 5 years."""
    asked = request(licence(), starts_on=starts_on)
    contract = Contract("Q-2026-000001", asked, HORIZON, days("2027-01-01", "2030-01-01"), events, reports)
    lists = spans(*(held or (("2027-01-01", "2032-01-01", editions.price_list(LIST)),)))
    grounds = editions.contract_rules.withdrawal_grounds
    found = differences(contract, standing_of(contract), quoted, lists, grounds)
    return [(each.since.isoformat(), each.event, said(each.text)) for each in found]


def test_where_nothing_happened_nothing_differs(editions: Editions) -> None:
    assert told(editions) == []


def test_an_end_differs_from_the_day_after_it_in_the_order_of_days(editions: Editions) -> None:
    """The withdrawal of 2027-06-01 comes first, whichever was entered first."""
    found = told(editions, ENDED, WITHDRAWN)
    assert [(since, event) for since, event, _ in found] == [("2027-06-01", "cut"), ("2028-03-15", "end")]
    assert found[1][2] == "The contract ended on 2028-03-14: nothing is owed after it, other than quoted."
    assert found[0][2].startswith(
        "The waiver was withdrawn: what was quoted as waived is owed from 2027-06-01 on. Ground: "
    )


@pytest.mark.parametrize(("on", "differs"), [("2031-12-30", True), ("2031-12-31", False), ("2032-01-01", False)])
def test_an_end_on_the_last_quoted_day_changes_nothing_that_was_quoted(
    editions: Editions, on: str, differs: bool
) -> None:
    assert bool(told(editions, replace(ENDED, on=day(on)))) is differs


def test_another_list_differs_from_the_day_on_which_it_holds(editions: Editions) -> None:
    """Published after the quote; one that was quoted from that day on is no other."""
    first = editions.price_list(LIST)
    later = replace(first, id="later")
    held = (("2027-01-01", "2029-01-01", first), ("2029-01-01", "2032-01-01", later))
    assert told(editions, held=held) == [
        ("2029-01-01", None, f"From 2029-01-01 on another price list holds than was quoted: {first.title.en}.")
    ]
    assert told(editions, quoted=(*QUOTED, (day("2029-01-01"), "later")), held=held) == []
    assert [since for since, _, _ in told(editions, quoted=(*QUOTED, (day("2029-01-02"), "later")), held=held)] == [
        "2029-01-01"
    ]
    assert told(editions, quoted=(), held=held) == []  # what was quoted is not known


def test_reported_usage_differs_from_its_first_month(editions: Editions) -> None:
    """Each month counts once, however often it was reported; before the start day nothing differs."""
    reports = (report("R2", "2027-05-01"), report("R1", "2027-03-01"), report("R3", "2027-05-01"))
    sentence = "The usage fees of 2 months (2027-03 to 2027-05) follow the usage reports, not the usage as quoted."
    assert told(editions, reports=reports) == [("2027-03-01", None, sentence)]
    found = told(editions, reports=(report("R1", "2027-03-01"),), starts_on="2027-03-10")
    assert [since for since, _, _ in found] == ["2027-03-10"]


def test_what_begins_on_one_day_is_told_with_the_event_before_the_list(editions: Editions) -> None:
    """The contract ends on the day before another list begins to hold."""
    first = editions.price_list(LIST)
    held = (("2027-01-01", "2029-01-01", first), ("2029-01-01", "2032-01-01", replace(first, id="later")))
    found = told(editions, replace(ENDED, on=day("2028-12-31")), held=held)
    assert [(since, event) for since, event, _ in found] == [("2029-01-01", "end"), ("2029-01-01", None)]
