"""The price tables are read whole and right, or refused with every fault, its line and the next step."""

import csv
import shutil
import time
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from support.places import DATA, MADE_UP, PUBLISHED

from fee_service.edition_files import EditionFault, EditionFaults, read_editions
from fee_service.edition_files.plain_yaml import read_plain_yaml
from fee_service.model import Label
from fee_service.money import Rounding
from fee_service.prices import Cell, CellKind, Flat, Package, Price
from fee_service.published.catalogue import ApiStatus
from fee_service.published.editions import Billed, CellKey, Editions
from schemas.edition_cells import _PRICES
from schemas.edition_files import apis, price_lists

CELLS = DATA / "cells-2018-07-01.csv"

LIST = "price_lists/market-data-2018-07-01.yaml"
NEXT_LIST = "price_lists/market-data-2027-01-16.yaml"
SHAPES = "price_lists/shapes-2016-01-01.yaml"
POLICY = "waiver_policies/open-api-faq-2018-12.yaml"
FIRST_POLICY = "waiver_policies/startup-12-months.yaml"

Folder = Path


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A copy of the published tables, to break."""
    return Path(shutil.copytree(PUBLISHED, tmp_path / "tables"))


@pytest.fixture
def made_up_folder(tmp_path: Path) -> Folder:
    """A copy of the test editions, which hold several price lists, to break."""
    return Path(shutil.copytree(MADE_UP, tmp_path / "tables"))


def faults_of(folder: Folder) -> list[EditionFault]:
    with pytest.raises(EditionFaults) as caught:
        read_editions(folder)
    return caught.value.faults


def replace(folder: Folder, file: str, old: str, new: str) -> None:
    """Put `new` for the first `old` in a file."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{file} does not hold {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def line_of(folder: Folder, file: str, text: str) -> int:
    """The line on which `text` stands for the first time."""
    lines = (folder / file).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)


# -- what is read ------------------------------------------------------------------------------------------


def test_every_cell_of_the_list_of_2018_is_what_the_published_tables_print(editions: Editions) -> None:
    """184 cells, read a second time into a CSV of their own."""
    price_list = editions.price_list("market-data-2018-07-01")
    with CELLS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    expected, units = {}, {}
    for row in rows:
        column = row["option"] or row["user_type"] or ("query" if row["unit"] == "query" else None)
        key = CellKey(row["contract"], row["fee"], row["product"], column)
        expected[key] = row["krw"]
        units[key.contract, key.fee, key.column] = row["unit"].replace("1000000_calls_month", "call_month")
    printed = {key: str(cell.unit_price or cell.kind) for key, cell in price_list.cells.items()}
    assert len(rows) == 184
    assert printed == expected
    assert price_list.units == units


def test_the_call_fee_is_a_started_package_of_a_million_calls_and_at_least_one(editions: Editions) -> None:
    price_list = editions.price_list("market-data-2018-07-01")
    cell = price_list.cell("open_api_platform", "api_call_fee", "open_api_platform")
    assert cell.price == Package(size=1_000_000, package_price=200_000, at_least=1)


def test_the_list_of_2018_says_how_fees_are_billed(editions: Editions) -> None:
    fees = editions.price_list("market-data-2018-07-01").fees
    assert {name: (fee.billed.value, fee.months_after) for name, fee in fees.items()} == {
        "base_fee": ("in_advance", 0),
        "affiliate_extension": ("in_advance", 0),
        "additional_reception": ("in_advance", 0),
        "usage_fee": ("after_report", 2),
        "non_display": ("in_advance", 0),
        "ftp_access": ("in_advance", 0),
        "environment_setup": ("once", 0),
        "api_call_fee": ("in_advance", 0),
    }


