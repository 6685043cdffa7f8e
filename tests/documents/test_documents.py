"""Documents of a quote: their amounts are those of the answer, their bytes are always the same, and nothing
that a caller typed is more than text."""

import csv as standard_csv
import io
import json
import re
import xml.etree.ElementTree as ElementTree
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from fee_service.answers.quote import quote_answer
from fee_service.documents import chart as charts
from fee_service.documents.chart import NARROW, chart, description, printed_chart
from fee_service.documents.csv import csv, plain
from fee_service.documents.issued_quote import IssuedQuote, first_invoices, runs, visible
from fee_service.documents.pdf import pdf
from fee_service.documents.words import WORDS
from fee_service.documents.xlsx import xlsx
from fee_service.glyphs import code_point, missing
from fee_service.published.editions import Editions
from fee_service.quotes.previewing import nothing_known, preview
from fee_service.wording import OneLanguage as Language
from schemas import load
from schemas.quote import QuoteRequestSchema

Quoted = Callable[..., IssuedQuote]
Writer = Callable[[IssuedQuote, Language], bytes]

VERIFY = "https://fees.example/verify/sha256:1234"
WRITERS: list[Writer] = [pdf, xlsx, csv, lambda quote, language: chart(quote, language).encode()]
LANGUAGES: list[Language] = ["ko", "en"]
REQUEST = {
    "company": {
        "name": "(주)스타트업",
        "business_number": "124-81-00998",
        "founded_on": "2023-05-10",
        "size": "sme",
        "qualification": "fintech",
    },
    "apis": ["주식실시간A", "/v3/market/closed/kospi/lists"],
    "licences": [{"contract": "real_time", "product": "securities_a", "usage": {"personal_ids": 1000}}],
    "api_calls_per_month": 1_000_000,
    "starts_on": "2026-12-09",
    "prior_waiver": [{"starts_on": "2024-01-01", "ends_on": "2024-08-31"}],
}
PRODUCTS = [
    "securities_a", "securities_b", "securities_c", "derivatives_a", "derivatives_b", "commodities_a",
    "krx_bonds_a", "krx_index_group_1", "krx_index_group_2", "overseas_etf_nav", "etn_iiv", "elw_indicators",
]  # fmt: skip
LARGE = {
    **REQUEST,
    "apis": [],
    "licences": [
        {
            "contract": "real_time",
            "product": product,
            "options": ["general"] if at > 8 else ["general", "retail"],
            "affiliate_extension": at < 3,
            "usage": {"standard_ids": 5, "personal_ids": 100 + at, "queries": 0 if at > 8 else 1000},
        }
        for at, product in enumerate(PRODUCTS)
    ],
    "months": 120,
    "test_months": 6,
}
HOSTILE = [
    '#eval("1") $x$ *bold* _it_ #set page(width: 1pt)',
    "<script>alert(1)</script>",
    '=HYPERLINK("http://evil.example","click")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\u202egnp.exe\u202c",
    "회사 😀🚀 👩‍👩‍👧 مرحبا שלום ᏣᎳᎩ \ufeff",
    "W" * 200,
    "가" * 200,
]


@pytest.fixture(scope="module")
def quoted(editions: Editions) -> Quoted:
    """An issued quote (or a draft) as it would be read from the store."""

    def quoting(
        request: dict[str, Any], language: Language = "ko", draft: bool = False, of: Editions = editions
    ) -> IssuedQuote:
        quote = preview(load(QuoteRequestSchema, request), of, date(2026, 12, 9), nothing_known)
        answer = json.loads(quote_answer(quote, language))
        if not draft:
            answer |= {"number": "Q-2026-000001", "status": "issued", "valid_until": "2027-01-08"}
            answer["issued_at"] = "2026-12-08T15:30:00.000Z"
        return IssuedQuote(answer, VERIFY)

    return quoting


def named(quote: IssuedQuote, name: str) -> IssuedQuote:
    """The same quote for a company of another name."""
    answer = json.loads(json.dumps(quote.answer))
    answer["request"]["company"]["name"] = name
    return IssuedQuote(answer, quote.verify_url)


