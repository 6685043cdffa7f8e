"""Interest on what is paid late: 6 % a year over 365 days, from the day after the due day."""

import pytest
from support.core import LIST, day

from fee_service.published.editions import Editions
from fee_service.rules.late_interest import late_interest

MILLION = 1_000_000


@pytest.mark.parametrize(
    ("paid_on", "days", "interest"),
    [
        ("2027-01-30", 0, 0),  # early
        ("2027-01-31", 0, 0),  # on the day itself
        ("2027-02-01", 1, 164),  # 1,000,000 × 6 % / 365 = 164.38
        ("2027-02-02", 2, 328),  # 328.77, rounded once: not 2 × 164
        ("2028-01-31", 365, 60_000),  # a year of 365 days
        ("2029-01-31", 731, 120_164),  # 2028 has a day more, and the year stays one of 365: 120,164.38
    ],
)
def test_late_payment_bears_interest_by_days(editions: Editions, paid_on: str, days: int, interest: int) -> None:
    """Due on 2027-01-31; the first day that counts is the day after."""
    assert late_interest(MILLION, day("2027-01-31"), day(paid_on), editions.price_list(LIST)) == (days, interest)


def test_a_credit_bears_none(editions: Editions) -> None:
    """Nobody owes interest on what is given back."""
    assert late_interest(-MILLION, day("2027-01-31"), day("2027-03-01"), editions.price_list(LIST)) == (29, 0)


def test_interest_of_a_large_amount_is_exact(editions: Editions) -> None:
    """10^15 won for a day: 6 × 10^13 / 365 = 164,383,561,643.8."""
    late = late_interest(10**15, day("2027-01-31"), day("2027-02-01"), editions.price_list(LIST))
    assert late.interest == 164_383_561_643
