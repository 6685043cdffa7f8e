"""Which list holds for a contract on a day: that of its start, later ones once they hold for running contracts."""

from dataclasses import replace
from datetime import date

import pytest
from support.core import LIST, day, days

from fee_service.published.editions import Editions, NotFound, PriceList

A, B, C = "list-a", "list-b", "list-c"


def lists(editions: Editions, *of: tuple[str, str, str | None, str | None], supersede: bool = True) -> Editions:
    """Editions with lists of a name, a first day, a first day for running contracts and a last day."""
    printed = editions.price_list(LIST)
    made: list[PriceList] = []
    for name, first, running, last in of:
        before = made[-1].id if made and supersede and made[-1].valid_to is None else None
        made.append(
            replace(
                printed,
                id=name,
                valid_from=day(first),
                valid_from_for_running_contracts=day(running or first),
                valid_to=day(last) if last else None,
                supersedes=before,
            )
        )
    return replace(editions, price_lists=tuple(made))


def held(editions: Editions, first: str, end: str) -> list[tuple[str, str, str]]:
    """The lists of a contract over some days: name, first day, last day."""
    found = editions.price_lists_over(days(first, end))
    return [(each.id, str(span.start), str(span.last_day)) for span, each in found]


def test_a_later_list_holds_from_its_own_day_unless_it_says_another(editions: Editions) -> None:
    """Without a day for running contracts, that is its first day."""
    two = lists(editions, (A, "2018-07-01", None, None), (B, "2027-01-01", None, None))
    assert held(two, "2026-06-10", "2027-07-01") == [(A, "2026-06-10", "2026-12-31"), (B, "2027-01-01", "2027-06-30")]


@pytest.mark.parametrize(
    ("start", "found"),
    [
        ("2026-12-31", [(A, "2026-12-31", "2027-03-14"), (B, "2027-03-15", "2027-06-30")]),  # it runs already
        ("2027-01-01", [(B, "2027-01-01", "2027-06-30")]),  # it starts under the new list
        ("2027-02-10", [(B, "2027-02-10", "2027-06-30")]),
    ],
)
def test_a_contract_that_runs_keeps_its_list_until_the_new_one_holds_for_it(
    editions: Editions, start: str, found: list[tuple[str, str, str]]
) -> None:
    """B is in force from 1 January 2027, for running contracts from 15 March, inside a month."""
    two = lists(editions, (A, "2018-07-01", None, None), (B, "2027-01-01", "2027-03-15", None))
    assert held(two, start, "2027-07-01") == found


def test_a_horizon_that_ends_before_that_day_has_the_old_list_alone(editions: Editions) -> None:
    """Both sides of 15 March."""
    two = lists(editions, (A, "2018-07-01", None, None), (B, "2027-01-01", "2027-03-15", None))
    assert held(two, "2026-12-31", "2027-03-15") == [(A, "2026-12-31", "2027-03-14")]
    assert held(two, "2026-12-31", "2027-03-16")[1:] == [(B, "2027-03-15", "2027-03-15")]


def test_a_list_that_a_newer_one_overtakes_never_holds_for_running_contracts(editions: Editions) -> None:
    """B waits until June, C, newer, holds from April: B's day comes when C holds already."""
    three = lists(
        editions,
        (A, "2018-07-01", None, None),
        (B, "2027-01-01", "2027-06-01", None),
        (C, "2027-03-01", "2027-04-01", None),
    )
    assert held(three, "2026-06-01", "2027-08-01") == [(A, "2026-06-01", "2027-03-31"), (C, "2027-04-01", "2027-07-31")]
    assert held(three, "2027-02-01", "2027-08-01") == [(B, "2027-02-01", "2027-03-31"), (C, "2027-04-01", "2027-07-31")]
    assert held(three, "2027-03-01", "2027-08-01") == [(C, "2027-03-01", "2027-07-31")]


def test_two_lists_that_wait_hold_one_after_the_other(editions: Editions) -> None:
    """B for running contracts from February, C from May."""
    three = lists(
        editions,
        (A, "2018-07-01", None, None),
        (B, "2027-01-01", "2027-02-01", None),
        (C, "2027-03-01", "2027-05-01", None),
    )
    assert [name for name, *_ in held(three, "2026-06-01", "2027-08-01")] == [A, B, C]
    assert held(three, "2026-06-01", "2027-08-01")[1] == (B, "2027-02-01", "2027-04-30")


def test_a_list_with_a_last_day_goes_on_for_running_contracts_where_another_follows_at_once(
    editions: Editions,
) -> None:
    """A ends on 31 December and B begins on 1 January: until B holds for running contracts, A does."""
    two = lists(editions, (A, "2018-07-01", None, "2026-12-31"), (B, "2027-01-01", "2027-04-01", None))
    assert held(two, "2026-06-01", "2027-07-01") == [(A, "2026-06-01", "2027-03-31"), (B, "2027-04-01", "2027-06-30")]


def test_days_without_any_list_stay_an_error(editions: Editions) -> None:
    """A ends in December, B begins in February: January has none, whoever asks."""
    two = lists(editions, (A, "2018-07-01", None, "2026-12-31"), (B, "2027-02-01", "2027-04-01", None))
    with pytest.raises(NotFound):
        two.price_lists_over(days("2026-06-01", "2027-03-01"))
    with pytest.raises(NotFound):
        two.price_lists_over(days("2018-06-30", "2018-08-01"))
    assert held(two, "2027-02-01", "2027-03-01") == [(B, "2027-02-01", "2027-02-28")]


def test_every_day_is_held_by_the_newest_list_whose_day_has_come(editions: Editions) -> None:
    """Day by day, for a contract of each first of a month: the naive way to say the rule."""
    three = lists(
        editions,
        (A, "2025-01-01", None, None),
        (B, "2026-01-15", "2026-09-20", None),
        (C, "2026-05-05", "2026-08-01", None),
    )
    for start in [date(2025, month, 1) for month in range(1, 13)] + [date(2026, month, 5) for month in range(1, 13)]:
        spans = three.price_lists_over(days(str(start), "2027-01-01"))
        for number in range((date(2027, 1, 1) - start).days):
            today = date.fromordinal(start.toordinal() + number)
            newest = max(
                (each for each in three.price_lists if _has_come(each, start, today)), key=lambda each: each.valid_from
            )
            assert [each for span, each in spans if span.start <= today < span.end] == [newest]


def _has_come(price_list: PriceList, start: date, today: date) -> bool:
    first = price_list.valid_from if start >= price_list.valid_from else price_list.valid_from_for_running_contracts
    return first <= today