def pages(content: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


def squeezed(text: str) -> str:
    """A text without the blanks that depend on where lines break."""
    return re.sub(r"\s", "", text)


def sheets(content: bytes) -> dict[str, list[list[Any]]]:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: workbook.get_sheet_by_name(name).to_python() for name in workbook.sheet_names}


def records(content: bytes) -> list[dict[str, str]]:
    return list(standard_csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


# -- all documents -------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("writer", WRITERS)
def test_the_same_quote_gives_the_same_bytes(quoted: Quoted, writer: Writer, language: Language) -> None:
    """Nothing depends on the clock, the process or what was made before."""
    first = writer(quoted(REQUEST, language), language)
    writer(quoted(LARGE, language), language)
    assert writer(quoted(REQUEST, language), language) == first


def test_documents_are_made_in_threads_as_one_by_one(quoted: Quoted) -> None:
    """The server makes several at once; none gets the content of another."""
    quotes = [named(quoted(REQUEST), f"회사 {number}") for number in range(4)]
    alone = [pdf(quote, "ko") for quote in quotes]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(lambda quote: pdf(quote, "ko"), quotes)) == alone


def test_every_word_is_there_in_both_languages() -> None:
    """No empty word; Korean words hold Hangul and English ones none; the same places are filled."""
    for name, korean, english in zip(WORDS["ko"]._fields, *WORDS.values(), strict=True):
        assert korean, name
        assert english, name
        assert not re.search("[가-힣]", english), name
        assert re.search("[가-힣]", korean) or not re.search("[a-z]", re.sub("{.*?}", "", korean)), name
        assert set(re.findall("{.*?}", korean)) == set(re.findall("{.*?}", english)), name


def test_hidden_marks_are_written_out() -> None:
    """A mark that turns the direction of text around it stands there by its code point."""
    assert visible("a\u202eb\u2066\ufeff") == "a[U+202E]b[U+2066][U+FEFF]"
    assert visible("(주)스타트업 😀") == "(주)스타트업 😀"


def test_months_alike_are_told_once(quoted: Quoted) -> None:
    """First month, waived months, the month in which the waiver ends, the months after."""
    found = list(runs(quoted(REQUEST).answer["months"]))
    assert [run.span for run in found] == ["2026-12", "2027-01 – 2029-03", "2029-04", "2029-05 – 2031-11"]
    assert [run.net for run in found] == [4_016_129, 1_300_000, 2_766_666, 3_300_000]
    assert [run.first for run in found] == [0, 1, 28, 29]


def test_a_document_bears_the_day_of_issue_in_korea(quoted: Quoted) -> None:
    """15:30 UTC on the 8th is the 9th in Korea."""
    assert quoted(REQUEST).issued_on == date(2026, 12, 9)


# -- PDF -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_says_what_the_answer_says(quoted: Quoted, language: Language) -> None:
    """Number, dates, totals, lines, months, invoices, sentences, sources and the code to check are all there."""
    quote = quoted(REQUEST, language)
    answer, text = quote.answer, squeezed("".join(pages(pdf(quote, language))))
    amounts = [*answer["totals"].values(), *answer["monthly"].values(), answer["waiver"]["amount"]]
    amounts += [amount for run in runs(answer["months"]) for amount in (run.list, run.waiver, run.net)]
    amounts += [invoice[name] for invoice in first_invoices(answer) for name in ("supply", "vat", "total")]
    amounts += [line["unit_price"] for line in answer["lines"]]
    for amount in amounts:
        assert f"{amount:,}".replace("-", "−") in text
    sentences = [line["explanation"] for line in answer["lines"]]
    sentences += [entry["text"] for entry in answer["notices"] if entry["audience"] == "customer"]
    sentences += [entry["text"] for entry in answer["readings"]]
    sentences += [condition["text"] for condition in answer["waiver"]["conditions"]]
    sentences += [source["label"][language] for source in answer["price_list"]["source"].values()]
    sentences += [invoice["issued_on"] for invoice in first_invoices(answer)]
    sentences += ["Q-2026-000001", "2026-12-09", "2027-01-08", "(주)스타트업", answer["digest"], VERIFY]
    assert [sentence for sentence in sentences if squeezed(sentence) not in text] == []


