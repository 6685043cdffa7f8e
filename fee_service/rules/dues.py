"""What a contract owes: for each month of service its lines, with the day of their invoice and what they rest on.

Pure. What was agreed is rated as a quote rates it; what happened cuts it, what was reported takes the place of the
quoted usage. Without either the dues of the quoted months are the quote.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from fee_service.contract import Basis, Contract
from fee_service.model import NO_USAGE, Invoice, Licence, Line, PricedCell, Totals, Usage
from fee_service.periods import ONE_DAY, CalendarMonth, Period, calendar_months, first_of_month_after
from fee_service.published.editions import CellKey, Editions, ListSpan, NotFound, PriceList, Rate, WaiverPolicy
from fee_service.rules.billing_usage import Billing, Reports, billings
from fee_service.rules.invoicing import issue_day, vat_of
from fee_service.rules.lines import USAGE_COLUMNS, Platform, lines_of
from fee_service.rules.rating import RatedLine, rate_span, rated_lines
from fee_service.rules.resolving import company_resolved, platform_of
from fee_service.rules.standing import Standing, standing_of

USAGE_FEE = "usage_fee"


class Amount(NamedTuple):
    """What a line comes to in a month: charged units, list amount and net (KRW without VAT)."""

    quantity: int
    list: int
    net: int

    def less(self, billed: Amount) -> Amount:
        """What is left of it once something is billed; negative where that was more."""
        return Amount(self.quantity - billed.quantity, self.list - billed.list, self.net - billed.net)


NOTHING = Amount(0, 0, 0)


class Due(NamedTuple):
    """A line of a month of service; `amount` is the month's, `billed` what of it was billed before (a settlement)."""

    month: date  # its first day
    span: Period  # the days on which the fee is owed
    line: Line
    cell: PricedCell  # of the list in force on the first of them
    amount: Amount
    invoice_on: date
    basis: Basis
    billing: Billing | None  # of usage
    billed: Amount
    charged_days: int

    @property
    def owed(self) -> Amount:
        """What is to be billed."""
        return self.amount.less(self.billed)

    @property
    def days_in_month(self) -> int:
        return (first_of_month_after(self.month, 1) - self.month).days


class DueInvoice(NamedTuple):
    """What is billed on a day; `complete`: every line of that day's invoice is among the dues asked for."""

    invoice: Invoice
    complete: bool


@dataclass(frozen=True, slots=True, eq=False)
class Running:
    """A contract as it stands, with everything that its dues before a day rest on."""

    contract: Contract
    standing: Standing
    reports: Reports
    policy: WaiverPolicy | None
    platform: Platform | None
    lists: tuple[ListSpan, ...]  # the first and the last without end: what a line is, its start does not matter
    editions: Editions

    @property
    def start(self) -> date:
        return self.contract.request.starts_on

    @property
    def first(self) -> date:
        """The first day of the first contract month."""
        return self.start.replace(day=1)

    def lines(self, licences: tuple[Licence, ...]) -> Iterator[tuple[Line, RatedLine]]:
        """The lines of the contract with these licences. Raises NotFound where a list no longer prints a fee."""
        lines = lines_of(licences, self.platform, self.contract.request.channel, self.lists, self.policy)
        return zip(lines, rated_lines(lines, self.lists), strict=True)

    def month(self, first: date) -> CalendarMonth | None:
        """The part of a calendar month in which the contract runs; None where it does not."""
        end = first_of_month_after(first, 1)
        if self.standing.end is not None:
            end = min(end, self.standing.end)
        span = Period(max(first, self.start), end)
        return calendar_months(span)[0] if span.days else None

    def issued_on(self, month: date, delay: int = 0) -> date:
        """The day on which a month's fees are billed, so many months after it."""
        later = (month.year - self.start.year) * 12 + month.month - self.start.month + delay
        return issue_day(self.start, later, self.lists[0][1])


@dataclass(frozen=True, slots=True)
class Dues:
    """What a contract owes for some months of service, or by the invoices of one month; `running` is None where it
    has not started by then."""

    lines: tuple[Due, ...]
    invoices: tuple[DueInvoice, ...]
    totals: Totals
    running: Running | None


NO_DUES = Dues((), (), Totals(0, 0, 0, 0), None)


def dues(contract: Contract, editions: Editions, first: date, last: date, as_of: date) -> Dues:
    """What a contract owes for the months of service from the one that begins on `first` through that on `last`.

    Raises NotFound where no list is in force, or it no longer prints what the contract holds.
    """
    running = running_until(contract, editions, first_of_month_after(last, 1), as_of)
    if running is None:
        return NO_DUES
    months = tuple(_months(running, first, last))
    lines = tuple(due for month in months for due in _of_month(running, month))
    days = {running.issued_on(month.span.start.replace(day=1)): 0 for month in months}
    return _summed(running, lines, days, {month.span.start.replace(day=1) for month in months})


