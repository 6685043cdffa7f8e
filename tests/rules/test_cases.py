"""Every golden case of tests/cases holds: one test a case, named by its sentence."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from support.golden import Case, all_cases, answer_differences

Ask = Callable[[dict[str, Any]], dict[str, Any]]
AskErrors = Callable[[dict[str, Any]], list[dict[str, Any]]]

CASES = all_cases()
ANSWERED = [case for case in CASES if "errors" not in case.expected]
REFUSED = [case for case in CASES if "errors" in case.expected]


def _sentence(case: Case) -> str:
    return case.sentence


def test_every_case_has_a_sentence_of_its_own() -> None:
    """Two cases of the same name could not be told apart in a report."""
    counts = Counter(case.sentence for case in CASES)
    assert [sentence for sentence, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("case", ANSWERED, ids=_sentence)
def test_case(case: Case, ask: Ask) -> None:
    """The answer holds what the case expects."""
    found = answer_differences(case.expected, ask(case.request))
    if found:
        pytest.fail("\n".join([f"{case.file}: {case.sentence}", *found]), pytrace=False)


@pytest.mark.parametrize("case", REFUSED, ids=_sentence)
def test_refused_case(case: Case, ask_errors: AskErrors) -> None:
    """The request is refused with exactly the expected errors, in any order."""
    errors = ask_errors(case.request)
    expected = Counter((error["code"], error["pointer"]) for error in case.expected["errors"])
    got = Counter((error["code"], error["pointer"]) for error in errors)
    if expected != got:
        missing, unexpected = list((expected - got).elements()), list((got - expected).elements())
        message = f"{case.file}: {case.sentence}\nmissing: {missing}\nunexpected: {unexpected}"
        pytest.fail(message, pytrace=False)
    assert all(error["message"] for error in errors)
