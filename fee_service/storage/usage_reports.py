"""Usage reports as they are kept: entered once, replaced by later ones, read by contract or by month.

Those of a large file are entered some at a time under the id of the job that keeps it. Nobody sees them before the job
is done: that it becomes so is the one short statement that makes them count, all or none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Row,
    Select,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.exc import IntegrityError

from fee_service.contract import UsageReport
from fee_service.job_state import JobState
from fee_service.model import Usage
from fee_service.periods import Period
from fee_service.storage.seals import seal
from fee_service.storage.tables import jobs, quotes, usage_reports

AT_ONCE = 500  # places asked for in one statement
ENTERED_AT_ONCE = 1_000
_COLUMNS = (
    "id",
    "batch",
    "position",
    "owner",
    "month",
    "reported_on",
    "reported_by",
    "corrects",
    "usage",
    "created_at",
)
_INSERT = insert(usage_reports)


def _counts(reports: FromClause) -> ColumnElement[bool]:
    """Of which rows anybody may know: of a file that a worker keeps none before the job is done."""
    unfinished = select(literal(1)).where(jobs.c.id == reports.c.batch, jobs.c.state != JobState.DONE)
    return ~unfinished.correlate(reports).exists()


_SEEN = _counts(usage_reports)
_later = usage_reports.alias("later")
_WHOLE: Select[Any] = (
    select(usage_reports, quotes.c.number, _later.c.id.label("corrected_by"))
    .join(quotes, quotes.c.position == usage_reports.c.position)
    .outerjoin(_later, and_(_later.c.corrects == usage_reports.c.id, _counts(_later)))
    .where(_SEEN)
)
_BY_ID = _WHOLE.where(usage_reports.c.id == bindparam("named"))
_OF_CONTRACT = (
    select(usage_reports).where(usage_reports.c.position == bindparam("of"), _SEEN).order_by(usage_reports.c.sequence)
)
_VALUES = (
    select(
        usage_reports.c.position,
        usage_reports.c.id,
        usage_reports.c.month,
        usage_reports.c.reported_on,
        usage_reports.c.usage,
        usage_reports.c.corrects,
    )
    .where(_SEEN)
    .order_by(usage_reports.c.sequence)
)
_THESE = usage_reports.c.position > bindparam("after"), usage_reports.c.position <= bindparam("through")
_SINCE = _VALUES.where(*_THESE, usage_reports.c.month >= bindparam("month"))
_SETTLED = select(usage_reports.c.position).where(
    *_THESE,
    usage_reports.c.month < bindparam("month"),
    usage_reports.c.reported_on >= bindparam("first"),
    usage_reports.c.reported_on < bindparam("end"),
    _SEEN,
)
_LATEST = select(func.max(usage_reports.c.reported_on)).where(_SEEN)
_OF_MONTH = (
    select(usage_reports).where(usage_reports.c.month == bindparam("of"), _SEEN).order_by(usage_reports.c.sequence)
)
_FOLLOWING = (
    select(usage_reports)
    .where(usage_reports.c.sequence > bindparam("after"), _SEEN)
    .order_by(usage_reports.c.sequence)
    .limit(1000)
)
_OF_BATCH = (
    select(usage_reports.c.sequence).where(usage_reports.c.batch == bindparam("of")).order_by(usage_reports.c.sequence)
)

Place = tuple[int, date]  # of a contract, and the first day of a month


class Taken(Exception):
    """A report is there already for that contract and month, or another one replaces the same."""


class NewReport(NamedTuple):
    """A report that is to be kept; `batch` is what it came with."""

    id: str
    batch: str
    position: int  # of the contract
    owner: str  # the API key whose quote the contract is
    month: date  # its first day
    reported_on: date
    reported_by: str
    corrects: str | None
    usage: str  # canonical JSON
    created_at: datetime


class StoredReport(NamedTuple):
    """A report as it is kept, with the contract's number and the report that replaces it."""

    sequence: int
    id: str
    batch: str
    position: int
    owner: str
    month: date
    reported_on: date
    reported_by: str
    corrects: str | None
    usage: str
    created_at: datetime
    number: str
    corrected_by: str | None

    @property
    def used(self) -> tuple[tuple[str, Usage], ...]:
        """By product."""
        return usage_of(self.usage)


