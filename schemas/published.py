"""Answers made of published data: APIs, products, price lists, waiver policies."""

from __future__ import annotations

from marshmallow import Schema, fields

from schemas import kinds as a
from schemas.answers import ReadingSchema, TermSchema


class LicenceKeySchema(Schema):
    """A product of a contract."""

    contract = a.text()
    product = a.text()


class PlatformServiceSchema(Schema):
    """What the usage guide's table says of a service of the platform."""

    family = a.text()
    family_label = a.label()
    who = a.label("Who may use it.")
    krw_per_month = a.krw("KRW a month without VAT; 0 is free, null is no published amount.", nullable=True)
    fee_label = a.label(nullable=True)
    calls_per_day = a.number("The most calls in a day; null where its provider sets it.", nullable=True)
    provider = a.label()
    kind_of_data = a.word("general", "financial_transaction", "market")
    first_seen = a.day("Before this day no fee was published.")
    last_offered = a.day(nullable=True)


class ApiSchema(Schema):
    """One thing that can be asked for; any one licence of `covered_by` is enough."""

    id = a.text()
    kind = a.word("licence", "endpoint", "service", "family")
    label = a.label()
    names = a.words()
    uri = a.text(nullable=True)
    licence = a.text(nullable=True)
    status = a.word("priced", "on_request", "not_offered", "too_broad")
    covered_by = a.many(LicenceKeySchema)
    on_request = a.text("What is needed beside it without a published price.", nullable=True)
    text = a.text(a.PROSE, nullable=True)
    withdrawn_on = a.day(nullable=True)
    members = a.words("Of a family: what to name instead.")
    transaction_data = a.flag()
    source = a.text()
    reading = a.text(a.PROSE, nullable=True)
    services = a.words("The services whose fees a request for it owes.")
    service = a.one(PlatformServiceSchema, "Of a service of the platform.", nullable=True)


class ApisSchema(Schema):
    """The catalogue on a day."""

    on = a.day()
    apis = a.many(ApiSchema)


class OptionSchema(Schema):
    """An external-provision option."""

    option = a.text()
    label = a.label()


class FeeNameSchema(Schema):
    """A fee by name."""

    fee = a.text()
    label = a.label()


class ProductSchema(Schema):
    """A product with the options and fees that it has."""

    contract = a.text()
    contract_label = a.label()
    product = a.text()
    label = a.label()
    owner = a.text()
    options = a.many(OptionSchema)
    fees = a.many(FeeNameSchema)


class ProductsSchema(Schema):
    """The products of the price list in force on a day."""

    on = a.day()
    price_list = a.text()
    products = a.many(ProductSchema)


class SourceSchema(Schema):
    """A published document."""

    id = a.text()
    label = a.label()
    published_on = a.day(nullable=True)


class PriceListHeadSchema(Schema):
    """A price list without its cells."""

    id = a.text()
    label = a.label()
    sha256 = a.text()
    valid_from = a.day()
    valid_from_for_running_contracts = a.day()
    valid_to = a.day(nullable=True)
    published_on = a.day()
    supersedes = a.text(nullable=True)
    sources = a.many(SourceSchema)


class PriceListsSchema(Schema):
    """All price lists."""

    price_lists = a.many(PriceListHeadSchema)


class TierSchema(Schema):
    """A unit price up to and including so many units; null means without end."""

    up_to = a.number(nullable=True)
    unit_price = a.krw()


class PriceSchema(Schema):
    """How a price is stated; which fields there are depends on `kind`."""

    kind = a.word("flat", "graduated", "volume", "package")
    unit_price = fields.Integer()
    tiers = fields.List(fields.Nested(TierSchema))
    size = fields.Integer()
    package_price = fields.Integer()
    at_least = fields.Integer()


class PrintedCellSchema(Schema):
    """A cell as printed: an amount, or a word that is not a price."""

    cell = a.word("amount", "withheld", "not_applicable", "none")
    unit_price = a.krw(nullable=True)
    price = a.one(PriceSchema, nullable=True)
    minimum = a.krw(nullable=True)
    maximum = a.krw(nullable=True)


class CellSchema(PrintedCellSchema):
    """A cell with its place and source."""

    contract = a.text()
    fee = a.text()
    product = a.text()
    column = a.text(nullable=True)
    column_label = a.label(nullable=True)
    unit = a.text()
    source = a.text()


class FeeTermsSchema(Schema):
    """When a fee is billed."""

    fee = a.text()
    label = a.label()
    billed = a.word("in_advance", "after_report", "once")
    months_after = a.number()
    source = a.text()


