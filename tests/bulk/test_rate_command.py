"""`rate` on the command line: Parquet and CSV, files and folders, in any order, whole or not at all."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from bulk.conftest import read, row, write
from support.licence_rows import SCHEMA

Rate = Callable[..., Any]

TWO = [
    row(options=["general", "retail"], affiliate_extension=True, personal_ids=1200, api_calls_per_month=1_400_001),
    row(product="securities_c", personal_ids=1500, api_calls_per_month=1_400_001),
]
OTHER = [row(contract="Q-2", channel="direct", reception_sets=2)]


def test_a_row_a_line_and_month_with_its_invoice_day(rate: Rate, tmp_path: Path) -> None:
    """The worked example: 2,000,000 × 23 / 31 in December, waived; usage is billed two months later, unwaived."""
    out = tmp_path / "dues.parquet"
    told = rate(write(tmp_path / "in.parquet", [row(personal_ids=1200)]), "--out", out, "--until", "2027-01")
    assert told.exit_code == 0, told.output
    shared = {"contract": "Q-1", "agreement": "real_time", "product": "securities_a"}
    december, january = {"service_month": "2026-12"}, {"service_month": "2027-01"}
    base = shared | {"fee": "base_fee", "option": "retail", "user_type": None, "quantity": 1, "net": 0}
    usage = shared | {"fee": "usage_fee", "option": None, "user_type": "personal", "quantity": 1200, "waiver": 0}
    assert read(out) == [
        base | december | {"list": 1_483_870, "waiver": -1_483_870, "invoice_on": date(2026, 12, 9)},
        base | january | {"list": 2_000_000, "waiver": -2_000_000, "invoice_on": date(2027, 1, 1)},
        usage | december | {"list": 979_354, "net": 979_354, "invoice_on": date(2027, 2, 1)},
        usage | january | {"list": 1_320_000, "net": 1_320_000, "invoice_on": date(2027, 3, 1)},
    ]
    assert "4 rows, list 5,783,224, waiver -3,483,870, net 2,299,354 won" in told.output


def test_amounts_are_whole_won_of_64_bits_and_days_are_days(rate: Rate, tmp_path: Path) -> None:
    """The columns of the contract in their order, in Parquet's own types."""
    out = tmp_path / "dues.parquet"
    rate(write(tmp_path / "in.parquet", TWO), "--out", out)
    schema = pq.read_table(out).schema
    assert schema.names == [
        "contract", "service_month", "fee", "agreement", "product", "option", "user_type", "quantity", "list", "waiver",
        "net", "invoice_on",
    ]  # fmt: skip
    assert {schema.field(name).type for name in ("quantity", "list", "waiver", "net")} == {pa.int64()}
    assert schema.field("invoice_on").type == pa.date32()
    assert len(read(out)) == 60 * 8 + 1  # six fees of A, two of C less the usage that A covers, set-up once … in months


@pytest.mark.parametrize("given", ["in.parquet", "in.csv"])
@pytest.mark.parametrize("wanted", ["out.parquet", "out.csv", "out"])
def test_every_form_in_and_out_says_the_same(given: str, wanted: str, rate: Rate, tmp_path: Path) -> None:
    """CSV with joined options, a folder of parts."""
    expected = tmp_path / "expected.parquet"
    assert rate(write(tmp_path / "plain.parquet", [*TWO, *OTHER]), "--out", expected).exit_code == 0
    told = rate(write(tmp_path / given, [*TWO, *OTHER]), "--out", tmp_path / wanted)
    assert told.exit_code == 0, told.output
    found = [{key: value or None for key, value in each.items()} for each in read(tmp_path / wanted)]
    assert found == [{key: value or None for key, value in each.items()} for each in read(expected)]


def test_rows_of_a_contract_may_stand_anywhere(rate: Rate, tmp_path: Path) -> None:
    """A table that is not in the order of its contracts comes out in it."""
    outs = []
    for number, rows in enumerate(([*TWO, *OTHER], [TWO[1], *OTHER, TWO[0]], [*OTHER, *reversed(TWO)])):
        out = tmp_path / f"{number}.parquet"
        told = rate(write(tmp_path / f"in-{number}.parquet", rows), "--out", out)
        assert told.exit_code == 0, told.output
        outs.append(read(out))
    assert outs[0] == outs[1] == outs[2]


