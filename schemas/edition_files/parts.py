"""What the blocks of several files have in common."""

from __future__ import annotations

from typing import Any

from marshmallow import post_load, validates_schema

from fee_service.model import Label
from schemas.edition_fields import (
    EDITION_ID,
    Block,
    ByName,
    Day,
    LabelSchema,
    Name,
    StrictSchema,
    Words,
    refusal,
)


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
