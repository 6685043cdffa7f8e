"""How each line came about: cell, list, clause, units, day count, waiver."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fee_service.model import Label, Line, MonthLine, PricedCell, Text
from fee_service.prices import CellKind
from fee_service.quoting import Quote
from fee_service.rating import RatedMonth, Run


def line_label(line: Line, quote: Quote) -> Label:
    """Fee, product and option of a line as printed."""
    price_list = quote.price_list
    names = [
        price_list.contracts[line.contract].products[line.product].label,
        price_list.fees[line.fee].label,
    ]
    column = price_list.columns.get((line.contract, line.fee, line.option or line.user_type))
    if column is not None:
        names.append(column)
    return Label(" · ".join(name.ko for name in names), " · ".join(name.en for name in names))


def explanations(quote: Quote) -> list[tuple[Text, ...]]:
    """For each line the sentences that lead from the published cell to its amounts."""
    partial = [run for run in quote.rated.runs if run.months[0].days < run.months[0].days_in_month]
    waived_in_part = [run for run in quote.rated.runs if run.waived_days]
    return [tuple(_sentences(line, quote, partial, waived_in_part)) for line in quote.lines]


def _sentences(
    line: Line, quote: Quote, partial: Sequence[Run], waived_in_part: Sequence[Run]
) -> Iterator[Text]:
    for cell in line.cells:
        yield _cell(line, cell)
    yield from line.notes
    if line.exempted:
        params = {
            "quantity": line.exempted.quantity,
            "rule": line.exempted.text,
            "source": line.exempted.source,
        }
        yield Text("exempted", params)
    if line.cells[0].charge:
        yield from _prorated(line, partial)
        yield from _waived(line, quote, waived_in_part)


def _cell(line: Line, cell: PricedCell) -> Text:
    """The published cell, and what so many units cost under it."""
    params = {
        "unit_price": cell.unit_price,
        "quantity": cell.quantity,
        "amount": cell.charge,
        "unit": Text(f"unit_{line.unit}"),
        "list": cell.price_list,
        "source": cell.source,
    }
    if cell.cell is not CellKind.AMOUNT:
        return Text(f"cell_{cell.cell}", params)
    return Text("cell_tiers" if cell.unit_price is None else "cell_amount", params)


def _prorated(line: Line, partial: Sequence[Run]) -> Iterator[Text]:
    """The day count of every month that the contract does not fill."""
    if partial and not line.prorated:
        yield Text("not_prorated")
        return
    for (month, *_), _, amounts in partial:
        params = {"month": month.label, "days": month.days, "days_in_month": month.days_in_month}
        yield Text("prorated", {**params, "amount": _amounts_of(line, amounts).list})


def _waived(line: Line, quote: Quote, waived_in_part: Sequence[Run]) -> Iterator[Text]:
    period = quote.waiver.period
    if period is None or quote.policy is None:
        return
    if not line.waivable:
        yield Text("line_not_waived", {"policy": quote.policy.label})
        return
    days = {"first_day": period.start, "last_day": period.last_day}
    yield Text("line_waived", {**days, "policy": quote.policy.label})
    for (month, *_), waived_days, amounts in waived_in_part:
        charged = month.days - (waived_days or 0)
        params = {"month": month.label, "waived": waived_days, "days": month.days, "charged": charged}
        yield Text("line_waived_in_part", {**params, "amount": _amounts_of(line, amounts).net})


def _amounts_of(line: Line, amounts: RatedMonth) -> MonthLine:
    return next(month_line for month_line in amounts.lines if month_line.line == line.id)
