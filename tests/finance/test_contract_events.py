"""What happens to a contract: entered once, never edited; what it leaves of the contract, its waiver and its year."""

import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import text
from support.asking import NUMBER, OTHER_NUMBER, PORTAL, SALES, call, issue, loaded, said
from support.databases import new_database
from support.tampering import unprotected

from fee_service.errors import FeeError
from fee_service.finance import happening, showing
from fee_service.published.editions import Editions
from fee_service.quotes import closing
from fee_service.quotes.calls import Call
from fee_service.quotes.desk import Desk
from fee_service.storage import audit, sealing
from fee_service.storage.database import Database
from schemas import load
from schemas.contracts import ContractEventSchema

ENDED = {"kind": "ended", "on": "2027-03-14"}
WITHDRAWN = {"kind": "waiver_withdrawn", "on": "2027-02-01", "ground": "no_sandbox_access"}


@pytest.fixture
def light(editions: Editions, tmp_path: Path) -> Iterator[Desk]:
    """A desk of a file, where what the database is does not matter."""
    database = Database(new_database("sqlite", tmp_path))
    yield Desk(database, editions)
    database.close()


def contract(at: Desk, **changes: Any) -> str:
    """The number of a contract from 9 December 2026 on, waived for 36 months."""
    number: str = issue(at, **changes)["number"]
    closing.accept(at, number, call())
    return number


def enter(at: Desk, number: str, body: dict[str, Any], by: Call | None = None) -> dict[str, Any]:
    """Enter an event; answers it with the contract as it stands."""
    return said(happening.enter(at, number, load(ContractEventSchema, body), by or call(language="en")))


def refused(at: Desk, number: str, body: dict[str, Any], by: Call | None = None) -> tuple[int, list[tuple[str, str]]]:
    """The status and the faults of an event that cannot be entered."""
    with pytest.raises(FeeError) as error:
        enter(at, number, body, by)
    return error.value.status, [(fault.code, fault.pointer) for fault in error.value.faults]


def shown(at: Desk, number: str, by: Call | None = None) -> dict[str, Any]:
    """A contract as it stands."""
    content: dict[str, Any] = orjson.loads(showing.show(at, number, by or call(language="en")))
    return content


def waiver_of_2028(at: Desk) -> dict[str, Any]:
    """The waiver of another quote of the company from 2028 on, of an age that does not cut it short."""
    waiver: dict[str, Any] = issue(at, starts_on="2028-01-01", company_founded_on="2026-05-10")["waiver"]
    return waiver


def test_a_contract_to_which_nothing_happened_stands_as_it_was_quoted(light: Desk) -> None:
    """The facts are those of the quote; nothing differs."""
    number = contract(light)
    found = shown(light, number)
    assert (found["status"], found["ends_on"], found["quoted_until"]) == ("running", None, "2031-11-30")
    assert (found["waiver"]["ends_on"], found["waiver"]["quoted_ends_on"]) == ("2029-12-08", "2029-12-08")
    assert found["waiver"]["reading"] is None  # it ends inside the quoted months
    assert found["quote"]["totals"] == issue(light, company_business_number=OTHER_NUMBER)["totals"]
    assert (found["events"], found["differences"]) == ([], [])


def test_a_waiver_past_the_quoted_days_says_how_its_use_is_counted(light: Desk) -> None:
    """S waiver_ledger: of a contract quoted for 12 months whose waiver goes on, 12 are used, until it has an end."""
    number = contract(light, months=12)
    reading = shown(light, number)["waiver"]["reading"]
    assert reading["id"] == "contract_rules/waiver_ledger"
    assert "until an end is entered" in reading["text"]
    enter(light, number, {"kind": "ended", "on": "2028-03-31", "reason": "the service is closed"})
    assert shown(light, number)["waiver"]["reading"] is None


def test_an_end_and_a_withdrawal_change_what_is_owed_never_what_was_quoted(desk: Desk) -> None:
    """Both stand with their days, ground and event; the facts stay."""
    number = contract(desk)
    before = shown(desk, number)["quote"]
    withdrawn = enter(desk, number, WITHDRAWN)
    ended = enter(desk, number, {**ENDED, "reason": "해지 통지"})
    assert (ended["kind"], ended["on"], ended["reason"], ended["contract"]) == (
        *("ended", "2027-03-14", "해지 통지"),
        number,
    )
    found = shown(desk, number)
    assert found == ended["stands"]
    assert found["ends_on"] == "2027-03-14"
    assert (found["waiver"]["ends_on"], found["waiver"]["event"]) == ("2027-01-31", withdrawn["id"])
    assert "No sandbox access for six months (S)" in found["waiver"]["text"]
    assert [(each["code"], each["since"], each["event"]) for each in found["differences"]] == [
        ("owed_without_waiver", "2027-02-01", withdrawn["id"]),
        ("owed_until_the_end", "2027-03-15", ended["id"]),
    ]
    assert found["quote"] == before


