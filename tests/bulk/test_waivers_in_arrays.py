"""The waiver of each contract in arrays: both sides of every boundary, and the days that the scalar rule says."""

import random
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from bulk.conftest import row
from support.core import FAQ, PLAN, TWELVE
from support.licence_rows import quoted, random_request, rows_of, table_of, understood

from fee_service.bulk.checking import Checker
from fee_service.bulk.contracts import Sequences, invoice_days, waived_ends
from fee_service.bulk.days import day_of, number_of
from fee_service.published.editions import Editions, FirstInvoiceDay
from fee_service.rules.invoicing import issue_day

START = date(2026, 12, 9)
AGED = "2019-12-09"  # seven years old on the start day


def waived(editions: Editions, **of_it: Any) -> date | None:
    """The exclusive end of the waiver of one contract; None where it is refused."""
    given = row(**{"founded_on": date(2025, 1, 1)} | of_it)
    batch = Checker(editions).check(table_of([given]))
    end = day_of(int(waived_ends(batch.contracts, editions)[0]))
    return end if end > given["starts_on"] else None


@pytest.mark.parametrize(
    ("policy", "founded_on", "end"),
    [
        (FAQ, date(2019, 12, 9), None),  # under seven years: the founding day counts
        (FAQ, date(2019, 12, 10), date(2026, 12, 10)),
        (PLAN, date(2019, 12, 8), None),  # within seven years: it does not
        (PLAN, date(2019, 12, 9), date(2026, 12, 10)),
        (FAQ, date(2022, 12, 8), date(2029, 12, 8)),  # the age cuts the 36 months by a day
        (FAQ, date(2022, 12, 9), date(2029, 12, 9)),
        (TWELVE, date(2019, 12, 10), date(2027, 12, 9)),  # its waiver does not end with the age
        (TWELVE, date(2019, 12, 9), None),
    ],
)
def test_a_company_is_too_old_from_its_day_on(
    policy: str, founded_on: date, end: date | None, editions: Editions
) -> None:
    """The day before and the day of, by each policy."""
    assert waived(editions, waiver_policy=policy, founded_on=founded_on) == end


@pytest.mark.parametrize(
    ("used", "end"),
    [
        ((0, 0), date(2029, 12, 9)),
        ((35, 0), date(2027, 1, 9)),
        ((35, 30), date(2026, 12, 10)),  # 31 days less 30: one is left
        ((35, 31), None),
        ((36, 0), None),
        ((0, 1095), date(2026, 12, 10)),  # 36 months are 1,096 days here
        ((0, 1096), None),
    ],
)
def test_used_months_and_then_used_days_are_taken_off(
    used: tuple[int, int], end: date | None, editions: Editions
) -> None:
    """The last day that is left, and nothing."""
    assert waived(editions, prior_months=used[0], prior_days=used[1]) == end


def test_thirty_six_months_from_a_leap_day_end_on_the_first_of_march(editions: Editions) -> None:
    """Civil Act 160 III."""
    assert waived(editions, starts_on=date(2028, 2, 29), founded_on=date(2027, 1, 1)) == date(2031, 3, 1)


@pytest.mark.parametrize(
    ("of_it", "granted"),
    [
        ({}, True),
        ({"channel": "direct"}, False),
        ({"size": "mid_sized"}, False),
        ({"size": "large"}, False),
        ({"qualification": None}, True),  # assumed until the review
        ({"qualification": "none"}, False),
        ({"qualification": "otherwise_recognised"}, True),
        ({"qualification": "fintech_centre", "starts_on": date(2022, 2, 10), "founded_on": date(2020, 1, 1)}, True),
        ({"qualification": "fintech_centre", "starts_on": date(2022, 2, 11), "founded_on": date(2020, 1, 1)}, False),
        ({"qualification": "otherwise_recognised", "waiver_policy": TWELVE}, False),  # for fintech companies
        ({"qualification": None, "waiver_policy": TWELVE}, True),
        ({"personal_ids": 10_000, "waiver_policy": TWELVE}, True),
        ({"personal_ids": 10_001, "waiver_policy": TWELVE}, False),
        ({"personal_ids": 10_001}, True),
    ],
)
def test_a_waiver_is_granted_where_every_condition_is_met(
    of_it: dict[str, Any], granted: bool, editions: Editions
) -> None:
    """Channel, size, dated grounds, the kind of company, subscribers."""
    assert (waived(editions, **of_it) is not None) is granted


