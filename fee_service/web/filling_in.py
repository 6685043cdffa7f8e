"""The form of the desk filled in from a request: to revise a quote, to issue one more, to go on with a variant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson
from werkzeug.datastructures import MultiDict

from fee_service.errors import FeeError
from fee_service.strict_json import parse
from fee_service.web.carrying import Body

Form = MultiDict[str, str]

BASE = "base"  # the request that a form was made from
FIGURES = "figures"  # the size is to be decided from figures
USAGE = {"standard": "standard_ids", "personal": "personal_ids", "queries": "queries"}


def licence_field(contract: str, product: str) -> str:
    """The name of the box that takes a product."""
    return f"{contract}.{product}"


def carrying(request: Body) -> Form:
    """The form that shows a request, and carries it along for what no field shows."""
    form = form_of(request)
    form[BASE] = orjson.dumps(_said(request)).decode()
    return form


def _said(value: Any) -> Any:
    """A request without the fields in which nothing is said."""
    if isinstance(value, dict):
        return {name: _said(each) for name, each in value.items() if each is not None}
    return value


def base_of(form: Form) -> Body | None:
    """The request that a form carries; None where there is none, or what nobody here wrote."""
    try:
        base = parse(form[BASE].encode())
        form_of(base)
    except (FeeError, KeyError, TypeError, ValueError, AttributeError):
        return None
    return base if isinstance(base, dict) else None


def form_of(request: Mapping[str, Any]) -> Form:
    """The form that shows a request as understood, to revise it or to make a variant."""
    company = request["company"]
    form: Form = MultiDict()
    pairs = [
        ("company_name", company.get("name")),
        ("business_number", company.get("business_number")),
        ("founded_on", company.get("founded_on")),
        ("size", FIGURES if company.get("size_evidence") else company.get("size")),
        ("qualification", company.get("qualification")),
        ("is_corporation", "1" if company.get("corporation") else None),
        ("not_corporation", "1" if company.get("corporation") is False else None),
        ("no_exclusions", "1" if company.get("exclusions") == [] else None),
        *(("exclusions", exclusion) for exclusion in company.get("exclusions") or ()),
        *_figure_fields(company.get("size_evidence") or {}),
        *(("apis", name) for name in request.get("apis") or ()),
        *(pair for licence in request.get("licences") or () for pair in _licence_fields(licence)),
        ("channel", request.get("channel")),
        ("api_calls", request.get("api_calls_per_month")),
        ("starts_on", request.get("starts_on")),
        ("ends_on", request.get("ends_on")),
        ("months", request.get("months")),
        ("test_months", request.get("test_months") or None),
        ("waiver_policy", request.get("waiver_policy")),
        ("price_list", request.get("price_list")),
        *(("prior_from", period["starts_on"]) for period in request.get("prior_waiver") or ()),
        *(("prior_to", period["ends_on"]) for period in request.get("prior_waiver") or ()),
    ]
    for name, value in pairs:
        if value is not None:
            form.add(name, str(value))
    return form


def _figure_fields(evidence: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in evidence.items():
        yield name, ("1" if value else None) if isinstance(value, bool) else value


def _licence_fields(licence: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    name = licence_field(licence["contract"], licence["product"])
    yield name, "1"
    yield f"{name}.affiliate", "1" if licence.get("affiliate_extension") else None
    yield from ((f"{name}.options", option) for option in licence.get("options", ()))
    yield from ((f"{name}.non_display", use) for use in licence.get("non_display_use", ()))
    sets, recovery = licence.get("reception_sets", 1), licence.get("disaster_recovery_sets", 0)
    yield f"{name}.sets", None if sets == 1 else sets
    yield f"{name}.recovery", recovery or None
    usage = licence.get("usage") or {}
    yield from ((f"{name}.{field}", usage.get(key) or None) for field, key in USAGE.items())


def kept_fields(form: Form, without: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Everything that was typed, as hidden fields to carry it through another page."""
    left_out = {"csrf_token", *without}
    return [(name, value) for name, values in form.lists() if name not in left_out for value in values]
