"""A batch of contracts rated: a row for each line and month, as Arrow tables of bounded size."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from fee_service.bulk.checking import Batch, Checker
from fee_service.bulk.contracts import billed_next_month, invoice_days, waived_ends
from fee_service.bulk.days import Whole, first_days, months_of
from fee_service.bulk.faults import BadRows, RowFault
from fee_service.bulk.lines import Fee, Lines, lines_in
from fee_service.bulk.segments import MOST_CHARGE, Amounts, Segments, TooMuch, in_parts, lists_of, months_in, rate
from fee_service.errors import Fault

MOST_ROWS = 500_000  # of one table
WORDS = pa.dictionary(pa.int32(), pa.string())
SCHEMA = pa.schema(
    [
        ("contract", WORDS),
        ("service_month", WORDS),
        ("fee", WORDS),
        ("agreement", WORDS),
        ("product", WORDS),
        ("option", WORDS),
        ("user_type", WORDS),
        ("quantity", pa.int64()),
        ("list", pa.int64()),
        ("waiver", pa.int64()),
        ("net", pa.int64()),
        ("invoice_on", pa.date32()),
    ]
)  # amounts in whole won without VAT
OF_A_FEE: dict[str, Callable[[Fee], str | None]] = {
    "fee": lambda fee: fee.line.fee,
    "agreement": lambda fee: fee.line.contract,
    "product": lambda fee: fee.line.product,
    "option": lambda fee: fee.line.option,
    "user_type": lambda fee: fee.line.user_type,
}


class _Rated(NamedTuple):
    """What the months of a batch are made from."""

    batch: Batch
    lines: Lines
    segments: Segments


def rated(table: pa.Table, checker: Checker) -> Iterator[pa.Table]:
    """The lines and months of a batch of whole contracts, in tables of SCHEMA: contract by contract, each line with its
    months in order. Raises BadRows."""
    batch = checker.check(table)
    lines = lines_in(batch.licences, checker.shapes, len(batch.keys))
    segments = segments_of(batch, lines, checker)
    lists = lists_of(checker.sequences.spans)
    try:
        months = months_in(segments)
        for part in in_parts(months, MOST_ROWS):
            amounts = rate(Segments._make(column[part] for column in segments), lists)
            yield _table(batch, Lines._make(column[part] for column in lines), amounts, months[part], checker)
    except TooMuch as error:
        rows = batch.rows[lines.licence[np.flatnonzero((lines.charges > MOST_CHARGE).any(axis=1))]]
        raise BadRows([_too_much(int(row)) for row in np.unique(rows)]) from error


def segments_of(batch: Batch, lines: Lines, checker: Checker) -> Segments:
    """The lines over the days of their contracts; what is owed once ends with the first month."""
    of, table = batch.contracts, checker.shapes.table
    first, end = of.starts_on[lines.contract], of.end[lines.contract]
    once = table.once[lines.fee]
    return Segments(
        of.lists[lines.contract],
        first,
        np.where(once, np.minimum(end, first_days(months_of(first) + 1)), end),
        first,
        waived_ends(of, checker.editions)[lines.contract],
        lines.charges,
        table.prorated[lines.fee],
        table.waivable[lines.fee],
        table.partly_waived[lines.fee],
    )


def _too_much(row: int) -> RowFault:
    return RowFault(row, Fault("amount_too_large", "", {"most": MOST_CHARGE}))


def _table(batch: Batch, lines: Lines, amounts: Amounts, months: Whole, checker: Checker) -> pa.Table:
    """A row for each line and month; `months` are those of each line."""
    first, last = int(lines.contract.min(initial=0)), int(lines.contract.max(initial=-1))
    columns = {
        "contract": _words(lines.contract - first, batch.keys[first : last + 1], months),
        "service_month": _months(amounts.month),
        **_fees(lines.fee, checker.shapes.fees, months),
        "quantity": np.repeat(lines.quantity, months),
        "list": amounts.list,
        "waiver": amounts.waiver,
        "net": amounts.net,
        "invoice_on": _invoice_on(batch, lines, amounts, months, checker),
    }
    return pa.table([columns[field.name] for field in SCHEMA], schema=SCHEMA)


def _words(places: Whole, words: Sequence[str], months: Whole | int = 1) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(np.repeat(places.astype(np.int32), months), pa.array(words, pa.string()))


def _months(months: Whole) -> pa.DictionaryArray:
    first, last = int(months.min(initial=0)), int(months.max(initial=0))
    return _words(months - first, [str(np.datetime64(month, "M")) for month in range(first, last + 1)])


def _fees(fee: Whole, fees: Sequence[Fee], months: Whole) -> dict[str, pa.DictionaryArray]:
    """What stands in the columns of a fee."""
    found = {}
    for name, told in OF_A_FEE.items():
        each = [told(one) for one in fees]
        words = list(dict.fromkeys(word for word in each if word is not None))
        places = np.array([0 if word is None else words.index(word) for word in each], dtype=np.int32)[fee]
        nothing = np.array([word is None for word in each], dtype=np.bool_)[fee]
        mask = np.repeat(nothing, months) if nothing.any() else None
        found[name] = pa.DictionaryArray.from_arrays(
            pa.array(np.repeat(places, months), mask=mask), pa.array(words, pa.string())
        )
    return found


def _invoice_on(batch: Batch, lines: Lines, amounts: Amounts, months: Whole, checker: Checker) -> pa.Array:
    of = batch.contracts
    later = np.array([billed_next_month(spans) for spans in checker.sequences.spans])
    days = invoice_days(
        amounts.month,
        np.repeat(checker.shapes.table.delay[lines.fee], months),
        np.repeat(of.starts_on[lines.contract], months),
        np.repeat(later[of.lists[lines.contract]], months),
    )
    return pa.array(days.astype(np.int32)).cast(pa.date32())