def test_the_policy_is_that_of_the_start_day_or_the_named_one(editions: Editions) -> None:
    """Each day on which another begins, and the day before; before the first there is none."""
    days = [date(2018, 7, 1), date(2018, 7, 2), date(2018, 12, 10), date(2018, 12, 11)]
    rows = [row(contract=f"Q-{number}", starts_on=day, founded_on=date(2017, 1, 1)) for number, day in enumerate(days)]
    batch = Checker(editions).check(table_of(rows))
    assert [editions.policies[number].id for number in batch.contracts.policy] == [TWELVE, PLAN, PLAN, FAQ]
    named = Checker(editions).check(table_of([row(waiver_policy=TWELVE)]))
    assert editions.policies[int(named.contracts.policy[0])].id == TWELVE
    unpublished = Checker(editions)
    unpublished._policies[number_of(START)] = -1
    assert not (waived_ends(unpublished.check(table_of([row()])).contracts, editions) > number_of(START)).any()


def test_random_companies_are_waived_the_days_that_the_scalar_rule_says(editions: Editions) -> None:
    """Five hundred, of every kind."""
    rng = random.Random(3)
    made = []
    while len(made) < 500:
        request = understood(random_request(rng), editions)
        quote = quoted(request, editions) if request else None
        if request and quote:
            made.append((request, quote))
    rows = [each for number, (request, _) in enumerate(made) for each in rows_of(f"Q-{number:04}", request)]
    batch = Checker(editions).check(table_of(rows))
    ends = [day_of(int(end)) for end in waived_ends(batch.contracts, editions)]
    assert ends == [quote.waiver.period.end if quote.waiver.period else request.starts_on for request, quote in made]
    assert len(set(ends)) > 100


def test_each_contract_follows_the_lists_of_its_own_days(made_up_editions: Editions) -> None:
    """To the day before another list begins it is one, from the day on two; a day without a list has none."""
    sequences = Sequences(made_up_editions)
    starts = [date(2027, 1, 1), date(2027, 1, 1), date(2027, 1, 16), date(2014, 6, 2), date(2014, 6, 3)]
    ends = [date(2027, 1, 16), date(2027, 1, 17), date(2028, 1, 1), date(2014, 7, 1), date(2014, 7, 1)]
    found = sequences.over(
        np.array([number_of(day) for day in starts]), np.array([number_of(day) for day in ends])
    ).tolist()
    names = [[each.id for _, each in sequences.spans[number]] if number >= 0 else None for number in found]
    old, new = "market-data-2018-07-01", "market-data-2027-01-16"
    assert names == [[old], [old, new], [new], None, ["subscribers-2014-06-03"]]
    assert sequences.over(np.array([number_of(starts[0])]), np.array([number_of(ends[0])])).tolist() == found[:1]


@pytest.mark.parametrize("start", [date(2026, 12, 1), date(2026, 12, 2), date(2026, 12, 31)])
def test_invoice_days_are_those_of_the_scalar_rule(start: date, editions: Editions) -> None:
    """At first the start day, or with the next month where the list says so; usage two months later."""
    listed = editions.price_lists[0]
    for day in FirstInvoiceDay:
        price_list = replace(listed, first_invoice=listed.first_invoice._replace(day=day))
        for delay in (0, 1, 2):
            months = np.arange(3) + (start.year - 1970) * 12 + start.month - 1
            found = invoice_days(
                months,
                np.full(3, delay),
                np.full(3, number_of(start)),
                np.full(3, day is FirstInvoiceDay.NEXT_MONTH),
            )
            expected = [issue_day(start, later + delay, price_list) for later in range(3)]
            assert [day_of(int(number)) for number in found] == expected