def test_the_list_of_2018_says_by_unit_what_is_divided_by_days(editions: Editions) -> None:
    """P1 §10.2 speaks of all fees, so of IDs too; that queries, packages and set-up are not is a reading."""
    rules = editions.price_list("market-data-2018-07-01").proration
    assert {unit for unit, rule in rules.items() if rule.prorated} == {"month", "set_month", "id_month"}
    assert {unit for unit, rule in rules.items() if rule.reading} == {"query", "call_month", "once"}
    assert rules["id_month"].clause == Label("제10조 제2항", "§10.2")


def test_the_list_of_2018_says_its_rates_dates_and_limits(editions: Editions) -> None:
    price_list = editions.price_list("market-data-2018-07-01")
    assert (price_list.valid_from, price_list.valid_to) == (date(2018, 7, 1), None)
    assert price_list.published_on == date(2018, 7, 11)
    assert (price_list.vat.rate, price_list.vat.rounding) == (Fraction(1, 10), Rounding.DOWN)
    assert (price_list.late_interest.rate, price_list.late_interest.days_in_year) == (Fraction(6, 100), 365)
    assert price_list.call_limit is not None
    assert price_list.call_limit.calls_per_day == 50_000


def test_koscom_owns_three_real_time_products_and_the_korea_exchange_the_others(editions: Editions) -> None:
    products = editions.price_list("market-data-2018-07-01").contracts["real_time"].products.values()
    koscom = {product.id for product in products if product.owner == "koscom"}
    assert koscom == {"overseas_etf_nav", "etn_iiv", "elw_indicators"}
    assert {product.owner for product in products if product.id not in koscom} == {"krx"}
    assert all(product.options == ("general",) for product in products if product.id in koscom)


def test_the_policies_follow_one_another_and_the_faq_is_todays(editions: Editions) -> None:
    """The policies follow one another and the FAQ is today's."""

    def policy_on(year: int, month: int, day: int) -> str | None:
        policy = editions.policy_on(date(year, month, day))
        return policy.id if policy else None

    assert policy_on(2018, 5, 17) is None
    assert policy_on(2018, 5, 18) == "startup-12-months"
    assert policy_on(2018, 7, 1) == "startup-12-months"
    assert policy_on(2018, 7, 2) == "startup-support-2018-07"
    assert policy_on(2018, 12, 10) == "startup-support-2018-07"
    assert policy_on(2018, 12, 11) == "open-api-faq-2018-12"


@pytest.mark.parametrize(
    ("name", "months", "test_months", "limit", "fees"),
    [
        ("startup-12-months", 12, 0, "under", ("base_fee", "affiliate_extension")),
        (
            "startup-support-2018-07",
            36,
            6,
            "within",
            ("base_fee", "affiliate_extension", "usage_fee", "api_call_fee"),
        ),
        ("open-api-faq-2018-12", 36, 6, "under", ("base_fee", "affiliate_extension")),
    ],
)
def test_each_policy_waives_what_its_text_says(
    editions: Editions, name: str, months: int, test_months: int, limit: str, fees: tuple[str, ...]
) -> None:
    policy = editions.policy(name)
    assert (policy.months, policy.test_months, policy.fees) == (months, test_months, fees)
    assert (policy.age.years, policy.age.founding_day_counts) == (7, limit == "under")
    assert policy.age.ends_waiver is (name != "startup-12-months")
    assert policy.channels == ("open_api",)


def test_only_the_first_scheme_is_for_fintech_companies_with_few_subscribers(editions: Editions) -> None:
    first = editions.policy("startup-12-months")
    assert (first.qualifications, first.personal_ids_at_most, first.options) == (("fintech",), 10_000, None)
    for name in ("startup-support-2018-07", "open-api-faq-2018-12"):
        later = editions.policy(name)
        assert (later.qualifications, later.personal_ids_at_most, later.options) == (None, None, ("retail",))
        assert len(later.withdrawal_grounds) == 3


