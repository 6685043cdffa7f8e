"""The waiver: decided once per quote from company, channel and time; granted or refused, and until when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from fee_service.model import (
    Channel,
    Company,
    Condition,
    Eligibility,
    Qualification,
    QuoteRequest,
    Text,
    Waiver,
)
from fee_service.periods import ONE_DAY, Period, months_after, whole_months_and_days
from fee_service.published.editions import AgeLimit, WaiverPolicy
from fee_service.rules.eligibility import assumed


class UsedTime(NamedTuple):
    """Waiver time of earlier contracts: whole months, and days beyond them."""

    months: int
    days: int


def used_time(earlier: Iterable[Period]) -> UsedTime:
    """The whole months of each earlier period plus its remaining days, each summed for itself."""
    parts = [whole_months_and_days(period) for period in earlier]
    return UsedTime(sum(months for months, _ in parts), sum(days for _, days in parts))


def age_limit_end(founded_on: date, age: AgeLimit) -> date:
    """The first day on which a company is too old.

    Under n years (미만): the founding day counts. Within n years (이내): counting begins the day after
    (초일불산입). Both end as Civil Act 160 says.
    """
    return months_after(founded_on if age.founding_day_counts else founded_on + ONE_DAY, 12 * age.years)


def unused_end(starts_on: date, months: int, used: UsedTime) -> date:
    """The exclusive end of a waiver of `months` from `starts_on`, less the time already used."""
    return months_after(starts_on, months - used.months) - timedelta(days=used.days)


def decide(
    request: QuoteRequest, policy: WaiverPolicy | None, eligibility: Eligibility, instead: date | None = None
) -> Waiver:
    """Granted from when to when, or refused, with every condition and its clause; `instead` is another first day."""
    if policy is None:
        return Waiver(None, None, None, (Condition("policy_in_force", False, Text("policy_missing"), ""),))
    starts_on, company = instead or request.starts_on, request.company
    used = used_time(request.prior_waiver)
    limit = age_limit_end(company.founded_on, policy.age)
    unused = unused_end(starts_on, policy.months, used)
    conditions = (
        _channel(policy, request.channel),
        *eligibility.reasons,
        *_qualification(policy, company),
        _age(policy, company, starts_on, limit),
        *_subscribers(policy, request),
        _unused_months(policy, starts_on, used, unused),
    )
    if not all(condition.met for condition in conditions):
        return Waiver(policy.id, None, None, conditions)
    end, cut = unused, "prior_waiver" if used > (0, 0) else None
    if policy.age.ends_waiver and limit < unused:
        end, cut = limit, "company_age"
    return Waiver(policy.id, Period(starts_on, end), cut, conditions)


def _channel(policy: WaiverPolicy, channel: Channel) -> Condition:
    return _condition("channel", channel in policy.channels, policy.cited["channels"])


def _qualification(policy: WaiverPolicy, company: Company) -> Iterable[Condition]:
    """A policy for one kind of company only, e.g. fintech; not stated counts as met until the review."""
    if policy.qualifications is None or company.qualification is Qualification.NONE:
        return
    source, wanted = policy.cited["qualifications"], ", ".join(policy.qualifications)
    if company.qualification is None:
        yield assumed("policy_qualification", source, wanted=wanted)
    else:
        yield _condition("policy_qualification", company.qualification in policy.qualifications, source, wanted=wanted)


def _age(policy: WaiverPolicy, company: Company, starts_on: date, limit: date) -> Condition:
    wording = "under" if policy.age.founding_day_counts else "within"
    return _condition(
        f"company_age_{wording}",
        starts_on < limit,
        policy.age.source,
        code="company_age",
        years=policy.age.years,
        founded_on=company.founded_on,
        last_day=limit - ONE_DAY,
        starts_on=starts_on,
    )


def _subscribers(policy: WaiverPolicy, request: QuoteRequest) -> Iterable[Condition]:
    most = policy.personal_ids_at_most
    if most is not None:
        source = policy.cited["personal_ids_at_most"]
        personal_ids = max((licence.usage.personal_ids for licence in request.licences), default=0)
        yield _condition("personal_ids", personal_ids <= most, source, ids=personal_ids, most=most)


def _unused_months(policy: WaiverPolicy, starts_on: date, used: UsedTime, unused: date) -> Condition:
    if used == (0, 0):
        text = Text("unused_months_all", {"months": policy.months})
        return Condition("unused_months", True, text, policy.cited["months"])
    return _condition(
        "unused_months",
        unused > starts_on,
        policy.cited["prior_use"],
        months=policy.months,
        used_months=used.months,
        used_days=used.days,
    )


def _condition(wording: str, met: bool, source: str, code: str | None = None, **params: object) -> Condition:
    return Condition(code or wording, met, Text(f"{wording}_{'met' if met else 'missed'}", params), source)
