"""A page of a result, made by a process of its own (`python -m fee_service.reconciliation.page_aside`)."""

from __future__ import annotations

import sys
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import orjson

from fee_service.jobs.aside import aside, taken
from fee_service.reconciliation.places import Place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fee_service.strict_json import Data
    from fee_service.wording import Language

SECONDS = 60.0


class Told(NamedTuple):
    """The lines of a page as callers get them, and the position of the page behind."""

    lines: list[Data]
    next: int | None


def page_of(chunks: Iterable[bytes], filters: Data, start: int, most: int, language: Language) -> Told:
    """A page of the chunks from that of the position `start` on, without a library of columns in this process.

    `filters` are those of `result_pages.Filters` that are wanted. Raises what the chunks raise.
    """
    asked = {"filters": filters, "start": start, "most": most, "language": language}
    return Told(**orjson.loads(aside(__name__, asked, chunks, SECONDS)))


def _answer() -> None:
    from fee_service.answers.reconciled import line_data
    from fee_service.reconciliation.result_pages import Filters, page

    asked, chunks = taken()
    filters = asked["filters"]
    if filters.get("month"):
        filters["month"] = date.fromisoformat(filters["month"])
    found = page(chunks, Filters(**filters), Place.at(asked["start"]), asked["most"])
    lines = [line_data(line, asked["language"]) for line in found.lines]
    sys.stdout.buffer.write(orjson.dumps({"lines": lines, "next": found.next and found.next.position}))


if __name__ == "__main__":
    _answer()
