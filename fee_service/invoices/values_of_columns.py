"""Columns of text read value by value: each different text once, plain ones all at once, by the rules of one text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fee_service.invoices import amounts, marks, personal
from fee_service.invoices.shape import WORDS
from fee_service.spelling import cleaned

Read = TypeVar("Read")

PLAIN_WON = r"^(?:-?[0-9]{1,13}|-?[0-9]{1,3}(?:,[0-9]{3}){1,3})$"  # of these the grammar says the same
_MARKED_WON = r"^[-△▲]?₩?(?:[0-9]{4,13}(?:\.0+)?|[0-9]{1,3}(?:\.0{1,2})?|[0-9]{1,3}(?:,[0-9]{3}){1,3}(?:\.0+)?)원?$"
_PLAIN_NUMBER = r"^[0-9A-Z]{24}$|^[0-9A-Z][0-9A-Z/_-]{0,20}$"
_HYPHENATED = r"^[0-9A-Z]{8}-[0-9A-Z]{8}-[0-9A-Z]{8}$"
_CUT_DIGITS = "0" * 8  # with which a number ends whose digits are lost
_NOT_PLAIN_TEXT = rf"^ | $|[^ -?A-~가-힣]|[0-9]{{6}} ?-? ?[1-8][0-9*]|{personal.TRIGGERS}"
_PERHAPS_PERSONAL = rf"@|[0-9]{{6}} ?[-–]? ?[1-8][0-9*]{{6}}|{personal.TRIGGERS}"
MUCH = 131_072  # rows without a value that are shared
MOST_NAMES = 200  # that are looked for all at once


class Column(NamedTuple):
    """A column of values, and the code of the fault of each row that has one."""

    values: Any
    faults: dict[int, str]


def _encoded(texts: Any) -> Any:
    return texts if pa.types.is_dictionary(texts.type) else texts.dictionary_encode()


def by_value(texts: Any, read: Callable[[str], Read | None], kind: pa.DataType) -> Any:
    """What `read` makes of each different text; nothing of a blank one."""
    coded = _encoded(texts)
    values = [read(text) if text else None for text in coded.dictionary.to_pylist()]
    return pa.array(values, kind).take(coded.indices)


def coded_values(texts: Any, read: Callable[[str], tuple[Any, str | None]], kind: pa.DataType) -> Column:
    """As `by_value`, of texts that may be at fault."""
    coded = _encoded(texts)
    told = [read(text) if text else (None, None) for text in coded.dictionary.to_pylist()]
    values = pa.array([value for value, _ in told], kind).take(coded.indices)
    return Column(values, _faults([code for _, code in told], coded.indices))


def _faults(codes: Sequence[str | None], indices: Any) -> dict[int, str]:
    wrong = np.array([code is not None for code in codes], dtype=bool)
    if not wrong.any():
        return {}
    at = indices.fill_null(len(codes)).to_numpy(zero_copy_only=False)
    rows = np.flatnonzero(np.append(wrong, False)[at])
    return {int(row): str(codes[at[row]]) for row in rows}


def won_of(texts: Any) -> Column:
    """Whole won, and which rows hold none; a blank one is missing, without a code."""
    coded = _encoded(texts)
    values = coded.dictionary
    is_plain = pc.match_substring_regex(values, PLAIN_WON)
    if not pc.all(is_plain).as_py():
        is_plain = pc.match_substring_regex(values, _MARKED_WON)
        unmarked = pc.replace_substring_regex(values, r"[₩원]|\.0+원?$", "")
        values = pc.if_else(is_plain, pc.replace_substring_regex(unmarked, "[△▲]", "-"), values)
    plain = pc.if_else(is_plain, values, None)
    won = pc.cast(pc.replace_substring(plain, ",", ""), pa.int64())
    codes: dict[int, str] = {}
    others = np.flatnonzero(~is_plain.fill_null(True).to_numpy(zero_copy_only=False))
    if len(others):
        told = [amounts.won(text) for text in values.take(pa.array(others)).to_pylist()]
        mask = np.zeros(len(values), dtype=bool)
        mask[others] = True
        won = pc.replace_with_mask(won, pa.array(mask), pa.array([one.won for one in told], pa.int64()))
        codes = {int(at): one.code for at, one in zip(others, told, strict=True) if one.code and one != amounts.MISSING}
    faults = _faults([codes.get(at) for at in range(len(values))], coded.indices) if codes else {}
    return Column(won.take(coded.indices), faults)


def numbers_of(texts: Any) -> Column:
    """Numbers of invoices as they are kept."""
    is_hyphenated = pc.match_substring_regex(texts, _HYPHENATED)
    is_cut = pc.ends_with(texts, _CUT_DIGITS)
    if pc.all(is_hyphenated).as_py() and not pc.any(is_cut).as_py():
        return Column(pc.replace_substring(texts, "-", ""), {})
    plain = pc.if_else(is_hyphenated, pc.replace_substring(texts, "-", ""), texts)
    is_plain = pc.or_(is_hyphenated, pc.match_substring_regex(texts, _PLAIN_NUMBER))
    is_plain = pc.and_not(is_plain, is_cut).fill_null(True)
    others = np.flatnonzero(~is_plain.to_numpy(zero_copy_only=False))
    if not len(others):
        return Column(plain, {})
    told = [marks.invoice_number(text) for text in texts.take(pa.array(others)).to_pylist()]
    mask = np.zeros(len(plain), dtype=bool)
    mask[others] = True
    kept = [personal.masked(one.number) if one.number else None for one in told]
    values = pc.replace_with_mask(plain, pa.array(mask), pa.array(kept, pa.string()))
    return Column(values, {int(at): one.code for at, one in zip(others, told, strict=True) if one.code})


def words_of(texts: Any) -> Any:
    """Texts without what belongs to persons, and nothing for blank ones."""
    coded = _encoded(texts)
    values = coded.dictionary
    odd = pc.match_substring_regex(values, _NOT_PLAIN_TEXT)
    if not pc.any(odd).as_py():
        return pa.DictionaryArray.from_arrays(coded.indices, values)
    kept = [personal.masked(cleaned(text)) or None for text in values.filter(odd).to_pylist()]
    return pc.replace_with_mask(values, odd, pa.array(kept, pa.string())).take(coded.indices).dictionary_encode()


def without(names: frozenset[str], texts: Any, shortest: int = 2) -> Any:
    """Texts without names of persons."""
    if not names:
        return texts
    coded = _encoded(texts)
    values = coded.dictionary
    if len(names) <= MOST_NAMES:
        odd = pc.match_substring_regex(values, "|".join(map(re.escape, sorted(names))))
    else:
        odd = pa.repeat(pa.scalar(True), len(values))
    if not pc.any(odd).as_py():
        return texts
    kept = [personal.without(names, text, shortest) for text in values.filter(odd).to_pylist()]
    return pc.replace_with_mask(values, odd, pa.array(kept, pa.string())).take(coded.indices)


def untouched(texts: Any) -> Any:
    """An unknown column as it came, without numbers and addresses of persons."""
    odd = pc.match_substring_regex(texts, _PERHAPS_PERSONAL).fill_null(False)
    if not pc.any(odd).as_py():
        return texts
    kept = [personal.masked(text) for text in texts.filter(odd).to_pylist()]
    return pc.replace_with_mask(texts, odd, pa.array(kept, pa.string()))


def nothing(kind: pa.DataType, count: int) -> Any:
    """A column without a value."""
    return _much_of_nothing(kind).slice(0, count) if count <= MUCH else _nothing(kind, count)


def _nothing(kind: pa.DataType, count: int) -> Any:
    if kind == WORDS:
        return pa.DictionaryArray.from_arrays(pa.nulls(count, pa.int32()), pa.array([], pa.string()))
    return pa.nulls(count, kind)


@lru_cache(maxsize=16)
def _much_of_nothing(kind: pa.DataType) -> Any:
    """Made once and shared: most columns of most files are empty."""
    return _nothing(kind, MUCH)
