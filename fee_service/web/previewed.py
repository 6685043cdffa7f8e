"""How files were understood, as the page shows it before anything is judged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fee_service.strict_json import Data
from fee_service.web.item_meanings import value_of, words_of
from fee_service.web.runs import checks_of, place_of

MOST_NAMES = 30  # item names that are asked for on one page


def previewed(told: Data) -> dict[str, Any]:
    """The values of the page: files that could be read, those that could not, first lines, rejected rows, names."""
    rows = list(_rows(told["rows"]))
    return {
        "files": [table for file in told["files"] for table in _tables(file)],
        "refused": [each for file in told["files"] for each in _refused(file)],
        "rows": rows,
        "has_meanings": any(row["meaning"] for row in rows),
        "rejected": [{**row, "place": place_of(row["row"])} for row in told["rejected"]],
        "unknown": [_unknown(item) for item in told["unknown_items"] if item["supplier"]][:MOST_NAMES],
    }


def _tables(file: Data) -> Iterator[Data]:
    """The tables of a file; its totals and counts stand beside the first one."""
    counted: Data | None = file.get("counted")
    for table in file.get("tables", []):
        yield {**table, "checks": list(checks_of(counted["checks"])) if counted else [], "counted": counted}
        counted = None


def _refused(file: Data) -> Iterator[Data]:
    """Why a file, or one of an archive, could not be read."""
    yield from ({"file": file["file"], **fault} for fault in file["faults"])
    yield from file.get("refused", [])


def _unknown(item: Data) -> Data:
    """A text with known ones like it, as they may be chosen."""
    like = [{"value": value_of(each), "words": f"{words_of(each)} ({each['text']})"} for each in item["suggestions"]]
    return {**item, "suggestions": like}


def _rows(rows: list[Data]) -> Iterator[Data]:
    for row in rows:
        yield {
            **row,
            "place": place_of(row["row"]),
            "meaning": words_of(row["named"]) if row["named"] else None,
            "amount": row.get("amount", row.get("invoice_supply")),
            "vat": row.get("vat", row.get("invoice_vat")),
        }
