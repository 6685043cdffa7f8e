"""Strict fields for the files of pricing_tables/: nothing is guessed, rounded or turned into something else.

Every message has two lines: what is wrong, and what to do about it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validates_schema
from marshmallow.types import ErrorMessages

from fee_service.model import Label
from fee_service.spelling import nearest

MOST_WON = 1_000_000_000_000  # a larger amount is a slip of the pen, and sums must fit 64 bits


def refusal(what: str, hint: str, at: str | None = None) -> ValidationError:
    """A fault of a value, or of its key `at`: what is wrong, and the next step."""
    message = f"{what}\n{hint}"
    return ValidationError({at: [message]} if at else message)


def unknown_key(key: str, known: Sequence[str]) -> ValidationError:
    """A key that means nothing here, with the nearest one that does."""
    hint = _nearest(key, known) or f"Known here: {', '.join(known)}."
    return refusal("is not a known key", hint, at=key)


def _nearest(word: str, known: Sequence[str]) -> str:
    close = nearest(word, known)
    return f"Did you mean {close[0]}?" if close else ""


class Collected:
    """Reads the parts of a value one by one and keeps the faults of all."""

    def __init__(self) -> None:
        self.faults: dict[Any, Any] = {}

    def read(self, key: str | int, reader: Callable[[Any], Any], value: object) -> Any:
        """What the reader makes of a part; None where it refuses it."""
        try:
            return reader(value)
        except ValidationError as error:
            self.faults[key] = error.messages
            return None

    def raise_faults(self) -> None:
        if self.faults:
            raise ValidationError(self.faults)


class StrictSchema(Schema):
    """Refuses unknown keys by name, with the nearest known one."""

    error_messages = {  # noqa: RUF012 - never written to
        "type": "is not a block of keys\nWrite its keys on lines of their own, indented.",
    }

    class Meta:
        unknown = EXCLUDE  # refused below, with a hint

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def refuse_unknown_keys(self, _data: Any, original: Any, **_: Any) -> None:
        collected = Collected()
        for key in original if isinstance(original, dict) else ():
            if key not in self.fields:
                collected.faults.update(unknown_key(key, list(self.fields)).messages_dict)
        collected.raise_faults()


class _Strict:
    default_error_messages: ErrorMessages = {  # noqa: RUF012 - never written to
        "required": "is missing\nAdd it; pricing_tables/README.md says what it holds.",
        "null": "is empty\nGive it a value.",
        "type": "is not a block of keys\nWrite its keys on lines of their own, indented.",
        "invalid": "is not a list\nWrite it in brackets, or each item on a line of its own behind a dash.",
    }


class Words(_Strict, fields.Field[Any]):
    """A text that is not empty."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str):
            raise refusal("is not text", "Write words; put digits in quotes.")
        if not value.strip():
            raise refusal("is empty", "Write the text between the quotes.")
        if value != value.strip() or "\n" in value:
            hint = "Write it on one line, without blanks at its ends."
            raise refusal("has a blank or a line break too many", hint)
        return value


