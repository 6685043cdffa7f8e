"""What to ask for of an invoice of a reconciliation: the correction as JSON, the letter as PDF."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from support.calling import caller

from fee_service.actors import COMMAND_LINE, Role
from fee_service.app import create_app
from fee_service.jobs.working import Worker
from fee_service.keys import keyring
from fee_service.published.editions import Editions
from fee_service.settings import Settings

SELLER, BUYER = "998-81-00012", "998-87-00028"
WRONG, RIGHT = "202612094100099900000001", "202701014100099900000002"
REQUEST: dict[str, Any] = {
    "company": {"name": "시험핀테크", "business_number": BUYER, "founded_on": "2010-01-01", "size": "large"},
    "starts_on": "2026-12-09",
    "months": 3,
    "licences": [
        {"contract": "real_time", "product": "securities_a"},
        {"contract": "real_time", "product": "securities_b"},
    ],
}
HEAD = ("issued_on", "invoice_number", "supplier", "customer", "fee", "agreement", "product", "service_month",
        "amount", "vat")  # fmt: skip


def row(product: str, amount: int, vat: int, number: str = WRONG, day: str = "2026-12-09") -> list[Any]:
    """A line of an invoice in own columns."""
    return [day, number, SELLER, BUYER, "base_fee", "real_time", product, day[:7], amount, vat]


@pytest.fixture(scope="module")
def served(editions: Editions, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FlaskClient, str]]:
    """Somebody of finance, and where a reconciliation is: B was not divided in December, January is right."""
    settings = Settings(instance=tmp_path_factory.mktemp("letters"), requests_per_minute=10**6, requests_per_day=10**6)
    app: Flask = create_app(settings, editions)
    app.config["TODAY"] = lambda: date(2027, 1, 15)
    database = app.extensions["database"]
    client = caller(app, keyring.create(database, COMMAND_LINE, "tests", Role.FINANCE, "finance of tests"))
    quote = client.post("/v1/quotes", json=REQUEST).get_json()
    assert client.post(f"/v1/quotes/{quote['id']}/acceptance").status_code == 200
    text = io.StringIO()
    csv.writer(text).writerows([
        HEAD,
        row("securities_a", 1_483_870, 148_387),
        row("securities_b", 800_000, 80_000),
        row("securities_a", 2_000_000, 200_000, RIGHT, "2027-01-01"),
        row("securities_b", 800_000, 80_000, RIGHT, "2027-01-01"),
    ])  # fmt: skip
    asked = client.post("/v1/reconciliations", data=text.getvalue().encode(), content_type="text/csv")
    Worker(database, app.extensions["job_kinds"]).run(once=True)
    yield client, asked.headers["Location"]
    database.close()


@pytest.mark.parametrize("number", [WRONG, "20261209-41000999-00000001"])
def test_the_correction_of_an_invoice_is_told(served: tuple[FlaskClient, str], number: str) -> None:
    """206,452 less, of which VAT is 228,387 − 207,741 = 20,646; by the number with or without hyphens."""
    client, place = served
    told = client.get(f"{place}/corrections/{number}", headers={"Accept-Language": "en"}).get_json()
    asked = told["correction"]
    assert (told["chain"], told["wrong_lines"]) == (WRONG, 1)
    assert (asked["code"], asked["corrects"], asked["supply"], asked["vat"]) == ("02", WRONG, -206_452, -20_646)
    assert asked["invoices"][0]["issued_on"] == "2027-01-15"
    assert [(line["product"], line["supply"]) for line in asked["invoices"][0]["lines"]] == [("securities_b", -206_452)]


def test_the_letter_about_an_invoice_is_a_pdf(served: tuple[FlaskClient, str]) -> None:
    """In the language that is asked for, from the customer of the contract, with the amounts of the correction."""
    client, place = served
    for lang, title in (("ko", "수정세금계산서발급요청서"), ("en", "Requestforcorrectedinvoices")):
        answer = client.get(f"{place}/letters/{WRONG}.pdf?lang={lang}")
        assert (answer.status_code, answer.content_type) == (200, "application/pdf"), answer.text
        pages = PdfReader(io.BytesIO(answer.data)).pages
        text = re.sub(r"\s", "", "".join(page.extract_text() for page in pages))
        for said in (title, "시험핀테크", "−206,452", "−20,646", "593,548"):
            assert said in text, said


def test_of_a_right_invoice_there_is_nothing_to_ask(served: tuple[FlaskClient, str]) -> None:
    """No correction and no letter; an unknown invoice is not found."""
    client, place = served
    told = client.get(f"{place}/corrections/{RIGHT}").get_json()
    assert (told["chain"], told["wrong_lines"], told["correction"]) == (None, 0, None)
    for number, code in ((RIGHT, "invoice_is_right"), ("7", "invoice_not_in_result")):
        answer = client.get(f"{place}/letters/{number}.pdf")
        assert (answer.status_code, answer.get_json()["errors"][0]["code"]) == (404, code)
