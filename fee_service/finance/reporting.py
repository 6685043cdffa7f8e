"""The use of a month is reported once; what was wrong in it is put right by a report that names the one it corrects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import orjson
from sqlalchemy import Connection
from uuid_utils import uuid7

from fee_service.errors import Fault, FeeError
from fee_service.finance import held
from fee_service.finance.asked_reports import AskedReport, from_json
from fee_service.finance.held import Held, NotAccepted
from fee_service.finance.report_checks import CONFLICT, CONFLICTS, Known, faults_of, used_of
from fee_service.finance.reports_told import report_data
from fee_service.permissions import Action, require
from fee_service.quotes.answering_once import Answered, first_of, keep, once, require_unanswered
from fee_service.quotes.calls import Call, Reply
from fee_service.quotes.desk import Desk
from fee_service.storage import audit, usage_reports
from fee_service.storage.attested import USAGE_REPORTED
from fee_service.storage.usage_reports import NewReport, Taken, usage_json
from schemas.fields import Loaded

TRIES = 3  # where others report the same at the same time, so many times it is looked what they did


def report(desk: Desk, loaded: Loaded, call: Call) -> Reply:
    """Keep the report of a body. Raises FeeError (403, 409, 422) and StorageError."""
    require(call.actor, Action.REPORT_USAGE)
    if loaded.faults:
        raise FeeError(loaded.faults)
    asked = from_json(loaded.values, call.today)
    return once(desk.database, call, lambda: _report(desk, asked, call))


def _report(desk: Desk, asked: AskedReport, call: Call) -> Reply:
    for _ in range(TRIES):
        with desk.database.reading() as connection:
            contracts = held.find(connection, [asked.contract], call.actor.owner)
            require_sound([asked], known_of(connection, [asked], contracts, desk, call.today))
        contract = contracts[asked.contract]
        assert isinstance(contract, Held)  # or it would not be sound
        new = new_report(asked, contract, call, batch=None)
        try:
            return _kept(desk, new, contract, call)
        except Taken:
            continue
    raise FeeError([Fault("usage_reported_meanwhile")], CONFLICT)


def _kept(desk: Desk, new: NewReport, contract: Held, call: Call) -> Reply:
    seal = usage_reports.seal_of_batch(usage_reports.seal_of([new._asdict()]))
    body = orjson.dumps(report_data(new, contract.number, None))

    def job(connection: Connection) -> Reply:
        require_unanswered(connection, call)
        usage_reports.enter(connection, [new])
        where = f"/v1/usage-reports?contract={contract.number}&month={new.month:%Y-%m}"
        reply = Reply(201, where, body, None)
        first = first_of(Answered(call, reply, None), desk.idempotency_hours)
        told = {"number": contract.number, "reports": 1, "seal": seal, **first.told}
        audit.append(connection, call.told(USAGE_REPORTED, new.batch, told))
        keep(connection, [first])
        return reply

    return desk.database.write(job)


# -- what a file shares --------------------------------------------------------------------------------


def known_of(
    connection: Connection,
    asked: Sequence[AskedReport],
    contracts: Mapping[str, Held | NotAccepted],
    desk: Desk,
    today: date,
) -> Known:
    """What some reports are checked against."""
    held_ones = ((contracts.get(report.contract), report.month) for report in asked)
    places = {(contract.position, month) for contract, month in held_ones if isinstance(contract, Held)}
    corrected = sorted({report.corrects for report in asked if report.corrects is not None})
    return Known(
        desk.editions,
        today,
        contracts,
        usage_reports.newest(connection, sorted(places)),
        usage_reports.by_ids(connection, corrected),
    )


def require_sound(asked: Iterable[AskedReport], known: Known, more: Iterable[Fault] = ()) -> None:
    """Stop where anything is wrong with any of them. Raises FeeError (409 where they are only too late, else 422)."""
    refuse([*more, *(fault for report in asked for fault in faults_of(report, known))])


def refuse(faults: Sequence[Fault]) -> None:
    """Raise FeeError with faults, where there are any."""
    if faults:
        status = CONFLICT if {fault.code for fault in faults} <= CONFLICTS else 422
        raise FeeError(faults, status)


def new_report(asked: AskedReport, contract: Held, call: Call, batch: str | None, id_: str | None = None) -> NewReport:
    """A report without a fault, as it is kept."""
    id_ = id_ or str(uuid7())
    return NewReport(
        id=id_,
        batch=batch or id_,
        position=contract.position,
        owner=contract.owner,
        month=asked.month,
        reported_on=asked.reported_on,
        reported_by=call.actor.key_id,
        corrects=asked.corrects,
        usage=usage_json(used_of(asked)),
        created_at=call.now,
    )
