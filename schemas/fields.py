"""Strict fields: nothing is converted silently, and every fault of a request is found in one reading.

`load` reads a request through a schema. It walks the schema's own fields but neither raises nor merges
error messages as `Schema.load` does: each field's `read` adds its `Fault`s, with a JSON Pointer, to one
list, so valid parts survive and an index in a pointer is the index in the request; it takes half the
time. `Schema.load` refuses the same values.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from enum import Enum
from functools import cache
from typing import Any, ClassVar, NamedTuple

from marshmallow import RAISE, Schema, ValidationError, fields, missing

from fee_service import business_number
from fee_service.errors import Fault, pointer
from fee_service.model import Text
from fee_service.spelling import by_likeness, cleaned

MOST_COUNT = 10**9
MOST_WON = 10**16
FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(2199, 12, 31)
MOST_HIDDEN = 8  # characters that may be sent for one that is kept: a syllable in its parts, marks around it
MOST_UNKNOWN_FIELDS = 10  # of one object that are named one by one
# Control characters, breaks of lines and paragraphs, lone surrogates, and what is no character at all.
UNWANTED = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
# Spaces, fillers and marks without a shape of their own: a text of nothing else cannot be seen.
UNSEEN = re.compile(
    "[\\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0]*"
)

INVALID = missing  # what `read` answers for a value that it refused

Faults = list[Fault]


class Loaded(NamedTuple):
    """Everything valid in a request, and everything wrong with its structure.

    Absent and invalid fields are absent in `values`; an invalid item of a list keeps its place as None.
    """

    values: dict[str, Any]
    faults: Faults


def load(schema_class: type[StrictSchema], data: object) -> Loaded:
    """Read a parsed JSON value through a schema, with all faults at once."""
    faults: Faults = []
    values = _instance(schema_class).read(data, "", faults)
    return Loaded({} if values is INVALID else values, faults)


@cache
def needs_something(schema_class: type[StrictSchema]) -> bool:
    """Whether an empty request lacks a field."""
    return any(field.required for field in _instance(schema_class).load_fields.values())


# -- how a value is shown in a message -----------------------------------------------------------------


def shown(value: object) -> str:
    """A JSON value as a message shows it: short, and safe to encode."""
    if isinstance(value, dict | list):
        return "{…}" if isinstance(value, dict) else "[…]"
    text = json.dumps(value[:60] if isinstance(value, str) else value, ensure_ascii=False)
    text = UNWANTED.sub("\N{REPLACEMENT CHARACTER}", text)
    return text if len(text) <= 42 else text[:40] + ('…"' if text[0] == '"' else "…")


def nearest_first(wanted: object, known: Iterable[str]) -> tuple[str, ...]:
    """Known names, those most like the wanted one first."""
    return tuple(by_likeness(wanted, known) if isinstance(wanted, str) and len(wanted) <= 60 else known)


# -- objects -------------------------------------------------------------------------------------------


class StrictSchema(Schema):
    """A schema whose fields are all `Strict`; an unknown field is a fault."""

    at_least_one_of: ClassVar[tuple[str, ...]] = ()  # for the documentation; intake sees to it

    class Meta:
        unknown = RAISE

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        own = {name: field for name, field in self.load_fields.items() if isinstance(field, Strict)}
        self._readers = {name: field.read for name, field in own.items()}
        self._nullable = frozenset(name for name, field in own.items() if field.allow_none)
        self._required = tuple(name for name, field in own.items() if field.required)

    def read(self, data: object, place: str, faults: Faults) -> Any:
        """The valid fields of an object; INVALID where it is none."""
        if not isinstance(data, dict):
            faults.append(Fault("not_an_object", place, {"value": shown(data)}))
            return INVALID
        values: dict[str, Any] = {}
        unknown = []
        for name, value in data.items():
            reader = self._readers.get(name)
            if reader is None:
                unknown.append(name)
            elif value is None and name in self._nullable:
                values[name] = None
            elif (read := reader(value, f"{place}/{name}", faults)) is not INVALID:
                values[name] = read
        if unknown:
            faults.extend(self._unknown(unknown, place))
        for name in self._required:
            if name not in data:
                faults.append(Fault("missing_field", f"{place}/{name}", {"field": name}))
        return values

    def _unknown(self, names: list[str], place: str) -> Iterable[Fault]:
        for name in names[:MOST_UNKNOWN_FIELDS]:
            known = nearest_first(name, self._readers)
            yield Fault("unknown_field", place + pointer(name), {"field": shown(name), "known": known})
        if len(names) > MOST_UNKNOWN_FIELDS:
            more = f"{len(names) - MOST_UNKNOWN_FIELDS:,}"
            yield Fault("unknown_fields", place, {"count": more, "known": nearest_first(None, self._readers)})


@cache
def _instance(schema_class: type[StrictSchema]) -> StrictSchema:
    """Schemas hold no state of a request: one instance serves all."""
    return schema_class()


# -- single values -------------------------------------------------------------------------------------


class Strict:
    """A field that reads a JSON value as it stands or says what is wrong with it."""

    allow_none: bool
    required: bool

    def read(self, value: Any, place: str, faults: Faults) -> Any:
        """The value as it is used inside, or INVALID and at least one more fault."""
        raise NotImplementedError

    def _deserialize(self, value: Any, attr: str | None, data: object, **kwargs: Any) -> Any:
        """The same rules for `Schema.load`."""
        faults: Faults = []
        read = self.read(value, "", faults)
        if faults:
            raise ValidationError([fault.code for fault in faults])
        return read


def refused(faults: Faults, code: str, place: str, value: object, **params: object) -> Any:
    """Note a fault of a value."""
    faults.append(Fault(code, place, {"value": shown(value), **params}))
    return INVALID


class Whole(Strict, fields.Integer):
    """A JSON integer within bounds; true, 2.0 and "2" are none."""

    not_integer = "not_an_integer"

    def __init__(self, minimum: int = 0, maximum: int = MOST_COUNT, **options: Any) -> None:
        self.minimum, self.maximum = minimum, maximum
        super().__init__(**documented(options, minimum=minimum, maximum=maximum))

    def read(self, value: Any, place: str, faults: Faults) -> Any:
        if value.__class__ is not int:
            return refused(faults, self.not_integer, place, value)
        if self.minimum <= value <= self.maximum:
            return value
        bounds = {"minimum": f"{self.minimum:,}", "maximum": f"{self.maximum:,}"}
        return refused(faults, "out_of_range", place, value, **bounds)


class Won(Whole):
    """An amount in whole won."""

    not_integer = "amount_not_integer"

    def __init__(self, **options: Any) -> None:
        super().__init__(0, MOST_WON, **options)


class Flag(Strict, fields.Boolean):
    """true or false, nothing that only looks like it."""

    def read(self, value: Any, place: str, faults: Faults) -> Any:
        return value if value.__class__ is bool else refused(faults, "not_a_boolean", place, value)


class WrittenFlag(Strict, fields.Boolean):
    """true or false as it is written in a query string."""

    choices: ClassVar[Mapping[str, bool]] = {"true": True, "false": False}

    def read(self, value: Any, place: str, faults: Faults) -> Any:
        if value.__class__ is str and value in self.choices:
            return self.choices[value]
        return refused(faults, "unknown_value", place, value, allowed=nearest_first(value, self.choices))


class Day(Strict, fields.Date):
    """A day of the calendar, written YYYY-MM-DD and nothing else."""

    def read(self, value: Any, place: str, faults: Faults) -> Any:
        # date.fromisoformat alone would also take 20260101 and 2026-W01-1
        if value.__class__ is not str or len(value) != 10 or value[4] != "-" or value[7] != "-":
            return refused(faults, "invalid_date", place, value)
        try:
            day = date.fromisoformat(value)
        except ValueError:
            return refused(faults, "invalid_date", place, value)
        if FIRST_DAY <= day <= LAST_DAY:
            return day
        bounds = {"minimum": FIRST_DAY.isoformat(), "maximum": LAST_DAY.isoformat()}
        return refused(faults, "out_of_range", place, value, **bounds)


class OneOf(Strict, fields.String):
    """One of a few words; read as the member where the choices are an enum."""

    def __init__(self, choices: type[Enum] | Iterable[str], **options: Any) -> None:
        self.choices: Mapping[Any, Any] = (
            {member.value: member for member in choices}
            if isinstance(choices, type)
            else {choice: choice for choice in choices}
        )
        words = [*self.choices, None] if options.get("allow_none") else [*self.choices]
        super().__init__(**documented(options, enum=words))

    def read(self, value: Any, place: str, faults: Faults) -> Any:
        if value.__class__ is str and value in self.choices:
            return self.choices[value]
        return refused(faults, "unknown_value", place, value, allowed=nearest_first(value, self.choices))


class Words(Strict, fields.String):
    """Text of any script as `spelling.cleaned` keeps it, without control characters and lone surrogates."""

    def __init__(self, longest: int, **options: Any) -> None:
        self.longest = longest
        super().__init__(**documented(options, minLength=1, maxLength=longest))

    def read(self, value: Any, place: str, faults: Faults) -> Any:
        if value.__class__ is not str:
            return refused(faults, "not_text", place, value)
        text = cleaned(value) if len(value) <= MOST_HIDDEN * self.longest else value
        if not text or text.isspace():
            return refused(faults, "empty_text", place, value)
        if len(text) > self.longest:
            return refused(faults, "text_too_long", place, value, maximum=str(self.longest))
        if not text.isprintable() and UNWANTED.search(text):  # isprintable refuses wide spaces, too
            return refused(faults, "invalid_text", place, value)
        return text


class Name(Words):
    """Text of which something can be seen."""

    def read(self, value: Any, place: str, faults: Faults) -> Any:
        if value.__class__ is str and UNSEEN.fullmatch(value):
            return refused(faults, "empty_text", place, value)
        return super().read(value, place, faults)


class BusinessNumber(Words):
    """A business registration number, read as it is printed; says which part of another text is wrong."""

    def __init__(self, **options: Any) -> None:
        super().__init__(40, **options)

    def read(self, value: Any, place: str, faults: Faults) -> Any:
        text = super().read(value, place, faults)
        if text is INVALID:
            return INVALID
        number, wrong = business_number.read(text)
        if number is None:
            why = tuple(Text(code) for code in wrong)
            faults.append(Fault("invalid_business_number", place, {"value": shown(value), "why": why}))
            return INVALID
        return number


# -- containers ----------------------------------------------------------------------------------------


class Nest(Strict, fields.Nested):  # type: ignore[misc]  # Nested annotates _deserialize more narrowly
    """An object inside an object."""

    def read(self, value: Any, place: str, faults: Faults) -> Any:
        schema: Any = self.schema
        return schema.read(value, place, faults)


class ListOf(Strict, fields.List[Any]):
    """A list in which an invalid item keeps its place as None."""

    def __init__(self, inner: Any, most: int, least: int = 0, **options: Any) -> None:
        self.most, self.least = most, least
        bounds = {"minItems": least} if least else {}
        super().__init__(inner, **documented(options, maxItems=most, **bounds))

    def read(self, value: Any, place: str, faults: Faults) -> Any:
        if value.__class__ is not list:
            return refused(faults, "not_a_list", place, value)
        count = len(value)
        if count > self.most:
            faults.append(Fault("too_many", place, {"count": f"{count:,}", "maximum": str(self.most)}))
        elif count < self.least:
            faults.append(Fault("too_few", place, {"count": str(count), "minimum": str(self.least)}))
        read = self.inner.read  # type: ignore[attr-defined]
        items = [read(item, f"{place}/{i}", faults) for i, item in enumerate(value[: self.most])]
        return [None if item is INVALID else item for item in items] if INVALID in items else items


def documented(options: dict[str, Any], **keywords: Any) -> dict[str, Any]:
    """A field's options with JSON Schema keywords beside what its metadata already says."""
    return {**options, "metadata": {**keywords, **options.get("metadata", {})}}
