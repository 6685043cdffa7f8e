"""What segments cost in every month is what the scalar engine says of the same lines, to the won."""

import random
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from support.core import day

from fee_service.bulk.days import number_of
from fee_service.bulk.segments import (
    MOST_CHARGE,
    PARTLY,
    ROUNDINGS,
    Lists,
    Segments,
    TooMuch,
    in_parts,
    lists_of,
    months_in,
    rate,
)
from fee_service.model import PartlyWaived
from fee_service.money import Rounding
from fee_service.periods import Period
from fee_service.published.editions import Editions, ListSpan
from fee_service.rules.rating import RatedLine, rate_months


def lists(*starts: str, rounding: Rounding = Rounding.DOWN) -> Lists:
    """A sequence of lists that round alike."""
    code = ROUNDINGS.index(rounding)
    return Lists(
        np.array([[number_of(day(start)) for start in starts]]), np.full((1, len(starts)), code, dtype=np.int8)
    )


DOWN, TWO = lists("2018-07-01"), lists("2018-07-01", "2027-01-16")
RANDOM = 1500


def segments(*many: dict[str, Any]) -> Segments:
    """Segments as they are written: 310,000 won a month over January 2027 where nothing else is said."""
    usual = {
        "first": "2027-01-01", "end": "2027-02-01", "waived_first": "2027-01-01", "waived_end": "2027-01-01",
        "charges": (310_000,), "prorated": True, "waivable": True, "partly_waived": "by_days",
    }  # fmt: skip
    each = [usual | one for one in many]
    days = [np.array([number_of(day(one[name])) for one in each]) for name in Segments._fields[1:5]]
    flags = [np.array([one[name] for one in each]) for name in ("prorated", "waivable")]
    partly = np.array([PARTLY[PartlyWaived(one["partly_waived"])] for one in each], dtype=np.int8)
    charges = np.array([one["charges"] for one in each], dtype=np.int64)
    return Segments(np.zeros(len(each), dtype=np.int64), *days, charges, *flags, partly)


def amounts(under: Lists = DOWN, since: int | None = None, until: int | None = None, **one: Any) -> list[Any]:
    """(month, list, waiver, net) of each month of one segment."""
    found = rate(segments(one), under, since, until)
    months = [str(np.datetime64(int(month), "M")) for month in found.month]
    return list(zip(months, found.list.tolist(), found.waiver.tolist(), found.net.tolist(), strict=True))


@pytest.mark.parametrize(
    ("first", "end", "charged"),
    [
        ("2027-01-01", "2027-02-01", 310_000),  # all 31 days
        ("2027-01-02", "2027-02-01", 300_000),  # 310,000 × 30 / 31
        ("2027-01-31", "2027-02-01", 10_000),  # × 1 / 31
        ("2027-01-01", "2027-01-31", 300_000),
        ("2027-01-31", "2027-01-31", None),  # no day, no month
    ],
)
def test_a_month_costs_the_days_of_the_contract_in_it(first: str, end: str, charged: int | None) -> None:
    """Both sides of the first and of the last day (P1 §10.2)."""
    expected = [] if charged is None else [("2027-01", charged, 0, charged)]
    assert amounts(first=first, end=end) == expected


@pytest.mark.parametrize(
    ("waived_end", "net"),
    [("2027-01-01", 310_000), ("2027-01-02", 300_000), ("2027-01-31", 10_000), ("2027-02-01", 0), ("2028-01-01", 0)],
)
def test_a_waiver_takes_the_days_up_to_its_end(waived_end: str, net: int) -> None:
    """None, one, all but one and all days of the month."""
    assert amounts(waived_end=waived_end) == [("2027-01", 310_000, net - 310_000, net)]
    assert amounts(waived_end=waived_end, waivable=False) == [("2027-01", 310_000, 0, 310_000)]


@pytest.mark.parametrize(("partly", "net"), [("by_days", 100_000), ("whole", 0), ("none", 310_000)])
def test_a_month_that_is_waived_in_part_follows_its_policy(partly: str, net: int) -> None:
    """10 of 31 days are charged: their share, nothing or all; a month that is waived in whole never costs anything."""
    assert amounts(waived_end="2027-01-22", partly_waived=partly)[0][3] == net
    assert amounts(waived_end="2027-02-01", partly_waived=partly)[0][3] == 0
    assert amounts(waived_end="2027-01-01", partly_waived=partly)[0][3] == 310_000


