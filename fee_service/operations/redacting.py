"""What must not stand in a log, wherever a line got it from: keys of callers, and links to shared quotes."""

from __future__ import annotations

import re
from typing import Any

HIDDEN = "…"
_SECRETS = re.compile(
    r"(?:(?<=/s/)|(?<=/S/)|(?i:(?<=%2Fs%2F)))[^\s\"'/?#\\]+"  # the address of a shared quote
    r"|I[A-Za-z0-9_-]{23}\.[A-Za-z0-9_-]{27}"  # what is signed of it, wherever it was typed
    r"|(?<=fee_)[a-z0-9]{12}_[A-Za-z0-9_-]{20,}"  # a key
)


def redacted(text: str) -> str:
    """A text without secrets; where one stood, three dots do."""
    return _SECRETS.sub(HIDDEN, text)


def redact(_: Any, __: str, event: Any) -> Any:
    """A processor of structlog that redacts every text of a line, its traceback too."""
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = redacted(value)
    return event
