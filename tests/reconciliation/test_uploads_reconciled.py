"""Whole uploads against a contract: every row with how it stands, what is missing, and what belongs together.

The contract: large company, real-time securities A and B for retail, one API package, from 2026-12-09. Due in December
2026: A 23 of 31 days of 2,000,000 = 1,483,870; B 23 of 31 days of 800,000 = 593,548; API 200,000; set-up 3,000,000
once: 5,277,418 and 527,741 of VAT. In January 2027: 2,000,000 + 800,000 + 200,000.
"""

import csv
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.running import contract_of

from fee_service.answers.reconciled import ResultLine, read
from fee_service.invoices.items import Named
from fee_service.published.editions import Editions
from fee_service.reconciliation.documents import Document
from fee_service.reconciliation.files import SentFile, taken
from fee_service.reconciliation.matching import Contracts, Held
from fee_service.reconciliation.reconciling import Known, Reconciled, reconciled
from fee_service.reconciliation.results import tables
from fee_service.reconciliation.summing import Given, Sums

SELLER, BUYER, OTHER = "998-81-00012", "998-87-00028", "998-86-00036"
TODAY = date(2027, 3, 1)
FIRST, SECOND, THIRD = (f"2026120941000999{number:08}" for number in (1, 2, 3))
HEAD = (
    "작성일자", "승인번호", "공급자사업자등록번호", "공급받는자사업자등록번호", "공급가액", "세액", "품목명",
    "품목공급가액", "품목세액", "당초승인번호", "service_month",
)  # fmt: skip
ITEMS = {
    "A": Named("base_fee", "real_time", "securities_a", "retail"),
    "B": Named("base_fee", "real_time", "securities_b"),
    "API": Named("api_call_fee", "open_api_platform"),
    "set-up": Named("environment_setup", "open_api_platform"),
    "paper": Named(ignored=True),
}
REQUEST = {
    "company": {"founded_on": "2010-01-01", "size": "large", "business_number": BUYER},
    "starts_on": "2026-12-09",
    "licences": [
        {"contract": "real_time", "product": "securities_a"},
        {"contract": "real_time", "product": "securities_b"},
    ],
    "api_calls_per_month": 1_000_000,
}
RIGHT = {"A": (1_483_870, 148_387), "B": (593_548, 59_354), "API": (200_000, 20_000), "set-up": (3_000_000, 300_000)}
Row = dict[str, Any]


