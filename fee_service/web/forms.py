"""The form of the desk: from what was typed to the JSON body of a quote, and from pointers to fields.

Nothing is decided here. What cannot be read is handed on as it was typed, and the schema says what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from fee_service.errors import pointer
from fee_service.model import CLOSING_PRICE
from fee_service.web.carrying import Body, carried
from fee_service.web.filling_in import FIGURES, USAGE, Form, base_of, form_of
from fee_service.web.pasted import Known, every_name, names_in
from fee_service.web.typed import date_of, number_of

DEFAULTS = {"size": "sme", "channel": "open_api", "months": "60"}
MOST_PERIODS = 50


class Filled(NamedTuple):
    """The body that a form stands for, which field each place of it came from, and the days and numbers understood."""

    body: Body
    places: Mapping[str, str]
    understood: Mapping[str, date | int] = MappingProxyType({})
    lines: Mapping[str, int] = MappingProxyType({})  # where a place stands in a field of several lines

    def field_at(self, place: str) -> str | None:
        """The field at a JSON Pointer or, where it has none of its own, at the nearest place around it."""
        while place:
            if place in self.places:
                return self.places[place]
            place = place.rpartition("/")[0]
        return None


class _Filling:
    """A body as it grows, with the field of every place."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.body: Body = {}
        self.places: dict[str, str] = {}
        self.understood: dict[str, date | int] = {}
        self.lines: dict[str, int] = {}

    def put(self, field: str, value: Any, *place: str | int) -> None:
        """Note where a field stands, and its value unless there is none."""
        self.places[pointer(*place)] = field
        if value is None:
            return
        at: Any = self.body
        for part in place[:-1]:
            at = at[part] if isinstance(part, int) else at.setdefault(part, {})
        at[place[-1]] = value

    def text(self, field: str) -> str | None:
        return self.form.get(field, "").strip() or None

    def day(self, field: str) -> str | None:
        typed = self.text(field)
        return None if typed is None else self.day_of(field, typed)

    def day_of(self, field: str, typed: str) -> str:
        day = date_of(typed)
        if day is None:
            return typed
        self.understood[field] = day
        return day.isoformat()

    def number(self, field: str) -> int | str | None:
        typed = self.text(field)
        number = None if typed is None else number_of(typed, field)
        if isinstance(number, int):
            self.understood[field] = number
        return number

    def ticked(self, field: str) -> bool:
        return field in self.form


def filled(form: Form, is_known: Known = every_name) -> Filled:
    """The body of POST /v1/quotes that a form stands for; `is_known` tells names of APIs from what lies between."""
    filling = _filled(form, is_known)
    base = base_of(form)
    if base is not None:
        filling.body = carried(base, _filled(form_of(base), is_known).body, filling.body)
    return Filled(filling.body, filling.places, filling.understood, filling.lines)


def _filled(form: Form, is_known: Known) -> _Filling:
    """What the fields of a form alone stand for."""
    filling = _Filling(form)
    _company(filling)
    _apis(filling, is_known)
    _licences(filling)
    _terms(filling)
    _prior_waiver(filling)
    return filling


def _company(filling: _Filling) -> None:
    filling.body["company"] = {}
    filling.put("company_name", filling.text("company_name"), "company", "name")
    filling.put("business_number", filling.text("business_number"), "company", "business_number")
    filling.put("founded_on", filling.day("founded_on"), "company", "founded_on")
    size = filling.text("size")
    filling.put("size", None if size == FIGURES else size, "company", "size")
    if size == FIGURES:
        _figures(filling)
    filling.put("qualification", filling.text("qualification"), "company", "qualification")
    _confirmed(filling)


def _confirmed(filling: _Filling) -> None:
    """What nobody said is left open: it is assumed then, and told as such."""
    is_corporation = False if filling.ticked("not_corporation") else filling.ticked("is_corporation") or None
    filling.put("not_corporation", is_corporation, "company", "corporation")
    grounds = filling.form.getlist("exclusions")
    filling.put("exclusions", grounds if grounds or filling.ticked("no_exclusions") else None, "company", "exclusions")


