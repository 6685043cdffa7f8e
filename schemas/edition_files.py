"""What a file of pricing_tables/ may hold. What the keys mean stands in pricing_tables/README.md."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, post_load, validates_schema

from fee_service.model import Channel, Exclusion, Label, Qualification
from fee_service.published.services import DataKind, Owed
from schemas.edition_cells import Row
from schemas.edition_fields import (
    EDITION_ID,
    INDUSTRY,
    LICENCE_KEY,
    Block,
    ByName,
    Dated,
    Day,
    Flag,
    LabelSchema,
    Name,
    OneOf,
    Percent,
    Several,
    StrictSchema,
    WholeNumber,
    Words,
    refusal,
)

ROUNDING = ("down", "half_up", "up")
BILLED = ("in_advance", "after_report", "once")
FIRST_INVOICE = ("start_day", "next_month")
PARTLY_WAIVED = ("by_days", "whole", "none")
UNITS = ("month", "set_month", "id_month", "query", "once", "call_month")


# -- parts -----------------------------------------------------------------------------------------------


class NamedSchema(StrictSchema):
    """A block with a published name, which becomes its `label`."""

    ko = Words(required=True)
    en = Words(required=True)

    @post_load
    def named(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**data, "label": Label(data["ko"], data["en"])}


class CitedSchema(StrictSchema):
    """A block with its source, the clause in it, and, where the text is not clear, how it is read."""

    source = Words(required=True)
    clause = Block(LabelSchema)
    reading = Block(LabelSchema)


class NamedCitedSchema(NamedSchema, CitedSchema):
    """A block with a published name and its source."""


class SourceSchema(NamedSchema):
    published_on = Day()


class EditionSchema(StrictSchema):
    """What a price list and a waiver policy have in common."""

    id = Name(EDITION_ID, required=True)
    valid_from = Day(required=True)
    valid_to = Day()
    supersedes = Name(EDITION_ID)
    sources = ByName(Block(SourceSchema), required=True)

    @validates_schema
    def ends_after_its_start(self, data: dict[str, Any], **_: Any) -> None:
        if "valid_to" in data and data["valid_to"] < data["valid_from"]:
            what = f"{data['valid_to']} lies before valid_from"
            raise refusal(what, "valid_to is the last day in force.", at="valid_to")


# -- price_lists/ ----------------------------------------------------------------------------------------


class UnitProrationSchema(CitedSchema):
    """Whether a month that the contract does not fill is charged by its days."""

    prorated = Flag(required=True)


class ProrationSchema(CitedSchema):
    """Said once for each unit that a fee is counted in."""

    units = ByName(Block(UnitProrationSchema), names=OneOf(*UNITS), required=True)


class FirstInvoiceSchema(CitedSchema):
    day = OneOf(*FIRST_INVOICE, required=True)


class RoundingSchema(CitedSchema):
    mode = OneOf(*ROUNDING, required=True)


class VatSchema(CitedSchema):
    rate = Percent(required=True)
    rounding = OneOf(*ROUNDING, required=True)


class LateInterestSchema(CitedSchema):
    rate = Percent(required=True)
    days_in_year = WholeNumber(at_least=360, at_most=366, required=True)


class FeeSchema(NamedCitedSchema):
    billed = OneOf(*BILLED, required=True)
    months_after = WholeNumber(at_least=1, at_most=12)

    @validates_schema
    def only_a_report_takes_months(self, data: dict[str, Any], **_: Any) -> None:
        wanted = data["billed"] == "after_report"
        if wanted and "months_after" not in data:
            raise refusal("is missing", "Say how many months after the usage it is billed.", at="months_after")
        if not wanted and "months_after" in data:
            hint = "Only a fee that is billed after_report has it."
            raise refusal("does not belong here", hint, at="months_after")


class ProductSchema(NamedSchema):
    owner = Name(required=True)
    options = Several(Name())
    fees = Several(Name())


class ColumnSchema(NamedSchema):
    unit = OneOf(*UNITS, required=True)


class TableSchema(CitedSchema):
    """The cells of one fee: a column for each option (`by: option`), named columns, or none."""

    unit = OneOf(*UNITS)
    by = OneOf("option")
    columns = ByName(Block(ColumnSchema))
    cells = ByName(Row(), required=True)

    @validates_schema
    def every_column_has_one_unit(self, data: dict[str, Any], **_: Any) -> None:
        if "columns" in data and "by" in data:
            raise refusal("stands beside columns", "Keep one of the two.", at="by")
        if "columns" in data and "unit" in data:
            raise refusal("stands beside columns", "Each column has a unit of its own.", at="unit")
        if "columns" not in data and "unit" not in data:
            raise refusal("is missing", f"It is one of: {', '.join(UNITS)}.", at="unit")


class ContractSchema(NamedCitedSchema):
    options = ByName(Block(LabelSchema))
    default_options = Several(Name())
    fees = Several(Name(), required=True)
    products = ByName(Block(ProductSchema), required=True)
    prices = ByName(Block(TableSchema), required=True)


class IdsCoveredSchema(NamedCitedSchema):
    contract = Name(required=True)
    product = Name(required=True)
    by = Name(required=True)
    fee = Name(required=True)


class FreeBesideSchema(NamedCitedSchema):
    contract = Name(required=True)
    products = Several(Name(), required=True)
    beside = Name(required=True)
    fees = Several(Name(), required=True)


class RulesSchema(StrictSchema):
    ids_covered = ByName(Block(IdsCoveredSchema))
    free_beside = ByName(Block(FreeBesideSchema))


class CallLimitSchema(CitedSchema):
    calls_per_day = WholeNumber(at_least=1, required=True)


class TermClauseSchema(StrictSchema):
    """Where a term is written in a contract."""

    source = Words(required=True)
    clause = Block(LabelSchema, required=True)
    reading = Block(LabelSchema)


class BearingSchema(StrictSchema):
    """On which quotes a term bears; all that is said must hold of the contract."""

    channels = Several(OneOf(*Channel))
    options = Several(Name())
    ids = Flag()
    usage = Flag()
    affiliates = Flag()
    non_display_use = Flag()
    withheld = Flag()

    @validates_schema(pass_original=True)
    def says_something(self, _data: dict[str, Any], original: Any, **_: Any) -> None:
        if not original:
            raise refusal("says nothing", "Leave out when: the term then bears on every quote of its contracts.")


class TermSchema(NamedSchema):
    clauses = ByName(Block(TermClauseSchema), required=True)
    when = Several(Block(BearingSchema))


class PriceListSchema(EditionSchema):
    title = Block(LabelSchema, required=True)
    published_on = Day(required=True)
    currency = OneOf("KRW", required=True)
    owners = ByName(Block(LabelSchema), required=True)
    rounding = Block(RoundingSchema, required=True)
    proration = Block(ProrationSchema, required=True)
    first_invoice = Block(FirstInvoiceSchema, required=True)
    vat = Block(VatSchema, required=True)
    late_interest = Block(LateInterestSchema, required=True)
    renewal = Block(NamedCitedSchema, required=True)
    fees = ByName(Block(FeeSchema), required=True)
    contracts = ByName(Block(ContractSchema), required=True)
    rules = Block(RulesSchema)
    call_limit = Block(CallLimitSchema)
    terms = ByName(Block(TermSchema))


# -- waiver_policies/ ------------------------------------------------------------------------------------


class ChannelsSchema(CitedSchema):
    value = Several(OneOf(*Channel), required=True)


class QualificationsSchema(CitedSchema):
    value = Several(OneOf(*Qualification), required=True)


class AgeSchema(StrictSchema):
    limit = OneOf("under", "within", required=True)
    years = WholeNumber(at_least=1, at_most=100, required=True)
    ends_waiver = Flag(required=True)


class CompanyAgeSchema(CitedSchema):
    value = Block(AgeSchema, required=True)


class MonthsSchema(CitedSchema):
    value = WholeNumber(at_least=1, at_most=1200, required=True)


class NamesSchema(CitedSchema):
    value = Several(Name(), required=True)


class TestMonthsSchema(CitedSchema):
    value = WholeNumber(at_most=120, required=True)


class CountSchema(CitedSchema):
    value = WholeNumber(required=True)


class PartlyWaivedSchema(CitedSchema):
    value = OneOf(*PARTLY_WAIVED, required=True)


class PreferredToSchema(CitedSchema):
    value = Several(Name(EDITION_ID), required=True)


class WithdrawalSchema(CitedSchema):
    grounds = Several(Block(LabelSchema), required=True)


class WaiverPolicySchema(EditionSchema, NamedSchema):
    summary = Block(LabelSchema, required=True)
    preferred_to = Block(PreferredToSchema)
    channels = Block(ChannelsSchema, required=True)
    qualifications = Block(QualificationsSchema)
    company_age = Block(CompanyAgeSchema, required=True)
    months = Block(MonthsSchema, required=True)
    fees = Block(NamesSchema, required=True)
    options = Block(NamesSchema)
    partial_month = Block(PartlyWaivedSchema, required=True)
    partial_month_undivided = Block(PartlyWaivedSchema)
    prior_use = Block(CitedSchema, required=True)
    test_months = Block(TestMonthsSchema, required=True)
    personal_ids_at_most = Block(CountSchema)
    withdrawal = Block(WithdrawalSchema)


# -- apis.yaml -------------------------------------------------------------------------------------------


class UriPath(Words):
    """The path of a URI, with placeholders in braces."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        path: str = super()._deserialize(value, attr, data, **kwargs)
        if not re.fullmatch(r"(/([A-Za-z0-9_.-]|\{[A-Za-z_]+\})+)+", path):
            hint = 'Write it as documented, e.g. "/v3/market/closed/kospi/{issuecode}/master".'
            raise refusal(f'"{path}" is not a path', hint)
        return path