def row(item: str, amount: int, vat: int | None = None, number: str = FIRST, **more: Any) -> Row:
    """A line of the invoice of 9 December, its VAT a tenth."""
    told = {"item": item, "amount": amount, "vat": amount // 10 if vat is None else vat, "number": number}
    return {"issued_on": "2026-12-09", "buyer": BUYER, **told, **more}


def right(*items: str, number: str = FIRST) -> list[Row]:
    """Lines that are right."""
    return [row(item, *RIGHT[item], number=number) for item in items or RIGHT]


class Tried:
    """An upload with everything that came out of it."""

    def __init__(self, found: Reconciled, lines: Sequence[ResultLine], summary: dict[str, Any]) -> None:
        self.found, self.lines, self.summary = found, lines, summary

    @property
    def told(self) -> list[tuple[str | None, str, int | None, str | None]]:
        """Of each line its item (its fee, where it is missing), how it stands, by how much, and why."""
        return [(line.item or line.fee, line.status, line.difference, line.cause) for line in self.lines]


Try = Callable[..., Tried]


@pytest.fixture
def upload(editions: Editions, tmp_path: Path) -> Try:
    """Reconcile files of rows with the contract."""
    contract = contract_of({"request": REQUEST}, editions)

    def tried(
        *files: list[Row], earlier: Sequence[Document] = (), today: date = TODAY, more: Sequence[Held] = ()
    ) -> Tried:
        given = [
            SentFile(_file(tmp_path / f"{number}.csv", rows), f"{number}.csv") for number, rows in enumerate(files)
        ]
        held = Contracts.of([Held(contract, "id-1", BUYER), *more])
        took = taken(given)
        found = reconciled(took, _named, Known(held, earlier, editions, today, today))
        sums = Sums()
        lines: list[ResultLine] = []
        for table in tables(took.lines, found.outcomes, found.missing):
            sums.add(table)
            lines += read(table)
        return Tried(found, lines, sums.summary(Given(len(took.lines), {})))

    return tried


def _file(path: Path, rows: list[Row]) -> Path:
    """A list of invoices; the totals of an invoice stand beside each of its lines."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEAD)
        for each in rows:
            own = [other for other in rows if other["number"] == each["number"]]
            supply, vat = (sum(other[name] for other in own) for name in ("amount", "vat"))
            writer.writerow([
                each["issued_on"], each["number"], SELLER, each["buyer"], each.get("supply", supply),
                each.get("tax", vat), each["item"], each["amount"], each["vat"], each.get("corrects", ""),
                each.get("month", ""),
            ])  # fmt: skip
    return path


def _named(lines: Any) -> list[Named | None]:
    months = lines["service_month"].to_pylist()
    told = [ITEMS.get(item) for item in lines["item"].to_pylist()]
    return [named and named._replace(service_month=month) for named, month in zip(told, months, strict=True)]


def test_a_right_invoice_matches_line_by_line(upload: Try) -> None:
    """Nothing differs, and what is expected is what is billed."""
    tried = upload(right())
    assert tried.told == [(item, "match", 0, None) for item in RIGHT]
    assert tried.summary["amount"] == tried.summary["expected"] == 5_277_418
    assert {line.checked_against for line in tried.lines} == {"contract"}


def test_a_line_that_was_not_prorated_says_so(upload: Try) -> None:
    """800,000 − 593,548 = 206,452."""
    tried = upload([*right("A", "API", "set-up"), row("B", 800_000)])
    assert tried.told[-1] == ("B", "overbilled", 206_452, "not_prorated")
    assert "31일 중 23일" in str(tried.lines[-1].explanation_ko)


def test_a_correction_of_another_month_belongs_to_the_month_of_its_original(upload: Try) -> None:
    """Code 02 in January: B is right, the VAT of both documents 548,387 − 20,645 = 527,742 is 1 won too much."""
    correction = row("B", -206_452, -20_645, SECOND, issued_on="2027-01-15", corrects=FIRST)
    tried = upload([*right("A", "API", "set-up"), row("B", 800_000), correction])
    assert [status for _, status, *_ in tried.told] == ["match"] * 4 + ["overbilled"]
    last = tried.lines[-1]
    assert (last.difference, last.vat_difference, last.cause, last.chain) == (0, 1, "vat_rounding", FIRST)


def test_a_cancelled_invoice_and_the_right_one_match_as_one(upload: Try) -> None:
    """Code 01: nothing is unexpected, nothing a duplicate."""
    wrong = [*right("A", "API", "set-up"), row("B", 800_000)]
    cancelled = [row(each["item"], -each["amount"], -each["vat"], SECOND, corrects=FIRST) for each in wrong]
    anew = [{**each, "corrects": FIRST} for each in right(number=THIRD)]
    tried = upload([*wrong, *cancelled, *anew])
    assert {status for _, status, *_ in tried.told} == {"match"}


def test_an_invoice_of_which_a_list_shows_the_first_item_is_judged_by_its_total(upload: Try) -> None:
    """5,483,870 is what all lines come to with B not divided; the total explains it by that line."""
    tried = upload([row("A", 1_483_870, 148_387, supply=5_483_870, tax=548_387)])
    assert tried.told == [("A", "overbilled", 206_452, "not_prorated")]
    assert tried.lines[0].amount == 5_483_870
    assert "유가증권" in str(tried.lines[0].explanation_ko) or "증권 B" in str(tried.lines[0].explanation_ko)


def test_a_row_that_stands_there_twice_counts_once_where_the_total_says_so(upload: Try) -> None:
    """Rows of an export that were copied; where the total counts both, the line was billed twice."""
    totals = {"supply": 5_277_418, "tax": 527_741}
    rows = [{**each, **totals} for each in right()]
    tried = upload([*rows, rows[1]])
    assert tried.told == [*((item, "match", 0, None) for item in RIGHT), ("B", "already_seen", None, None)]
    assert tried.summary["aside"] == {"already_seen": 593_548}
    assert tried.summary["closes"]
    doubled = upload([*right(), right("B")[0]])
    assert doubled.told[-1] == ("B", "duplicate", 593_548, "duplicate")


def test_a_line_that_an_invoice_bills_twice_is_a_duplicate_whatever_it_comes_to(upload: Try) -> None:
    """Not divided and twice: the first line is too much for that reason, the second as a whole; two parts are one."""
    wrong = row("B", 800_000)
    tried = upload([*right("A", "API", "set-up"), wrong, wrong])
    assert tried.told[3:] == [("B", "overbilled", 206_452, "not_prorated"), ("B", "duplicate", 800_000, "duplicate")]
    parts = upload([*right("A", "API", "set-up"), row("B", 500_000), row("B", 93_548)])
    assert {status for _, status, *_ in parts.told} == {"match"}


def test_an_invoice_of_before_the_contract_is_unexpected(upload: Try) -> None:
    """Years before, when no list was in force: it is judged, and so are the others."""
    tried = upload([*right(), row("A", 1_000, 101, number=SECOND, issued_on="2015-03-02", month="2015-03")])
    assert tried.told[:4] == [(item, "match", 0, None) for item in RIGHT]
    assert (tried.lines[4].status, tried.lines[4].difference, tried.lines[4].vat_difference) == ("unexpected", 1_000, 1)


def test_another_companys_row_is_told_and_not_judged(upload: Try) -> None:
    """It has no contract here."""
    tried = upload([*right(), row("A", 1_000, number=SECOND, buyer=OTHER)])
    last = tried.lines[-1]
    assert (last.status, last.expected, [fault.code for fault in last.faults]) == (
        "not_judged", None, ["line_of_another_company"],
    )  # fmt: skip
    assert tried.summary["aside"] == {"not_judged": 1_000}


def test_the_same_approval_number_in_another_file_was_seen_already(upload: Try) -> None:
    """Also from an earlier upload, whose invoices are counted once."""
    tried = upload(right(), right())
    assert [status for _, status, *_ in tried.told] == ["match"] * 4 + ["already_seen"] * 4
    again = upload(right(), earlier=[each.as_earlier() for each in tried.found.new])
    assert [status for _, status, *_ in again.told] == ["already_seen"] * 4


def test_a_correction_of_an_earlier_upload_settles_what_was_wrong_then(upload: Try) -> None:
    """Alone it would be a credit for nothing; with its original it makes B right, but for a won of VAT."""
    first = upload([*right("A", "API", "set-up"), row("B", 800_000)])
    correction = row("B", -206_452, -20_645, SECOND, issued_on="2027-01-15", corrects=FIRST)
    assert [outcome.difference for outcome in first.found.outcomes] == [0, 0, 0, 206_452]
    then = upload([correction], earlier=[each.as_earlier() for each in first.found.new])
    assert then.told == [("B", "overbilled", 0, "vat_rounding")]
    assert [outcome.difference for outcome in then.found.beyond] == [0] * 4


def test_what_no_file_has_is_missing_after_the_tenth_of_the_next_month(upload: Try) -> None:
    """API and set-up of December: on 10 January nothing is said, on the 11th they are missing."""
    assert upload(right("A", "B"), today=date(2027, 1, 10)).told == [("A", "match", 0, None), ("B", "match", 0, None)]
    tried = upload(right("A", "B"), today=date(2027, 1, 11))
    assert tried.told[2:] == [
        ("api_call_fee", "missing", -200_000, "missing"), ("environment_setup", "missing", -3_000_000, "missing"),
    ]  # fmt: skip
    assert tried.lines[-1].file is None


def test_nothing_is_missing_that_an_unreadable_row_may_be(upload: Try) -> None:
    """An unknown item of 7 won that comes out at nothing known: it says so, and API is not called missing."""
    tried = upload([*right("A", "B", "set-up"), row("?", 7)])
    assert tried.told[3:] == [("?", "unreadable", None, None)]
    assert [fault.code for fault in tried.lines[-1].faults] == ["line_item_unknown"]


def test_an_item_that_nobody_named_is_taken_where_it_comes_out_exactly(upload: Try) -> None:
    """200,000 won is what is left of December."""
    tried = upload([*right("A", "B", "set-up"), row("?", 200_000)])
    assert tried.told[3:] == [("?", "match", 0, None)]


def test_the_same_fee_in_another_invoice_is_a_duplicate(upload: Try) -> None:
    """API once is due; the second bill is beyond it."""
    tried = upload([*right(), row("API", 200_000, number=SECOND)])
    assert tried.told[4:] == [("API", "duplicate", 200_000, "duplicate")]


def test_a_credit_of_no_original_belongs_to_the_month_that_it_sets_right(upload: Try) -> None:
    """A slip of January that takes 206,452 off B: December was too high by just that."""
    credit = row("B", -206_452, -20_645, "2027-01-15-1", issued_on="2027-01-15")
    tried = upload([*right("A", "API", "set-up"), row("B", 800_000), credit])
    assert {status for _, status, *_ in tried.told} == {"match"}


def test_a_line_that_fits_two_contracts_names_both_and_is_not_guessed(editions: Editions, upload: Try) -> None:
    """The same company holds securities A twice."""
    second = replace(contract_of({"request": REQUEST}, editions), number="Q-2026-000002")
    tried = upload(right("A"), more=[Held(second, "id-2", BUYER)])
    (line,) = tried.lines
    assert (line.status, line.candidates) == ("unreadable", ("Q-2026-000001", "Q-2026-000002"))


def test_every_row_is_counted_and_the_sum_closes(upload: Try) -> None:
    """Wrong, doubled, foreign, unreadable and missing together: what is billed is what is due and every difference."""
    rows = [*right("A"), row("B", 800_000), row("?", 7), row("API", 200_000, number=SECOND), row("paper", 5)]
    tried = upload([*rows, row("API", 200_000, number=THIRD)])
    said = tried.summary
    by_cause = sum(each["amount"] for each in said["by_cause"].values())
    assert said["closes"]
    assert said["amount"] == said["expected"] + by_cause + said["unexplained"]
    assert said["lines"] == len(rows) + 1
    assert [line.status for line in tried.lines if line.item == "paper"] == ["not_judged"]