def _figures(filling: _Filling) -> None:
    evidence = ("company", "size_evidence")
    filling.body["company"]["size_evidence"] = {}
    filling.put("ksic", filling.text("ksic"), *evidence, "ksic")
    for field in ("average_sales", "total_assets"):
        filling.put(field, filling.number(field), *evidence, field)
    for field in ("business_group", "large_holder"):
        filling.put(field, filling.ticked(field), *evidence, field)
    filling.put("outgrown_on", filling.day("outgrown_on"), *evidence, "outgrown_on")
    if filling.ticked("grace_used"):
        filling.put("grace_used", True, *evidence, "grace_used")


def _apis(filling: _Filling, is_known: Known) -> None:
    """Ticked APIs, then those that were pasted."""
    filling.places["/apis"] = "apis"
    ticked = dict.fromkeys(name for name in filling.form.getlist("apis") if name)
    lines: dict[str, int] = {}
    for line, name in names_in(filling.form.get("other_apis", ""), is_known):
        if name not in ticked:
            lines.setdefault(name, line)
    asked = [*ticked, *lines]
    if asked:
        filling.body["apis"] = asked
    for index, name in enumerate(asked):
        place = pointer("apis", index)
        filling.places[place] = "other_apis" if name in lines else "apis"
        if name in lines:
            filling.lines[place] = lines[name]


def _licences(filling: _Filling) -> None:
    """Every ticked product, also one that the price list of the day does not have: it is refused, not forgotten."""
    filling.places["/licences"] = "licences"
    ticked = [name for name in filling.form if name.count(".") == 1 and not name.startswith(".")]
    if ticked:
        filling.body["licences"] = []
    for index, name in enumerate(ticked):
        contract, _dot, product = name.partition(".")
        filling.body["licences"].append({"contract": contract, "product": product})
        filling.places[pointer("licences", index)] = name
        if contract != CLOSING_PRICE:  # which has neither options nor sets nor usage
            _real_time(filling, name, index)
        affiliate = f"{name}.affiliate"
        filling.put(affiliate, filling.ticked(affiliate), "licences", index, "affiliate_extension")


_SETS = {"sets": "reception_sets", "recovery": "disaster_recovery_sets"}


def _real_time(filling: _Filling, name: str, index: int) -> None:
    at = ("licences", index)
    for field, key in (("options", "options"), ("non_display", "non_display_use")):
        given = filling.form.getlist(f"{name}.{field}")  # "" says that the boxes were there to be ticked
        chosen = [value for value in given if value]
        filling.put(f"{name}.{field}", chosen if given else None, *at, key)
    for field, key in _SETS.items():
        filling.put(f"{name}.{field}", filling.number(f"{name}.{field}"), *at, key)
    for field, key in USAGE.items():
        filling.put(f"{name}.{field}", filling.number(f"{name}.{field}"), *at, "usage", key)


def _terms(filling: _Filling) -> None:
    for field in ("channel", "waiver_policy", "price_list"):
        filling.put(field, filling.text(field), field)
    for field in ("starts_on", "ends_on"):
        filling.put(field, filling.day(field), field)
    filling.put("months", filling.number("months"), "months")
    filling.put("test_months", filling.number("test_months"), "test_months")
    filling.put("api_calls", filling.number("api_calls"), "api_calls_per_month")


def prior_rows(form: Form) -> Iterator[tuple[int, str, str]]:
    """The rows for earlier waivers: number, first and last day as typed; those that were left empty not."""
    firsts, lasts = form.getlist("prior_from"), form.getlist("prior_to")
    for row in range(min(max(len(firsts), len(lasts)), MOST_PERIODS + 1)):
        first = firsts[row].strip() if row < len(firsts) else ""
        last = lasts[row].strip() if row < len(lasts) else ""
        if first or last:
            yield row, first, last


def _prior_waiver(filling: _Filling) -> None:
    filling.places["/prior_waiver"] = "prior_from.0"
    periods: list[Body] = []
    for index, (_, first, last) in enumerate(prior_rows(filling.form)):
        period = {
            "starts_on": filling.day_of(f"prior_from.{index}", first),
            "ends_on": filling.day_of(f"prior_to.{index}", last),
        }
        periods.append({name: day for name, day in period.items() if day})
        filling.places[pointer("prior_waiver", index)] = f"prior_from.{index}"
        filling.places[pointer("prior_waiver", index, "starts_on")] = f"prior_from.{index}"
        filling.places[pointer("prior_waiver", index, "ends_on")] = f"prior_to.{index}"
    if periods:
        filling.body["prior_waiver"] = periods
