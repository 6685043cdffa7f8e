"""What answers look like. They document the API; tests hold every real answer against them."""

from __future__ import annotations

from marshmallow import Schema, fields

from fee_service.quote_status import QuoteStatus
from schemas import kinds as a

# -- a quote -------------------------------------------------------------------------------------------


class ConditionSchema(Schema):
    """One condition, whether it is met, why, and where it is written."""

    code = a.text()
    met = a.flag()
    assumed = a.flag("Whether the request leaves it open: computed as if met, still to be confirmed, not fulfilled.")
    text = a.text(a.PROSE)
    source = a.text()


class ReadingSchema(Schema):
    """How an unclear published text is read."""

    id = a.text()
    text = a.text(a.PROSE)
    source = a.text()


class SizeEvidenceAnswerSchema(Schema):
    """The figures of the company's size as understood."""

    ksic = a.text()
    average_sales = a.krw("KRW.")
    total_assets = a.krw("KRW.")
    business_group = a.flag()
    large_holder = a.flag()
    outgrown_on = a.day(nullable=True)
    grace_used = a.flag()


class CompanyAnswerSchema(Schema):
    """The company as understood."""

    name = a.text(nullable=True)
    business_number = a.text(nullable=True)
    founded_on = a.day()
    size = a.word("sme", "mid_sized", "large")
    size_evidence = a.one(SizeEvidenceAnswerSchema, nullable=True)
    corporation = a.flag()
    qualification = a.text(nullable=True)
    exclusions = a.words()


class UsageAnswerSchema(Schema):
    """Use of a product in a month."""

    standard_ids = a.number()
    personal_ids = a.number()
    queries = a.number()


class RequestedLicenceSchema(Schema):
    """A licence as asked for; sets, usage and non-display use belong to the real-time contract."""

    contract = a.text()
    product = a.text()
    options = a.words()
    affiliate_extension = a.flag()
    reception_sets = fields.Integer()
    disaster_recovery_sets = fields.Integer()
    usage = fields.Nested(UsageAnswerSchema)
    non_display_use = fields.List(fields.String())


class PeriodSchema(Schema):
    """A period by its first and its last day."""

    starts_on = a.day()
    ends_on = a.day("The last day.")


class UnderstoodRequestSchema(Schema):
    """The request as understood, defaults filled in; it may be sent again as it is."""

    company = a.one(CompanyAnswerSchema)
    apis = a.words()
    licences = a.many(RequestedLicenceSchema)
    channel = a.word("open_api", "direct")
    api_calls_per_month = a.number(nullable=True)
    starts_on = a.day()
    ends_on = a.day(nullable=True)
    months = a.number()
    test_months = a.number()
    prior_waiver = a.many(PeriodSchema)
    waiver_policy = a.text(nullable=True)
    price_list = a.text(nullable=True)


class CitedSourceSchema(Schema):
    """A published document."""

    label = a.label()
    published_on = a.day(nullable=True)


class QuotedPriceListSchema(Schema):
    """The price list in force on the start day, or the one that was named."""

    id = a.text()
    sha256 = a.text()
    label = a.label()
    valid_from = a.day()
    published_on = a.day()
    source = a.by_name(fields.Nested(CitedSourceSchema), "Documents by their id.")


PriceListSpanSchema = Schema.from_dict(
    {"id": a.text(), "sha256": a.text(), "from": a.day("The first day of the quote under this list.")},
    name="PriceListSpanSchema",
)


class QuotedPolicySchema(Schema):
    """The waiver policy that was asked: the one in force on the start day, or the one that was named."""

    id = a.text()
    sha256 = a.text()
    label = a.label()
    valid_from = a.day()
    source = a.by_name(fields.Nested(CitedSourceSchema), "Documents by their id.")
    withdrawal_grounds = fields.List(a.label(), required=True)


class PriorFoundSchema(PeriodSchema):
    """An earlier waiver of the same business number, found in the waiver ledger."""

    quote = a.text("Number of the accepted quote.")


class WaiverDecisionSchema(Schema):
    """Granted or refused, and from when to when."""

    granted = a.flag()
    policy = a.text(nullable=True)
    starts_on = a.day(nullable=True)
    ends_on = a.day("The last waived day.", nullable=True)
    cut_short_by = a.word("company_age", "prior_waiver", nullable=True)
    conditions = a.many(ConditionSchema)
    prior_found = a.many(PriorFoundSchema, "Earlier waivers that were found in the ledger and are counted in.")


class WaiverSchema(WaiverDecisionSchema):
    """The waiver of a quote, with what it saves."""

    amount = a.krw("What the waiver saves over the horizon, KRW without VAT.")


class QuotedLicenceSchema(Schema):
    """A licence that is needed, and for which of the requested APIs."""

    contract = a.text()
    product = a.text()
    options = a.words()
    for_apis = a.words()
    label = a.label()
    contract_label = a.label()


class ExemptedSchema(Schema):
    """Units that a cross-product rule frees from a fee."""

    rule = a.text()
    quantity = a.number()


