"""A page of a result is made by a process of its own: the same page, and no library of columns in ours."""

import subprocess
import sys
import textwrap
from collections.abc import Iterator

import orjson
import pytest
from support.result_lines import LINES

from fee_service.answers.reconciled import line_data, packed, written
from fee_service.reconciliation.page_aside import page_of
from fee_service.reconciliation.places import START
from fee_service.settings import REPOSITORY

CHUNKS = [packed(written(LINES[at : at + 4])) for at in range(0, len(LINES), 4)]


def plainly(line: object) -> object:
    """As JSON brings it."""
    return orjson.loads(orjson.dumps(line))


def test_pages_made_aside_are_those_of_the_rule() -> None:
    """Filters, the month among them, the language and the place go to the other process and the lines come back."""
    first = page_of(CHUNKS, {"month": "2026-12-01"}, START.position, 2, "en")
    assert first.lines == [plainly(line_data(line, "en")) for line in LINES[:2]]
    assert first.next is not None
    second = page_of(CHUNKS, {"month": "2026-12-01"}, first.next, 2, "ko")
    assert second.lines == [plainly(line_data(LINES[2], "ko"))]
    assert second.next is None


def test_a_page_that_is_full_takes_no_more_chunks() -> None:
    """Chunks behind it may be many: what is not taken is not asked for to its end."""
    asked_for = 0

    def many() -> Iterator[bytes]:
        nonlocal asked_for
        for _ in range(100_000):
            asked_for += 1
            yield CHUNKS[0]

    assert len(page_of(many(), {}, START.position, 3, "en").lines) == 3
    assert asked_for < 10_000


def test_what_keeps_chunks_from_coming_is_raised() -> None:
    """A database that goes away in the middle is no half of a page."""

    def broken() -> Iterator[bytes]:
        yield CHUNKS[0]
        raise ConnectionError("away")

    with pytest.raises(ConnectionError):
        page_of(broken(), {}, START.position, 500, "en")


def test_a_process_that_fails_is_no_empty_page() -> None:
    """Bytes that are no table."""
    with pytest.raises(subprocess.CalledProcessError):
        page_of([b"no table"], {}, START.position, 500, "en")


def test_who_asks_has_no_library_of_columns_in_memory() -> None:
    """Arrow takes as much memory as all the rest of a process that answers requests."""
    script = textwrap.dedent(
        """
        import sys
        from fee_service.reconciliation.page_aside import page_of
        assert page_of([], {}, 0, 5, "en").lines == []
        assert "pyarrow" not in sys.modules
        """
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=REPOSITORY)