def dues_billed_in(contract: Contract, editions: Editions, invoice_month: date, as_of: date) -> Dues:
    """What a contract is billed by the invoices of the month that begins on a day. Raises NotFound like `dues`."""
    end = first_of_month_after(invoice_month, 1)
    running = running_until(contract, editions, end, as_of)
    if running is None:
        return NO_DUES
    services = _months_billed(running, invoice_month)
    months = tuple(month for service in sorted(services) if (month := running.month(service)))
    of_months = (due for month in months for due in _of_month(running, month))
    lines = tuple(due for due in of_months if invoice_month <= due.invoice_on < end)
    issued = (running.issued_on(month.span.start.replace(day=1)) for month in months)
    return _summed(running, lines, {day: 0 for day in issued if invoice_month <= day < end}, services)


def running_until(contract: Contract, editions: Editions, end: date, as_of: date) -> Running | None:
    """A contract with the lists of all its days before `end`; None where it has not started by then.

    The list that a request named holds over the quoted horizon, and after it the lists of their time.
    """
    request, standing = contract.request, standing_of(contract)
    until = end if standing.end is None else min(end, standing.end)
    if until <= request.starts_on:
        return None
    resolved = company_resolved(request, editions)
    platform = platform_of(request, resolved.apis, editions)
    lists = wide(_lists(contract, editions, until))
    reports = Reports(contract.reports, as_of, on_the_day=editions.contract_rules.estimate.in_time_on_the_day)
    return Running(contract, standing, reports, resolved.policy, platform, lists, editions)


def _lists(contract: Contract, editions: Editions, until: date) -> tuple[ListSpan, ...]:
    request = contract.request
    return lists_until(editions, request.starts_on, until, request.price_list, contract.horizon)


def lists_until(
    editions: Editions, start: date, until: date, named: str | None, horizon: Period | None
) -> tuple[ListSpan, ...]:
    """The lists of a contract from its start until a day: over the quoted horizon the named one, if one was named and
    named ones hold.

    Raises NotFound where a day has none.
    """
    if named is None or horizon is None or not editions.contract_rules.named_price_list.holds:
        return editions.price_lists_over(Period(start, until))
    quoted = Period(start, min(until, horizon.end))
    return ((quoted, editions.price_list(named)), *_lists_after(quoted, editions, until))


def _lists_after(quoted: Period, editions: Editions, until: date) -> Iterator[ListSpan]:
    """The lists of their time for a contract that has run over the quoted days already."""
    if quoted.end < until:
        rest = Period(quoted.end, until)
        for span, price_list in editions.price_lists_over(Period(quoted.start, until)):
            if (part := span.overlap(rest)).days:
                yield part, price_list


def wide(lists: tuple[ListSpan, ...]) -> tuple[ListSpan, ...]:
    """The same lists, the first from the beginning and the last without end: alike for contracts of any start."""
    starts = [date.min, *(span.start for span, _ in lists[1:])]
    ends = [*(span.end for span, _ in lists[:-1]), date.max]
    return tuple((Period(*span), held) for *span, (_, held) in zip(starts, ends, lists, strict=True))


def _months(running: Running, first: date, last: date) -> Iterator[CalendarMonth]:
    month = max(first, running.first)
    while month <= last and (part := running.month(month)):
        yield part
        month = first_of_month_after(month, 1)


def _months_billed(running: Running, invoice_month: date) -> set[date]:
    """The months of service of which something may be billed by the invoices of a month."""
    delays = {rule.months_after for _, held in running.lists for rule in held.fees.values()}
    months = running.reports.months_billed(invoice_month)
    months |= {first_of_month_after(invoice_month, -delay) for delay in delays}
    if running.issued_on(running.first).replace(day=1) == invoice_month:  # it may be billed with the month after
        months.add(running.first)
    return months


# -- the lines of a month ------------------------------------------------------------------------------


def _of_month(running: Running, month: CalendarMonth) -> Iterator[Due]:
    first = month.span.start.replace(day=1)
    for line, rated in running.lines(running.contract.request.licences):
        if line.fee != USAGE_FEE and not (line.once and first != running.first):
            span, amount = _amount(running, line, rated, month)
            if span.days:
                day = running.issued_on(first, line.months_after)
                yield _due(running, line, span, amount, Billing(day, Basis.CONTRACT, None), NOTHING)
    delays = {held.fees[USAGE_FEE].months_after for _, held in running.lists if USAGE_FEE in held.fees}
    for delay in sorted(delays):
        yield from _used(running, month, first, delay)


