"""What is withheld, by agreement or on request is never shown as an amount of 0, wherever a quote is shown."""

import csv
import io
import json
import re
from html import unescape
from typing import Any

import orjson
import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from python_calamine import CalamineWorkbook
from support.desk_forms import Seat

from fee_service.cli import main

COMPANY = {"name": "(주)스타트업", "size": "sme", "qualification": "fintech"}
WITHHELD = {"contract": "real_time", "product": "derivatives_b"}
PRICED = {"contract": "real_time", "product": "securities_a"}
ON_REQUEST = "시세표"
ZERO = re.compile(r"(?<![\d,.])0\s*(?:원|won)|KRW\s?0(?![\d,.])|₩0(?!\d)")


def asking(licences: list[dict[str, Any]], apis: list[str], starts_on: str = "2026-12-09") -> dict[str, Any]:
    company = {**COMPANY, "founded_on": "2023-05-10" if starts_on > "2023-05-10" else "2018-05-10"}
    return {"company": company, "licences": licences, "apis": apis, "starts_on": starts_on, "months": 24}


WITHOUT_PRICE = {
    "withheld": (asking([WITHHELD], []), "부과보류", "withheld"),
    "on request": (asking([], [ON_REQUEST]), "가격 공표 없음 · 별도 문의", "no published price · on request"),
    "both": (asking([WITHHELD], [ON_REQUEST]), "부과보류 · 별도 문의", "withheld · on request"),
    "free": (asking([], ["금융투자회사 계좌조회"], "2020-06-01"), "무료", "free of charge"),
}
STATUS = {"withheld": "unpriced", "on request": "unpriced", "both": "unpriced", "free": "free"}


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def text_of(page: str) -> str:
    """What a page says, its labels for readers aloud and its live figure included."""
    said = re.sub(r'<[^>]*(?:data-bar|aria-label)="([^"]*)"[^>]*>', r" \1 ", page)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", said)))


def zero(text: str) -> re.Match[str] | None:
    """An amount of 0; that a fee is published as 0, which makes it free, is no such amount."""
    published = r"무료\s*:[^.]*?0\s*원|Free\s*of\s*charge\s*:[^.]*?0\s*won"
    return ZERO.search(re.sub(published, "", text))


@pytest.mark.parametrize("name", WITHOUT_PRICE)
def test_the_answer_says_what_its_totals_are(client: FlaskClient, name: str) -> None:
    """The amounts of 0 stay for those who add up; the status and the words say what they are."""
    request, korean, english = WITHOUT_PRICE[name]
    answer = client.post("/v1/quotes/preview", json=request).get_json()
    assert answer["totals"]["total"] == 0
    assert answer["pricing"]["status"] == answer["pricing"]["monthly"] == STATUS[name]
    assert answer["pricing"]["instead"] == answer["pricing"]["instead_monthly"] == {"ko": korean, "en": english}
    assert answer["pricing"]["beside"] is None
    assert not zero(" ".join(notice["text"] for notice in answer["notices"]))


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("name", WITHOUT_PRICE)
def test_no_page_shows_an_amount_of_0(
    app: Flask, keys: dict[str, str], client: FlaskClient, name: str, language: str
) -> None:
    """The quote, its share page, the list of quotes, the comparison: all say what it is, and draw no chart."""
    request, *words = WITHOUT_PRICE[name]
    said = words[language == "en"]
    issued = client.post("/v1/quotes", json=request).get_json()
    seat = Seat(app.test_client(), keys["sales"], language)
    seat.post(f"/quotes/{issued['number']}/shares")
    page = seat.client.get(f"/quotes/{issued['number']}").text
    link = re.search(r"/s/[^\"?]+", page)
    assert link
    variant = orjson.dumps(["A", request]).decode()
    whole = {
        "quote": page,
        "share": app.test_client().get(link[0], headers={"Accept-Language": language}).text,
        "comparison": seat.post("/compare", {"variant": variant}).text,
    }
    for place, text in whole.items():
        assert said in text_of(text), place
        assert not zero(text_of(text)), (place, zero(text_of(text)))
        assert 'class="chart"' not in text, place
    rows = re.findall(r"<tr>.*?</tr>", seat.client.get("/quotes").text, re.DOTALL)
    row = text_of(next(each for each in rows if issued["number"] in each))
    assert said in row
    assert not zero(row)
    listed = client.get("/v1/quotes").get_json()["quotes"][0]
    assert (listed["number"], listed["pricing"]["status"]) == (issued["number"], STATUS[name])
    verified = text_of(client.get(f"/verify/{issued['number']}").text)
    assert not zero(verified)


