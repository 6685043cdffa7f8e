"""What can be asked for: every documented licence, endpoint and family, by id, name or URI."""

import csv
import re
import unicodedata
from datetime import date

import pytest
from support.places import DATA

from fee_service.model import Label
from fee_service.published.catalogue import Api, ApiStatus, Catalogue, LicenceKey, folded, mentions
from fee_service.published.editions import Editions
from fee_service.settings import REPOSITORY


def rows(name: str) -> list[dict[str, str]]:
    """A table of the documentation, kept beside the tests to check the catalogue against."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ENDPOINTS = rows("open-api-v3-uris.csv")
LICENCES = rows("api-licences.csv")


@pytest.fixture
def catalogue(editions: Editions) -> Catalogue:
    return editions.catalogue


def found(catalogue: Catalogue, requested: str) -> Api:
    api = catalogue.find(requested)
    assert api is not None, f"{requested} leads nowhere"
    return api


def test_the_catalogue_holds_14_licences_71_endpoints_and_28_services(catalogue: Catalogue) -> None:
    kinds = [api.kind for api in catalogue.apis]
    assert (kinds.count("licence"), kinds.count("endpoint"), kinds.count("service")) == (14, 71, 28)


@pytest.mark.parametrize("row", ENDPOINTS, ids=[row["uri"] for row in ENDPOINTS])
def test_a_documented_uri_is_found_as_written_and_filled_in(catalogue: Catalogue, row: dict[str, str]) -> None:
    api = found(catalogue, row["uri"])
    filled_in = re.sub(r"\{[a-z]+\}", "KR7005930003", row["uri"])
    renamed = re.sub(r"\{[a-z]+\}", "{code}", row["uri"])
    assert (api.uri, api.label.ko, api.licence) == (row["uri"], row["api"], row["licence"])
    assert found(catalogue, filled_in) == found(catalogue, renamed) == api


@pytest.mark.parametrize("row", ENDPOINTS, ids=[row["api"] for row in ENDPOINTS])
def test_an_endpoint_is_found_by_its_names_and_its_id(catalogue: Catalogue, row: dict[str, str]) -> None:
    api = found(catalogue, row["api"])
    assert api.uri == row["uri"]
    assert api.uris[0] == row["uri"]
    assert found(catalogue, api.id) == found(catalogue, api.label.en) == api


@pytest.mark.parametrize("row", LICENCES, ids=[row["licence"] for row in LICENCES])
def test_a_licence_leads_to_the_products_that_cover_it(catalogue: Catalogue, row: dict[str, str]) -> None:
    api = found(catalogue, row["licence"])
    expected = tuple(LicenceKey(*key.split(":")) for key in row["covered_by"].split("|") if key)
    assert (api.kind, api.status.value, api.covered_by) == ("licence", row["status"], expected)


@pytest.mark.parametrize("row", ENDPOINTS, ids=[row["uri"] for row in ENDPOINTS])
def test_an_endpoint_is_covered_by_what_covers_its_licence(catalogue: Catalogue, row: dict[str, str]) -> None:
    api, licence = found(catalogue, row["uri"]), found(catalogue, row["licence"])
    assert (api.covered_by, api.status) == (licence.covered_by, licence.status)


@pytest.mark.parametrize("row", ENDPOINTS, ids=[row["uri"] for row in ENDPOINTS])
def test_only_multi_quote_lists_need_an_extra_licence_without_a_price(
    catalogue: Catalogue, row: dict[str, str]
) -> None:
    api = found(catalogue, row["uri"])
    assert (api.on_request is not None) == row["api"].startswith("(시세표)")


def test_a_multi_quote_list_is_priced_by_the_real_time_licence_and_says_what_else_it_needs(
    catalogue: Catalogue,
) -> None:
    api = found(catalogue, "/v3/market/realtime/kospi/multiquote/stocks/lists")
    assert api.covered_by == (LicenceKey("real_time", "securities_a"),)
    assert api.on_request == found(catalogue, "시세표").text


def test_extra_services_have_no_price(catalogue: Catalogue) -> None:
    api = found(catalogue, "/v3/market/extra/stocks/KR/holiday")
    assert (api.status, api.covered_by) == (ApiStatus.ON_REQUEST, ())
    assert api.text == found(catalogue, "부가서비스").text


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("시세정보", ApiStatus.TOO_BROAD),
        ("자본시장 데이터", ApiStatus.TOO_BROAD),
        ("주식시세", ApiStatus.TOO_BROAD),
        ("종목정보", ApiStatus.TOO_BROAD),
        ("뉴스검색", ApiStatus.ON_REQUEST),
        ("오핀(OFin) SDK", ApiStatus.ON_REQUEST),
        ("환율", ApiStatus.NOT_OFFERED),
        ("foreign-exchange-rates", ApiStatus.NOT_OFFERED),
        ("모바일 전용 API", ApiStatus.NOT_OFFERED),
    ],
)
def test_an_api_family_has_a_status_and_says_why(catalogue: Catalogue, name: str, status: ApiStatus) -> None:
    api = found(catalogue, name)
    assert (api.kind, api.status) == ("family", status)
    assert api.text


def test_a_family_that_is_too_broad_names_licences_that_have_a_price(catalogue: Catalogue) -> None:
    for name in ("시세정보", "자본시장 데이터", "주식시세", "종목정보", "코스피", "선물", "종가"):
        members = found(catalogue, name).members
        assert {found(catalogue, member).status for member in members} == {ApiStatus.PRICED}


def test_what_is_to_be_named_instead_of_a_broad_name_is_never_too_broad_itself(catalogue: Catalogue) -> None:
    broad = [api for api in catalogue.apis if api.status is ApiStatus.TOO_BROAD]
    for family in broad:
        assert len(family.members) > 1
        assert all(found(catalogue, member).status is not ApiStatus.TOO_BROAD for member in family.members)


@pytest.mark.parametrize("name", ["account-inquiry", "discretionary-order"])
def test_transaction_data_is_offered_until_the_day_before_its_withdrawal(catalogue: Catalogue, name: str) -> None:
    api = found(catalogue, name)
    assert api.transaction_data
    assert api.status_on(date(2018, 12, 2)) is ApiStatus.ON_REQUEST
    assert api.status_on(date(2018, 12, 3)) is ApiStatus.PRICED
    assert api.status_on(date(2022, 2, 10)) is ApiStatus.PRICED
    assert api.status_on(date(2022, 2, 11)) is ApiStatus.NOT_OFFERED


def test_quotes_are_no_transaction_data(catalogue: Catalogue) -> None:
    checked = {api.kind for api in catalogue.apis if api.transaction_data}
    assert checked == {"service", "family"}
    assert not any(found(catalogue, name).transaction_data for name in ("코스피", "선물시세 조회", "NICE-기업정보"))


@pytest.mark.parametrize(
    "written",
    [
        "주식실시간A",
        "주식 실시간 A",
        "주식실시간a",
        "주식실시간Ａ",
        " 주식실시간A ",
        "REAL-TIME-KOSPI",
        "주식·실시간A",
        "주식\u200b실시간A",
        "\ufeff주식실시간A",
        "(주식)실시간A",
        "주식–실시간–A",
        "real_time_kospi",
        unicodedata.normalize("NFD", "주식실시간A"),
        "KOSPI shares real time",
    ],
)
def test_a_name_is_found_however_blanks_case_and_width_are_written(catalogue: Catalogue, written: str) -> None:
    assert found(catalogue, written).id == "real-time-kospi"


@pytest.mark.parametrize(
    "written",
    ["/v3/market/closed/kospi/lists/", "v3/market/closed/kospi/lists", " /v3/market/closed/kospi/lists "],
)
def test_a_uri_is_found_with_and_without_slashes_at_its_ends(catalogue: Catalogue, written: str) -> None:
    assert found(catalogue, written).id == "kospi-closed-list"


def test_a_literal_part_of_a_uri_goes_before_a_placeholder(catalogue: Catalogue) -> None:
    """ "index" could be an issue code, but it is the index."""
    assert found(catalogue, "/v3/market/investors/kospi/investors").id == "kospi-index-investors"
    assert found(catalogue, "/v3/market/investors/kospi/005930/investors").id == "kospi-investors-by-issue"


@pytest.mark.parametrize(
    "unknown",
    [
        "주식실시간Z",
        "",
        "/",
        "/v3/market/closed/kospi/lists/more",
        "/v3/market/closed/kospi/a/b/master",
        "/v3/market/closed/kospi/../master/..",
        "/v3/market/closed/kospi//master",
        "https://example.com/v3/market/closed/kospi/lists",
        "https://koscom.co.kr.example.com/v3/market/closed/kospi/lists",
        "https://notkoscom.co.kr/v3/market/closed/kospi/lists",
        "https://user@apigw.koscom.co.kr/v3/market/closed/kospi/lists",
        "ftp://apigw.koscom.co.kr/v3/market/closed/kospi/lists",
    ],
)
def test_what_is_not_documented_leads_nowhere(catalogue: Catalogue, unknown: str) -> None:
    assert catalogue.find(unknown) is None


@pytest.mark.parametrize(
    ("unknown", "nearest"),
    [
        ("주식실시간", "주식실시간A"),
        ("kospi-closed-mastr", "kospi-closed-master"),
        ("/v3/market/closed/kospi/list", "/v3/market/closed/kospi/lists"),
        (
            "/v3/market/realtime/derivative/options/{marketcode}/{issuecode}/orderbok",
            "/v3/market/realtime/derivative/options/{marketcode}/{issuecode}/orderbook",
        ),
        ("https://apigw.koscom.co.kr/v3/market/closed/kospi/list?x=1", "/v3/market/closed/kospi/lists"),
        ("코스피 종가 데이타", "코스피 종가"),
        ("잔고 조회하기", "잔고조회"),
        ("공매", "공매도"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest_ones(catalogue: Catalogue, unknown: str, nearest: str) -> None:
    assert nearest in catalogue.nearest(unknown)


def test_a_name_like_nothing_else_has_no_nearest_ones(catalogue: Catalogue) -> None:
    assert catalogue.nearest("zzzzzzzzzzzz") == ()


def test_every_api_has_names_in_both_languages_and_a_readable_id(catalogue: Catalogue) -> None:
    for api in catalogue.apis:
        assert api.label.ko
        assert api.label.en.isascii(), api.label.en
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", api.id)
    assert len({api.id for api in catalogue.apis}) == len(catalogue.apis)


def test_sector_indices_are_read_as_index_group_1(catalogue: Catalogue) -> None:
    for name in ("KRX업종실시간", "KRX업종실시간종가"):
        assert found(catalogue, name).readings


# -- every documented form of a URI ----------------------------------------------------------------------


@pytest.mark.parametrize("row", ENDPOINTS, ids=[row["uri"] for row in ENDPOINTS])
@pytest.mark.parametrize(
    "form",
    [
        "https://sandbox-apigw.koscom.co.kr{path}",
        "http://apigw.koscom.co.kr{path}",
        "HTTPS://APIGW.KOSCOM.CO.KR:443{path}/",
        "apigw.koscom.co.kr{path}?apikey=l7xx&page=1",
        "{path}?apikey=l7xx",
        "{path}#top",
        "GET {path}",
        " {path}/ ",
    ],
)
def test_a_uri_is_found_in_full_with_its_query_and_however_its_host_is_written(
    catalogue: Catalogue, row: dict[str, str], form: str
) -> None:
    filled_in = re.sub(r"\{[a-z]+\}", "005930", row["uri"])
    encoded = row["uri"].replace("{", "%7B").replace("}", "%7D")
    for path in (row["uri"], filled_in, encoded):
        assert found(catalogue, form.format(path=path)).uri == row["uri"]


@pytest.mark.parametrize(
    ("written", "api"),
    [
        ("/v3/market/realtime/kosdaq/stocks/{issuecode}/price", "kosdaq-realtime-trades"),
        ("/v3/market/realtime/kosdaq/stocks/035720/orderbook", "kosdaq-realtime-order-book"),
        ("/v3/market/realtime/kosdaq/stocks/{issuecode}/intraday", "kosdaq-realtime-intraday"),
        ("/v3/market/realtime/kosdaq/stocks/{issuecode}/traderanking", "kosdaq-realtime-top-members"),
        ("/v3/market/realtime/derivative/options/{marketcode}/{issuecode}/orderbook", "options-realtime-order-book"),
        ("/v3/market/realtime/derivative/options/idx/201S3/orderbook", "options-realtime-order-book"),
        ("/v3/market/closed/derivative/futures/{marketcode}/{issuecode}/master", "futures-closed-master"),
        ("/v3/market/closed/derivative/futures/idx/101S3/master", "futures-closed-master"),
        ("/v3/market/extra/stocks/{marketcode}/{issuecode}/pdf", "extra-services"),
        ("/v3/market/extra/stocks/{marketcode}/{issuecode}/nav", "extra-services"),
        ("/v3/market/extra/stocks/{marketcode}/{issuecode}/navhistory", "extra-services"),
        ("/v3/market/extra/stocks/kospi/069500/nav", "kospi-etf-nav"),
        ("/v3/market/extra/stocks/{marketcode}/holiday", "market-holidays"),
        ("/v3/market/closed/konex/lists", "closing-konex"),
        ("/v2", "version-two"),
        ("/v2/market/stocks/{marketcode}/{issuecode}/price", "version-two"),
        ("https://sandbox-apigw.koscom.co.kr/v2/market/stocks/kospi/005930/price?apikey=x", "version-two"),
    ],
)
def test_the_forms_that_differ_between_guide_and_specification_are_found(
    catalogue: Catalogue, written: str, api: str
) -> None:
    assert found(catalogue, written).id == api


def test_a_path_of_version_two_is_answered_that_version_two_has_ended(catalogue: Catalogue) -> None:
    api = found(catalogue, "/v2/market/stocks/kospi/005930/price")
    assert api.status_on(date(2026, 12, 9)) is ApiStatus.NOT_OFFERED
    why = api.why_on(date(2026, 12, 9))
    assert isinstance(why, Label)
    assert ("종료" in why.ko, "ended" in why.en) == (True, True)


@pytest.mark.parametrize("name", ["상품/지수 선물 일중", "상품/지수 옵션 일중", "업종 일중"])
def test_intraday_data_goes_by_the_table_of_the_guide_and_says_so(catalogue: Catalogue, name: str) -> None:
    api = found(catalogue, name)
    licence = {"업종 일중": "krx_index_group_1"}.get(name, "derivatives_a")
    assert api.covered_by == (LicenceKey("real_time", licence),)
    assert any("guide's table" in reading.text.en for reading in api.readings)


# -- names as people say them ----------------------------------------------------------------------------

SAID = {
    # F's own printed names of the families
    "금융투자회사 계좌조회": "account-inquiry",
    "증권/파생시장 시세조회": "market-data",
    "일임주문서비스(일임계좌조회 포함)": "discretionary-order",
    "자본시장 시세조회(주식, 선물/옵션 등)": "capital-market-data",
    "오핀(OFin) SDK": "ofin-sdk",
    "주식시세": "stock-quotes",
    "종목정보": "issue-information",
    "뉴스검색": "news-search",
    "환율정보": "foreign-exchange-rates",
    # one word
    "코스피": "kospi", "KOSPI": "kospi", "ｋｏｓｐｉ": "kospi", "유가증권": "kospi",
    "코스닥": "kosdaq", "코넥스": "konex", "환율": "foreign-exchange-rates", "선물": "futures", "옵션": "options",
    "선물/옵션": "derivatives", "선물·옵션": "derivatives", "파생": "derivatives", "채권": "bonds", "지수": "indices",
    "업종": "sectors", "ETF": "etf", "etf": "etf", "종가": "closing", "실시간": "real-time", "주식": "stock-quotes",
    "시세": "market-data", "시세조회": "market-data", "뉴스": "news-search", "휴장일": "market-holidays",
    "공매도": "short-selling", "호가": "order-books", "체결": "trades", "현재가": "trades", "일중": "intraday",
    "투자자": "investors", "외국인 보유율": "foreign-holdings", "NAV": "net-asset-values",
    "구성종목": "etf-constituents",
    "계좌조회": "account-inquiry", "계좌": "account-inquiry", "잔고": "account-balance", "주문": "order-services",
    "금": "commodities", "배출권": "commodities", "ELW": "etn-and-elw", "해외파생": "overseas-derivatives",
    "시세표": "multi-quote-lists", "기업정보": "company-information", "부가서비스": "extra-services",
    # two words in either order
    "코스피 실시간": "real-time-kospi", "실시간 코스피": "real-time-kospi", "KOSPI 실시간": "real-time-kospi",
    "코스닥실시간": "real-time-kosdaq", "코스피 종가": "closing-kospi", "종가 코스닥": "closing-kosdaq",
    "코넥스 종가": "closing-konex", "코넥스 실시간": "konex", "선물 실시간": "real-time-derivatives",
    "옵션 종가": "closing-derivatives", "ETF 종가": "closing-etf", "ETF 실시간": "real-time-etf",
    "업종지수 실시간": "real-time-sector-indices", "업종지수 종가": "closing-sector-indices",
    "코스피 지수": "kospi-closed-index", "코스닥지수": "kosdaq-closed-index",
    "코스피 주식 종목 종가": "kospi-closed-price",
    # with the word API behind it
    "코스피 API": "kospi", "계좌조회API": "account-inquiry", "환율 API": "foreign-exchange-rates",
    "모바일 전용 API": "mobile-only",
    "한국거래소": "market-data", "체결조회": "trades", "호가 실시간": "order-books", "지수선물": "futures",
    "증권 A": "securities-a", "증권B": "securities-b", "탄소배출권": "commodities",
    "주가": "stock-quotes", "지수 실시간": "indices", "과거 시세": "histories", "종목코드": "issue-lists",
    "종목 마스터": "issue-masters", "거래원": "top-members",
}  # fmt: skip


@pytest.mark.parametrize("written", SAID)
def test_a_name_as_people_say_it_leads_to_one_api_or_to_a_choice(catalogue: Catalogue, written: str) -> None:
    for form in (written, unicodedata.normalize("NFD", written), f" {written}\u200b"):
        assert found(catalogue, form).id == SAID[written]


def test_two_apis_of_one_name_make_no_catalogue(catalogue: Catalogue) -> None:
    first, second = catalogue.apis[:2]
    with pytest.raises(ValueError, match="leads to"):
        Catalogue((first, second._replace(names=("주식 실시간 a",))))


@pytest.mark.parametrize(("term", "other"), [("코스피", "KOSPI"), ("코스닥 주식", "kosdaq주식"), ("ＥＴＦ", "etf")])
def test_a_search_finds_the_same_however_it_is_spelt(catalogue: Catalogue, term: str, other: str) -> None:
    one, two = ([api.id for api in catalogue.apis if mentions(each, api.names)] for each in (term, other))
    assert one
    assert one == two


def test_the_search_of_the_desk_spells_the_markets_as_the_catalogue_does() -> None:
    script = (REPOSITORY / "fee_service" / "web" / "static" / "desk.js").read_text(encoding="utf-8")
    for hangul in ("코스피", "코스닥", "코넥스"):
        assert f'.replace(/{hangul}/g, "{folded(hangul)}")' in script


@pytest.mark.parametrize("code", range(128))
def test_ascii_is_folded_as_every_other_text_is(code: int) -> None:
    """The short way for ASCII agrees with the long one, which a letter that folds away next to it takes."""
    written = f"a{chr(code)}B"
    assert folded(written) == folded(f"{written}\u200b")
