"""The columns of the input of `rate`: what each holds, and a batch of rows as arrays.

A row is a licence. Text of a CSV file is read by a grammar, not by a cast: what it does not say is wrong, never 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fee_service.bulk.days import Flags, Whole, day_of
from fee_service.errors import Fault
from fee_service.spelling import by_likeness


class Holds(Enum):
    """What a column holds."""

    TEXT = "text"
    WORDS = "list of texts"
    DAY = "date"
    WHOLE = "integer"
    FLAG = "boolean"


COLUMNS: Mapping[str, Holds] = {
    "contract": Holds.TEXT,
    "founded_on": Holds.DAY,
    "size": Holds.TEXT,
    "qualification": Holds.TEXT,
    "channel": Holds.TEXT,
    "starts_on": Holds.DAY,
    "ends_on": Holds.DAY,
    "waiver_policy": Holds.TEXT,
    "prior_months": Holds.WHOLE,
    "prior_days": Holds.WHOLE,
    "agreement": Holds.TEXT,
    "product": Holds.TEXT,
    "options": Holds.WORDS,
    "affiliate_extension": Holds.FLAG,
    "reception_sets": Holds.WHOLE,
    "disaster_recovery_sets": Holds.WHOLE,
    "standard_ids": Holds.WHOLE,
    "personal_ids": Holds.WHOLE,
    "queries": Holds.WHOLE,
    "api_calls_per_month": Holds.WHOLE,
}
OF_A_CONTRACT = (
    "founded_on", "size", "qualification", "channel", "starts_on", "ends_on", "waiver_policy", "prior_months",
    "prior_days", "api_calls_per_month",
)  # fmt: skip  # the same in every row of a contract
ROW = "row"  # beside them: the number of the row in its input, from 1
BETWEEN_OPTIONS = "|"

WRITTEN = {
    Holds.WHOLE: "^-?(0|[1-9][0-9]{0,17})$",
    Holds.DAY: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    Holds.FLAG: "^(true|false|TRUE|FALSE|True|False)$",
}


class Column(NamedTuple):
    """The values of a column as numbers: days, integers, 0 and 1, or places in `words` where it holds text."""

    values: Whole
    given: Flags  # where there is a value
    wrong: Flags  # where there is text that is none
    words: tuple[str, ...] = ()

    def or_else(self, usual: int) -> Whole:
        """The values, `usual` where there is none."""
        return np.where(self.given, self.values, usual)


Rows = Mapping[str, Column]


# -- which columns -----------------------------------------------------------------------------------------


def column_faults(names: Iterable[str]) -> list[Fault]:
    """Columns that are missing, there twice, or unknown."""
    there = list(names)
    missing = [Fault("column_missing", f"/{name}", {"column": name}) for name in COLUMNS if name not in there]
    twice = [Fault("column_twice", f"/{name}", {"column": name}) for name in COLUMNS if there.count(name) > 1]
    unknown = [
        Fault("column_unknown", f"/{name}", {"column": name, "known": ", ".join(by_likeness(name, COLUMNS))})
        for name in dict.fromkeys(there)
        if name not in COLUMNS
    ]
    return [*missing, *twice, *unknown]


def type_faults(schema: pa.Schema) -> list[Fault]:
    """Columns that hold something else than they should."""
    wrong = [field for field in schema if field.name in COLUMNS and not _may_be(field.type, COLUMNS[field.name])]
    return [
        Fault(
            "column_wrong_type",
            f"/{field.name}",
            {"column": field.name, "type": str(field.type), "wanted": COLUMNS[field.name].value},
        )
        for field in wrong
    ]


def _may_be(kind: pa.DataType, wanted: Holds) -> bool:
    if pa.types.is_null(kind):
        return True
    if wanted is Holds.DAY:
        return bool(pa.types.is_date(kind))
    if wanted is Holds.WHOLE:
        return bool(pa.types.is_integer(kind))
    if wanted is Holds.FLAG:
        return bool(pa.types.is_boolean(kind))
    return _is_text(kind) or (wanted is Holds.WORDS and _is_list(kind) and _is_text(kind.value_type))


def _is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _is_list(kind: pa.DataType) -> bool:
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind))


# -- one type for each ---------------------------------------------------------------------------------------

TYPES = {
    Holds.TEXT: pa.string(),
    Holds.WORDS: pa.list_(pa.string()),
    Holds.DAY: pa.date32(),
    Holds.WHOLE: pa.int64(),
    Holds.FLAG: pa.bool_(),
}


def in_one_type(column: pa.ChunkedArray, holds: Holds) -> pa.ChunkedArray:
    """A column in the one type for what it holds, whatever its file has; joined options stay text."""
    if pa.types.is_uint64(column.type):  # what is over 64 bits stays out of range
        column = pc.min_element_wise(column, pa.scalar(2**63 - 1, pa.uint64()), skip_nulls=False)
    return column.cast(pa.string() if _is_text(column.type) else TYPES[holds])


def as_text(column: pa.ChunkedArray, holds: Holds) -> pa.ChunkedArray:
    """A column as a CSV file has it."""
    if not _is_list(column.type):
        return (
            in_one_type(column, holds).cast(pa.string())
            if not pa.types.is_null(column.type)
            else column.cast(pa.string())
        )
    joined = pc.binary_join(column.cast(pa.list_(pa.string())), BETWEEN_OPTIONS)
    return pc.if_else(pc.is_valid(column), pc.fill_null(joined, BETWEEN_OPTIONS), pa.scalar(None, pa.string()))


# -- their values ------------------------------------------------------------------------------------------


def rows_of(table: pa.Table) -> Rows:
    """The columns of a batch, whose names and types were found good."""
    return {name: column_of(table[name].combine_chunks(), holds) for name, holds in COLUMNS.items()}


def column_of(array: pa.Array, holds: Holds) -> Column:
    """The values of one column."""
    if pa.types.is_null(array.type):
        nothing = np.zeros(len(array), dtype=np.int64)
        return Column(nothing, nothing > 0, nothing > 0)
    if _is_list(array.type):
        joined = pc.binary_join(array.cast(pa.list_(pa.string())), BETWEEN_OPTIONS)
        return _texts(joined)._replace(wrong=np.asarray(array.is_valid()) & ~np.asarray(joined.is_valid()))
    if holds in (Holds.TEXT, Holds.WORDS):
        return _texts(array)
    return _written(_plain(array), holds) if _is_text(array.type) else _numbers(array, holds)


def _texts(array: pa.Array) -> Column:
    coded = _plain(array).dictionary_encode()
    words = tuple(str(word) for word in coded.dictionary.to_pylist())
    given = np.asarray(coded.is_valid())
    values = np.asarray(coded.indices.fill_null(0)).astype(np.int64)
    return Column(values, given, np.zeros(len(array), dtype=np.bool_), words)


def _plain(array: pa.Array) -> pa.Array:
    return array.dictionary_decode() if pa.types.is_dictionary(array.type) else array


def _written(array: pa.Array, holds: Holds) -> Column:
    """Values that are written as text."""
    given = np.asarray(array.is_valid())
    good = pc.fill_null(pc.match_substring_regex(array, WRITTEN[holds]), False)
    text = pc.if_else(good, array, pa.scalar(None, array.type))
    if holds is Holds.DAY:
        days = pc.strptime(text, format="%Y-%m-%d", unit="s", error_is_null=True)
        same = pc.equal(pc.strftime(days, "%Y-%m-%d"), text)  # 30 February would be 2 March
        read = pc.if_else(same, days, pa.scalar(None, days.type)).cast(pa.date32())
    elif holds is Holds.FLAG:
        read = pc.equal(pc.utf8_lower(text), "true")
    else:
        read = text.cast(pa.int64())
    column = _numbers(read, holds)
    return column._replace(wrong=given & ~column.given)


def _numbers(array: pa.Array, holds: Holds) -> Column:
    if holds is Holds.DAY:
        array = array.cast(pa.date32()).cast(pa.int32())
    numbers = array.cast(pa.int64(), safe=False)  # what is over 64 bits becomes negative, and so out of range
    values = np.asarray(numbers.fill_null(0))
    given = np.asarray(array.is_valid())
    return Column(values, given, np.zeros(len(array), dtype=np.bool_))


def value_of(raw: Any, column: Column, place: int, holds: Holds) -> Any:
    """A value as a request writes it: a day as text, options as a list; None where there is none."""
    if column.wrong[place]:
        return raw
    if not column.given[place]:
        return None
    number = int(column.values[place])
    if holds is Holds.DAY:
        return _day_written(number)
    if holds is Holds.FLAG:
        return bool(number)
    if holds is Holds.WORDS:
        word = column.words[number]
        return word.split(BETWEEN_OPTIONS) if word else []
    return column.words[number] if holds is Holds.TEXT else number


def _day_written(number: int) -> str:
    """A day outside the calendar of Python stands as its number."""
    try:
        return day_of(number).isoformat()
    except (ValueError, OverflowError):
        return f"{number} days after 1970-01-01"
