"""What is decided on a company: whether it may use the platform, its waiver, and what it goes through before."""

from __future__ import annotations

from typing import NamedTuple

from fee_service.model import Eligibility, Waiver
from fee_service.published import onboarding
from fee_service.published.company_sizes import SizeDecision
from fee_service.published.onboarding import OnboardingPlan
from fee_service.rules import eligibility, waivers
from fee_service.rules.resolving import ResolvedCompany


class Decision(NamedTuple):
    """Who a company is to the platform; `company_size` is None where the size was stated without figures."""

    eligibility: Eligibility
    company_size: SizeDecision | None
    waiver: Waiver
    onboarding: OnboardingPlan


def decide(asked: ResolvedCompany) -> Decision:
    """The decision for a contract that starts on the request's day; a quote and an eligibility check share it."""
    request, editions, policy = asked.request, asked.editions, asked.policy
    day, evidence = request.starts_on, request.company.size_evidence
    assessed = eligibility.assess(request.company, editions.onboarding, day)
    return Decision(
        assessed,
        editions.company_sizes.decide(evidence, day) if evidence else None,
        waivers.decide(request, policy, assessed),
        onboarding.plan(
            editions.onboarding, policy.id if policy else None, (api.transaction_data for _, api in asked.apis), day
        ),
    )