class EndpointSchema(NamedSchema):
    uri = UriPath(required=True)
    also_at = Several(UriPath())
    also_needs = Name()
    also_called = Several(Words())
    reading = Block(LabelSchema)


class AskedForSchema(NamedCitedSchema):
    """A licence or a family: what becomes of a request for it."""

    also_called = Several(Words())
    also_at = Several(UriPath())
    text = Block(LabelSchema)
    withdrawn_on = Day()
    transaction_data = Flag()


class ApiLicenceSchema(AskedForSchema):
    status = OneOf("priced", "on_request", "not_offered", required=True)
    covered_by = Several(Name(LICENCE_KEY))
    endpoints = ByName(Block(EndpointSchema))

    @validates_schema
    def says_what_it_means(self, data: dict[str, Any], **_: Any) -> None:
        priced = data["status"] == "priced"
        _belongs(data, "covered_by", priced, "the licences of which any one is enough")
        if not priced:
            _belongs(data, "text", True, "in ko and en what becomes of a request")


class ApiFamilySchema(AskedForSchema):
    status = OneOf("priced", "on_request", "not_offered", "too_broad", required=True)
    members = Several(Name())
    services = Several(Name())
    paths_below = Words()

    @validates_schema
    def says_what_it_means(self, data: dict[str, Any], **_: Any) -> None:
        _belongs(data, "members", data["status"] == "too_broad", "what to ask for instead")
        _belongs(data, "services", data["status"] == "priced", "the services whose fees it owes")
        if data["status"] != "priced":
            _belongs(data, "text", True, "in ko and en what becomes of a request")


