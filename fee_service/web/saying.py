"""What a page says about a fault: the sentence of the API, or a plainer one where that speaks of JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from fee_service.errors import Fault
from fee_service.web.forms import Filled
from fee_service.web.languages import _
from fee_service.wording import OneLanguage, fault_answer


class FieldError(NamedTuple):
    """What is wrong with a field; None where it is the whole form."""

    field: str | None
    message: str


def field_errors(faults: Iterable[Fault], filled: Filled, language: OneLanguage) -> list[FieldError]:
    """All that is wrong with each field, a line for each fault, in the order of the faults."""
    lines: dict[str | None, dict[str, None]] = {}
    for fault in faults:
        said, line = message(fault, language), filled.lines.get(fault.pointer)
        if line is not None:
            said = _("Line %(line)s: %(said)s", line=line, said=said)
        lines.setdefault(filled.field_at(fault.pointer), {})[said] = None
    return [FieldError(field, "\n".join(said)) for field, said in lines.items()]


def message(fault: Fault, language: OneLanguage) -> str:
    """What is wrong and what to do, in the words of a form."""
    plain = _plain(fault, fault.params)
    if plain is not None:
        return plain
    told = fault_answer(fault, language)
    return f"{told['message']} {told['hint']}"


def _plain(fault: Fault, params: Any) -> str | None:
    """What is said to a person at a form."""
    match fault.code, fault.pointer:
        case "missing_field", "/company/founded_on":
            return _("Enter the day on which the incorporation was registered.")
        case "missing_field", "/company/size":
            return _("Choose the company's size, or give the figures that decide it.")
        case "missing_field", "/licences":
            return _("Choose at least one licence or API.")
        case "missing_field", _anywhere:
            return _("Fill in this field: %(field)s.", field=_name_of(fault.pointer))
        case (("not_an_integer" | "amount_not_integer"), _anywhere):
            return _("Enter a whole number, for example 1,000; here stands %(value)s.", value=params["value"])
        case "invalid_date", _anywhere:
            return _(
                "Enter a whole day, year first, for example 2026-12-09; here stands %(value)s.", value=params["value"]
            )
        case "out_of_range", _anywhere:
            bounds = {"low": params["minimum"], "high": params["maximum"]}
            return _("Enter a value from %(low)s to %(high)s: %(field)s.", **bounds, field=_name_of(fault.pointer))
        case "founded_after_start", _anywhere:
            return _(
                "The company is founded after the contract starts (%(start)s). Check both days.", start=params["start"]
            )
        case "quote_revised", _anywhere:
            number = params["number"]
            return _("Quote %(number)s has been replaced by another meanwhile: revise that one.", number=number)
        case "key_malformed", _anywhere:
            return _("This is no API key. It begins with fee_ and is 60 characters long.")
        case "unknown_api", _anywhere:
            near = params["nearest"]
            if near:
                return _("%(value)s is not known. Nearest: %(near)s.", value=params["value"], near=", ".join(near))
            return _("%(value)s is not known. All names are on the page of the APIs.", value=params["value"])
        case "reception_needs_direct_channel", _anywhere:
            return _("Further sets exist with a direct feed only. Choose it under reception, or empty this field.")
        case "api_calls_need_open_api", _anywhere:
            return _("A direct feed makes no API calls. Empty this field, or choose the Open API platform.")
    return None


def _name_of(place: str) -> str:
    """What the form calls the field of a JSON Pointer."""
    names = {
        "ksic": _("Main industry (KSIC)"),
        "average_sales": _("Average yearly sales of three years"),
        "total_assets": _("Total assets"),
        "starts_on": _("From"),
        "ends_on": _("To"),
        "months": _("Months to look ahead"),
        "test_months": _("Free test months before the start"),
        "api_calls_per_month": _("API calls a month"),
        "personal_ids": _("Personal IDs a month"),
        "standard_ids": _("Standard IDs a month"),
        "queries": _("Queries a month"),
        "reception_sets": _("Reception sets"),
        "disaster_recovery_sets": _("Sets for disaster recovery"),
    }
    name = place.rpartition("/")[2]
    return names.get(name, name)
