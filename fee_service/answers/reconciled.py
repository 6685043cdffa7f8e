"""What a reconciliation found, a row for each line: a table in columns (Arrow), the same as values, and as JSON.

Amounts are whole won: supply without VAT, and VAT. The rows stand in the order of the files; what is due and was not
billed stands behind them, without a place.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import pyarrow as pa

from fee_service.answers.result_line import LineFault as LineFault
from fee_service.answers.result_line import ResultLine as ResultLine
from fee_service.errors import Fault
from fee_service.model import Label
from fee_service.strict_json import Data
from fee_service.wording import Language, fault_answer, in_language_once

WORDS = pa.dictionary(pa.int32(), pa.string())  # texts that come again and again
FAULT = pa.struct([("field", pa.string()), ("code", pa.string()), ("shown", pa.string())])
_TYPES = {
    "file": WORDS, "sheet": WORDS, "line": pa.int64(), "issued_on": pa.date32(), "supplier": WORDS, "customer": WORDS,
    "correction_code": WORDS, "item": WORDS, "specification": WORDS, "remark": WORDS,
    "quantity": pa.decimal128(20, 4), "contract": WORDS, "agreement": WORDS, "fee": WORDS, "product": WORDS,
    "option": WORDS, "user_type": WORDS, "service_month": pa.date32(), "status": WORDS, "amount": pa.int64(),
    "expected": pa.int64(), "difference": pa.int64(), "vat": pa.int64(), "vat_expected": pa.int64(),
    "vat_difference": pa.int64(), "cause": WORDS, "also": pa.list_(pa.string()), "checked_against": WORDS,
    "candidates": pa.list_(pa.string()), "faults": pa.list_(FAULT), "extra": pa.map_(pa.string(), pa.string()),
}  # fmt: skip


RESULT = pa.schema([(name, _TYPES.get(name, pa.string())) for name in ResultLine._fields])


# -- values to a table and back --------------------------------------------------------------------------


def written(lines: Iterable[ResultLine]) -> pa.Table:
    """Lines as a table of RESULT; `read` is its inverse."""
    columns = list(zip(*lines, strict=True))
    if not columns:
        return RESULT.empty_table()
    arrays = [
        pa.array(map(_KEPT.get(field.name, _same), column), field.type) for column, field in _with_fields(columns)
    ]
    return pa.table(arrays, schema=RESULT)


def read(table: pa.Table) -> Iterator[ResultLine]:
    """The rows of a table of RESULT as values."""
    columns = [map(_TAKEN.get(field.name, _same), column.to_pylist()) for column, field in _with_fields(table.columns)]
    return map(ResultLine._make, zip(*columns, strict=True))


def packed(table: pa.Table) -> bytes:
    """A table as a chunk of a job keeps it (an Arrow stream); the same rows in the same pieces give the same bytes."""
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd", unify_dictionaries=True)
    with pa.ipc.new_stream(sink, RESULT, options=options) as stream:
        stream.write_table(table)
    return bytes(sink.getvalue())


def unpacked(chunk: bytes, names: Collection[str] = ResultLine._fields) -> pa.Table:
    """The table that a chunk keeps, or some columns of it; only those are unpacked."""
    included = [place for place, name in enumerate(ResultLine._fields) if name in names]
    with pa.ipc.open_stream(chunk, options=pa.ipc.IpcReadOptions(included_fields=included)) as stream:
        return stream.read_all()


def _with_fields(columns: Iterable[Any]) -> Iterator[tuple[Any, pa.Field]]:
    return zip(columns, RESULT, strict=True)


def _same(value: Any) -> Any:
    return value


def _quantity(value: Decimal | None) -> int | Decimal | None:
    """A whole number where it is one; a decimal without zeros behind."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else value.normalize()


_KEPT: Mapping[str, Callable[[Any], Any]] = {
    "quantity": lambda value: None if value is None else Decimal(value),
    "extra": lambda value: list(value.items()),
}
_TAKEN: Mapping[str, Callable[[Any], Any]] = {
    "quantity": _quantity,
    "also": tuple,
    "candidates": tuple,
    "faults": lambda faults: tuple(LineFault(**fault) for fault in faults),
    "extra": dict,
}


# -- as callers get it -----------------------------------------------------------------------------------


def line_data(line: ResultLine, language: Language) -> Data:
    """A line as JSON: its place in one, the explanation in a language, what is wrong with its values in words."""
    told = line._asdict()
    place = {name: told.pop(name) for name in ("file", "sheet", "line")}
    korean, english = told.pop("explanation_ko"), told.pop("explanation_en")
    said = None if korean is None or english is None else in_language_once(Label(korean, english), language)
    month = line.service_month
    return {
        "row": place if line.file is not None else None,
        **told,
        "quantity": str(line.quantity) if isinstance(line.quantity, Decimal) else line.quantity,
        "service_month": month and f"{month:%Y-%m}",
        "explanation": said,
        "faults": [fault_data(fault, language) for fault in line.faults],
    }


def fault_data(fault: LineFault, language: Language) -> Data:
    """What is wrong with a value, in words."""
    told = fault_answer(Fault(fault.code, "", {"value": fault.shown or "-"}), language)
    return {**fault._asdict(), "detail": told["message"], "hint": told["hint"]}