def test_the_panel_of_the_desk_says_what_it_is(app: Flask, keys: dict[str, str]) -> None:
    """Also the figure that stays in view on a narrow screen."""
    seat = Seat(app.test_client(), keys["sales"], "ko")
    form = {"founded_on": "2023-05-10", "size": "sme", "starts_on": "2026-12-09", "months": "24"}
    for asked in ({"other_apis": ON_REQUEST}, {"real_time.derivatives_b": "1"}):
        for path in ("/", "/estimate"):
            answer = seat.post(path, {**form, **asked})
            parts = answer.get_json().values() if answer.is_json else [answer.text]
            text = text_of(" ".join(part for part in parts if isinstance(part, str)))
            assert "별도 문의" in text or "부과보류" in text
            assert not zero(text), (path, asked)


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("name", WITHOUT_PRICE)
def test_no_document_shows_an_amount_of_0(client: FlaskClient, name: str, language: str) -> None:
    """No card, table or chart of zeros in the PDF; no sheet of zeros; no 0 in a row of what has no price."""
    request, *words = WITHOUT_PRICE[name]
    said = words[language == "en"]
    issued = client.post("/v1/quotes", json=request).get_json()
    address = f"/v1/quotes/{issued['id']}"
    reader = PdfReader(io.BytesIO(client.get(f"{address}.pdf?lang={language}").data))
    pages = [page.extract_text() for page in reader.pages]
    assert squeezed(said) in squeezed(pages[0])
    assert not zero(" ".join(pages))
    for title in ("월별 금액", "청구 계획", "Amounts by month", "Invoice plan"):
        assert squeezed(title) not in squeezed(" ".join(pages))
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"{address}.xlsx?lang={language}").data))
    assert not {"월별", "청구", "Months", "Invoices"} & set(book.sheet_names)
    cover, lines = (book.get_sheet_by_name(sheet).to_python() for sheet in book.sheet_names[:2])
    assert said in [cell for row in cover for cell in row]
    assert [row for row in cover if 0 in row[1:]] == []
    if STATUS[name] == "unpriced":
        assert [row for row in lines[1:] if any(cell == 0 and cell != "" for cell in row[4:8])] == []
    rows = list(csv.reader(io.StringIO(client.get(f"{address}.csv?lang={language}").data.decode("utf-8-sig"))))
    kinds = {row[-1] for row in rows[1:]}
    wanted = {"withheld": {"부과보류", "withheld"}, "free": {"무료", "free of charge"}}.get(name)
    assert kinds if wanted is None else kinds & wanted
    if STATUS[name] == "unpriced":
        assert {cell for row in rows[1:] for cell in row[14:17]} == {""}


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("name", WITHOUT_PRICE)
def test_the_command_line_shows_no_amount_of_0(name: str, language: str) -> None:
    """It says what it is in the place of the months and the sums."""
    request, *words = WITHOUT_PRICE[name]
    found = CliRunner().invoke(main, ["quote", "-", "--lang", language], input=json.dumps(request))
    assert found.exit_code == 0, found.output
    assert words[language == "en"] in found.output
    assert not zero(found.output)


def test_a_quote_that_is_priced_in_part_shows_its_amounts_and_what_they_do_not_hold(client: FlaskClient) -> None:
    """Securities A have a price, derivatives B are withheld, the multi-quote list is on request."""
    request = asking([PRICED, WITHHELD], [ON_REQUEST])
    issued = client.post("/v1/quotes", json=request).get_json()
    pricing = issued["pricing"]
    assert (pricing["status"], pricing["missing"]) == ("partly_priced", ["withheld", "on_request"])
    assert pricing["instead"] is pricing["instead_monthly"] is None
    beside = "부과보류된 요금과 가격이 공표되지 않은 항목(별도 문의)은 들어 있지 않습니다."
    assert pricing["beside"]["ko"] == beside
    reader = PdfReader(io.BytesIO(client.get(f"/v1/quotes/{issued['id']}.pdf?lang=ko").data))
    pages = squeezed(" ".join(page.extract_text() for page in reader.pages))
    assert squeezed(beside) in pages
    assert f"{issued['totals']['total']:,}" in pages
    shown = CliRunner().invoke(main, ["quote", "-"], input=json.dumps(request)).output
    assert beside in shown


def test_a_quote_with_a_price_for_everything_says_nothing_more(client: FlaskClient) -> None:
    """Also where the waiver brings the bill to 0: that is a price."""
    answer = client.post("/v1/quotes/preview", json=asking([PRICED], [])).get_json()
    assert answer["totals"]["net"] == 0
    assert answer["pricing"] == {
        "status": "priced", "monthly": "priced", "missing": [],
        "instead": None, "instead_monthly": None, "beside": None,
    }  # fmt: skip
