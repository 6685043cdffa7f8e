"""A contract and what happens to it, as values: an accepted quote, its events, its usage reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fee_service.model import QuoteRequest, Usage
from fee_service.periods import Period


class EventKind(StrEnum):
    """What can happen to a contract; an event is never edited, only followed by another."""

    ENDED = "ended"  # `on` is the last contract day
    WAIVER_WITHDRAWN = "waiver_withdrawn"  # nothing is waived from `on`
    ANNULLED = "annulled"  # takes another event back


class WithdrawalGround(StrEnum):
    """Why a waiver is withdrawn (S)."""

    MISUSE = "misuse"  # found in the yearly report or an inspection
    BREACH_OF_CONTRACT = "breach_of_contract"
    NO_SANDBOX_ACCESS = "no_sandbox_access"  # for six months


class Basis(StrEnum):
    """What a due rests on."""

    CONTRACT = "contract"  # what was agreed
    REPORT = "report"  # the usage as it was reported
    ESTIMATE = "estimate"  # no report came in time: billed like the month before (P1 §9.3)
    SETTLEMENT = "settlement"  # the difference of a later report to what was billed
    ASSUMED = "assumed"  # usage as quoted: no report is due yet


@dataclass(frozen=True, slots=True)
class ContractEvent:
    """Something that happened to a contract, in the order in which it was entered."""

    id: str
    kind: EventKind
    on: date | None = None  # None of an annulment
    ground: WithdrawalGround | None = None
    reason: str | None = None
    annuls: str | None = None  # the event that is taken back


@dataclass(frozen=True, slots=True)
class UsageReport:
    """The usage of a month as it was reported on a day; a correction names the report that it replaces."""

    id: str
    month: date  # its first day
    reported_on: date
    usage: tuple[tuple[str, Usage], ...]  # by product; one that is left out was not used
    corrects: str | None = None


@dataclass(frozen=True, slots=True)
class Contract:
    """An accepted quote with everything that happened to it since; `horizon` and `waived` are as quoted.

    The licences of the request are all that were quoted, those among them that the requested APIs needed.
    Events and reports stand in the order in which they were entered.
    """

    number: str
    request: QuoteRequest
    horizon: Period
    waived: Period | None
    events: tuple[ContractEvent, ...] = ()
    reports: tuple[UsageReport, ...] = ()
