"""From a form to an estimate, by the same functions as the API; every rule lives below."""

from __future__ import annotations

from typing import Any, NamedTuple

import orjson

from fee_service.answers.quote import quote_answer
from fee_service.errors import FeeError
from fee_service.http.context import editions, the_desk, today
from fee_service.periods import months_after
from fee_service.quotes import previewing
from fee_service.web.carrying import Body
from fee_service.web.filling_in import Form
from fee_service.web.forms import Filled, filled
from fee_service.web.languages import page_language
from fee_service.web.result import Result
from fee_service.web.saying import FieldError, field_errors
from fee_service.web.sessions import sells
from schemas import load
from schemas.quote import QuoteRequestSchema

ASSUMED_AGE = 36  # months: how old a company is taken to be until its founding date is given


class Estimate(NamedTuple):
    """What a form comes to: a result, or what is wrong with it, or (for an empty form) neither."""

    filled: Filled
    result: Result | None
    errors: list[FieldError]
    assumed: bool  # the founding date was assumed
    empty: bool  # nothing is asked for yet


def with_founding_date(body: Body) -> tuple[Body, bool]:
    """A request that can be estimated, and whether its founding date had to be assumed."""
    company = body.get("company")
    if not isinstance(company, dict) or company.get("founded_on") is not None:
        return body, False
    return {**body, "company": {**company, "founded_on": months_after(today(), -ASSUMED_AGE).isoformat()}}, True


def without_founding_date(body: Body) -> Body:
    """A request whose founding date was assumed, as it was asked for."""
    return {**body, "company": {**body["company"], "founded_on": None}}


def estimate(form: Form) -> Estimate:
    """What the form would come to. Without a founding date one is assumed, which no quote that is issued does."""
    understood = filled(form, editions().catalogue.find)
    empty = not understood.body.get("apis") and not understood.body.get("licences")
    body, assumed = with_founding_date(understood.body)
    try:
        made = previewing.preview(load(QuoteRequestSchema, body), editions(), today(), the_desk().ledger)
    except FeeError as error:
        errors = field_errors(error.faults, understood, page_language())
        if empty:
            errors = [each for each in errors if each.field != "licences"]
        return Estimate(understood, None, errors, assumed, empty)
    answer = orjson.loads(quote_answer(made, page_language()))
    if assumed:
        _mark_as_assumed("company_age", answer)
    return Estimate(understood, Result(answer, page_language(), editions(), for_seller=sells()), [], assumed, empty)


def _mark_as_assumed(code: str, answer: dict[str, Any]) -> None:
    """A condition that rests on a day that nobody gave is met by nobody yet."""
    for condition in answer["waiver"]["conditions"]:
        condition["assumed"] = condition["assumed"] or condition["code"] == code
