"""What people type: understood wholly, or handed on as it stands to be refused."""

import itertools
import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fee_service.web.typed import day_of, number_of

WRITTEN = (
    "2023-05-10",
    "2023-5-10",
    "2023.5.10",
    "2023.05.10.",
    "2023. 5. 10.",
    "2023/05/10",
    "2023 5 10",
    "20230510",
    "2023년 5월 10일",
    "2023년5월10일",
    "2023년 05월 10일",
    "2023年5月10日",
    "２０２３．５．１０",
    "２０２３년 ５월 １０일",
    " 2023-05-10 ",
    "2023 - 05 - 10",
    "2023–05–10",
    "2023\u201105\u201110",
    "\ufeff2023-05-10\u200b",
    "２０２３０５１０",
    "2023년\u00a05월\u300010일",
)
PARTS = (
    "2019-11",
    "2023-12",
    "2023-5",
    "2023.5",
    "2023/5",
    "202305",
    "2023년 5월",
    "2023년",
    "2023",
    "5월 10일",
    "05-10",
)
UNCLEAR = (
    "10/05/2023",
    "10.5.2023",
    "23.5.10",
    "23-05-10",
    "2023051",
    "2023511",
    "2023-0510",
    "202305-10",
    "2023-05.10",
    "2023.5-10",
    "2023-05-10-11",
    "2023-05-10 09:00",
    "2023--05-10",
    "2023-5-10x",
    "tomorrow",
    "",
)
IMPOSSIBLE = (
    "2023-13-01",
    "2023-02-30",
    "2023-02-29",
    "20230230",
    "2023년 13월 1일",
    "2023-00-10",
    "2023.5.0",
    "0000-01-01",
)


@pytest.mark.parametrize("typed", WRITTEN)
def test_a_day_is_understood_however_it_is_written(typed: str) -> None:
    """The same day in every form that people write with the year first."""
    assert day_of(typed) == "2023-05-10"


@pytest.mark.parametrize("typed", [*PARTS, *UNCLEAR, *IMPOSSIBLE])
def test_what_is_no_whole_day_is_handed_on_as_it_was_typed(typed: str) -> None:
    """A month does not become its first day, nor a day that does not exist another one."""
    assert day_of(typed) == typed


def test_every_day_is_read_back_from_every_form() -> None:
    """Also the last of a month and the 29th of February."""
    days = [date(2019, 12, 30) + timedelta(days=number) for number in range(800)]
    forms = (
        "{:%Y-%m-%d}",
        "{:%Y%m%d}",
        "{0.year}.{0.month}.{0.day}",
        "{0.year}년 {0.month}월 {0.day}일",
        "{0.year}/{0.month}/{0.day}",
    )
    for day, form in itertools.product(days, forms):
        assert day_of(form.format(day)) == day.isoformat()


@given(st.text("0123456789-./ 년월일", max_size=14))
def test_no_digit_is_dropped_or_moved(typed: str) -> None:
    """Whatever is understood as a day has exactly the digits that were typed, save for zeros in front."""
    understood = day_of(typed)
    if understood != typed:
        parts = re.findall(r"\d+", typed)
        if len(parts) == 1:
            parts = [parts[0][:4], parts[0][4:6], parts[0][6:]]
        assert [int(part) for part in parts] == [int(part) for part in understood.split("-")]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1000", 1000),
        ("1,000", 1000),
        ("1,200,000,000", 1_200_000_000),
        ("-5", -5),
        ("−5", -5),
        ("０１０", 10),
        ("１,０００", 1000),
        (" 1,000 ", 1000),
        ("1\u200b000", 1000),
        ("0", 0),
    ],
)
def test_a_number_is_understood_however_it_is_written(typed: str, read: int) -> None:
    """With commas between its thousands, in digits of any width."""
    assert number_of(typed) == read


@pytest.mark.parametrize(
    "typed",
    [
        "1.000",
        "1.5",
        "1e3",
        "10O",
        "l0",
        "1,00",
        "1,0000",
        "10,00,000",
        ",100",
        "1,",
        "1 00",
        "1_000",
        "0x10",
        "+5",
        "--5",
        "10²",
        "①",
        "½",
        "١٢",
        "many",
        "5 or 6",
        "9" * 40,
        "1,000,00",
    ],
)
def test_what_is_no_whole_number_is_handed_on_as_it_was_typed(typed: str) -> None:
    """A point, a letter or a comma in the wrong place never makes another number of it."""
    assert number_of(typed) == typed