def test_an_annulled_event_stays_visible_and_changes_nothing_any_more(desk: Desk) -> None:
    """Then the right day can be entered."""
    number = contract(desk)
    first = enter(desk, number, ENDED)
    annulment = enter(desk, number, {"kind": "annulled", "event": first["id"].upper()})
    found = shown(desk, number)
    assert (found["ends_on"], found["differences"]) == (None, [])
    assert [(each["kind"], each["event"], each["annulled_by"]) for each in found["events"]] == [
        ("ended", None, annulment["id"]),
        ("annulled", first["id"], None),
    ]
    assert enter(desk, number, {**ENDED, "on": "2027-03-31"})["stands"]["ends_on"] == "2027-03-31"


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({**ENDED, "on": "2026-12-08"}, [("event_before_start", "/on")]),
        ({**WITHDRAWN, "on": "2026-12-08"}, [("event_before_start", "/on")]),
        ({**WITHDRAWN, "on": "2029-12-09"}, [("waiver_over_by_then", "/on")]),  # waived through the 8th
        ({**WITHDRAWN, "ground": "no_reason"}, [("unknown_value", "/ground")]),
        ({**ENDED, "ground": "misuse"}, [("field_not_of_event", "/ground")]),
        ({"kind": "annulled", "event": "none", "on": "2027-01-01"},
         [("field_not_of_event", "/on"), ("event_unknown", "/event")]),
        ({"kind": "ended"}, [("missing_field", "/on")]),
        ({"kind": "ended", "on": None}, [("missing_field", "/on")]),
        ({"kind": "waiver_withdrawn"}, [("missing_field", "/on"), ("missing_field", "/ground")]),
        ({"kind": "annulled"}, [("missing_field", "/event")]),
        ({"kind": "suspended", "on": "2027-01-01"}, [("unknown_value", "/kind")]),
        ({}, [("missing_field", "/kind")]),
        ({**ENDED, "on": "20270314"}, [("invalid_date", "/on")]),
        ({**ENDED, "on": "2027-02-29"}, [("invalid_date", "/on")]),
        ({**ENDED, "on": 20270314}, [("invalid_date", "/on")]),
        ({**ENDED, "on": "2026-12-08", "until": 1}, [("unknown_field", "/until"), ("event_before_start", "/on")]),
        ({**ENDED, "reason": " "}, [("empty_text", "/reason")]),
    ],
)  # fmt: skip
def test_what_cannot_have_happened_is_refused_with_all_its_faults(
    light: Desk, body: dict[str, Any], faults: list[tuple[str, str]]
) -> None:
    """Nothing is stored then."""
    number = contract(light)
    assert refused(light, number, body) == (422, faults)
    assert shown(light, number)["events"] == []


def test_the_first_and_the_last_day_that_can_be_named(light: Desk) -> None:
    """A contract may end on its first day; a waiver may be withdrawn from its first day, and from its last."""
    first, last, whole = (contract(light, company_business_number=number) for number in (None, None, None))
    assert enter(light, first, {**ENDED, "on": "2026-12-09"})["stands"]["ends_on"] == "2026-12-09"
    assert enter(light, last, {**WITHDRAWN, "on": "2029-12-08"})["stands"]["waiver"]["ends_on"] == "2029-12-07"
    waiver = enter(light, whole, {**WITHDRAWN, "on": "2026-12-09"})["stands"]["waiver"]
    assert (waiver["granted"], waiver["starts_on"], waiver["ends_on"]) == (True, None, None)
    assert refused(light, whole, WITHDRAWN) == (422, [("waiver_over_by_then", "/on")])


def test_an_agreed_end_bounds_what_may_happen(light: Desk) -> None:
    """Agreed until 30 June 2027: it may end on that day or before."""
    number = contract(light, ends_on="2027-06-30")
    assert refused(light, number, {**ENDED, "on": "2027-07-01"}) == (422, [("event_after_end", "/on")])
    assert refused(light, number, {**WITHDRAWN, "on": "2027-07-01"}) == (422, [("event_after_end", "/on")])
    assert enter(light, number, {**ENDED, "on": "2027-06-30"})["stands"]["ends_on"] == "2027-06-30"


