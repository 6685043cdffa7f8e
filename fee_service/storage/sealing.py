"""Quotes against the audit log: the seal of a quote's row stands there, and what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from fee_service.clock import now_in_utc
from fee_service.quote_status import QuoteStatus
from fee_service.storage import audit, quotes
from fee_service.storage.attested import Attested, Finding, Found
from fee_service.storage.attested_contracts import ToldOfContracts
from fee_service.storage.attested_findings import ToldOfFindings
from fee_service.storage.seals import instant, seal
from fee_service.storage.tables import audit_log, numbers, quote_states, waiver_ledger
from fee_service.storage.tables import quotes as quotes_table

ISSUED, ACCEPTED, WITHDRAWN, REVISED = "quote.issued", "quote.accepted", "quote.withdrawn", "quote.revised"
STATUS_AFTER = {
    ISSUED: QuoteStatus.ISSUED,
    ACCEPTED: QuoteStatus.ACCEPTED,
    WITHDRAWN: QuoteStatus.WITHDRAWN,
    REVISED: QuoteStatus.REVISED,
}
ACTION_TO = {status: action for action, status in STATUS_AFTER.items()}
_COLUMNS = tuple(str(column.name) for column in quotes_table.columns)


def seal_of(row: Mapping[Any, Any]) -> str:
    """The SHA-256 of a quote's row, column by column."""
    return seal(row, _COLUMNS)


def told_seal(connection: Connection, quote_id: str) -> str | None:
    """The seal in the audit log; None where the log does not know the quote."""
    details = connection.execute(
        select(audit_log.c.details)
        .where(audit_log.c.subject == quote_id, audit_log.c.action == ISSUED)
        .order_by(audit_log.c.sequence)
        .limit(1)
    ).scalar_one_or_none()
    return None if details is None else audit.details_of(details).get("seal")


def verify_quotes(connection: Connection, now: datetime | None = None) -> list[Finding]:
    """Everything that is not as the audit log says: quotes, states, ledger, numbers, contracts and the rest.

    First answers that are kept no longer at `now` may be missing.
    """
    told = _Told.by(connection)
    findings = list(_ledger(connection, told))
    present, found = set(), Found.nothing()
    given: Counter[int] = Counter()
    for each in quotes.everything(connection):
        present.add(each.quote.id)
        found.note(each.quote)
        findings += _quote(each, told)
        given[each.quote.issued_on.year] += 1
    findings += [Finding(subject, "is missing") for subject in told.seals if subject not in present]
    findings += _numbers(connection, given)
    findings += _states_of_nothing(connection)
    if not findings:  # else it would be compared with what is wrong
        findings += found.findings(connection)
    findings += told.contracts.findings(connection)
    findings += told.findings.findings(connection)
    findings += told.rest.findings(connection, now or now_in_utc())
    return findings


def _numbers(connection: Connection, given: Counter[int]) -> Iterator[Finding]:
    counted = {row.year: row.last for row in connection.execute(select(numbers))}
    for year in sorted(counted.keys() | given.keys()):
        if counted.get(year, 0) != given[year]:
            yield Finding(str(year), f"{counted.get(year, 0)} numbers are counted, {given[year]} are given")


def _states_of_nothing(connection: Connection) -> Iterator[Finding]:
    """States of quotes that are not there."""
    query = select(quote_states.c.position).outerjoin(quotes_table, quotes_table.c.position == quote_states.c.position)
    for position in connection.execute(query.where(quotes_table.c.position.is_(None))).scalars():
        yield Finding(str(position), "is the state of no quote")


class _Told(NamedTuple):
    """What the audit log says of the quotes, by their ids, and of the rest."""

    seals: dict[str, str | None]
    states: dict[str, tuple[QuoteStatus, datetime]]
    ledger: dict[str, Any]
    contracts: ToldOfContracts
    findings: ToldOfFindings
    rest: Attested

    @classmethod
    def by(cls, connection: Connection) -> _Told:
        told = cls({}, {}, {}, ToldOfContracts.nothing(), ToldOfFindings.nothing(), Attested.nothing())
        for entry in audit.entries(connection):
            told.rest.note(entry)
            told.contracts.note(entry)
            told.findings.note(entry)
            if entry.action not in STATUS_AFTER:
                continue
            details = audit.details_of(entry.details)
            told.states[entry.subject] = (STATUS_AFTER[entry.action], entry.at)
            if entry.action == ISSUED:
                told.seals[entry.subject] = details.get("seal")
            elif entry.action == ACCEPTED and details.get("waiver") is not None:
                told.ledger[entry.subject] = {**details["waiver"], "entered_at": instant(entry.at)}
        return told


def _quote(found: quotes.AsFound, told: _Told) -> Iterator[Finding]:
    quote = found.quote
    if quote.id not in told.seals:
        yield Finding(quote.number, "is unknown to the audit log")
    elif told.seals[quote.id] != seal_of(quote.columns):
        yield Finding(quote.number, "was changed after it was issued")
    status, at = told.states.get(quote.id, (found.status, found.changed_at))
    if found.status != status:
        yield Finding(quote.number, f"is {found.status}, but {status} in the audit log")
    elif found.changed_at != at:
        yield Finding(quote.number, f"is {status} since {found.changed_at}, but since {at} in the audit log")


def _ledger(connection: Connection, told: _Told) -> Iterator[Finding]:
    query = select(waiver_ledger, quotes_table.c.id).outerjoin(
        quotes_table, quotes_table.c.position == waiver_ledger.c.position
    )
    entered = {
        row.id or f"position {row.position}": {
            "business_number": row.business_number,
            "policy": row.policy,
            "granted_months": row.granted_months,
            "starts_on": row.starts_on.isoformat(),
            "ends_on": row.ends_on.isoformat(),
            "entered_at": instant(row.entered_at),
        }
        for row in connection.execute(query)
    }
    for quote_id in sorted(entered.keys() | told.ledger.keys()):
        if entered.get(quote_id) != told.ledger.get(quote_id):
            yield Finding(quote_id, "its entry in the waiver ledger is not what was accepted")
