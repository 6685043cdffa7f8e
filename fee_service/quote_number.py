"""Numbers of quotes (견적 번호), Q-2026-000123, as people type and paste them."""

from __future__ import annotations

import re

from fee_service.spelling import one_width

_WRITTEN = re.compile(r"Q ?-? ?(\d{4}) ?-? ?(\d{6,7})", re.ASCII | re.IGNORECASE)


def read(text: str) -> str | None:
    """The number that a text stands for, in any case, width and dashes, with spaces or without; None for another."""
    written = _WRITTEN.fullmatch(one_width(text))
    return written and f"Q-{written[1]}-{written[2]}"
