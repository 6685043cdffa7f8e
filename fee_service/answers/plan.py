"""JSON that is put together by hand, and nowhere else: months and invoices share what is alike, objects are joined.

It is the same text that orjson would write of the whole, in a fraction of the time.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from operator import add

import orjson

from fee_service.model import MonthLine
from fee_service.periods import CalendarMonth, Period, calendar_months
from fee_service.rules.quoting import Figures
from fee_service.rules.rating import RatedMonth
from fee_service.strict_json import Data


@lru_cache(maxsize=256)
def months_json(figures: Figures, test_period: Period | None) -> orjson.Fragment:
    """All months as JSON; those alike share the text of their amounts, which is most of a long quote."""
    test = calendar_months(test_period) if test_period else ()
    tested = {month.label: month.days for month in test}
    runs = figures.rated.runs
    first, last = runs[0].months[0], runs[-1].months[-1]
    rows = [_month(month, 0, month.days, 0) + NO_AMOUNTS for month in test if month.label != first.label]
    charged, waived = _untested(Period(first.span.start, last.span.end))
    start = 0
    for months, waived_days, amounts in runs:
        tail, end = _amounts(amounts), start + len(months)
        if end - start == 1:
            [month] = months
            free = month.days if waived_days is None else waived_days
            rows.append(_month(month, month.days, tested.get(month.label, 0), free) + tail)
        else:  # each is waived in whole or not at all
            heads = (charged if waived_days == 0 else waived)[start:end]
            rows.append(f"{tail},".join(heads) + tail)
        start = end
    return orjson.Fragment(f"[{','.join(rows)}]")


@lru_cache(maxsize=256)
def _untested(horizon: Period) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The days of each month of a horizon, once as of charged months and once as of waived ones."""
    months = calendar_months(horizon)
    charged = tuple([_month(month, month.days, 0, 0) for month in months])
    return charged, tuple([_month(month, month.days, 0, month.days) for month in months])


def _month(month: CalendarMonth, days: int, test_days: int, waived_days: int) -> str:
    label, _, _, days_in_month = month
    return (
        f'{{"month":"{label}","days":{days},"days_in_month":{days_in_month},'
        f'"test_days":{test_days},"waived_days":{waived_days},'
    )


def _amounts(month: RatedMonth) -> str:
    """The amounts of a month, to follow its days."""
    lines, amount, waiver, net, _ = month
    amounts = {"list": amount, "waiver": waiver, "net": net, "lines": _month_lines(lines)}
    return orjson.dumps(amounts).decode()[1:]


def _month_lines(lines: Iterable[MonthLine]) -> list[Data]:
    return [{"line": id_, "list": list_, "waiver": waiver, "net": net} for id_, list_, waiver, net in lines]


NO_AMOUNTS = _amounts(RatedMonth((), 0, 0, 0, ()))  # of a month of the free test alone


@lru_cache(maxsize=256)
def invoices_json(figures: Figures) -> orjson.Fragment:
    """All invoices as JSON; those of the same amount share its text."""
    invoices = figures.invoices
    amounts = [(supply, vat) for _, supply, vat in invoices]
    tails = {each: f'{each[0]},"vat":{each[1]},"total":{sum(each)}}}' for each in set(amounts)}
    heads = _issued(tuple([day for day, _, _ in invoices]))
    rows = map(add, heads, map(tails.__getitem__, amounts))
    return orjson.Fragment(f"[{','.join(rows)}]")


@lru_cache(maxsize=256)
def _issued(days: tuple[date, ...]) -> tuple[str, ...]:
    """The days of invoices, which many quotes have in common."""
    return tuple([f'{{"issued_on":"{day.isoformat()}","supply":' for day in days])


@lru_cache(maxsize=256)
def plan_facts(figures: Figures) -> orjson.Fragment:
    """Months, alike ones as one, and invoices, as the digest covers them."""
    runs = [
        {
            "from": run.months[0].label,
            "through": run.months[-1].label,
            "days": run.months[0].days,
            "waived_days": run.waived_days,
            "lines": _month_lines(run.amounts.lines),
        }
        for run in figures.rated.runs
    ]
    invoices = [supply + vat for _, supply, vat in figures.invoices]
    return kept({"months": runs, "invoices": invoices}, orjson.OPT_SORT_KEYS)


def kept(value: object, option: int | None = None) -> orjson.Fragment:
    """JSON that is kept: without the room that orjson leaves behind what it writes, which is often more than that."""
    return orjson.Fragment(bytes(memoryview(orjson.dumps(value, option=option))))


def joined(first: bytes, second: bytes | None) -> bytes:
    """One JSON object of two that share no name."""
    return first if second is None else first[:-1] + b"," + second[1:]
