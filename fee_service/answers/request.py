"""The request as understood, written as plain data and read back: each pair of functions are inverses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from fee_service.model import (
    Channel,
    Company,
    CompanySize,
    Exclusion,
    Licence,
    Qualification,
    QuoteRequest,
    SizeEvidence,
    Usage,
)
from fee_service.periods import Period
from fee_service.strict_json import Data


def request_facts(request: QuoteRequest) -> Data:
    """The request as understood, in the form in which it may be sent again."""
    return {
        "company": _company_facts(request.company),
        "apis": request.apis,
        "licences": [_licence_facts(licence) for licence in request.licences],
        "channel": request.channel,
        "api_calls_per_month": request.api_calls_per_month,
        "starts_on": request.starts_on,
        "ends_on": request.ends_on,
        "months": request.months,
        "test_months": request.test_months,
        "prior_waiver": [period_facts(period) for period in request.prior_waiver],
        "waiver_policy": request.waiver_policy,
        "price_list": request.price_list,
    }


def request_from(data: Mapping[str, Any]) -> QuoteRequest:
    """The request that `request_facts` wrote down."""
    return QuoteRequest(
        company=_company(data["company"]),
        starts_on=date.fromisoformat(data["starts_on"]),
        apis=tuple(data["apis"]),
        licences=tuple(_licence(licence) for licence in data["licences"]),
        channel=Channel(data["channel"]),
        api_calls_per_month=data["api_calls_per_month"],
        ends_on=_day(data["ends_on"]),
        months=data["months"],
        test_months=data["test_months"],
        prior_waiver=tuple(_period(period) for period in data["prior_waiver"]),
        waiver_policy=data["waiver_policy"],
        price_list=data["price_list"],
    )


def agreed_request(facts: Mapping[str, Any]) -> QuoteRequest:
    """The request of a quote's facts with the licences that the quote found for it: what a contract is about."""
    request = request_from(facts["request"])
    asked = {(licence.contract, licence.product): licence for licence in request.licences}
    found = (asked.get((each["contract"], each["product"])) or _found(each) for each in facts["licences"])
    return replace(request, licences=tuple(found))


def _found(data: Mapping[str, Any]) -> Licence:
    """A licence that nobody named, found for a requested API."""
    return Licence(data["contract"], data["product"], tuple(data["options"]))


def _company_facts(company: Company) -> Data:
    return {
        "name": company.name,
        "business_number": company.business_number,
        "founded_on": company.founded_on,
        "size": company.size,
        "size_evidence": _evidence_facts(company.size_evidence),
        "corporation": company.corporation,
        "qualification": company.qualification,
        "exclusions": company.exclusions,
    }


def _company(data: Mapping[str, Any]) -> Company:
    qualification = data["qualification"]
    return Company(
        founded_on=date.fromisoformat(data["founded_on"]),
        size=CompanySize(data["size"]),
        name=data["name"],
        business_number=data["business_number"],
        size_evidence=evidence_from(data["size_evidence"]),
        corporation=data["corporation"],
        qualification=Qualification(qualification) if qualification else None,
        exclusions=tuple(Exclusion(ground) for ground in data["exclusions"]),
    )


def _evidence_facts(evidence: SizeEvidence | None) -> Data | None:
    """The figures that decide a size."""
    if evidence is None:
        return None
    return {
        "ksic": evidence.ksic,
        "average_sales": evidence.average_sales,
        "total_assets": evidence.total_assets,
        "business_group": evidence.business_group,
        "large_holder": evidence.large_holder,
        "outgrown_on": evidence.outgrown_on,
        "grace_used": evidence.grace_used,
    }


def evidence_from(data: Mapping[str, Any] | None) -> SizeEvidence | None:
    """The figures that decide a size, as `request_facts` wrote them down; None where there are none."""
    return None if data is None else SizeEvidence(**{**data, "outgrown_on": _day(data["outgrown_on"])})


def _licence_facts(licence: Licence) -> Data:
    """A licence as it is asked for. The closing-price contract knows neither options, sets nor usage."""
    data: Data = {
        "contract": licence.contract,
        "product": licence.product,
        "options": licence.options,
        "affiliate_extension": licence.affiliate_extension,
    }
    if licence.contract == "real_time":
        data |= {
            "reception_sets": licence.reception_sets,
            "disaster_recovery_sets": licence.disaster_recovery_sets,
            "usage": licence.usage._asdict(),
            "non_display_use": licence.non_display_use,
        }
    return data


def _licence(data: Mapping[str, Any]) -> Licence:
    known = {**data, "options": tuple(data["options"])}
    if "usage" in data:
        known |= {"usage": Usage(**data["usage"]), "non_display_use": tuple(data["non_display_use"])}
    return Licence(**known)


def period_facts(period: Period) -> Data:
    """The first and the last day."""
    return {"starts_on": period.start, "ends_on": period.last_day}


def _period(data: Mapping[str, Any]) -> Period:
    return Period.through(date.fromisoformat(data["starts_on"]), date.fromisoformat(data["ends_on"]))


def _day(written: str | None) -> date | None:
    return None if written is None else date.fromisoformat(written)