def test_the_invoice_plan_is_that_of_twelve_calendar_months(quoted: Quoted) -> None:
    """From the start in December 2026 to the invoice of November 2027; it adds up to what is printed below."""
    found = first_invoices(quoted(REQUEST).answer)
    assert [invoice["issued_on"] for invoice in found][:2] == ["2026-12-09", "2027-01-01"]
    assert found[-1]["issued_on"] == "2027-11-01"
    assert len(found) == 12
    assert f"{sum(invoice['total'] for invoice in found):,}" in "".join(pages(pdf(quoted(REQUEST), "ko")))


def test_pages_are_numbered(quoted: Quoted) -> None:
    """Each page says which it is of how many, and the number of the quote."""
    found = pages(pdf(quoted(REQUEST), "ko"))
    for number, page in enumerate(found, start=1):
        assert f"{number} / {len(found)}" in page
        assert "Q-2026-000001" in page


def test_the_pdf_is_tagged_and_embeds_its_fonts(quoted: Quoted) -> None:
    """A reader aloud finds structure, language and title; the file needs no font of the machine."""
    reader = PdfReader(io.BytesIO(pdf(quoted(REQUEST), "ko")))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith("ko")
    assert reader.metadata is not None
    assert reader.metadata.title == "견적서 Q-2026-000001 (주)스타트업"
    assert b"pdfuaid" in root["/Metadata"].get_data()
    for page in reader.pages:
        resources: Any = page["/Resources"]
        for font in resources["/Font"].values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            assert {"/FontFile3", "/FontFile2"} & descendant["/FontDescriptor"].keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_preview_is_marked_as_a_draft_on_every_page(quoted: Quoted, language: Language) -> None:
    """It has no number, no validity and nothing to check."""
    found = pages(pdf(quoted(REQUEST, language, draft=True), language))
    assert all(squeezed(WORDS[language].draft) in squeezed(page) for page in found)
    assert VERIFY not in "".join(found)
    assert WORDS[language].number not in found[0]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_printed_as_text(quoted: Quoted, name: str) -> None:
    """No markup runs and the page count stays; letters without a glyph stand as their code points."""
    content = pdf(named(quoted(REQUEST), name), "ko")
    assert len(pages(content)) <= 5
    printed = "".join(code_point(sign) if missing(sign) else sign for sign in visible(name))
    letters = re.sub(r"[^ -~가-힣]", "", squeezed(printed))
    found = re.sub(r"[^ -~가-힣]", "", squeezed(pages(content)[0]))
    assert letters in found


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_long_quote_breaks_its_pages_well(quoted: Quoted, language: Language) -> None:
    """120 months of 12 products: every page is filled, each part of the fees has its header, none overflows."""
    quote = quoted(LARGE, language)
    reader = PdfReader(io.BytesIO(pdf(quote, language)))
    words, texts = WORDS[language], [squeezed(page.extract_text()) for page in reader.pages]
    assert len(texts) <= 10
    with_lines = [
        text for text in texts if any(squeezed(line["explanation"]) in text for line in quote.answer["lines"])
    ]
    assert len(with_lines) >= 4
    assert all(squeezed(words.item) in text for text in with_lines)
    assert sum(squeezed(line["explanation"]) in text for line in quote.answer["lines"] for text in with_lines) >= len(
        quote.answer["lines"]
    )  # no explanation is cut by a page's end
    for page in reader.pages:
        assert all(x >= 0 and x < page.mediabox.width for x, _ in _places(page))


def _places(page: Any) -> list[tuple[float, float]]:
    """Where the pieces of text of a page begin."""
    places: list[tuple[float, float]] = []

    def visit(text: str, _: Any, matrix: list[float], *__: Any) -> None:
        if text.strip():
            places.append((matrix[4], matrix[5]))

    page.extract_text(visitor_text=visit)
    return places