def test_a_fee_that_is_not_prorated_costs_the_month_and_its_waiver_the_share_of_contract_days() -> None:
    """From 22 January, 10 contract days of which 4 are waived: 310,000 × 6 / 10."""
    found = amounts(first="2027-01-22", waived_first="2027-01-22", waived_end="2027-01-26", prorated=False)
    assert found == [("2027-01", 310_000, -124_000, 186_000)]


def test_a_list_that_begins_inside_a_month_splits_it_by_days_and_is_rounded_once() -> None:
    """15 days at 310,001 and 16 at 620,001: (4,650,015 + 9,920,016) / 31 = 470,001.03; what is not prorated follows the
    first list."""
    assert amounts(TWO, charges=(310_001, 620_001)) == [("2027-01", 470_001, 0, 470_001)]
    assert amounts(TWO, charges=(310_001, 620_001), prorated=False) == [("2027-01", 310_001, 0, 310_001)]
    after = {"first": "2027-01-16", "end": "2027-03-01"}
    assert amounts(TWO, charges=(310_001, 620_001), **after)[1] == ("2027-02", 620_001, 0, 620_001)
    assert amounts(TWO, charges=(310_001, 620_001), prorated=False, **after)[0] == ("2027-01", 620_001, 0, 620_001)


def test_whole_months_follow_one_another_without_a_division() -> None:
    """A year from 16 January, waived until 10 March: three months with a boundary, nine alike."""
    found = amounts(first="2027-01-16", end="2028-01-01", waived_first="2027-01-16", waived_end="2027-03-10")
    assert [row[0] for row in found] == [f"2027-{month:02}" for month in range(1, 13)]
    assert [row[3] for row in found] == [0, 0, 220_000, *[310_000] * 9]  # 310,000 × 22 / 31


@pytest.mark.parametrize(("rounding", "won"), [(Rounding.DOWN, 0), (Rounding.HALF_UP, 1), (Rounding.UP, 1)])
def test_a_fraction_is_rounded_as_the_list_says(rounding: Rounding, won: int) -> None:
    """16 of 31 days of 1 won."""
    assert amounts(lists("2018-07-01", rounding=rounding), charges=(1,), first="2027-01-16")[0][1] == won


def test_only_the_months_asked_for_are_told() -> None:
    """From a month up to, not including, another; a boundary before them matters as it does in the whole."""
    whole = {"first": "2026-11-16", "end": "2027-06-11", "waived_first": "2026-11-16", "waived_end": "2027-02-15"}
    rows = amounts(**whole)
    january = (2027 - 1970) * 12
    for since in range(january - 4, january + 8):
        for until in range(since, january + 8):
            kept = [row for row in rows if since <= (int(row[0][:4]) - 1970) * 12 + int(row[0][5:]) - 1 < until]
            assert amounts(since=since, until=until, **whole) == kept


def test_an_event_and_a_report_are_told_by_the_ends_of_segments() -> None:
    """Ended on 20 February, waiver withdrawn from 11 January, February's usage reported as twice as much."""
    base = {"end": "2027-02-21", "waived_end": "2027-01-11"}
    january, february = amounts(**base)
    assert january == ("2027-01", 310_000, -100_000, 210_000)  # 10 of 31 days are waived
    assert february == ("2027-02", 221_428, 0, 221_428)  # 310,000 × 20 / 28
    report = amounts(first="2027-02-01", end="2027-02-21", charges=(620_000,))
    assert report == [("2027-02", 442_857, 0, 442_857)]


def test_an_amount_that_64_bits_may_not_hold_is_refused_with_its_segment() -> None:
    """A charge at the limit is rated over a whole month under half-up rounding; one won more is refused."""
    half_up = lists("2018-07-01", rounding=Rounding.HALF_UP)
    assert amounts(half_up, charges=(MOST_CHARGE,))[0][3] == MOST_CHARGE
    assert amounts(half_up, charges=(MOST_CHARGE,), first="2027-01-02")[0][3] == MOST_CHARGE * 30 // 31 + 1
    with pytest.raises(TooMuch) as refused:
        rate(segments({}, {"charges": (MOST_CHARGE + 1,)}), half_up)
    assert refused.value.segments.tolist() == [1]


