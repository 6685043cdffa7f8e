"""An audit is entered once, says who bears its cost, and stays as it was said; on both databases."""

import copy
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from support.asking import call, issue, said

from fee_service.actors import Actor, Role
from fee_service.errors import FeeError
from fee_service.finance import auditing, reporting
from fee_service.quotes import closing
from fee_service.quotes.desk import Desk
from fee_service.storage import sealing
from schemas import load
from schemas.usage import AuditSchema, UsageReportSchema

FINANCE = Actor("finance-key", Role.FINANCE)
LATER = date(2027, 6, 1)
FOUND = [
    {"month": "2027-01", "usage": [{"product": "securities_a", "personal_ids": 111}]},
    {"month": "2027-02", "usage": []},
]
BODY: dict[str, Any] = {"period": {"from": "2027-01", "to": "2027-02"}, "found": FOUND, "cost": 3_000_000}


@pytest.fixture
def number(desk: Desk) -> str:
    """A contract of a large company, of which 100 personal IDs were reported for January 2027."""
    quote = issue(desk, company_size="large", company_qualification=None)
    closing.accept(desk, quote["id"], call())
    usage = [{"product": "securities_a", "personal_ids": 100}]
    body = {"contract": quote["number"], "month": "2027-01", "reported_on": "2027-02-10", "usage": usage}
    reporting.report(desk, load(UsageReportSchema, body), call(LATER, FINANCE))
    named: str = quote["number"]
    return named


def enter(at: Desk, number: str, by: Any = None, **changes: Any) -> dict[str, Any]:
    """Enter an audit."""
    body = {**copy.deepcopy(BODY), **changes}
    return said(auditing.enter(at, number, load(AuditSchema, body), by or call(LATER, FINANCE, language="en")))


def refusal(at: Desk, number: str, by: Any = None, **changes: Any) -> list[tuple[str, str]]:
    """The codes and places with which it is refused."""
    with pytest.raises(FeeError) as refused:
        enter(at, number, by, **changes)
    return [(fault.code, fault.pointer) for fault in refused.value.faults]


def listed(at: Desk, number: str) -> list[dict[str, Any]]:
    """The audits of a contract."""
    audits: list[dict[str, Any]] = auditing.list_audits(at, number, call(LATER, FINANCE, language="en"))["audits"]
    return audits


def test_the_answer_says_who_bears_the_cost_and_why(desk: Desk, number: str) -> None:
    """111 found, 100 reported at 1,100 won each: 12,100 short, over a tenth of 110,000; it stays as it was said."""
    audit = enter(desk, number)
    assert (audit["borne_by"], audit["totals"], audit["limit"]) == (
        "customer",
        {"fees_found": 122_100, "fees_reported": 110_000, "under_reported": 12_100},
        11_000,
    )
    assert [(each["month"], each["report"] is None, each["under_reported"]) for each in audit["months"]] == [
        ("2027-01", False, 12_100),
        ("2027-02", True, 0),
    ]
    assert "the customer bears the cost of the audit, 3,000,000 won" in audit["explanation"]
    assert (len(audit["readings"]), audit["notices"]) == (1, [])
    assert listed(desk, number) == [audit]


def test_at_a_tenth_koscom_bears_the_cost(desk: Desk, number: str) -> None:
    """110 found are 11,000 won short, exactly a tenth."""
    found = [{"month": "2027-01", "usage": [{"product": "securities_a", "personal_ids": 110}]}]
    audit = enter(desk, number, found=found, period={"from": "2027-01", "to": "2027-01"})
    assert (audit["borne_by"], audit["totals"]["under_reported"]) == ("koscom", 11_000)


def test_an_audit_within_twelve_months_of_another_is_noticed(desk: Desk, number: str) -> None:
    """It may be right, where a grave breach is likely; so it is entered, and said."""
    enter(desk, number)
    again = enter(desk, number, audited_on="2027-05-31")
    assert again["notices"] == []  # the other came after it
    again = enter(desk, number, audited_on="2027-06-01")
    assert [notice["code"] for notice in again["notices"]] == ["audit_too_soon"]
    assert "2027-06-01" in again["notices"][0]["text"]
    assert len(listed(desk, number)) == 3


def test_one_key_one_audit(desk: Desk, number: str) -> None:
    """The first answer is given again."""
    assert enter(desk, number, call(LATER, FINANCE, "k")) == enter(desk, number, call(LATER, FINANCE, "k"))
    assert len(listed(desk, number)) == 1


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"audited_on": "2027-06-02"}, [("audit_to_come", "/audited_on")]),
        ({"audited_on": "2027-02-28"}, [("audit_before_month_over", "/audited_on")]),
        ({"period": {"from": "2026-11", "to": "2027-02"}},
         [("audit_outside_contract", "/period/from"), ("audit_months_missing", "/found")]),
        ({"period": {"from": "2027-02", "to": "2027-01"}}, [("range_reversed", "/period/to")]),
        ({"found": FOUND[:1]}, [("audit_months_missing", "/found")]),
        ({"found": [*FOUND, FOUND[0]]}, [("audit_month_twice", "/found/2/month")]),
        ({"found": [*FOUND, {"month": "2027-03", "usage": []}]}, [("audit_month_outside", "/found/2/month")]),
        ({"found": [{"month": "2027-01", "usage": [{"product": "bonds_z"}]}, FOUND[1]]},
         [("product_not_in_contract", "/found/0/usage/0/product")]),
        ({"cost": -1}, [("out_of_range", "/cost")]),
        ({"cost": 1.5}, [("amount_not_integer", "/cost")]),
        ({"period": None}, [("not_an_object", "/period")]),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_its_place(
    changes: dict[str, Any], expected: list[tuple[str, str]], desk: Desk, number: str
) -> None:
    """Field by field; nothing is stored."""
    assert refusal(desk, number, **changes) == expected
    assert listed(desk, number) == []


def test_finance_alone_enters_audits_of_contracts_alone(desk: Desk, number: str) -> None:
    """Sales and portals may not; what is no contract is not found."""
    for role in (Role.SALES, Role.PORTAL):
        assert refusal(desk, number, call(LATER, Actor("k", role))) == [("role_not_allowed", "")]
    assert refusal(desk, "Q-2026-999999") == [("contract_not_found", "")]
    assert refusal(desk, issue(desk, company_business_number=None)["number"]) == [("quote_not_accepted", "")]


def test_neither_the_database_nor_the_audit_log_lets_an_audit_change(desk: Desk, number: str) -> None:
    """The triggers refuse; without them, the seal tells."""
    enter(desk, number)
    change = "UPDATE usage_audits SET recorded_by = 'x'"
    with pytest.raises(DatabaseError), desk.database.engine.connect() as connection, connection.begin():
        connection.execute(text(change))
    with desk.database.engine.connect() as connection, connection.begin():
        sqlite = connection.dialect.name == "sqlite"
        connection.execute(
            text(
                "DROP TRIGGER usage_audits_refuse_update" if sqlite else "ALTER TABLE usage_audits DISABLE TRIGGER ALL"
            )
        )
        connection.execute(text(change))
    with desk.database.reading() as connection:
        assert [found.what for found in sealing.verify_quotes(connection)] == [
            "this audit of usage was changed by hand"
        ]
