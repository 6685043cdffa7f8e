"""pricing_tables/platform_services.yaml: the services beside market data, with their fees."""

from __future__ import annotations

from typing import Any

from marshmallow import validates_schema

from fee_service.published.services import DataKind, Owed
from schemas.edition_fields import (
    EDITION_ID,
    Block,
    ByName,
    Day,
    Flag,
    LabelSchema,
    Name,
    OneOf,
    Several,
    StrictSchema,
    WholeNumber,
    Words,
    refusal,
)
from schemas.edition_files.parts import NamedCitedSchema, NamedSchema, SourceSchema


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
