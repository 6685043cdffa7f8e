"""Large files of usage reports: entered some rows at a time by a worker, to be seen all at once or never."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import orjson
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from support.asking import call, said
from support.usage_files import FINANCE, HEADER, LATER, contract, csv_of, kept, take

from fee_service.errors import FeeError
from fee_service.finance import importing_later, taking_in
from fee_service.finance.importing_later import usage_import
from fee_service.jobs.asking import cancel, found
from fee_service.jobs.kinds import Kind, Task, kinds
from fee_service.jobs.sweeping import sweep, tidy
from fee_service.jobs.telling import answer
from fee_service.jobs.working import Worker
from fee_service.quotes.desk import Desk
from fee_service.storage import sealing, usage_reports


@pytest.fixture(autouse=True)
def _large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rows are many, and each is entered alone."""
    monkeypatch.setattr(taking_in, "MOST_ROWS_AT_ONCE", 2)
    monkeypatch.setattr(importing_later, "OF_A_CHUNK", 1)


def worked(at: Desk, job_id: str) -> dict[str, Any]:
    """A job once a worker has done it."""
    Worker(at.database, kinds([usage_import(at)])).run(once=True)
    return answer(found(at.database, job_id, FINANCE), "en", None)


def test_a_large_file_is_kept_by_a_worker(desk: Desk) -> None:
    """202 and a job, whose summary is what a small file is answered; the same key asks for one job."""
    named = contract(desk)
    raw = csv_of(f"{named},2026-12,securities_a,1,2,3,", f"{named},2027-01,securities_a,1,2,3,")
    reply = taking_in.take_in(desk, raw, call(LATER, FINANCE, "k"))
    job_id = orjson.loads(reply.body)["id"]
    assert (reply.status, reply.location) == (202, f"/v1/jobs/{job_id}")
    assert said(taking_in.take_in(desk, raw, call(LATER, FINANCE, "k")))["id"] == job_id
    assert kept(desk) == []
    done = worked(desk, job_id)
    assert (done["status"], done["summary"]) == (
        "done",
        {"id": job_id, "reports": 2, "corrections": 0, "months": ["2026-12", "2027-01"]},
    )
    assert len(kept(desk)) == 2
    with desk.database.reading() as connection:
        assert sealing.verify_quotes(connection) == []


def test_a_large_file_with_a_bad_row_leaves_nothing_but_the_reason(desk: Desk) -> None:
    """The job has failed; its faults name the rows; so it is where somebody reports the same first."""
    named = contract(desk)
    raw = csv_of(f"{named},2026-12,securities_a,1,2,3,", f"{named},2027-01,securities_a,1,2,x,")
    failed = worked(desk, take(desk, raw)["id"])
    assert (failed["status"], [error["pointer"] for error in failed["errors"]]) == ("failed", ["/rows/3/queries"])
    assert failed["errors"][0]["message"] == 'Row 3, queries: "x" cannot be read as a count.'
    assert kept(desk) == []


def test_what_is_reported_while_a_worker_checks_refuses_the_file(desk: Desk) -> None:
    """Found in the transaction that would store it: nothing is stored, and it says to send the file again."""
    named = contract(desk)
    rows = [f"{named},2026-12,securities_a,1,2,3,", f"{named},2027-01,securities_a,1,2,3,"]
    job_id = take(desk, csv_of(*rows))["id"]
    kind = usage_import(desk)

    def chunks(task: Any) -> Any:
        made = list(kind.chunks(task))
        take(desk, csv_of(rows[0]))
        yield from made

    Worker(desk.database, kinds([type(kind)(kind.name, chunks, kind.finish)])).run(once=True)
    told = answer(found(desk.database, job_id, FINANCE), "en", None)
    assert (told["status"], [error["code"] for error in told["errors"]]) == ("failed", ["usage_reported_meanwhile"])
    assert len(kept(desk)) == 1


def three(named: str) -> list[str]:
    """Rows of three months."""
    return [f"{named},{month},securities_a,1,2,3,2027-02-20" for month in ("2026-12", "2027-01")] + [
        f"{named},2027-02,securities_a,1,2,3,2027-03-03"
    ]


def in_the_midst(at: Desk, look: Callable[[int], None]) -> Kind:
    """The import, which looks around when some chunks are kept."""
    kind = usage_import(at)

    def chunks(task: Task) -> Iterator[Any]:
        for number, made in enumerate(kind.chunks(task), task.first):
            look(number)
            yield made

    return Kind(kind.name, chunks, kind.finish)


def entered(at: Desk) -> int:
    """Rows that are there, whoever may know of them."""
    with at.database.reading() as connection:
        return int(connection.execute(text("SELECT count(*) FROM usage_reports")).scalar_one())


def nothing_wrong(at: Desk) -> bool:
    """Whether the audit log attests what there is."""
    with at.database.snapshot() as connection:
        return sealing.verify_quotes(connection) == []


