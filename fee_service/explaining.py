"""How each line came about: cell, list, clause, units, day count, waiver."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from fee_service.editions import WaiverPolicy
from fee_service.model import Line, MonthLine, PricedCell, Text, cited
from fee_service.periods import Period
from fee_service.prices import CellKind
from fee_service.rating import RatedMonth, RatedMonths, Run


def explanations(
    lines: Iterable[Line], rated: RatedMonths, waived: Period | None, policy: WaiverPolicy | None
) -> list[tuple[Text, ...]]:
    """For each line the sentences that lead from the published cell to its amounts."""
    partial = [run for run in rated.runs if run.months[0].days < run.months[0].days_in_month]
    found = []
    for line in lines:
        sentences = list(_charge(line))
        if line.cells[0].charge:
            sentences += _prorated(line, partial)
            if waived and policy:
                sentences += _waived(line, rated, waived, policy)
        found.append(tuple(sentences))
    return found


def _charge(line: Line) -> Iterator[Text]:
    """The published cells, and how the charge follows from them."""
    for cell in dict.fromkeys(line.cells):
        yield _cell(line, cell)
    yield from line.notes
    if line.exempted:
        params = {
            "quantity": line.exempted.quantity,
            "rule": line.exempted.text,
            "source": cited(line.exempted.source, line.exempted.clause),
        }
        yield Text("exempted", params)


def _cell(line: Line, cell: PricedCell) -> Text:
    """The published cell, and what so many units cost under it."""
    params = {
        "unit_price": cell.unit_price,
        "quantity": cell.quantity,
        "amount": cell.charge,
        "unit": Text(f"unit_{line.unit}"),
        "list": cell.price_list,
        "source": cited(cell.source, cell.clause),
    }
    if cell.cell is not CellKind.AMOUNT:
        return Text(f"cell_{cell.cell}", params)
    if cell.unit_price == 0:
        return Text("cell_free", params)
    return Text("cell_tiers" if cell.unit_price is None else "cell_amount", params)


def _prorated(line: Line, partial: Sequence[Run]) -> Iterator[Text]:
    """The day count of every month that the contract does not fill."""
    if partial and not line.prorated:
        yield Text("not_prorated", {"source": line.proration})
        return
    for (month, *_), _, amounts in partial:
        params = {"month": month.label, "days": month.days, "days_in_month": month.days_in_month}
        yield Text("prorated", {**params, "source": line.proration, "amount": _amounts_of(line, amounts).list})


def _waived(line: Line, rated: RatedMonths, waived: Period, policy: WaiverPolicy) -> Iterator[Text]:
    if not line.waivable:
        yield Text("line_not_waived", {"policy": policy.label})
        return
    days = {"first_day": waived.start, "last_day": waived.last_day}
    yield Text("line_waived", {**days, "policy": policy.label})
    for (month, *_), waived_days, amounts in rated.runs:
        if waived_days:
            charged = month.days - waived_days
            params = {"month": month.label, "waived": waived_days, "days": month.days, "charged": charged}
            yield Text("line_waived_in_part", {**params, "amount": _amounts_of(line, amounts).net})


def _amounts_of(line: Line, amounts: RatedMonth) -> MonthLine:
    return next(month_line for month_line in amounts.lines if month_line.line == line.id)