class RestsOnSchema(Schema):
    """The cell that a line rests on under one price list."""

    price_list = a.text()
    valid_from = a.day()
    cell = a.word("amount", "withheld", "none")
    unit_price = a.krw(nullable=True)
    amount = a.krw("KRW without VAT in a full month.")
    source = a.text()


class LineSchema(Schema):
    """One fee of one licence."""

    id = a.number()
    fee = a.text()
    contract = a.text()
    product = a.text()
    option = a.text(nullable=True)
    user_type = a.text(nullable=True)
    unit = a.text()
    label = a.label()
    cell = a.word("amount", "withheld", "none", says="Only `amount` is a price; no other word means 0.")
    unit_price = a.krw(nullable=True)
    quantity = a.number()
    exempted = a.one(ExemptedSchema, nullable=True)
    waivable = a.flag()
    cells = a.many(RestsOnSchema)
    explanation = a.text(a.PROSE)
    source = a.text()


class MonthLineSchema(Schema):
    """The amounts of a line in a month."""

    line = a.number("The line's id.")
    list = a.krw()
    waiver = a.krw("Not positive.")
    net = a.krw()


class MonthSchema(Schema):
    """A calendar month: contract days, and amounts that sum up its lines."""

    month = a.text(pattern=r"^\d{4}-\d{2}$")
    days = a.number("Contract days, without test days.")
    days_in_month = a.number()
    test_days = a.number()
    waived_days = a.number()
    list = a.krw()
    waiver = a.krw("Not positive.")
    net = a.krw()
    lines = a.many(MonthLineSchema)


class InvoiceSchema(Schema):
    """An invoice, also one of 0."""

    issued_on = a.day()
    supply = a.krw()
    vat = a.krw("VAT, KRW.")
    total = a.krw("KRW with VAT.")


class TotalsSchema(Schema):
    """Sums over the horizon."""

    list = a.krw()
    waiver = a.krw("Not positive.")
    net = a.krw()
    vat = a.krw("VAT, KRW.")
    total = a.krw("KRW with VAT.")


PRICE_STATUSES = ("priced", "partly_priced", "free", "unpriced")


class PricingSchema(Schema):
    """What the totals are: an amount of 0 alone does not tell whether something is free or has no price."""

    status = a.word(*PRICE_STATUSES, says="Of the totals. `unpriced`: their 0 is no price.")
    monthly = a.word(*PRICE_STATUSES, says="Of the amounts of a month.")
    missing = a.words("Why something is in no amount: `withheld`, `on_request`.")
    instead = a.label("To be shown instead of the totals; null where they are amounts.", nullable=True)
    instead_monthly = a.label("To be shown instead of the amount of a month; null where it is one.", nullable=True)
    beside = a.label("What the amounts do not hold; null where they hold all.", nullable=True)


class MonthlySchema(Schema):
    """The recurring net of a full month."""

    during_waiver = a.krw("KRW without VAT; null where nothing is waived.", nullable=True)
    after_waiver = a.krw()


class SizeFoundSchema(Schema):
    """The size that the figures lead to."""

    size = a.word("sme", "mid_sized", "large")
    conditions = a.many(ConditionSchema)


class EligibilitySchema(Schema):
    """Whether the company may use the platform."""

    status = a.word("eligible", "ineligible", "needs_review")
    reasons = a.many(ConditionSchema)
    company_size = a.one(SizeFoundSchema, "Null where no figures are given.", nullable=True)


class DocumentSchema(Schema):
    """A document to hand in, or a step to take."""

    code = a.text()
    label = a.label()
    source = a.text()


class RequiredDocumentSchema(DocumentSchema):
    """A document to hand in."""

    last_printed_on = a.day("Until when its source named it, where it does not any more.", nullable=True)


class GoingLiveSchema(Schema):
    """The verification before a service goes live."""

    label = a.label()
    source = a.text()
    documents = a.many(RequiredDocumentSchema)


class QualificationGroundSchema(DocumentSchema):
    """A ground of which one is needed on the start day."""

    last_day = a.day("The last start day on which it counts.", nullable=True)


class ExclusionGroundSchema(DocumentSchema):
    """What closes the platform to a company."""

    law = a.label("The law that it rests on.", nullable=True)


class ContactSchema(DocumentSchema):
    """Whom to ask: a department as published."""

    purpose = a.label()
    email = a.text(nullable=True)
    phone = a.text(nullable=True)


class OnboardingSchema(Schema):
    """What to hand in and to go through before the platform may be used."""

    documents = a.many(RequiredDocumentSchema)
    steps = a.many(DocumentSchema)
    security_check = a.flag()
    checks = a.many(DocumentSchema, "What is looked at.")
    going_live = a.one(GoingLiveSchema)
    lead_time = a.text(a.PROSE)
    qualifications = a.many(QualificationGroundSchema)
    exclusions = a.many(ExclusionGroundSchema)
    contacts = a.many(ContactSchema)


