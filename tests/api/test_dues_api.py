"""Dues over HTTP: of one contract, of all, as JSON and as files; what is refused, and to whom."""

import csv
import io
from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import duckdb
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from support.calling import caller
from support.workbooks import sheets

from fee_service.actors import COMMAND_LINE, Role
from fee_service.app import create_app
from fee_service.documents import dues_jobs
from fee_service.finance import billing
from fee_service.jobs.working import Worker
from fee_service.keys import keyring
from fee_service.published.editions import Editions
from fee_service.settings import Settings

TODAY = date(2026, 12, 9)
REQUEST: dict[str, Any] = {
    "company": {"name": "(주)시세", "business_number": "124-81-00998", "founded_on": "2010-01-01", "size": "large"},
    "starts_on": "2026-12-09",
    "months": 3,
    "api_calls_per_month": 1_000_000,
    "licences": [
        {"contract": "real_time", "product": "securities_a"},
        {"contract": "real_time", "product": "securities_b", "usage": {"personal_ids": 100}},
    ],
}


@pytest.fixture(scope="module")
def app(editions: Editions, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application with a database of its own: two contracts and an open quote."""
    settings = Settings(instance=tmp_path_factory.mktemp("dues"), requests_per_minute=10**6, requests_per_day=10**6)
    made = create_app(settings, editions)
    made.config["TODAY"] = lambda: TODAY
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
def contracts(finance: FlaskClient) -> list[dict[str, Any]]:
    """Two accepted quotes, and one that nobody accepted."""
    issued = [finance.post("/v1/quotes", json=REQUEST).get_json() for _ in range(3)]
    for quote in issued[:2]:
        assert finance.post(f"/v1/quotes/{quote['id']}/acceptance").status_code == 200
    return issued


def test_dues_of_the_quoted_months_are_the_quote(finance: FlaskClient, contracts: list[dict[str, Any]]) -> None:
    """By default the months that were quoted: totals and invoices to the won, found by number and by id."""
    quote = contracts[0]
    for key in (quote["number"], quote["id"]):
        answer = finance.get(f"/v1/contracts/{key}/dues").get_json()
        assert answer["totals"] == quote["totals"]
        assert (answer["contract"], answer["from"], answer["to"]) == (quote["number"], "2026-12", "2027-02")
        got = [
            {name: invoice[name] for name in ("issued_on", "supply", "vat", "total")} for invoice in answer["invoices"]
        ]
        assert got == quote["invoices"]
        assert answer["as_of"] == "2026-12-09"


def test_a_line_has_the_public_fields(finance: FlaskClient, contracts: list[dict[str, Any]]) -> None:
    """Securities A in December: 2,000,000 × 23 / 31 = 1,483,870.9."""
    answer = finance.get(
        f"/v1/contracts/{contracts[0]['id']}/dues?from=2026-12&to=2026-12", headers={"Accept-Language": "en"}
    ).get_json()
    line = answer["lines"][0]
    explanation = line.pop("explanation")
    assert line.pop("label")["en"].startswith("Securities A")
    assert line == {
        "service_month": "2026-12", "fee": "base_fee", "contract": "real_time", "product": "securities_a",
        "option": "retail", "user_type": None, "quantity": 1, "unit_price": 2_000_000, "days": 23,
        "charged_days": 23, "days_in_month": 31, "list": 1_483_870, "waiver": 0, "net": 1_483_870,
        "invoice_on": "2026-12-09", "basis": "contract", "price_list": "market-data-2018-07-01", "source": "P1",
    }  # fmt: skip
    assert "23 contract days of 31" in explanation


def test_what_is_known_on_a_day_is_asked_for(finance: FlaskClient, contracts: list[dict[str, Any]]) -> None:
    """December's usage is assumed until its day of billing, 2027-02-01, and then estimated."""
    for as_of, basis in (("2027-01-31", "assumed"), ("2027-02-01", "estimate")):
        place = f"/v1/contracts/{contracts[0]['id']}/dues?from=2026-12&to=2026-12&as_of={as_of}"
        answer = finance.get(place).get_json()
        assert [line["basis"] for line in answer["lines"] if line["fee"] == "usage_fee"] == [basis]


@pytest.mark.parametrize(
    ("query", "code", "place"),
    [
        ("from=2026-13", "invalid_month", "/query/from"),
        ("from=2026-1", "invalid_month", "/query/from"),
        ("from=2026-12-01", "invalid_month", "/query/from"),
        ("to=0000-01", "out_of_range", "/query/to"),
        ("to=9999-12", "out_of_range", "/query/to"),
        ("from=2027-02&to=2027-01", "range_reversed", "/query/to"),
        ("from=2026-12&to=2046-12", "too_many_months", "/query/to"),
        ("as_of=2026-12", "invalid_date", "/query/as_of"),
        ("until=2026-12", "unknown_parameter", "/query/until"),
        ("from=２０２６-12", "invalid_month", "/query/from"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(
    finance: FlaskClient, contracts: list[dict[str, Any]], query: str, code: str, place: str
) -> None:
    """422 with field, reason and remedy."""
    refused = finance.get(f"/v1/contracts/{contracts[0]['id']}/dues?{query}")
    assert refused.status_code == 422
    (error,) = refused.get_json(force=True)["errors"]
    assert (error["code"], error["pointer"]) == (code, place)
    assert error["message"]
    assert error["hint"]


def test_twenty_years_can_be_asked_for(finance: FlaskClient, contracts: list[dict[str, Any]]) -> None:
    """240 months, one fewer than are refused."""
    answer = finance.get(f"/v1/contracts/{contracts[0]['id']}/dues?from=2026-12&to=2046-11").get_json()
    assert answer["lines"][-1]["service_month"] == "2046-11"


def test_only_an_accepted_quote_is_a_contract(finance: FlaskClient, contracts: list[dict[str, Any]]) -> None:
    """An open quote and one that there is not: 404."""
    for key in (contracts[2]["number"], "Q-2026-999999"):
        assert finance.get(f"/v1/contracts/{key}/dues").status_code == 404


@pytest.mark.parametrize(("role", "status"), [("portal", 403), ("sales", 403), ("finance", 200), ("admin", 200)])
def test_dues_are_for_finance(
    app: Flask, keys: dict[str, str], contracts: list[dict[str, Any]], role: str, status: int
) -> None:
    """And for whoever may do everything."""
    client = caller(app, keys[role])
    for place in (f"/v1/contracts/{contracts[0]['id']}/dues", "/v1/dues?invoice_month=2026-12"):
        assert client.get(place).status_code == status


def test_all_contracts_of_an_invoice_month(finance: FlaskClient, contracts: list[dict[str, Any]]) -> None:
    """December 2026: 1,483,870 + 593,548 + 200,000 + 3,000,000 = 5,277,418, VAT 527,741, of both contracts."""
    answer = finance.get("/v1/dues?invoice_month=2026-12").get_json()
    assert [contract["contract"] for contract in answer["contracts"]] == [one["number"] for one in contracts[:2]]
    first = answer["contracts"][0]
    assert (first["company"], first["business_number"]) == ("(주)시세", "124-81-00998")
    assert first["invoices"] == [{"issued_on": "2026-12-09", "supply": 5_277_418, "vat": 527_741, "total": 5_805_159}]
    assert answer["totals"]["net"] == 2 * 5_277_418
    assert answer["totals"]["total"] == 2 * 5_805_159
    lines = finance.get(f"/v1/contracts/{contracts[0]['id']}/dues?from=2026-12&to=2026-12").get_json()["lines"]
    december = [line for line in lines if line["invoice_on"] == "2026-12-09"]
    assert first["lines"] == [
        {name: value for name, value in line.items() if name not in ("label", "explanation")} for line in december
    ]


def test_reported_usage_is_billed_and_the_last_report_says_what_day_is_known(
    finance: FlaskClient, contracts: list[dict[str, Any]]
) -> None:
    """31 IDs in December: 31 × 400 × 23 / 31 = 9,200 on the 1st of February, though today is 2026-12-09."""
    report = {
        "contract": contracts[1]["number"],
        "month": "2026-12",
        "reported_on": "2027-01-20",
        "usage": [{"product": "securities_b", "personal_ids": 31}],
    }
    finance.application.config["TODAY"] = lambda: date(2027, 1, 20)
    try:
        assert finance.post("/v1/usage-reports", json=report).status_code == 201
    finally:
        finance.application.config["TODAY"] = lambda: TODAY
    answer = finance.get(f"/v1/contracts/{contracts[1]['id']}/dues?from=2026-12&to=2026-12").get_json()
    assert answer["as_of"] == "2027-01-20"
    (line,) = [line for line in answer["lines"] if line["fee"] == "usage_fee"]
    assert (line["net"], line["invoice_on"], line["basis"]) == (9_200, "2027-02-01", "report")
    february = finance.get("/v1/dues?invoice_month=2027-02").get_json()["contracts"][1]["lines"]
    assert [line["net"] for line in february if line["fee"] == "usage_fee"] == [9_200]


def test_a_month_before_all_contracts_has_no_invoice(finance: FlaskClient, contracts: list[dict[str, Any]]) -> None:
    """An empty list, and sums of 0."""
    answer = finance.get("/v1/dues?invoice_month=2026-11").get_json()
    assert answer["contracts"] == []
    assert answer["totals"] == {"list": 0, "waiver": 0, "net": 0, "vat": 0, "total": 0}


@pytest.mark.parametrize("query", ["", "?invoice_month=2026-13", "?invoice_month=2026-12&from=2026-12"])
def test_an_invoice_month_is_needed(finance: FlaskClient, query: str) -> None:
    """422 where it is left out or is none."""
    assert finance.get(f"/v1/dues{query}").status_code == 422


NET = 2 * 5_277_418


def test_csv_and_focus_in_the_language_asked_for(finance: FlaskClient, contracts: list[dict[str, Any]]) -> None:
    """The same sums; FOCUS with VAT. Columns bear the public names, the label is in a language."""
    answer = finance.get("/v1/dues.csv?invoice_month=2026-12", headers={"Accept-Language": "en"})
    assert answer.content_type == "text/csv; charset=utf-8"
    assert 'filename="dues-2026-12.csv"' in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline="")))
    assert sum(int(row["net"]) for row in rows) == NET
    assert "기본료" in finance.get("/v1/dues.csv?invoice_month=2026-12&lang=ko").get_data(as_text=True)
    focus = finance.get("/v1/dues.focus.csv?invoice_month=2026-12").get_data(as_text=True)
    assert sum(int(row["BilledCost"]) for row in csv.DictReader(io.StringIO(focus, newline=""))) == 2 * 5_805_159


def test_workbook_parquet_and_template(finance: FlaskClient, contracts: list[dict[str, Any]], tmp_path: Path) -> None:
    """Each is read back with the same sum."""
    for kind in ("xlsx", "parquet", "hometax.xlsx"):
        answer = finance.get(f"/v1/dues.{kind}?invoice_month=2026-12")
        assert answer.status_code == 200
        assert int(answer.headers["Content-Length"]) == len(answer.get_data())
        (tmp_path / f"dues.{kind}").write_bytes(answer.get_data())
    header, *rows = sheets(tmp_path / "dues.xlsx")["청구 항목"]
    assert sum(row[header.index("청구액")] for row in rows) == NET
    asked = f"SELECT sum(net), min(invoice_on), any_value(company) FROM '{tmp_path / 'dues.parquet'}'"
    assert duckdb.sql(asked).fetchall() == [(NET, date(2026, 12, 9), "(주)시세")]
    (content,) = sheets(tmp_path / "dues.hometax.xlsx").values()
    assert sum(row[19] for row in content[6:]) == NET


def test_a_template_with_credits_is_a_zip(
    finance: FlaskClient, contracts: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than 100 rows are more files: here 1 row a file."""
    monkeypatch.setattr("fee_service.documents.hometax.MOST_ROWS", 1)
    answer = finance.get("/v1/dues.hometax.xlsx?invoice_month=2026-12")
    assert answer.content_type == "application/zip"
    with ZipFile(io.BytesIO(answer.get_data())) as files:
        assert len(files.namelist()) == 2


@pytest.mark.parametrize("kind", ["", ".csv", ".xlsx", ".focus.csv", ".hometax.xlsx", ".parquet"])
def test_more_contracts_than_are_answered_at_once_are_a_job(
    app: Flask, finance: FlaskClient, contracts: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """202 with its place; a worker makes the file that would have been answered: the same bytes (a template is always
    a ZIP)."""
    place = f"/v1/dues{kind}?invoice_month=2026-12"
    at_once = finance.get(place).get_data()
    monkeypatch.setattr(billing, "MOST_AT_ONCE", 1)
    taken = finance.get(place)
    assert taken.status_code == 202
    Worker(app.extensions["database"], app.extensions["job_kinds"]).run(once=True)
    done = finance.get(taken.headers["Location"]).get_json()
    assert (done["status"], done["summary"]["invoice_month"]) == ("done", "2026-12")
    made = finance.get(done["result"]).get_data()
    if kind == ".hometax.xlsx":
        with ZipFile(io.BytesIO(made)) as files:
            made = files.read(files.namelist()[0])
    assert made == at_once


def test_a_file_whose_contracts_changed_meanwhile_is_made_anew(
    app: Flask, finance: FlaskClient, contracts: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker fails behind the second chunk, a contract ends, another goes on: no file of two halves of two files."""
    place = "/v1/dues.csv?invoice_month=2026-12"
    with monkeypatch.context() as patched:
        patched.setattr(billing, "MOST_AT_ONCE", 1)
        taken = finance.get(place)
    monkeypatch.setattr(dues_jobs, "PIECE", 300)
    database, kinds = app.extensions["database"], app.extensions["job_kinds"]
    sound = kinds["dues.csv"]

    def chunks(task: Any) -> Any:
        yield from islice(sound.chunks(task), 2)
        raise RuntimeError("a fault of ours")

    Worker(database, {**kinds, "dues.csv": replace(sound, chunks=chunks)}).work_once()
    assert finance.get(taken.headers["Location"]).get_json()["progress"]["done"] == 2
    event = {"kind": "ended", "on": "2026-12-20", "reason": "the service is closed"}
    assert finance.post(f"/v1/contracts/{contracts[0]['id']}/events", json=event).status_code == 201
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE jobs SET free_from = created_at WHERE state = 'queued'"))
    Worker(database, kinds).run(once=True)
    done = finance.get(taken.headers["Location"]).get_json()
    assert done["status"] == "done"
    assert finance.get(done["result"]).get_data() == finance.get(place).get_data()
