"""The request of a quote: company, what is wanted, for when."""

from __future__ import annotations

from fee_service.model import CLOSING_PRICE, REAL_TIME, Channel, CompanySize, Exclusion, Qualification
from schemas.fields import (
    BusinessNumber,
    Day,
    Flag,
    ListOf,
    Name,
    Nest,
    OneOf,
    StrictSchema,
    Whole,
    Won,
    Words,
    WrittenFlag,
)

LONGEST_NAME = 200
LONGEST_API = 300
LONGEST_ID = 100
MOST_LICENCES = 100
MOST_APIS = 200
MOST_PERIODS = 50
MOST_OPTIONS = 10
MOST_MONTHS = 120


def says(text: str, **keywords: object) -> dict[str, object]:
    """A field's description, with further JSON Schema keywords."""
    return {"description": text, **keywords}


class SizeEvidenceSchema(StrictSchema):
    """The figures that decide whether a company is an SME."""

    ksic = Words(10, required=True, metadata=says("Main industry, a KSIC section or code.", examples=["J"]))
    average_sales = Won(required=True, metadata=says("Average sales of the last three fiscal years, KRW."))
    total_assets = Won(required=True, metadata=says("Total assets, KRW."))
    business_group = Flag(required=True, metadata=says("Member of a disclosure-obliged business group."))
    large_holder = Flag(
        required=True,
        metadata=says("Held 30 % or more by a corporation of 500 billion won or more as largest holder."),
    )
    outgrown_on = Day(allow_none=True, metadata=says("The day from which the limits were exceeded."))
    grace_used = Flag(metadata=says("Whether the years of grace after outgrowing were used before."))


class CompanySchema(StrictSchema):
    """The company that wants the licence."""

    at_least_one_of = ("size", "size_evidence")

    founded_on = Day(required=True, metadata=says("Registration of the incorporation (법인설립등기일)."))
    size = OneOf(CompanySize, metadata=says("Company size; needed unless `size_evidence` is given."))
    size_evidence = Nest(SizeEvidenceSchema, allow_none=True, metadata=says("Figures that decide the size."))
    name = Name(LONGEST_NAME, allow_none=True, metadata=says("Name of the company."))
    business_number = BusinessNumber(
        allow_none=True, metadata=says("Business registration number.", examples=["124-81-00998"])
    )
    corporation = Flag(metadata=says("Whether it is a corporation.", default=True))
    qualification = OneOf(
        Qualification, allow_none=True, metadata=says("What, beside being an SME, opens the platform.")
    )
    exclusions = ListOf(OneOf(Exclusion), MOST_OPTIONS, metadata=says("What closes the platform."))


class UsageSchema(StrictSchema):
    """Use of one product in a month."""

    standard_ids = Whole(metadata=says("Standard IDs in a month.", default=0))
    personal_ids = Whole(metadata=says("Personal IDs in a month.", default=0))
    queries = Whole(metadata=says("Queries in a month.", default=0))


class LicenceSchema(StrictSchema):
    """A product of a contract and what is taken of it."""

    contract = OneOf((REAL_TIME, CLOSING_PRICE), required=True, metadata=says("The contract."))
    product = Words(
        LONGEST_ID, required=True, metadata=says("A product of GET /v1/products.", examples=["securities_a"])
    )
    options = ListOf(
        Words(LONGEST_ID), MOST_OPTIONS,
        metadata=says("External-provision options; `retail` by default.", examples=[["retail"]]),
    )  # fmt: skip
    affiliate_extension = Flag(metadata=says("Whether affiliates use the data, too.", default=False))
    reception_sets = Whole(1, metadata=says("Directly received sets; the first is free.", default=1))
    disaster_recovery_sets = Whole(metadata=says("Sets for disaster recovery, free.", default=0))
    usage = Nest(UsageSchema, metadata=says("Use in a month."))
    non_display_use = ListOf(
        Words(LONGEST_ID), MOST_OPTIONS, metadata=says("Non-display uses.", examples=[["trading"]])
    )


class PriorWaiverSchema(StrictSchema):
    """A period in which fees were waived before."""

    starts_on = Day(required=True, metadata=says("First waived day."))
    ends_on = Day(required=True, metadata=says("Last waived day."))


class QuoteRequestSchema(StrictSchema):
    """What a quote is asked for."""

    at_least_one_of = ("apis", "licences")

    company = Nest(CompanySchema, required=True, metadata=says("The company."))
    apis = ListOf(
        Words(LONGEST_API), MOST_APIS,
        metadata=says("Licence names, documented URIs or ids of GET /v1/apis.", examples=[["주식실시간A"]]),
    )  # fmt: skip
    licences = ListOf(Nest(LicenceSchema), MOST_LICENCES, metadata=says("Licences by contract and product."))
    channel = OneOf(Channel, metadata=says("How the data is received.", default="open_api"))
    api_calls_per_month = Whole(
        allow_none=True, metadata=says("API calls in a month; without it the platform fees are left out.")
    )
    starts_on = Day(metadata=says("First day of the paid contract; today in Korea by default."))
    ends_on = Day(allow_none=True, metadata=says("Last day, where it comes before the months are over."))
    months = Whole(1, MOST_MONTHS, metadata=says("Calendar months; the first may be partial.", default=60))
    test_months = Whole(0, MOST_MONTHS, metadata=says("Free test months before `starts_on`.", default=0))
    prior_waiver = ListOf(Nest(PriorWaiverSchema), MOST_PERIODS, metadata=says("Fees waived before."))
    waiver_policy = Words(LONGEST_ID, allow_none=True, metadata=says("By default the policy in force on `starts_on`."))
    price_list = Words(LONGEST_ID, allow_none=True, metadata=says("By default the lists in force."))


class PreviewQuerySchema(StrictSchema):
    """How a quote is wanted."""

    require_eligible = WrittenFlag(
        metadata=says("Refuse a company that may not use the platform (422).", default=False)
    )
