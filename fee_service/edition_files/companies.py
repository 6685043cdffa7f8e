"""Makes the limits of an SME and what a company goes through from company_sizes.yaml and onboarding.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fee_service.edition_files.faults import EditionFile
from fee_service.edition_files.parts import cited, readings
from fee_service.published.company_sizes import CompanySizes, GracePeriod, SalesCeiling
from fee_service.published.onboarding import Check, ClosedTo, Contact, Document, GoingLive, Ground, Onboarding, Step


def company_sizes(file: EditionFile) -> CompanySizes:
    """The limits of an SME from company_sizes.yaml."""
    data = file.data
    industries = data["average_sales"]["industries"]
    return CompanySizes(
        ceilings={
            code: tuple(SalesCeiling(day, amount) for day, amount in industry["sales"])
            for code, industry in industries.items()
        },
        industries={code: industry["label"] for code, industry in industries.items()},
        assets_below=data["total_assets"]["below"],
        grace=tuple(GracePeriod(day, years) for day, years in data["grace"]["years"]),
        sources=cited(data),
        readings=readings(file, ("average_sales", "total_assets", "business_group", "large_holder", "grace")),
    )


def onboarding(file: EditionFile) -> Onboarding:
    """What to hand in and go through, from onboarding.yaml."""
    data = file.data
    security, live = data["security_check"], data["going_live"]
    return Onboarding(
        documents=tuple(_document(name, terms) for name, terms in data["documents"].items()),
        steps=tuple(_step(name, terms) for name, terms in data["steps"].items()),
        security_step=_step("security_check", security),
        checks=tuple(
            Check(name, terms["label"], terms["source"], terms.get("only_with_transaction_data", False))
            for name, terms in data["checks"].items()
        ),
        going_live=GoingLive(
            live["label"], live["source"], tuple(_document(name, terms) for name, terms in live["documents"].items())
        ),
        lead_time=data["lead_time"]["with_transaction_data"],
        lead_time_without_transactions=data["lead_time"]["without_transaction_data"],
        least_lead_months=data["lead_time"]["least_months_with_transaction_data"],
        contacts=tuple(_contact(name, terms) for name, terms in data["contacts"].items()),
        grounds={
            name: Ground(id=name, label=terms["label"], last_day=terms.get("last_day"), source=terms["source"])
            for name, terms in data["qualifications"].items()
        },
        exclusions={
            name: ClosedTo(name, terms["label"], terms.get("law"), terms["source"])
            for name, terms in data["exclusions"].items()
        },
        sources=cited(data["conditions"]) | cited(data),
    )


def _document(name: str, terms: Mapping[str, Any]) -> Document:
    policies = tuple(terms["policies"]) if "policies" in terms else None
    return Document(name, terms["label"], terms["source"], policies, terms.get("last_printed_on"))


def _step(name: str, terms: Mapping[str, Any]) -> Step:
    return Step(name, terms["label"], terms["source"])


def _contact(name: str, terms: Mapping[str, Any]) -> Contact:
    return Contact(name, terms["label"], terms["purpose"], terms.get("email"), terms.get("phone"), terms["source"])
