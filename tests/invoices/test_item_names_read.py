"""From the text of a line to what it is for: exact or unknown, told over published, own columns over texts."""

import random
import time
import unicodedata
from datetime import date
from pathlib import Path

import pytest

from fee_service.edition_files.reading import read_editions
from fee_service.invoices.items import ItemKey, ItemNames, Named, Own
from fee_service.invoices.reading import opened
from fee_service.invoices.values import Unreadable
from fee_service.published.item_names import PublishedNames, published_names
from fee_service.published.item_words import Says

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "domain" / "invoices"
SELLER, OTHER = "999-81-00015", "999-86-00039"
BASE_A = Named(fee="base_fee", agreement="real_time", product="securities_a")


@pytest.fixture(scope="module")
def published() -> PublishedNames:
    return published_names(read_editions(Path("pricing_tables")))


@pytest.fixture
def names(published: PublishedNames) -> ItemNames:
    return ItemNames(published)


def said(names: ItemNames, item: str, specification: str = "", own: Own = Own()) -> Named | None:  # noqa: B008
    return names.named(supplier=SELLER, item=item, specification=specification, own=own)


@pytest.mark.parametrize(
    ("item", "specification", "meant"),
    [
        ("주식실시간A 기본료 (소매사업 전용)", "", BASE_A._replace(option="retail")),
        ("주식실시간A 기본료", "소매사업 전용", BASE_A._replace(option="retail")),
        ("코스닥 실시간(증권B) 기본료", "", BASE_A._replace(product="securities_b")),
        ("코스닥 실시간", "증권B", BASE_A._replace(product="securities_b")),
        ("코스닥 실시간(증권B) 기본료 감액", "", BASE_A._replace(product="securities_b")),
        ("API사용료 1백만건", "", Named("api_call_fee", "open_api_platform", "open_api_platform")),
        ("오픈API 환경구축비(최초 1회)", "", Named("environment_setup", "open_api_platform", "open_api_platform")),
        ("증권C 실시간 (일반용)", "", BASE_A._replace(product="securities_c", option="general")),
        ("증권A 종가", "", BASE_A._replace(agreement="closing_price")),
        ("증권A 기본료", "", BASE_A._replace(agreement=None)),  # real-time or closing: the licences decide
        ("증권A 개인", "", BASE_A._replace(fee="usage_fee", user_type="personal")),
        ("증권A 변동료 소매사업 전용", "", BASE_A._replace(fee="usage_fee")),  # no usage fee is by option
        ("시장정보 이용료", "주식실시간A", BASE_A),
        ("증권 A 비조회형목적 이용료", "트레이딩 목적 이용", BASE_A._replace(fee="non_display", option="trading")),
        ("증권A 기타 비조회형 정보이용", "", BASE_A._replace(fee="non_display", option="other")),
        ("시장정보 이용료", "1식", Named(total=True)),
        ("주식실시간A 기본료", "1식", BASE_A),
        ("시장정보 이용료 2027년 1월분", "", Named(total=True, service_month=date(2027, 1, 1))),
        ("Securities A (KOSPI shares) Base fee, General", "", BASE_A._replace(option="general")),
    ],
)
def test_a_text_of_published_words_says_what_it_is_for(
    names: ItemNames, item: str, specification: str, meant: Named
) -> None:
    """The samples' own texts, and the labels of the price list in both languages."""
    assert said(names, item, specification) == meant


@pytest.mark.parametrize(
    "text",
    [
        "［주식실시간Ａ］　기본료（소매사업　전용）",
        unicodedata.normalize("NFD", "주식실시간A 기본료 (소매사업 전용)"),
        "주식\u200b실시간A\ufeff 기본료 \u2060【소매사업 전용】",
        "주식실시간a기본료소매사업전용",
        "소매사업 전용 / 기본료 · 주식실시간A",
        "[정정] 주식실시간A 기본료 (소매사업 전용) 2026.12.09~12.31 일할계산 누락 23/31일",
    ],
)
def test_one_text_is_one_however_it_is_typed(names: ItemNames, text: str) -> None:
    """Width, decomposed syllables, what cannot be seen, brackets of any kind, blanks, order, months, corrections."""
    named = said(names, text)
    assert named is not None
    assert named._replace(service_month=None) == BASE_A._replace(option="retail")


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "감액", "주식실시간", "주식실시간A 기본료 특판", "증권A 증권C", "증권A 실시간 종가", "기본료",
        "소매사업 전용",
        "종가 증권A 소매사업 전용",  # the closing-price contract has no options
        "증권A 기본료 개인",  # a base fee is not by user
        '=HYPERLINK("http://example.invalid","주식실시간A")', "증권A" * 120, "a" * 100_000, "증권A 기본료 3월 특가 4건",
        "주식 실시간Α 기본료",  # a Greek letter
    ],
)  # fmt: skip
def test_what_nobody_told_is_unknown_and_not_guessed(names: ItemNames, text: str) -> None:
    """A part that is not known, two that contradict each other, a fee without a product, far too long a text."""
    assert said(names, text) is None


