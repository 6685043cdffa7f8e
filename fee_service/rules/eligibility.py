"""Who may use the platform (FAQ, usage guide): corporations that are SMEs and qualified, with no exclusion."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from fee_service.model import Company, CompanySize, Condition, Eligibility, Exclusion, Label, Qualification, Text
from fee_service.published.onboarding import ClosedTo, Onboarding


class Stated(NamedTuple):
    """What of a company decides whether it may use the platform; `left_open` is what it says nothing of."""

    corporation: bool
    size: CompanySize
    qualification: Qualification | None
    exclusions: tuple[Exclusion, ...]
    left_open: frozenset[str]


def assess(company: Company, onboarding: Onboarding, day: date) -> Eligibility:
    """Whether a company may use the platform under a contract that starts on `day`, each condition with what would
    meet it."""
    stated = Stated(company.corporation, company.size, company.qualification, company.exclusions, company.left_open)
    return _assess(stated, onboarding, day)


@lru_cache(maxsize=1024)
def _assess(company: Stated, onboarding: Onboarding, day: date) -> Eligibility:
    """Kept for a while: many companies state the same."""
    conditions = (
        _condition("corporation", company.corporation, company, onboarding),
        _condition(
            "company_size", company.size is CompanySize.SME, company, onboarding, size=Text(f"size_{company.size}")
        ),
        _exclusions(company, onboarding),
        _qualification(company, onboarding, day),
    )
    if not all(condition.met for condition in conditions):
        return Eligibility("ineligible", conditions)
    return Eligibility("eligible" if company.qualification else "needs_review", conditions)


def _exclusions(company: Stated, onboarding: Onboarding) -> Condition:
    grounds = tuple(_with_law(onboarding.exclusions[ground]) for ground in company.exclusions)
    return _condition("exclusions", not grounds, company, onboarding, grounds=grounds)


def _with_law(ground: ClosedTo) -> Label:
    """A ground for exclusion with the law that it rests on."""
    law = ground.law
    return Label(f"{ground.label.ko}({law.ko})", f"{ground.label.en} ({law.en})") if law else ground.label


def _qualification(company: Stated, onboarding: Onboarding, day: date) -> Condition:
    """A qualification that is not stated is assumed until the review; `none`, or a ground that does not count
    any more on the start day, is stated and not met."""
    if company.qualification is None:
        return assumed("qualification", onboarding.sources["qualification"])
    stated = onboarding.grounds[company.qualification]
    others = tuple(ground.label for ground in onboarding.grounds_on(day))
    if not stated.counts_on(day):
        text = Text("qualification_ended", {"qualification": stated.label, "day": stated.ended_on, "grounds": others})
        return Condition("qualification", False, text, stated.source)
    met = company.qualification is not Qualification.NONE
    return _condition("qualification", met, company, onboarding, qualification=stated.label, grounds=others)


def _condition(code: str, met: bool, company: Stated, onboarding: Onboarding, **params: object) -> Condition:
    source = onboarding.sources[code]
    if code in company.left_open:
        return assumed(code, source)
    return Condition(code, met, Text(f"{code}_{'met' if met else 'missed'}", params), source)


def assumed(code: str, source: str, **params: object) -> Condition:
    """A condition of which the request says nothing: computed as if it is met, and still to be confirmed."""
    return Condition(code, True, Text(f"{code}_assumed", params), source, assumed=True)
