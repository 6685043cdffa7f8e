"""What a finding is called, and how it stands: what the runs say of it, and what people say of it."""

from __future__ import annotations

import hashlib
from datetime import date
from enum import StrEnum

DIGITS = 12


class FindingLife(StrEnum):
    """What the last run that had something to say of a finding says."""

    NEW = "new"
    STILL_OPEN = "still_open"
    SOLVED = "solved"
    CAME_BACK = "came_back"


class FindingState(StrEnum):
    """What a person has said of a finding; `open` until somebody says something."""

    OPEN = "open"
    DISPUTED = "disputed"
    ACCEPTED = "accepted"
    CREDITED = "credited"
    CLOSED = "closed"


SET_BY_PEOPLE = tuple(state for state in FindingState if state is not FindingState.OPEN)
SETTLING = (FindingState.ACCEPTED, FindingState.CLOSED)  # what they are said of is done with, until a run differs


def finding_id(contract: str, month: date, *words: str | None) -> str:
    """`F-` and twelve hexadecimal digits of the SHA-256 over what a finding is about, nothing for what is not known."""
    told = "\x1f".join([contract, month.isoformat(), *(word or "" for word in words)])
    return f"F-{hashlib.sha256(told.encode()).hexdigest()[:DIGITS]}"
