"""pricing_tables/apis.yaml: licences with their endpoints, and families."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import validates_schema

from schemas.edition_fields import (
    LICENCE_KEY,
    Block,
    ByName,
    Day,
    Flag,
    LabelSchema,
    Name,
    OneOf,
    Several,
    StrictSchema,
    Words,
    refusal,
)
from schemas.edition_files.parts import NamedCitedSchema, NamedSchema, SourceSchema


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
