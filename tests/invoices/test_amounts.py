"""Won by a grammar, not by a cast: each form is either exact or says by its own code why not."""

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fee_service.invoices.amounts import MOST_WON, quantity, won
from fee_service.invoices.values_of_columns import PLAIN_WON, won_of
from fee_service.wording.faults import FAULTS

WON = {
    "1,483,870": 1_483_870, "₩1,483,870": 1_483_870, "1,483,870원": 1_483_870, "(1,000)": -1_000, "-1,000": -1_000,
    "△1,000": -1_000, "▲1,000": -1_000, "1483870.0": 1_483_870, "1483870.00": 1_483_870, "0": 0, "-0": 0,
    " 1,000 ": 1_000, "１，０００": 1_000, "￦1,000": 1_000, "₩ 1,000": 1_000, "-₩1,000": -1_000, "₩-1,000": -1_000,
    "(₩1,000)": -1_000, "−1,000": -1_000, "△ 1,000": -1_000, "1000 원": 1_000, "(1,000)원": -1_000, "007": 7,
    str(MOST_WON): MOST_WON, "\\1,000": 1_000,
}  # fmt: skip
NOT_WON = {
    "1483870.5": "amount_with_fraction", "0.1": "amount_with_fraction", "1,483.87": "amount_with_fraction",
    "1483870.": "amount_with_fraction", "1e6": "amount_in_exponent", "1.5E+5": "amount_in_exponent",
    "1E-3": "amount_in_exponent", "2.0261209E+23": "digits_lost", "0x10": "amount_in_hexadecimal",
    "1_000": "amount_with_underscores", "1.483.870": "amount_with_dots", "1.483,87": "amount_with_dots",
    "1,48,3870": "amount_commas_misplaced", ",100": "amount_commas_misplaced", "1,0000": "amount_commas_misplaced",
    "=A1+1": "amount_formula_uncomputed", "=": "amount_formula_uncomputed", "#DIV/0!": "amount_error_cell",
    "#N/A": "amount_error_cell", "#ERROR!": "amount_error_cell", "148만원": "amount_in_korean_units",
    "1,483천원": "amount_in_korean_units", "1억": "amount_in_korean_units", "$1,000": "amount_in_other_currency",
    "1,000 USD": "amount_in_other_currency", "2026-12-09": "amount_is_a_day", str(MOST_WON + 1): "amount_beyond_bound",
    "9" * 400: "amount_beyond_bound", "": "amount_missing", "-": "amount_missing", "천원": "amount_not_a_number",
    "--1": "amount_not_a_number", "(-1,000)": "amount_not_a_number", "△-1": "amount_not_a_number",
    "1 000": "amount_not_a_number", "①": "amount_not_a_number", "²": "amount_not_a_number",
    "nan": "amount_not_a_number", "inf": "amount_not_a_number", "1,000-": "amount_not_a_number",
    "(1,000": "amount_not_a_number", "+1,000": "amount_not_a_number",
}  # fmt: skip


@pytest.mark.parametrize("text", WON)
def test_what_is_written_as_whole_won_is_won(text: str) -> None:
    """Commas at every third digit, the sign of won, brackets and triangles for less than nothing."""
    assert won(text) == (WON[text], None)


@pytest.mark.parametrize("text", NOT_WON)
def test_what_is_no_whole_won_says_why(text: str) -> None:
    """No form is rounded or cut; each has its own code, and each code its sentences."""
    assert won(text) == (None, NOT_WON[text])
    assert NOT_WON[text] in FAULTS


def test_a_column_reads_each_text_as_it_is_read_alone() -> None:
    """The way for many texts at once and the way for one agree on every form."""
    texts = [text for text in {**WON, **NOT_WON} if text]
    column = won_of(pa.array([*texts, None]))
    assert column.values.to_pylist() == [*(won(text).won for text in texts), None]
    assert column.faults == {
        at: won(text).code for at, text in enumerate(texts) if won(text).code not in (None, "amount_missing")
    }


@given(st.one_of(st.text("0123456789,.-△▲()₩원eEx_ ", max_size=18), st.from_regex(PLAIN_WON)))
@example("1,000\n")
def test_no_text_is_read_otherwise_in_a_column(text: str) -> None:
    """Any text at all: one reading, or one code."""
    column = won_of(pa.array([text]))
    alone = won(text)
    assert column.values[0].as_py() == alone.won
    assert column.faults.get(0) == (None if alone.code == "amount_missing" else alone.code)


@given(st.integers(-MOST_WON, MOST_WON))
def test_every_amount_is_read_back_from_every_form(amount: int) -> None:
    """What is written in any of the forms comes back to the won."""
    plain, size = f"{amount:,}", f"{abs(amount):,}"
    forms = [plain, str(amount), f"{amount}.0", f"{plain}원"]
    forms += [f"({size})", f"△{size}", f"▲{size}", f"-₩{size}"] if amount < 0 else [f"₩{size}"]
    assert {won(form).won for form in forms} == {amount}


def test_quantities_may_have_decimals_but_no_exponents() -> None:
    """Four decimals at most; what else there is, is no quantity."""
    assert [str(quantity(text)) for text in ("1", "-1", "1,200", "2.5", "0.1250")] == [
        "1",
        "-1",
        "1200",
        "2.5",
        "0.1250",
    ]
    assert [quantity(text) for text in ("1e3", "1,20", "0x1", "", "1.23456")] == [None] * 5
