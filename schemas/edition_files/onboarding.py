"""pricing_tables/onboarding.yaml: conditions, documents, steps and contacts."""

from __future__ import annotations

from marshmallow import Schema

from fee_service.model import Exclusion, Qualification
from schemas.edition_fields import (
    EDITION_ID,
    Block,
    ByName,
    Day,
    Flag,
    LabelSchema,
    Name,
    Several,
    StrictSchema,
    WholeNumber,
    Words,
)
from schemas.edition_files.parts import CitedSchema, NamedCitedSchema, SourceSchema


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
