"""What is owed without events and reports is the quote; with them, what a second, naive implementation counts."""

import json
import os
import random
import secrets
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from support.contracts import SEED_VARIABLE, random_contract, random_life
from support.naive import name_of_month
from support.naive_dues import NaiveDue, naive_dues, naive_invoices
from support.running import accepted, contract_of, quote_of

from fee_service.published.editions import Editions
from fee_service.rules.dues import Dues, dues, dues_billed_in
from fee_service.rules.quoting import Quote

CONTRACTS = 2000
LIVES = int(os.environ.get("RANDOM_LIVES", "400"))  # more with `RANDOM_LIVES=20000`
SEED = os.environ.get(SEED_VARIABLE) or str(secrets.randbits(32))


def _again(number: int, request: Any) -> str:
    return f"number {number} of seed {SEED} (set {SEED_VARIABLE}={SEED} to repeat)\n{json.dumps(request, default=str)}"


def _quoted_months(quote: Quote) -> dict[tuple[str, int], tuple[int, int]]:
    """The list amount and net of each month and line of a quote; nothing of a line that is not owed any more."""
    until = {line.id: line.until for line in quote.lines}
    return {
        (month.label, amounts.line): (amounts.list, amounts.net)
        for run in quote.rated.runs
        for month in run.months
        for amounts in run.amounts.lines
        if not (end := until[amounts.line]) or end > month.span.start
    }


def _owed_months(owed: Dues) -> dict[tuple[str, int], tuple[int, int]]:
    """The same of dues."""
    return {(f"{due.month:%Y-%m}", due.line.id): (due.owed.list, due.owed.net) for due in owed.lines}


@pytest.fixture(scope="module")
def two_lists(editions: Editions, made_up_editions: Editions) -> Editions:
    """The published editions, and a list after them that begins on 2027-01-16, inside a month."""
    later = made_up_editions.price_list("market-data-2027-01-16")
    return replace(editions, price_lists=(*editions.price_lists, later))


@pytest.mark.no_cover  # two thousand contracts reach nothing that a few do not
@pytest.mark.parametrize(("published", "contracts"), [("editions", CONTRACTS), ("two_lists", 300)])
def test_without_events_and_reports_the_dues_of_the_quoted_months_are_the_quote(
    published: str, contracts: int, request: pytest.FixtureRequest
) -> None:
    """Line by line, invoice by invoice and in sum, on whatever day it is asked: the quote from the dues and the dues
    from the quote; under the published list, and where another one begins inside a month."""
    editions: Editions = request.getfixturevalue(published)
    for number in range(contracts):
        rng = random.Random(f"{SEED}:{number}")
        asked = random_contract(rng)
        quote = quote_of(asked, editions)
        horizon = quote.asked.horizon
        first, last = horizon.start.replace(day=1), horizon.last_day.replace(day=1)
        as_of = horizon.start + timedelta(days=rng.randrange(-100, 4000))
        owed = dues(accepted(quote), editions, first, last, as_of)
        assert _owed_months(owed) == _quoted_months(quote), _again(number, asked)
        assert tuple(each.invoice for each in owed.invoices) == quote.invoices, _again(number, asked)
        assert owed.totals == quote.totals, _again(number, asked)


def _rows(lines: Iterable[NaiveDue]) -> list[tuple[Any, ...]]:
    """All lines with an amount: what is free or withheld the naive implementation names only in part."""
    with_amounts = (line for line in lines if line.listed or line.net)
    return sorted(tuple("" if part is None else part for part in line) for line in with_amounts)


def _owed(owed: Dues) -> list[NaiveDue]:
    found = []
    for due in owed.lines:
        line = due.line
        product = None if line.contract == "open_api_platform" else line.product
        told = (line.user_type, due.owed.list, due.owed.net, due.invoice_on, due.basis.value)
        found.append(NaiveDue(f"{due.month:%Y-%m}", line.fee, product, *told))
    return found


def _lives() -> Iterable[tuple[int, random.Random, dict[str, Any]]]:
    for number in range(LIVES):
        rng = random.Random(f"life:{SEED}:{number}")
        yield number, rng, random_life(rng, random_contract(rng))


