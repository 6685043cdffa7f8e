"""What a row of licences to be rated says beside what a quote is asked for."""

from __future__ import annotations

from schemas.fields import StrictSchema, Whole, Words
from schemas.quote import LONGEST_ID

MOST_PRIOR_MONTHS = 1200
MOST_PRIOR_DAYS = 36_600  # a hundred years of them


class LicenceRowSchema(StrictSchema):
    """The contract that a licence belongs to, and the waiver time that its company has used before."""

    contract = Words(LONGEST_ID, required=True)
    prior_months = Whole(0, MOST_PRIOR_MONTHS)
    prior_days = Whole(0, MOST_PRIOR_DAYS)
