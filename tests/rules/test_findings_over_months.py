"""A finding over months: an id that follows from what it is about, what runs say of it, what people say of it."""

import pytest
from support.core import A, day

from fee_service.finding import FindingLife, FindingState
from fee_service.published.editions import CellKey
from fee_service.rules.findings import (
    Amounts,
    Covered,
    Seen,
    Standing,
    Subject,
    after_run,
    after_word,
    gathered,
    id_of,
    is_covered,
    life,
    subject,
)

DECEMBER, JANUARY = day("2026-12-01"), day("2027-01-01")
NUMBER = "Q-2026-000001"
BASE = CellKey("real_time", "base_fee", A, "retail")
USE = CellKey("real_time", "usage_fee", A, "personal")
NEW, STILL_OPEN, SOLVED, CAME_BACK = FindingLife
OPEN, DISPUTED, ACCEPTED, CREDITED, CLOSED = FindingState
MUCH, MORE = Amounts(206_452), Amounts(300_000)

Step = Amounts | FindingState | None  # a run sees it, a person says something, a run sees that it is right


def lived(*steps: Step) -> list[str]:
    """What runs say of a finding to which these things happen, one after the other; `-` where they say nothing."""
    standing: Standing | None = None
    said = []
    for step in steps:
        if isinstance(step, FindingState):
            assert standing is not None
            standing = after_word(standing, step)
            continue
        known = {} if standing is None else {"F": standing}
        found = life(known, {} if step is None else {"F": step}, ["F"])
        said.append(found["F"].value if found else "-")
        if found:
            standing = after_run(standing, found["F"], step)
    return said


def test_the_id_follows_from_what_it_is_about_alone() -> None:
    """SHA-256 over number, month, chain, agreement, fee, product, option and user type."""
    about = subject(NUMBER, "20261209-41000001-00000001", BASE, DECEMBER)
    assert about == Subject(NUMBER, DECEMBER, "20261209-41000001-00000001", "real_time", "base_fee", A, "retail", None)
    assert id_of(about) == id_of(Subject(*about)) == "F-d3965070f320"


def test_each_part_of_what_it_is_about_makes_another_finding() -> None:
    """The fee, its VAT, a total, what is missing, another month, another user type: none is taken for another."""
    every = [
        subject(NUMBER, "A", BASE, DECEMBER),
        subject(NUMBER, "A", BASE, JANUARY),
        subject(NUMBER, "B", BASE, DECEMBER),
        subject(NUMBER, None, BASE, DECEMBER),
        subject("Q-2026-000002", "A", BASE, DECEMBER),
        subject(NUMBER, "A", USE, DECEMBER),
        subject(NUMBER, "A", USE._replace(column="standard"), DECEMBER),
        subject(NUMBER, "A", USE._replace(fee="base_fee"), DECEMBER),
        subject(NUMBER, "A", None, DECEMBER),
        subject(NUMBER, "A", None, DECEMBER, vat=True),
    ]
    assert len({id_of(each) for each in every}) == len(every)


def test_of_a_total_and_of_vat_nothing_but_the_chain_is_known() -> None:
    """Two invoices of a month are two findings; nothing stands in the place of what is not known."""
    assert subject(NUMBER, "A", None, DECEMBER) == Subject(NUMBER, DECEMBER, "A", None, None, None, None, None)
    assert subject(NUMBER, "A", None, DECEMBER, vat=True) == Subject(
        NUMBER, DECEMBER, "A", None, "vat", None, None, None
    )
    assert Seen(subject(NUMBER, "A", None, DECEMBER), "missing")[2:] == (None, 0, 0, *[None] * 6)


def test_the_column_of_a_usage_fee_is_its_user_type() -> None:
    assert subject(NUMBER, "A", USE, DECEMBER)[-2:] == (None, "personal")


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ([MUCH, MUCH, None], ["new", "still_open", "solved"]),
        ([MUCH, MORE], ["new", "still_open"]),  # another amount of what is open is no other finding
        ([MUCH, None, None, MUCH, MUCH], ["new", "solved", "-", "came_back", "still_open"]),
        ([MUCH, CLOSED, MUCH, MUCH], ["new", "came_back", "still_open"]),
        ([MUCH, CLOSED, None, MUCH], ["new", "solved", "came_back"]),
        ([MUCH, DISPUTED, MUCH, CREDITED, MUCH, None], ["new", "still_open", "still_open", "solved"]),
        ([MUCH, ACCEPTED, MUCH, MUCH], ["new", "still_open", "still_open"]),
        ([MUCH, ACCEPTED, None, MUCH], ["new", "solved", "still_open"]),  # accepted is accepted
        ([MUCH, ACCEPTED, MORE, MORE], ["new", "new", "still_open"]),  # another amount was not
        ([MUCH, ACCEPTED, MUCH, MORE], ["new", "still_open", "new"]),  # accepted is only that amount, however often
        ([MUCH, ACCEPTED, MORE, MUCH], ["new", "new", "still_open"]),
        ([MUCH, ACCEPTED, DISPUTED, None, MUCH], ["new", "solved", "came_back"]),  # who disputes, accepts no more
        ([MUCH, None, ACCEPTED, MUCH], ["new", "solved", "came_back"]),  # nothing was wrong that could be accepted
    ],
)
def test_what_runs_say_follows_from_what_was_before(steps: list[Step], said: list[str]) -> None:
    """A run that sees it or sees that it is right, a person in between."""
    assert lived(*steps) == said


def test_what_a_run_does_not_judge_is_not_solved_by_it() -> None:
    """Another month, or another invoice of the month, says nothing of it."""
    about = subject(NUMBER, "A", BASE, DECEMBER)
    assert is_covered(about, {Covered(NUMBER, DECEMBER, "A")})
    assert is_covered(about, {Covered(NUMBER, DECEMBER)})
    assert not is_covered(about, {Covered(NUMBER, DECEMBER, "B"), Covered(NUMBER, JANUARY), Covered("other", DECEMBER)})
    missing = subject(NUMBER, None, BASE, DECEMBER)
    assert is_covered(missing, {Covered(NUMBER, DECEMBER)})
    assert not is_covered(missing, {Covered(NUMBER, DECEMBER, "A")})


def test_what_nobody_knew_cannot_be_solved() -> None:
    """A run that judges much and finds nothing wrong makes no findings."""
    assert life({}, {}, ["F-000000000000"]) == {}


def test_people_and_runs_say_two_things() -> None:
    """What a person has said stands until a person says something else."""
    standing = after_word(after_run(None, NEW, MUCH), DISPUTED)
    solved = after_run(standing, SOLVED, None)
    assert (solved.life, solved.state, solved.amounts) == (SOLVED, DISPUTED, MUCH)


def test_several_rows_of_a_subject_are_one_finding() -> None:
    """Their amounts are added, what else is said is that of the first."""
    about = subject(NUMBER, "A", BASE, DECEMBER)
    rows = [Seen(about, "overbilled", "not_prorated", 7, amount=10, expected=3), Seen(about, "overbilled", None, 5)]
    (one,) = gathered([*rows, Seen(about, "overbilled", None, 0, 1, amount=2, expected=4)]).values()
    assert (one.cause, one.amounts, one.amount, one.expected) == ("not_prorated", (12, 1), 12, 7)


def test_what_nobody_ever_saw_differs_by_nothing() -> None:
    """Solved without having been seen: no supply and no VAT stands against anybody."""
    assert after_run(None, SOLVED, None).amounts == (0, 0)
