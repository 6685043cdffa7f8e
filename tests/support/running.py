"""Contracts with what happened to them, as values, from the plain form in which tests write them."""

from dataclasses import replace
from datetime import date
from typing import Any

from fee_service.contract import Contract, ContractEvent, EventKind, UsageReport, WithdrawalGround
from fee_service.model import Usage
from fee_service.published.editions import Editions
from fee_service.quotes import previewing
from fee_service.rules.quoting import Quote
from schemas import load
from schemas.quote import QuoteRequestSchema

QUOTED_ON = date(2018, 7, 1)


def quote_of(request: dict[str, Any], editions: Editions) -> Quote:
    """The quote for a request as callers send one."""
    loaded = load(QuoteRequestSchema, request)
    return previewing.preview(loaded, editions, QUOTED_ON, previewing.nothing_known)


def accepted(quote: Quote) -> Contract:
    """The contract that an accepted quote is, before anything happens to it."""
    request = replace(quote.request, licences=quote.licences)
    return Contract("Q-2026-000001", request, quote.asked.horizon, quote.waiver.period)


def contract_of(life: dict[str, Any], editions: Editions) -> Contract:
    """The contract of `random_life`, or of a case: a request, its events and its reports."""
    events = tuple(event_of(number, event) for number, event in enumerate(life.get("events", ())))
    reports = tuple(report_of(number, report) for number, report in enumerate(life.get("reports", ())))
    return replace(accepted(quote_of(life["request"], editions)), events=events, reports=reports)


def event_of(number: int, event: dict[str, Any]) -> ContractEvent:
    """An event as a case writes it."""
    kind = EventKind(event["kind"])
    ground = WithdrawalGround.MISUSE if kind is EventKind.WAIVER_WITHDRAWN else None
    on = date.fromisoformat(event["on"]) if "on" in event else None
    return ContractEvent(event.get("id", f"E{number}"), kind, on, ground, annuls=event.get("event"))


def report_of(number: int, report: dict[str, Any]) -> UsageReport:
    """A report as a case writes it."""
    reported_on = date.fromisoformat(report["reported_on"])
    used = usage_by_product(report["usage"])
    return UsageReport(f"R{number}", date.fromisoformat(f"{report['month']}-01"), reported_on, used)


def usage_by_product(used: dict[str, dict[str, int]]) -> tuple[tuple[str, Usage], ...]:
    """Usage as a case writes it: by product, kinds that are left out are 0."""
    return tuple((product, Usage(**counts)) for product, counts in used.items())