class Wanted(NamedTuple):
    """Which reports to list."""

    position: int | None = None
    month: date | None = None
    owner: str | None = None


def usage_json(used: Mapping[str, Usage]) -> str:
    """Usage by product as it is kept, in the order of the products' names."""
    return orjson.dumps({product: [*usage] for product, usage in used.items()}, option=orjson.OPT_SORT_KEYS).decode()


def usage_of(kept: str) -> tuple[tuple[str, Usage], ...]:
    """The inverse of `usage_json`."""
    return tuple([(product, Usage(*counts)) for product, counts in orjson.loads(kept).items()])


def seal_of(rows: Iterable[Mapping[Any, Any]]) -> Iterator[str]:
    """The seals of rows, one each, in the order in which they are entered."""
    return (seal(row, _COLUMNS) for row in rows)


def seal_of_batch(seals: Iterable[str]) -> str:
    """The seal of all reports of a batch, as the audit log tells it."""
    whole = hashlib.sha256()
    for each in seals:
        whole.update(each.encode())
    return whole.hexdigest()


class Sealed(NamedTuple):
    """The seal of a batch as its rows stand, and the ranges of their sequence numbers, `5-1004, 1006-2005`."""

    seal: str
    places: str


def sealed(connection: Connection) -> dict[str, Sealed]:
    """Of every batch, in the order of the first row of each; no more of them than those of files is kept open."""
    found: dict[str, Sealed] = {}
    files: dict[str, tuple[Any, list[int]]] = {}
    for row in _every(connection):
        own = seal(row._mapping, _COLUMNS)
        if row.batch == row.id and row.batch not in found:
            found[row.batch] = Sealed(seal_of_batch([own]), ranges([row.sequence]))
            continue
        found.setdefault(row.batch, Sealed("", ""))
        whole, sequences = files.setdefault(row.batch, (hashlib.sha256(), []))
        whole.update(own.encode())
        sequences.append(row.sequence)
    return found | {batch: Sealed(whole.hexdigest(), ranges(of)) for batch, (whole, of) in files.items()}


def ranges(sequences: Sequence[int]) -> str:
    """Ascending numbers, neighbours as a range."""
    runs: list[list[int]] = []
    for number in sequences:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(f"{first}-{last}" for first, last in runs)


def places(connection: Connection, batch: str) -> tuple[int, str]:
    """How many rows a batch has, whoever may know of them, and the ranges of their sequence numbers."""
    found = connection.execute(_OF_BATCH, {"of": batch}).scalars().all()
    return len(found), ranges(found)


def _every(connection: Connection) -> Iterator[Row[Any]]:
    after = 0
    while rows := connection.execute(_FOLLOWING, {"after": after}).all():
        yield from rows
        after = rows[-1].sequence


def enter(connection: Connection, reports: Sequence[NewReport]) -> None:
    """Keep reports (inside `Database.write`). Raises Taken; then the transaction must not go on."""
    try:
        for first in range(0, len(reports), ENTERED_AT_ONCE):
            connection.execute(_INSERT, [report._asdict() for report in reports[first : first + ENTERED_AT_ONCE]])
    except IntegrityError as error:
        raise Taken from error


def take_out(connection: Connection, batch: str, most: int) -> int:
    """Remove some rows of a file whose job is not done; answers how many. The tables let nobody remove others."""
    found = connection.execute(_OF_BATCH.where(~_SEEN).limit(most), {"of": batch}).scalars().all()
    if found:
        one = delete(usage_reports).where(usage_reports.c.sequence == bindparam("at"))
        connection.execute(one, [{"at": sequence} for sequence in found])
    return len(found)


def find(connection: Connection, report_id: str) -> StoredReport | None:
    """A report by its id."""
    row = connection.execute(_BY_ID, {"named": report_id}).one_or_none()
    return None if row is None else StoredReport(**row._mapping)


