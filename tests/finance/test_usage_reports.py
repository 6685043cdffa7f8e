"""Usage is reported once for a month, corrected by naming the report, and never overwritten; on both databases."""

import threading
from datetime import date
from typing import Any

import orjson
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from support.asking import OTHER_PORTAL, PORTAL, call, issue, said

from fee_service.actors import Actor, Role
from fee_service.errors import FeeError
from fee_service.finance import listing_reports, reporting
from fee_service.quotes import closing
from fee_service.quotes.desk import Desk
from fee_service.storage import audit, sealing, usage_reports
from schemas import load
from schemas.usage import UsageReportSchema

LATER = date(2027, 3, 5)
FINANCE = Actor("finance-key", Role.FINANCE)
COPIED = "position, owner, month, reported_on, reported_by, usage, created_at"
USE = [{"product": "securities_a", "standard_ids": 10, "personal_ids": 1200, "queries": 0}]


def contract(at: Desk, **changes: Any) -> str:
    """The number of an accepted quote that starts on 2026-12-09."""
    quote = issue(at, call(actor=changes.pop("actor", PORTAL)), **changes)
    closing.accept(at, quote["id"], call())
    number: str = quote["number"]
    return number


def report(at: Desk, number: str, by: Any = None, **changes: Any) -> dict[str, Any]:
    """Report the use of December 2026."""
    body = {"contract": number, "month": "2026-12", "usage": USE, **changes}
    return said(reporting.report(at, load(UsageReportSchema, body), by or call(LATER, actor=FINANCE)))


def refusal(at: Desk, number: str, by: Any = None, **changes: Any) -> list[tuple[str, str]]:
    """The codes and places with which a report is refused."""
    with pytest.raises(FeeError) as refused:
        report(at, number, by, **changes)
    return [(fault.code, fault.pointer) for fault in refused.value.faults]


def listed(at: Desk, by: Any = None, **wishes: Any) -> list[dict[str, Any]]:
    """The reports of a list."""
    reports: list[dict[str, Any]] = listing_reports.list_reports(at, wishes, by or call(LATER, actor=FINANCE))[
        "reports"
    ]
    return reports


def test_a_report_is_kept_and_answered(desk: Desk) -> None:
    """With its contract's number, however that was written, and today as its day."""
    number = contract(desk)
    answer = report(desk, f" {number.lower().replace('-', ' ')} ")
    assert {
        name: answer[name] for name in ("contract", "month", "reported_on", "reported_by", "corrects", "counts")
    } == {
        "contract": number,
        "month": "2026-12",
        "reported_on": "2027-03-05",
        "reported_by": "finance-key",
        "corrects": None,
        "counts": True,
    }
    assert answer["usage"] == USE
    assert [each["id"] for each in listed(desk)] == [answer["id"]]


def test_a_second_report_of_a_month_is_refused_and_names_the_first(desk: Desk) -> None:
    """409; the report that would have to be corrected is in the sentence."""
    number = contract(desk)
    first = report(desk, number)
    with pytest.raises(FeeError) as refused:
        report(desk, number)
    fault = refused.value.faults[0]
    assert (refused.value.status, fault.code, fault.params["report"]) == (409, "usage_already_reported", first["id"])


def test_a_correction_takes_the_place_of_its_report_and_both_stay(desk: Desk) -> None:
    """The newest of the chain counts; a report that was corrected cannot be corrected once more."""
    number = contract(desk)
    first = report(desk, number)
    second = report(desk, number, corrects=first["id"], usage=[])
    third = report(desk, number, corrects=second["id"])
    assert [(each["id"], each["counts"], each["corrected_by"]) for each in listed(desk, contract=number)] == [
        (third["id"], True, None),
        (second["id"], False, third["id"]),
        (first["id"], False, second["id"]),
    ]
    assert refusal(desk, number, corrects=first["id"]) == [("usage_report_corrected", "/corrects")]
    with pytest.raises(FeeError) as refused:
        report(desk, number)
    assert refused.value.faults[0].params["report"] == third["id"]
    with desk.database.reading() as connection:
        position = connection.execute(text("SELECT position FROM quotes")).scalar_one()
        values = usage_reports.of_contract(connection, position)
    assert [(value.id, value.corrects) for value in values] == [
        (first["id"], None),
        (second["id"], first["id"]),
        (third["id"], second["id"]),
    ]