def test_what_the_house_told_for_a_supplier_wins_over_what_is_published(published: PublishedNames) -> None:
    """For that supplier alone; the item alone, and where it was told so, with its specification."""
    told = {
        ItemKey(published.key("증권A 기본료")): Says(fee="base_fee", agreement="closing_price", product="securities_a"),
        ItemKey(published.key("증권C 실시간"), published.key("A형")): Says(ignored=True),
        ItemKey(published.key("월정액 2026년 12월분")): Says(fee="base_fee", product="securities_b"),
    }
    names = ItemNames(published, {SELLER: told})
    closing = BASE_A._replace(agreement="closing_price")
    assert said(names, "증권A-기본료 정정") == closing
    assert said(names, "증권C 실시간", "A 형") == Named(ignored=True)
    assert said(names, "증권C 실시간", "B형") == BASE_A._replace(product="securities_c")
    assert said(names, "월정액(2027-02)", "1식") == Named(
        "base_fee", None, "securities_b", service_month=date(2027, 2, 1)
    )
    assert names.named(supplier=OTHER, item="증권A 기본료") == BASE_A._replace(agreement=None)
    assert names.named(supplier=OTHER, item="월정액") is None
    assert names.named(supplier=None, item="증권A 기본료") == closing  # whose file does not say who bills


@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.iterdir() if path.suffix != ".md"))
def test_every_line_of_the_sample_files_is_understood_without_telling_anything(names: ItemNames, name: str) -> None:
    """In every format, with the month where the file says one."""
    months = {date(2026, 12, 1), date(2027, 1, 1)}
    with opened(SAMPLES / name) as file:
        lines = [line for batch in file.batches() for line in batch.as_rows()]
    for line in lines:
        named = names.of_line(line)
        assert named is not None, line.item
        assert named.faults == ()
        assert named.total or named.product
        assert named.service_month in {None, *months}
    assert lines


def test_a_specification_that_contradicts_the_item_is_a_fault(published: PublishedNames) -> None:
    """Told or published, what is read in one place must not be another thing in the other."""
    key = ItemKey(published.key("월정액"))
    names = ItemNames(published, {SELLER: {key: Says(fee="base_fee", product="securities_b", option="retail")}})
    wrong = Named(faults=(Unreadable("specification", "line_texts_contradict"),))
    assert said(names, "주식실시간A 기본료", "증권C") == wrong
    assert said(names, "월정액", "일반용") == wrong
    assert said(names, "월정액", "소매사업 전용") == Named("base_fee", "real_time", "securities_b", "retail")


@pytest.mark.parametrize(
    ("own", "item", "meant"),
    [
        (Own(product="securities_b", fee="base_fee"), "증권A", BASE_A._replace(agreement=None, product="securities_b")),
        (Own(product="SECURITIES_A ", agreement="real_time"), "", BASE_A),
        (Own(product="증권A", option="일반용"), "", BASE_A._replace(option="general")),
        (Own(option="retail"), "주식실시간A", BASE_A._replace(option="retail")),
        (Own("non_display", None, "securities_a", "trading"), "", BASE_A._replace(fee="non_display", option="trading")),
        (Own(fee="affiliate_extension"), "주식실시간A 기본료", None),  # the text says another fee
        (Own(agreement="real_time", product="securities_c"), "이용료", BASE_A._replace(product="securities_c")),
        (Own(agreement="real_time"), "시장정보 이용료", Named(total=True)),
        (Own(fee=" "), "주식실시간A", BASE_A),
    ],
)  # fmt: skip
def test_own_columns_win_over_the_text(names: ItemNames, own: Own, item: str, meant: Named | None) -> None:
    """The text fills what they leave open, where it agrees with them."""
    assert said(names, item, own=own) == meant


