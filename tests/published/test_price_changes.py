"""What changes between two price lists is found once, for the API and for the page."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from fee_service.edition_files import read_editions
from fee_service.prices import Cell, CellKind, Flat
from fee_service.published.editions import PriceList
from fee_service.published.price_changes import TermChange, changed_cells, changed_terms
from fee_service.settings import Settings


@pytest.fixture(scope="module")
def printed() -> PriceList:
    """The first price list that is published."""
    return read_editions(Settings().pricing_tables).first_price_list


def test_a_list_differs_from_itself_in_nothing(printed: PriceList) -> None:
    """Neither a cell nor a term."""
    assert list(changed_cells(printed, printed)) == []
    assert list(changed_terms(printed, printed)) == []


def test_a_cell_is_changed_added_or_removed(printed: PriceList) -> None:
    """A price that rises by 1,000 won, one that only the later list prints, one that only the earlier does."""
    priced = [key for key, cell in printed.cells.items() if cell.unit_price is not None]
    raised, gone = priced[0], priced[1]
    was = printed.cells[raised].unit_price
    assert was is not None
    later = replace(
        printed,
        cells={k: c for k, c in printed.cells.items() if k != gone} | {raised: Cell(CellKind.AMOUNT, Flat(was + 1000))},
    )
    there = [(change.key, change.kind, change.difference) for change in changed_cells(printed, later)]
    assert there == [(raised, "changed", 1000), (gone, "removed", None)]
    back = [(change.key, change.kind, change.difference) for change in changed_cells(later, printed)]
    assert back == [(raised, "changed", -1000), (gone, "added", None)]


def test_a_price_that_becomes_a_word_has_no_difference(printed: PriceList) -> None:
    """An amount less a word is no amount: never 0."""
    key = next(key for key, cell in printed.cells.items() if cell.unit_price is not None)
    later = replace(printed, cells={**printed.cells, key: Cell(CellKind.WITHHELD)})
    assert [change.difference for change in changed_cells(printed, later)] == [None]


def test_a_term_beside_the_cells_is_named_with_both_values(printed: PriceList) -> None:
    """VAT of a tenth that becomes an eighth."""
    later = replace(printed, vat=printed.vat._replace(rate=Fraction(1, 8)))
    assert list(changed_terms(printed, later)) == [TermChange("vat_rate", "1/10", "1/8")]
