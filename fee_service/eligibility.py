"""Who may use the platform (FAQ, usage guide): corporations that are SMEs and qualified, with no exclusion."""

from __future__ import annotations

from fee_service.model import Company, CompanySize, Condition, Eligibility, Qualification, Text
from fee_service.onboarding import Onboarding


def assess(company: Company, onboarding: Onboarding) -> Eligibility:
    """Whether a company may use the platform, each condition with what would meet it."""
    conditions = (
        _condition("corporation", company.corporation, onboarding),
        _condition("company_size", company.size is CompanySize.SME, onboarding, size=Text(f"size_{company.size}")),
        _exclusions(company, onboarding),
        _qualification(company, onboarding),
    )
    if not all(condition.met for condition in conditions):
        return Eligibility("ineligible", conditions)
    return Eligibility("eligible" if company.qualification else "needs_review", conditions)


def _exclusions(company: Company, onboarding: Onboarding) -> Condition:
    grounds = tuple(onboarding.exclusions[ground] for ground in company.exclusions)
    return _condition("exclusions", not grounds, onboarding, grounds=grounds)


def _qualification(company: Company, onboarding: Onboarding) -> Condition:
    """A qualification that is not stated is taken as met until the review; `none` is stated and not met."""
    if company.qualification is None:
        return Condition("qualification", True, Text("qualification_open"), onboarding.sources["qualification"])
    met = company.qualification is not Qualification.NONE
    label = onboarding.qualifications[company.qualification]
    return _condition("qualification", met, onboarding, qualification=label)


def _condition(code: str, met: bool, onboarding: Onboarding, **params: object) -> Condition:
    return Condition(code, met, Text(f"{code}_{'met' if met else 'missed'}", params), onboarding.sources[code])
