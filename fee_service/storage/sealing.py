"""Seals: the hash of a quote's row stands in the audit log, so that an edit of either is found."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, select

from fee_service.storage import audit, quotes
from fee_service.storage.tables import audit_log, numbers, waiver_ledger
from fee_service.storage.tables import quotes as quotes_table

ISSUED, ACCEPTED, WITHDRAWN, REVISED = "quote.issued", "quote.accepted", "quote.withdrawn", "quote.revised"
STATUS_AFTER = {ISSUED: "issued", ACCEPTED: "accepted", WITHDRAWN: "withdrawn", REVISED: "revised"}
_COLUMNS = tuple(str(column.name) for column in quotes_table.columns)


class Finding(NamedTuple):
    """A quote that is not as the audit log says it was left."""

    subject: str
    what: str


def seal_of(row: Mapping[Any, Any]) -> str:
    """The SHA-256 of a quote's row, column by column."""
    data = {name: _plain(row[name]) for name in _COLUMNS}
    return hashlib.sha256(orjson.dumps(data, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return hashlib.sha256(value).hexdigest() if isinstance(value, bytes) else value


def told_seal(connection: Connection, quote_id: str) -> str | None:
    """The seal in the audit log; None where the log does not know the quote."""
    row = connection.execute(
        select(audit_log.c.details)
        .where(audit_log.c.subject == quote_id, audit_log.c.action == ISSUED)
        .order_by(audit_log.c.sequence)
        .limit(1)
    ).one_or_none()
    return None if row is None else orjson.loads(row.details).get("seal")


def verify_quotes(connection: Connection) -> list[Finding]:
    """Every quote, state, ledger entry and number that is not as the audit log says."""
    told = _Told.by(connection)
    findings = list(_ledger(connection, told))
    present = set()
    given: Counter[int] = Counter()
    for row in quotes.everything(connection):
        present.add(row.id)
        findings += _quote(row._mapping, told)
        given[row.issued_on.year] += 1
    findings += [Finding(subject, "is missing") for subject in told.seals if subject not in present]
    counted = {row.year: row.last for row in connection.execute(select(numbers))}
    findings += [
        Finding(str(year), f"{counted.get(year, 0)} numbers are counted, {given[year]} are given")
        for year in sorted(counted.keys() | given.keys())
        if counted.get(year, 0) != given[year]
    ]
    return findings


class _Told(NamedTuple):
    """What the audit log says of the quotes, by their ids."""

    seals: dict[str, str | None]
    statuses: dict[str, str]
    ledger: dict[str, Any]

    @classmethod
    def by(cls, connection: Connection) -> _Told:
        told = cls({}, {}, {})
        for entry in audit.entries(connection):
            if entry.action not in STATUS_AFTER:
                continue
            details = orjson.loads(entry.details)
            told.statuses[entry.subject] = STATUS_AFTER[entry.action]
            if entry.action == ISSUED:
                told.seals[entry.subject] = details.get("seal")
            elif entry.action == ACCEPTED:
                told.ledger[entry.subject] = details.get("waiver")
        return told


def _quote(row: Mapping[Any, Any], told: _Told) -> Iterator[Finding]:
    if row["id"] not in told.seals:
        yield Finding(row["number"], "is unknown to the audit log")
    elif told.seals[row["id"]] != seal_of(row):
        yield Finding(row["number"], "was changed after it was issued")
    if row["status"] != told.statuses.get(row["id"], row["status"]):
        yield Finding(row["number"], f"is {row['status']}, but {told.statuses[row['id']]} in the audit log")


def _ledger(connection: Connection, told: _Told) -> Iterator[Finding]:
    entered = {
        row.id: {"business_number": row.business_number, "policy": row.policy,
                 "granted_months": row.granted_months,
                 "starts_on": row.starts_on.isoformat(), "ends_on": row.ends_on.isoformat()}
        for row in connection.execute(
            select(waiver_ledger, quotes_table.c.id).join(
                quotes_table, quotes_table.c.position == waiver_ledger.c.position
            )
        )
    }  # fmt: skip
    for quote_id in entered.keys() | told.ledger.keys():
        if entered.get(quote_id) != told.ledger.get(quote_id):
            yield Finding(quote_id, "its entry in the waiver ledger is not what was accepted")