def test_every_reading_has_both_languages_and_a_name_of_its_own(editions: Editions) -> None:
    price_list = editions.price_list("market-data-2018-07-01")
    readings = [
        *price_list.readings,
        *(fee.reading for fee in price_list.fees.values()),
        *(contract.reading for contract in price_list.contracts.values()),
        *(rule.reading for rule in price_list.ids_covered),
        *(rule.reading for rule in price_list.free_beside),
        *price_list.cell_readings.values(),
        *(rule.reading for rule in price_list.proration.values()),
        price_list.list_change,
        price_list.first_invoice.reading,
        price_list.vat.reading,
        price_list.late_interest.reading,
        *(reading for policy in editions.policies for reading in policy.readings),
        *editions.company_sizes.readings,
        *editions.contract_rules.readings,
    ]
    stated = [reading for reading in readings if reading]
    ids = [reading.id for reading in stated]
    assert len(ids) == len(set(ids))
    assert "market-data-2018-07-01/fees.usage_fee" in ids
    assert all(reading.text.ko.endswith("해석합니다.") for reading in stated)
    assert all(reading.text.en.endswith(".") and "taken" in reading.text.en for reading in stated)


def test_sales_ceilings_change_on_1_september_2025(editions: Editions) -> None:
    assert len(editions.company_sizes.ceilings) == 44
    food = editions.company_sizes.ceilings["C10"]
    assert [(c.valid_from, c.amount) for c in food] == [
        (date.min, 100_000_000_000),
        (date(2025, 9, 1), 120_000_000_000),
    ]


def test_reading_everything_takes_less_than_a_second() -> None:
    started = time.perf_counter()
    read_editions(PUBLISHED)
    assert time.perf_counter() - started < 1


def test_the_made_up_editions_hold_a_successor_that_begins_inside_a_month(made_up_editions: Editions) -> None:
    assert made_up_editions.price_list_on(date(2027, 1, 15)).id == "market-data-2018-07-01"
    assert made_up_editions.price_list_on(date(2027, 1, 16)).id == "market-data-2027-01-16"
    changed = made_up_editions.price_list("market-data-2027-01-16")
    assert changed.cell("real_time", "base_fee", "securities_a", "retail").unit_price == 2_200_000


def test_a_list_can_round_half_up_and_have_another_vat_rate(made_up_editions: Editions) -> None:
    shapes = made_up_editions.price_list("shapes-2016-01-01")
    assert shapes.rounding is Rounding.HALF_UP
    assert shapes.vat.rate == Fraction(75, 1000)


def test_the_words_of_the_files_are_the_words_of_the_core() -> None:
    """The schemas must not import the core's enumerations, so this keeps the two alike."""
    assert set(price_lists.ROUNDING) == {rounding.value for rounding in Rounding}
    assert set(price_lists.BILLED) == {billed.value for billed in Billed}
    licence, family = apis.ApiLicenceSchema().fields["status"], apis.ApiFamilySchema().fields["status"]
    assert {*licence.words, *family.words} == {status.value for status in ApiStatus}  # type: ignore[attr-defined]
    assert {kind.__name__.lower() for kind in get_args(Price)} == set(_PRICES)


def test_a_word_is_no_amount_and_an_amount_of_0_is_one(folder: Folder) -> None:
    replace(folder, LIST, "securities_c:       200000", "securities_c:       0")
    price_list = read_editions(folder).price_list("market-data-2018-07-01")
    free = price_list.cell("real_time", "additional_reception", "securities_c")
    withheld = price_list.cell("real_time", "additional_reception", "derivatives_b")
    assert free == Cell(CellKind.AMOUNT, Flat(0))
    assert withheld == Cell(CellKind.WITHHELD)


# -- faults, told with their file, line, field and next step -----------------------------------------------

CELL = "contracts.real_time.prices.base_fee.cells.securities_c"


def give_general_option(folder: Folder, value: str, file: str = LIST) -> None:
    """Put a value into a cell of the list: the base fee of securities C, general."""
    replace(folder, file, "{general:  1100000, retail:   500000", f"{{general: {value}, retail:   500000")


