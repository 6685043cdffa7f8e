"""`make bench`: every figure is a ratio against something named, measured in this one run."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import bulk, command_line, dues, engine, http, pages, reading, storage
from benchmarks.row import Row

RESULTS = Path(__file__).parent / "RESULTS.md"
PARTS: dict[str, Callable[[], list[Row]]] = {
    "engine": engine.measure,
    "command_line": command_line.measure,
    "bulk": bulk.measure,
    "http": http.measure,
    "pages": pages.measure,
    "storage": storage.measure,
    "dues": dues.measure,
    "reading": reading.measure,
}


def main() -> None:
    asked = sys.argv[1:] or list(PARTS)
    rows = [row for name in asked for row in PARTS[name]()]
    text = "\n".join(
        [
            "# Results of `make bench`",
            "",
            f"Measured on {datetime.now(UTC):%Y-%m-%d} with Python {platform.python_version()} on a shared machine:",
            f"medians of one run of {', '.join(asked)}. The ratios are what counts; both sides of each ran in turns.",
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
