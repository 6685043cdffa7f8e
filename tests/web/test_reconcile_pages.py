"""The pages of a reconciliation without a browser: files in, a word, a result, findings and item names."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from html import unescape
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from support.calling import caller
from support.desk_forms import Seat
from werkzeug.test import TestResponse

from fee_service.actors import COMMAND_LINE, Role
from fee_service.app import create_app
from fee_service.finding import FindingLife, FindingState
from fee_service.invoices.values import Direction, FileFormat, InvoiceLine, OtherKind
from fee_service.job_state import JobState
from fee_service.jobs.working import Worker
from fee_service.keys import keyring
from fee_service.published.editions import Editions
from fee_service.settings import Settings
from fee_service.verdict import CheckedAgainst
from fee_service.web import reconciliation_words as words
from fee_service.web.reconciled import Outcome

SELLER, BUYER = "998-81-00012", "998-87-00028"
HEADER = "작성일자,승인번호,공급자사업자등록번호,공급받는자사업자등록번호,품목명,공급가액,세액,담당자"
A, B = "주식실시간A 기본료", "코스닥 실시간(증권B) 기본료"
ASKED = {
    "company": {"founded_on": "2010-01-01", "size": "large", "name": "시험핀테크(주)", "business_number": BUYER},
    "licences": [{"contract": "real_time", "product": product} for product in ("securities_a", "securities_b")],
    "starts_on": "2026-12-09",
    "months": 3,
}
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def app(editions: Editions, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application of its own, on a day on which December may be missed, with one contract."""
    settings = Settings(instance=tmp_path_factory.mktemp("pages"), requests_per_minute=10**6, requests_per_day=10**6)
    made = create_app(settings, editions)
    made.config["TODAY"] = lambda: date(2026, 12, 9)
    key = keyring.create(made.extensions["database"], COMMAND_LINE, "tests", Role.FINANCE, "contract")
    finance = caller(made, key)
    quote = finance.post("/v1/quotes", json=ASKED).get_json()["number"]
    assert finance.post(f"/v1/quotes/{quote}/acceptance").status_code == 200
    return made


@pytest.fixture(scope="module")
def keys(app: Flask) -> dict[str, str]:
    """A key of each role."""
    database = app.extensions["database"]
    return {role: keyring.create(database, COMMAND_LINE, "tests", role, f"{role} of pages") for role in Role}


@pytest.fixture
def finance(app: Flask, keys: dict[str, str]) -> Seat:
    """Somebody of finance, who reads English."""
    return Seat(app.test_client(), keys["finance"])


def invoice(number: str, *lines: tuple[str, int, int]) -> bytes:
    """An invoice of 9 December, a line an item with its supply and VAT."""
    rows = [f"2026-12-09,{number},{SELLER},{BUYER},{item},{amount},{vat},김가상" for item, amount, vat in lines]
    return "\n".join([HEADER, *rows]).encode()


def handed_in(seat: Seat, *files: tuple[bytes, str]) -> TestResponse:
    return seat.post("/reconciliations", {"file": [(BytesIO(content), name) for content, name in files]})


def held(seat: Seat, content: bytes, name: str = "invoice.csv") -> str:
    """Where files wait for a word."""
    answer = handed_in(seat, (content, name))
    assert answer.status_code == 303, shown(answer)
    return answer.headers["Location"]


def done(app: Flask, seat: Seat, content: bytes) -> str:
    """Where the result of a file is."""
    place = held(seat, content)
    assert seat.post(f"{place}/start").status_code == 303
    Worker(app.extensions["database"], app.extensions["job_kinds"]).run(once=True)
    return place


def shown(answer: TestResponse) -> str:
    """The text of a page."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.text)))


class _Scripts(HTMLParser):
    """Scripts and styles that stand in the page itself."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "style" or "style" in given or (tag == "script" and "src" not in given):
            self.found.append(tag)


# -- from a file to a result -------------------------------------------------------------------------------


def test_a_file_is_understood_before_anything_is_judged_and_then_judged_to_the_won(app: Flask, finance: Seat) -> None:
    """B was not divided: 800,000 − 593,548 = 206,452 too much; columns of persons are named and not read."""
    place = held(finance, invoice("202612094100099800000021", (A, 1_483_870, 148_387), (B, 800_000, 80_000)))
    preview = shown(finance.client.get(place))
    assert "Nothing is judged yet" in preview
    assert "Not read, because they tell of persons: 담당자." in preview
    assert "김가상" not in preview
    assert "Securities B (KOSDAQ" in preview
    finance.post(f"{place}/start")
    assert '<meta http-equiv="refresh"' in finance.client.get(place).text  # for who has no script
    told = finance.client.get(f"{place}/progress").get_json()
    assert (told["state"], told["over"], told["total"]) == ("queued", False, None)
    Worker(app.extensions["database"], app.extensions["job_kinds"]).run(once=True)
    assert finance.client.get(f"{place}/progress").get_json()["over"]
    result = shown(finance.client.get(place))
    assert "1 of 2 lines are right. In 1 line KRW 206,452 too much is billed." in result
    assert "Not prorated: the contract has 23 days of the month's 31" in result
    assert "Not a row and not a won is lost: 3 rows read." in result
    assert "invoice.csv" in shown(finance.client.get("/reconciliations"))