BROKEN = yaml.safe_load((DATA / "broken-editions.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("broken", BROKEN, ids=[broken["case"] for broken in BROKEN])
def test_a_broken_file_is_refused_with_its_line_its_field_and_the_next_step(
    broken: dict[str, Any], tmp_path: Path
) -> None:
    """What is wrong is said, and nothing else."""
    source = PUBLISHED if (PUBLISHED / broken["file"]).exists() else MADE_UP
    folder = Path(shutil.copytree(source, tmp_path / "tables"))
    replace(folder, broken["file"], broken["old"], broken["new"])
    faults = faults_of(folder)
    assert [(fault.file, fault.field) for fault in faults] == [
        (expected.get("file", broken["file"]), expected["field"]) for expected in broken["faults"]
    ]
    for fault, expected in zip(faults, broken["faults"], strict=True):
        line = (folder / fault.file).read_text(encoding="utf-8").splitlines()[fault.line - 1]
        assert expected["line"] in line
        assert expected["message"] in fault.message
        assert fault.hint
        assert "\n" not in str(fault)


def test_an_alias_is_refused(folder: Folder) -> None:
    give_general_option(folder, "&price 5")
    replace(folder, LIST, "website_last_price:  3000000", "website_last_price: *price")
    assert [fault.message for fault in faults_of(folder)] == [
        "the anchor &price is not allowed",
        "the alias *price is not allowed",
    ]


def test_a_key_that_is_no_text_is_refused(folder: Folder) -> None:
    keys = "    12: {}\n    NO: {}\n    ? [a]\n    : {}\n"
    replace(folder, "company_sizes.yaml", '    "J":', keys + '    "J":')
    found = faults_of(folder)
    assert [fault.message for fault in found] == [
        "the key 12 is not text",
        "YAML reads NO as true or false",
        "has a key that is not a word",
    ]
    start = line_of(folder, "company_sizes.yaml", "    12: {}")
    assert [fault.line for fault in found] == [start, start + 1, start + 2]


@pytest.mark.parametrize(
    ("raw", "line", "message"),
    [
        (b"", 1, "is empty"),
        (b"# only a comment\n", 1, "is empty"),
        (b"- a\n- b\n", 1, "is not a block of keys"),
        (b"just text", 1, "is not a block of keys"),
        ("id: x\nko: 가\n".encode("cp949"), 2, "is not UTF-8 text"),
        (b"a: [1\nb: 2\n", 2, "is not YAML: did not find expected ',' or ']'"),
        (b"a: 1\n\tb: 2\n", 2, "is not YAML: found a tab character that violates indentation"),
        (b"a: 1\nb: \x07\n", 2, "is not YAML: control characters are not allowed"),
        (b"a: " + b"[" * 30 + b"]" * 30, 1, "is nested more than 20 levels deep"),
    ],
)
def test_a_file_that_is_no_usable_text_is_refused_as_a_whole(
    folder: Folder, raw: bytes, line: int, message: str
) -> None:
    (folder / POLICY).write_bytes(raw)
    [fault] = faults_of(folder)
    assert (fault.file, fault.line, fault.field) == (POLICY, line, "")
    assert fault.message == message


def test_a_second_document_in_a_file_is_refused(folder: Folder) -> None:
    with (folder / POLICY).open("a", encoding="utf-8") as file:
        file.write("---\nid: another\n")
    [fault] = faults_of(folder)
    assert (fault.file, fault.message) == (POLICY, "holds a second document")
    assert fault.line == line_of(folder, POLICY, "---")


def test_lines_that_end_in_carriage_returns_and_a_byte_order_mark_do_no_harm(folder: Folder) -> None:
    text = (folder / POLICY).read_text(encoding="utf-8")
    (folder / POLICY).write_bytes(("\ufeff" + text.replace("\n", "\r\n")).encode())
    assert read_editions(folder).policy("open-api-faq-2018-12").months == 36


def test_any_bytes_are_read_or_refused_without_breaking() -> None:
    for raw in (
        b"\x00",
        b"\xff\xfe",
        b"{",
        b"*a",
        b"&a",
        b"!x",
        b"%YAML 3.0\n---\n",
        b"? ",
        b"-",
        b"'",
        b"\r",
    ):
        assert read_plain_yaml(raw).faults, raw


# -- files and folders -------------------------------------------------------------------------------------


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "nowhere"
    faults = faults_of(missing)
    assert [fault.file for fault in faults] == [str(missing)]
    assert faults[0].message == "is not a folder that can be read"


def test_a_missing_file_is_named(folder: Folder) -> None:
    (folder / "apis.yaml").unlink()
    [fault] = faults_of(folder)
    assert (fault.file, fault.message) == ("apis.yaml", "cannot be read: No such file or directory")


def test_a_folder_without_price_lists_is_named(folder: Folder) -> None:
    (folder / LIST).unlink()
    messages = {fault.file: fault.message for fault in faults_of(folder)}
    assert messages["price_lists"] == "holds no file that ends with .yaml"


def test_a_file_that_would_be_passed_over_in_silence_is_named(folder: Folder) -> None:
    (folder / "price_lists" / "market-data-2030-01-01.yml").write_text("id: x\n")
    (folder / "api.yaml").write_text("id: x\n")
    assert [(fault.file, fault.message) for fault in faults_of(folder)] == [
        ("api.yaml", "is not a file or folder of the price tables"),
        ("price_lists/market-data-2030-01-01.yml", "is not read"),
    ]


def test_hidden_files_and_backups_of_editors_are_left_alone(folder: Folder) -> None:
    (folder / ".DS_Store").write_bytes(b"\x00")
    (folder / "price_lists" / ".market.yaml.swp").write_bytes(b"\x00")
    (folder / "price_lists" / "market-data-2018-07-01.yaml~").write_bytes(b"\x00")
    assert read_editions(folder).price_lists


def test_a_folder_in_the_place_of_a_file_is_named(folder: Folder) -> None:
    (folder / "price_lists" / "folder-2020-01-01.yaml").mkdir()
    [fault] = faults_of(folder)
    assert fault.file == "price_lists/folder-2020-01-01.yaml"
    assert fault.message.startswith("cannot be read")


# -- editions that contradict one another ------------------------------------------------------------------


def test_the_same_id_twice_is_refused(made_up_folder: Folder) -> None:
    shutil.copy(made_up_folder / LIST, made_up_folder / "price_lists" / "zz-2018-07-01.yaml")
    assert [(fault.file, fault.field, fault.message) for fault in faults_of(made_up_folder)] == [
        ("price_lists/zz-2018-07-01.yaml", "id", '"market-data-2018-07-01" is also the id of ' + LIST),
        ("price_lists/zz-2018-07-01.yaml", "id", '"market-data-2018-07-01" is not the name of the file'),
    ]


def test_two_lists_that_supersede_the_same_are_refused(made_up_folder: Folder) -> None:
    rival = "price_lists/market-data-2028-01-01.yaml"
    shutil.copy(made_up_folder / NEXT_LIST, made_up_folder / rival)
    replace(made_up_folder, rival, "id: market-data-2027-01-16", "id: market-data-2028-01-01")
    replace(made_up_folder, rival, '"2027-01-16"', '"2028-01-01"')
    [fault] = faults_of(made_up_folder)
    assert (fault.file, fault.field) == (rival, "supersedes")
    assert fault.message == "names market-data-2018-07-01, which market-data-2027-01-16 supersedes too"


def test_two_lists_in_force_on_one_day_are_refused_where_neither_supersedes_the_other(
    made_up_folder: Folder,
) -> None:
    replace(made_up_folder, NEXT_LIST, "supersedes: market-data-2018-07-01\n", "")
    [fault] = faults_of(made_up_folder)
    assert (fault.file, fault.field) == (NEXT_LIST, "valid_from")
    assert fault.line == line_of(made_up_folder, NEXT_LIST, "valid_from:")
    assert fault.hint == "Add supersedes: market-data-2018-07-01, or a valid_to to that one."


@pytest.mark.parametrize(("last_day", "overlaps"), [("2018-06-30", False), ("2018-07-01", True)])
def test_a_last_day_in_force_counts(made_up_folder: Folder, last_day: str, overlaps: bool) -> None:
    replace(made_up_folder, SHAPES, 'valid_to: "2018-06-30"', f'valid_to: "{last_day}"')
    if not overlaps:
        assert read_editions(made_up_folder).price_list_on(date(2018, 6, 30)).id == "shapes-2016-01-01"
        return
    assert [(fault.file, fault.field) for fault in faults_of(made_up_folder)] == [(LIST, "valid_from")]


def test_two_editions_that_supersede_each_other_are_refused(folder: Folder) -> None:
    second = "price_lists/market-data-2018-07-01-r2.yaml"
    shutil.copy(folder / LIST, folder / second)
    replace(folder, second, "id: market-data-2018-07-01", "id: market-data-2018-07-01-r2")
    replace(folder, second, "currency:", "supersedes: market-data-2018-07-01\ncurrency:")
    replace(folder, LIST, "currency:", "supersedes: market-data-2018-07-01-r2\ncurrency:")
    assert [fault.message for fault in faults_of(folder)] == [
        "names market-data-2018-07-01, which supersedes it in turn",
        "names market-data-2018-07-01-r2, which supersedes it in turn",
    ]


def test_a_correction_takes_the_place_of_a_list_from_its_first_day(folder: Folder) -> None:
    second = "price_lists/market-data-2018-07-01-r2.yaml"
    shutil.copy(folder / LIST, folder / second)
    replace(folder, second, "id: market-data-2018-07-01", "id: market-data-2018-07-01-r2")
    replace(folder, second, "currency:", "supersedes: market-data-2018-07-01\ncurrency:")
    read = read_editions(folder)
    assert read.price_list_on(date(2018, 7, 1)).id == "market-data-2018-07-01-r2"
    assert read.price_list("market-data-2018-07-01").supersedes is None


# -- all at once -------------------------------------------------------------------------------------------


def test_several_faults_in_several_files_come_at_once_in_order(folder: Folder) -> None:
    give_general_option(folder, "010")
    replace(folder, LIST, '"2018-07-11"', '"2018-02-30"')
    replace(folder, POLICY, "value: 36", "value: 0")
    replace(folder, FIRST_POLICY, "source: F0", "source: F9")
    replace(folder, "apis.yaml", "status: priced", "status: free")
    faults = faults_of(folder)
    assert [(fault.file, fault.field) for fault in faults] == [
        ("apis.yaml", "licences.real-time-kospi.status"),
        (LIST, "published_on"),
        (LIST, f"{CELL}.general"),
        (POLICY, "months.value"),
        (FIRST_POLICY, "channels.source"),
    ]
    assert faults == sorted(faults)


def test_the_message_names_every_fault_on_a_line_of_its_own(folder: Folder) -> None:
    give_general_option(folder, "010")
    replace(folder, POLICY, "value: 36", "value: 0")
    with pytest.raises(EditionFaults) as caught:
        read_editions(folder)
    cell_line, months_line = line_of(folder, LIST, "010, retail"), line_of(folder, POLICY, "value: 0")
    hint = "Write 1 to 15 digits without 0 in front, sign, '_' or ':'. Put it in quotes if it is text."
    assert str(caught.value).splitlines() == [
        f"{LIST}:{cell_line}: {CELL}.general 010 is not a plain whole number. {hint}",
        f"{POLICY}:{months_line}: months.value 0 is out of bounds. It lies between 1 and 1200.",
    ]


def test_a_file_that_cannot_be_read_raises_no_faults_elsewhere(folder: Folder) -> None:
    """The policies and APIs name fees and products of the list, which is not known now."""
    (folder / LIST).write_text("fees: [\n")
    assert {fault.file for fault in faults_of(folder)} == {LIST}
