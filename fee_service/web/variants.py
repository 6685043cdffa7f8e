"""The variants of a quote, as the page that compares them carries them along."""

from __future__ import annotations

from typing import NamedTuple

import orjson

from fee_service.errors import FeeError
from fee_service.quotes import showing
from fee_service.strict_json import parse
from fee_service.web.carrying import Body
from fee_service.web.estimating import with_founding_date, without_founding_date
from fee_service.web.filling_in import Form, carrying
from fee_service.web.result import Result

MOST = 4
LONGEST_NAME = 60


class Variant(NamedTuple):
    """A request under a name."""

    name: str
    body: Body


def as_asked(name: str, result: Result, assumed: bool) -> Variant:
    """A variant that asks what was understood, without a founding date that was only assumed."""
    body = showing.as_asked(result.answer)
    return Variant(name, without_founding_date(body) if assumed else body)


def packed(variant: Variant, result: Result) -> str:
    """A variant as the page carries it along: its request as understood."""
    return orjson.dumps([*as_asked(variant.name, result, is_assumed(variant))]).decode()


def is_assumed(variant: Variant) -> bool:
    """Whether a founding date has to be assumed for it."""
    return with_founding_date(variant.body)[1]


def carried(form: Form) -> list[Variant]:
    """The variants as the page carries them along; what does not read as one is left out."""
    read = (_read(text) for text in form.getlist("variant")[:MOST])
    return [variant for variant in read if variant is not None]


def _read(text: str) -> Variant | None:
    try:
        name, body = parse(text.encode())
    except (FeeError, ValueError, TypeError):
        return None
    readable = isinstance(name, str) and isinstance(body, dict)
    return Variant(name[:LONGEST_NAME], body) if readable else None


def without(variants: list[Variant], place: str) -> list[Variant]:
    """The variants without the one at a place; the first, which the others are held against, stays."""
    return [each for number, each in enumerate(variants) if str(number) != place or number == 0]


def form_of_body(body: Body) -> Form:
    """The form of a request that the page carried along; it was understood before, but nobody vouches for it."""
    try:
        return carrying(body)
    except (KeyError, TypeError, AttributeError):
        return Form()
