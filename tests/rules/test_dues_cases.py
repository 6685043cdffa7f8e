"""Every golden case of tests/cases/dues holds: what a contract owes, from its request, its events and its reports."""

from dataclasses import replace
from datetime import date
from typing import Any

import orjson
import pytest
import yaml
from support.golden import differences, line_differences
from support.places import CASES
from support.running import contract_of

from fee_service.answers.dues import dues_data
from fee_service.published.editions import Editions
from fee_service.rules.dues import dues

KEYS = {"case", "request", "months", "as_of", "why", "expected"}
MORE = {"clause", "editions", "events", "reports"}
Case = dict[str, Any]


def _all_cases() -> list[Case]:
    """Read the cases; one with an unknown key or without its arithmetic stops the run."""
    cases: list[Case] = []
    for path in sorted((CASES / "dues").glob("*.yaml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
            if entry.keys() - MORE != KEYS or not entry["expected"]:
                raise ValueError(f"{path.name}: {entry.get('case')}")
            cases.append(entry)
    return cases


CASES_OF_DUES = _all_cases()
USAGE_ROW = ("service_month", "product", "user_type", "quantity", "list", "net", "invoice_on", "basis")


def test_every_case_of_dues_has_a_sentence_of_its_own() -> None:
    """Two cases of the same name could not be told apart in a report."""
    assert len({case["case"] for case in CASES_OF_DUES}) == len(CASES_OF_DUES)


def _later_for_running(made_up: Editions) -> Editions:
    """The list of 2027-01-16, for contracts that run already from 2027-03-11 on."""
    *others, last = made_up.price_lists
    later = replace(last, valid_from_for_running_contracts=date(2027, 3, 11))
    return replace(made_up, price_lists=(*others, later))


@pytest.mark.parametrize("case", CASES_OF_DUES, ids=lambda case: case["case"])
def test_case_of_dues(case: Case, editions: Editions, made_up_editions: Editions) -> None:
    """The lines, the invoices and the sums that the case expects; all lines of usage and no other."""
    published = {"made_up": made_up_editions, "later_for_running": _later_for_running(made_up_editions)}.get(
        case.get("editions", ""), editions
    )
    first, last = (date.fromisoformat(f"{month}-01") for month in case["months"])
    owed = dues(contract_of(case, published), published, first, last, date.fromisoformat(case["as_of"]))
    answer = orjson.loads(orjson.dumps(dues_data("Q-2026-000001", owed, "en")))
    expected = dict(case["expected"])
    found = line_differences(expected.pop("lines", []), answer["lines"])
    answer["usage"] = [[line[name] for name in USAGE_ROW] for line in answer["lines"] if line["fee"] == "usage_fee"]
    found += differences(expected, answer)
    if found:
        pytest.fail("\n".join([case["case"], *found]), pytrace=False)
