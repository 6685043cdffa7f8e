"""From outcomes to the tables of a result: what was read stays in columns, how it stands is put beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from fee_service.answers.reconciled import RESULT
from fee_service.invoices.shape import EXTRA
from fee_service.model import Text
from fee_service.published.editions import CellKey
from fee_service.reconciliation.outcomes import Outcome
from fee_service.wording import OneLanguage, in_language_once

LINES_AT_ONCE = 20_000
AS_READ = (
    "file", "sheet", "line", "invoice_number", "issued_on", "supplier", "customer", "corrects", "correction_code",
    "item", "specification", "remark", "quantity",
)  # fmt: skip
PARTS = ("agreement", "fee", "product", "option", "user_type")


def tables(lines: pa.Table, outcomes: Sequence[Outcome], missing: Sequence[Outcome]) -> Iterator[pa.Table]:
    """The result in pieces: every row of the files in its order, then what is missing."""
    for first in range(0, len(outcomes), LINES_AT_ONCE):
        part = outcomes[first : first + LINES_AT_ONCE]
        yield _table(lines.slice(first, len(part)), part)
    for first in range(0, len(missing), LINES_AT_ONCE):
        yield _table(None, missing[first : first + LINES_AT_ONCE])


def _table(lines: pa.Table | None, outcomes: Sequence[Outcome]) -> pa.Table:
    columns = _told(outcomes)
    columns["extra"] = _extra(lines, len(outcomes))
    arrays = [
        lines[field.name].cast(field.type).combine_chunks()
        if lines is not None and field.name in AS_READ
        else pa.array(columns[field.name], field.type) if field.name in columns else pa.nulls(len(outcomes), field.type)
        for field in RESULT
    ]  # fmt: skip
    return pa.table(arrays, schema=RESULT)


def _told(outcomes: Sequence[Outcome]) -> dict[str, list[Any]]:
    """The columns of how lines stand."""
    parts = [_parts(each.key) for each in outcomes]
    said = _Said()
    return {
        "contract": [each.contract for each in outcomes],
        **{name: [part[at] for part in parts] for at, name in enumerate(PARTS)},
        "service_month": [each.month for each in outcomes],
        "status": [each.status.value for each in outcomes],
        "amount": [each.amount for each in outcomes],
        "expected": [each.expected for each in outcomes],
        "difference": [None if each.expected is None else each.difference for each in outcomes],
        "vat": [each.vat for each in outcomes],
        "vat_expected": [each.vat_expected for each in outcomes],
        "vat_difference": [None if each.vat_expected is None else each.vat_difference for each in outcomes],
        "cause": [each.cause for each in outcomes],
        "also": [each.also for each in outcomes],
        "explanation_ko": [said.of(each.texts, "ko") for each in outcomes],
        "explanation_en": [said.of(each.texts, "en") for each in outcomes],
        "chain": [each.chain or None for each in outcomes],
        "checked_against": [each.checked_against for each in outcomes],
        "finding": [each.finding for each in outcomes],
        "candidates": [each.candidates for each in outcomes],
        "faults": [[fault._asdict() for fault in each.faults] for each in outcomes],
    }


def _parts(key: CellKey | None) -> tuple[str | None, ...]:
    """Agreement, fee, product, option, user type; nothing of a total, and of a fee that nobody knows what is known."""
    if key is None:
        return (None,) * 5
    known = [part or None for part in key]
    return (*known, None) if key.fee != "usage_fee" else (*known[:3], None, known[3])


def _extra(lines: pa.Table | None, count: int) -> list[list[tuple[str, str]]]:
    """The unknown columns of each row, as they came."""
    names = [] if lines is None else [name for name in lines.column_names if name.startswith(EXTRA)]
    if lines is None or not names:
        return [[]] * count
    bare = [name.removeprefix(EXTRA) for name in names]
    rows = zip(*(lines[name].to_pylist() for name in names), strict=True)
    return [[(name, value) for name, value in zip(bare, row, strict=True) if value is not None] for row in rows]


class _Said:
    """Sentences that come again are made once."""

    def __init__(self) -> None:
        self._kept: dict[tuple[tuple[Text, ...], OneLanguage], str] = {}

    def of(self, texts: tuple[Text, ...], language: OneLanguage) -> str | None:
        if not texts:
            return None
        if (texts, language) not in self._kept:
            self._kept[texts, language] = in_language_once(texts, language)
        return self._kept[texts, language]
