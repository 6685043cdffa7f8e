"""pricing_tables/contract_rules.yaml: what holds for contracts that run."""

from __future__ import annotations

from fee_service.contract import WithdrawalGround
from schemas.edition_fields import Block, ByName, Flag, Name, Percent, Several, StrictSchema, WholeNumber
from schemas.edition_files.parts import CitedSchema, NamedCitedSchema, SourceSchema

MONTHS = {"at_least": 0, "at_most": 12}


class TermSchema(CitedSchema):
    notice_months = WholeNumber(**MONTHS, required=True)


class NamedPriceListSchema(CitedSchema):
    holds = Flag(required=True)


class UsageReportSchema(CitedSchema):
    due_days = WholeNumber(1, 366, required=True)
    kept_years = WholeNumber(1, 100, required=True)


class EstimateSchema(CitedSchema):
    in_time_on_the_day = Flag(required=True)


class AuditSchema(CitedSchema):
    over = Percent(required=True)
    contracts = Several(Name(), required=True)
    least_months_between = WholeNumber(0, 120, required=True)
    months_make_up = Flag(required=True)


class MissingInvoiceSchema(CitedSchema):
    after_day = WholeNumber(1, 28, required=True)


class WithdrawalGroundsSchema(StrictSchema):
    """A block with an entry for every ground that an event may name."""

    misuse = Block(NamedCitedSchema, required=True)
    breach_of_contract = Block(NamedCitedSchema, required=True)
    no_sandbox_access = Block(NamedCitedSchema, required=True)


if set(WithdrawalGroundsSchema().fields) != set(WithdrawalGround):
    raise RuntimeError(f"grounds without an entry: {set(WithdrawalGround) ^ set(WithdrawalGroundsSchema().fields)}")


class ContractRulesSchema(StrictSchema):
    sources = ByName(Block(SourceSchema), required=True)
    term = Block(TermSchema, required=True)
    named_price_list = Block(NamedPriceListSchema, required=True)
    waiver_ledger = Block(CitedSchema, required=True)
    usage_report = Block(UsageReportSchema, required=True)
    estimate = Block(EstimateSchema, required=True)
    audit = Block(AuditSchema, required=True)
    withdrawal_grounds = Block(WithdrawalGroundsSchema, required=True)
    missing_invoice = Block(MissingInvoiceSchema, required=True)
