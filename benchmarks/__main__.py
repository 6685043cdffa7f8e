"""`make bench`: every figure is a ratio against something named, measured in this one run."""

from __future__ import annotations

import platform
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import engine, http, storage
from benchmarks.row import Row

RESULTS = Path(__file__).parent / "RESULTS.md"
PARTS: tuple[Callable[[], list[Row]], ...] = (engine.measure, http.measure, storage.measure)


def main() -> None:
    rows = [row for part in PARTS for row in part()]
    text = "\n".join(
        [
            "# Results of `make bench`",
            "",
            f"Measured on {datetime.now(UTC):%Y-%m-%d} with Python {platform.python_version()} on a shared machine:",
            "medians of one run. The ratios are what counts; both sides of each ran in turns.",
            "",
            "| what | measured | wanted | reached | how |",
            "|---|---|---|---|---|",
            *(row.markdown() for row in rows),
            "",
        ]
    )
    RESULTS.write_text(text, encoding="utf-8")
    print(text)


main()
