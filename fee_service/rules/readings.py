"""The readings of unclear texts that a quote rests on: each is shown where a figure would differ without it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache

from fee_service.model import Line, MonthLine, Reading
from fee_service.published.catalogue import Requested
from fee_service.published.editions import ListSpan, PriceList, WaiverPolicy
from fee_service.published.terms import Term
from fee_service.rules.lines import Platform
from fee_service.rules.quoting import Figures, Quote
from fee_service.rules.rating import RatedMonths, Run

NOT_ALWAYS = ("partial_month", "partial_month_undivided", "preferred_to")  # blocks that not every quote rests on


def readings_of(quote: Quote) -> tuple[Reading, ...]:
    """The readings behind a quote, each once: of what is asked for, of its months, of its waiver policy, of how large
    the company is."""
    asked, request = quote.asked, quote.request
    held = asked.editions.policies_on(request.starts_on)
    of_asked = _of_asked(quote.figures, asked.lists, asked.apis, asked.platform, request.starts_on)
    of_policy = _of_policy(quote.figures, quote.policy, held, request.waiver_policy)
    found = (*of_asked, *of_policy, *_of_size(quote))
    return tuple({reading.id: reading for reading in found}.values())


@lru_cache(maxsize=512)
def _of_asked(
    figures: Figures,
    lists: tuple[ListSpan, ...],
    apis: tuple[Requested, ...],
    platform: Platform | None,
    starts_on: date,
) -> tuple[Reading, ...]:
    """Of what is asked for, and of its months; kept like the figures."""
    price_list = lists[0][1]
    found = (*_of_prices(figures, price_list, apis, platform), *_of_months(figures, price_list, lists, starts_on))
    return _said(found)


def _of_prices(
    figures: Figures, price_list: PriceList, apis: Iterable[Requested], platform: Platform | None
) -> Iterator[Reading | None]:
    """Of what the lines come from, of the terms, and of the APIs asked for."""
    contracts = frozenset([licence.contract for licence in figures.licences])
    tables = frozenset([(line.contract, line.fee) for line in figures.lines])
    rules = frozenset([line.exempted.rule for line in figures.lines if line.exempted])
    yield from _of_tables(price_list, contracts, tables, rules)
    yield from _of_terms(figures.terms)
    yield from (reading for _, api in apis for reading in api.readings)
    yield from platform.readings() if platform else ()


@lru_cache(maxsize=512)
def _of_terms(terms: tuple[Term, ...]) -> tuple[Reading, ...]:
    return _said(clause.reading for term in terms for clause in term.clauses)


def _said(found: Iterable[Reading | None]) -> tuple[Reading, ...]:
    return tuple([reading for reading in found if reading is not None])


@lru_cache(maxsize=512)
def _of_tables(
    price_list: PriceList,
    contracts: frozenset[str],
    tables: frozenset[tuple[str, str]],
    rules: frozenset[str],
) -> tuple[Reading, ...]:
    """Of the fees, tables, contracts and rules that lines come from; kept, whatever is taken of them."""
    return _said(_printed_of(price_list, contracts, tables, rules))


def _printed_of(
    price_list: PriceList,
    contracts: Collection[str],
    tables: Collection[tuple[str, str]],
    rules: Collection[str],
) -> Iterator[Reading | None]:
    used = {fee for _, fee in tables}
    yield from (price_list.fees[fee].reading for fee in price_list.fees if fee in used)
    yield from (reading for table, reading in price_list.cell_readings.items() if table in tables)
    yield from (terms.reading for name, terms in price_list.contracts.items() if name in contracts)
    yield from (covered.reading for covered in price_list.ids_covered if covered.rule in rules)
    yield from (free.reading for free in price_list.free_beside if free.rule in rules)
    yield price_list.vat.reading
    yield from price_list.readings


def _of_months(
    figures: Figures, price_list: PriceList, lists: Sequence[ListSpan], starts_on: date
) -> Iterator[Reading | None]:
    """Of how a month is divided: only where the quote has such a month, and a fee in it."""
    charged = _units_in_part(figures.lines, figures.rated)
    yield from (rule.reading for unit, rule in price_list.proration.items() if unit in charged)
    if starts_on.day > 1:
        yield price_list.first_invoice.reading
    if any(span.start.day > 1 for span, _ in lists[1:]):
        yield price_list.list_change


def _of_policy(
    figures: Figures, policy: WaiverPolicy | None, held: tuple[WaiverPolicy, ...], named: str | None
) -> tuple[Reading, ...]:
    """Of the policy that applies, and of why it is the one that applies of those that are `held`."""
    if policy is None:
        return ()
    blocks = _waived_in_part(figures)
    return _of_waiver(policy, blocks, held, named)


@lru_cache(maxsize=512)
def _of_waiver(
    policy: WaiverPolicy, blocks: tuple[str, ...], held: tuple[WaiverPolicy, ...], named: str | None
) -> tuple[Reading, ...]:
    special = {policy.reading(block) for block in NOT_ALWAYS}
    always = (reading for reading in policy.readings if reading not in special)
    return _said((*always, *map(policy.reading, blocks), *_of_preference(policy, held, named)))


def _of_preference(applied: WaiverPolicy, held: Sequence[WaiverPolicy], named: str | None) -> Iterator[Reading | None]:
    """Why one of several policies in force applies, where the quote rests on that."""
    for policy in held:
        beside = [other.id for other in held if other.id in policy.preferred_to]
        if (named is None and policy is applied and beside) or named in beside:
            yield policy.reading("preferred_to")


def _of_size(quote: Quote) -> Iterator[Reading]:
    """Of how large a company is, where its figures decide that."""
    if quote.company_size is not None:
        yield from quote.asked.editions.company_sizes.readings_of(quote.company_size)


def _is_filled_in_part(run: Run) -> bool:
    return run.months[0].days < run.months[0].days_in_month


def _units_in_part(lines: Iterable[Line], rated: RatedMonths) -> frozenset[str]:
    """The units of the fees that cost something in a month that the contract does not fill."""
    runs = [run for run in rated.runs if _is_filled_in_part(run)]
    charged = {amounts.line for run in runs for amounts in _charged(run.amounts.lines)}
    return frozenset(line.unit for line in lines if line.id in charged)


@lru_cache(maxsize=512)
def _waived_in_part(figures: Figures) -> tuple[str, ...]:
    """The blocks of a policy that say what is waived of the fees charged in a month that is waived in part."""
    by_id = {line.id: line for line in figures.lines}
    parts = [
        run for run in figures.rated.runs if run.waived_days is not None and 0 < run.waived_days < run.months[0].days
    ]
    charged = [by_id[amounts.line] for run in parts for amounts in _charged(run.amounts.lines)]
    blocks = ("partial_month" if line.prorated else "partial_month_undivided" for line in charged if line.waivable)
    return tuple(dict.fromkeys(blocks))


def _charged(lines: Iterable[MonthLine]) -> Iterator[MonthLine]:
    return (line for line in lines if line.list)