def newest(connection: Connection, places: Sequence[Place]) -> dict[Place, StoredReport]:
    """For contracts and months the report that counts now, without those that have none."""
    found, wanted = {}, set(places)
    for first in range(0, len(places), AT_ONCE):
        part = places[first : first + AT_ONCE]
        positions, months = ({place[number] for place in part} for number in (0, 1))  # SQLite scans for pairs of them
        those = usage_reports.c.position.in_(positions), usage_reports.c.month.in_(months)
        for row in connection.execute(_WHOLE.where(*those, _later.c.id.is_(None))):
            if (row.position, row.month) in wanted:
                found[row.position, row.month] = StoredReport(**row._mapping)
    return found


def by_ids(connection: Connection, ids: Sequence[str]) -> dict[str, StoredReport]:
    """Reports by their ids, without those that there are not."""
    found = {}
    for first in range(0, len(ids), AT_ONCE):
        for row in connection.execute(_WHOLE.where(usage_reports.c.id.in_(ids[first : first + AT_ONCE]))):
            found[row.id] = StoredReport(**row._mapping)
    return found


def page(connection: Connection, wanted: Wanted, before: int | None, limit: int) -> Sequence[StoredReport]:
    """Reports, those entered last first, from before a place on."""
    query = _WHOLE.order_by(usage_reports.c.sequence.desc()).limit(limit)
    for name, value in wanted._asdict().items():
        if value is not None:
            query = query.where(usage_reports.c[name] == value)
    if before is not None:
        query = query.where(usage_reports.c.sequence < before)
    return [StoredReport(**row._mapping) for row in connection.execute(query)]


# -- as the rules take them ----------------------------------------------------------------------------


def of_contract(connection: Connection, position: int) -> tuple[UsageReport, ...]:
    """All reports of a contract in the order in which they were entered."""
    return tuple(_value(row) for row in connection.execute(_OF_CONTRACT, {"of": position}))


def of_contracts(connection: Connection, positions: Sequence[int]) -> dict[int, tuple[UsageReport, ...]]:
    """All reports of several contracts by their positions, each in the order in which they were entered."""
    found: dict[int, tuple[UsageReport, ...]] = {}
    for first in range(0, len(positions), AT_ONCE):
        these = usage_reports.c.position.in_(positions[first : first + AT_ONCE])
        found |= _by_contract(connection.execute(_VALUES.where(these)))
    return found


def since(connection: Connection, after: int, through: int, month: date) -> dict[int, tuple[UsageReport, ...]]:
    """The reports of a month and of later ones, of the contracts behind one position up to another."""
    return _by_contract(connection.execute(_SINCE, {"after": after, "through": through, "month": month}))


def settled(connection: Connection, after: int, through: int, came_in: Period, month: date) -> set[int]:
    """The contracts behind one position up to another of which a report of a month before came in on some days."""
    days = {"first": came_in.start, "end": came_in.end, "month": month}
    return set(connection.execute(_SETTLED, {"after": after, "through": through, **days}).scalars())


def _by_contract(rows: Iterable[Any]) -> dict[int, tuple[UsageReport, ...]]:
    found: dict[int, list[UsageReport]] = {}
    for position, named, month, reported_on, used, corrects in rows:
        found.setdefault(position, []).append(UsageReport(named, month, reported_on, usage_of(used), corrects))
    return {position: tuple(reports) for position, reports in found.items()}


def of_month(connection: Connection, month: date) -> Iterator[tuple[int, UsageReport]]:
    """All reports of a month with their contracts' positions, in the order in which they were entered."""
    for row in connection.execute(_OF_MONTH, {"of": month}):
        yield row.position, _value(row)


def latest(connection: Connection) -> date | None:
    """The last day on which a report came in."""
    return connection.execute(_LATEST).scalar()


def _value(row: Row[Any]) -> UsageReport:
    return UsageReport(row.id, row.month, row.reported_on, usage_of(row.usage), row.corrects)