def test_two_hundred_long_apis_still_make_a_document(quoted: Quoted) -> None:
    """What is asked for may be longer than a page."""
    answer = json.loads(json.dumps(quoted(REQUEST).answer))
    answer["licences"][0]["for_apis"] = ["x" * 300] * 200
    answer["unpriced"] = [{"api": "#panic()" * 30, "status": "on_request", "text": "#panic()" * 30}] * 50
    assert len(pages(pdf(IssuedQuote(answer, VERIFY), "ko"))) < 40


# -- chart ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [charts.WIDE, NARROW])
def test_the_chart_is_accessible_and_needs_no_style(quoted: Quoted, language: Language, width: int) -> None:
    """Title, description and role; no style, script or event handler, so a strict policy holds."""
    picture = chart(quoted(REQUEST, language), language, width)
    root = ElementTree.fromstring(picture)
    assert root.get("role") == "img"
    ids = {element.get("id") for element in root.iter() if element.get("id")}
    assert set((root.get("aria-labelledby") or "").split()) == ids
    assert "2029-04-08" in description(quoted(REQUEST, language).answer, language)
    assert not re.search(r"style|script|\son\w+=|href", picture)


def test_the_chart_labels_the_levels_and_the_boundaries(quoted: Quoted, made_up_editions: Editions) -> None:
    """During and after the waiver, its last day, a new price list, and the start after a free test."""
    texts = re.findall("<text[^>]*>([^<]*)</text>", chart(quoted(REQUEST), "ko"))
    assert {"1,300,000원", "3,300,000원", "면제 2,000,000원", "2029-04-08 면제 마지막 날"} <= set(texts)
    request = {**REQUEST, "apis": ["주식실시간A"], "test_months": 2}
    texts = re.findall("<text[^>]*>([^<]*)</text>", chart(quoted(request, of=made_up_editions), "ko"))
    assert {"2026-12-09 유료 계약 시작", "2027-01-16 새 요금표 적용"} <= set(texts)


def test_the_waived_part_is_drawn_only_where_something_is_waived(quoted: Quoted) -> None:
    """A quote without a waiver has neither its area nor its legend."""
    refused = {**REQUEST, "company": {"founded_on": "2023-05-10", "size": "large"}}
    assert 'class="chart-waived"' in chart(quoted(REQUEST), "ko")
    assert 'class="chart-waived"' not in chart(quoted(refused), "ko")


@pytest.mark.parametrize("months", [1, 12, 60])
def test_the_waived_area_goes_there_and_back(quoted: Quoted, months: int) -> None:
    """The lower edge is drawn backwards, or the area of months that are all alike would be an hourglass."""
    request = {"company": REQUEST["company"], "apis": ["주식실시간A"], "starts_on": "2027-01-01", "months": months}
    path = re.search('class="chart-waived" d="M([^"]*)Z"', chart(quoted(request), "ko"))
    assert path is not None
    places = [float(point.split()[0]) for point in path[1].split("L")]
    half = len(places) // 2
    assert places[:half] == sorted(places[:half])
    assert places[half:] == sorted(places[half:], reverse=True)


@pytest.mark.parametrize("request_", [REQUEST, LARGE, {**REQUEST, "months": 1}])
@pytest.mark.parametrize("width", [charts.WIDE, NARROW])
def test_all_that_is_drawn_lies_inside_the_picture(quoted: Quoted, request_: dict[str, Any], width: int) -> None:
    """Every text begins inside, and boundaries have rows of their own."""
    root = ElementTree.fromstring(chart(quoted(request_), "ko", width))
    height = float(root.get("height") or 0)
    for text in root.iter("{http://www.w3.org/2000/svg}text"):
        assert 0 <= float(text.get("x") or -1) <= width
        assert 0 <= float(text.get("y") or -1) <= height


def test_the_printed_chart_knows_no_variables(quoted: Quoted) -> None:
    """On paper the fallback colours stand by themselves."""
    assert "var(" in chart(quoted(REQUEST), "ko")
    assert "var(" not in printed_chart(quoted(REQUEST), "ko")


