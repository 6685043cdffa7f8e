"""Invoices with their corrections: judged as one, for the original's month, and none is lost."""

import random
from datetime import date
from typing import NamedTuple

from support.core import day

from fee_service.rules.chains import Chain, chains_of, seen_before


class Paper(NamedTuple):
    """An invoice or a correction."""

    number: str
    issued_on: date
    supply: int
    vat: int = 0
    corrects: str | None = None


FIRST = Paper("A", day("2026-12-09"), 5_483_870, 548_387)
LESS = Paper("B", day("2027-01-15"), -206_452, -20_645, "A")  # code 02: the supply value changed
CANCELLED = Paper("C", day("2026-12-09"), -5_483_870, -548_387, "A")  # code 01: entered by mistake …
RIGHT = Paper("D", day("2026-12-09"), 5_277_418, 527_741, "A")  # … and the right one


def told(*chains: Chain[Paper]) -> list[tuple[str, list[str]]]:
    return [(chain.number, [document.number for document in chain.documents]) for chain in chains]


def test_an_invoice_alone_is_a_chain() -> None:
    (chain,) = chains_of([FIRST])
    assert (chain.number, chain.supply, chain.vat, chain.is_whole) == ("A", 5_483_870, 548_387, True)


def test_a_correction_belongs_to_the_month_of_its_original() -> None:
    """5,483,870 − 206,452 = 5,277,418; the VAT of the chain is 548,387 − 20,645 = 527,742."""
    (chain,) = chains_of([LESS, FIRST])
    assert (chain.supply, chain.vat, chain.issued_on) == (5_277_418, 527_742, day("2026-12-09"))
    assert told(chain) == [("A", ["A", "B"])]


def test_a_cancellation_and_a_right_one_net_to_the_right_one() -> None:
    """Code 01 comes as two documents; both name the original."""
    (chain,) = chains_of([RIGHT, CANCELLED, FIRST])
    assert (chain.supply, chain.vat) == (5_277_418, 527_741)


def test_a_correction_of_a_correction_is_of_the_same_chain() -> None:
    """C corrects B, which corrects A."""
    again = Paper("C", day("2027-02-01"), 100, 10, "B")
    assert told(*chains_of([again, FIRST, LESS])) == [("A", ["A", "B", "C"])]


def test_a_correction_whose_original_is_not_there_is_a_chain_that_is_not_whole() -> None:
    """It bears the number of what it corrects, and its own day."""
    (chain,) = chains_of([LESS])
    assert (chain.number, chain.original, chain.issued_on) == ("A", None, day("2027-01-15"))
    assert not chain.is_whole


def test_documents_that_correct_each_other_are_one_chain() -> None:
    """A circle ends; a document that corrects itself is one, too."""
    one, two = Paper("X", day("2027-01-01"), 1, 0, "Y"), Paper("Y", day("2027-01-02"), 2, 0, "X")
    behind = Paper("Z", day("2027-01-03"), 3, 0, "Y")
    assert told(*chains_of([one, two, behind])) == [("X", ["X", "Y", "Z"])]
    assert told(*chains_of([Paper("S", day("2027-01-01"), 1, 0, "S")])) == [("S", ["S"])]


def test_chains_stand_in_the_order_of_their_originals() -> None:
    """By day, then by number."""
    others = [Paper("N", day("2026-12-01"), 1), Paper("M", day("2026-12-09"), 1)]
    assert [chain.number for chain in chains_of([LESS, FIRST, *others])] == ["N", "A", "M"]


def test_every_document_is_in_exactly_one_chain_and_no_won_is_lost() -> None:
    """Whatever names what: 300 random heaps."""
    rng = random.Random(5)
    for _ in range(300):
        names = [str(number) for number in range(rng.randrange(1, 12))]
        papers = [
            Paper(name, date(2027, 1, rng.randrange(1, 29)), rng.randrange(-99, 99), 0, rng.choice([None, *names, "?"]))
            for name in names
        ]
        found = chains_of(papers)
        assert sorted(each.number for chain in found for each in chain.documents) == sorted(names)
        assert sum(chain.supply for chain in found) == sum(paper.supply for paper in papers)
        assert chains_of(reversed(papers)) == found


def test_a_number_that_came_before_is_seen() -> None:
    """In the same file, in another, or months ago."""
    first, again = seen_before([FIRST, LESS, FIRST], known=["B"])
    assert (first, again) == ([FIRST], [LESS, FIRST])
