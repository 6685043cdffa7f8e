"""What one click makes of a variant of a quote: another start, other contracts, options, usage, another policy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from fee_service.http.context import editions, today
from fee_service.periods import first_of_month_after, months_after
from fee_service.published.editions import NotFound
from fee_service.web.carrying import Body
from fee_service.web.choices import list_for
from fee_service.web.filling_in import Form, form_of
from fee_service.web.languages import _, as_day, page_language
from fee_service.web.typed import day_of, number_of
from fee_service.web.variants import Variant


def makers(asked: Mapping[str, Any]) -> dict[str, str]:
    """What one click can make of a request, by name; only what would change it."""
    contracts = {licence["contract"] for licence in asked["licences"]}
    has_usage = any(any((licence.get("usage") or {}).values()) for licence in asked["licences"])
    options = {option for licence in asked["licences"] for option in licence.get("options", ())}
    found = {"next_month": _("Starts on the first of next month"), "half_year": _("Starts six months later")}
    if "real_time" in contracts:
        found["closing"] = _("Closing prices")
    if "closing_price" in contracts:
        found["real_time"] = _("Real-time")
    if "real_time" in contracts:
        found |= {f"option:{name}": label for name, label in _options().items() if {name} != options}
        found["no_usage" if has_usage else "usage"] = _("Without usage") if has_usage else _("With 1,000 personal IDs")
    return found


def _options() -> dict[str, str]:
    terms = editions().price_lists[-1].contracts["real_time"]
    return {name: label.ko if page_language() == "ko" else label.en for name, label in terms.options.items()}


def one_more(base: Body, form: Form) -> Variant | None:
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
