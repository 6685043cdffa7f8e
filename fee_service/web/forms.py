"""The form of the desk: from what was typed to the JSON body of a quote and back, and from pointers to fields.

Nothing is decided here. What cannot be read is handed on as it was typed, and the schema says what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from werkzeug.datastructures import MultiDict

from fee_service.editions import PriceList
from fee_service.errors import pointer
from fee_service.web.typed import day_of, number_of

Form = MultiDict[str, str]
Body = dict[str, Any]

FIGURES = "figures"  # the size is to be decided from figures
DEFAULTS = {"size": "sme", "channel": "open_api", "months": "60"}
MOST_PERIODS = 50


class Filled(NamedTuple):
    """The body that a form stands for, and which field each place of it came from."""

    body: Body
    places: Mapping[str, str]

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
        return None if typed is None else day_of(typed)

    def number(self, field: str) -> int | str | None:
        typed = self.text(field)
        return None if typed is None else number_of(typed, field)

    def ticked(self, field: str) -> bool:
        return field in self.form


def filled(form: Form, price_list: PriceList) -> Filled:
    """The body of POST /v1/quotes that a form stands for."""
    filling = _Filling(form)
    _company(filling)
    _apis(filling)
    _licences(filling, price_list)
    _terms(filling)
    _prior_waiver(filling)
    return Filled(filling.body, filling.places)


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
    filling.put("not_corporation", not filling.ticked("not_corporation"), "company", "corporation")
    filling.put("exclusions", filling.form.getlist("exclusions"), "company", "exclusions")


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


def _apis(filling: _Filling) -> None:
    """Ticked APIs, then those written one a line."""
    ticked = [("apis", name) for name in filling.form.getlist("apis")]
    written = [("other_apis", line.strip()) for line in filling.form.get("other_apis", "").splitlines()]
    filling.places["/apis"] = "apis"
    asked = dict.fromkeys(entry for entry in ticked + written if entry[1])
    if asked:
        filling.body["apis"] = [name for _, name in asked]
    for index, (field, _) in enumerate(asked):
        filling.places[pointer("apis", index)] = field


def _licences(filling: _Filling, price_list: PriceList) -> None:
    filling.places["/licences"] = "licences"
    wanted: list[Body] = []
    for contract, terms in price_list.contracts.items():
        for product in terms.products:
            name = licence_field(contract, product)
            if not filling.ticked(name):
                continue
            filling.body["licences"] = wanted
            index = len(wanted)
            wanted.append({"contract": contract, "product": product})
            filling.places[pointer("licences", index)] = name
            if terms.options:
                _real_time(filling, name, index)
            filling.put(
                f"{name}.affiliate", filling.ticked(f"{name}.affiliate"), "licences", index, "affiliate_extension"
            )


_SETS = {"sets": "reception_sets", "recovery": "disaster_recovery_sets"}
_USAGE = {"standard": "standard_ids", "personal": "personal_ids", "queries": "queries"}


def _real_time(filling: _Filling, name: str, index: int) -> None:
    at = ("licences", index)
    for field, key in (("options", "options"), ("non_display", "non_display_use")):
        given = filling.form.getlist(f"{name}.{field}")  # "" says that the boxes were there to be ticked
        chosen = [value for value in given if value]
        filling.put(f"{name}.{field}", chosen if given else None, *at, key)
    for field, key in _SETS.items():
        filling.put(f"{name}.{field}", filling.number(f"{name}.{field}"), *at, key)
    for field, key in _USAGE.items():
        filling.put(f"{name}.{field}", filling.number(f"{name}.{field}"), *at, "usage", key)


def licence_field(contract: str, product: str) -> str:
    """The name of the box that takes a product."""
    return f"{contract}.{product}"


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
        period = {"starts_on": day_of(first), "ends_on": day_of(last)}
        periods.append({name: day for name, day in period.items() if day})
        filling.places[pointer("prior_waiver", index)] = f"prior_from.{index}"
        filling.places[pointer("prior_waiver", index, "starts_on")] = f"prior_from.{index}"
        filling.places[pointer("prior_waiver", index, "ends_on")] = f"prior_to.{index}"
    if periods:
        filling.body["prior_waiver"] = periods


# -- and back --------------------------------------------------------------------------------------------


def form_of(request: Mapping[str, Any]) -> Form:
    """The form that shows a request as understood, to revise it or to make a variant."""
    company = request["company"]
    form: Form = MultiDict()
    pairs = [
        ("company_name", company["name"]),
        ("business_number", company["business_number"]),
        ("founded_on", company["founded_on"]),
        ("size", FIGURES if company["size_evidence"] else company["size"]),
        ("qualification", company["qualification"]),
        ("not_corporation", None if company["corporation"] else "1"),
        *(("exclusions", exclusion) for exclusion in company["exclusions"]),
        *_figure_fields(company["size_evidence"] or {}),
        *(("other_apis" if "/" in name else "apis", name) for name in request["apis"]),
        *(pair for licence in request["licences"] for pair in _licence_fields(licence)),
        ("channel", request["channel"]),
        ("api_calls", request["api_calls_per_month"]),
        ("starts_on", request["starts_on"]),
        ("ends_on", request["ends_on"]),
        ("months", request["months"]),
        ("test_months", request["test_months"] or None),
        ("waiver_policy", request["waiver_policy"]),
        ("price_list", request["price_list"]),
        *(("prior_from", period["starts_on"]) for period in request["prior_waiver"]),
        *(("prior_to", period["ends_on"]) for period in request["prior_waiver"]),
    ]
    for name, value in pairs:
        if value is not None:
            form.add(name, str(value))
    _join_lines(form, "other_apis")
    return form


def _join_lines(form: Form, name: str) -> None:
    lines = form.getlist(name)
    if lines:
        form.setlist(name, ["\n".join(lines)])


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
    yield from ((f"{name}.{field}", usage.get(key) or None) for field, key in _USAGE.items())


def kept_fields(form: Form, without: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Everything that was typed, as hidden fields to carry it through another page."""
    left_out = {"csrf_token", *without}
    return [(name, value) for name, values in form.lists() if name not in left_out for value in values]