def test_filters_leave_the_lines_that_they_name(app: Flask, finance: Seat) -> None:
    place = done(
        app, finance, invoice("202612094100099800000022", (A, 1_483_870, 148_387), ("방문 교육료", 1, 0), (B, 1, 0))
    )
    for query, left in (
        ("status=match", 0),
        ("status=unreadable", 1),
        ("status=duplicate", 2),
        ("month=2026-12", 2),
        ("invoice_number=202612094100099800000022", 3),
        ("contract=Q-2026-000009", 0),
    ):
        assert finance.client.get(f"{place}?{query}").text.count("<details>") == left, query
    wrong = finance.client.get(f"{place}?month=December")
    assert wrong.status_code == 422
    assert 'role="alert"' in wrong.text


def test_files_of_a_result_are_those_of_the_api(app: Flask, finance: Seat) -> None:
    place = done(app, finance, invoice("202612094100099800000023", (A, 1_483_870, 148_387)))
    for kind, begins in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK"), ("parquet", b"PAR1"), ("focus.csv", b"")):
        answer = finance.client.get(f"{place}.{kind}")
        assert answer.status_code == 200, kind
        assert answer.data.startswith(begins)
        assert f".{kind}" in answer.headers["Content-Disposition"]
    assert finance.client.get(f"{place}.exe").status_code == 404


def test_files_that_nobody_wants_leave_nothing(finance: Seat) -> None:
    """Thrown away before they were begun: the page says so, and a second word changes nothing."""
    place = held(finance, invoice("202612094100099800000024", (A, 1, 0)), "unwanted.csv")
    assert finance.post(f"{place}/cancellation").headers["Location"].endswith("/reconciliations")
    assert finance.post(f"{place}/cancellation").status_code == 303
    assert finance.post(f"{place}/start").status_code == 303
    assert "Nothing of it is left" in shown(finance.client.get(place))
    assert "unwanted.csv" not in finance.client.get("/reconciliations").text


def test_a_run_that_waits_is_stopped(finance: Seat) -> None:
    place = held(finance, invoice("202612094100099800000025", (A, 1, 0)))
    finance.post(f"{place}/start")
    assert finance.post(f"{place}/cancellation").status_code == 303
    assert "Nothing of it is left" in shown(finance.client.get(place))


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ((), "Send at least one file"),
        (((b"%PDF-1.7", "invoice.pdf"),), "invoice"),
        (((b"", "empty.csv"),), "empty"),
    ],
)
def test_what_cannot_be_read_is_told_on_the_page_that_asks_for_files(
    finance: Seat, files: tuple[tuple[bytes, str], ...], said: str
) -> None:
    answer = handed_in(finance, *files)
    assert answer.status_code == 422
    assert "These files cannot be read" in shown(answer)
    assert 'id="upload"' in answer.text


def test_one_file_of_two_that_cannot_be_read_is_told_beside_the_other(finance: Seat) -> None:
    place = handed_in(
        finance, (invoice("202612094100099800000026", (A, 1, 0)), "good.csv"), (b"%PDF-1.7", "bad.pdf")
    ).headers["Location"]
    preview = shown(finance.client.get(place))
    assert "Could not be read" in preview
    assert "bad.pdf" in preview
    assert "good.csv" in preview


def test_a_preview_speaks_the_language_of_who_looks(finance: Seat) -> None:
    """What was understood in English is understood anew in Korean."""
    place = held(finance, invoice("202612094100099800000027", (A, 1, 0)).replace(b",1,0", b",1e6,0"))
    assert "1e6" in shown(finance.client.get(place)).lower()
    assert "지수로 적힌 금액" in shown(finance.client.get(f"{place}?lang=ko"))


def test_hostile_words_of_a_file_are_only_text(app: Flask, finance: Seat) -> None:
    """In its name, its items and its columns, before and after it is judged."""
    content = invoice("202612094100099800000028", (HOSTILE, 1, 0)).replace("담당자".encode(), HOSTILE.encode())
    place = held(finance, content, "<img src=x onerror=alert(1)>.csv")
    before = finance.client.get(place)
    finance.post(f"{place}/start")
    Worker(app.extensions["database"], app.extensions["job_kinds"]).run(once=True)
    for answer in (before, finance.client.get(place), finance.client.get("/reconciliations")):
        assert HOSTILE not in answer.text
        assert "<img" not in answer.text
        assert _Scripts(answer.text).found == []