class UnpricedSchema(Schema):
    """A requested API without a published price."""

    api = a.text()
    status = a.text()
    text = a.text(a.PROSE)


class NoticeSchema(Schema):
    """Something to know about the quote."""

    code = a.text()
    audience = a.word("customer", "seller", says="`seller`: not for documents and pages that the customer sees.")
    text = a.text(a.PROSE)


class TermClauseSchema(Schema):
    """Where a term is written in a contract."""

    contract = a.text()
    source = a.text()
    clause = a.label()


class TermSchema(Schema):
    """A clause of the licence contracts that bears on the quote, in our own words."""

    id = a.text()
    text = a.text(a.PROSE)
    source = a.text("The document of its first clause.")
    clause = a.label("Every clause with its document.")
    clauses = a.many(TermClauseSchema)


class QuoteReferenceSchema(Schema):
    """Another quote."""

    id = a.text()
    number = a.text()


class ChangeSchema(Schema):
    """A value that changed."""

    pointer = a.text("JSON Pointer into the request.")
    before = a.anything()
    after = a.anything()


class AmountsGapSchema(Schema):
    """What a revision costs more (positive) or less, KRW."""

    list = a.krw()
    waiver = a.krw()
    net = a.krw()
    vat = a.krw("VAT, KRW.")
    total = a.krw("KRW with VAT.")


class RevisionDifferenceSchema(Schema):
    """What a revision changes against the quote that it revises."""

    totals = a.one(AmountsGapSchema)
    after_waiver = a.krw("Change of the recurring net of a month after the waiver, KRW without VAT.")
    waiver_ended_on = a.day(nullable=True)
    waiver_ends_on = a.day(nullable=True)
    licences_added = a.words()
    licences_removed = a.words()
    request = a.many(ChangeSchema, "What was asked for differently.")


class QuoteSchema(Schema):
    """A quote. A preview has no id, number and dates of issue."""

    id = a.text(nullable=True)
    number = a.text(nullable=True)
    status = a.word("preview", *QuoteStatus)
    issued_at = a.text("UTC.", nullable=True)
    valid_until = a.day("The last day on which it may be accepted.", nullable=True)
    accepted_at = a.text("UTC.", nullable=True)
    withdrawn_at = a.text("UTC.", nullable=True)
    revises = a.one(QuoteReferenceSchema, "The quote that this one replaces.", nullable=True)
    revised_by = a.one(QuoteReferenceSchema, "The quote that replaces this one.", nullable=True)
    digest = a.text("Covers request, price list, policy and result.", pattern="^sha256:[0-9a-f]{64}$")
    request = a.one(UnderstoodRequestSchema)
    price_list = a.one(QuotedPriceListSchema)
    price_lists = fields.List(fields.Nested(PriceListSpanSchema), required=True)
    waiver_policy = a.one(QuotedPolicySchema, "None where no policy was in force.", nullable=True)
    waiver = a.one(WaiverSchema)
    licences = a.many(QuotedLicenceSchema)
    lines = a.many(LineSchema)
    months = a.many(MonthSchema)
    invoices = a.many(InvoiceSchema)
    totals = a.one(TotalsSchema)
    pricing = a.one(PricingSchema)
    monthly = a.one(MonthlySchema)
    eligibility = a.one(EligibilitySchema)
    onboarding = a.one(OnboardingSchema)
    unpriced = a.many(UnpricedSchema)
    notices = a.many(NoticeSchema)
    readings = a.many(ReadingSchema)
    terms = a.many(TermSchema, "Of the contracts, as far as they bear on the quote.")
    difference = a.one(RevisionDifferenceSchema, "What a revision changes.", nullable=True)


class DifferenceSchema(Schema):
    """What a request costs more (positive) or less than the first."""

    list = a.krw()
    waiver = a.krw()
    net = a.krw()
    total = a.krw("KRW with VAT.")
    during_waiver = a.krw(nullable=True)
    after_waiver = a.krw(nullable=True)
    waiver_ends_on = a.day(nullable=True)
    licences_added = a.words()
    licences_removed = a.words()


class ComparisonSchema(Schema):
    """Quotes side by side."""

    labels = a.words()
    quotes = a.many(QuoteSchema)
    differences = a.many(DifferenceSchema, "One for each quote, against the first.")


class EligibilityAnswerSchema(Schema):
    """Who may use the platform, and the waiver that a contract would get."""

    starts_on = a.day()
    channel = a.word("open_api", "direct")
    eligibility = a.one(EligibilitySchema)
    waiver = a.one(WaiverDecisionSchema)
    onboarding = a.one(OnboardingSchema)


# -- problems and health -------------------------------------------------------------------------------


class HealthSchema(Schema):
    """The process lives."""

    status = a.word("ok")


class ReadinessSchema(Schema):
    """The service can answer."""

    status = a.word("ready")
    price_list = a.text("The list in force today.")
    revision = a.text("The revision of the database.")
