"""Earlier waivers: united by days, cut at the start, held against what the caller states."""

import pytest
from support.core import days, licence, request

from fee_service.model import EarlierWaiver
from fee_service.periods import Period
from fee_service.rules.prior_use import before, covers, exceeds, united, with_earlier_waivers

JANUARY, FEBRUARY = days("2026-01-01", "2026-02-01"), days("2026-02-01", "2026-03-01")
LATE_JANUARY = days("2026-01-20", "2026-02-10")
ASKED = request(licence(), starts_on="2027-01-01")


@pytest.mark.parametrize(
    ("periods", "result"),
    [
        ((), ()),
        ((JANUARY,), (JANUARY,)),
        ((FEBRUARY, JANUARY), (JANUARY, FEBRUARY)),  # in the order of time; touching ones stay two
        ((JANUARY, JANUARY), (JANUARY,)),
        ((JANUARY, LATE_JANUARY), (days("2026-01-01", "2026-02-10"),)),
        ((JANUARY, days("2026-01-05", "2026-01-06")), (JANUARY,)),  # one inside another
        ((JANUARY, LATE_JANUARY, FEBRUARY), (days("2026-01-01", "2026-03-01"),)),
        ((JANUARY, days("2026-02-02", "2026-02-05")), (JANUARY, days("2026-02-02", "2026-02-05"))),
        ((days("2026-01-31", "2026-02-02"), JANUARY), (days("2026-01-01", "2026-02-02"),)),  # one day in both
    ],
)
def test_the_same_days_without_an_overlap(periods: tuple[Period, ...], result: tuple[Period, ...]) -> None:
    assert united(periods) == result


@pytest.mark.parametrize(
    ("period", "part"),
    [
        (days("2026-12-01", "2026-12-31"), days("2026-12-01", "2026-12-31")),
        (days("2026-12-01", "2027-01-01"), days("2026-12-01", "2027-01-01")),  # it ends where the contract starts
        (days("2026-12-01", "2027-01-02"), days("2026-12-01", "2027-01-01")),
        (days("2027-01-01", "2027-02-01"), days("2027-01-01", "2027-01-01")),
        (days("2027-03-01", "2027-04-01"), days("2027-03-01", "2027-03-01")),  # all of it comes later: no day
    ],
)
def test_only_the_days_before_the_contract_count(period: Period, part: Period) -> None:
    assert before(ASKED, period) == part


def test_a_request_that_the_ledger_knows_nothing_of_stays_as_it_is() -> None:
    asked = request(licence(), prior_waiver=(FEBRUARY, JANUARY))
    assert with_earlier_waivers(asked, ()) == (asked, ())
    later = EarlierWaiver("Q-1", days("2027-01-01", "2027-02-01"))
    assert with_earlier_waivers(asked, (later,)) == (asked, ())


def test_what_the_ledger_knows_is_united_with_what_the_caller_states() -> None:
    asked = request(licence(), prior_waiver=(LATE_JANUARY,), starts_on="2027-01-01")
    known = (
        EarlierWaiver("Q-1", JANUARY),
        EarlierWaiver("Q-2", days("2026-12-15", "2027-03-01")),
        EarlierWaiver("Q-3", days("2027-01-01", "2027-03-01")),
    )
    counted, found = with_earlier_waivers(asked, known)
    assert found == (EarlierWaiver("Q-1", JANUARY), EarlierWaiver("Q-2", days("2026-12-15", "2027-01-01")))
    assert counted.prior_waiver == (days("2026-01-01", "2026-02-10"), days("2026-12-15", "2027-01-01"))
    assert (counted.starts_on, counted.licences, counted.company) == (asked.starts_on, asked.licences, asked.company)


@pytest.mark.parametrize(
    ("periods", "months", "more"),
    [
        ((JANUARY,), 1, False),
        ((days("2026-01-01", "2026-02-02"),), 1, True),
        ((JANUARY, FEBRUARY), 2, False),
        ((FEBRUARY, JANUARY), 2, False),  # in whatever order they were accepted
        ((JANUARY, days("2026-02-01", "2026-03-02")), 2, True),
        ((JANUARY, JANUARY), 1, False),  # days that two contracts share count once
        ((JANUARY, days("2026-01-15", "2026-02-01")), 1, False),
        # 15 days and then a month less 15 days
        ((days("2026-01-01", "2026-01-16"), days("2026-03-01", "2026-03-17")), 1, False),
        ((days("2026-01-01", "2026-01-16"), days("2026-03-01", "2026-03-18")), 1, True),
        # a period of no days counts for nothing, though it comes last
        ((JANUARY, days("2026-06-01", "2026-06-01")), 1, False),
        ((days("2026-01-01", "2026-02-02"), days("2026-06-01", "2026-06-01")), 1, True),
        ((days("2025-06-01", "2025-06-01"), JANUARY), 1, False),
    ],
)
def test_whether_the_waivers_of_one_company_take_more_than_a_policy_grants(
    periods: tuple[Period, ...], months: int, more: bool
) -> None:
    assert exceeds(periods, months) is more


@pytest.mark.parametrize(
    ("stated", "known", "all_of_it"),
    [
        ((), (), True),
        ((JANUARY,), (), True),
        ((), (JANUARY,), False),
        ((JANUARY,), (JANUARY,), True),
        ((JANUARY, FEBRUARY), (LATE_JANUARY,), True),  # across two that touch
        ((JANUARY,), (LATE_JANUARY,), False),
        ((JANUARY, JANUARY), (days("2026-01-01", "2026-02-02"),), False),  # no day counts twice
        ((JANUARY,), (JANUARY, FEBRUARY), False),
        ((days("2026-01-02", "2026-02-01"),), (JANUARY,), False),
        ((days("2025-12-01", "2026-06-01"),), (JANUARY, FEBRUARY), True),
        ((JANUARY,), (days("2026-05-05", "2026-05-05"),), True),  # a period of no days is covered by any
    ],
)
def test_whether_a_request_states_every_day_that_the_ledger_knows(
    stated: tuple[Period, ...], known: tuple[Period, ...], all_of_it: bool
) -> None:
    assert covers(stated, known) is all_of_it
