"""What the audit log attests beside quotes: keys, links, first answers; and what follows from the quotes alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, select

from fee_service import company_name
from fee_service.storage import audit, business_numbers, company_names, item_names, usage_audits, usage_reports
from fee_service.storage.seals import OF_A_KEY, OF_AN_ANSWER, instant, seal
from fee_service.storage.stored_quote import KeptQuote
from fee_service.storage.tables import (
    api_keys,
    business_number_terms,
    company_name_terms,
    idempotency_keys,
    quote_shares,
    quotes,
)
from fee_service.storage.tables import company_names as names
from fee_service.storage.usage_reports import Sealed

KEY_CREATED, KEY_REVOKED = "key.created", "key.revoked"
SHARE_CREATED, SHARE_REVOKED = "share.created", "share.revoked"
USAGE_ASKED, USAGE_REPORTED, USAGE_AUDITED = "usage.import_asked", "usage.reported", "usage.audited"
ITEMS_NAMED = "items.named"
RECONCILIATION_ASKED = "reconciliation.asked"
FIRST_ANSWER = "first_answer"  # in the details of the entry of what was answered
AT_ONCE = 1000


class Finding(NamedTuple):
    """Something that is not as the audit log says it was left."""

    subject: str
    what: str


class Attested(NamedTuple):
    """What the audit log says of keys, links, first answers, reports, audits and names, by their ids or seals."""

    keys: dict[str, tuple[str | None, datetime | None]]  # the seal, and when the key was revoked
    shares: dict[str, tuple[Any, ...]]
    answers: dict[str, str]  # until when each is kept
    reports: dict[str, Sealed]  # of each batch; where it stands only if it was entered some rows at a time
    audits: dict[str, str | None]
    names: dict[str, str | None]  # of items, a version a supplier

    @classmethod
    def nothing(cls) -> Attested:
        return cls({}, {}, {}, {}, {}, {})

    def note(self, entry: audit.StoredEntry) -> None:
        """Take in one entry, in the order of the log."""
        details = audit.details_of(entry.details)
        if entry.action == KEY_CREATED:
            self.keys[entry.subject] = (details.get("seal"), None)
        elif entry.action == KEY_REVOKED:
            self.keys[entry.subject] = (self.keys.get(entry.subject, (None, None))[0], entry.at)
        elif entry.action == SHARE_CREATED:
            told = (details.get("number"), entry.actor, entry.at, details.get("expires_on"))
            self.shares[entry.subject] = (*told, None)
        elif entry.action == SHARE_REVOKED and entry.subject in self.shares:
            self.shares[entry.subject] = (*self.shares[entry.subject][:-1], entry.at)
        elif entry.action == USAGE_REPORTED:
            self.reports[entry.subject] = Sealed(details.get("seal", ""), details.get("places", ""))
        elif entry.action == USAGE_AUDITED:
            self.audits[entry.subject] = details.get("seal")
        elif entry.action == ITEMS_NAMED:
            self.names[entry.subject] = details.get("seal")
        first = details.get(FIRST_ANSWER)
        if isinstance(first, dict):
            self.answers[str(first.get("seal"))] = str(first.get("until"))

    def findings(self, connection: Connection, now: datetime) -> Iterator[Finding]:
        """Everything that is not as it was told."""
        yield from _differences("key", self.keys, _keys(connection))
        yield from _differences("link", self.shares, _shares(connection))
        yield from self._reports(usage_reports.sealed(connection))
        audits = usage_audits.sealed(connection)
        yield from _differences("audit of usage", self.audits, audits)
        yield from _order("audit of usage", self.audits, audits)
        names = item_names.sealed(connection)
        yield from _differences("version of names of items", self.names, names)
        yield from _order("versions of names of items", self.names, names)
        yield from self._answers(connection, now)

    def _reports(self, kept: dict[str, Sealed]) -> Iterator[Finding]:
        """Those told with their places stand there; all others in one piece each, in the order in which they came."""
        entered_slowly = {batch for batch, told in self.reports.items() if told.places}
        as_told = {
            batch: found if batch in entered_slowly else Sealed(found.seal, "" if ", " not in found.places else "torn")
            for batch, found in kept.items()
        }
        yield from _differences("usage report", self.reports, as_told)
        at_once = [{each: 0 for each in batches if each not in entered_slowly} for batches in (self.reports, kept)]
        yield from _order("usage report", *at_once)

    def _answers(self, connection: Connection, now: datetime) -> Iterator[Finding]:
        kept = set()
        for row in connection.execute(select(idempotency_keys)):
            kept.add(own := seal(row._mapping, OF_AN_ANSWER))
            if own not in self.answers:
                yield Finding(f"{row.owner}/{row.key}", "the first answer kept under this key was never given")
        for own, until in self.answers.items():
            if until > instant(now) and own not in kept:
                yield Finding(own[:12], f"a first answer with this seal, kept until {until}, is missing")


def _differences(kind: str, told: dict[str, Any], kept: dict[str, Any]) -> Iterator[Finding]:
    for subject in sorted(told.keys() | kept.keys()):
        if subject not in kept:
            yield Finding(subject, f"this {kind} is missing")
        elif subject not in told:
            yield Finding(subject, f"this {kind} is unknown to the audit log")
        elif kept[subject] != told[subject]:
            yield Finding(subject, f"this {kind} was changed by hand")


def _order(kind: str, told: dict[str, Any], kept: dict[str, Any]) -> Iterator[Finding]:
    """Where they do not stand in the order in which the log tells of them."""
    if [each for each in kept if each in told] != [each for each in told if each in kept]:
        yield Finding(kind, "they stand in another order than the one in which they came")


def _keys(connection: Connection) -> dict[str, Any]:
    rows = connection.execute(select(api_keys))
    return {row.id: (seal(row._mapping, OF_A_KEY), row.revoked_at) for row in rows}


def _shares(connection: Connection) -> dict[str, Any]:
    query = select(quote_shares, quotes.c.number).outerjoin(quotes, quotes.c.position == quote_shares.c.position)
    return {
        row.id: (
            *(row.number, row.created_by, row.created_at),
            row.expires_on.isoformat() if row.expires_on else None,
            row.revoked_at,
        )
        for row in connection.execute(query)
    }


# -- what follows from the quotes: how they are found ----------------------------------------------------


class Found(NamedTuple):
    """The names and numbers of the quotes, to compare with the tables in which they are looked up."""

    names: dict[int, str]  # folded, by their ids
    numbers: set[str]

    @classmethod
    def nothing(cls) -> Found:
        return cls({}, set())

    def note(self, quote: KeptQuote) -> None:
        """Take in a quote."""
        if quote.company_name_id is not None and quote.company_name is not None:
            self.names[quote.company_name_id] = company_name.folded(quote.company_name)
        if quote.business_number is not None:
            self.numbers.add(quote.business_number)

    def findings(self, connection: Connection) -> Iterator[Finding]:
        """Every name and every part that would not be found, or found for another."""
        kept = {row.id: (row.folded, row.searched) for row in _in_steps(connection, select(names), names.c.id)}
        told = {id_: (name, company_name.searched(name)) for id_, name in self.names.items()}
        for id_ in sorted(told.keys() | kept.keys()):
            if told.get(id_) != kept.get(id_):
                yield Finding(str(id_), "this name of a company is not the one of its quotes")
        of_names = {str(id_): set(company_names.terms(searched)) for id_, (_, searched) in told.items()}
        yield from _terms(connection, company_name_terms.c.company_name_id, company_name_terms.c.term, of_names)
        of_numbers = {number: set(business_numbers.terms(number)) for number in self.numbers}
        yield from _terms(connection, business_number_terms.c.business_number, business_number_terms.c.term, of_numbers)


def _terms(connection: Connection, subject: Any, term: Any, told: dict[str, set[str]]) -> Iterator[Finding]:
    """Whose parts are not those that follow from it."""
    counted: Counter[str] = Counter()
    wrong = set()
    for of, part in connection.execute(select(subject, term)):
        counted[str(of)] += 1
        if part not in told.get(str(of), ()):
            wrong.add(str(of))
    wrong |= {of for of, parts in told.items() if counted[of] != len(parts)}
    for of in sorted(wrong):
        yield Finding(of, "what this is searched by was changed by hand")


def _in_steps(connection: Connection, query: Select[Any], by: Any) -> Iterator[Row[Any]]:
    """All rows in the order of a key, some at a time."""
    after = 0
    while True:
        rows = connection.execute(query.where(by > after).order_by(by).limit(AT_ONCE)).all()
        yield from rows
        if len(rows) < AT_ONCE:
            return
        after = rows[-1].id
