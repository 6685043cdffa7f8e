"""Up to four variants of a quote side by side; one click makes another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any, NamedTuple

import orjson
from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from fee_service.answers.quote import Comparison, comparison_answer
from fee_service.errors import FeeError
from fee_service.http.context import editions, the_desk, today
from fee_service.periods import first_of_month_after, months_after
from fee_service.published.editions import NotFound
from fee_service.quotes import previewing, showing
from fee_service.rules.quoting import Quote
from fee_service.strict_json import parse
from fee_service.web.choices import list_for
from fee_service.web.desk_page import form_page
from fee_service.web.estimating import estimate, with_founding_date, without_founding_date
from fee_service.web.filling_in import Form, carrying, form_of
from fee_service.web.forms import filled
from fee_service.web.languages import _, as_day, page_language
from fee_service.web.result import Result
from fee_service.web.saying import FieldError, field_errors
from fee_service.web.shell import blueprint, page
from fee_service.web.typed import day_of, number_of
from schemas import load
from schemas.quote import QuoteRequestSchema

MOST = 4
LONGEST_NAME = 60
Body = dict[str, Any]


class Variant(NamedTuple):
    name: str
    body: Body


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
    if "from_desk" in form:
        made = estimate(form)
        if made.result is None:
            nothing = FieldError("licences", _("Choose at least one licence or API."))
            return form_page(form, made._replace(errors=made.errors or [nothing]), 422)
        asked = showing.as_asked(made.result.answer)
        variants = [Variant(_("As asked for"), without_founding_date(asked) if made.assumed else asked)]
    else:
        variants = _variants(form)
    if "take" in form:
        return _at_the_desk(variants, form["take"])
    if "drop" in form:
        variants = [each for place, each in enumerate(variants) if str(place) != form["drop"] or place == 0]
    wrong: list[str] = []
    if "add" in form and variants and len(variants) < MOST:
        one_more = _one_more(variants[0].body, form)
        if one_more is not None:
            variants.append(one_more)
    quotes: list[Quote] = []
    kept: list[Variant] = []
    for variant in variants:
        try:
            body, _assumed = with_founding_date(variant.body)
            quotes.append(previewing.preview(load(QuoteRequestSchema, body), editions(), today(), the_desk().ledger))
            kept.append(variant)
        except FeeError as error:
            understood = filled(form_of_body(variant.body))
            told = field_errors(error.faults, understood, page_language())
            wrong += [f"{variant.name}: {each.message}" for each in told]
    if not kept:
        return page("problem.html", 422, title=_("Nothing to compare"), text=" ".join(wrong))
    return _page(kept, quotes, wrong)


def _page(variants: list[Variant], quotes: list[Quote], wrong: list[str]) -> Response:
    names = tuple(variant.name for variant in variants)
    answer = orjson.loads(comparison_answer(Comparison(names, tuple(quotes)), page_language()))
    results = [Result(each, page_language(), editions()) for each in answer["quotes"]]
    return page(
        "compare.html",
        422 if wrong else 200,
        title=_("Variants side by side"),
        variants=variants,
        packed=[orjson.dumps(packed).decode() for packed in map(_packed, variants, results)],
        assumed=any(with_founding_date(variant.body)[1] for variant in variants),
        results=results,
        differences=answer["differences"],
        makers=_makers(results[0].answer["request"]) if len(variants) < MOST else {},
        policies=[each for each in editions().policies if each.id != results[0].answer["waiver"]["policy"]],
        next_month=first_of_month_after(results[0].starts_on, 1),
        wrong=wrong,
        most=MOST,
    )


def _packed(variant: Variant, result: Result) -> list[Any]:
    """A variant as the page carries it along: its request as understood, without what was only assumed."""
    asked = showing.as_asked(result.answer)
    return [variant.name, without_founding_date(asked) if with_founding_date(variant.body)[1] else asked]


def _variants(form: Form) -> list[Variant]:
    """The variants as the page carries them along; what does not read as one is left out."""
    found = []
    for text in form.getlist("variant")[:MOST]:
        try:
            name, body = parse(text.encode())
        except (FeeError, ValueError, TypeError):
            continue
        if isinstance(name, str) and isinstance(body, dict):
            found.append(Variant(name[:LONGEST_NAME], body))
    return found


def _at_the_desk(variants: list[Variant], place: str) -> Response:
    """A variant as a form, to go on with it."""
    for number, variant in enumerate(variants):
        if str(number) == place:
            form = form_of_body(variant.body)
            return form_page(form, estimate(form))
    return page("problem.html", 422, title=_("Nothing to compare"))


def form_of_body(body: Body) -> Form:
    """The form of a request that the page carried along; it was understood before, but nobody vouches for it."""
    try:
        return carrying(body)
    except (KeyError, TypeError, AttributeError):
        return Form()


# -- how one click changes a request ---------------------------------------------------------------------


def _makers(asked: Mapping[str, Any]) -> dict[str, str]:
    """What one click can make of a request, by name; only what would change it."""
    contracts = {licence["contract"] for licence in asked["licences"]}
    has_usage = any(any((licence.get("usage") or {}).values()) for licence in asked["licences"])
    options = {option for licence in asked["licences"] for option in licence.get("options", ())}
    makers = {"next_month": _("Starts on the first of next month"), "half_year": _("Starts six months later")}
    if "real_time" in contracts:
        makers["closing"] = _("Closing prices")
    if "closing_price" in contracts:
        makers["real_time"] = _("Real-time")
    if "real_time" in contracts:
        makers |= {f"option:{name}": label for name, label in _options().items() if {name} != options}
        makers["no_usage" if has_usage else "usage"] = _("Without usage") if has_usage else _("With 1,000 personal IDs")
    return makers


def _options() -> dict[str, str]:
    terms = editions().price_lists[-1].contracts["real_time"]
    return {name: label.ko if page_language() == "ko" else label.en for name, label in terms.options.items()}


def _one_more(base: Body, form: Form) -> Variant | None:
    """The variant that was asked for; None where it is none that we make."""
    body: Body = deepcopy(base)
    wanted, _colon, value = form["add"].partition(":")
    change = CHANGES.get(wanted)
    if change is None or not isinstance(body.get("licences"), list):
        return None
    try:
        name = change(body, value or form.get(f"{wanted}_value", "").strip())
    except (NotFound, KeyError, TypeError, ValueError, AttributeError):
        return None
    return Variant(name, body)


def _start(body: Body, day: str) -> str:
    body["starts_on"] = day_of(day)
    return _("Start %(day)s", day=body["starts_on"])


def _next_month(body: Body, _value: str) -> str:
    return _start(body, first_of_month_after(as_day(body["starts_on"]), 1).isoformat())


def _half_year(body: Body, _value: str) -> str:
    return _start(body, months_after(as_day(body["starts_on"]), 6).isoformat())


def _contract(body: Body, contract: str) -> None:
    """The same products under another contract, as far as it has them; each once."""
    products = list_for(form_of(body), editions(), today()).contracts[contract].products
    wanted = dict.fromkeys(licence["product"] for licence in body["licences"] if licence["product"] in products)
    body["licences"] = [{"contract": contract, "product": product} for product in wanted]


def _closing(body: Body, _value: str) -> str:
    _contract(body, "closing_price")
    return _("Closing prices")


def _real_time(body: Body, _value: str) -> str:
    _contract(body, "real_time")
    return _("Real-time")


def _option(body: Body, option: str) -> str:
    """One option for every product that has it."""
    products = list_for(form_of(body), editions(), today()).contracts["real_time"].products
    for licence in body["licences"]:
        if licence["contract"] == "real_time" and option in products[licence["product"]].options:
            licence["options"] = [option]
    return _options()[option]


def _no_usage(body: Body, _value: str) -> str:
    for licence in body["licences"]:
        licence.pop("usage", None)
    return _("Without usage")


def _usage(body: Body, typed: str) -> str:
    """So many personal IDs for every product that counts them."""
    count = number_of(typed or "1000")
    cells = list_for(form_of(body), editions(), today()).cells
    counted = {key.product for key in cells if key.fee == "usage_fee" and key.column == "personal"}
    for licence in body["licences"]:
        if licence["contract"] == "real_time" and licence["product"] in counted:
            licence["usage"] = {"personal_ids": count}
    return _("With %(count)s personal IDs", count=f"{count:,}" if isinstance(count, int) else count)


def _policy(body: Body, policy: str) -> str:
    body["waiver_policy"] = policy
    label = editions().policy(policy).label
    return label.ko if page_language() == "ko" else label.en


CHANGES: dict[str, Callable[[Body, str], str]] = {
    "start": _start,
    "next_month": _next_month,
    "half_year": _half_year,
    "closing": _closing,
    "real_time": _real_time,
    "option": _option,
    "no_usage": _no_usage,
    "usage": _usage,
    "policy": _policy,
}