def test_of_twenty_who_report_at_once_exactly_one_wins(desk: Desk) -> None:
    """All others are told which report is there."""
    number = contract(desk)
    barrier, found = threading.Barrier(20), []

    def run() -> None:
        barrier.wait()
        try:
            found.append(report(desk, number)["id"])
        except FeeError as error:
            found.append((error.status, error.faults[0].code, error.faults[0].params.get("report")))

    threads = [threading.Thread(target=run) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [winner] = [each for each in found if isinstance(each, str)]
    assert found.count((409, "usage_already_reported", winner)) == 19


def test_of_those_who_correct_at_once_exactly_one_wins(desk: Desk) -> None:
    """A report has one that follows it."""
    number = contract(desk)
    first = report(desk, number)["id"]
    barrier, found = threading.Barrier(8), []

    def run() -> None:
        barrier.wait()
        try:
            found.append(report(desk, number, corrects=first)["id"])
        except FeeError as error:
            found.append(error.faults[0].code)

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found)[-7:] == ["usage_report_corrected"] * 7
    assert len(listed(desk)) == 2


def test_one_key_one_report(desk: Desk) -> None:
    """The same key and request get the same first answer; nothing is stored twice."""
    number = contract(desk)
    answers = [report(desk, number, call(LATER, FINANCE, "k")) for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(listed(desk)) == 1


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"month": "2026-11"}, [("usage_month_before_contract", "/month")]),
        ({"month": "2027-03", "reported_on": "2027-03-31"}, [("usage_month_not_over", "/reported_on")]),
        ({"month": "2026-12", "reported_on": "2026-12-31"}, [("usage_month_not_over", "/reported_on")]),
        ({"reported_on": "2030-01-01"}, [("reported_on_too_late", "/reported_on")]),
        ({"usage": [{"product": "bonds_z"}]}, [("product_not_in_contract", "/usage/0/product")]),
        ({"usage": [*USE, *USE]}, [("usage_twice", "/usage/1/product")]),
        ({"corrects": "no-such-report"}, [("usage_report_unknown", "/corrects")]),
        ({"month": "2026-13"}, [("invalid_month", "/month")]),
        ({"month": "2026-12-01"}, [("invalid_month", "/month")]),
        ({"month": 202612}, [("invalid_month", "/month")]),
        ({"usage": [{"product": "securities_a", "queries": -1}]}, [("out_of_range", "/usage/0/queries")]),
        ({"usage": [{"product": "securities_a", "queries": 10**9 + 1}]}, [("out_of_range", "/usage/0/queries")]),
        ({"usage": [{"product": "securities_a", "queries": 2.0}]}, [("not_an_integer", "/usage/0/queries")]),
        ({"more": 1}, [("unknown_field", "/more")]),
    ],
)
def test_what_cannot_be_reported_is_refused_in_its_place(
    changes: dict[str, Any], expected: list[tuple[str, str]], desk: Desk
) -> None:
    """Field by field; nothing is stored."""
    number = contract(desk)
    assert refusal(desk, number, **changes) == expected
    assert listed(desk) == []


def test_a_day_to_come_is_taken_once_the_month_is_over_by_then(desk: Desk) -> None:
    """2027-05-01 is after April 2027; the last day within three years of December 2026 is 2029-12-31."""
    number = contract(desk)
    assert report(desk, number, month="2027-04", reported_on="2027-05-01")["reported_on"] == "2027-05-01"
    assert report(desk, number, reported_on="2029-12-31")["reported_on"] == "2029-12-31"
    assert refusal(desk, number, month="2027-05", reported_on="2027-05-31") == [
        ("usage_month_not_over", "/reported_on")
    ]


def test_a_correction_is_not_earlier_than_what_it_corrects(desk: Desk) -> None:
    """The same day is taken, the day before is not."""
    number = contract(desk)
    first = report(desk, number, reported_on="2027-01-20")["id"]
    assert refusal(desk, number, corrects=first, reported_on="2027-01-19") == [
        ("correction_before_report", "/reported_on")
    ]
    assert report(desk, number, corrects=first, reported_on="2027-01-20")["counts"]


def test_a_correction_belongs_to_its_month_and_contract(desk: Desk) -> None:
    """The report of another month, or of another contract, is not the one to correct."""
    one, other = contract(desk), contract(desk, company_business_number=None)
    first = report(desk, one)["id"]
    assert refusal(desk, one, corrects=first, month="2027-01") == [("usage_report_unknown", "/corrects")]
    assert refusal(desk, other, corrects=first) == [("usage_report_unknown", "/corrects")]