# -- who may ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/reconciliations", "/findings", "/item-names"])
def test_only_finance_sees_the_pages(app: Flask, keys: dict[str, str], path: str) -> None:
    """Sales is refused and not shown the way; who is not signed in is asked to."""
    sales = Seat(app.test_client(), keys["sales"])
    assert sales.client.get(path).status_code == 403
    assert 'href="/reconciliations"' not in sales.client.get("/").text
    stranger = app.test_client().get(path)
    assert (stranger.status_code, "/sign-in" in stranger.headers["Location"]) == (302, True)


def test_no_file_is_taken_from_who_is_not_signed_in_or_may_not(app: Flask, keys: dict[str, str]) -> None:
    """However large it says it is; whoever's session has ended is asked to sign in, and comes back to the page."""
    large = {"file": (BytesIO(b"x" * 2_000_000), "large.csv")}
    answer = app.test_client().post("/reconciliations", data=large)
    assert answer.status_code == 401
    assert 'value="/reconciliations"' in answer.text
    sales = Seat(app.test_client(), keys["sales"])
    assert sales.post("/reconciliations", {"file": (BytesIO(b"x" * 2_000_000), "large.csv")}).status_code in (403, 413)


def test_a_forged_upload_is_refused(finance: Seat) -> None:
    finance.token = "forged"
    assert handed_in(finance, (invoice("202612094100099800000029", (A, 1, 0)), "x.csv")).status_code == 400


def test_whoever_signs_in_again_comes_back_to_the_run(finance: Seat, keys: dict[str, str]) -> None:
    place = held(finance, invoice("202612094100099800000030", (A, 1, 0)))
    finance.client.delete_cookie("fee_session")
    asked = finance.post(f"{place}/start")
    assert asked.status_code == 401
    assert f'value="{place}"' in asked.text


# -- item names -------------------------------------------------------------------------------------------


def test_an_item_name_is_told_once_and_asked_for_no_more(finance: Seat) -> None:
    """Told for this supplier from the preview, with known ones like it to choose from; the next file asks nothing."""
    place = held(finance, invoice("202612094100099800000031", ("증권B 특별 기본요금", 593_548, 59_354)))
    preview = finance.client.get(place)
    assert "1 item name is not known yet" in shown(preview)
    assert "<optgroup" in preview.text
    told = {
        "supplier": SELLER,
        "text": "증권B 특별 기본요금",
        "specification": "",
        "meaning": "base_fee|real_time|securities_b||",
    }
    assert finance.post(f"{place}/names", told).status_code == 303
    assert "not known yet" not in shown(finance.client.get(place))
    following = held(finance, invoice("202612094100099800000032", ("증권B 특별 기본요금", 593_548, 59_354)))
    assert "not known yet" not in shown(finance.client.get(following))
    names = shown(finance.client.get(f"/item-names?supplier={SELLER}"))
    assert "증권B 특별 기본요금" in names
    assert "Securities B (KOSDAQ" in names
    assert "증권B 특별 기본요금" in finance.client.get("/item-names.yaml").text


def test_an_item_name_is_changed_and_taken_back(finance: Seat) -> None:
    def tell(meaning: str) -> TestResponse:
        return finance.post("/item-names", {"told_supplier": SELLER, "told_text": "임시 품목", "meaning": meaning})

    def names() -> str:
        return shown(finance.client.get("/item-names?text=임시+품목"))

    assert tell("ignored").status_code == 303
    assert "not to be judged" in names()
    assert tell("total").status_code == 303
    assert "The total of an invoice" in names()
    assert tell("forgotten").status_code == 303
    assert "No name fits this search." in names()
    wrong = tell("")
    assert wrong.status_code == 422
    assert 'value="임시 품목"' in wrong.text


def test_a_name_without_a_sound_number_of_its_supplier_is_refused(finance: Seat) -> None:
    answer = finance.post("/item-names", {"told_supplier": "12", "told_text": "x", "meaning": "ignored"})
    assert answer.status_code == 422
    assert finance.client.get("/item-names?supplier=12").status_code == 422


# -- findings ---------------------------------------------------------------------------------------------


