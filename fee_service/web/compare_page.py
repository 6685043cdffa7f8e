"""Up to four variants of a quote side by side; one click makes another."""

from __future__ import annotations

from collections.abc import Sequence

import orjson
from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from fee_service.answers.quote import comparison_answer
from fee_service.errors import Fault
from fee_service.http.context import editions, the_desk, today
from fee_service.periods import first_of_month_after
from fee_service.quotes import previewing
from fee_service.web.desk_page import form_page
from fee_service.web.estimating import Estimate, estimate, with_founding_date
from fee_service.web.filling_in import Form
from fee_service.web.forms import filled
from fee_service.web.languages import _, page_language
from fee_service.web.one_click import makers, one_more
from fee_service.web.result import Result
from fee_service.web.saying import FieldError, field_errors
from fee_service.web.shell import blueprint, page
from fee_service.web.variants import MOST, Variant, as_asked, carried, form_of_body, is_assumed, packed, without
from schemas import load
from schemas.quote import QuoteRequestSchema


@blueprint.get("/compare")
def no_comparison() -> AnyResponse:
    """Nothing to compare yet: to the desk."""
    return redirect(url_for("web.desk_page"))


@blueprint.post("/compare")
def compare_page() -> Response:
    """The variants so far, with one more or one less."""
    return comparison(request.form)


def comparison(form: Form) -> Response:
    """The variants of a form, whether it was posted just now or before signing in."""
    if "from_desk" not in form:
        return _go_on(carried(form), form)
    made = estimate(form)
    if made.result is None:
        return _nothing_asked(form, made)
    return _go_on([as_asked(_("As asked for"), made.result, made.assumed)], form)


def _go_on(variants: list[Variant], form: Form) -> Response:
    """One of the variants at the desk, or all of them as the form changes them."""
    if "take" in form:
        return _at_the_desk(variants, form["take"])
    return _side_by_side(_changed(variants, form))


def _nothing_asked(form: Form, made: Estimate) -> Response:
    nothing = FieldError("licences", _("Choose at least one licence or API."))
    return form_page(form, made._replace(errors=made.errors or [nothing]), 422)


def _changed(variants: list[Variant], form: Form) -> list[Variant]:
    """The variants without the one that was dropped, with the one that was asked for, as long as there is room."""
    left = without(variants, form["drop"]) if "drop" in form else variants
    wants_more = "add" in form and left and len(left) < MOST
    more = one_more(left[0].body, form) if wants_more else None
    return [*left, more] if more is not None else left


def _at_the_desk(variants: list[Variant], place: str) -> Response:
    """A variant as a form, to go on with it."""
    for number, variant in enumerate(variants):
        if str(number) == place:
            form = form_of_body(variant.body)
            return form_page(form, estimate(form))
    return page("problem.html", 422, title=_("Nothing to compare"))


def _side_by_side(variants: list[Variant]) -> Response:
    """Every variant that can be quoted, and what is wrong with the others."""
    asked = [(each.name, load(QuoteRequestSchema, with_founding_date(each.body)[0])) for each in variants]
    tried = previewing.compare_each(asked, editions(), today(), the_desk().ledger)
    by_variant = list(zip(variants, tried.faults, strict=True))
    wrong = [text for variant, faults in by_variant for text in _told(variant, faults)]
    kept = [variant for variant, faults in by_variant if not faults]
    if not kept:
        return page("problem.html", 422, title=_("Nothing to compare"), text=" ".join(wrong))
    answer = orjson.loads(comparison_answer(tried.comparison, page_language()))
    results = [Result(each, page_language(), editions()) for each in answer["quotes"]]
    return _page(kept, results, answer["differences"], wrong)


def _told(variant: Variant, faults: Sequence[Fault]) -> list[str]:
    """What is wrong with a variant, under its name."""
    if not faults:
        return []
    told = field_errors(faults, filled(form_of_body(variant.body)), page_language())
    return [f"{variant.name}: {each.message}" for each in told]


def _page(variants: list[Variant], results: list[Result], differences: list[object], wrong: list[str]) -> Response:
    first = results[0].answer
    return page(
        "compare.html",
        422 if wrong else 200,
        title=_("Variants side by side"),
        variants=variants,
        packed=[packed(variant, result) for variant, result in zip(variants, results, strict=True)],
        assumed=any(map(is_assumed, variants)),
        results=results,
        differences=differences,
        makers=makers(first["request"]) if len(variants) < MOST else {},
        policies=[each for each in editions().policies if each.id != first["waiver"]["policy"]],
        next_month=first_of_month_after(results[0].time.starts_on, 1),
        wrong=wrong,
        most=MOST,
    )
