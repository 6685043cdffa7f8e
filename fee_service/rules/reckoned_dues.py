"""From the dues of a contract to what each is reckoned from, and what of its licences costs nothing but may be billed.

What is due is owed by `dues`; here the same amount is taken apart, so that a billed one can be explained.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from fee_service.model import Licence, Line, Usage
from fee_service.periods import CalendarMonth, Period
from fee_service.published.editions import CellKey, ListSpan
from fee_service.rules.dues import USAGE_FEE, Due, Running
from fee_service.rules.lines import charges_of, is_offered
from fee_service.rules.reckoning import Reckoned

ONE_OF_EACH = Usage(1, 1, 1)


def reckoned(running: Running, due: Due) -> Reckoned:
    """What a due is reckoned from; its net is what the due owes (KRW)."""
    of_it = _reckoned(running, due.line, due.span, due.days_in_month, due.billed.net)
    if due.amount.quantity != due.cell.quantity:  # reported as none after it was billed: the line is what was billed
        return replace(of_it, units=0, exempted=0, exemption=None, wholly=False)
    return of_it


def reckoned_beside(running: Running, month: date) -> Iterator[Reckoned]:
    """What the licences of a contract may be billed for in a month although nothing is due: use that was not reported,
    and the first received set (P1, additional reception)."""
    part = running.month(month)
    if part is None:
        return
    held = _held(running, part.span)
    licences = running.contract.request.licences
    owed = {_key(line) for line, _ in running.lines(licences)}
    more = tuple(_with_more(running, licence, held) for licence in licences)
    for line, _ in running.lines(more):
        if _key(line) not in owed:
            yield replace(_free(running, line, part), units=0, exempted=0, exemption=None)


def _free(running: Running, line: Line, month: CalendarMonth) -> Reckoned:
    return _reckoned(running, line, month.span, month.days_in_month, 0)


def _reckoned(running: Running, line: Line, span: Period, days_in_month: int, billed: int) -> Reckoned:
    held = _held(running, span)
    numbers = [number for number, (part, _) in enumerate(running.lists) if part.overlap(span).days]
    cells = [line.cells[number] for number in numbers]
    freed, policy = line.exempted, running.policy
    return Reckoned(
        key=_key(line),
        cells=tuple(cell.printed for cell in cells),
        units=cells[0].units,
        span=span,
        days_in_month=days_in_month,
        lists=held,
        prorated=line.prorated,
        proration=line.proration,
        waivable=line.waivable,
        partly_waived=line.partly_waived,
        waived=running.standing.waived,
        quoted=running.contract.waived,
        policy=policy,
        exempted=freed.quantity if freed else 0,
        exemption=freed.text if freed else None,
        wholly=freed is not None and freed.wholly,
        recovery_sets=_recovery_sets(running, line),
        billed_before=billed,
    )


def _held(running: Running, span: Period) -> tuple[ListSpan, ...]:
    """The lists that hold on some of the days."""
    return tuple((part, held) for own, held in running.lists if (part := own.overlap(span)).days)


def _key(line: Line) -> CellKey:
    """The cell of a line; the column of a usage fee is its user type, or the query."""
    column = (line.user_type or "query") if line.fee == USAGE_FEE else line.option
    return CellKey(line.contract, line.fee, line.product, column)


def _recovery_sets(running: Running, line: Line) -> int:
    if line.fee != "additional_reception":
        return 0
    licences = running.contract.request.licences
    return sum(each.disaster_recovery_sets for each in licences if (each.contract, each.product) == _product(line))


def _product(line: Line) -> tuple[str, str]:
    return line.contract, line.product


def _with_more(running: Running, licence: Licence, held: tuple[ListSpan, ...]) -> Licence:
    """A licence with one of everything that all lists of a month offer for it."""
    asked = replace(licence, usage=ONE_OF_EACH, reception_sets=2)  # sets cost nothing but with a direct feed
    offered = {
        charge.column
        for charge in charges_of(asked, running.contract.request.channel, held[0][1])
        if charge.fee == USAGE_FEE and all(is_offered(charge, price_list) for _, price_list in running.lists)
    }
    usage = Usage(*(int(column in offered) for column in ("standard", "personal", "query")))
    has_sets = all(
        CellKey(licence.contract, "additional_reception", licence.product, None) in price_list.cells
        for _, price_list in running.lists
    )
    return replace(asked, usage=usage, reception_sets=asked.reception_sets if has_sets else licence.reception_sets)
