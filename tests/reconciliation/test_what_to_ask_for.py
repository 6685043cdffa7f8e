"""From the lines of a result to the corrections to ask for: code, day, original, lines, supply, VAT."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from support.result_lines import FIRST, JANUARY, SECOND, result_line, unjudged

from fee_service.answers.corrections import correction_data
from fee_service.answers.reconciled import ResultLine, packed, written
from fee_service.published.editions import Editions
from fee_service.reconciliation.correcting import WrongInvoice, not_billed, wrong_invoices
from fee_service.reconciliation.invoice_aside import lines_of
from fee_service.strict_json import Data

TODAY = date(2027, 1, 15)
RIGHT = result_line(vat=148_387)
OVER = result_line(
    line=4, product="securities_b", status="overbilled", amount=800_000, expected=593_548, difference=206_452,
    vat=80_000, cause="not_prorated", item="주식실시간B 기본료",
)  # fmt: skip


def asked(editions: Editions, *lines: ResultLine) -> list[WrongInvoice]:
    return list(wrong_invoices(lines, editions, TODAY))


def told(editions: Editions, *lines: ResultLine) -> Data:
    """The one correction that is asked for."""
    (invoice,) = asked(editions, *lines)
    assert invoice.asked is not None
    return correction_data(invoice.asked, "en")


def of(invoice: Data, *names: str) -> Sequence[Any]:
    return [invoice[name] for name in names]


def test_a_difference_is_asked_for_by_one_invoice_of_today(editions: Editions) -> None:
    """800,000 − 593,548 = 206,452 less; VAT of 2,077,418 is 207,741, billed are 228,387: 20,646 less."""
    found = told(editions, RIGHT, OVER)
    assert of(found, "code", "corrects", "supply", "vat", "total") == ["02", FIRST, -206_452, -20_646, -227_098]
    (invoice,) = found["invoices"]
    assert of(invoice, "issued_on", "supply", "vat", "total") == [TODAY, -206_452, -20_646, -227_098]
    (line,) = invoice["lines"]
    assert of(line, "item", "product", "service_month", "supply") == [
        *("주식실시간B 기본료", "securities_b", "2026-12", -206_452)
    ]
    assert found["code_label"] == "Supply value changed"
    assert FIRST in found["reason"]


def test_an_invoice_that_came_twice_is_cancelled_as_of_its_day(editions: Editions) -> None:
    """Code 06, nothing takes its place."""
    twice = result_line(
        invoice_number=SECOND, chain=SECOND, status="duplicate", expected=0, difference=1_483_870, vat=148_387
    )
    found = told(editions, RIGHT, twice)
    assert of(found, "code", "corrects", "supply", "vat") == ["06", SECOND, -1_483_870, -148_387]
    assert [invoice["issued_on"] for invoice in found["invoices"]] == [date(2026, 12, 9)]


def test_wrong_vat_alone_is_cancelled_and_issued_anew(editions: Editions) -> None:
    """Code 01: 148,388 is cancelled, 148,387 is right."""
    found = told(editions, result_line(status="overbilled", vat=148_388, vat_difference=1, cause="vat_rounding"))
    assert [(each["supply"], each["vat"]) for each in found["invoices"]] == [
        (-1_483_870, -148_388),
        (1_483_870, 148_387),
    ]
    assert of(found, "code", "supply", "vat") == ["01", 0, -1]


def test_a_chain_is_corrected_as_one(editions: Editions) -> None:
    """800,000 with a correction of −100,000 is 700,000, of which 593,548 are due: what is left is asked for."""
    half = result_line(
        line=5, invoice_number=SECOND, chain=FIRST, corrects=FIRST, issued_on=JANUARY, product="securities_b",
        amount=-100_000, expected=-100_000, vat=-10_000, item="감액",
    )  # fmt: skip
    found = told(editions, OVER._replace(expected=693_548, difference=106_452), half)
    assert of(found, "code", "corrects", "supply", "vat") == ["02", FIRST, -106_452, 59_354 - 70_000]


def test_what_nobody_can_judge_stays_as_it_was_billed(editions: Editions) -> None:
    """A line without a fee on the same invoice has its part in the VAT, and is not touched."""
    found = told(editions, OVER, unjudged(line=9, amount=70_000, vat=7_000, chain=None))
    assert of(found, "supply", "vat") == [-206_452, (593_548 + 70_000) // 10 - 87_000]
    assert len(found["invoices"][0]["lines"]) == 1


def test_nothing_is_asked_for_where_the_original_is_not_there(editions: Editions) -> None:
    """Its lines are not known, so neither is what is right to the won."""
    later = OVER._replace(invoice_number=SECOND, corrects=FIRST)
    assert [(each.chain, each.issued_on, each.asked) for each in asked(editions, later)] == [(FIRST, None, None)]


def test_what_is_right_or_seen_before_or_missing_needs_no_correction(editions: Editions) -> None:
    """What is missing is told apart: there is no invoice to correct."""
    missing = result_line(file=None, line=None, invoice_number=None, chain=None, status="missing", amount=0)
    seen = unjudged(status="already_seen", chain=None)
    assert asked(editions, RIGHT, seen, missing) == []
    assert list(not_billed([RIGHT, seen, missing])) == [missing]


def test_a_number_that_two_suppliers_give_is_two_invoices(editions: Editions) -> None:
    """Only approval numbers are given once."""
    own = [line._replace(invoice_number="7", chain="7") for line in (RIGHT, OVER)]
    other = OVER._replace(invoice_number="7", chain="7", supplier="998-81-00012")
    assert [(each.supplier, len(each.lines)) for each in asked(editions, *own, other)] == [
        *(("999-81-00015", 2), ("998-81-00012", 1))
    ]


def test_the_chain_of_an_invoice_is_found_in_any_chunk_by_each_of_its_numbers() -> None:
    """By a process of its own: original, correction, and a line of them that nobody could judge."""
    correction = OVER._replace(invoice_number=SECOND, corrects=FIRST, quantity=Decimal("1.5"))
    aside = unjudged(line=9, invoice_number=SECOND, chain=None)
    other = result_line(invoice_number="other", chain="other")
    chunks = [packed(written(lines)) for lines in ([RIGHT, other], [other], [correction, aside])]
    assert lines_of(chunks, FIRST) == lines_of(chunks, SECOND) == [RIGHT, correction, aside]
    assert lines_of(chunks, "other") == [other, other]
    assert lines_of(chunks, "none") == []