def test_nobody_sees_a_part_of_a_file(desk: Desk) -> None:
    """Not in lists, by id, as what a month has, as what replaces another, nor as the last day; then all at once."""
    named = contract(desk)
    first = take(desk, csv_of(three(named)[0]))
    (before,) = kept(desk)
    with desk.database.reading() as connection:
        (report,) = usage_reports.page(connection, usage_reports.Wanted(), None, 9)
    rows = [f"{three(named)[0]},{report.id}", *(f"{row}," for row in three(named)[1:])]
    job_id = take(desk, csv_of(*rows, header=f"{HEADER},corrects"))["id"]
    seen, place = [], report.position

    def look(number: int) -> None:
        with desk.database.reading() as connection:
            places = [(place, date(2026, 12, 1)), (place, date(2027, 1, 1))]
            (only,) = usage_reports.newest(connection, places).values()
            hidden = connection.execute(text("SELECT id FROM usage_reports WHERE batch = :job"), {"job": job_id})
            assert usage_reports.by_ids(connection, [*hidden.scalars(), report.id]).keys() == {report.id}
            assert (only.id, only.corrected_by) == (report.id, None)
            assert usage_reports.find(connection, report.id) == report
            assert [each.id for each in usage_reports.of_contract(connection, place)] == [report.id]
            assert len(usage_reports.since(connection, place - 1, place, date(2020, 1, 1))[place]) == 1
            assert len(usage_reports.of_contracts(connection, [place])[place]) == 1
            assert [*usage_reports.of_month(connection, date(2027, 2, 1))] == []
            assert usage_reports.latest(connection) == date(2027, 2, 20)
        assert nothing_wrong(desk)
        assert kept(desk) == [before]
        seen.append(entered(desk))

    Worker(desk.database, kinds([in_the_midst(desk, look)])).run(once=True)
    assert seen == [1, 2, 3, 4]
    assert len(kept(desk)) == 4
    assert first["reports"] == 1
    assert nothing_wrong(desk)
    with desk.database.reading() as connection:
        assert usage_reports.latest(connection) == date(2027, 3, 3)
        corrected = usage_reports.find(connection, report.id)
    assert corrected is not None
    assert corrected.corrected_by is not None


def test_a_month_of_a_file_that_is_being_entered_waits_for_it(desk: Desk) -> None:
    """409 meanwhile, since either could still be first; once the job was taken back, nothing of it is left."""
    named = contract(desk)
    job_id = take(desk, csv_of(*three(named)))["id"]

    def look(number: int) -> None:
        if number == 2:
            with pytest.raises(FeeError) as refused:
                take(desk, csv_of(three(named)[0]))
            assert [fault.code for fault in refused.value.faults] == ["usage_reported_meanwhile"]
            assert entered(desk) == 2
            cancel(desk.database, job_id, FINANCE)
            assert entered(desk) == 0

    Worker(desk.database, kinds([in_the_midst(desk, look)])).run(once=True)
    assert answer(found(desk.database, job_id, FINANCE), "en", None)["status"] == "cancelled"
    assert (entered(desk), kept(desk)) == (0, [])
    assert take(desk, csv_of(three(named)[0]))["reports"] == 1
    assert nothing_wrong(desk)


def test_a_file_that_comes_to_nothing_half_way_leaves_nothing(desk: Desk) -> None:
    """Somebody reports the last month meanwhile: what was entered before it is taken out again."""
    named = contract(desk)
    job_id = take(desk, csv_of(*three(named)))["id"]

    def look(number: int) -> None:
        if number == 1:
            take(desk, csv_of(three(named)[2]))

    Worker(desk.database, kinds([in_the_midst(desk, look)])).run(once=True)
    told = answer(found(desk.database, job_id, FINANCE), "en", None)
    assert (told["status"], [error["code"] for error in told["errors"]]) == ("failed", ["usage_reported_meanwhile"])
    assert (entered(desk), len(kept(desk))) == (1, 1)
    assert nothing_wrong(desk)


def test_who_goes_on_enters_what_is_missing(desk: Desk) -> None:
    """A worker that fails after two rows, and one that comes after it: three rows, in their order, attested."""
    job_id = take(desk, csv_of(*three(contract(desk))))["id"]

    def look(number: int) -> None:
        if number == 2:
            raise RuntimeError("a fault of ours")

    Worker(desk.database, kinds([in_the_midst(desk, look)])).work_once()
    assert (entered(desk), kept(desk)) == (2, [])
    take(desk, csv_of(three(contract(desk))[0]))  # stands between its rows
    with desk.database.engine.begin() as connection:
        connection.execute(text("UPDATE jobs SET free_from = created_at"))
    assert worked(desk, job_id)["status"] == "done"
    assert (entered(desk), len(kept(desk))) == (4, 4)
    assert nothing_wrong(desk)


def test_reports_stay_when_their_job_is_forgotten(desk: Desk) -> None:
    """A week later the job is swept away; what it kept counts as before, and nobody can remove or hide it."""
    job_id = take(desk, csv_of(*three(contract(desk))))["id"]
    worked(desk, job_id)
    tidy(desk.database)
    with pytest.raises(DBAPIError, match="never changed or deleted"), desk.database.engine.begin() as connection:
        connection.execute(text("DELETE FROM usage_reports"))
    with desk.database.engine.begin() as connection:
        connection.execute(text("UPDATE jobs SET state = 'failed'"))
    with desk.database.snapshot() as connection:
        missing = sealing.verify_quotes(connection)
    assert ["is missing" in each.what for each in missing] == [True]
    with desk.database.engine.begin() as connection:
        connection.execute(text("UPDATE jobs SET state = 'done'"))
    sweep(desk.database, -1)
    with pytest.raises(FeeError):
        found(desk.database, job_id, FINANCE)
    assert len(kept(desk)) == 3
    assert nothing_wrong(desk)