def _belongs(data: Mapping[str, Any], key: str, wanted: bool, what: str) -> None:
    """Refuses a key that is missing for the status of an API, or of no use to it."""
    if wanted and key not in data:
        raise refusal("is missing", f"Say {what}.", at=key)
    if not wanted and key in data:
        raise refusal(f"does not belong to the status {data['status']}", "Remove it, or correct the status.", at=key)


class ApisSchema(StrictSchema):
    hosts = Several(Words())
    sources = ByName(Block(SourceSchema), required=True)
    licences = ByName(Block(ApiLicenceSchema), required=True)
    families = ByName(Block(ApiFamilySchema))


# -- platform_services.yaml ------------------------------------------------------------------------------


class ServiceFeeSchema(NamedCitedSchema):
    """How every fee of the table is counted."""

    prorated = Flag(required=True)


class PublishedFeeSchema(NamedCitedSchema):
    krw_per_month = WholeNumber(required=True)
    owed = OneOf(*Owed, required=True)
    shared = Block(LabelSchema)

    @validates_schema
    def says_why_others_owe_nothing(self, data: dict[str, Any], **_: Any) -> None:
        if data["owed"] == Owed.ONCE and "shared" not in data:
            raise refusal("is missing", "Say in ko and en why other services owe the fee no second time.", at="shared")


class ServiceFamilySchema(NamedSchema):
    also_called = Several(Words())


