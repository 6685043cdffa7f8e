"""What many contracts are billed by the invoices of a month, in arrays: each row is that of `rules.dues`.

When a month is billed, and by which report, is asked of the scalar rules, contract by contract; what it costs is
rated for all of them at once. A contract that the arrays do not know (services of the platform, use other than
display, lists that count differently) is left to the scalar engine as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from fee_service.answers.billed import BilledContract, BilledLine, billed, owner_of
from fee_service.bulk.days import number_of
from fee_service.bulk.lines import RECOVERY_FEE, Licences, Lines, Shape, Shapes, lines_in
from fee_service.bulk.segments import Amounts, Segments, lists_of, rate
from fee_service.contract import Basis, Contract
from fee_service.model import NO_USAGE, OPEN_API_PLATFORM, Invoice, Label, Licence, Line, Usage
from fee_service.periods import Period, first_of_month_after
from fee_service.published.editions import CellKey, Editions, FirstInvoiceDay, ListSpan, PriceList, WaiverPolicy
from fee_service.rules.billing_usage import Billing, Reports, billings
from fee_service.rules.dues import NOTHING, USAGE_FEE, Amount, dues_billed_in, lists_until, wide
from fee_service.rules.invoicing import issue_day, vat_of
from fee_service.rules.lines import USAGE_COLUMNS
from fee_service.rules.standing import Standing, standing_of

MOST_KEPT = 20_000  # of each kind
UNITS = 6  # columns of `Licences.units`


Used = Mapping[str, Usage]


class Part(NamedTuple):
    """A month of a contract that is rated once: its agreed fees, or its usage as one billing knows it."""

    contract: int
    billing: int  # of `_Asked.billings`
    span: Period
    lists: tuple[ListSpan, ...]  # that hold in it
    licences: tuple[Licence, ...]
    used: Used | None  # by product, as it was reported; None: as quoted
    calls: int | None
    is_usage: bool
    delay: int
    is_first: bool  # whether it is the contract's first month
    sign: int  # -1: what was billed before


class Running(NamedTuple):
    """What of a contract its parts share."""

    standing: Standing
    policy: WaiverPolicy | None
    lists: tuple[ListSpan, ...]  # over all its days until the end of the invoice month
    first: date  # the first day of its first month


class DuesOfMonth:
    """The dues of an invoice month; what is alike in many contracts is kept from one batch to the next."""

    def __init__(self, editions: Editions, invoice_month: date, as_of: date) -> None:
        self._editions, self._month, self._as_of = editions, invoice_month, as_of
        self._end = first_of_month_after(invoice_month, 1)
        self._shapes = Shapes()
        self._sequences: dict[tuple[ListSpan, ...], int] = {}  # with their places
        self._told: dict[int, Told] = {}  # by fee
        self._has_services = lru_cache(MOST_KEPT)(self._services_asked_for)
        self._policy = lru_cache(MOST_KEPT)(self._policy_of)
        self._life = lru_cache(MOST_KEPT)(self._lists_over)
        self._in_force = lru_cache(MOST_KEPT)(_overlapping)

    def billed(self, contracts: Sequence[Contract]) -> Iterator[BilledContract]:
        """What each contract is billed, in the same order. Raises NotFound as `dues_billed_in` does, and TooMuch."""
        asked = _Asked(contracts)
        for number, contract in enumerate(contracts):
            running = self._running(contract)
            if running is None:
                asked.alone[number] = billed(
                    contract, dues_billed_in(contract, self._editions, self._month, self._as_of)
                )
            else:
                asked.running[number] = running
                parts = self._parts(number, contract, running, asked)
                asked.parts += sorted(parts, key=lambda part: (part.span.start, part.is_usage))
        return asked.answered(self._rated(asked) if asked.parts else {})

    def takes(self, contract: Contract) -> bool:
        """Whether a contract is rated in arrays."""
        return self._running(contract) is not None

    def _running(self, contract: Contract) -> Running | None:
        """What the arrays need to know; None of a contract that is left to the scalar engine."""
        request = contract.request
        if self._has_services(request.apis, request.starts_on) or any(one.non_display_use for one in request.licences):
            return None
        standing = standing_of(contract)
        until = self._end if standing.end is None else min(self._end, standing.end)
        if until <= request.starts_on:
            return None
        named = contract.horizon if request.price_list else None
        lists = self._life(request.starts_on, until, request.price_list, named)
        if not _counts_alike(lists):
            return None
        return Running(
            standing, self._policy(request.waiver_policy, request.starts_on), lists, request.starts_on.replace(day=1)
        )

    def _services_asked_for(self, apis: tuple[str, ...], day: date) -> bool:
        found = (self._editions.catalogue.find(name) for name in apis)
        return any(api is not None and api.services for api in found)

    def _policy_of(self, name: str | None, day: date) -> WaiverPolicy | None:
        return self._editions.policy_on(day) if name is None else self._editions.policy(name)

    def _lists_over(self, start: date, until: date, named: str | None, quoted: Period | None) -> tuple[ListSpan, ...]:
        return wide(lists_until(self._editions, start, until, named, quoted))

    # -- which months are billed, and as what --------------------------------------------------------------

    def _parts(self, number: int, contract: Contract, running: Running, asked: _Asked) -> Iterator[Part]:
        """The parts of a contract that its invoices of the month come from."""
        request, price_list = contract.request, running.lists[0][1]
        for delay in _delays(price_list):
            for service in self._billed_after(delay, running):
                day = self._issued_on(contract, running, service, delay)
                span = _span(contract, running, service)
                if span is not None and self._month <= day < self._end:
                    billing = asked.billing(Billing(day, Basis.CONTRACT, None))
                    part = self._part(number, contract, span, running, delay)
                    yield part._replace(billing=billing, licences=request.licences, calls=request.api_calls_per_month)
        if USAGE_FEE in price_list.fees:
            yield from self._usage_parts(number, contract, running, asked)

    def _billed_after(self, delay: int, running: Running) -> set[date]:
        """The months that may be billed so many months after; the first one sometimes a month later."""
        month = first_of_month_after(self._month, -delay)
        at_once = running.lists[0][1].first_invoice.day is FirstInvoiceDay.START_DAY
        return {month} if delay or at_once else {month, running.first}

    def _usage_parts(self, number: int, contract: Contract, running: Running, asked: _Asked) -> Iterator[Part]:
        delay = running.lists[0][1].fees[USAGE_FEE].months_after
        licences = tuple([one for one in contract.request.licences if _has_usage_fee(running.lists, one)])
        if not licences or not (contract.reports or _used(licences, running.lists)):
            return
        on_the_day = self._editions.contract_rules.estimate.in_time_on_the_day
        reports = Reports(contract.reports, self._as_of, on_the_day=on_the_day)
        for service in sorted(reports.months_billed(self._month) | self._billed_after(delay, running)):
            span = _span(contract, running, service)
            if span is None:
                continue
            before: Billing | None = None
            for billing in billings(
                service, running.first, reports, lambda of: self._issued_on(contract, running, of, delay)
            ):
                if self._month <= billing.on < self._end:
                    part = self._part(number, contract, span, running, delay)
                    part = part._replace(billing=asked.billing(billing), licences=licences, is_usage=True)
                    yield part._replace(used=_used_in(billing))
                    if before is not None:
                        yield part._replace(used=_used_in(before), sign=-1)
                before = billing

    def _part(self, number: int, contract: Contract, span: Period, running: Running, delay: int) -> Part:
        """What the parts of one month share."""
        lists = running.lists if len(running.lists) == 1 else self._in_force(running.lists, span)
        is_first = span.start <= contract.request.starts_on
        return Part(number, 0, span, lists, (), None, None, False, delay, is_first, 1)

    def _issued_on(self, contract: Contract, running: Running, month: date, delay: int) -> date:
        start = contract.request.starts_on
        later = (month.year - start.year) * 12 + month.month - start.month + delay
        return issue_day(start, later, running.lists[0][1])

    # -- what they cost ------------------------------------------------------------------------------------

    def _rated(self, asked: _Asked) -> dict[int, list[BilledLine]]:
        """The lines of each contract, rated all at once."""
        shapes = self._shapes
        lines = _kept(lines_in(self._licences(asked), shapes, len(asked.parts)), asked.parts, shapes)
        under = [self._sequences.setdefault(part.lists, len(self._sequences)) for part in asked.parts]
        amounts = rate(_segments(lines, asked, under, shapes), lists_of(tuple(self._sequences)))
        found: dict[int, list[BilledLine]] = {}
        dated = [_dated(part, asked) for part in asked.parts]
        for place, fee, amount in _owed(lines, amounts, asked):
            part = asked.parts[place]
            told = self._told.get(fee) or self._told.setdefault(fee, _told(shapes.fees[fee].line, part.lists[0][1]))
            line = _line(asked.contracts[part.contract], part, dated[place], told, amount)
            found.setdefault(part.contract, []).append(line)
        return found

    def _licences(self, asked: _Asked) -> Licences:
        """The licences of all parts, each part as a contract of its own, the platform last."""
        rows: list[tuple[int, ...]] = []
        keys: dict[tuple[str, str], int] = {}
        number_of_shape = self._shapes.number
        for number, part in enumerate(asked.parts):
            channel = asked.contracts[part.contract].request.channel
            policy = asked.running[part.contract].policy
            for one in part.licences:
                place = (one.contract, one.product)
                shape = Shape(*place, one.options, one.affiliate_extension, channel, policy, part.lists)
                usage = one.usage if part.used is None else part.used.get(one.product, NO_USAGE)
                units = (1, max(0, one.reception_sets - 1), *(usage if part.is_usage else NO_USAGE), 0)
                place_of = keys.setdefault(place, len(keys))
                rows.append((number, number_of_shape(shape), one.disaster_recovery_sets > 0, place_of, *units))
            if part.calls is not None:
                place = (OPEN_API_PLATFORM, OPEN_API_PLATFORM)
                shape = Shape(OPEN_API_PLATFORM, None, (), False, channel, policy, part.lists)
                units = (1, 0, *NO_USAGE, part.calls)
                rows.append((number, number_of_shape(shape), False, keys.setdefault(place, len(keys)), *units))
        table = np.array(rows, dtype=np.int64).reshape(len(rows), 4 + UNITS).T
        return Licences(table[0], table[1], table[4:], table[2].astype(np.bool_), tuple(keys), table[3])


class Told(NamedTuple):
    """What is said of a line wherever it stands."""

    line: Line
    unit_price: int | None
    price_list: str
    source: str
    agreement: Label
    owner: Label


class _Asked:
    """The contracts of a batch, and the parts that are to be rated."""

    def __init__(self, contracts: Sequence[Contract]) -> None:
        self.contracts = contracts
        self.alone: dict[int, BilledContract] = {}  # left to the scalar engine
        self.running: dict[int, Running] = {}
        self.parts: list[Part] = []
        self.billings: list[Billing] = []

    def billing(self, billing: Billing) -> int:
        """The number of a billing."""
        self.billings.append(billing)
        return len(self.billings) - 1

    def answered(self, lines: dict[int, list[BilledLine]]) -> Iterator[BilledContract]:
        """What each contract is billed, in their order."""
        days: dict[int, dict[date, int]] = {}
        for part in self.parts:
            if not part.is_usage and not part.delay:  # a month of the contract has an invoice even of 0
                days.setdefault(part.contract, {})[self.billings[part.billing].on] = 0
        for number, contract in enumerate(self.contracts):
            if number in self.alone:
                yield self.alone[number]
                continue
            of = tuple(lines.get(number, ()))
            supply = days.get(number, {})
            for line in of:
                supply[line.invoice_on] = supply.get(line.invoice_on, 0) + line.net
            company, running = contract.request.company, self.running[number]
            invoices = tuple(
                Invoice(day, net, vat_of(net, _list_on(running, day).vat)) for day, net in sorted(supply.items())
            )
            yield BilledContract(contract.number, company.name, company.business_number, of, invoices)


def _kept(lines: Lines, parts: Sequence[Part], shapes: Shapes) -> Lines:
    """The fees that a part is for: usage or what was agreed, billed after its delay, once only in the first month."""
    table = shapes.table
    of_usage = np.array([fee.line.fee == USAGE_FEE for fee in shapes.fees])
    is_usage = np.array([part.is_usage for part in parts])[lines.contract]
    delay = np.array([part.delay for part in parts])[lines.contract]
    is_first = np.array([part.is_first for part in parts])[lines.contract]
    kept = (of_usage[lines.fee] == is_usage) & (table.delay[lines.fee] == delay) & (~table.once[lines.fee] | is_first)
    return Lines._make(column[kept] for column in lines)


def _segments(lines: Lines, asked: _Asked, under: Sequence[int], shapes: Shapes) -> Segments:
    """Each fee over the days of its part."""
    table, days = shapes.table, []
    for part in asked.parts:
        waived = asked.running[part.contract].standing.waived or part.span._replace(end=part.span.start)
        days.append([number_of(day) for day in (*part.span, *waived)])
    first, end, waived_first, waived_end = np.array(days, dtype=np.int64)[lines.contract].T
    return Segments(
        np.array(under, dtype=np.int64)[lines.contract],
        first,
        end,
        waived_first,
        waived_end,
        lines.charges,
        table.prorated[lines.fee],
        table.waivable[lines.fee],
        table.partly_waived[lines.fee],
    )


def _owed(lines: Lines, amounts: Amounts, asked: _Asked) -> Iterator[tuple[int, int, Amount]]:
    """The amount of each fee of each part, and of a settlement what is left once the one before is taken off."""
    columns = (lines.contract, lines.fee, lines.quantity, amounts.list, amounts.net)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    settlements = {part.billing for part in asked.parts if part.sign < 0}
    settled: dict[tuple[int, int], tuple[int, Amount]] = {}
    for place, fee, *amounts_of in rows:
        part, amount = asked.parts[place], Amount(*amounts_of)
        if part.billing not in settlements:
            yield from _settled(settled)
            yield place, fee, amount
        elif part.sign > 0:
            settled[part.billing, fee] = place, amount
        else:
            first, now = settled.get((part.billing, fee), (place, NOTHING))
            settled[part.billing, fee] = first, now.less(amount)
    yield from _settled(settled)


def _settled(found: dict[tuple[int, int], tuple[int, Amount]]) -> Iterator[tuple[int, int, Amount]]:
    """What is left to settle; nothing stays waiting."""
    for (_, fee), (place, amount) in found.items():
        if amount.list or amount.net:
            yield place, fee, amount
    found.clear()


def _told(line: Line, price_list: PriceList) -> Told:
    cell = line.cells[0]
    label = price_list.contracts[line.contract].label
    return Told(line, cell.unit_price, cell.price_list, cell.source, label, owner_of(line, price_list))


class Dated(NamedTuple):
    """What the lines of a part say of its days and of its bill."""

    month: str
    days: int
    waived: int
    days_in_month: int
    on: date
    basis: str


def _dated(part: Part, asked: _Asked) -> Dated:
    billing, waived = asked.billings[part.billing], asked.running[part.contract].standing.waived
    first, span = part.span.start.replace(day=1), part.span
    free = span.overlap(waived).days if waived else 0
    days_in_month = (first_of_month_after(first, 1) - first).days
    return Dated(f"{first:%Y-%m}", span.days, free, days_in_month, billing.on, billing.basis)


def _line(contract: Contract, part: Part, dated: Dated, told: Told, amount: Amount) -> BilledLine:
    line, company = told.line, contract.request.company
    quantity, listed, net = amount
    return BilledLine(
        contract.number,
        company.name,
        company.business_number,
        dated.month,
        line.fee,
        line.contract,
        line.product,
        line.option,
        line.user_type,
        quantity,
        told.unit_price,
        dated.days,
        dated.days - (dated.waived if line.waivable else 0),
        dated.days_in_month,
        listed,
        net - listed,
        net,
        dated.on,
        dated.basis,
        told.price_list,
        told.source,
        part.span,
        line.unit,
        line.label,
        told.agreement,
        told.owner,
    )


def _list_on(running: Running, day: date) -> PriceList:
    """The list that says the VAT of an invoice, as in `rules.dues`."""
    end = running.standing.end
    if end is None or day < end:
        return next(price_list for span, price_list in running.lists if day < span.end)
    return running.lists[-1][1]


# -- contracts, months, licences ---------------------------------------------------------------------------


def _span(contract: Contract, running: Running, month: date) -> Period | None:
    """The days of a month on which a contract runs."""
    end = first_of_month_after(month, 1)
    if running.standing.end is not None:
        end = min(end, running.standing.end)
    span = Period(max(month, contract.request.starts_on), end)
    return span if span.days else None


def _overlapping(lists: tuple[ListSpan, ...], span: Period) -> tuple[ListSpan, ...]:
    """The lists that hold on some of the days."""
    return wide(tuple((held, price_list) for held, price_list in lists if held.overlap(span).days))


@lru_cache(MOST_KEPT)
def _counts_alike(lists: tuple[ListSpan, ...]) -> bool:
    """Whether each of several lists counts, bills and names its fees as the first one does, without any minimum."""
    first, *others = (price_list for _, price_list in lists)
    told = _counted(first)
    return not others or (not _has_minimum(first) and all(_counted(each) == told for each in others))


def _counted(price_list: PriceList) -> tuple[object, ...]:
    fees = {name: (rule.label, rule.months_after) for name, rule in price_list.fees.items()}
    products = {name: {key: one.label for key, one in of.products.items()} for name, of in price_list.contracts.items()}
    divided = {unit: rule.prorated for unit, rule in price_list.proration.items()}
    return fees, products, price_list.units, price_list.columns, divided, _has_minimum(price_list)


@lru_cache
def _has_minimum(price_list: PriceList) -> bool:
    """Whether usage or further sets are owed without any."""
    return not price_list.owed_without_use.isdisjoint((USAGE_FEE, RECOVERY_FEE))


@lru_cache
def _delays(price_list: PriceList) -> tuple[int, ...]:
    """How many months after a month its fees are billed, those of usage aside."""
    return tuple(sorted({rule.months_after for name, rule in price_list.fees.items() if name != USAGE_FEE}))


@lru_cache(MOST_KEPT)
def _usage_columns(lists: tuple[ListSpan, ...], agreement: str, product: str) -> bool:
    return any(
        CellKey(agreement, USAGE_FEE, product, column) in held.cells for _, held in lists for column in USAGE_COLUMNS
    )


def _has_usage_fee(lists: tuple[ListSpan, ...], licence: Licence) -> bool:
    return _usage_columns(lists, licence.contract, licence.product)


def _used(licences: Sequence[Licence], lists: Sequence[ListSpan]) -> bool:
    """Whether a usage fee may be owed without a report."""
    return any(any(one.usage) for one in licences) or any(_has_minimum(held) for _, held in lists)


def _used_in(billing: Billing) -> Used | None:
    return None if billing.report is None else dict(billing.report.usage)
