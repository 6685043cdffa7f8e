"""Reconciliations over HTTP: asked for, done by a worker, looked at page by page, taken back."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support.calling import caller

from fee_service.actors import COMMAND_LINE, Role
from fee_service.app import create_app
from fee_service.documents import reconciled_jobs
from fee_service.documents.billed_files import CONTENT_TYPES
from fee_service.jobs.working import Worker
from fee_service.keys import keyring
from fee_service.published.editions import Editions
from fee_service.settings import Settings

SELLER, BUYER = "998-81-00012", "998-87-00028"
FIRST, SECOND = "202612094100099900000001", "202701154100099900000002"
REQUEST: dict[str, Any] = {
    "company": {"name": "시험핀테크", "business_number": BUYER, "founded_on": "2010-01-01", "size": "large"},
    "starts_on": "2026-12-09",
    "months": 3,
    "api_calls_per_month": 1_000_000,
    "licences": [
        {"contract": "real_time", "product": "securities_a"},
        {"contract": "real_time", "product": "securities_b"},
    ],
}
HEAD = (
    "issued_on", "invoice_number", "supplier", "customer", "corrects", "fee", "agreement", "product", "service_month",
    "amount", "vat",
)  # fmt: skip
A = ("base_fee", "real_time", "securities_a", "2026-12")
B = ("base_fee", "real_time", "securities_b", "2026-12")
API = ("api_call_fee", "open_api_platform", "open_api_platform", "2026-12")
SET_UP = ("environment_setup", "open_api_platform", "open_api_platform", "2026-12")


@pytest.fixture(scope="module")
def app(editions: Editions, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application with a database of its own."""
    settings = Settings(instance=tmp_path_factory.mktemp("runs"), requests_per_minute=10**6, requests_per_day=10**6)
    made = create_app(settings, editions)
    made.config["TODAY"] = lambda: date(2027, 3, 1)
    return made


@pytest.fixture(scope="module")
def keys(app: Flask) -> dict[str, str]:
    """A key of each role."""
    database = app.extensions["database"]
    return {role: keyring.create(database, COMMAND_LINE, "tests", role, f"{role} of tests") for role in Role}


@pytest.fixture(scope="module")
def finance(app: Flask, keys: dict[str, str]) -> FlaskClient:
    """Somebody of finance."""
    return caller(app, keys["finance"])


@pytest.fixture(scope="module")
def contract(finance: FlaskClient) -> str:
    """An accepted quote."""
    quote = finance.post("/v1/quotes", json=REQUEST).get_json()
    assert finance.post(f"/v1/quotes/{quote['id']}/acceptance").status_code == 200
    return str(quote["number"])


def row(
    what: tuple[str, ...], amount: int, vat: int, number: str = FIRST, day: str = "2026-12-09", corrects: str = ""
) -> list[str]:
    """A line of an invoice under own columns."""
    return [day, number, SELLER, BUYER, corrects, *what, str(amount), str(vat)]