def test_after_an_end_comes_nothing_but_its_annulment(desk: Desk) -> None:
    """A second end is a conflict; a withdrawal may still be entered for a day before it."""
    number = contract(desk)
    ended = enter(desk, number, ENDED)
    assert refused(desk, number, {**ENDED, "on": "2027-03-01"}) == (409, [("contract_ended_already", "")])
    assert refused(desk, number, {**WITHDRAWN, "on": "2027-03-15"}) == (422, [("event_after_end", "/on")])
    assert enter(desk, number, {**WITHDRAWN, "on": "2027-03-14"})["stands"]["waiver"]["ends_on"] == "2027-03-13"
    annulment = enter(desk, number, {"kind": "annulled", "event": ended["id"]})
    again = {"kind": "annulled", "event": ended["id"]}
    assert refused(desk, number, again) == (409, [("event_annulled_already", "/event")])
    of_it = {"kind": "annulled", "event": annulment["id"]}
    assert refused(desk, number, of_it) == (422, [("event_is_annulment", "/event")])


def test_an_event_of_another_contract_cannot_be_annulled_here(light: Desk) -> None:
    """It is not known to this one."""
    first, second = contract(light), contract(light, company_business_number=None)
    foreign = enter(light, first, ENDED)["id"]
    assert refused(light, second, {"kind": "annulled", "event": foreign}) == (422, [("event_unknown", "/event")])


def test_a_contract_without_a_waiver_has_none_to_withdraw(light: Desk) -> None:
    """A direct feed is not waived."""
    number = contract(light, channel="direct")
    assert shown(light, number)["waiver"]["granted"] is False
    assert refused(light, number, WITHDRAWN) == (422, [("no_waiver_to_withdraw", "/kind")])


def test_a_quote_that_nobody_accepted_is_no_contract(desk: Desk) -> None:
    """It says so, apart from what there is not at all; nor may a role that has no business with it enter anything."""
    quote = issue(desk)["number"]
    assert refused(desk, quote, ENDED) == (404, [("quote_not_accepted", "")])
    assert refused(desk, "Q-2026-999999", ENDED) == (404, [("contract_not_found", "")])
    number = contract(desk)
    for actor in (SALES, PORTAL):
        assert refused(desk, number, ENDED, call(actor=actor)) == (403, [("role_not_allowed", "")])


def test_the_same_key_enters_an_event_once(desk: Desk) -> None:
    """The first answer is given again, whatever has happened since."""
    number = contract(desk)
    by = call(key="once", language="en")
    first = happening.enter(desk, number, load(ContractEventSchema, WITHDRAWN), by)
    enter(desk, number, ENDED)
    again = happening.enter(desk, number, load(ContractEventSchema, WITHDRAWN), by)
    assert (again.body, again.replayed, again.status) == (first.body, True, 201)
    assert [each["kind"] for each in shown(desk, number)["events"]] == ["waiver_withdrawn", "ended"]


