"""Counts and amounts as they are typed at the desk are the number that everybody reads, or none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fee_service.web.counting import count_of
from fee_service.web.typed import number_of

COUNTS = st.integers(0, 10**16 - 1)


def korean(number: int, *, spaced: str, grouped: bool) -> str:
    """A number in myriads: 1억 2,345만 6,789."""
    parts = []
    for unit, size in (("조", 10**12), ("억", 10**8), ("만", 10**4), ("", 1)):
        part = number // size % 10**4
        if part:
            parts.append((f"{part:,}" if grouped else str(part)) + unit)
    return spaced.join(parts) or "0"


@given(COUNTS)
def test_thousands_may_be_divided_by_commas_or_spaces(number: int) -> None:
    """12,000, 12 000 and full-width digits."""
    for typed in (f"{number}", f"{number:,}", f"{number:,}".replace(",", " "), f"{number:,}".replace(",", "\u00a0")):
        assert number_of(typed) == number
        assert number_of("".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in typed)) == number


@given(COUNTS, st.sampled_from(["", " "]), st.booleans())
def test_a_number_of_myriads_is_that_number_or_none(number: int, spaced: str, grouped: bool) -> None:
    """With three or four digits behind the last unit; a shorter rest may mean another number."""
    typed = korean(number, spaced=spaced, grouped=grouped)
    assert count_of(typed) in (number, None)
    if number % 10**4 == 0 and len(typed) <= 30:
        assert count_of(typed) == number


@given(st.integers(1, 9999), st.sampled_from([("만", 10**4), ("억", 10**8), ("조", 10**12)]))
def test_a_number_and_a_unit_is_their_product(number: int, unit: tuple[str, int]) -> None:
    """100만, 1억, 1,200만."""
    name, size = unit
    for typed in (f"{number}{name}", f"{number:,}{name}", f"{number} {name}"):
        assert count_of(typed) == number * size


@given(st.text("0123456789조억만천백십,. -원", max_size=14))
def test_no_text_is_more_than_what_its_digits_and_units_say(text: str) -> None:
    """Every digit that is typed stands in the number, in its order: nothing typed is dropped."""
    count = count_of(text)
    if count is None:
        return
    digits = [sign for sign in text if sign.isdigit() and sign != "0"]
    shown = iter(sign for sign in str(count) if sign != "0")
    assert all(digit in shown for digit in digits), (text, count)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("100만", 1_000_000),
        ("1억", 100_000_000),
        ("1천", 1_000),
        ("12,000", 12_000),
        ("1 000", 1_000),
        ("만", 10_000),
        ("천", 1_000),
        ("천만", 10_000_000),
        ("백만", 1_000_000),
        ("십만", 100_000),
        ("3천만", 30_000_000),
        ("2만 5천", 25_000),
        ("2만5천", 25_000),
        ("1억 2,000만", 120_000_000),
        ("1억 2천3백만", 123_000_000),
        ("1조 5천억", 1_500_000_000_000),
        ("12만 3456", 123_456),
        ("12만3,456", 123_456),
        ("1만 500", 10_500),
        ("5천500만", 55_000_000),
        ("1.5억", 150_000_000),
        ("2.5만", 25_000),
        ("0.5억", 50_000_000),
        ("1.2345만", 12_345),
        ("3.5천", 3_500),
        ("１００만", 1_000_000),
        ("1\u00a0000\u00a0000", 1_000_000),
        ("0", 0),
        ("-5", -5),
    ],
)
def test_counts_in_korean_units_are_understood(typed: str, number: int) -> None:
    """As at the counter of a bank."""
    assert number_of(typed) == number


@pytest.mark.parametrize(
    "typed",
    [
        "억",
        "조",
        "1만 5",
        "1만5",
        "1억 5000",
        "1억 2천",
        "1억 천",
        "1조 5천",
        "1.5억 3천만",
        "1.23456만",
        "1.5",
        "1.000",
        "만만",
        "1만 2억",
        "1만 2만",
        "12345만",
        "1,00만",
        "천천",
        "1백 2천",
        "3천5",
        "5백50",
        "0천",
        "00만억",
        "1 2만",
        "12 34",
        "1 00",
        "1  000 00",
        "백만장자",
        "약 100만",
        "100만 이상",
        "100만+",
        "100만~200만",
        "1e6",
        "1M",
        "10k",
        "①만",
        "일억",
        "-100만",
        "5년",
        "100만원",
        "100만 건",
        "",
    ],
)
def test_what_could_be_another_number_is_none(typed: str) -> None:
    """It is handed on as it was typed, and refused by its field."""
    assert number_of(typed) == typed


@pytest.mark.parametrize(
    ("field", "typed", "number"),
    [
        ("average_sales", "12억원", 1_200_000_000),
        ("total_assets", "₩ 1,200,000,000", 1_200_000_000),
        ("months", "60개월", 60),
        ("api_calls", "100만 건", 1_000_000),
        ("real_time.securities_a.queries", "5천건", 5_000),
        ("real_time.securities_a.standard", "20명", 20),
    ],
)
def test_the_word_of_what_is_counted_may_follow(field: str, typed: str, number: int) -> None:
    """The field's own only: 5년 is not five months, and a won is no call."""
    assert number_of(typed, field) == number
    assert number_of("5년", field) == "5년"
    assert number_of("5원" if field not in ("average_sales", "total_assets") else "5건", field) in ("5원", "5건")
