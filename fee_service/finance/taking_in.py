"""A file of usage reports comes in: a small one is kept at once, a large one by a worker."""

from __future__ import annotations

from fee_service.finance import importing_later
from fee_service.finance.importing import import_now
from fee_service.permissions import Action, require
from fee_service.quotes.answering_once import once
from fee_service.quotes.calls import Call, Reply
from fee_service.quotes.desk import Desk
from fee_service.sheets.workbooks import is_workbook

MOST_ROWS_AT_ONCE = 5_000
MOST_OF_A_WORKBOOK = 200_000  # bytes: some 5,000 rows


def take_in(desk: Desk, raw: bytes, call: Call) -> Reply:
    """Keep the reports of a file, or have it done. Raises FeeError (403, 409, 422, 429) and StorageError."""
    require(call.actor, Action.REPORT_USAGE)
    keep = import_now if is_small(raw) else importing_later.ask
    return once(desk.database, call, lambda: keep(desk, raw, call))


def is_small(raw: bytes) -> bool:
    """Whether a file has few rows, as far as that can be told without reading it."""
    if is_workbook(raw):
        return len(raw) <= MOST_OF_A_WORKBOOK
    return raw.count(b"\n") <= MOST_ROWS_AT_ONCE
