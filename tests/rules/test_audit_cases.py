"""Every golden case of tests/cases/audits holds: what an audit found, in fees, and who bears its cost."""

from datetime import date
from typing import Any

import pytest
import yaml
from support.golden import differences
from support.places import CASES
from support.running import contract_of, usage_by_product

from fee_service.published.editions import Editions
from fee_service.rules.audits import audited, explained
from fee_service.wording import in_language

KEYS = {"case", "clause", "request", "reports", "audited_on", "cost", "found", "why", "expected"}
Case = dict[str, Any]


def _all_cases() -> list[Case]:
    """Read the cases; one with an unknown key or without its arithmetic stops the run."""
    cases: list[Case] = []
    for path in sorted((CASES / "audits").glob("*.yaml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
            if entry.keys() != KEYS or not entry["expected"]:
                raise ValueError(f"{path.name}: {entry.get('case')}")
            cases.append(entry)
    return cases


CASES_OF_AUDITS = _all_cases()


def test_every_case_of_audits_has_a_sentence_of_its_own() -> None:
    """Two cases of the same name could not be told apart in a report."""
    assert len({case["case"] for case in CASES_OF_AUDITS}) == len(CASES_OF_AUDITS)


@pytest.mark.parametrize("case", CASES_OF_AUDITS, ids=lambda case: case["case"])
def test_case_of_audits(case: Case, editions: Editions) -> None:
    """The fees of each month, their sums, the limit, and who bears the cost; where the case has it, why."""
    found = {date.fromisoformat(f"{month}-01"): usage_by_product(used) for month, used in case["found"].items()}
    finding = audited(contract_of(case, editions), editions, found, date.fromisoformat(case["audited_on"]))
    sums = {name: getattr(finding, name) for name in ("fees_found", "fees_reported", "under_reported")}
    answer = {
        "borne_by": "customer" if finding.customer_pays else "koscom",
        "limit": finding.limit,
        "totals": sums,
        "months": [
            [f"{each.month:%Y-%m}", each.fees_found, each.fees_reported, each.under_reported] for each in finding.months
        ],
        "explanation": in_language(explained(finding, case["cost"], editions.contract_rules.audit), "en"),
    }
    wrong = differences(case["expected"], answer)
    if wrong:
        pytest.fail("\n".join([case["case"], *wrong]), pytrace=False)
