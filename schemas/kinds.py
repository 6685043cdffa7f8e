"""Kinds of values that answers hold, written short: `a.text()`, `a.day(nullable=True)`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields

Field = fields.Field[Any]


def text(says: str = "", *, nullable: bool = False, **keywords: Any) -> Field:
    return fields.String(**_options(says, nullable, keywords))


def word(*choices: str, says: str = "", nullable: bool = False) -> Field:
    enum = [*choices, None] if nullable else [*choices]
    return fields.String(**_options(says, nullable, {"enum": enum}))


def number(says: str = "", *, nullable: bool = False, **keywords: Any) -> Field:
    return fields.Integer(**_options(says, nullable, keywords))


def krw(says: str = "KRW without VAT.", *, nullable: bool = False) -> Field:
    return fields.Integer(**_options(says, nullable, {}))


def flag(says: str = "", *, nullable: bool = False) -> Field:
    return fields.Boolean(**_options(says, nullable, {}))


def day(says: str = "", *, nullable: bool = False) -> Field:
    return fields.Date(**_options(says, nullable, {}))


def one(schema: type[Schema], says: str = "", *, nullable: bool = False) -> Field:
    return fields.Nested(schema, **_options(says, nullable, {}))


def many(schema: type[Schema], says: str = "") -> Field:
    return fields.List(fields.Nested(schema), **_options(says, nullable=False, keywords={}))


def words(says: str = "", *, nullable: bool = False) -> Field:
    return fields.List(fields.String(), **_options(says, nullable, {}))


def by_name(values: Field, says: str = "") -> Field:
    return fields.Dict(keys=fields.String(), values=values, **_options(says, nullable=False, keywords={}))


def _options(says: str, nullable: bool, keywords: Mapping[str, Any]) -> dict[str, Any]:
    described = {"description": says} if says else {}
    return {"required": True, "allow_none": nullable, "metadata": {**described, **keywords}}


def anything(says: str = "") -> Field:
    return fields.Raw(**_options(says, nullable=True, keywords={}))


PROSE = "Korean, English or both, as Accept-Language asks."


class LabelSchema(Schema):
    """A published name in both languages."""

    ko = text()
    en = text()


def label(says: str = "", *, nullable: bool = False) -> Field:
    return one(LabelSchema, says, nullable=nullable)