def test_a_finding_tells_its_story_and_takes_a_word(app: Flask, finance: Seat) -> None:
    """Found by a run, disputed with a note; the same form sent twice says it once."""
    place = done(app, finance, invoice("202612094100099800000033", (B, 700_000, 70_000)))
    found = re.search(r'href="(/findings/F-[0-9a-f]+)"', finance.client.get(place).text)
    assert found
    page = finance.client.get(found[1])
    finance.once = re.findall(r'name="once" value="([^"]+)"', page.text)[0]
    said = {"state": "disputed", "note": "Corrected in January"}
    for _ in range(2):
        assert finance.post(found[1], said).status_code == 303
    story = shown(finance.client.get(found[1]))
    assert "We said: disputed" in story
    assert story.count("Corrected in January") == 1
    assert "A run: new" in story
    assert found[1] in finance.client.get("/findings?state=disputed").text
    assert found[1] not in finance.client.get("/findings?state=credited").text
    assert finance.client.get("/findings?month=whenever").status_code == 422
    refused = finance.post(found[1], {"state": "closed", "note": "ask kim.gasang@example.invalid", "once": "2"})
    assert refused.status_code == 422
    assert "ask kim.gasang@example.invalid" in refused.text  # nothing typed is lost
    assert finance.client.get("/findings/F-000000000000").status_code == 404


# -- words and figures ------------------------------------------------------------------------------------

WORDS: list[tuple[Callable[[str], str], Iterable[Any]]] = [
    (words.job_word, JobState),
    (words.checked_word, CheckedAgainst),
    (words.format_word, FileFormat),
    (words.direction_word, Direction),
    (words.row_word, OtherKind),
    (words.finding_word, [*FindingLife, *FindingState]),
    (words.field_word, [name for name in InvoiceLine._fields if name not in ("place", "extra", "unreadable")]),
]


@pytest.mark.parametrize(("word", "names"), WORDS, ids=lambda each: getattr(each, "__name__", ""))
def test_every_name_has_a_word_in_korean(app: Flask, word: Callable[[str], str], names: Iterable[Any]) -> None:
    """No code shows on a Korean page; Parquet and JSON are called so in Korean, too."""
    with app.test_request_context("/?lang=ko"):
        told = {str(name): word(str(name)) for name in names}
    assert {name for name, said in told.items() if not re.search("[가-힣]", said)} <= {"parquet", "json"}


def summary(**by_status: tuple[int, int]) -> dict[str, Any]:
    """A summary with so many lines and differences (KRW) by status, and no cause."""
    told = {name: {"lines": lines, "amount": 0, "difference": won} for name, (lines, won) in by_status.items()}
    return {"by_status": told, "by_cause": {}, "unexplained": 0, "amount": 0, "expected": 0, "other_rows": {}}


@pytest.mark.parametrize(
    ("by_status", "korean", "english"),
    [
        ({"match": (1, 0)}, "1건이 맞습니다.", "The one line is right."),
        ({"match": (9, 0)}, "9건이 모두 맞습니다.", "All 9 lines are right."),
        (
            {"match": (304, 0), "overbilled": (7, 1_200_000), "duplicate": (1, 84_300)},
            "312건 중 304건이 맞습니다. 8건에서 1,284,300원이 더 청구되었습니다.",
            "304 of 312 lines are right. In 8 lines KRW 1,284,300 too much is billed.",
        ),
        (
            {"match": (1, 0), "underbilled": (1, -400), "missing": (2, -500), "unreadable": (5, 0)},
            "2건 중 1건이 맞습니다. 1건에서 400원이 덜 청구되었습니다. 청구되어야 할 2건 500원이 청구되지 않았습니다.",
            "1 of 2 lines are right. In 1 line KRW 400 too little is billed. 2 dues of KRW 500 are not billed.",
        ),
        ({"not_judged": (3, 0)}, "계약과 대조할 수 있는 행이 없습니다.", "No line could be held against a contract."),
    ],
)
def test_what_came_of_it_is_said_in_a_sentence(
    app: Flask, by_status: dict[str, tuple[int, int]], korean: str, english: str
) -> None:
    for language, said in (("ko", korean), ("en", english)):
        with app.test_request_context(f"/?lang={language}"):
            assert " ".join(Outcome(summary(**by_status)).sentences) == said


def test_bars_stand_on_both_sides_of_one_zero(app: Flask) -> None:
    """300 too much and 100 too little: of the width three quarters to the right of zero, one to the left."""
    told = summary(overbilled=(3, 300), underbilled=(2, -100))
    told["by_cause"] = {"not_prorated": {"lines": 3, "amount": 300, "vat": 0}}
    told["unexplained"] = -100
    with app.test_request_context("/?lang=en"):
        first, last = Outcome(told).bars
    assert (first.cause, first.lines, first.x, first.width, first.zero) == ("not_prorated", 3, 250, 750, 250)
    assert (last.cause, last.lines, last.x, last.width) == ("unexplained", 2, 0, 250)
