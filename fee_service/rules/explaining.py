"""How each line came about: cell, list, clause, units, day count, waiver. Every equation that is told is true."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from fee_service.model import Line, PricedCell, Text, cited
from fee_service.periods import CalendarMonth, Period
from fee_service.prices import CellKind, Flat, Graduated, Package, Volume
from fee_service.published.editions import ListSpan, WaiverPolicy
from fee_service.rules.counting import counted, unit_of
from fee_service.rules.rating import months_alone


def explanation(
    line: Line, horizon: Period, lists: tuple[ListSpan, ...], waived: Period | None, policy: WaiverPolicy | None
) -> tuple[Text, ...]:
    """The sentences that lead from the published cell of a line to its amounts over a horizon."""
    return explanation_of(line, months_alone(line, horizon, lists, waived), lists, waived, policy)


def explanation_of(
    line: Line,
    alone: Iterable[tuple[CalendarMonth, int, int]],
    lists: Sequence[ListSpan],
    waived: Period | None,
    policy: WaiverPolicy | None,
) -> tuple[Text, ...]:
    """The same of a line with its months that are rated by themselves: the list amount and the net of each (KRW)."""
    sentences = list(_charge(line))
    if any(cell.charge for cell in line.cells):
        months = [_Month(month, _owed(line, month.span), amount, net) for month, amount, net in alone]
        sentences += _prorated(line, months, lists)
        if waived and policy:
            sentences += _waived(line, months, waived, policy)
    return tuple(sentences)


# -- the published cells, and how the charge follows from them -------------------------------------------


def _charge(line: Line) -> Iterator[Text]:
    for cell in dict.fromkeys(line.cells):
        yield from _cell(line, cell)
    yield from line.notes
    if line.exempted:
        params = {"rule": line.exempted.text, "source": cited(line.exempted.source, line.exempted.clause)}
        if line.exempted.wholly:
            yield Text("exempted_wholly", params)
        else:
            yield Text("exempted", {**params, "count": counted(line.unit, line.exempted.quantity)})


def _cell(line: Line, cell: PricedCell) -> Iterator[Text]:
    """The published cell, what so many units cost under it, and the bound where that makes another amount of it."""
    place = {"list": cell.price_list, "source": cited(cell.source, cell.clause)}
    if cell.cell is not CellKind.AMOUNT:
        yield Text(f"cell_{cell.cell}", place)
    elif cell.unit_price == 0 and not cell.charge:
        yield Text("cell_free", {**place, "unit": unit_of(line.unit, cell.printed.price)})
    elif line.exempted and line.exempted.wholly and not cell.charge:
        yield from _free(line, cell, place)
    else:
        yield from _counted_price(line, cell, place)
        yield from _bound(cell)


def _free(line: Line, cell: PricedCell, place: Mapping[str, Hashable]) -> Iterator[Text]:
    """A price that a rule across products takes off as a whole; the rule is told after it."""
    unit = unit_of(line.unit, cell.printed.price)
    if cell.unit_price is not None:
        yield Text("cell_not_charged", {**place, "unit_price": cell.unit_price, "unit": unit})
    else:
        yield Text("cell_not_charged_tiers", {**place, "unit": unit})


def _counted_price(line: Line, cell: PricedCell, place: Mapping[str, Hashable]) -> Iterator[Text]:
    price, units = cell.printed.price, cell.units
    told = {**place, "unit": unit_of(line.unit, price), "amount": cell.printed.unbounded(units)}
    match price:
        case Flat():
            yield Text("cell_amount", {**told, "unit_price": price.unit_price, "quantity": units})
        case Graduated():
            steps = tuple(f"{number:,} × {each:,}" for number, each in price.steps(units))
            yield Text("cell_tiers", {**told, "count": counted(line.unit, units), "steps": " + ".join(steps) or "0"})
        case Volume():
            first, tier = price.tier(units)
            params = {**told, "unit_price": tier.unit_price, "quantity": units, "tier": _tier(first, tier.up_to)}
            yield Text("cell_volume", params)
        case Package():
            yield from _packages(line, price, units)
            yield Text("cell_amount", {**told, "unit_price": price.package_price, "quantity": price.count(units)})


def _tier(first: int, up_to: int | None) -> Text:
    if up_to is None:
        return Text("tier_over", {"first": first})
    return Text("tier_up_to" if first == 1 else "tier_between", {"first": first, "up_to": up_to})


def _packages(line: Line, price: Package, units: int) -> Iterator[Text]:
    """How many started packages are bought, and the fewest where these are more than are started."""
    started = -(-units // price.size)
    params = {"count": counted(line.unit, units), "size": counted(line.unit, price.size)}
    yield Text("note_packages", {**params, "packages": started})
    if price.count(units) > started:
        yield Text("note_packages_at_least", {"packages": price.at_least})


def _bound(cell: PricedCell) -> Iterator[Text]:
    """The minimum or the maximum, where it makes another amount of what the units cost."""
    amount = cell.printed.unbounded(cell.units)
    if cell.charge != amount:
        yield Text("note_minimum" if cell.charge > amount else "note_maximum", {"amount": cell.charge})


# -- months ------------------------------------------------------------------------------------------------


class _Month(NamedTuple):
    """A month with a boundary inside: the days on which a line is owed in it, and what it comes to (KRW)."""

    month: CalendarMonth
    span: Period
    list: int
    net: int


def _owed(line: Line, span: Period) -> Period:
    """The days of a month on which a line is owed."""
    return span if line.until is None else span.overlap(Period(span.start, max(span.start, line.until)))


def _prorated(line: Line, months: Iterable[_Month], lists: Sequence[ListSpan]) -> Iterator[Text]:
    """The day count of every month that the line does not fill, or in which another list begins."""
    divided = [each for each in months if _is_divided(each.month, each.span, lists)]
    if divided and not line.prorated:
        yield Text("not_prorated", {"source": line.proration})
        return
    for month, span, charged, _ in divided:
        parts = tuple(_days_under_each_list(line, span, lists))
        params = {"month": month.label, "days": span.days, "days_in_month": month.days_in_month, "parts": parts}
        params |= {"source": line.proration, "amount": charged}
        yield Text("prorated" if len(parts) == 1 else "prorated_by_list", params)


def _is_divided(month: CalendarMonth, span: Period, lists: Sequence[ListSpan]) -> bool:
    """Whether a line fills a month in part, or another list begins inside it."""
    return 0 < span.days < month.days_in_month or any(span.start < held.start < span.end for held, _ in lists)


def _days_under_each_list(line: Line, span: Period, lists: Sequence[ListSpan]) -> Iterator[Text]:
    cells: dict[PricedCell, int] = {}
    for cell, (held, _) in zip(line.cells, lists, strict=True):
        cells[cell] = cells.get(cell, 0) + span.overlap(held).days
    under = [{"days": days, "list": cell.price_list} for cell, days in cells.items() if days]
    for number, params in enumerate(under):
        yield Text("and_days_of_list" if number else "days_of_list", params)


def _waived(line: Line, months: Iterable[_Month], waived: Period, policy: WaiverPolicy) -> Iterator[Text]:
    if not line.waivable:
        yield Text("line_not_waived", {"policy": policy.label})
        return
    days = {"first_day": waived.start, "last_day": waived.last_day}
    yield Text("line_waived", {**days, "policy": policy.label})
    for month, span, _, net in months:
        free = span.overlap(waived).days
        if 0 < free < span.days:
            params = {"month": month.label, "waived": free, "days": span.days, "charged": span.days - free}
            yield Text("line_waived_in_part", {**params, "amount": net})