def test_dues_are_what_a_naive_implementation_counts_day_by_day(editions: Editions) -> None:
    """Random contracts with ends, withdrawn waivers, reports in time, late and never, corrected before and after."""
    for number, rng, life in _lives():
        contract = contract_of(life, editions)
        start = contract.request.starts_on
        months = sorted(start + timedelta(days=rng.choice([0, 0, 40, 400, rng.randrange(1500)])) for _ in "ab")
        first, last = (name_of_month(day) for day in months)
        as_of = start + timedelta(days=rng.choice([0, 62, 400, rng.randrange(2000)]))
        expected = naive_dues(life, first, last, as_of)
        owed = dues(contract, editions, months[0].replace(day=1), months[1].replace(day=1), as_of)
        assert _rows(_owed(owed)) == _rows(expected), _again(number, (life, first, last, as_of))
        invoices = [{**each.invoice._asdict(), "total": each.invoice.total} for each in owed.invoices]
        assert invoices == naive_invoices(life, expected, first, last), _again(number, (life, first, last, as_of))


def test_the_invoices_of_all_months_are_the_dues_of_all_months(editions: Editions) -> None:
    """Asked by months of service or by months of invoices: the same lines, none twice, none left out."""
    for number, _, life in list(_lives())[:60]:
        contract = contract_of(life, editions)
        start = contract.request.starts_on.replace(day=1)
        as_of = start + timedelta(days=1000)
        last = date(start.year + 2, start.month, 1)
        by_service = [due for due in dues(contract, editions, start, last, as_of).lines if due.invoice_on <= last]
        by_invoice = [
            due
            for months in range(25)
            for due in dues_billed_in(contract, editions, _later(start, months), as_of).lines
            if due.invoice_on <= last
        ]
        assert _as_set(by_service) == _as_set(by_invoice), _again(number, life)
        assert len(by_service) == len(by_invoice), _again(number, life)


def test_an_invoice_is_complete_where_no_other_month_has_a_part_in_it(editions: Editions) -> None:
    """The sums of a complete invoice are those of the invoice by its month; another one says that it is none."""
    for number, _, life in list(_lives())[:60]:
        contract = contract_of(life, editions)
        start = contract.request.starts_on.replace(day=1)
        as_of = start + timedelta(days=1000)
        asked = dues(contract, editions, _later(start, 2), _later(start, 7), as_of)
        for each in asked.invoices:
            whole = dues_billed_in(contract, editions, each.invoice.issued_on.replace(day=1), as_of)
            assert all(invoice.complete for invoice in whole.invoices), _again(number, life)
            if each.complete:
                assert each.invoice in [invoice.invoice for invoice in whole.invoices], _again(number, life)


def _later(start: date, months: int) -> date:
    return date(start.year + (start.month - 1 + months) // 12, (start.month - 1 + months) % 12 + 1, 1)


def _as_set(lines: Iterable[Any]) -> dict[Any, int]:
    counted: dict[Any, int] = defaultdict(int)
    for due in lines:
        counted[due.month, due.line.fee, due.line.product, due.line.option, due.line.user_type, due.invoice_on] += (
            due.owed.net
        )
    return dict(counted)


def test_events_and_reports_that_say_what_was_agreed_change_no_amount(editions: Editions) -> None:
    """A report of the quoted usage in time, or none: the same sums, only what they rest on differs."""
    for number in range(40):
        request = random_contract(random.Random(f"same:{SEED}:{number}"))
        quote = quote_of(request, editions)
        contract, horizon = accepted(quote), quote.asked.horizon
        first, last = horizon.start.replace(day=1), horizon.last_day.replace(day=1)
        used = {one.product: one.usage._asdict() for one in quote.licences if one.contract == "real_time"}
        reports = [
            {"month": f"{month:%Y-%m}", "reported_on": f"{_later(month, 1):%Y-%m}-20", "usage": used}
            for month in (_later(first, number) for number in range(24))
        ]
        reported = replace(contract, reports=contract_of({"request": request, "reports": reports}, editions).reports)
        as_of = date(2099, 1, 1)
        assert dues(reported, editions, first, last, as_of).totals == quote.totals, _again(number, request)
