"""How a contract stands: events cut its end and its waiver, are taken back, and never change what was quoted."""

from datetime import date

import pytest
from support.core import day, days, licence, request

from fee_service.contract import Contract, ContractEvent, EventKind, WithdrawalGround
from fee_service.periods import Period
from fee_service.rules.standing import Term, contract_year, in_effect, standing_of, term_of

WAIVED = days("2027-01-01", "2030-01-01")


def ended(on: str, number: str = "end") -> ContractEvent:
    """The last contract day."""
    return ContractEvent(number, EventKind.ENDED, day(on))


def withdrawn(on: str, number: str = "cut") -> ContractEvent:
    """The day from which nothing is waived."""
    return ContractEvent(number, EventKind.WAIVER_WITHDRAWN, day(on), WithdrawalGround.MISUSE)


def annulled(event: str, number: str = "back") -> ContractEvent:
    """An event is taken back."""
    return ContractEvent(number, EventKind.ANNULLED, annuls=event)


def contract(*events: ContractEvent, waived: Period | None = WAIVED, ends_on: str | None = None) -> Contract:
    """A contract from 2027 on, waived for three years."""
    asked = request(licence(), ends_on=day(ends_on) if ends_on else None)
    return Contract("Q-2026-000001", asked, days("2027-01-01", "2032-01-01"), waived, events)


def test_without_events_a_contract_stands_as_it_was_agreed() -> None:
    """No end is known, and the waiver is the quoted one."""
    assert standing_of(contract()) == (None, WAIVED, None, None)


def test_an_end_agreed_at_the_start_ends_the_waiver_too() -> None:
    """`ends_on` is the last day: the end is the day after."""
    assert standing_of(contract(ends_on="2028-03-14")) == (
        day("2028-03-15"),
        days("2027-01-01", "2028-03-15"),
        None,
        None,
    )


def test_an_event_ends_the_contract_after_its_day() -> None:
    """2028-03-14 is the last contract day, so it is the last waived one."""
    event = ended("2028-03-14")
    assert standing_of(contract(event)) == (day("2028-03-15"), days("2027-01-01", "2028-03-15"), event, None)


def test_an_end_beyond_the_agreed_one_changes_nothing() -> None:
    """The agreed day comes first."""
    later, same = ended("2029-01-01"), ended("2028-03-14")
    assert standing_of(contract(later, ends_on="2028-03-14")).ended is None
    assert standing_of(contract(same, ends_on="2028-03-14")).ended is None
    assert standing_of(contract(ended("2028-03-13"), ends_on="2028-03-14")).end == day("2028-03-14")


def test_a_withdrawn_waiver_ends_before_the_day_of_its_withdrawal() -> None:
    """Nothing is waived from 2028-02-01 on: 2028-01-31 is the last waived day."""
    event = withdrawn("2028-02-01")
    assert standing_of(contract(event)) == (None, days("2027-01-01", "2028-02-01"), None, event)


@pytest.mark.parametrize("on", ["2027-01-01", "2026-12-31"])
def test_a_waiver_withdrawn_from_its_first_day_on_is_none(on: str) -> None:
    """A period of 0 days is no waiver."""
    assert standing_of(contract(withdrawn(on))).waived is None


@pytest.mark.parametrize(("on", "cut"), [("2029-12-31", True), ("2030-01-01", False)])
def test_a_waiver_that_is_over_cannot_be_cut(on: str, cut: bool) -> None:
    """2029-12-31 is the last waived day; from the day after there is nothing to withdraw."""
    assert (standing_of(contract(withdrawn(on))).withdrawn is not None) is cut


def test_an_annulled_event_counts_no_more_and_another_may_follow() -> None:
    """Both stay visible in the contract; only the last one holds."""
    first, second = ended("2028-03-14"), ended("2028-06-30", "again")
    events = (first, annulled("end"), second)
    assert in_effect(events) == (second,)
    assert standing_of(contract(*events)).end == day("2028-07-01")
    assert standing_of(contract(withdrawn("2027-05-01"), annulled("cut"))).waived == WAIVED


