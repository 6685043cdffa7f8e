"""Days, months, numbers and codes, in all the ways in which files write them."""

from datetime import date

import pytest
from support.typed_forms import DAY, DAYS, NOT_DAYS

from fee_service.invoices import marks
from fee_service.invoices.values import Direction


@pytest.mark.parametrize("text", DAYS)
def test_a_day_is_read_in_each_way(text: str) -> None:
    """With or without a time, which no invoice needs."""
    assert marks.day(text) == DAY


@pytest.mark.parametrize("text", [*NOT_DAYS, "", "합계"])
def test_what_is_no_day_is_none(text: str) -> None:
    """Neither a century nor the order of day and month is guessed, nor a number of a sheet, nor another zone's day."""
    assert marks.day(text) is None


@pytest.mark.parametrize("text", ["2026-12", "2026.12", "202612", "2026년 12월", "2026년 12월분", "2026-12-01"])
def test_a_month_is_its_first_day(text: str) -> None:
    """A month as it is written, and the first day of it."""
    assert marks.month(text) == date(2026, 12, 1)


def test_a_month_is_no_other_day() -> None:
    """The 9th of December is no month."""
    assert [marks.month(text) for text in ("2026-12-09", "2026-13", "12")] == [None] * 3


def test_a_month_whose_zero_may_be_lost_is_none() -> None:
    """A cell of numbers turns 2026.10 into 2026.1, and nobody knows which it was."""
    assert marks.month("2026.1") is None
    assert marks.month("2026.10") == date(2026, 10, 1)
    assert marks.month("2026-1") == date(2026, 1, 1)


def test_an_approval_number_is_one_with_and_without_hyphens() -> None:
    """Letters occur in it; they are kept as capitals."""
    assert marks.invoice_number("20261209-41000998-0000001a").number == "20261209410009980000001A"
    assert marks.invoice_number("20261209410009980000001A").number == "20261209410009980000001A"


@pytest.mark.parametrize("text", ["000123", "INV-7", "2E10", "가-1"])
def test_other_numbers_stay_as_they_came(text: str) -> None:
    """Zeros in front and letters survive."""
    assert marks.invoice_number(text) == (text, None)


def test_a_number_that_a_sheet_has_made_short_has_lost_its_digits() -> None:
    """Excel keeps 15 digits of it."""
    assert marks.invoice_number("2.02612E+23") == (None, "digits_lost")
    assert marks.company("9.99812E+09") == (None, "digits_lost")
    assert marks.invoice_number("2.02612094100099e+23") == (None, "digits_lost")
    assert marks.invoice_number("20261209-41000990-00000000") == (None, "digits_lost")


def test_business_numbers_are_printed_in_one_way() -> None:
    """A wrong check digit, and a resident number, are none."""
    assert {marks.company(text).number for text in ("9988100012", "998-81-00012", "998 81 00012")} == {"998-81-00012"}
    codes = [marks.company(text).code for text in ("9988100013", "900101-1234567", "x")]
    assert codes == ["business_number_unreadable"] * 3


@pytest.mark.parametrize(
    ("text", "told"),
    [("일반", ("0101", False)), ("일반(수정)", ("0201", True)), ("영세율", ("0102", False)), ("0203", ("0203", True)),
     ("영세율(수정)", ("0202", True)), ("모름", (None, False))],
)  # fmt: skip
def test_a_kind_is_its_code(text: str, told: tuple[str | None, bool]) -> None:
    """Words of Hometax, and the code itself."""
    assert marks.kind(text) == told


def test_an_original_is_named_in_a_remark() -> None:
    """In both ways in which remarks name it."""
    number = "202612094100099800000001"
    assert marks.original(f"[당초 승인번호 : {number}], [당초 세금계산서 작성일 : 2026-12-09]") == number
    assert marks.original("당초 승인번호(20261209-41000998-00000001)") == number
    assert marks.original("당초 계약대로") is None


def test_a_title_tells_the_direction_unless_it_tells_both() -> None:
    """A journal of purchases and sales tells it by the code of its row."""
    told = [marks.direction(text) for text in ("매입 전자세금계산서", "판매현황", "매입매출장", "51", "11", "기타")]
    buys, sells = Direction.PURCHASE, Direction.SALE
    assert told == [buys, sells, None, buys, sells, None]


def test_a_slip_has_a_day_and_a_number() -> None:
    """In one cell, as some ERP print it."""
    assert marks.day_and_number("2026/12/09 -12") == (date(2026, 12, 9), "2026-12-09-12")
    assert marks.day_and_number("2026/12/09") == (None, None)


def test_a_correction_has_a_code() -> None:
    """By number or by words."""
    told = [
        marks.correction_code(text) for text in ("1", "02", "06 이중발급", "공급가액 변동", "기재사항 착오정정", "7")
    ]
    assert told == ["01", "02", "06", "02", "01", None]
