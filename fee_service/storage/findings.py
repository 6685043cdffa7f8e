"""Findings as they are kept: each once, and behind it, one by one, what runs and people said of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, bindparam, insert, select, update

from fee_service.finding import FindingLife
from fee_service.storage.seals import seal
from fee_service.storage.tables import finding_events, findings

AT_ONCE = 500  # findings or contracts asked for in one statement
ENTERED_AT_ONCE = 1_000
SUBJECT = ("contract", "month", "chain", "agreement", "fee", "product", "option", "user_type")
STANDS = (
    *("life", "state", "cause", "difference", "vat_difference"),
    *("settled_difference", "settled_vat_difference", "seen"),
)
SIGHT = ("status", "amount", "expected", "invoice_number", "issued_on", "explanation_ko", "explanation_en")
_INSERT, _INSERT_EVENT = insert(findings), insert(finding_events)
_LAST = finding_events.alias("last")
_OF_BATCH = _LAST.c.batch == bindparam("of")
_MOVE = (  # to where the events of a batch left them, all in one
    update(findings)
    .where(findings.c.id.in_(select(_LAST.c.finding).where(_OF_BATCH)))
    .values(
        {name: select(_LAST.c[name]).where(_LAST.c.finding == findings.c.id, _OF_BATCH).scalar_subquery()
         for name in STANDS}
    )
)  # fmt: skip
_SIGHT = finding_events.alias("sight")
_LISTED: Select[Any] = select(
    findings,
    *(_SIGHT.c[name] for name in SIGHT),
).join(_SIGHT, (_SIGHT.c.finding == findings.c.id) & (_SIGHT.c.batch == findings.c.seen))
_BY_ID = _LISTED.where(findings.c.id == bindparam("named"))
_STORY = select(finding_events).where(finding_events.c.finding == bindparam("of")).order_by(finding_events.c.sequence)
_OF_RUN = (
    select(finding_events.c.finding, finding_events.c.sequence)
    .where(finding_events.c.batch == bindparam("run"))
    .order_by(finding_events.c.sequence.desc())
)
_FOLLOWING = (
    select(finding_events)
    .where(finding_events.c.sequence > bindparam("after"))
    .order_by(finding_events.c.sequence)
    .limit(1000)
)


class NewEvent(NamedTuple):
    """What is said of a finding, and how it stands after it (KRW)."""

    batch: str  # the run; of a person's word an id of its own
    finding: str
    life: str
    state: str
    cause: str | None
    difference: int
    vat_difference: int
    settled_difference: int | None
    settled_vat_difference: int | None
    seen: str
    status: str | None  # as the run saw it; None of a person's word
    amount: int | None
    expected: int | None
    invoice_number: str | None
    issued_on: date | None
    explanation_ko: str | None
    explanation_en: str | None
    note: str | None
    entered_at: datetime
    entered_by: str

    @property
    def is_of_a_run(self) -> bool:
        """Whether a run said it, not a person."""
        return self.status is not None

    @property
    def stands(self) -> dict[str, Any]:
        """How the finding stands after it."""
        return {name: getattr(self, name) for name in STANDS}

    @property
    def seal(self) -> str:
        """As the audit log tells it, alone or with the others of its batch."""
        return seal(self._asdict(), self._fields)


class KeptFinding(NamedTuple):
    """A finding and how it stands."""

    sequence: int
    id: str
    contract: str
    month: date
    chain: str | None
    agreement: str | None
    fee: str | None
    product: str | None
    option: str | None
    user_type: str | None
    life: str
    state: str
    cause: str | None
    difference: int
    vat_difference: int
    settled_difference: int | None
    settled_vat_difference: int | None
    seen: str


class ListedFinding(NamedTuple):
    """A finding with how the last run that saw it saw it."""

    kept: KeptFinding
    status: str
    amount: int | None
    expected: int | None
    invoice_number: str | None
    issued_on: date | None
    explanation_ko: str | None
    explanation_en: str | None


class StoredEvent(NamedTuple):
    """What was said of a finding; the seals of all that was said are over `event`."""

    sequence: int
    event: NewEvent


class Wanted(NamedTuple):
    """Which findings to list; of a run, life and cause are what it said."""

    contract: str | None = None
    month: date | None = None
    life: str | None = None
    state: str | None = None
    cause: str | None = None
    run: str | None = None


# -- written -------------------------------------------------------------------------------------------


def enter(connection: Connection, batch: str, new: Sequence[Mapping[str, Any]], events: Sequence[NewEvent]) -> None:
    """Add findings that were not known, as the batch leaves them, and its events (inside `Database.write`)."""
    for rows in _some(new, ENTERED_AT_ONCE):
        connection.execute(_INSERT, rows)
    for part in _some(events, ENTERED_AT_ONCE):
        connection.execute(_INSERT_EVENT, [event._asdict() for event in part])
    if len(events) > len(new):
        connection.execute(_MOVE, {"of": batch})


# -- read ----------------------------------------------------------------------------------------------


def known(connection: Connection, ids: Iterable[str]) -> Iterator[KeptFinding]:
    """Those of some findings that are known."""
    for part in _some(ids, AT_ONCE):
        yield from _kept(connection, select(findings).where(findings.c.id.in_(part)))


def open_of(connection: Connection, contracts: Iterable[str]) -> Iterator[KeptFinding]:
    """The findings of some contracts that no run has found solved, in the order in which they came."""
    is_open = findings.c.life != FindingLife.SOLVED.value
    for part in _some(contracts, AT_ONCE):
        of_them = select(findings).where(findings.c.contract.in_(part), is_open)
        yield from _kept(connection, of_them.order_by(findings.c.sequence))


def find(connection: Connection, finding_id: str) -> ListedFinding | None:
    """A finding by its id."""
    row = connection.execute(_BY_ID, {"named": finding_id}).one_or_none()
    return None if row is None else _listed(row)


def story(connection: Connection, finding_id: str) -> list[StoredEvent]:
    """What was said of a finding, in its order."""
    return [_event(row) for row in connection.execute(_STORY, {"of": finding_id})]


def page(connection: Connection, wanted: Wanted, before: int | None, limit: int) -> list[tuple[int, ListedFinding]]:
    """Findings with their places in the list, those that came last first, from before a place on."""
    query, place = (_LISTED, findings.c.sequence)
    filtered: Any = findings
    if wanted.run is not None:
        said = finding_events.alias("said")
        query = query.join(said, said.c.finding == findings.c.id).where(said.c.batch == wanted.run)
        place, filtered = said.c.sequence, said
    for name in ("contract", "month", "state"):
        if (value := getattr(wanted, name)) is not None:
            query = query.where(findings.c[name] == value)
    for name in ("life", "cause"):
        if (value := getattr(wanted, name)) is not None:
            query = query.where(filtered.c[name] == value)
    if before is not None:
        query = query.where(place < before)
    rows = connection.execute(query.add_columns(place.label("place")).order_by(place.desc()).limit(limit))
    return [(row.place, _listed(row)) for row in rows]


def events(connection: Connection) -> Iterator[StoredEvent]:
    """All events in the order in which they were entered, some at a time."""
    after = 0
    while rows := connection.execute(_FOLLOWING, {"after": after}).all():
        yield from map(_event, rows)
        after = rows[-1].sequence


def everything(connection: Connection) -> Iterator[KeptFinding]:
    """All findings in the order in which they came, some at a time."""
    after = 0
    while True:
        query = select(findings).where(findings.c.sequence > after).order_by(findings.c.sequence).limit(1000)
        rows = list(_kept(connection, query))
        if not rows:
            return
        yield from rows
        after = rows[-1].sequence


def _kept(connection: Connection, query: Select[Any]) -> Iterator[KeptFinding]:
    return (KeptFinding._make(row) for row in connection.execute(query))


def _listed(row: Row[Any]) -> ListedFinding:
    kept = KeptFinding._make(row[: len(KeptFinding._fields)])
    return ListedFinding(kept, *(row._mapping[name] for name in ListedFinding._fields[1:]))


def _event(row: Row[Any]) -> StoredEvent:
    return StoredEvent(row.sequence, NewEvent(*(row._mapping[name] for name in NewEvent._fields)))


def _some(each: Iterable[Any], count: int) -> Iterator[Sequence[Any]]:
    left = iter(each)
    while part := list(islice(left, count)):
        yield part
