"""pricing_tables/waiver_policies/: whom a policy is for, what it waives, for how long."""

from __future__ import annotations

from fee_service.model import Channel, Qualification
from schemas.edition_fields import (
    EDITION_ID,
    Block,
    Flag,
    LabelSchema,
    Name,
    OneOf,
    Several,
    StrictSchema,
    WholeNumber,
)
from schemas.edition_files.parts import CitedSchema, EditionSchema, NamedSchema

PARTLY_WAIVED = ("by_days", "whole", "none")


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