# -- XLSX ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("request_", [REQUEST, LARGE])
def test_the_sums_of_the_workbook_are_the_totals(quoted: Quoted, language: Language, request_: dict[str, Any]) -> None:
    """Lines, months and invoices each add up to the answer's totals; the cover says that they agree."""
    quote = quoted(request_, language)
    totals, words = quote.answer["totals"], WORDS[language]
    found = sheets(xlsx(quote, language))
    assert list(found) == [words.sheet_summary, words.sheet_lines, words.sheet_months, words.sheet_invoices]
    three = [totals["list"], totals["waiver"], totals["net"]]
    assert found[words.sheet_lines][-1][5:8] == three
    assert found[words.sheet_months][-1][5:8] == three
    assert found[words.sheet_invoices][-1][1:] == [totals["net"], totals["vat"], totals["total"]]
    assert found[words.sheet_summary][-1] == [words.sums_agree, words.yes]
    assert [row[0] for row in found[words.sheet_invoices][1:-1]] == [
        date.fromisoformat(invoice["issued_on"]) for invoice in quote.answer["invoices"]
    ]
    assert [row[7] for row in found[words.sheet_months][1:-1]] == [month["net"] for month in quote.answer["months"]]


def test_the_workbook_adds_up_with_formulas_and_keeps_its_header(quoted: Quoted) -> None:
    """SUM over each column of money, a frozen first row, a filter, and no amount with a fraction."""
    archive = zipfile.ZipFile(io.BytesIO(xlsx(quoted(REQUEST), "ko")))
    months = archive.read("xl/worksheets/sheet3.xml").decode()
    assert "<f>SUM(H2:H61)</f><v>144182795</v>" in months
    assert '<pane ySplit="1"' in months
    assert '<autoFilter ref="A1:H61"/>' in months
    assert (
        'formatCode="#,##0"' in archive.read("xl/styles.xml").decode()
        or 'numFmtId="3"' in archive.read("xl/styles.xml").decode()
    )
    assert not re.search(r"<v>-?\d+\.", months)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_a_text_in_the_workbook(quoted: Quoted, name: str) -> None:
    """The name stands there as it was typed; no formula and no link come of it."""
    content = xlsx(named(quoted(REQUEST), name), "ko")
    assert ["상호", visible(name)] in sheets(content)["견적"]
    archive = zipfile.ZipFile(io.BytesIO(content))
    cover = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "HYPERLINK" not in cover
    assert "hyperlink" not in cover


# -- CSV -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_csv_adds_up_to_the_totals(quoted: Quoted, language: Language) -> None:
    """One row for each month and line, whole won, with the header in the language asked for."""
    quote, words = quoted(LARGE, language), WORDS[language]
    content = csv(quote, language)
    rows = records(content)
    assert content.startswith(b"\xef\xbb\xbf")
    assert len(rows) == sum(len(month["lines"]) for month in quote.answer["months"])
    for name, title in (("list", words.list), ("waiver", words.waiver), ("net", words.net)):
        assert sum(int(row[title]) for row in rows) == quote.answer["totals"][name]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(1)", "'@SUM(1)"),
        ("  =1", "'  =1"),
        ("＝1", "'＝1"),
        ("(주)가=나", "(주)가=나"),
    ],
)
def test_a_text_like_a_formula_is_neutralised(text: str, shown: str) -> None:
    """An apostrophe goes before it; other texts stay as they are."""
    assert plain(text) == shown


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_a_text_in_the_csv(quoted: Quoted, name: str) -> None:
    """Amounts stay numbers, negative ones, too."""
    row = records(csv(named(quoted(REQUEST), name), "ko"))[0]
    assert row["상호"] == plain(visible(name))
    assert row["상호"][0] not in "=+-@"
    assert row["면제"] == "-1483870"


# -- the answer ----------------------------------------------------------------------------------------


def test_every_source_that_a_document_cites_is_explained(client: FlaskClient) -> None:
    """The letters of lines, conditions and readings stand in the price list or the waiver policy."""
    answer = client.post("/v1/quotes/preview", json=REQUEST).get_json()
    known = answer["price_list"]["source"] | answer["waiver_policy"]["source"]
    cited = {line["source"] for line in answer["lines"]}
    cited |= {entry["source"] for entry in answer["waiver"]["conditions"] + answer["readings"]}
    assert cited <= known.keys()
