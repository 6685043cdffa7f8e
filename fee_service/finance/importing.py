"""A file of usage reports is kept whole or not at all; several rows of one contract and month are one report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID, uuid5

import orjson
from sqlalchemy import Connection
from uuid_utils import uuid7

from fee_service.errors import Fault, FeeError
from fee_service.finance import held
from fee_service.finance.asked_reports import AskedReport
from fee_service.finance.held import Held, NotAccepted
from fee_service.finance.report_cells import ReadRow, read_row
from fee_service.finance.report_checks import CONFLICT, faults_of
from fee_service.finance.report_files import rows_in
from fee_service.finance.reporting import TRIES, known_of, new_report, refuse
from fee_service.quotes.answering_once import Answered, first_of, keep, require_unanswered
from fee_service.quotes.calls import Call, Reply
from fee_service.quotes.desk import Desk
from fee_service.storage import audit, usage_reports
from fee_service.storage.attested import USAGE_REPORTED
from fee_service.storage.usage_reports import NewReport, Taken
from fee_service.strict_json import Data

MOST_FAULTS = 200  # that are told one by one; of the others, in which rows they are
MOST_RANGES = 500  # of rows that are named


def import_now(desk: Desk, raw: bytes, call: Call) -> Reply:
    """Keep the reports of a file. Raises FeeError (409, 422), StorageError and AlreadyAnswered."""
    for _ in range(TRIES):
        batch = str(uuid7())
        reports = reports_of(desk, raw, call, batch)
        try:
            return _kept(desk, reports, batch, call)
        except Taken:
            continue
    raise FeeError([Fault("usage_reported_meanwhile")], CONFLICT)


def _kept(desk: Desk, reports: Sequence[NewReport], batch: str, call: Call) -> Reply:
    told = summary(reports, batch)
    seal = sealed(reports)

    def job(connection: Connection) -> Reply:
        require_unanswered(connection, call)
        usage_reports.enter(connection, reports)
        reply = Reply(201, None, orjson.dumps(told), None)
        first = first_of(Answered(call, reply, None), desk.idempotency_hours)
        details = {"reports": len(reports), "seal": seal, **first.told}
        audit.append(connection, call.told(USAGE_REPORTED, batch, details))
        keep(connection, [first])
        return reply

    return desk.database.write(job)


def sealed(reports: Sequence[NewReport]) -> str:
    """The one seal of all reports of a file."""
    return usage_reports.seal_of_batch(usage_reports.seal_of(report._asdict() for report in reports))


def summary(reports: Sequence[NewReport], batch: str) -> Data:
    """What is told of a file that was kept."""
    return {
        "id": batch,
        "reports": len(reports),
        "corrections": sum(report.corrects is not None for report in reports),
        "months": sorted({f"{report.month:%Y-%m}" for report in reports}),
    }


def reports_of(desk: Desk, raw: bytes, call: Call, batch: str) -> list[NewReport]:
    """All reports of a file, as they are kept. Raises FeeError with what is wrong with any row.

    The same file and batch give reports with the same ids.
    """
    faults: list[Fault] = []
    rows: list[ReadRow] = []
    for row in rows_in(raw):
        read = read_row(row)
        if isinstance(read, list):
            faults += read
        else:
            rows.append(read)
    with desk.database.reading() as connection:
        contracts = held.find(connection, {row.contract for row in rows}, call.actor.owner)
        asked = list(_grouped(rows, contracts, call.today, faults))
        known = known_of(connection, asked, contracts, desk, call.today)
    for report in asked:
        faults += faults_of(report, known)
    refuse(bounded(faults))
    return [
        new_report(report, contract, call, batch, str(uuid5(UUID(batch), str(number))))
        for number, report in enumerate(asked)
        if isinstance(contract := contracts[report.contract], Held)  # all are, or they would not be sound
    ]


def _grouped(
    rows: Sequence[ReadRow], contracts: Mapping[str, Held | NotAccepted], today: date, faults: list[Fault]
) -> Iterator[AskedReport]:
    """One report of all rows of a contract and month, however they spell it, in the order of the first of them."""
    groups: dict[tuple[int | str, date], list[ReadRow]] = {}
    for row in rows:
        contract = contracts.get(row.contract)
        groups.setdefault((contract.position if isinstance(contract, Held) else row.contract, row.month), []).append(
            row
        )
    for group in groups.values():
        first = group[0]
        for row in group[1:]:
            for name in ("reported_on", "corrects"):
                if getattr(row, name) != getattr(first, name):
                    faults.append(row.place.fault("rows_contradict", name, first=first.place.row))
        yield AskedReport(
            first.contract,
            first.month,
            first.reported_on or today,
            first.corrects,
            [row.use for row in group],
            [row.place for row in group],
        )


# -- many faults ---------------------------------------------------------------------------------------


def bounded(faults: Sequence[Fault], most: int = MOST_FAULTS) -> list[Fault]:
    """The first faults in the order of the rows, and how many more there are, with their rows."""
    ordered = sorted(faults, key=_row_of)
    rest = ordered[most:]
    if not rest:
        return ordered
    rows = sorted({_row_of(fault) for fault in rest})
    return [*ordered[:most], Fault("more_faults", "", {"count": len(rest), "rows": ranges(rows)})]


def ranges(rows: Sequence[int]) -> str:
    """Numbers of rows as people write them, `3, 5–9`; an ellipsis behind a great many."""
    found: list[list[int]] = []
    for row in rows:
        if found and row == found[-1][1] + 1:
            found[-1][1] = row
        else:
            found.append([row, row])
    told = [str(first) if first == last else f"{first}–{last}" for first, last in found[:MOST_RANGES]]
    return ", ".join([*told, "…"] if len(found) > MOST_RANGES else told)


def _row_of(fault: Fault) -> int:
    row: int = fault.params.get("row", 0)
    return row
