"""pricing_tables/price_lists/: fees, contracts, tables of cells, rules and terms."""

from __future__ import annotations

from typing import Any

from marshmallow import validates_schema

from fee_service.model import Channel
from schemas.edition_cells import Row
from schemas.edition_fields import (
    Block,
    ByName,
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
from schemas.edition_files.parts import CitedSchema, EditionSchema, NamedCitedSchema, NamedSchema

ROUNDING = ("down", "half_up", "up")
BILLED = ("in_advance", "after_report", "once")
FIRST_INVOICE = ("start_day", "next_month")
UNITS = ("month", "set_month", "id_month", "query", "once", "call_month")


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
    valid_from_for_running_contracts = Day()
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

    @validates_schema
    def holds_first_for_new_contracts(self, data: dict[str, Any], **_: Any) -> None:
        later = data.get("valid_from_for_running_contracts")
        if later is not None and later < data["valid_from"]:
            hint = "A list holds for contracts that run already from valid_from on, or later."
            raise refusal(f"{later} lies before valid_from", hint, at="valid_from_for_running_contracts")