def test_contracts_under_different_lists_are_rated_together(made_up_editions: Editions) -> None:
    """Each segment follows its own sequence: one list, or a second from 16 January that rounds half up."""
    one, other = made_up_editions.price_lists[-2], made_up_editions.price_list("shapes-2016-01-01")
    january = Period(date(2027, 1, 1), date(2027, 2, 1))
    halves = [(Period(january.start, date(2027, 1, 16)), one), (Period(date(2027, 1, 16), january.end), other)]
    given = segments({"charges": (1, 0)}, {"charges": (1, 2)}, {"charges": (1, 2), "first": "2027-01-17"})
    found = rate(given._replace(under=np.array([0, 1, 1])), lists_of([[(january, one)], halves]))
    assert found.list.tolist() == [1, 1, 1]  # 1; (15 + 32) / 31 down; 30 / 31 half up


def test_segments_come_in_parts_of_so_many_rows() -> None:
    """Each once, in order; one that gives more rows than a part takes stands alone."""
    rows = np.array([3, 3, 3, 20, 0, 1])
    assert [(part.start, part.stop) for part in in_parts(rows, 6)] == [(0, 2), (2, 3), (3, 4), (4, 6)]
    many = segments({"first": "2026-11-30"}, {"end": "2027-02-02"}, {"end": "2027-01-01"})
    assert months_in(many).tolist() == [3, 2, 0]


def _random_line(rng: random.Random, number: int, lists: int) -> RatedLine:
    return RatedLine(
        number, tuple(rng.choice([0, 1, 999, 2_000_000, rng.randrange(10**9)]) for _ in range(lists)),
        rng.random() < 0.7, rng.random() < 0.7, rng.choice(list(PartlyWaived)), False, 0, None,
    )  # fmt: skip


def _random_spans(rng: random.Random, editions: Editions, horizon: Period) -> tuple[ListSpan, ...]:
    """One to three lists of different roundings over a horizon."""
    days = sorted({rng.randrange(1, max(2, horizon.days)) for _ in range(rng.randrange(3))})
    starts = [horizon.start, *(horizon.start + timedelta(days=days) for days in days)]
    starts = [start for start in starts if start < horizon.end]
    ends = [*starts[1:], horizon.end]
    return tuple(
        (Period(start, end), rng.choice(editions.price_lists)) for start, end in zip(starts, ends, strict=True)
    )


def test_random_lines_cost_what_the_scalar_engine_says(made_up_editions: Editions) -> None:
    """Every month of lines of all kinds, under one to three lists with different roundings, waived from any day."""
    rng = random.Random(11)
    for _ in range(RANDOM):
        start = date(2024, 1, 1) + timedelta(days=rng.randrange(1500))
        horizon = Period(start, start + timedelta(days=rng.choice([1, 27, 31, rng.randrange(1, 800)])))
        spans = _random_spans(rng, made_up_editions, horizon)
        waived = None
        if rng.random() < 0.8:
            begun = start + timedelta(days=rng.choice([0, 0, rng.randrange(60)]))
            waived = Period(begun, begun + timedelta(days=rng.randrange(1, 700)))
        lines = tuple(_random_line(rng, number, len(spans)) for number in range(3))
        expected = rate_months(lines, horizon, spans, waived)
        given = {
            "first": str(start), "end": str(horizon.end),
            "waived_first": str(waived.start if waived else start), "waived_end": str(waived.end if waived else start),
        }  # fmt: skip
        names = ("charges", "prorated", "waivable", "partly_waived")
        each = [given | {name: getattr(line, name) for name in names} for line in lines]
        found = rate(segments(*each), lists_of([spans]))
        rows = [
            (number, months.label, amount.list, amount.net)
            for number in range(len(lines)) for run in expected.runs for months in run.months
            for amount in [run.amounts.lines[number]]
        ]  # fmt: skip
        labels = [str(np.datetime64(int(month), "M")) for month in found.month]
        assert list(zip(found.segment.tolist(), labels, found.list.tolist(), found.net.tolist(), strict=True)) == rows
