"""Pages of a result: every line once, whatever the filters and however small the pages."""

from collections.abc import Iterator
from typing import Any

import pytest
from support.result_lines import DECEMBER, FIRST, LINES, SECOND, result_line

from fee_service.answers.reconciled import ResultLine, packed, written
from fee_service.reconciliation import result_pages
from fee_service.reconciliation.places import Place
from fee_service.reconciliation.result_pages import Filters, page

CHUNKS = [packed(written(LINES[at : at + 4])) for at in range(0, len(LINES), 4)]


def all_pages(filters: Filters, most: int) -> Iterator[tuple[ResultLine, ...]]:
    """Page by page, as a caller goes on with the cursor."""
    place: Place | None = Place()
    while place is not None:
        place = Place.at(place.position)
        found = page(CHUNKS[place.chunk :], filters, place, most)
        yield found.lines
        place = found.next


@pytest.mark.parametrize("most", [1, 2, 3, 4, 5, 10, 500])
def test_every_line_is_on_one_page(most: int) -> None:
    """No page is longer than asked for, none but the last is shorter, and there is no empty one behind."""
    pages = list(all_pages(Filters(), most))
    assert [line for lines in pages for line in lines] == list(LINES)
    assert [len(lines) for lines in pages[:-1]] == [most] * (len(pages) - 1)
    assert 1 <= len(pages[-1]) <= most


@pytest.mark.parametrize(
    ("filters", "places"),
    [
        ({"status": "overbilled"}, [1, 3]),
        ({"cause": "not_prorated"}, [1]),  # not the line that has it only as a rival
        ({"also": "not_prorated"}, [2]),
        ({"cause": "rounding"}, [2]),  # one of two
        ({"cause": "rounding+other_price_list"}, [2]),
        ({"cause": "duplicate"}, [4]),  # the status is the cause
        ({"cause": "missing"}, [9]),
        ({"cause": "unexplained"}, [3]),
        ({"contract": "Q-2026-000001", "status": "match"}, [0]),
        ({"invoice_number": SECOND}, [3, 4, 5]),
        ({"month": DECEMBER, "invoice_number": FIRST}, [0, 1, 2]),
        ({"status": "match", "month": DECEMBER.replace(year=2020)}, []),
        ({"cause": "waiver_overrun"}, []),
    ],
)
@pytest.mark.parametrize("most", [1, 500])
def test_filters_leave_the_lines_that_are_meant(filters: dict[str, Any], places: list[int], most: int) -> None:
    """Over chunks that have such lines and chunks that have none."""
    found = [line for lines in all_pages(Filters(**filters), most) for line in lines]
    assert found == [LINES[place] for place in places]


def test_of_a_chunk_without_such_lines_only_what_is_looked_at_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Filters over a large result do not read its texts."""
    read_whole = []

    def counting(chunk: bytes, *names: Any) -> Any:
        if not names:
            read_whole.append(chunk)
        return unpacked(chunk, *names)

    unpacked = result_pages.unpacked
    monkeypatch.setattr(result_pages, "unpacked", counting)
    chunks = [*CHUNKS, packed(written([result_line(status="overbilled")]))]
    assert len(page(chunks, Filters(status="missing")).lines) == 1
    assert read_whole == [CHUNKS[2]]
