"""The columns of a result as its files show them: codes with words beside, lists joined, unknown columns behind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from fee_service.documents.issued_quote import visible
from fee_service.documents.reconciled_words import COLUMNS, cause_word, status_word
from fee_service.errors import Fault
from fee_service.strict_json import Data
from fee_service.wording import OneLanguage, fault_answer, in_language

BETWEEN = " | "  # several in one cell
NAMES = tuple(COLUMNS)


class Result(NamedTuple):
    """What is to be written: its tables, from the first each time they are asked for, the summary, and its day."""

    tables: Callable[[], Iterable[pa.Table]]
    summary: Data
    made_on: date


def unknown_columns(result: Result) -> tuple[str, ...]:
    """The names of the columns that nobody knows, each once, in the order in which they come."""
    names: dict[str, None] = {}
    for table in result.tables():
        names |= dict.fromkeys(pc.unique(_parts(table["extra"], "key")).to_pylist())
    return tuple(names)


def heads(unknown: Iterable[str], language: OneLanguage) -> list[str]:
    """The names of the columns: the public ones, before them their words where the language is not theirs."""
    known = [name if language == "en" else f"{in_language(COLUMNS[name], language)} ({name})" for name in NAMES]
    return [*known, *unknown]


def columns(table: pa.Table, unknown: Iterable[str], language: OneLanguage, guard: Callable[[str], str]) -> pa.Table:
    """The columns of a table in their order: numbers, days and texts, each text that came in guarded."""
    arrays = [_MADE.get(name, _as_it_is)(table, name, language) for name in NAMES]
    extra = _extra(table, unknown)
    guarded = [_guarded(array, guard) if pa.types.is_string(array.type) else array for array in (*arrays, *extra)]
    return pa.table(guarded, names=[str(place) for place in range(len(guarded))])


# -- how columns are made ----------------------------------------------------------------------------------


def _as_it_is(table: pa.Table, name: str, _: OneLanguage) -> pa.Array:
    column = table[name].combine_chunks()
    return column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column


def _month(table: pa.Table, name: str, _: OneLanguage) -> pa.Array:
    encoded = table[name].combine_chunks().dictionary_encode()  # the same few months come again and again
    return pc.strftime(encoded.dictionary, "%Y-%m").take(encoded.indices)


def _quantity(table: pa.Table, name: str, _: OneLanguage) -> pa.Array:
    """As a decimal without zeros behind."""
    texts = table[name].combine_chunks().cast(pa.string())
    return pc.replace_substring_regex(texts, r"\.?0+$", "")


def _joined(table: pa.Table, name: str, _: OneLanguage) -> pa.Array:
    joined = pc.binary_join(table[name].combine_chunks(), BETWEEN)
    return pc.if_else(pc.equal(joined, ""), pa.scalar(None, pa.string()), joined)


def _explanation(table: pa.Table, name: str, language: OneLanguage) -> pa.Array:
    return table[f"{name}_{language}"].combine_chunks()


def _in_words(word: Callable[[str, OneLanguage], str]) -> Callable[[pa.Table, str, OneLanguage], pa.Array]:
    def made(table: pa.Table, name: str, language: OneLanguage) -> pa.Array:
        codes = _as_it_is(table, name.removesuffix("_label"), language)
        return _mapped(codes, lambda code: word(code, language))

    return made


def _faults(table: pa.Table, name: str, language: OneLanguage) -> pa.Array:
    """Only of lines that have any: the field, what is wrong with it, the text."""
    column = table[name].combine_chunks()
    told: list[str | None] = [None] * len(column)
    for row in pc.indices_nonzero(pc.greater(pc.list_value_length(column), 0)).to_pylist():
        told[row] = BETWEEN.join(_fault(fault, language) for fault in column[row].as_py())
    return pa.array(told, pa.string())


def _fault(fault: Mapping[str, Any], language: OneLanguage) -> str:
    shown = fault["shown"] or "-"
    said = fault_answer(Fault(fault["code"], "", {"value": shown}), language)["message"]
    column = COLUMNS.get(fault["field"])
    return f"{in_language(column, language) if column else fault['field']}: {said} ({shown})"


def _extra(table: pa.Table, unknown: Iterable[str]) -> list[pa.Array]:
    """The unknown columns, as they came."""
    extra = table["extra"].combine_chunks()
    keys, values, rows = _parts(extra, "key"), _parts(extra, "item"), pc.list_parent_indices(_as_list(extra))
    found = []
    for name in unknown:
        mask = pc.equal(keys, name)
        where = dict(zip(rows.filter(mask).to_pylist(), values.filter(mask).to_pylist(), strict=True))
        found.append(pa.array((where.get(row) for row in range(len(table))), pa.string()))
    return found


def _parts(column: pa.Array | pa.ChunkedArray, part: str) -> pa.Array:
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return pc.struct_field(pc.list_flatten(_as_list(whole)), 0 if part == "key" else 1)


def _as_list(column: pa.Array) -> pa.Array:
    """A map as the list of pairs that it is."""
    pair = pa.struct([pa.field("key", pa.string(), nullable=False), ("value", pa.string())])
    return column.cast(pa.list_(pair))


def _guarded(texts: pa.Array, guard: Callable[[str], str]) -> pa.Array:
    return _mapped(texts, lambda text: guard(visible(text)))


def _mapped(texts: pa.Array, change: Callable[[str], str]) -> pa.Array:
    """Texts changed, each that comes again once."""
    encoded = texts.dictionary_encode()
    changed = pa.array([change(text) for text in encoded.dictionary.to_pylist()], pa.string())
    return changed.take(encoded.indices)


_MADE: Mapping[str, Callable[[pa.Table, str, OneLanguage], pa.Array]] = {
    "service_month": _month,
    "quantity": _quantity,
    "status_label": _in_words(status_word),
    "cause_label": _in_words(cause_word),
    "also": _joined,
    "candidates": _joined,
    "explanation": _explanation,
    "faults": _faults,
}
