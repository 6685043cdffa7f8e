"""The waiver: decided once per quote from company, channel and time; granted or refused, and until when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from fee_service.model import (
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


class _Tested(NamedTuple):
    """What decides on a waiver beside whether the platform is open to the company, and up to when it could last."""

    used: UsedTime
    limit: date  # the first day on which the company is too old
    unused: date  # the first day on which no waiver time is left
    channel: bool
    qualification: bool
    age: bool
    personal_ids: bool
    unused_months: bool

    @property
    def all_met(self) -> bool:
        return self.channel and self.qualification and self.age and self.personal_ids and self.unused_months


def decide(request: QuoteRequest, policy: WaiverPolicy | None, eligibility: Eligibility) -> Waiver:
    """Granted from when to when, or refused, with every condition and its clause."""
    if policy is None:
        return Waiver(None, None, None, (Condition("policy_in_force", False, Text("policy_missing"), ""),))
    tested = _tested(request, policy, request.starts_on)
    conditions = (
        _condition("channel", tested.channel, policy.cited["channels"]),
        *eligibility.reasons,
        *_qualification(policy, request.company, tested),
        _age(policy, request, tested),
        *_subscribers(policy, request, tested),
        _unused_months(policy, tested),
    )
    period = _period(policy, request.starts_on, eligibility, tested)
    return Waiver(policy.id, period, period and _cut(period, tested), conditions)


def period_of(
    request: QuoteRequest, policy: WaiverPolicy | None, eligibility: Eligibility, starts_on: date
) -> Period | None:
    """The waiver that `decide` would grant for a contract that starts on a day; None where it would refuse one."""
    if policy is None:
        return None
    return _period(policy, starts_on, eligibility, _tested(request, policy, starts_on))


def _tested(request: QuoteRequest, policy: WaiverPolicy, starts_on: date) -> _Tested:
    company, used = request.company, used_time(request.prior_waiver)
    limit = age_limit_end(company.founded_on, policy.age)
    unused = unused_end(starts_on, policy.months, used)
    most = policy.personal_ids_at_most
    return _Tested(
        used,
        limit,
        unused,
        channel=request.channel in policy.channels,
        qualification=not _is_stated(policy, company) or company.qualification in (policy.qualifications or ()),
        age=starts_on < limit,
        personal_ids=most is None or _personal_ids(request) <= most,
        unused_months=used == (0, 0) or unused > starts_on,
    )


def _period(policy: WaiverPolicy, starts_on: date, eligibility: Eligibility, tested: _Tested) -> Period | None:
    if eligibility.status == "ineligible" or not tested.all_met:
        return None
    return Period(starts_on, min(tested.unused, tested.limit) if policy.age.ends_waiver else tested.unused)


def _cut(period: Period, tested: _Tested) -> str | None:
    """What ends a waiver before its months are over."""
    if period.end < tested.unused:
        return "company_age"
    return "prior_waiver" if tested.used > (0, 0) else None


def _is_stated(policy: WaiverPolicy, company: Company) -> bool:
    """Whether a policy asks for a kind of company, e.g. fintech, and the company says that it is of one."""
    return policy.qualifications is not None and company.qualification not in (None, Qualification.NONE)


def _qualification(policy: WaiverPolicy, company: Company, tested: _Tested) -> Iterable[Condition]:
    """A policy for one kind of company only; not stated counts as met until the review."""
    if policy.qualifications is None or company.qualification is Qualification.NONE:
        return
    source, wanted = policy.cited["qualifications"], ", ".join(policy.qualifications)
    if company.qualification is None:
        yield assumed("policy_qualification", source, wanted=wanted)
    else:
        yield _condition("policy_qualification", tested.qualification, source, wanted=wanted)


def _age(policy: WaiverPolicy, request: QuoteRequest, tested: _Tested) -> Condition:
    wording = "under" if policy.age.founding_day_counts else "within"
    return _condition(
        f"company_age_{wording}",
        tested.age,
        policy.age.source,
        code="company_age",
        years=policy.age.years,
        founded_on=request.company.founded_on,
        last_day=tested.limit - ONE_DAY,
        starts_on=request.starts_on,
    )


def _subscribers(policy: WaiverPolicy, request: QuoteRequest, tested: _Tested) -> Iterable[Condition]:
    most = policy.personal_ids_at_most
    if most is not None:
        source, ids = policy.cited["personal_ids_at_most"], _personal_ids(request)
        yield _condition("personal_ids", tested.personal_ids, source, ids=ids, most=most)


def _personal_ids(request: QuoteRequest) -> int:
    return max((licence.usage.personal_ids for licence in request.licences), default=0)


def _unused_months(policy: WaiverPolicy, tested: _Tested) -> Condition:
    if tested.used == (0, 0):
        text = Text("unused_months_all", {"months": policy.months})
        return Condition("unused_months", True, text, policy.cited["months"])
    return _condition(
        "unused_months",
        tested.unused_months,
        policy.cited["prior_use"],
        months=policy.months,
        used_months=tested.used.months,
        used_days=tested.used.days,
    )


def _condition(wording: str, met: bool, source: str, code: str | None = None, **params: object) -> Condition:
    return Condition(code or wording, met, Text(f"{wording}_{'met' if met else 'missed'}", params), source)
