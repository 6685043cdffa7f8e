"""The request of an eligibility check: the company, and what decides on its waiver."""

from __future__ import annotations

from fee_service.model import Channel
from schemas.fields import Day, ListOf, Nest, OneOf, StrictSchema, Words
from schemas.quote import LONGEST_API, LONGEST_ID, MOST_APIS, MOST_PERIODS, CompanySchema, PriorWaiverSchema, says


class EligibilityRequestSchema(StrictSchema):
    """A company, the channel and the start day."""

    company = Nest(CompanySchema, required=True, metadata=says("The company."))
    apis = ListOf(
        Words(LONGEST_API), MOST_APIS,
        metadata=says("What is to be used: it decides on the security check.", examples=[["주식실시간A"]]),
    )  # fmt: skip
    channel = OneOf(Channel, metadata=says("How the data is received.", default="open_api"))
    starts_on = Day(metadata=says("First day of the paid contract; today in Korea by default."))
    prior_waiver = ListOf(Nest(PriorWaiverSchema), MOST_PERIODS, metadata=says("Fees waived before."))
    waiver_policy = Words(LONGEST_ID, allow_none=True, metadata=says("By default the policy in force on `starts_on`."))
