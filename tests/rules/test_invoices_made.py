"""Invoices: the days on which they are issued, what stands on them, and the VAT of the list in force on each."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from support.core import LIST, day, days, spans

from fee_service.model import Invoice, PartlyWaived
from fee_service.money import Rounding
from fee_service.periods import Period
from fee_service.published.editions import Editions, FirstInvoiceDay, ListSpan, PriceList
from fee_service.rules.invoicing import invoices_of
from fee_service.rules.rating import RatedLine, rate_months


@pytest.fixture
def price_list(editions: Editions) -> PriceList:
    """10 % VAT, rounded down; the first invoice on the start day."""
    return editions.price_list(LIST)


def taxed(price_list: PriceList, percent: str, rounding: Rounding = Rounding.DOWN) -> PriceList:
    """The list with another rate of VAT."""
    return replace(price_list, vat=price_list.vat._replace(rate=Fraction(percent) / 100, rounding=rounding))


def line(*charges: int, id: int = 1, delay: int = 0, **of_it: Any) -> RatedLine:
    known: dict[str, Any] = {"prorated": True, "waivable": True, "once": False, "until": None}
    return RatedLine(id, charges, partly_waived=PartlyWaived.BY_DAYS, delay=delay, **known | of_it)


def invoiced(
    horizon: Period, lists: PriceList | tuple[ListSpan, ...], *lines: RatedLine, waived: Period | None = None
) -> list[tuple[str, int, int]]:
    """Day, supply and VAT of every invoice."""
    spanned = lists if isinstance(lists, tuple) else ((horizon, lists),)
    found = invoices_of(rate_months(lines, horizon, spanned, waived), spanned)
    return [(invoice.issued_on.isoformat(), invoice.supply, invoice.vat) for invoice in found]


def test_an_advance_fee_is_billed_on_the_first_contract_day_of_its_month(price_list: PriceList) -> None:
    assert invoiced(days("2026-12-09", "2027-02-11"), price_list, line(1_000_000)) == [
        ("2026-12-09", 741_935, 74_193),
        ("2027-01-01", 1_000_000, 100_000),
        ("2027-02-01", 357_142, 35_714),
    ]


def test_usage_is_billed_two_months_after_beside_the_fees_of_that_month(price_list: PriceList) -> None:
    assert invoiced(days("2027-01-01", "2027-03-01"), price_list, line(1_000), line(77, id=2, delay=2)) == [
        ("2027-01-01", 1_000, 100),
        ("2027-02-01", 1_000, 100),
        ("2027-03-01", 77, 7),
        ("2027-04-01", 77, 7),
    ]
    overlapping = invoiced(days("2027-01-01", "2027-05-01"), price_list, line(1_000), line(77, id=2, delay=2))
    assert [supply for _, supply, _ in overlapping] == [1_000, 1_000, 1_077, 1_077, 77, 77]


def test_a_month_without_anything_to_pay_has_an_invoice_of_0(price_list: PriceList) -> None:
    horizon = days("2027-01-01", "2027-03-01")
    assert invoiced(horizon, price_list, line(1_000), waived=horizon) == [("2027-01-01", 0, 0), ("2027-02-01", 0, 0)]
    assert invoiced(horizon, price_list, line(1_000, delay=2)) == [
        ("2027-01-01", 0, 0),
        ("2027-02-01", 0, 0),
        ("2027-03-01", 1_000, 100),
        ("2027-04-01", 1_000, 100),
    ]
    assert invoiced(horizon, price_list) == [("2027-01-01", 0, 0), ("2027-02-01", 0, 0)]


def test_vat_is_rounded_on_each_invoice_as_the_list_says(price_list: PriceList) -> None:
    """7.5 % of 1,005 are 75.375; of 1,010 they are 75.75."""
    month = days("2027-01-01", "2027-02-01")
    found = {
        rounding: [invoiced(month, taxed(price_list, "7.5", rounding), line(charge))[0][2] for charge in (1_005, 1_010)]
        for rounding in Rounding
    }
    assert found == {Rounding.DOWN: [75, 75], Rounding.HALF_UP: [75, 76], Rounding.UP: [76, 76]}


def test_each_invoice_bears_the_vat_of_the_list_on_its_day(price_list: PriceList) -> None:
    """10 % to 31 January, 12 % from February: what is used in January is billed in March at 12 %."""
    lists = spans(("2027-01-01", "2027-02-01", price_list), ("2027-02-01", "2027-03-01", taxed(price_list, "12")))
    assert invoiced(days("2027-01-01", "2027-03-01"), lists, line(1_000, 1_000), line(100, 100, id=2, delay=2)) == [
        ("2027-01-01", 1_000, 100),
        ("2027-02-01", 1_000, 120),  # the same amount, another rate
        ("2027-03-01", 100, 12),
        ("2027-04-01", 100, 12),  # after the contract its last list holds
    ]


def test_a_list_that_begins_inside_a_month_taxes_from_the_next_invoice_on(price_list: PriceList) -> None:
    lists = spans(
        ("2027-01-01", "2027-01-02", price_list),
        ("2027-01-02", "2027-02-01", taxed(price_list, "11")),
        ("2027-02-01", "2027-04-01", taxed(price_list, "12")),
    )
    found = invoiced(days("2027-01-01", "2027-04-01"), lists, line(1_000, 1_000, 1_000))
    assert [vat for _, _, vat in found] == [100, 120, 120]


def test_three_lists_each_tax_their_own_invoices(price_list: PriceList) -> None:
    lists = spans(
        ("2027-01-01", "2027-02-01", price_list),
        ("2027-02-01", "2027-03-01", taxed(price_list, "11")),
        ("2027-03-01", "2027-04-01", taxed(price_list, "12")),
    )
    found = invoiced(days("2027-01-01", "2027-04-01"), lists, line(1_000, 1_000, 1_000))
    assert [vat for _, _, vat in found] == [100, 110, 120]


@pytest.mark.parametrize(
    ("horizon", "invoices"),
    [
        # 23 of 31 days in December: 741,935
        (("2026-12-09", "2027-02-01"), [("2027-01-01", 1_741_935, 174_193)]),
        (("2026-12-09", "2027-01-01"), [("2027-01-01", 741_935, 74_193)]),
        (("2026-12-02", "2027-01-01"), [("2027-01-01", 967_741, 96_774)]),
        # a start on the first is billed on that day
        (("2027-01-01", "2027-03-01"), [("2027-01-01", 1_000_000, 100_000), ("2027-02-01", 1_000_000, 100_000)]),
    ],
)
def test_a_list_may_bill_the_first_days_with_the_month_after(
    price_list: PriceList, horizon: tuple[str, str], invoices: list[tuple[str, int, int]]
) -> None:
    first = price_list.first_invoice._replace(day=FirstInvoiceDay.NEXT_MONTH)
    assert invoiced(days(*horizon), replace(price_list, first_invoice=first), line(1_000_000)) == invoices


def test_what_is_billed_with_the_month_after_joins_what_is_due_then_anyway(price_list: PriceList) -> None:
    first = price_list.first_invoice._replace(day=FirstInvoiceDay.NEXT_MONTH)
    found = invoiced(
        days("2026-12-09", "2027-03-01"),
        replace(price_list, first_invoice=first),
        line(1_000_000),
        line(310, id=2, delay=1),
    )
    # 741,935 + 1,000,000 + 310 × 23 / 31
    assert found == [
        ("2027-01-01", 1_742_165, 174_216),
        ("2027-02-01", 1_000_310, 100_031),
        ("2027-03-01", 310, 31),
    ]


def test_an_invoice_is_paid_with_its_vat() -> None:
    assert Invoice(day("2027-01-01"), 1_000, 100).total == 1_100