def as_csv(*rows: list[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([HEAD, *rows])
    return text.getvalue().encode()


WRONG = as_csv(
    row(A, 1_483_870, 148_387), row(B, 800_000, 80_000), row(API, 200_000, 20_000), row(SET_UP, 3_000_000, 300_000)
)  # fmt: skip
CORRECTION = as_csv(row(B, -206_452, -20_645, SECOND, "2027-01-15", FIRST))


def done(app: Flask, finance: FlaskClient, file: bytes) -> dict[str, Any]:
    """A reconciliation from its asking to its end."""
    asked = finance.post("/v1/reconciliations", data=file, content_type="text/csv")
    assert asked.status_code == 202, asked.get_json()
    Worker(app.extensions["database"], app.extensions["job_kinds"]).run(once=True)
    told: dict[str, Any] = finance.get(asked.headers["Location"]).get_json()
    assert told["status"] == "done", told
    return told


def lines(finance: FlaskClient, told: dict[str, Any], **filters: Any) -> list[dict[str, Any]]:
    """All lines that filters leave, page by page."""
    found, cursor = [], None
    while True:
        asked = {**filters, "limit": 2, **({"cursor": cursor} if cursor else {})}
        page = finance.get(told["result"], query_string=asked, headers={"Accept-Language": "en"}).get_json()
        found += page["lines"]
        cursor = page["next"]
        if cursor is None:
            return found


def test_a_wrong_invoice_its_correction_and_what_becomes_of_the_finding(
    app: Flask, finance: FlaskClient, contract: str
) -> None:
    """B was not divided: 206,452 too much, a new finding. The correction solves it; a won of VAT is a new one."""
    first = done(app, finance, WRONG)
    [wrong] = lines(finance, first, status="overbilled")
    assert (wrong["difference"], wrong["cause"], wrong["contract"]) == (206_452, "not_prorated", contract)
    assert wrong["row"] == {"file": wrong["row"]["file"], "sheet": None, "line": 3}
    assert "23 of" in wrong["explanation"] or "23 days" in wrong["explanation"]
    assert len(lines(finance, first)) == 4
    summary = first["summary"]
    assert summary["closes"]
    assert (summary["amount"], summary["expected"]) == (5_483_870, 5_277_418)
    assert summary["by_cause"]["not_prorated"]["amount"] == 206_452
    assert summary["findings"] == {"new": 1, "still_open": 0, "solved": 0, "came_back": 0}

    then = done(app, finance, CORRECTION)
    assert then["summary"]["findings"] == {"new": 1, "still_open": 0, "solved": 1, "came_back": 0}
    [corrected] = lines(finance, then)
    assert (corrected["status"], corrected["cause"], corrected["vat_difference"]) == ("overbilled", "vat_rounding", 1)
    assert (corrected["chain"], corrected["difference"]) == (FIRST, 0)

    again = done(app, finance, WRONG)
    assert {line["status"] for line in lines(finance, again)} == {"already_seen"}
    assert again["summary"]["findings"]["new"] == 0


def test_a_preview_says_what_was_understood_and_keeps_nothing(finance: FlaskClient) -> None:
    """At once, with the columns as they were found."""
    told = finance.post("/v1/reconciliations?preview=true", data=WRONG, content_type="text/csv").get_json()
    [table] = told["files"][0]["tables"]
    assert (table["format"], table["encoding"], table["header_row"]) == ("text", "utf-8", 1)
    assert len(told["rows"]) == 4


def test_who_is_not_of_finance_reconciles_nothing(app: Flask, keys: dict[str, str]) -> None:
    """Neither sales nor a portal."""
    for role in (Role.SALES, Role.PORTAL):
        answer = caller(app, keys[role]).post("/v1/reconciliations", data=WRONG, content_type="text/csv")
        assert answer.status_code == 403


def test_a_file_that_cannot_be_read_fails_and_says_why(app: Flask, finance: FlaskClient) -> None:
    """The job is over; its errors name the fault and what to do."""
    asked = finance.post("/v1/reconciliations", data=b"%PDF-1.7 nothing", content_type="application/pdf")
    Worker(app.extensions["database"], app.extensions["job_kinds"]).run(once=True)
    told = finance.get(asked.headers["Location"]).get_json()
    assert (told["status"], [each["code"] for each in told["errors"]]) == ("failed", ["file_kind_unknown"])
    assert finance.get(f"{asked.headers['Location']}/lines").status_code == 409


def test_a_cancelled_reconciliation_leaves_nothing(app: Flask, finance: FlaskClient, contract: str) -> None:
    """Its invoices were not seen: the next upload judges them."""
    other = WRONG.replace(FIRST.encode(), b"202612094100099900000077")
    asked = finance.post("/v1/reconciliations", data=other, content_type="text/csv")
    assert finance.delete(asked.headers["Location"]).status_code == 204
    assert {line["status"] for line in lines(finance, done(app, finance, other))} != {"already_seen"}


def test_the_same_key_asks_once(finance: FlaskClient) -> None:
    """The second answer is the first; the key for other files is refused."""
    key = {"Idempotency-Key": "one-run"}
    first, second = (
        finance.post("/v1/reconciliations", data=CORRECTION, content_type="text/csv", headers=key) for _ in range(2)
    )
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.headers["Location"] == second.headers["Location"]
    assert second.headers["Idempotent-Replayed"] == "true"
    other = finance.post("/v1/reconciliations", data=WRONG, content_type="text/csv", headers=key)
    assert other.get_json()["errors"][0]["code"] == "idempotency_key_reused"
    assert finance.delete(first.headers["Location"]).status_code == 204


# -- the result as a file ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def reconciled(app: Flask, finance: FlaskClient, contract: str) -> dict[str, Any]:
    """A reconciliation that is done."""
    return done(app, finance, WRONG)


@pytest.mark.parametrize(
    ("place", "kind"), [("", "csv"), ("/lines", "csv"), ("", "xlsx"), ("", "parquet"), ("", "focus.csv")]
)
def test_a_result_is_to_be_had_as_a_file(
    finance: FlaskClient, reconciled: dict[str, Any], place: str, kind: str
) -> None:
    """Of each kind, with its content type, to be saved by its name; the same under both of its addresses."""
    told = finance.get(f"/v1/reconciliations/{reconciled['id']}{place}.{kind}?lang=en")
    assert (told.status_code, told.content_type) == (200, CONTENT_TYPES[kind])
    assert told.headers["Content-Disposition"] == f'attachment; filename="reconciliation-{reconciled["id"]}.{kind}"'
    assert int(told.headers["Content-Length"]) == len(told.data)


def test_a_file_of_a_result_has_its_lines_in_the_language_of_who_asks(
    finance: FlaskClient, reconciled: dict[str, Any]
) -> None:
    """As many rows as lines, the same amounts, Korean unless English is asked for."""
    address = f"/v1/reconciliations/{reconciled['id']}.csv"
    told = {language: finance.get(address, query_string={"lang": language}).data for language in ("ko", "en")}
    rows = list(csv.DictReader(io.StringIO(told["en"].decode("utf-8-sig"), newline="")))
    by_status = reconciled["summary"]["by_status"]
    assert len(rows) == sum(each["lines"] for each in by_status.values())
    assert sum(int(row["amount"] or 0) for row in rows) == sum(each["amount"] for each in by_status.values())
    assert told["ko"].decode("utf-8-sig").startswith("파일 (file)")
    assert finance.get(address, headers={"Accept-Language": "en"}).data == told["en"]
    assert finance.get(address, headers={"Accept-Language": "ko"}).data == told["ko"]


def test_a_file_of_many_lines_is_a_job(
    app: Flask, finance: FlaskClient, reconciled: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """202 with the place to ask for it; a worker makes the same bytes."""
    address = f"/v1/reconciliations/{reconciled['id']}.xlsx?lang=ko"
    at_once = finance.get(address).data
    monkeypatch.setattr(reconciled_jobs, "MOST_AT_ONCE", 0)
    asked = finance.get(address)
    assert asked.status_code == 202
    Worker(app.extensions["database"], app.extensions["job_kinds"]).run(once=True)
    told = finance.get(asked.headers["Location"]).get_json()
    assert (told["status"], told["summary"]) == ("done", {"reconciliation": reconciled["id"]})
    assert finance.get(told["result"]).data == at_once


def test_a_file_of_what_is_not_there_or_not_done_is_refused(app: Flask, finance: FlaskClient) -> None:
    """404 for an unknown one, 409 with the time to ask again for one that waits, 422 for another language."""
    assert finance.get("/v1/reconciliations/0198.csv").status_code == 404
    waiting = finance.post("/v1/reconciliations", data=WRONG, content_type="text/csv").headers["Location"]
    for kind in ("csv", "parquet"):
        refused = finance.get(f"{waiting}.{kind}")
        assert (refused.status_code, refused.get_json()["errors"][0]["code"]) == (409, "job_not_done")
    assert finance.get(f"{waiting}.csv?lang=fr").status_code == 422
    assert finance.delete(waiting).status_code == 204