def _used(running: Running, month: CalendarMonth, first: date, delay: int) -> Iterator[Due]:
    """The usage of a month: what is known on each day on which it is billed, less what was billed before."""
    billed: dict[tuple[str, str, str | None], tuple[Line, Amount]] = {}
    for billing in billings(first, running.first, running.reports, lambda of: running.issued_on(of, delay)):
        now = {
            (line.contract, line.product, line.user_type): (line, _amount(running, line, rated, month)[1])
            for line, rated in running.lines(_licences(running, billing))
            if line.fee == USAGE_FEE and line.months_after == delay
        }
        for key in dict.fromkeys((*now, *billed)):
            line, before = billed.get(key, (None, NOTHING))
            line, amount = now.get(key, (line, NOTHING))
            settled = amount.less(before)
            if line is not None and (billing.basis is not Basis.SETTLEMENT or settled.list or settled.net):
                yield _due(running, line, month.span, amount, billing, before)
        billed = now


def usage_fees(
    running: Running, month: CalendarMonth, usage: Iterable[tuple[str, Usage]]
) -> Iterator[tuple[Line, int]]:
    """The usage fees of a month, each with its net (KRW), for some usage by product, whatever was reported."""
    for line, rated in running.lines(_with_usage(running, usage)):
        if line.fee == USAGE_FEE:
            yield line, _amount(running, line, rated, month)[1].net


def _licences(running: Running, billing: Billing) -> tuple[Licence, ...]:
    """The licences with the usage that a billing rests on: of each product what was reported, or as quoted."""
    if billing.report is None:
        return running.contract.request.licences
    return _with_usage(running, billing.report.usage)


def _with_usage(running: Running, usage: Iterable[tuple[str, Usage]]) -> tuple[Licence, ...]:
    """The licences, those that have a usage fee with that usage; a product that is not named was not used."""
    licences, used = running.contract.request.licences, dict(usage)
    return tuple(
        replace(licence, usage=used.get(licence.product, NO_USAGE)) if _has_usage_fee(running, licence) else licence
        for licence in licences
    )


def _has_usage_fee(running: Running, licence: Licence) -> bool:
    return any(
        CellKey(licence.contract, USAGE_FEE, licence.product, column) in held.cells
        for _, held in running.lists
        for column in USAGE_COLUMNS
    )


def _amount(running: Running, line: Line, rated: RatedLine, month: CalendarMonth) -> tuple[Period, Amount]:
    """The days of a month on which a line is owed, and what it comes to."""
    span = month.span
    if line.until is not None:
        span = Period(span.start, max(span.start, min(span.end, line.until)))
    amounts = rate_span(rated, span, month.days_in_month, running.lists, running.standing.waived)
    return span, Amount(_cell(running, line, span).quantity, *amounts)


def _cell(running: Running, line: Line, span: Period) -> PricedCell:
    """The cell of the list in force on the first day."""
    return next(
        cell for cell, (held, _) in zip(line.cells, running.lists, strict=True) if held.start <= span.start < held.end
    )


def _due(running: Running, line: Line, span: Period, amount: Amount, billing: Billing, billed: Amount) -> Due:
    waived = running.standing.waived
    free = span.overlap(waived).days if waived and line.waivable else 0
    return Due(
        span.start.replace(day=1),
        span,
        line,
        _cell(running, line, span),
        amount,
        billing.on,
        billing.basis,
        None if billing.basis is Basis.CONTRACT else billing,
        billed,
        span.days - free,
    )


# -- invoices ------------------------------------------------------------------------------------------


def _summed(running: Running, lines: Sequence[Due], days: dict[date, int], months: set[date]) -> Dues:
    """The invoices of lines, those days included on which nothing is billed, and the sums."""
    supply = dict(days)
    for due in lines:
        supply[due.invoice_on] = supply.get(due.invoice_on, 0) + due.owed.net
    invoices = tuple(
        DueInvoice(Invoice(day, net, vat_of(net, vat_rate(running, day))), _is_complete(running, day, months))
        for day, net in sorted(supply.items())
    )
    total_list, net = sum(due.owed.list for due in lines), sum(due.owed.net for due in lines)
    vat = sum(each.invoice.vat for each in invoices)
    return Dues(tuple(lines), invoices, Totals(total_list, net - total_list, net, vat), running)


def _is_complete(running: Running, day: date, months: set[date]) -> bool:
    others = _months_billed(running, day.replace(day=1)) - months
    return not any(running.month(month) for month in others if month >= running.first)


def vat_rate(running: Running, day: date) -> Rate:
    """The VAT of an invoice, by the list of its day."""
    return list_on(running, day).vat


def list_on(running: Running, day: date) -> PriceList:
    """The list that holds for a contract on a day, before it the first one and after its end the last one that did."""
    end = running.standing.end
    if end is None or day < end:
        try:
            return _lists(running.contract, running.editions, max(day, running.start) + ONE_DAY)[-1][1]
        except NotFound:  # no list of that day is known: the last one
            pass
    return running.lists[-1][1]