class Name(Words):
    """A word that other places refer to."""

    def __init__(self, pattern: str = r"[A-Za-z0-9]+([_-][A-Za-z0-9]+)*", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.pattern = re.compile(pattern)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        word: str = super()._deserialize(value, attr, data, **kwargs)
        if not self.pattern.fullmatch(word):
            raise refusal(f'"{word}" does not have the form of a name here', _form_of(self.pattern.pattern))
        return word


def _form_of(pattern: str) -> str:
    return _FORMS.get(pattern, "Use letters and digits, joined by _ or -.")


LICENCE_KEY = r"[A-Za-z0-9_]+:[A-Za-z0-9_]+"
INDUSTRY = r"[A-Z][0-9]{0,2}"
EDITION_ID = r"[a-z0-9]+(-[a-z0-9]+)*"
_FORMS = {
    LICENCE_KEY: "Write contract:product, e.g. real_time:securities_a.",
    INDUSTRY: 'Write the letter of the section or letter and division, e.g. "C26".',
    EDITION_ID: "Use small letters and digits, joined by -.",
}


class OneOf(Words):
    """One of a few words."""

    def __init__(self, *words: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.words = [str(word) for word in words]

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        word: str = super()._deserialize(value, attr, data, **kwargs)
        if word not in self.words:
            hint = f"{_nearest(word, self.words)} It is one of: {', '.join(self.words)}.".strip()
            raise refusal(f'"{word}" is not known here', hint)
        return word


class WholeNumber(_Strict, fields.Field[int]):
    """A whole number within bounds."""

    def __init__(self, at_least: int = 0, at_most: int = MOST_WON, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.at_least, self.at_most = at_least, at_most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        return whole_number(value, self.at_least, self.at_most)


def whole_number(value: object, at_least: int = 0, at_most: int = MOST_WON) -> int:
    """The value itself; text, fractions, true and false are no numbers."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise refusal("is not a whole number", "Write digits only, without quotes, commas or a unit.")
    if not at_least <= value <= at_most:
        raise refusal(f"{value} is out of bounds", f"It lies between {at_least} and {at_most}.")
    return value


class Flag(_Strict, fields.Field[bool]):
    """true or false."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise refusal("is neither true nor false", "Write true or false, without quotes.")
        return value


class Day(Words):
    """A day, written "YYYY-MM-DD"."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        return day(super()._deserialize(value, attr, data, **kwargs))


def day(text: str) -> date:
    """The day that "YYYY-MM-DD" names; 9999-12-31 and the like stand for no day."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise refusal(f'"{text}" is not a date', 'Write it as "2018-07-01".')
    try:
        read = date.fromisoformat(text)
    except ValueError:
        raise refusal(f"{text} does not exist in the calendar", "Check the month and the day.") from None
    if not 1900 <= read.year <= 2199:
        raise refusal(f"{text} is out of bounds", "Leave out a last day that is not known.")
    return read


class Percent(Words):
    """A rate, written "10%"."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Fraction:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        if not re.fullmatch(r"[0-9]{1,2}(\.[0-9]{1,4})?%", text):
            raise refusal(f'"{text}" is not a rate under 100 %', 'Write it as "10%" or "7.5%".')
        return Fraction(text[:-1]) / 100


class Block(_Strict, fields.Nested):
    """Keys of their own."""


class Several(_Strict, fields.List[Any]):
    """A list that is not empty and names nothing twice."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        items = super()._deserialize(value, attr, data, **kwargs)
        if not items:
            raise refusal("is an empty list", "Name at least one; where the key is optional, leave it out.")
        for position, item in enumerate(items):
            if isinstance(item, str) and item in items[:position]:
                raise refusal(f'names "{item}" twice', "Keep one of them.")
        return items


class ByName(_Strict, fields.Field[dict[str, Any]]):
    """A block whose keys are names: each value is read by the same field."""

    def __init__(self, value: fields.Field[Any], names: Words | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.value, self.names = value, names or Name()

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self.make_error("type")
        if not value:
            raise refusal("is empty", "Name at least one.")
        collected = Collected()
        read = {name: collected.read(name, self.value.deserialize, item) for name, item in value.items()}
        for name in value:
            collected.read(name, self.names.deserialize, name)
        collected.raise_faults()
        return read


class Dated(_Strict, fields.Field[Any]):
    """Numbers by the day from which they hold, in the order of time; `earlier` holds before the first."""

    def __init__(self, at_most: int = MOST_WON, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.at_most = at_most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[tuple[date, int]]:
        if not isinstance(value, dict):
            raise self.make_error("type")
        if next(iter(value), None) != "earlier":
            raise refusal("does not begin with earlier", "earlier says what holds before the first date.")
        collected = Collected()
        dated = [collected.read(key, self._entry, (key, number)) for key, number in value.items()]
        collected.raise_faults()
        if dated != sorted(dated, key=lambda entry: entry[0]):
            raise refusal("has dates out of order", "Sort them upwards.")
        return dated

    def _entry(self, entry: tuple[str, object]) -> tuple[date, int]:
        key, number = entry
        return (date.min if key == "earlier" else day(key)), whole_number(number, 1, self.at_most)


class LabelSchema(StrictSchema):
    """A published name or a sentence in both languages."""

    ko = Words(required=True)
    en = Words(required=True)

    @post_load
    def label(self, data: dict[str, Any], **_: Any) -> Label:
        return Label(data["ko"], data["en"])
