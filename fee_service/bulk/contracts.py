"""What of each contract its lines and months depend on, in arrays: its days, its policy and the days it is waived."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from fee_service.bulk.days import Flags, Whole, day_of, first_days, months_after, number_of
from fee_service.bulk.distinct import distinct
from fee_service.model import Channel, CompanySize, Qualification
from fee_service.periods import Period
from fee_service.published.editions import Editions, FirstInvoiceDay, ListSpan, NotFound, WaiverPolicy
from fee_service.published.onboarding import Onboarding

SIZES, CHANNELS = tuple(CompanySize), tuple(Channel)
MOST_KEPT = 200_000  # answers of which list holds when
QUALIFICATIONS: tuple[Qualification | None, ...] = (None, *Qualification)  # None: not stated


class Contracts(NamedTuple):
    """One entry a contract; days are numbers, words are places in the tuples above or below."""

    founded_on: Whole
    starts_on: Whole
    end: Whole  # of its horizon; the day after its last
    size: Whole  # in SIZES
    qualification: Whole  # in QUALIFICATIONS
    channel: Whole  # in CHANNELS
    policy: Whole  # in `Editions.policies`; -1 before the first
    prior_months: Whole
    prior_days: Whole
    personal_ids: Whole  # the most of any of its products
    lists: Whole  # which sequence of price lists


def waived_ends(contracts: Contracts, editions: Editions) -> Whole:
    """The day on which each contract's waiver ends, its start where it is refused; as `rules.waivers.decide`."""
    ends = contracts.starts_on.copy()
    for number in np.unique(contracts.policy[contracts.policy >= 0]):
        under = np.flatnonzero(contracts.policy == number)
        ends[under] = _ends(
            Contracts._make(column[under] for column in contracts), editions.policies[number], editions.onboarding
        )
    return ends


def _ends(of: Contracts, policy: WaiverPolicy, onboarding: Onboarding) -> Whole:
    """The same under one policy."""
    limit = age_limit_ends(of.founded_on, policy)
    unused = months_after(of.starts_on, policy.months - of.prior_months) - of.prior_days
    granted = eligible(of, onboarding) & _of_the_kind(of, policy) & (of.starts_on < limit) & (unused > of.starts_on)
    end = np.minimum(unused, limit) if policy.age.ends_waiver else unused
    return np.where(granted, end, of.starts_on)


def age_limit_ends(founded_on: Whole, policy: WaiverPolicy) -> Whole:
    """The first day on which each company is too old: the founding day counts (미만) or does not (이내; 초일불산입)."""
    return months_after(founded_on + (not policy.age.founding_day_counts), 12 * policy.age.years)


def eligible(of: Contracts, onboarding: Onboarding) -> Flags:
    """Whether each company may use the platform, as far as is known; as `rules.eligibility.assess`.

    An SME with a ground that counts on its start day; what is not stated is assumed until the review.
    """
    last_days = np.array([_last_day(qualification, onboarding) for qualification in QUALIFICATIONS])
    sme: Flags = of.size == SIZES.index(CompanySize.SME)
    return sme & (of.starts_on <= last_days[of.qualification])


def _last_day(qualification: Qualification | None, onboarding: Onboarding) -> int:
    """The last start day on which a ground counts."""
    if qualification is Qualification.NONE:
        return number_of(date.min)
    last = onboarding.grounds[qualification].last_day if qualification else None
    return number_of(last or date.max)


def _of_the_kind(of: Contracts, policy: WaiverPolicy) -> Flags:
    """Whether a policy is for each company and its channel; a qualification that is not stated is assumed."""
    channels = np.array([channel in policy.channels for channel in CHANNELS])
    wanted = policy.qualifications
    kinds = np.array([one is None or wanted is None or one in wanted for one in QUALIFICATIONS])
    found: Flags = channels[of.channel] & kinds[of.qualification]
    most = policy.personal_ids_at_most
    return found if most is None else found & (of.personal_ids <= most)


class Sequences:
    """The sequences of price lists that contracts follow, each known once and by its number."""

    def __init__(self, editions: Editions) -> None:
        self._editions = editions
        self._numbers: dict[tuple[ListSpan, ...], int] = {}
        self._found: dict[tuple[int, int], int] = {}

    @property
    def spans(self) -> tuple[tuple[ListSpan, ...], ...]:
        """Each sequence; its first list since ever and its last for good: where a contract begins does not matter."""
        return tuple(self._numbers)

    def over(self, starts_on: Whole, end: Whole) -> Whole:
        """The number of the sequence of each contract; -1 where a day of its horizon has no list."""
        rows, place = distinct(starts_on, end)
        return np.array([self._over(int(starts_on[row]), int(end[row])) for row in rows], dtype=np.int64)[place]

    def _over(self, start: int, end: int) -> int:
        if (start, end) not in self._found:
            if len(self._found) >= MOST_KEPT:
                self._found.clear()
            self._found[start, end] = self._look_up(Period(day_of(start), day_of(max(end, start + 1))))
        return self._found[start, end]

    def _look_up(self, horizon: Period) -> int:
        try:
            spans = self._editions.price_lists_over(horizon)
        except NotFound:
            return -1
        starts = [date.min, *(span.start for span, _ in spans[1:])]
        ends = [*starts[1:], date.max]
        always = tuple((Period(*days), each) for *days, (_, each) in zip(starts, ends, spans, strict=True))
        return self._numbers.setdefault(always, len(self._numbers))


def invoice_days(month: Whole, delay: Whole, starts_on: Whole, next_month: Flags) -> Whole:
    """The day on which a month's fee is billed, so many months after it; as `rules.invoicing.issue_day`.

    Fees of the first month on the start day of the contract, or with those of the next month where the list says so
    (`next_month`), everything else on the 1st (P1 §10.1, P2 §6.1).
    """
    billed = month + delay
    since = int(billed.min(initial=0))
    firsts = first_days(np.arange(since, int(billed.max(initial=0)) + 2))  # few months, many rows
    first: Whole = firsts[billed - since]
    found: Whole = first.copy()
    at_start = np.flatnonzero((delay == 0) & (first < starts_on))  # only a first month begins before its contract
    following = firsts[billed[at_start] + 1 - since]
    found[at_start] = np.where(next_month[at_start], following, starts_on[at_start])
    return found


def billed_next_month(spans: Sequence[ListSpan]) -> bool:
    """Whether a contract that starts inside a month is billed first with the month after."""
    return spans[0][1].first_invoice.day is FirstInvoiceDay.NEXT_MONTH
