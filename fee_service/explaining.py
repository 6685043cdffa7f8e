"""How each line came about: cell, list, clause, units, day count, waiver."""

from __future__ import annotations

from collections.abc import Iterator

from fee_service.model import Label, Line, Text
from fee_service.prices import CellKind
from fee_service.quoting import Quote


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


def explanation(line: Line, quote: Quote) -> tuple[Text, ...]:
    """The sentences that lead from the published cell to the amounts of a line."""
    return tuple(_sentences(line, quote))


def _sentences(line: Line, quote: Quote) -> Iterator[Text]:
    for cell in line.cells:
        params = {
            "unit_price": cell.unit_price,
            "quantity": cell.quantity,
            "amount": cell.charge,
            "unit": Text(f"unit_{line.unit}"),
            "list": cell.price_list,
            "source": cell.source,
        }
        if cell.cell is not CellKind.AMOUNT:
            yield Text(f"cell_{cell.cell}", params)
        elif cell.unit_price is None:
            yield Text("cell_tiers", params)
        else:
            yield Text("cell_amount", params)
    yield from line.notes
    if line.exempted:
        yield Text(
            "exempted",
            {"quantity": line.exempted.quantity, "rule": line.exempted.text, "source": line.exempted.source},
        )
    if line.cells[0].charge:
        yield from _partial_months(line, quote)
        yield from _waiver(line, quote)


def _partial_months(line: Line, quote: Quote) -> Iterator[Text]:
    """The day count of every month that the contract does not fill."""
    if not line.prorated:
        if len(line.cells) == 1 and any(m.days < m.days_in_month for m, _, _ in quote.rated.months):
            yield Text("not_prorated")
        return
    for month, _, amounts in quote.rated.months:
        if month.days < month.days_in_month:
            part = next(part for part in amounts.lines if part.line == line.id)
            yield Text(
                "prorated",
                {
                    "month": month.label,
                    "days": month.days,
                    "days_in_month": month.days_in_month,
                    "amount": part.list,
                },
            )


def _waiver(line: Line, quote: Quote) -> Iterator[Text]:
    period = quote.waiver.period
    if period is None or quote.policy is None:
        return
    if not line.waivable:
        yield Text("line_not_waived", {"policy": quote.policy.label})
        return
    yield Text(
        "line_waived", {"first_day": period.start, "last_day": period.last_day, "policy": quote.policy.label}
    )
    for month, waived, amounts in quote.rated.months:
        if 0 < waived < month.days:
            part = next(part for part in amounts.lines if part.line == line.id)
            yield Text(
                "line_waived_in_part",
                {
                    "month": month.label,
                    "waived": waived,
                    "days": month.days,
                    "charged": month.days - waived,
                    "amount": part.net,
                },
            )
