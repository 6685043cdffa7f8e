"""What a company hands in and goes through before it may use the platform."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from fee_service.model import Label


class Document(NamedTuple):
    """A document to hand in; `policies` are the waiver policies that ask for it, None where everyone must."""

    id: str
    label: Label
    source: str
    policies: tuple[str, ...] | None


class Step(NamedTuple):
    id: str
    label: Label
    source: str


class Contact(NamedTuple):
    id: str
    label: Label
    purpose: Label


@dataclass(frozen=True, slots=True)
class Onboarding:
    """pricing_tables/onboarding.yaml."""

    documents: tuple[Document, ...]
    steps: tuple[Step, ...]
    security_step: Step
    lead_time: Label
    lead_time_without_transactions: Label
    contacts: tuple[Contact, ...]
    qualifications: Mapping[str, Label]
    exclusions: Mapping[str, Label]
    sources: Mapping[str, str]


class OnboardingPlan(NamedTuple):
    documents: tuple[Document, ...]
    steps: tuple[Step, ...]
    security_check: bool
    lead_time: Label
    contacts: tuple[Contact, ...]


def plan(onboarding: Onboarding, policy: str | None, transaction_data: Iterable[bool]) -> OnboardingPlan:
    """The documents and steps under a waiver policy; the security check only for financial-transaction data."""
    checked = any(transaction_data)
    asked = (doc for doc in onboarding.documents if doc.policies is None or policy in doc.policies)
    return OnboardingPlan(
        documents=tuple(asked),
        steps=(*onboarding.steps, onboarding.security_step) if checked else onboarding.steps,
        security_check=checked,
        lead_time=onboarding.lead_time if checked else onboarding.lead_time_without_transactions,
        contacts=onboarding.contacts,
    )
