"""Every clause that the published files cite is told in docs/clauses.md and has a case; the page is not stale."""

import pytest
from support.clauses import (
    DOCUMENT,
    READ_BY,
    cited_in_cases,
    cited_in_code,
    cited_in_data,
    clauses_in,
    page,
)
from support.code_names import is_there
from support.golden import all_cases

LAWS_OF_PERIODS = {"L Civil Act 160"}  # cited by code and tests: no figure of the files rests on it


def test_the_page_is_as_the_command_would_write_it() -> None:
    """`make clauses` writes it anew."""
    assert DOCUMENT.read_text(encoding="utf-8") == page(), "docs/clauses.md is stale: make clauses"


@pytest.mark.parametrize("clause", sorted(cited_in_data()))
def test_a_clause_of_the_data_has_a_case_and_code(clause: str) -> None:
    """What a file cites shows in an answer, and some code reads it."""
    assert cited_in_cases().get(clause), f"no case cites {clause}: name it in `clause:` of a case, or in a test"
    assert cited_in_code().get(clause), f"no code reads what cites {clause}"


def test_what_cases_and_code_cite_is_cited_by_the_data() -> None:
    """A misspelt clause is found."""
    cited = {*cited_in_cases(), *cited_in_code()} - LAWS_OF_PERIODS
    assert sorted(cited - set(cited_in_data())) == []
    assert all_cases()


def test_each_reader_is_there() -> None:
    """The functions that read whole parts of the files, by name."""
    assert [name for *_, name in READ_BY if not is_there(*name.split(": "))] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("P1 §10.1–10.3", {"P1 §10.1", "P1 §10.2", "P1 §10.3"}),
        ("P1 §3.6, §4.3, §7.1", {"P1 §3.6", "P1 §4.3", "P1 §7.1"}),
        ("(P1 §10.2, P2 §6)", {"P1 §10.2", "P2 §6"}),
        ("P2 note 2 and its reading", {"P2 appendix A, note 2"}),
        ("P1 appendix A, variable fees, note 1", {"P1 appendix A, variable fees, note 1"}),
        ("as P2 appendix A prints", {"P2 appendix A"}),
        ("as Civil Act 160 says", {"L Civil Act 160"}),
        ("P3 §1, §2", set()),
    ],
)
def test_citations_are_read_as_people_write_them(text: str, found: set[str]) -> None:
    """Ranges, lists and short forms."""
    assert clauses_in(text) == found
