"""A contract as the JSON that callers get: what was quoted, what happened, how it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from fee_service.answers.quote import reading_data
from fee_service.contract import Contract, ContractEvent
from fee_service.model import EarlierWaiver, Text
from fee_service.periods import ONE_DAY, Period
from fee_service.published.contract_rules import ContractRules
from fee_service.rules.differing import Difference
from fee_service.rules.standing import Standing, Term, standing_of, term_of
from fee_service.strict_json import Data
from fee_service.wording import Language, in_language


@dataclass(frozen=True, slots=True)
class Entered:
    """An event with the instant at which it was entered, in ISO 8601, and the key that did."""

    event: ContractEvent
    at: str
    by: str


@dataclass(frozen=True, slots=True)
class ShownContract:
    """Everything that is told of a contract; `exceeding` are the contracts that with it are waived for too long."""

    id: str
    accepted_at: str
    policy: str | None
    facts: Data
    contract: Contract
    events: tuple[Entered, ...]
    differences: tuple[Difference, ...]
    exceeding: tuple[EarlierWaiver, ...]
    granted_months: int


def contract_data(shown: ShownContract, rules: ContractRules, today: date, language: Language) -> Data:
    """A contract as it stands on a day."""
    contract, standing = shown.contract, standing_of(shown.contract)
    request = contract.request
    term = term_of(request.starts_on, standing.end, today, rules.notice_months)
    return {
        "id": shown.id,
        "number": contract.number,
        "accepted_at": shown.accepted_at,
        "status": _status(request.starts_on, standing.end, today),
        "company": {"name": request.company.name, "business_number": request.company.business_number},
        "products": sorted({licence.product for licence in request.licences}),
        "starts_on": request.starts_on,
        "ends_on": _last_day(standing.end),
        "quoted_until": contract.horizon.last_day,
        "waiver": _waiver(shown, standing, rules, language),
        "term": term and _term(term, request.starts_on, rules, today, language),
        "next_renewal": term and term.renews_on,
        "last_notice_on": term and term.last_notice,
        "events": list(events_data(shown.events)),
        "differences": [_difference(each, language) for each in shown.differences],
        "quote": shown.facts,
    }


def events_data(events: Sequence[Entered]) -> Iterator[Data]:
    """Events in the order in which they were entered."""
    annulled = {entered.event.annuls: entered.event.id for entered in events if entered.event.annuls}
    for entered in events:
        event = entered.event
        yield {
            "id": event.id,
            "kind": event.kind,
            "on": event.on,
            "ground": event.ground,
            "reason": event.reason,
            "event": event.annuls,
            "entered_at": entered.at,
            "entered_by": entered.by,
            "annulled_by": annulled.get(event.id),
        }


def _status(start: date, end: date | None, today: date) -> str:
    if today < start:
        return "upcoming"
    return "ended" if end is not None and today >= end else "running"


def _last_day(end: date | None) -> date | None:
    return None if end is None else end - ONE_DAY


def _difference(difference: Difference, language: Language) -> Data:
    return {
        "code": difference.text.code,
        "since": difference.since,
        "event": difference.event,
        "text": in_language(difference.text, language),
    }


# -- the waiver ----------------------------------------------------------------------------------------


def _waiver(shown: ShownContract, standing: Standing, rules: ContractRules, language: Language) -> Data:
    granted, stands = shown.contract.waived, standing.waived
    event, why = _why(granted, standing, rules)
    texts = (why, *_exceeding(shown))
    return {
        "granted": granted is not None,
        "policy": shown.policy,
        "starts_on": stands and stands.start,
        "ends_on": stands and stands.last_day,
        "quoted_ends_on": granted and granted.last_day,
        "event": event and event.id,
        "text": in_language(texts, language),
        "reading": _reading_of_ledger(shown.contract, standing, rules, language),
    }


def _reading_of_ledger(contract: Contract, standing: Standing, rules: ContractRules, language: Language) -> Data | None:
    """How the use of a waiver is counted that goes on past the quoted days of a contract whose end nobody knows."""
    reading = rules.waiver_ledger.reading
    goes_on = standing.end is None and standing.waived is not None and standing.waived.end > contract.horizon.end
    return reading_data(reading, language) if reading and goes_on else None


def _why(granted: Period | None, standing: Standing, rules: ContractRules) -> tuple[ContractEvent | None, Text]:
    """The event that leaves less than was granted, and what is said of it."""
    if granted is None:
        return None, Text("contract_waiver_none")
    end, withdrawn = standing.end, standing.withdrawn
    if withdrawn is not None and withdrawn.ground is not None:
        rule = rules.withdrawal_grounds[withdrawn.ground]
        params = {"day": withdrawn.on, "ground": rule.label, "source": rule.written.cited, "quoted": granted.last_day}
        return withdrawn, Text("contract_waiver_withdrawn", params)
    if end is not None and end < granted.end:
        return standing.ended, Text("contract_waiver_until_end", {"day": end - ONE_DAY, "quoted": granted.last_day})
    return None, Text("contract_waiver_as_quoted", {"first": granted.start, "last": granted.last_day})


def _exceeding(shown: ShownContract) -> Iterator[Text]:
    if shown.exceeding:
        others = tuple(dict.fromkeys(each.quote for each in shown.exceeding))
        yield Text("contract_waivers_exceed", {"others": others, "months": shown.granted_months})


# -- the term ------------------------------------------------------------------------------------------


def _term(term: Term, start: date, rules: ContractRules, today: date, language: Language) -> Data:
    written = rules.term
    return {
        "starts_on": term.period.start,
        "ends_on": term.period.last_day,
        "notice_open": term.is_open(today),
        "source": in_language(written.cited, language),
        "text": in_language(_of_term(term, start, today), language),
        "reading": reading_data(written.reading, language) if written.reading and term.renews_on else None,
    }


def _of_term(term: Term, start: date, today: date) -> Text:
    if term.renews_on is None:
        return Text("contract_term_ends", {"day": term.period.last_day})
    if not term.is_open(today):
        params = {"renewal": term.renews_on, "notice": term.last_notice, "following": term.following}
        return Text("contract_term_notice_over", params)
    params = {"end": term.period.last_day, "notice": term.last_notice, "renewal": term.renews_on}
    if today < start:
        return Text("contract_term_upcoming", {**params, "start": start})
    return Text("contract_term", params)