def test_a_partitioned_folder_is_one_table(rate: Rate, tmp_path: Path) -> None:
    """Files side by side, of both kinds, with a column in the names of folders; what begins with . or _ is none."""
    folder = tmp_path / "in"
    without = pa.schema([field for field in SCHEMA if field.name != "channel"])
    write(folder / "channel=direct" / "part-0.parquet", OTHER, without)
    write(folder / "channel=open_api" / "part-0.csv", TWO, without)
    (folder / "_SUCCESS.csv").write_text("")
    out, expected = tmp_path / "out.parquet", tmp_path / "expected.parquet"
    told = rate(folder, "--out", out)
    assert told.exit_code == 0, told.output
    rate(write(tmp_path / "plain.parquet", [*TWO, *OTHER]), "--out", expected)
    assert read(out) == read(expected)


def test_coded_text_and_joined_options_are_read_in_parquet_too(rate: Rate, tmp_path: Path) -> None:
    """As other programs write it: dictionaries, large strings, 32-bit counts, options as one text."""
    rows = [{**each, "options": "|".join(each["options"])} for each in TWO]
    other = {"contract": pa.dictionary(pa.int16(), pa.string()), "product": pa.large_string(), "options": pa.string(),
             "personal_ids": pa.uint32(), "size": pa.dictionary(pa.int8(), pa.large_string()),
             "queries": pa.null()}  # fmt: skip
    schema = pa.schema([field.with_type(other.get(field.name, field.type)) for field in SCHEMA])
    out, expected = tmp_path / "out.parquet", tmp_path / "expected.parquet"
    told = rate(write(tmp_path / "in.parquet", rows, schema), "--out", out)
    assert told.exit_code == 0, told.output
    rate(write(tmp_path / "plain.parquet", TWO), "--out", expected)
    assert read(out) == read(expected)


def test_a_contract_that_starts_after_the_last_month_owes_nothing(rate: Rate, tmp_path: Path) -> None:
    """Neither does one whose months are over: only what lies between start, end and last month is rated."""
    rows = [row(ends_on=date(2026, 12, 31)), row(contract="Q-2", starts_on=date(2027, 2, 1))]
    out = tmp_path / "out.parquet"
    assert rate(write(tmp_path / "in.parquet", rows), "--out", out, "--until", "2027-01").exit_code == 0
    assert [(each["contract"], each["service_month"]) for each in read(out)] == [("Q-1", "2026-12")]
    assert rate(tmp_path / "in.parquet", "--out", tmp_path / "none.csv", "--until", "2026-11").exit_code == 0
    assert read(tmp_path / "none.csv") == []


@pytest.mark.parametrize(
    "month", ["2027-13", "2027-1", "202701", "27-01", "2027-01-01", "1899-12", "2200-01", "２０２７-01"]
)
def test_a_month_that_is_none_is_refused(month: str, rate: Rate, tmp_path: Path) -> None:
    """Written YYYY-MM, of a year that a day may have."""
    told = rate(write(tmp_path / "in.parquet", OTHER), "--out", tmp_path / "out.csv", "--until", month)
    assert told.exit_code == 2
    assert not (tmp_path / "out.csv").exists()


def test_a_file_is_replaced_whole_and_a_full_folder_is_left_alone(rate: Rate, tmp_path: Path) -> None:
    """No temporary file stays behind."""
    given = write(tmp_path / "in.parquet", OTHER)
    out, folder = tmp_path / "out.csv", tmp_path / "out"
    out.write_text("old")
    folder.mkdir()
    (folder / "mine").write_text("kept")
    assert rate(given, "--out", out).exit_code == 0
    assert read(out)[0]["contract"] == "Q-2"
    told = rate(given, "--out", folder)
    assert told.exit_code == 1
    assert "is not written over" in told.output
    assert rate(given, "--out", tmp_path / "no" / "such.csv").exit_code == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.parquet", "out", "out.csv"]
    assert (folder / "mine").read_text() == "kept"
