"""Golden cases: reading them, and comparing what is expected with an answer."""

from itertools import pairwise
from typing import Any, NamedTuple

import yaml

from support.places import CASES

CASES_FOLDER = CASES
AMOUNTS = ("list", "waiver", "net")
FEW_MONTHS = 6


class Case(NamedTuple):
    """One golden case: a sentence, a request, and the part of the answer that must hold."""

    sentence: str
    request: dict[str, Any]
    expected: dict[str, Any]
    file: str


def all_cases() -> list[Case]:
    """Read the cases of every file; a case with an unknown key or without its arithmetic stops the run.

    `clause`, where there is one, lists the clauses that a case is for; docs/clauses.md shows them.
    """
    cases = []
    for path in sorted(CASES_FOLDER.glob("*.yaml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
            if set(entry) - {"clause"} != {"case", "request", "why", "expected"} or not entry["expected"]:
                raise ValueError(f"{path.name}: {entry.get('case')}: needs case, request, why and expected")
            cases.append(Case(entry["case"], entry["request"], entry["expected"], path.name))
    return cases


def months_where_the_amounts_change(months: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the first month and every later one whose amounts differ from the month before; all of a few."""
    if len(months) <= FEW_MONTHS:
        return months
    changes = months[:1]
    for before, month in pairwise(months):
        if any(before[amount] != month[amount] for amount in AMOUNTS):
            changes.append(month)
    return changes


def differences(expected: Any, got: Any, path: str = "") -> list[str]:
    """Name every path whose value is not as expected: dicts match by the listed keys, lists match whole."""
    if isinstance(expected, dict) and isinstance(got, dict):
        found = []
        for key, value in expected.items():
            if key in got:
                found += differences(value, got[key], f"{path}/{key}")
            else:
                found.append(f"{path}/{key}: expected {value!r}, got nothing")
        return found
    if isinstance(expected, list) and isinstance(got, list):
        found = []
        if len(expected) != len(got):
            found.append(f"{path}: expected {len(expected)} entries, got {len(got)}")
        for index, (one, other) in enumerate(zip(expected, got, strict=False)):
            found += differences(one, other, f"{path}/{index}")
        return found
    if type(expected) is not type(got) or expected != got:
        return [f"{path}: expected {expected!r}, got {got!r}"]
    return []


def line_differences(expected: list[dict[str, Any]], got: list[dict[str, Any]]) -> list[str]:
    """Name every partial line that does not match exactly one line of the answer."""
    found = []
    for partial in expected:
        matching = [line for line in got if not differences(partial, line)]
        if len(matching) != 1:
            found.append(f"/lines: {len(matching)} lines instead of one match {partial!r} among {got!r}")
    return found


def answer_differences(expected: dict[str, Any], answer: dict[str, Any]) -> list[str]:
    """Compare the expected part of a case, its shorthands included, with an answer."""
    expected = dict(expected)
    found = line_differences(expected.pop("lines", []), answer.get("lines", []))
    view = dict(answer)
    if "months_where_the_amounts_change" in expected:
        view["months_where_the_amounts_change"] = months_where_the_amounts_change(answer["months"])
    if "first_invoice" in expected:
        view["first_invoice"] = answer["invoices"][0]
    if "last_invoice" in expected:
        view["last_invoice"] = answer["invoices"][-1]
    return found + differences(expected, view)
