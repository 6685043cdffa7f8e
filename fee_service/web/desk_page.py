"""The quoting desk at `/`: the form, the estimate beside it, and how it becomes a quote."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid4

import orjson
from flask import Response, jsonify, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from fee_service.errors import FeeError
from fee_service.http.context import editions, the_desk, today
from fee_service.quotes import issuing
from fee_service.quotes.calls import Call, Once
from fee_service.web.choices import (
    api_groups,
    asked_apis,
    exclusions,
    first_day,
    industries,
    list_for,
    not_offered,
    offers,
    qualifications,
)
from fee_service.web.echoing import echoes
from fee_service.web.estimating import Estimate, estimate
from fee_service.web.filling_in import Form
from fee_service.web.forms import DEFAULTS, Filled, filled, prior_rows
from fee_service.web.languages import _, page_language
from fee_service.web.saying import FieldError, field_errors
from fee_service.web.sessions import seated
from fee_service.web.shell import blueprint, call, element_id, page
from fee_service.web.shown_fields import ShownFields
from schemas import load
from schemas.quote import QuoteRequestSchema

NOBODY = Estimate(Filled({}, {}), None, [], False, True)


@blueprint.get("/")
def desk_page() -> Response:
    """The form with its defaults."""
    form = new_form()
    return form_page(form, NOBODY._replace(filled=filled(form, editions().catalogue.find)))


@blueprint.post("/")
def show_estimate() -> Response:
    """The estimate for a form, without any script."""
    made = estimate(request.form)
    return form_page(request.form, made, 422 if made.errors else 200)


@blueprint.post("/estimate")
def estimate_now() -> Response:
    """The estimate alone, for the script that refreshes it."""
    made = estimate(request.form)
    values: dict[str, Any] = {"estimate": made, "result": made.result}
    return jsonify(
        {
            "estimate": render_template("_estimate.html", **values),
            "details": render_template("_details.html", **values) if made.result else "",
            "errors": [{"id": element_id(error.field or "desk"), "message": error.message} for error in made.errors],
            "echoes": {element_id(field): words for field, words in echoes(made.filled, request.form, today()).items()},
        }
    )


@blueprint.post("/quotes")
def issue_quote() -> AnyResponse:
    """Issue the quote, or the revision, that the form asks for; or show what is wrong with it."""
    form = request.form
    understood = filled(form, editions().catalogue.find)
    loaded = load(QuoteRequestSchema, understood.body)
    asking = _asking(form, understood.body)
    try:
        if form.get("revises"):
            reply = issuing.revise(the_desk(), form["revises"], loaded, asking)
        else:
            reply = issuing.issue(the_desk(), loaded, asking)
    except FeeError as error:
        if error.status not in (409, 422):
            raise
        errors = field_errors(error.faults, understood, page_language())
        made = Estimate(understood, estimate(form).result, errors, False, False)
        return form_page(form, made, error.status)
    return redirect(url_for("web.quote_page", key=orjson.loads(reply.head)["number"]), 303)


def _asking(form: Form, body: Mapping[str, Any]) -> Call:
    """A call that is answered once for this page and this body: a second click finds the first answer."""
    told = json.dumps([form.get("revises"), body], sort_keys=True)  # numbers of any length may be typed
    digest = hashlib.sha256(told.encode()).hexdigest()
    page_id = hashlib.sha256(form.get("once", "").encode()).hexdigest()[:32]
    return call(Once(f"page-{page_id}-{digest[:32]}", digest))


@blueprint.errorhandler(CSRFError)
def stale_form(error: CSRFError) -> Response:
    """A form of an earlier session: everything typed is shown again, to be sent once more."""
    if seated() is not None and request.path in (url_for("web.desk_page"), url_for("web.issue_quote")):
        made = estimate(request.form)
        note = FieldError(None, _("You were signed out in between. Nothing is lost: please send it once more."))
        return form_page(request.form, made._replace(errors=[note, *made.errors]), 400)
    title = _("This page was open for too long")
    return page("problem.html", 400, title=title, text=_("Go back, reload the page and try again."))


def new_form() -> Form:
    form: Form = MultiDict(DEFAULTS)
    form["starts_on"] = today().isoformat()
    return form


def form_page(form: Form, made: Estimate, status: int = 200, former_start: date | None = None) -> Response:
    """The desk with a form as it was typed; `former_start` is the first day in whose place another is proposed."""
    price_list = list_for(form, editions(), today())
    offered, apis = offers(price_list), api_groups(editions(), first_day(form, today()))
    asked = asked_apis(form, apis, editions())
    answer = page(
        "desk.html",
        status,
        form=form,
        estimate=made,
        result=made.result,
        errors={error.field: error.message for error in made.errors if error.field},
        whole_errors=[error.message for error in made.errors if not error.field],
        error_list=made.errors,
        former_start=former_start,
        proposed_start=first_day(form, today()),
        once=form.get("once") or uuid4().hex,
        price_list=price_list,
        offers=offered,
        not_offered=not_offered(form, offered),
        api_groups=apis,
        asked=asked.by_id,
        also_asked=asked.others,
        shown=ShownFields(form),
        echoes=echoes(made.filled, form, today()),
        industries=industries(editions()),
        qualifications=qualifications(editions()),
        exclusions=exclusions(editions()),
        policies=editions().policies,
        price_lists=editions().price_lists,
        prior=[(first, last) for _, first, last in prior_rows(form)],
    )
    # the browser may keep the page, so that the back button finds it as it was left, to make the same quote
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
