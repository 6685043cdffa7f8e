"""The readings of unclear texts that a quote rests on: each is shown where a figure would differ without it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from fee_service.model import Licence, Line, MonthLine, Reading
from fee_service.published.editions import PriceList
from fee_service.rules.quoting import Quote
from fee_service.rules.rating import RatedMonths, Run

NOT_ALWAYS = ("partial_month", "partial_month_undivided", "preferred_to")  # blocks that not every quote rests on


def readings_of(quote: Quote) -> tuple[Reading, ...]:
    """The readings behind a quote, each once: of what is asked for, of its months, of its waiver policy, of how large
    the company is."""
    found = (*_of_prices(quote), *_of_months(quote), *_of_policy(quote), *_of_size(quote))
    return tuple({reading.id: reading for reading in found if reading is not None}.values())


def _of_prices(quote: Quote) -> Iterator[Reading | None]:
    """Of what the lines come from, of the terms, and of the APIs asked for."""
    yield from _of_lines(quote.price_list, quote.licences, quote.lines)
    yield from (clause.reading for term in quote.terms for clause in term.clauses)
    yield from (reading for _, api in quote.asked.apis for reading in api.readings)
    yield from quote.asked.platform.readings() if quote.asked.platform else ()


@lru_cache(maxsize=1024)
def _of_lines(price_list: PriceList, licences: tuple[Licence, ...], lines: tuple[Line, ...]) -> tuple[Reading, ...]:
    """Of the fees, tables, contracts and rules that the lines come from; kept for a while like the lines."""
    return tuple(reading for reading in _printed_of(price_list, licences, lines) if reading is not None)


def _printed_of(price_list: PriceList, licences: Iterable[Licence], lines: Sequence[Line]) -> Iterator[Reading | None]:
    used = {line.fee for line in lines}
    tables = {(line.contract, line.fee) for line in lines}
    rules = {line.exempted.rule for line in lines if line.exempted}
    contracts = {licence.contract for licence in licences}
    yield from (price_list.fees[fee].reading for fee in price_list.fees if fee in used)
    yield from (reading for table, reading in price_list.cell_readings.items() if table in tables)
    yield from (terms.reading for name, terms in price_list.contracts.items() if name in contracts)
    yield from (covered.reading for covered in price_list.ids_covered if covered.rule in rules)
    yield from (free.reading for free in price_list.free_beside if free.rule in rules)
    yield price_list.vat.reading
    yield from price_list.readings


def _of_months(quote: Quote) -> Iterator[Reading | None]:
    """Of how a month is divided: only where the quote has such a month, and a fee in it."""
    price_list = quote.price_list
    charged = _units_in_part(quote.lines, quote.rated)
    yield from (rule.reading for unit, rule in price_list.proration.items() if unit in charged)
    if quote.request.starts_on.day > 1:
        yield price_list.first_invoice.reading
    if any(span.start.day > 1 for span, _ in quote.lists[1:]):
        yield price_list.list_change


def _of_policy(quote: Quote) -> Iterator[Reading | None]:
    """Of the policy that applies, and of why it is the one that applies."""
    policy = quote.policy
    if policy is None:
        return
    special = {policy.reading(block) for block in NOT_ALWAYS}
    yield from (reading for reading in policy.readings if reading not in special)
    for block in _waived_in_part(quote.lines, quote.rated):
        yield policy.reading(block)
    yield from _of_preference(quote)


def _of_preference(quote: Quote) -> Iterator[Reading | None]:
    """Why one of several policies in force applies, where the quote rests on that."""
    named = quote.request.waiver_policy
    held = quote.asked.editions.policies_on(quote.request.starts_on)
    for policy in held:
        beside = [other.id for other in held if other.id in policy.preferred_to]
        if (named is None and policy is quote.policy and beside) or named in beside:
            yield policy.reading("preferred_to")


def _of_size(quote: Quote) -> Iterator[Reading]:
    """Of how large a company is, where its figures decide that."""
    if quote.company_size is not None:
        yield from quote.asked.editions.company_sizes.readings_of(quote.company_size)


def _is_filled_in_part(run: Run) -> bool:
    return run.months[0].days < run.months[0].days_in_month


@lru_cache(maxsize=1024)
def _units_in_part(lines: tuple[Line, ...], rated: RatedMonths) -> frozenset[str]:
    """The units of the fees that cost something in a month that the contract does not fill."""
    runs = [run for run in rated.runs if _is_filled_in_part(run)]
    charged = {amounts.line for run in runs for amounts in _charged(run.amounts.lines)}
    return frozenset(line.unit for line in lines if line.id in charged)


@lru_cache(maxsize=1024)
def _waived_in_part(lines: tuple[Line, ...], rated: RatedMonths) -> tuple[str, ...]:
    """The blocks of a policy that say what is waived of the fees charged in a month that is waived in part."""
    by_id = {line.id: line for line in lines}
    parts = [run for run in rated.runs if run.waived_days is not None and 0 < run.waived_days < run.months[0].days]
    charged = [by_id[amounts.line] for run in parts for amounts in _charged(run.amounts.lines)]
    blocks = ("partial_month" if line.prorated else "partial_month_undivided" for line in charged if line.waivable)
    return tuple(dict.fromkeys(blocks))


def _charged(lines: Iterable[MonthLine]) -> Iterator[MonthLine]:
    return (line for line in lines if line.list)
