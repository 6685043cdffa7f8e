"""What a reconciliation found, as a table and as values: the one from the other and back, and the JSON of it."""

from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.result_lines import LINES

from fee_service.answers.reconciled import (
    RESULT,
    LineFault,
    ResultLine,
    line_data,
    packed,
    read,
    unpacked,
    written,
)
from fee_service.wording import Language

TEXTS = st.none() | st.text(max_size=8)
WON = st.none() | st.integers(-(10**13), 10**13)
DAYS = st.none() | st.dates(date(2018, 1, 1), date(2040, 12, 31))
OTHERS = {
    "line": st.none() | st.integers(1, 10**9),
    "issued_on": DAYS,
    "service_month": DAYS,
    "quantity": st.none() | st.integers(0, 10**12) | st.sampled_from([Decimal("2.5"), Decimal("-0.0001")]),
    **dict.fromkeys(("amount", "expected", "difference", "vat", "vat_expected", "vat_difference"), WON),
    **dict.fromkeys(("also", "candidates"), st.lists(st.text(max_size=5), max_size=3).map(tuple)),
    "status": st.text(min_size=1, max_size=8),
    "faults": st.lists(st.builds(LineFault, st.text(max_size=5), st.text(max_size=5), TEXTS), max_size=2).map(tuple),
    "extra": st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3),
}
ANY_LINE = st.builds(ResultLine, **{name: OTHERS.get(name, TEXTS) for name in ResultLine._fields})


@given(st.lists(ANY_LINE, max_size=5))
def test_lines_are_read_from_a_table_as_they_were_written(lines: list[ResultLine]) -> None:
    """Every value comes back as it was, also through the bytes that a job keeps."""
    table = written(lines)
    assert table.schema == RESULT
    assert list(read(table)) == lines
    assert list(read(unpacked(packed(table)))) == lines


def test_the_same_rows_are_the_same_bytes_in_whatever_pieces_they_came() -> None:
    """A job that is done anew keeps what the first one kept, and the dictionaries of pieces become one."""
    whole = written(LINES)
    pieces = pa.concat_tables([written(LINES[:4]), written(LINES[4:])])
    assert packed(whole) == packed(written(LINES))
    assert list(read(unpacked(packed(pieces)))) == list(LINES)


@pytest.mark.parametrize(
    ("language", "explanation"),
    [("ko", "일할 계산이 빠졌습니다."), ("en", "Not prorated."), ("both", "일할 계산이 빠졌습니다. / Not prorated.")],
)
def test_a_line_is_told_in_the_language_of_who_asks(language: Language, explanation: str) -> None:
    """The place in one, the month without a day, one explanation; every other name as in the table."""
    told = line_data(LINES[1], language)
    assert told["row"] == {"file": "journal.csv", "sheet": None, "line": 4}
    assert (told["service_month"], told["explanation"]) == ("2026-12", explanation)
    others = set(ResultLine._fields) - {"file", "sheet", "line", "explanation_ko", "explanation_en"}
    assert told.keys() == others | {"row", "explanation"}


def test_what_is_due_and_was_not_billed_has_no_place() -> None:
    """A missing line comes from no file."""
    assert line_data(LINES[-1], "en")["row"] is None


def test_what_is_wrong_with_a_value_is_said_in_words() -> None:
    """The fault keeps its field, code and text and says what is wrong and what to do."""
    (fault,) = line_data(LINES[8], "en")["faults"]
    assert (fault["field"], fault["code"], fault["shown"]) == ("amount", "amount_with_fraction", "1483870.5")
    assert fault["detail"] == "The amount has a fraction of a won."
    assert fault["hint"]


def test_a_quantity_with_decimals_is_told_as_text() -> None:
    """JSON has whole numbers; 2.5 is exact as it is written."""
    told = [line_data(LINES[0]._replace(quantity=each), "en")["quantity"] for each in (3, Decimal("2.5"), None)]
    assert told == [3, "2.5", None]
