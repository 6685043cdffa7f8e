"""Whether a printed quote is genuine: asked with what is printed on it, answered without what it says."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple
from urllib.parse import unquote

from fee_service import quote_number
from fee_service.clock import KOREA_STANDARD_TIME
from fee_service.quote_status import QuoteStatus
from fee_service.quotes.desk import Desk
from fee_service.spelling import one_width
from fee_service.storage import shares

WHOLE = 64  # digits of a code
SHORT = 16  # digits of the short code, at the foot of every page
THE_BETTER_FIRST = (
    QuoteStatus.ISSUED,
    QuoteStatus.ACCEPTED,
    QuoteStatus.EXPIRED,
    QuoteStatus.REVISED,
    QuoteStatus.WITHDRAWN,
)
_CODE = re.compile(rf"(?:sha-?256:?)?([0-9a-f]{{{SHORT},{WHOLE}}})(?:…|\.{{2,3}})?")
_ADDRESS = re.compile(r".*/verify(?:/|/?\?(?:.*&)?code=)", re.DOTALL)


class Printed(NamedTuple):
    """What somebody read on a quote: its number, or the digits of its code as far as they are given."""

    number: str | None
    digits: str | None

    @property
    def text(self) -> str:
        return self.number or self.digits or ""


class Genuine(NamedTuple):
    """How a quote stands; `since` is the day in Korea on which it was closed, None while it is open."""

    number: str
    code: str
    issued_on: date
    valid_until: date
    status: QuoteStatus
    since: date | None

    @property
    def short_code(self) -> str:
        return f"{self.code[: len('sha256:') + SHORT]}…"


def printed(text: str) -> Printed | None:
    """A quote's number, code, short code or address for checking, however it was broken, spaced or typed."""
    evened = _tight(unquote(_tight(text)))
    evened = re.sub(r"[/.,;)\]>]+$", "", re.split(r"[?#&]", _ADDRESS.sub("", evened))[0]) or evened
    number = quote_number.read(evened)
    if number is not None:
        return Printed(number, None)
    code = _CODE.fullmatch(evened.lower()) or _CODE.fullmatch(evened.lower().replace("-", ""))
    return Printed(None, code[1]) if code else None


def _tight(text: str) -> str:
    return re.sub(r"\s+", "", one_width(text))


def genuine(desk: Desk, asked: Printed, today: date) -> list[Genuine]:
    """Every quote that bears a number or a code, those that stand best first; empty where there is none."""
    with desk.database.reading() as connection:
        standing = shares.standing(connection, asked.number, asked.digits and f"sha256:{asked.digits}")
    found = (
        Genuine(
            number=each.number,
            code=each.digest,
            issued_on=each.issued_on,
            valid_until=each.valid_until,
            status=each.status.on(today, each.valid_until),
            since=None if each.status.is_open else each.changed_at.astimezone(KOREA_STANDARD_TIME).date(),
        )
        for each in standing
    )
    return sorted(found, key=lambda each: THE_BETTER_FIRST.index(each.status))