@pytest.mark.parametrize(
    ("own", "fault"),
    [
        (Own(product="securities_x"), ("product", "line_code_unknown")),
        (Own(fee="2000000"), ("fee", "line_code_unknown")),
        (Own(product="securities_a", agreement="closing_price", option="retail"), ("option", "line_codes_contradict")),
        (Own(product="ftp_access", agreement="real_time"), ("agreement", "line_codes_contradict")),
        (Own(product="securities_a", fee="base_fee", user_type="query"), ("user_type", "line_codes_contradict")),
        (Own(product="elw_indicators", option="retail"), ("option", "line_codes_contradict")),
        (Own(agreement="real_time", product="증권A 종가"), ("product", "line_codes_contradict")),
    ],
)  # fmt: skip
def test_own_columns_of_no_known_code_or_against_each_other_are_a_fault(
    names: ItemNames, own: Own, fault: tuple[str, str]
) -> None:
    """Told with its field, whatever the text says; nothing is guessed."""
    assert said(names, "주식실시간A 기본료", own=own) == Named(faults=(Unreadable(*fault),))


@pytest.mark.parametrize(
    ("specification", "item", "remarks", "month"),
    [
        ("2026-12", "증권A", (), date(2026, 12, 1)),
        ("2026년 12월분", "증권A", (), date(2026, 12, 1)),
        ("12월분", "증권A", (), date(2026, 12, 1)),
        ("", "증권A 1월분", (), date(2027, 1, 1)),
        ("", "증권A 2월분", (), date(2027, 2, 1)),  # the month after the invoice's
        ("", "증권A 3월분", (), date(2026, 3, 1)),  # of the twelve months that end with it
        ("２０２６．１２", "증권A", (), date(2026, 12, 1)),
        ("2026-12", "증권A", ("2026-11",), date(2026, 12, 1)),
        ("", "증권A", ("", "23/31일", "2026-12"), date(2026, 12, 1)),
        ("", "증권A", ("당초 승인번호(20261209-41000999-00000001)",), None),
        ("2026-12-09", "증권A", (), None),  # a day, not a month
        ("2026-12-09~2026-12-31", "증권A", (), date(2026, 12, 1)),
        ("2026-12-09~2027-01-08", "증권A", (), None),
        ("2026-11, 2026-12", "증권A", ("2026-12",), None),
        ("1,2월분", "증권A", (), None),
        ("2026-12", "증권A 2027년 1월분", (), None),
        ("2026-12", "증권A 12월분", (), date(2026, 12, 1)),
        ("3개월", "증권A", (), None),
        ("2026-13", "증권A", (), None),
        ("Dec 2026", "증권A", (), date(2026, 12, 1)),
    ],
)
def test_the_month_is_the_one_that_is_named(
    names: ItemNames, specification: str, item: str, remarks: tuple[str, ...], month: date | None
) -> None:
    """On an invoice of 2027-01-15; several months are none, and the rules of billing decide."""
    named = names.named(
        supplier=SELLER, item=item, specification=specification, remarks=remarks, issued_on=date(2027, 1, 15)
    )
    assert named is not None
    assert named.service_month == month


def test_the_own_column_of_the_month_wins_over_the_text(names: ItemNames) -> None:
    """As the other own columns do."""
    own = Own(service_month=date(2026, 11, 1))
    named = names.named(supplier=SELLER, item="주식실시간A 2026-12", own=own)
    assert named == BASE_A._replace(service_month=date(2026, 11, 1))


def test_a_month_without_a_year_needs_the_day_of_the_invoice(names: ItemNames) -> None:
    """Where the invoice has none, nobody knows the year."""
    assert said(names, "주식실시간A 12월분") == BASE_A


def test_texts_made_of_anything_are_read_or_unknown_and_alike_however_they_are_typed(names: ItemNames) -> None:
    """500 texts of known words, unknown ones, months and signs: none breaks anything, and a wide, scattered or
    bracketed spelling comes to the same."""
    chance = random.Random(11)
    words = [text for text, _ in (*names.published.names, *names.published.labels)]
    odd = [
        "2026-12",
        "12월분",
        "1~3월",
        "0월",
        "특판",
        "-",
        "=1+1",
        "\u0000",
        "'",
        "①",
        "Ⅷ",
        "🎉",
        "9" * 30,
        "월",
        "20",
        "~",
    ]
    for _ in range(500):
        parts = chance.choices(words, k=chance.randint(1, 4)) + chance.choices(odd, k=chance.randint(0, 2))
        chance.shuffle(parts)
        text = " ".join(parts)
        wide = "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)
        typed = [text, wide, text.upper(), unicodedata.normalize("NFD", text), f"【{text}】", "\u200b".join(text)]
        assert len({said(names, each) for each in typed}) == 1, text


@pytest.mark.parametrize("text", ["1~" * 200, "1 1" * 130, "12월~" * 90, "증권A" * 40, "월" * 200, "2026-" * 80])
def test_a_text_made_to_be_slow_is_not(names: ItemNames, text: str) -> None:
    """A tenth of a second is far more than any needs."""
    began = time.perf_counter()
    said(names, text)
    assert time.perf_counter() - began < 0.1