def test_the_last_month_of_a_contract_is_over_with_its_last_day(desk: Desk) -> None:
    """Ended on 2027-01-15, January may be reported from the 16th on, February not at all."""
    number = contract(desk, ends_on="2027-01-15")
    assert refusal(desk, number, month="2027-01", reported_on="2027-01-15") == [
        ("usage_month_not_over", "/reported_on")
    ]
    assert report(desk, number, month="2027-01", reported_on="2027-01-16")["month"] == "2027-01"
    assert refusal(desk, number, month="2027-02") == [("usage_month_after_end", "/month")]


def test_only_contracts_are_reported(desk: Desk) -> None:
    """What there is not, and what nobody accepted."""
    assert refusal(desk, "Q-2026-999999") == [("contract_not_found", "/contract")]
    assert refusal(desk, "nonsense") == [("contract_not_found", "/contract")]
    assert refusal(desk, issue(desk)["number"]) == [("quote_not_accepted", "/contract")]


def test_a_product_without_a_usage_fee_has_nothing_to_report(desk: Desk) -> None:
    """Closing data has none."""
    number = contract(desk, licences=[{"contract": "closing_price", "product": "securities_a"}])
    assert refusal(desk, number) == [("usage_without_fee", "/usage/0/product")]


def test_a_portal_reports_and_reads_its_own_alone(desk: Desk) -> None:
    """Another's contract is not found; sales may do neither."""
    number = contract(desk)
    assert report(desk, number, call(LATER, PORTAL))["contract"] == number
    assert refusal(desk, number, call(LATER, OTHER_PORTAL)) == [("contract_not_found", "/contract")]
    assert len(listed(desk, call(LATER, PORTAL))) == 1
    assert listed(desk, call(LATER, OTHER_PORTAL)) == []
    sales = call(LATER, Actor("sales-key", Role.SALES))
    assert refusal(desk, number, sales) == [("role_not_allowed", "")]
    with pytest.raises(FeeError):
        listed(desk, sales)


def test_lists_go_page_by_page(desk: Desk) -> None:
    """Each report once, those entered last first; a cursor is good for its own list alone."""
    number = contract(desk)
    for month in ("2026-12", "2027-01", "2027-02"):
        report(desk, number, month=month)
    by = call(LATER, FINANCE)
    page = listing_reports.list_reports(desk, {"limit": 2}, by)
    rest = listing_reports.list_reports(desk, {"limit": 2, "cursor": page["next_cursor"]}, by)
    assert [each["month"] for each in (*page["reports"], *rest["reports"])] == ["2027-02", "2027-01", "2026-12"]
    assert rest["next_cursor"] is None
    assert [each["month"] for each in listed(desk, month=date(2027, 1, 1))] == ["2027-01"]
    with pytest.raises(FeeError) as refused:
        listed(desk, cursor=page["next_cursor"], month=date(2027, 1, 1))
    assert refused.value.faults[0].code == "invalid_cursor"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE usage_reports SET usage = '{}'",
        "DELETE FROM usage_reports",
        f"INSERT INTO usage_reports (id, batch, {COPIED}) SELECT 'x', 'x', {COPIED} FROM usage_reports",
    ],
)
def test_the_database_itself_refuses_to_change_a_report(statement: str, desk: Desk) -> None:
    """Whoever asks it."""
    report(desk, contract(desk))
    with pytest.raises(DatabaseError), desk.database.engine.connect() as connection, connection.begin():
        connection.execute(text(statement))


@pytest.mark.parametrize("change", ["SET usage = '{}'", "SET reported_on = '2027-01-01'"])
def test_an_edit_by_hand_is_found(change: str, desk: Desk) -> None:
    """The audit log holds the seal of what was entered."""
    report(desk, contract(desk))
    with desk.database.reading() as connection:
        assert sealing.verify_quotes(connection) == []
    with desk.database.engine.connect() as connection, connection.begin():
        if connection.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER usage_reports_refuse_update"))
        else:
            connection.execute(text("ALTER TABLE usage_reports DISABLE TRIGGER ALL"))
        connection.execute(text(f"UPDATE usage_reports {change}"))
    with desk.database.reading() as connection:
        assert [found.what for found in sealing.verify_quotes(connection)] == ["this usage report was changed by hand"]


def test_the_audit_log_tells_of_each_report(desk: Desk) -> None:
    """By whom, of which contract, under one seal."""
    number = contract(desk)
    kept = report(desk, number)
    with desk.database.reading() as connection:
        entry = next(each for each in audit.entries(connection) if each.action == "usage.reported")
        assert audit.verify(connection) == []
    assert (entry.actor, entry.subject) == ("finance-key", kept["id"])
    assert orjson.loads(entry.details)["number"] == number