class UnitProrationSchema(Schema):
    """Whether a month that the contract does not fill is charged by its days, by the unit of the fee."""

    unit = a.text()
    prorated = a.flag()
    source = a.text()


class ListedProductSchema(Schema):
    """A product in the printed order."""

    product = a.text()
    label = a.label()
    owner = a.text()


class ContractSchema(Schema):
    """A contract of a price list."""

    contract = a.text()
    label = a.label()
    options = a.many(OptionSchema)
    default_options = a.words()
    products = a.many(ListedProductSchema)


class RuleSchema(Schema):
    """A rule across products."""

    rule = a.text()
    text = a.text(a.PROSE)
    source = a.text()


class BearingSchema(Schema):
    """On which quotes a term bears: all that is not null must hold of the contract."""

    channels = a.words(nullable=True)
    options = a.words("Any of them.", nullable=True)
    ids = a.flag(nullable=True)
    usage = a.flag("IDs or queries.", nullable=True)
    affiliates = a.flag(nullable=True)
    non_display_use = a.flag(nullable=True)
    withheld = a.flag(nullable=True)


class PublishedTermSchema(TermSchema):
    """A clause of the licence contracts, and on which quotes it bears."""

    when = a.many(BearingSchema, "Any of them is enough; none: on every quote of its contracts.")


class PriceListSchema(PriceListHeadSchema):
    """A price list, whole."""

    vat_rate = a.text("A fraction.", pattern=r"^\d+/\d+$")
    vat_rounding = a.text()
    rounding = a.text()
    first_invoice = a.word("start_day", "next_month")
    calls_per_day_at_most = a.number(nullable=True)
    renewal = a.text(a.PROSE)
    fees = a.many(FeeTermsSchema)
    proration = a.many(UnitProrationSchema)
    contracts = a.many(ContractSchema)
    cells = a.many(CellSchema)
    rules = a.many(RuleSchema)
    terms = a.many(PublishedTermSchema)
    readings = a.many(ReadingSchema)


ChangedCellSchema = Schema.from_dict(
    {
        "contract": a.text(),
        "fee": a.text(),
        "product": a.text(),
        "column": a.text(nullable=True),
        "change": a.word("added", "removed", "changed"),
        "from": a.one(PrintedCellSchema, nullable=True),
        "to": a.one(PrintedCellSchema, nullable=True),
        "difference": a.krw("KRW, where both are plain amounts.", nullable=True),
    },
    name="ChangedCellSchema",
)
ChangedTermSchema = Schema.from_dict(
    {"term": a.text(), "from": a.text(nullable=True), "to": a.text(nullable=True)}, name="ChangedTermSchema"
)
PriceListDiffSchema = Schema.from_dict(
    {
        "from": a.one(PriceListHeadSchema),
        "to": a.one(PriceListHeadSchema),
        "cells": a.many(ChangedCellSchema, "Cells that differ."),
        "terms": a.many(ChangedTermSchema, "Other terms that differ."),
    },
    name="PriceListDiffSchema",
)


class CompanyAgeSchema(Schema):
    """How old a company may be; "under" counts the founding day, "within" does not."""

    years = a.number()
    founding_day_counts = a.flag()
    ends_waiver = a.flag()
    source = a.text()


class WaiverPolicySchema(Schema):
    """A waiver policy: for whom, what, how long."""

    id = a.text()
    label = a.label()
    summary = a.text(a.PROSE)
    sha256 = a.text()
    valid_from = a.day()
    valid_to = a.day(nullable=True)
    supersedes = a.text(nullable=True)
    preferred_to = a.words("In force beside it, and applied only where a request names them.")
    months = a.number()
    test_months = a.number()
    fees = a.words()
    options = a.words("Null: any.", nullable=True)
    channels = a.words()
    qualifications = a.words("Null: any that opens the platform.", nullable=True)
    personal_ids_at_most = a.number(nullable=True)
    company_age = a.one(CompanyAgeSchema)
    partial_month = a.word("by_days", "whole", "none")
    partial_month_undivided = a.word("by_days", "whole", "none")
    withdrawal_grounds = a.words(a.PROSE)
    cited = a.by_name(fields.String(), "Where each block is written.")
    sources = a.many(SourceSchema)
    readings = a.many(ReadingSchema)


class WaiverPoliciesSchema(Schema):
    """All waiver policies."""

    waiver_policies = a.many(WaiverPolicySchema)
