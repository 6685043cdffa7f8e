"""The service agrees with a second, naive implementation on thousands of random contracts."""

import json
import os
import random
import secrets
from collections.abc import Callable
from typing import Any

import pytest
from support.contracts import SEED_VARIABLE, random_contract
from support.golden import Case, all_cases, answer_differences, differences
from support.naive import cells, naive_quote

Ask = Callable[[dict[str, Any]], dict[str, Any]]

NUMBER_OF_CONTRACTS = 2000
PUBLISHED_CELLS = 184
FIGURES = (
    "waiver",
    "totals",
    "monthly",
    "months",
    "invoices",
    "months_where_the_amounts_change",
    "first_invoice",
    "last_invoice",
)
WAIVER_FIGURES = ("granted", "starts_on", "ends_on", "cut_short_by")
NAIVE_MONTH = ("month", "days", "days_in_month", "waived_days", "list", "waiver", "net")


def _naive_can_answer(case: Case) -> bool:
    """Tell whether a case gives its licences and its size outright and is not refused."""
    request = case.request
    return "errors" not in case.expected and "apis" not in request and "size" in request["company"]


def _for_naive(expected: dict[str, Any]) -> dict[str, Any]:
    """Keep of an expectation what the naive implementation calculates."""
    kept = {key: value for key, value in expected.items() if key in FIGURES}
    if "waiver" in kept:
        kept["waiver"] = {key: value for key, value in kept["waiver"].items() if key in WAIVER_FIGURES}
    for name in ("months", "months_where_the_amounts_change"):
        if name in kept:
            kept[name] = [{key: month[key] for key in month if key in NAIVE_MONTH} for month in kept[name]]
    return kept


NAIVE_CASES = [case for case in all_cases() if _naive_can_answer(case)]


def test_the_naive_implementation_reads_every_published_cell() -> None:
    """The file of the tests holds all 184 cells of the published lists, none of them twice."""
    assert len(cells()) == PUBLISHED_CELLS


@pytest.mark.parametrize("case", NAIVE_CASES, ids=lambda case: case.sentence)
def test_the_naive_implementation_agrees_with_the_case(case: Case) -> None:
    """The judge is judged first: the naive figures are those of the golden cases."""
    found = answer_differences(_for_naive(case.expected), naive_quote(case.request))
    if found:
        pytest.fail("\n".join([f"{case.file}: {case.sentence}", *found]), pytrace=False)


@pytest.mark.no_cover  # two thousand contracts reach nothing that a few do not
def test_the_service_agrees_with_the_naive_implementation_on_random_contracts(ask: Ask) -> None:
    """Waiver, months, invoices, totals and monthly figures are the same to the won, contract by contract."""
    seed = os.environ.get(SEED_VARIABLE) or str(secrets.randbits(32))
    for number in range(NUMBER_OF_CONTRACTS):
        request = random_contract(random.Random(f"{seed}:{number}"))
        found = differences(naive_quote(request), ask(request))
        if found:
            pytest.fail(
                f"contract {number} of seed {seed} (set {SEED_VARIABLE}={seed} to repeat the run)\n"
                f"{json.dumps(request, ensure_ascii=False)}\n"
                f"first difference (expected by the naive implementation) of {len(found)}: {found[0]}",
                pytrace=False,
            )
