"""The engine alone: against a rules engine that decides the same base fees, and against its own horizon."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from statistics import median
from typing import Any

from benchmarks.peers import ZEN
from benchmarks.requests import PRODUCTS, standard
from benchmarks.row import Row, unmeasured
from fee_service.answers.quote import quote_answer
from fee_service.edition_files import read_editions
from fee_service.intake.quote_request import understand
from fee_service.model import Licence
from fee_service.published import onboarding, terms
from fee_service.rules import advice, invoicing, lines, rating
from fee_service.rules.advice import advised
from fee_service.rules.lines import lines_of
from fee_service.rules.quoting import Quote, quote
from fee_service.rules.rating import rate_months, rated_lines
from fee_service.rules.resolving import Resolved, resolve
from fee_service.settings import read_settings
from schemas import load
from schemas.quote import QuoteRequestSchema

PASSES, ROUNDS = 100, 5
EDITIONS = read_editions(read_settings().pricing_tables)


def _kept_of_requests() -> list[Any]:
    """Everything that the rules keep of requests; the calendar and what is read of each printed cell are not theirs."""
    modules = [module for name, module in sys.modules.items() if name.startswith("fee_service.rules.")]
    found = {
        value
        for module in modules
        for value in vars(module).values()
        if hasattr(value, "cache_clear") and value.__module__ == module.__name__
    }
    of_all = {lines._printed, advice._flat_prices, invoicing._issue_days}
    return [*(found - of_all), onboarding._plan, terms._bearing]


KEPT = _kept_of_requests()


def measure() -> list[Row]:
    return [*_against_zen(), _horizon()]


def understood(request: dict[str, Any]) -> Resolved:
    """A request as the engine takes it."""
    loaded = load(QuoteRequestSchema, request)
    return understand(loaded.values, loaded.faults, EDITIONS, date(2026, 1, 1))


def seconds(work: Callable[[], object], passes: int = PASSES) -> float:
    """The median processor time of one pass: what else the machine does is not in it."""
    times = []
    for _ in range(passes):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return median(times)


def _against_zen() -> list[Row]:
    """Like for like: the base fees alone; and beside it the whole quote. Both computed anew, in turns with the peer."""
    whole = "Engine, whole quote computed anew, against 60 × 3 decisions of zen-engine"
    alone = "Engine, the same 60 × 3 base fees alone, computed anew, against those decisions"
    wanted = {whole: "≥ 4 times as fast", alone: "≥ 15 times as fast"}
    request = understood(standard())
    answer = quote(request)
    given, fees = decisions(answer)
    work = {whole: lambda: _anew(request), alone: lambda: _base_fees_anew(answer)}
    rounds: list[tuple[dict[str, float], float]] = []
    try:
        for _ in range(ROUNDS):
            told = ZEN.answer("zen_decisions.py", {**given, "passes": PASSES})
            assert told["answers"] == fees, "zen-engine decides other fees"
            rounds.append(({what: seconds(of) for what, of in work.items()}, median(told["seconds"])))
    except (OSError, subprocess.CalledProcessError) as error:
        return [unmeasured(what, wanted[what], f"{ZEN.name} could not be installed or run: {error}") for what in work]
    rows = []
    for what, least in ((whole, 4), (alone, 15)):
        times = median(zen / ours[what] for ours, zen in rounds)
        our, its = median(ours[what] for ours, _ in rounds), median(zen for _, zen in rounds)
        how = f"{our * 1e6:,.0f} µs of processor time; {its * 1e6:,.0f} µs for {len(fees)} decisions"
        rows.append(Row(what, f"{times:.1f} times", wanted[what], times >= least, f"{how}; {ROUNDS} rounds in turns"))
    return rows


def decisions(answer: Quote) -> tuple[dict[str, Any], list[list[int]]]:
    """What zen-engine is given to decide the base fees of a quote, and the amounts that it must come to."""
    cases, fees = _base_fees(answer)
    prices = {product: _price(product) for product in EDITIONS.price_lists[0].contracts["real_time"].products}
    return {"prices": prices, "cases": cases}, fees


def _base_fees_anew(answer: Quote) -> object:
    """Cells, lines and months of the base fees, of which nothing was kept."""
    for kept in (lines_of, lines._line, rating._shares):
        kept.cache_clear()
    licences = tuple(Licence(each.contract, each.product, each.options) for each in answer.licences)
    found = lines_of(licences, None, answer.request.channel, answer.lists, answer.policy)
    return rate_months(rated_lines(found, answer.lists), answer.asked.horizon, answer.lists, answer.waiver.period)


def _anew(asked: Resolved) -> Quote:
    """A quote of which nothing was kept from an earlier one."""
    _forget()
    return advised(quote(resolve(asked.request, EDITIONS)))


def _forget() -> None:
    for kept in KEPT:
        kept.cache_clear()


def _base_fees(answer: Quote) -> tuple[list[dict[str, Any]], list[list[int]]]:
    """For zen-engine the days of each month and product; for the check the amounts that the quote has for them."""
    lines = {line.product: line.id for line in answer.lines if line.fee == "base_fee"}
    cases, fees = [], []
    for month in months(answer):
        amounts = {line["line"]: line for line in month["lines"]}
        for product in PRODUCTS:
            charged = month["days"] - month["waived_days"]
            cases.append({"product": product, "days": month["days"], "charged": charged,
                          "days_in_month": month["days_in_month"]})  # fmt: skip
            fees.append([amounts[lines[product]]["list"], amounts[lines[product]]["net"]])
    return cases, fees


def months(of: Quote) -> list[dict[str, Any]]:
    """The months as callers are answered them."""
    found: list[dict[str, Any]] = json.loads(quote_answer(of, "ko"))["months"]
    return found


def _price(product: str) -> int:
    cells = EDITIONS.price_lists[0].cells
    return next((cell.unit_price or 0 for key, cell in cells.items()
                 if key[:3] == ("real_time", "base_fee", product) and key.column == "retail"), 0)  # fmt: skip


def _horizon() -> Row:
    """The cost of each further year, as a share of the cost of the first five."""

    def answer(months: int) -> float:
        request = understood(standard(months=months))
        return seconds(lambda: quote_answer(_anew(request), "ko"))

    costs = {months: answer(months) for months in (12, 60, 120)}
    early = (costs[60] - costs[12]) / 4
    late = (costs[120] - costs[60]) / 5
    how = ", ".join(f"{months} months {cost * 1e6:,.0f} µs" for months, cost in costs.items())
    share = late / early if early > 0 else 0.0
    wanted = "at most linear (≤ 1.15)"
    return Row("Cost of a further year beyond five, against one before", f"{share:.2f}", wanted, share <= 1.15, how)
