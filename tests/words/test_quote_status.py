"""What each status allows, and the one that comes by itself."""

from datetime import date

import pytest

from fee_service.actors import Actor, Role
from fee_service.quote_status import KEPT, QuoteStatus

LAST_DAY = date(2027, 1, 8)


@pytest.mark.parametrize(
    ("status", "is_open", "may_be_revised", "may_be_shared"),
    [
        (QuoteStatus.ISSUED, True, True, True),
        (QuoteStatus.ACCEPTED, False, False, True),
        (QuoteStatus.WITHDRAWN, False, False, False),
        (QuoteStatus.REVISED, False, False, False),
        (QuoteStatus.EXPIRED, False, True, False),
    ],
)
def test_a_status_says_what_may_be_done(
    status: QuoteStatus, is_open: bool, may_be_revised: bool, may_be_shared: bool
) -> None:
    """What was closed is neither; what has expired may be replaced, but is no longer shown to others."""
    allowed = (status.is_open, status.may_be_revised, status.may_be_shared, status.stands)
    assert allowed == (is_open, may_be_revised, may_be_shared, may_be_shared)


def test_an_issued_quote_expires_on_the_day_after_its_last_one() -> None:
    """On its last day it still stands."""
    assert QuoteStatus.ISSUED.on(LAST_DAY, LAST_DAY) is QuoteStatus.ISSUED
    assert QuoteStatus.ISSUED.on(date(2027, 1, 9), LAST_DAY) is QuoteStatus.EXPIRED


@pytest.mark.parametrize("status", [QuoteStatus.ACCEPTED, QuoteStatus.WITHDRAWN, QuoteStatus.REVISED])
def test_a_closed_quote_does_not_expire(status: QuoteStatus) -> None:
    """An accepted one is the contract."""
    assert status.on(date(2099, 1, 1), LAST_DAY) is status


def test_nobody_enters_that_a_quote_has_expired() -> None:
    """The other four are kept, by the words that stand in the database."""
    assert KEPT == ("issued", "accepted", "withdrawn", "revised")


def test_a_portal_sees_its_own_quotes_alone() -> None:
    """All other roles see every quote."""
    assert [Actor("key", role).owner for role in Role] == ["key", None, None, None]
