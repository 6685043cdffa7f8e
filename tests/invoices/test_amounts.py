"""Won by a grammar, not by a cast: each form is either exact or says by its own code why not."""

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.typed_forms import NOT_WON, WON

from fee_service.invoices.amounts import MOST_WON, quantity, won
from fee_service.invoices.values_of_columns import PLAIN_WON, won_of
from fee_service.wording.faults import FAULTS


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