def test_the_earlier_of_two_events_holds() -> None:
    """Whichever was entered first."""
    one, two = withdrawn("2028-02-01", "one"), withdrawn("2027-05-01", "two")
    for events in ((one, two), (two, one)):
        assert standing_of(contract(*events)).waived == days("2027-01-01", "2027-05-01")
        assert standing_of(contract(*events)).withdrawn == two


def test_a_withdrawal_from_a_day_after_the_end_withdraws_nothing() -> None:
    """Ended on 31 May 2028: the end cuts the waiver, whichever was entered first."""
    for day_after, cut in (("2028-06-01", None), ("2028-05-31", withdrawn("2028-05-31"))):
        found = standing_of(contract(withdrawn(day_after), ended("2028-05-31")))
        assert found.withdrawn == cut
        assert found.waived == days("2027-01-01", "2028-06-01" if cut is None else "2028-05-31")


def test_nothing_waived_stays_nothing() -> None:
    """A withdrawal of what was never granted is no event that cut it."""
    assert standing_of(contract(withdrawn("2028-02-01"), waived=None)) == (None, None, None, None)


@pytest.mark.parametrize(
    ("on", "first", "end", "notice"),
    [
        ("2026-12-09", "2026-12-09", "2027-01-01", "2026-11-30"),
        ("2026-12-31", "2026-12-09", "2027-01-01", "2026-11-30"),
        ("2027-01-01", "2027-01-01", "2028-01-01", "2027-11-30"),
        ("2026-01-01", "2026-12-09", "2027-01-01", "2026-11-30"),  # before its start: the first term
        ("2028-02-29", "2028-01-01", "2029-01-01", "2028-11-30"),
    ],
)
def test_a_contract_runs_through_the_year_and_notice_ends_a_month_before(
    on: str, first: str, end: str, notice: str
) -> None:
    """P1 §2.1: through 31 December of its first year, then yearly; one month before is by 30 November."""
    assert contract_year(day("2026-12-09"), day(on), 1) == (days(first, end), day(notice))


def test_the_time_of_notice_is_data() -> None:
    """Three months before the year ends is by 30 September; none, the last day itself."""
    assert contract_year(day("2026-12-09"), day("2027-05-01"), 3).last_notice == date(2027, 9, 30)
    assert contract_year(day("2026-12-09"), day("2027-05-01"), 0).last_notice == date(2027, 12, 31)


@pytest.mark.parametrize(
    ("today", "term"),
    [
        ("2026-12-08", Term(days("2026-12-09", "2027-01-01"), day("2027-01-01"), day("2026-11-30"), day("2027-11-30"))),
        ("2027-11-30", Term(days("2027-01-01", "2028-01-01"), day("2028-01-01"), day("2027-11-30"), day("2028-11-30"))),
        ("2028-01-01", Term(days("2028-01-01", "2028-03-15"), None, None, None)),  # its last year
        ("2028-03-14", Term(days("2028-01-01", "2028-03-15"), None, None, None)),
        ("2028-03-15", None),
    ],
)
def test_the_term_of_a_day_and_its_renewal(today: str, term: Term | None) -> None:
    """From 9 December 2026 to 14 March 2028: notice until 30 November, no renewal in its last year (P1 §2.1)."""
    assert term_of(day("2026-12-09"), day("2028-03-15"), day(today), 1) == term


def test_a_contract_that_ends_with_a_year_is_not_renewed_and_one_that_ends_a_day_later_is() -> None:
    """31 December and 1 January."""
    with_it = term_of(day("2027-03-01"), day("2028-01-01"), day("2027-06-01"), 1)
    assert with_it == Term(days("2027-03-01", "2028-01-01"), None, None, None)
    assert not with_it.is_open(day("2027-03-01"))
    beyond = term_of(day("2027-03-01"), day("2028-01-02"), day("2027-06-01"), 1)
    assert beyond is not None
    assert beyond.renews_on == day("2028-01-01")
    assert (beyond.is_open(day("2027-11-30")), beyond.is_open(day("2027-12-01"))) == (True, False)
