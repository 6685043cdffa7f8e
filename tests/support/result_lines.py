"""Lines of a result as a reconciliation gives them, for what is made of results: pages, sums, files."""

from datetime import date
from typing import Any

from fee_service.answers.reconciled import LineFault, ResultLine

FORMULA = '=HYPERLINK("https://example.org")'
BLANK = dict.fromkeys(ResultLine._fields) | {"also": (), "candidates": (), "faults": (), "extra": {}}
FIRST, SECOND, OTHERS = "20261209410009990000000A", "20270101410009990000000B", "20261209410009990000000C"
DECEMBER, JANUARY = date(2026, 12, 1), date(2027, 1, 1)


def result_line(**of_it: Any) -> ResultLine:
    """A line that matches, with what is said otherwise."""
    amount = of_it.get("amount", 1_483_870)
    vat = of_it.get("vat", (amount or 0) // 10)
    line = {
        "file": "journal.csv", "line": 3, "invoice_number": FIRST, "issued_on": date(2026, 12, 9),
        "supplier": "999-81-00015", "customer": "999-87-00021", "item": "시장정보 이용료", "quantity": 1,
        "contract": "Q-2026-000001", "agreement": "real_time", "fee": "base_fee", "product": "securities_a",
        "option": "retail", "service_month": DECEMBER, "status": "match", "amount": amount, "expected": amount,
        "difference": 0, "vat": vat, "vat_expected": vat, "vat_difference": 0, "chain": FIRST,
        "checked_against": "contract",
    }  # fmt: skip
    return ResultLine(**{**BLANK, **line, **of_it})  # type: ignore[arg-type]


def unjudged(**of_it: Any) -> ResultLine:
    """A line with which nothing was compared."""
    nothing = dict.fromkeys(("expected", "difference", "vat_expected", "vat_difference", "contract", "service_month"))
    return result_line(**{**nothing, "checked_against": "none", "status": "not_judged", **of_it})


LINES = (
    result_line(),
    result_line(
        line=4, product="securities_b", status="overbilled", amount=800_000, expected=593_548, difference=206_452,
        vat=80_000, vat_expected=59_354, vat_difference=20_646, cause="not_prorated", finding="f-1",
        explanation_ko="일할 계산이 빠졌습니다.", explanation_en="Not prorated.",
    ),
    result_line(
        line=5, product="securities_c", status="underbilled", amount=100, expected=300, difference=-200, vat=10,
        vat_expected=30, vat_difference=-20, cause="rounding+other_price_list", also=("wrong_option", "not_prorated"),
        explanation_ko="두 가지입니다.", explanation_en="There are two.", finding="f-2",
    ),
    result_line(
        line=6, invoice_number=SECOND, chain=SECOND, service_month=JANUARY, status="overbilled", amount=2_000_007,
        expected=2_000_000, difference=7, vat=200_000, vat_expected=200_000, cause="unexplained", finding="f-3",
    ),
    result_line(
        line=7, invoice_number=SECOND, chain=SECOND, service_month=JANUARY, status="duplicate", amount=50_000,
        expected=0, difference=50_000, vat_difference=5_000, vat_expected=0, finding="f-4",
    ),
    result_line(
        line=8, invoice_number=SECOND, chain=SECOND, service_month=JANUARY, status="unexpected", amount=-4_000,
        expected=0, difference=-4_000, vat=-400, vat_expected=0, vat_difference=-400, fee=None, product=None,
    ),
    unjudged(line=9, invoice_number=OTHERS, customer="999-86-00039", chain=OTHERS, amount=9_999, item=FORMULA),
    unjudged(line=10, status="already_seen", amount=1_483_870),
    unjudged(
        line=11, status="unreadable", amount=None, vat=None, candidates=("Q-2026-000001", "Q-2026-000002"),
        faults=(LineFault("amount", "amount_with_fraction", "1483870.5"),), extra={"부서": "=1+1"},
    ),
    result_line(
        file=None, line=None, invoice_number=None, issued_on=None, supplier=None, customer=None, item=None,
        quantity=None, service_month=JANUARY, status="missing", amount=0, expected=800_000, difference=-800_000, vat=0,
        vat_expected=80_000, vat_difference=-80_000, chain=None, product="securities_b", finding="f-5",
    ),
)  # fmt: skip