def test_of_two_ends_at_once_one_is_entered(desk: Desk) -> None:
    """The other meets a conflict, on both databases."""
    number = contract(desk)
    barrier, outcomes = threading.Barrier(4), []

    def end(day: int) -> None:
        barrier.wait()
        try:
            enter(desk, number, {**ENDED, "on": f"2027-03-{day}"})
            outcomes.append("entered")
        except FeeError as error:
            outcomes.append(error.faults[0].code)

    threads = [threading.Thread(target=end, args=(day,)) for day in range(11, 15)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["contract_ended_already"] * 3 + ["entered"]
    assert len(shown(desk, number)["events"]) == 1


def test_events_are_attested_and_never_changed(desk: Desk) -> None:
    """The database refuses edits; whoever gets past it is found."""
    number = contract(desk)
    enter(desk, number, {**ENDED, "reason": "통지"})
    for statement in ("UPDATE contract_events SET reason = 'x'", "DELETE FROM contract_events"):
        with pytest.raises(Exception, match="never changed"), desk.database.engine.connect() as connection:
            connection.execute(text(statement))
    with desk.database.reading() as connection:
        assert (audit.verify(connection), sealing.verify_quotes(connection)) == ([], [])
    unprotected(desk.database, "contract_events", "UPDATE contract_events SET reason = 'x'")
    with desk.database.reading() as connection:
        assert len(sealing.verify_quotes(connection)) == 1


# -- the waiver that is left ---------------------------------------------------------------------------


def test_a_later_quote_counts_what_was_really_used(desk: Desk) -> None:
    """Ended on 14 March 2027: 3 months and 6 days used of 36, from 9 December 2026. What is left begins in 2028.

    36 months from 1 January 2028 end with 2030; three months less end with 30 September 2030, 6 days less on the 24th.
    """
    number = contract(desk)
    assert waiver_of_2028(desk)["prior_found"] == [
        {"quote": number, "starts_on": "2026-12-09", "ends_on": "2027-12-31"}
    ]
    enter(desk, number, ENDED)
    waiver = waiver_of_2028(desk)
    assert waiver["prior_found"] == [{"quote": number, "starts_on": "2026-12-09", "ends_on": "2027-03-14"}]
    assert waiver["ends_on"] == "2030-09-24"


def test_a_withdrawn_waiver_used_the_days_before_it(light: Desk) -> None:
    """From 1 February 2027: used through 31 January; withdrawn from its first day, nothing was used."""
    number = contract(light)
    enter(light, number, WITHDRAWN)
    found = waiver_of_2028(light)["prior_found"]
    assert found == [{"quote": number, "starts_on": "2026-12-09", "ends_on": "2027-01-31"}]
    enter(light, number, {**WITHDRAWN, "on": "2026-12-09", "ground": "misuse"})
    assert waiver_of_2028(light)["prior_found"] == []
    assert waiver_of_2028(light)["ends_on"] == "2030-12-31"


def test_an_annulled_end_uses_the_waiver_again_and_says_where_that_is_too_much(light: Desk) -> None:
    """Another contract was granted what the end had left: together they are waived for more than 36 months."""
    first = contract(light)
    ended = enter(light, first, ENDED)
    second = contract(light, starts_on="2028-01-01")
    waiver = enter(light, first, {"kind": "annulled", "event": ended["id"]})["stands"]["waiver"]
    assert waiver["ends_on"] == "2029-12-08"
    assert second in waiver["text"]
    assert "more than 36 months" in waiver["text"]


def test_a_company_is_told_by_its_number_alone(light: Desk) -> None:
    """Another company's quotes know nothing of it."""
    enter(light, contract(light), ENDED)
    assert issue(light, company_business_number=OTHER_NUMBER)["waiver"]["prior_found"] == []
    assert loaded().values["company"]["business_number"] == NUMBER


# -- the year ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "term", "renewal", "notice", "open_"),
    [
        ("2026-12-09", ("2026-12-09", "2026-12-31"), "2027-01-01", "2026-11-30", False),  # it began after that day
        ("2027-01-01", ("2027-01-01", "2027-12-31"), "2028-01-01", "2027-11-30", True),
        ("2027-11-30", ("2027-01-01", "2027-12-31"), "2028-01-01", "2027-11-30", True),
        ("2027-12-01", ("2027-01-01", "2027-12-31"), "2028-01-01", "2027-11-30", False),
    ],
)
def test_a_contract_runs_to_the_end_of_the_year_and_is_renewed(
    light: Desk, today: str, term: tuple[str, str], renewal: str, notice: str, open_: bool
) -> None:
    """Notice stops it until 30 November (P1 §2.1, P2 §2.1)."""
    found = shown(light, contract(light), call(date.fromisoformat(today), language="en"))
    assert (found["term"]["starts_on"], found["term"]["ends_on"]) == term
    assert (found["next_renewal"], found["last_notice_on"], found["term"]["notice_open"]) == (renewal, notice, open_)
    assert found["term"]["source"] == "P1 §2.1, P2 §2.1"
    assert found["term"]["reading"]["id"] == "contract_rules/term"


def test_what_ends_is_not_renewed(light: Desk) -> None:
    """In its last year there is no renewal to stop; once it is over there is no year."""
    number = contract(light)
    enter(light, number, ENDED)
    last_year = shown(light, number, call(date(2027, 3, 14), language="en"))
    assert (last_year["status"], last_year["term"]["ends_on"]) == ("running", "2027-03-14")
    assert (last_year["next_renewal"], last_year["last_notice_on"]) == (None, None)
    over = shown(light, number, call(date(2027, 3, 15), language="en"))
    assert (over["status"], over["term"], over["next_renewal"]) == ("ended", None, None)
    assert shown(light, contract(light, starts_on="2027-05-01"))["status"] == "upcoming"