class ServiceSchema(NamedCitedSchema):
    """A service with its fee, or with what stands in place of a published amount."""

    family = Name(required=True)
    also_called = Several(Words())
    who = Block(LabelSchema, required=True)
    fee = Name()
    text = Block(LabelSchema)
    members = Several(Name())
    calls_per_day = WholeNumber(at_least=1)
    provider = Block(LabelSchema, required=True)
    data = OneOf(*DataKind, required=True)
    first_seen = Day(required=True)
    last_offered = Day()

    @validates_schema
    def says_what_it_means(self, data: dict[str, Any], **_: Any) -> None:
        if ("fee" in data) == ("text" in data):
            raise refusal("does not go with text", "Name a fee, or say in text why there is none.", at="fee")
        if "members" in data and "text" not in data:
            raise refusal("stands beside a fee", "Keep one of the two.", at="members")
        if "last_offered" in data and data["last_offered"] < data["first_seen"]:
            raise refusal("lies before first_seen", "It is the last day on which it is offered.", at="last_offered")


class PlatformServicesSchema(StrictSchema):
    id = Name(EDITION_ID, required=True)
    sources = ByName(Block(SourceSchema), required=True)
    service_fee = Block(ServiceFeeSchema, required=True)
    fees = ByName(Block(PublishedFeeSchema), required=True)
    families = ByName(Block(ServiceFamilySchema), required=True)
    services = ByName(Block(ServiceSchema), required=True)


# -- company_sizes.yaml ----------------------------------------------------------------------------------


class IndustrySchema(NamedSchema):
    sales = Dated(required=True)


class AverageSalesSchema(CitedSchema):
    industries = ByName(Block(IndustrySchema), names=Name(INDUSTRY), required=True)


class TotalAssetsSchema(CitedSchema):
    below = WholeNumber(at_least=1, required=True)


class GraceSchema(CitedSchema):
    years = Dated(at_most=100, required=True)


class CompanySizesSchema(StrictSchema):
    sources = ByName(Block(SourceSchema), required=True)
    average_sales = Block(AverageSalesSchema, required=True)
    total_assets = Block(TotalAssetsSchema, required=True)
    business_group = Block(CitedSchema, required=True)
    large_holder = Block(CitedSchema, required=True)
    grace = Block(GraceSchema, required=True)


# -- onboarding.yaml -------------------------------------------------------------------------------------


class GroundSchema(NamedCitedSchema):
    """A ground of eligibility."""

    last_day = Day()


class ClosedToSchema(NamedCitedSchema):
    """A ground for exclusion."""

    law = Block(LabelSchema)


def _one_of_each(words: type[Qualification] | type[Exclusion], block: type[Schema]) -> Schema:
    """A block with an entry for every word of an enumeration."""
    fields = {word.value: Block(block, required=True) for word in words}
    schema: type[StrictSchema] = type(f"{words.__name__}Entries", (StrictSchema,), dict(fields))
    return schema()


class ConditionsSchema(StrictSchema):
    corporation = Block(CitedSchema, required=True)
    company_size = Block(CitedSchema, required=True)
    qualification = Block(CitedSchema, required=True)
    exclusions = Block(CitedSchema, required=True)


class DocumentSchema(NamedCitedSchema):
    policies = Several(Name(EDITION_ID))
    last_printed_on = Day()


class CheckSchema(NamedCitedSchema):
    only_with_transaction_data = Flag()


class GoingLiveSchema(NamedCitedSchema):
    documents = ByName(Block(NamedCitedSchema), required=True)


class LeadTimeSchema(CitedSchema):
    with_transaction_data = Block(LabelSchema, required=True)
    without_transaction_data = Block(LabelSchema, required=True)
    least_months_with_transaction_data = WholeNumber(0, 24, required=True)


class ContactSchema(NamedCitedSchema):
    purpose = Block(LabelSchema, required=True)
    email = Words()
    phone = Words()


class OnboardingSchema(StrictSchema):
    sources = ByName(Block(SourceSchema), required=True)
    conditions = Block(ConditionsSchema, required=True)
    qualifications = Block(_one_of_each(Qualification, GroundSchema), required=True)
    exclusions = Block(_one_of_each(Exclusion, ClosedToSchema), required=True)
    documents = ByName(Block(DocumentSchema), required=True)
    steps = ByName(Block(NamedCitedSchema), required=True)
    checks = ByName(Block(CheckSchema), required=True)
    security_check = Block(NamedCitedSchema, required=True)
    going_live = Block(GoingLiveSchema, required=True)
    lead_time = Block(LeadTimeSchema, required=True)
    contacts = ByName(Block(ContactSchema), required=True)
