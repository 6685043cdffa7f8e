"""What a salesperson does, in a real browser and in both languages."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from pypdf import PdfReader
from support.calling import caller

LANGUAGES = pytest.mark.parametrize("language", ["ko", "en"])
VARIANTS = (
    ("종가로", "Closing prices"),
    ("다음 달 1일에 시작", "Starts on the first of next month"),
    ("일반용", "General"),
)
KOSPI, KOSDAQ = "#real-time-securities-a", "#real-time-securities-b"


def fill_company(seat, name: str = "(주)스타트업") -> None:
    seat.page.fill("#company-name", name)
    seat.page.fill("#business-number", "124-81-00998")
    seat.page.fill("#founded-on", "2023-05-10")


def see_estimate(seat, amount: str) -> None:
    """Wait until the estimate says an amount."""
    seat.page.wait_for_function("amount => document.querySelector('#estimate').innerText.includes(amount)", arg=amount)


def issue(seat) -> str:
    """Issue the quote of the form; answers its number."""
    seat.press("견적 발행", "Issue the quote")
    seat.page.wait_for_url(re.compile("/quotes/Q-"))
    return seat.page.url.rpartition("/")[2]


@LANGUAGES
def test_a_quote_from_nothing_to_pdf(seat, key: str, language: str) -> None:
    """Choose, see the number grow, say who it is for, issue, and hand over the document."""
    sales = seat(language)
    sales.sign_in(key)
    sales.keep("desk-empty")
    sales.page.check(KOSPI)
    see_estimate(sales, "2,000,000")  # one click to a first number
    sales.page.check(KOSDAQ)
    see_estimate(sales, "2,800,000")
    fill_company(sales)
    see_estimate(sales, sales.say("2029년 12월 8일", "8 December 2029"))
    sales.keep("desk")
    number = issue(sales)
    assert "66,477,418" in sales.text()  # 167,277,418 list less 100,800,000 waived
    sales.keep("quote")
    with sales.page.expect_download() as handed_over:
        sales.press("PDF", "PDF")
    assert handed_over.value.suggested_filename == f"{number}.pdf"
    printed = "".join(page.extract_text() for page in PdfReader(handed_over.value.path()).pages)
    assert number in printed
    assert "66,477,418" in printed


@LANGUAGES
def test_a_comparison(seat, key: str, language: str) -> None:
    """One click makes a variant; the differences stand beside each other, and any of them can be gone on with."""
    sales = seat(language)
    sales.sign_in(key)
    sales.page.check(KOSPI)
    see_estimate(sales, "2,000,000")
    fill_company(sales)
    sales.press("조건 비교", "Compare variants")
    for variant in (
        ("종가로", "Closing prices"),
        ("다음 달 1일에 시작", "Starts on the first of next month"),
        ("일반용", "General"),
    ):
        count = sales.page.locator("table.variants thead th").count()
        sales.press(*variant)
        sales.page.wait_for_function("n => document.querySelectorAll('table.variants thead th').length > n", arg=count)
    assert "−1,000,000" in sales.text("table.variants").replace("KRW ", "")
    assert sales.page.locator(".makers button").count() == 0  # four are as many as fit
    sales.keep("compare")
    sales.page.locator("button[name=take][value='1']").click()
    assert sales.page.is_checked("#closing-price-securities-a")
    assert sales.page.input_value("#company-name") == "(주)스타트업"


@LANGUAGES
def test_a_revision(seat, key: str, language: str) -> None:
    """The revision begins with what was asked for, names the quote that it replaces, and says what changes."""
    sales = seat(language)
    sales.sign_in(key)
    sales.page.check(KOSPI)
    fill_company(sales, "Revised Ltd")
    first = issue(sales)
    sales.press("수정", "Revise")
    assert sales.page.is_checked(KOSPI)
    assert sales.page.input_value("#company-name") == "Revised Ltd"
    sales.page.check(KOSDAQ)
    see_estimate(sales, "2,800,000")
    sales.press("수정 견적 발행", "Issue the revision")
    sales.page.wait_for_url(re.compile("/quotes/Q-"))
    second = sales.page.url.rpartition("/")[2]
    assert second != first
    assert first in sales.text()
    sales.go(f"/quotes/{first}")
    assert sales.say("대체됨", "revised") in sales.text()
    assert second in sales.text()
    sales.keep("quote-revised")


@LANGUAGES
def test_an_untouched_revision_is_the_quote_that_it_replaces(seat, desk_app, key: str, language: str) -> None:
    """Asked for over the API by id, by another name and with a number typed otherwise: a click issues the same."""
    asked = {
        "company": {"founded_on": "2023-05-10", "size": "sme", "name": "  Two  spaces "},
        "apis": ["real-time-kosdaq", " REAL time kospi ", "/v3/market/closed/kospi/lists"],
        "licences": [{"contract": "real_time", "product": "securities_c", "usage": {"personal_ids": 12_000}}],
        "starts_on": "2027-01-15",
    }
    api = caller(desk_app, key)
    quote = api.post("/v1/quotes", json=asked).get_json()
    sales = seat(language)
    sales.sign_in(key)
    sales.go(f"/quotes/{quote['number']}/revision")
    see_estimate(sales, f"{quote['totals']['total']:,}")
    sales.keep("desk-revision-by-other-names")
    sales.press("수정 견적 발행", "Issue the revision")
    sales.page.wait_for_url(re.compile("/quotes/Q-"))
    revised = api.get(f"/v1/quotes/{sales.page.url.rpartition('/')[2]}").get_json()
    assert revised["digest"] == quote["digest"]
    assert revised["revises"]["number"] == quote["number"]


@LANGUAGES
def test_what_was_understood_is_told_as_it_is_typed(seat, key: str, language: str) -> None:
    """A whole day in words with the age; a month is refused, and the figures of before are gone."""
    sales = seat(language)
    sales.sign_in(key)
    sales.page.check(KOSPI)
    sales.page.fill("#founded-on", "2023. 5. 10.")
    told = sales.say("2023년 5월 10일, 업력 3년", "10 May 2023, 3 years in business")
    sales.page.wait_for_function("told => document.querySelector('#founded-on-echo')?.innerText === told", arg=told)
    assert "founded-on-echo" in sales.page.get_attribute("#founded-on", "aria-describedby")
    sales.page.wait_for_selector("#details section")
    sales.page.fill("#starts-on", "2027-11")
    sales.page.wait_for_selector("#starts-on-error")
    assert sales.page.query_selector("#starts-on-echo") is None
    assert sales.page.is_hidden("#details")
    sales.keep("desk-no-whole-day")
    sales.page.fill("#starts-on", "20271101")
    sales.page.wait_for_selector("#starts-on-error", state="detached")
    assert sales.page.is_visible("#details section")
    assert sales.page.inner_text("#starts-on-echo") == sales.say("2027년 11월 1일", "1 November 2027")


@LANGUAGES
def test_a_share_link_in_a_second_browser(seat, key: str, language: str) -> None:
    """Who has the link reads this quote and no other, until it is revoked."""
    sales = seat(language)
    sales.sign_in(key)
    sales.page.check(KOSPI)
    fill_company(sales, "Shared Ltd")
    number = issue(sales)
    sales.press("링크 만들기", "Make a link")
    link = sales.page.input_value(".links input")
    prospect = seat(language)
    prospect.page.goto(link)
    assert number in prospect.text()
    assert "Shared Ltd" in prospect.text()
    assert prospect.page.locator("main form").count() == 0  # nothing can be done there
    prospect.keep("shared")
    prospect.press("이 견적 확인", "Check this quote")
    assert number in prospect.text()
    assert "Shared Ltd" not in prospect.text()
    prospect.keep("verified")
    prospect.go(f"/quotes/{number}")
    assert "/sign-in" in prospect.page.url
    sales.press("취소", "Revoke")
    sales.page.wait_for_selector(".links", state="detached")
    prospect.page.goto(link)
    assert "Shared Ltd" not in prospect.text()


@LANGUAGES
def test_an_error_corrected(seat, key: str, language: str) -> None:
    """A summary on top leads to each field, the error stands beside it, nothing typed is lost, and it goes away."""
    sales = seat(language)
    sales.sign_in(key)
    sales.page.check(KOSPI)
    fill_company(sales, "Wrong Ltd")
    sales.page.fill("#business-number", "124-81-00999")
    sales.page.fill("#founded-on", "2023-02-30")
    sales.press("견적 발행", "Issue the quote")
    sales.page.wait_for_selector("#error-summary")
    assert sales.page.evaluate("document.activeElement.id") == "error-summary"
    sales.keep("desk-errors")
    sales.page.click("#error-summary a[href='#founded-on']")
    assert sales.page.evaluate("document.activeElement.id") == "founded-on"
    assert sales.page.input_value("#founded-on") == "2023-02-30"
    assert sales.page.input_value("#company-name") == "Wrong Ltd"
    assert sales.page.is_checked(KOSPI)
    sales.page.fill("#founded-on", "2023.5.10")
    sales.page.wait_for_selector("#founded-on-error", state="detached")
    sales.page.fill("#business-number", "1248100998")
    sales.page.wait_for_selector("#business-number-error", state="detached")
    assert issue(sales)


def test_with_the_keyboard_alone(seat, key: str) -> None:
    """From the key to an issued quote without a mouse."""
    sales = seat("en")
    sales.go("/sign-in")
    sales.page.focus("#key")
    sales.page.keyboard.type(key)
    sales.page.keyboard.press("Enter")
    sales.page.wait_for_url(sales.address + "/")

    def reach(wanted: str) -> None:
        for _ in range(250):
            sales.page.keyboard.press("Tab")
            if sales.page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
                return
        raise AssertionError(wanted)

    reach(KOSPI)
    sales.page.keyboard.press("Space")
    see_estimate(sales, "2,000,000")
    reach("#founded-on")
    sales.page.keyboard.type("20230510")
    reach("button.primary")
    sales.page.keyboard.press("Enter")
    sales.page.wait_for_url(re.compile("/quotes/Q-"))


def test_without_any_script(seat, key: str) -> None:
    """The same, with JavaScript switched off."""
    sales = seat("en", java_script_enabled=False)
    sales.sign_in(key)
    sales.page.check(KOSPI)
    sales.page.fill("#founded-on", "2023-05-10")
    sales.page.locator("main .sheet .actions button").click()
    sales.page.wait_for_selector("#details section")
    assert "2,000,000" in sales.text("#estimate")
    assert issue(sales)


def test_a_second_click_and_the_back_button_make_one_quote(seat, key: str) -> None:
    """However often the same page is sent, there is one quote."""
    sales = seat("en")
    sales.sign_in(key)
    sales.page.check(KOSPI)
    fill_company(sales, "Once Ltd")
    first = issue(sales)
    sales.page.go_back()
    sales.page.wait_for_selector("#desk")
    assert issue(sales) == first
    sales.go("/quotes?text=Once+Ltd")
    assert sales.page.locator("table.quotes tbody tr").count() == 1


def test_a_session_that_ends_loses_nothing(seat, key: str) -> None:
    """Signed out in the middle of a form: after signing in, everything typed stands there again."""
    sales = seat("en")
    sales.sign_in(key)
    sales.page.check(KOSPI)
    fill_company(sales, "Patient Ltd")
    see_estimate(sales, "2,000,000")
    sales.page.context.clear_cookies()
    sales.press("Issue the quote", "Issue the quote")
    sales.page.fill("#key", key)
    sales.page.click("main button.primary")
    assert sales.page.input_value("#company-name") == "Patient Ltd"
    assert sales.page.is_checked(KOSPI)
    assert issue(sales)


def test_the_search_finds_products_and_apis(seat, key: str) -> None:
    """A Korean or an English word leaves what it names."""
    sales = seat("ko")
    sales.sign_in(key)
    for word in ("코스닥", "kosdaq"):
        sales.page.fill("#find", word)
        assert sales.page.is_visible("label[for=real-time-securities-b]")
        assert not sales.page.is_visible("label[for=real-time-derivatives-a]")
    sales.page.fill("#find", "없는 것")
    assert sales.text("#found") != ""
    sales.page.fill("#find", "")
    assert sales.page.is_visible("label[for=real-time-derivatives-a]")


COLOURS = ["color-contrast", "link-in-text-block"]  # the rules of axe that look at colours
OF_COLOURS = {"resultTypes": ["violations"], "runOnly": {"type": "rule", "values": COLOURS}}


@LANGUAGES
@pytest.mark.parametrize("width", [1360, 360])
def test_axe_finds_nothing_on_any_page(seat, key: str, language: str, width: int) -> None:
    """Every page, in both languages, wide and narrow, and none is wider than its screen; dark as well as light, where
    the same page has other colours and is the same else."""
    sales, axe = seat(language, width), Axe()

    def look(name: str) -> None:
        found = axe.run(sales.page)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"
        _require_narrow(name)
        assert sales.page.get_attribute("html", "lang") == language
        sales.keep(f"{name}-light")
        sales.page.emulate_media(color_scheme="dark")
        found = axe.run(sales.page, options=OF_COLOURS)
        assert found.violations_count == 0, f"{name}, dark: {found.generate_report()}"
        _require_narrow(name)
        sales.keep(f"{name}-dark")
        sales.page.emulate_media(color_scheme="light")

    def _require_narrow(name: str) -> None:
        wide = sales.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name} is {wide} px wider than the screen"

    sales.go("/sign-in")
    look("sign-in")
    sales.sign_in(key)
    look("desk-empty")
    sales.page.check(KOSPI)
    fill_company(sales)
    see_estimate(sales, "2,000,000")
    sales.page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    look("desk")
    sales.page.fill("#founded-on", "tomorrow")
    sales.press("견적 발행", "Issue the quote")
    sales.page.wait_for_selector("#error-summary")
    look("desk-errors")
    sales.page.fill("#founded-on", "2023-05-10")
    see_estimate(sales, "2,000,000")
    sales.press("조건 비교", "Compare variants")
    sales.press("종가로", "Closing prices")
    sales.page.wait_for_selector("table.variants thead th:nth-child(3)")
    look("compare")
    sales.page.locator("button[name=take][value='0']").click()
    number = issue(sales)
    sales.press("링크 만들기", "Make a link")
    sales.page.wait_for_selector(".links input")
    look("quote")
    sales.page.goto(sales.page.input_value(".links input"))
    look("shared")
    for name, path in {
        "quotes": "/quotes",
        "revision": f"/quotes/{number}/revision",
        "price-lists": "/price-lists",
        "waiver-policies": "/waiver-policies",
        "apis": "/apis",
        "verify": "/verify",
        "not-found": "/quotes/Q-2020-000001",
        "verified": "/verify/" + "0" * 64,
    }.items():
        sales.go(path)
        look(name)


def test_twice_the_size_keeps_its_order(seat, key: str) -> None:
    """At 200 % zoom (half as many CSS pixels) nothing is cut off."""
    sales = seat("ko", 640)
    sales.sign_in(key)
    sales.page.check(KOSPI)
    see_estimate(sales, "2,000,000")
    wide = sales.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    sales.keep("desk-zoomed")


def test_the_first_page_is_light(seat, key: str) -> None:
    """Under 100 KB with everything it loads. How quick it is, `make bench` measures."""
    sales = seat("ko")
    sales.sign_in(key)
    cold = seat("ko", storage_state=sales.page.context.storage_state())
    cold.go("/")
    sizes = cold.page.evaluate(
        "performance.getEntries().filter(e => e.encodedBodySize).map(e => [e.name, e.encodedBodySize])"
    )
    assert len(sizes) > 2
    assert sum(size for _, size in sizes) < 100_000, sizes
