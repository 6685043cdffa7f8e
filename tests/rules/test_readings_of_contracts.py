"""A reading of what holds for running contracts is a word of their file: with the other one, dues and audits differ."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.places import PUBLISHED
from support.running import contract_of, usage_by_product

from fee_service.edition_files import read_editions
from fee_service.published.editions import Editions
from fee_service.rules.audits import audited
from fee_service.rules.dues import Dues, dues
from fee_service.rules.explaining_dues import readings_of

JANUARY, FEBRUARY, APRIL = date(2027, 1, 1), date(2027, 2, 1), date(2027, 4, 1)
REQUEST: dict[str, Any] = {
    "company": {"founded_on": "2010-01-01", "size": "large"},
    "starts_on": "2027-01-01",
    "months": 2,
    "licences": [{"contract": "real_time", "product": "securities_a", "usage": {"personal_ids": 100}}],
}


@pytest.fixture
def other(tmp_path: Path, request: pytest.FixtureRequest) -> Editions:
    """The published files with another word in contract_rules.yaml."""
    folder = Path(shutil.copytree(PUBLISHED, tmp_path / "tables"))
    path, word = folder / "contract_rules.yaml", request.param
    text = path.read_text(encoding="utf-8")
    opposite = {"false": "true", "true": "false"}[word.rpartition(" ")[2]]
    assert text.count(word) == 1
    path.write_text(text.replace(word, f"{word.partition(' ')[0]} {opposite}"), encoding="utf-8")
    return read_editions(folder)


def used(ids: int, month: str, reported_on: str) -> dict[str, Any]:
    """A report of personal IDs of securities A, 1,100 won each."""
    return {"month": month, "reported_on": reported_on, "usage": {"securities_a": {"personal_ids": ids}}}


def owed(life: dict[str, Any], editions: Editions, last: date = JANUARY) -> Dues:
    """What is owed for January, as is known in April."""
    return dues(contract_of(life, editions), editions, JANUARY, last, APRIL)


def usage(found: Dues) -> list[tuple[str, str, int]]:
    """Basis, invoice day and net of the usage fees."""
    return [(due.basis, f"{due.invoice_on}", due.owed.net) for due in found.lines if due.line.fee == "usage_fee"]


@pytest.mark.parametrize("other", ["in_time_on_the_day: false"], indirect=True)
def test_a_report_of_the_very_day_may_be_in_time(editions: Editions, other: Editions) -> None:
    """Of 2027-03-01, the day on which January is billed: settled by 20 × 1,100, or billed as 120 × 1,100 in April."""
    life = {"request": REQUEST, "reports": [used(120, "2027-01", "2027-03-01")]}
    found = owed(life, editions)
    assert usage(found) == [("estimate", "2027-03-01", 110_000), ("settlement", "2027-04-01", 22_000)]
    assert [reading.id for reading in readings_of(found)] == ["contract_rules/estimate"]
    assert usage(owed(life, other)) == [("report", "2027-04-01", 132_000)]
    late = {"request": REQUEST, "reports": [used(120, "2027-01", "2027-03-02")]}
    assert usage(owed(late, other)) == usage(owed(late, editions))


@pytest.mark.parametrize("other", ["months_make_up: false"], indirect=True)
def test_months_reported_too_high_may_make_up_for_others(editions: Editions, other: Editions) -> None:
    """January 40 IDs short and February 40 too many: 44,000 won over 33,000, or nothing."""
    life = {"request": REQUEST, "reports": [used(100, "2027-01", "2027-02-10"), used(200, "2027-02", "2027-03-10")]}
    found = {month: usage_by_product({"securities_a": {"personal_ids": ids}})
             for month, ids in ((JANUARY, 140), (FEBRUARY, 160))}  # fmt: skip
    sums = [
        (finding.under_reported, finding.customer_pays)
        for finding in (audited(contract_of(life, each), each, found, APRIL) for each in (editions, other))
    ]
    assert sums == [(44_000, True), (0, False)]


def test_a_named_list_may_hold_for_the_quote_alone(made_up_editions: Editions) -> None:
    """Over the quoted months the contract follows the list that it named, or those of their time."""
    rule = made_up_editions.contract_rules.named_price_list
    only_quoted = replace(
        made_up_editions,
        contract_rules=replace(made_up_editions.contract_rules, named_price_list=rule._replace(holds=False)),
    )
    first, *_, last = made_up_editions.price_lists
    named = contract_of({"request": {**REQUEST, "price_list": first.id}}, made_up_editions)
    lists = [
        {held.id for _, held in running.lists}
        for each in (made_up_editions, only_quoted)
        if (running := dues(named, each, JANUARY, FEBRUARY, APRIL).running)
    ]
    assert lists[0] == {first.id}
    assert last.id in lists[1]
