"""What a company hands in and goes through before it may use the platform."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from fee_service.model import Label
from fee_service.periods import ONE_DAY, months_after


class Document(NamedTuple):
    """A document to hand in; `policies` are the waiver policies that ask for it, None where everyone must.

    `last_printed_on` is the last day on which its source named it, where it does not any more.
    """

    id: str
    label: Label
    source: str
    policies: tuple[str, ...] | None
    last_printed_on: date | None


class Step(NamedTuple):
    id: str
    label: Label
    source: str


class Check(NamedTuple):
    """Something that is looked at; some only where financial-transaction data is used."""

    id: str
    label: Label
    source: str
    only_with_transaction_data: bool


class GoingLive(NamedTuple):
    """The verification before a service goes live (상용 전환), and the documents it needs."""

    label: Label
    source: str
    documents: tuple[Document, ...]


class Contact(NamedTuple):
    """A department as published, without names of persons."""

    id: str
    label: Label
    purpose: Label
    email: str | None
    phone: str | None
    source: str


class Ground(NamedTuple):
    """What, beside being an SME, opens the platform; `last_day` is the last start day on which it counts."""

    id: str
    label: Label
    last_day: date | None
    source: str

    def counts_on(self, day: date) -> bool:
        """Whether it is a ground of its own for a contract that starts on `day`."""
        return self.last_day is None or day <= self.last_day

    @property
    def ended_on(self) -> date | None:
        """The first day on which it is no ground of its own any more."""
        return self.last_day + ONE_DAY if self.last_day else None


class ClosedTo(NamedTuple):
    """What closes the platform to a company, with the law that it rests on, if one is named."""

    id: str
    label: Label
    law: Label | None
    source: str


@dataclass(frozen=True, slots=True, eq=False)
class Onboarding:
    """pricing_tables/onboarding.yaml."""

    documents: tuple[Document, ...]
    steps: tuple[Step, ...]
    security_step: Step
    checks: tuple[Check, ...]
    going_live: GoingLive
    lead_time: Label
    lead_time_without_transactions: Label
    least_lead_months: int  # before a start with financial-transaction data
    contacts: tuple[Contact, ...]
    grounds: Mapping[str, Ground]
    exclusions: Mapping[str, ClosedTo]
    sources: Mapping[str, str]

    def grounds_on(self, day: date) -> tuple[Ground, ...]:
        """The grounds of which a contract that starts on `day` needs one."""
        return tuple(ground for ground in self.grounds.values() if ground.id != "none" and ground.counts_on(day))


@dataclass(frozen=True, slots=True, eq=False)
class OnboardingPlan:
    """What of it a contract needs; plans are kept, so that the very same one comes again, not only an equal one."""

    documents: tuple[Document, ...]
    steps: tuple[Step, ...]
    security_check: bool
    checks: tuple[Check, ...]
    going_live: GoingLive
    lead_time: Label
    contacts: tuple[Contact, ...]
    grounds: tuple[Ground, ...]
    exclusions: tuple[ClosedTo, ...]


def plan(onboarding: Onboarding, policy: str | None, transaction_data: Iterable[bool], day: date) -> OnboardingPlan:
    """What a contract that starts on `day` under a waiver policy needs.

    The security check is only for financial-transaction data. A document stays on the list after its source
    stopped naming it; the answer says until when it did.
    """
    return _plan(onboarding, policy, any(transaction_data), day)


@lru_cache(maxsize=256)
def _plan(onboarding: Onboarding, policy: str | None, checked: bool, day: date) -> OnboardingPlan:
    """Kept for a while: nothing else of a request matters to it."""
    asked = (doc for doc in onboarding.documents if doc.policies is None or policy in doc.policies)
    return OnboardingPlan(
        documents=tuple(doc if _is_past(doc, day) else doc._replace(last_printed_on=None) for doc in asked),
        steps=(*onboarding.steps, onboarding.security_step) if checked else onboarding.steps,
        security_check=checked,
        checks=tuple(check for check in onboarding.checks if checked or not check.only_with_transaction_data),
        going_live=onboarding.going_live,
        lead_time=onboarding.lead_time if checked else onboarding.lead_time_without_transactions,
        contacts=onboarding.contacts,
        grounds=onboarding.grounds_on(day),
        exclusions=tuple(onboarding.exclusions.values()),
    )


def _is_past(document: Document, day: date) -> bool:
    return document.last_printed_on is not None and document.last_printed_on < day


def earliest_start(onboarding: Onboarding, today: date, transaction_data: Iterable[bool]) -> date:
    """The first start day that can be met: today, or the lead time from today where transaction data is used."""
    return months_after(today, onboarding.least_lead_months) if any(transaction_data) else today
