"""What can be asked for: every documented licence, endpoint and family, by id, name or URI."""

import csv
import re
from datetime import date
from pathlib import Path

import pytest

from fee_service.catalogue import Api, ApiStatus, Catalogue, LicenceKey
from fee_service.editions import Editions

DATA = Path(__file__).parent / "data"


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


def test_the_catalogue_holds_14_licences_71_endpoints_and_10_families(catalogue: Catalogue) -> None:
    kinds = [api.kind for api in catalogue.apis]
    assert {kind: kinds.count(kind) for kind in kinds} == {"licence": 14, "endpoint": 71, "family": 10}


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
        ("기업정보", ApiStatus.ON_REQUEST),
        ("계좌조회", ApiStatus.ON_REQUEST),
        ("투자일임 주문", ApiStatus.ON_REQUEST),
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
    broad = [api for api in catalogue.apis if api.status is ApiStatus.TOO_BROAD]
    assert len(broad) == 4
    for family in broad:
        assert {found(catalogue, member).status for member in family.members} == {ApiStatus.PRICED}


@pytest.mark.parametrize("name", ["account-inquiry", "discretionary-order"])
def test_transaction_data_is_offered_until_the_day_before_its_withdrawal(catalogue: Catalogue, name: str) -> None:
    api = found(catalogue, name)
    assert api.transaction_data
    assert api.status_on(date(2022, 2, 10)) is ApiStatus.ON_REQUEST
    assert api.status_on(date(2022, 2, 11)) is ApiStatus.NOT_OFFERED


def test_quotes_are_no_transaction_data(catalogue: Catalogue) -> None:
    checked = {api.id for api in catalogue.apis if api.transaction_data}
    assert checked == {"account-inquiry", "discretionary-order"}


@pytest.mark.parametrize(
    "written",
    ["주식실시간A", "주식 실시간 A", "주식실시간a", "주식실시간Ａ", " 주식실시간A ", "REAL-TIME-KOSPI"],
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
            "/v3/market/realtime/derivative/options/{marketcode}/{issuecode}/orderbook",
            "/v3/market/realtime/derivative/options/{marketcode}/{issuecode}/oederbook",
        ),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest_ones(catalogue: Catalogue, unknown: str, nearest: str) -> None:
    assert nearest in catalogue.nearest(unknown)


def test_a_name_like_nothing_else_has_no_nearest_ones(catalogue: Catalogue) -> None:
    assert catalogue.nearest("zzzzzzzzzzzz") == ()


def test_every_api_has_names_in_both_languages_and_a_readable_id(catalogue: Catalogue) -> None:
    for api in catalogue.apis:
        assert api.label.ko
        assert api.label.en.isascii()
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", api.id)
    assert len({api.id for api in catalogue.apis}) == len(catalogue.apis)


def test_sector_indices_are_read_as_index_group_1(catalogue: Catalogue) -> None:
    for name in ("KRX업종실시간", "KRX업종실시간종가"):
        assert found(catalogue, name).reading
