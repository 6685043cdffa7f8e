"""A table that cannot be rated: every fault with its row and column, at once, and nothing is written."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from bulk.conftest import row, write
from support.core import changed, flat, one_list
from support.licence_rows import SCHEMA, table_of

from fee_service.bulk import reading
from fee_service.bulk.checking import Checker
from fee_service.bulk.columns import COLUMNS, Holds
from fee_service.bulk.faults import MOST_TOLD, BadRows, row_faults
from fee_service.bulk.rating import rated
from fee_service.periods import Period
from fee_service.published.editions import Editions

Rate = Callable[..., Any]


def faults(editions: Editions, *rows: dict[str, Any]) -> list[tuple[int, str, str]]:
    """(row, column, code) of every fault."""
    try:
        Checker(editions).check(table_of(rows))
    except BadRows as error:
        return [(one.row, one.fault.pointer.removeprefix("/"), one.fault.code) for one in error.faults]
    return []


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("contract", None, "missing_field"),
        ("contract", "", "empty_text"),
        ("contract", "Q" * 101, "text_too_long"),
        ("contract", "Q\n1", "invalid_text"),
        ("founded_on", None, "missing_field"),
        ("founded_on", date(2026, 12, 10), "founded_after_start"),
        ("founded_on", date(1899, 12, 31), "out_of_range"),
        ("size", None, "missing_field"),
        ("size", "tiny", "unknown_value"),
        ("qualification", "fin", "unknown_value"),
        ("channel", "ftp", "unknown_value"),
        ("starts_on", None, "missing_field"),
        ("starts_on", date(2200, 1, 1), "out_of_range"),
        ("ends_on", date(2026, 12, 8), "ends_before_start"),
        ("waiver_policy", "none", "unknown_waiver_policy"),
        ("prior_months", -1, "out_of_range"),
        ("prior_months", 1201, "out_of_range"),
        ("prior_days", 36_601, "out_of_range"),
        ("agreement", None, "missing_field"),
        ("agreement", "open_api_platform", "unknown_value"),
        ("product", None, "missing_field"),
        ("product", "securities_z", "unknown_product"),
        ("options", ["broadcas"], "option_not_applicable"),
        ("options", ["retail", "retail"], "duplicate_option"),
        ("options", ["retail", ""], "empty_text"),
        ("options", ["retail", None], "not_text"),
        ("options", [], "no_option_chosen"),
        ("reception_sets", 0, "out_of_range"),
        ("reception_sets", 2, "reception_needs_direct_channel"),
        ("disaster_recovery_sets", 1, "reception_needs_direct_channel"),
        ("disaster_recovery_sets", -1, "out_of_range"),
        ("standard_ids", -1, "out_of_range"),
        ("personal_ids", 10**9 + 1, "out_of_range"),
        ("queries", 2**62, "out_of_range"),
        ("api_calls_per_month", -5, "out_of_range"),
    ],
)  # fmt: skip
def test_a_value_that_a_request_may_not_have_is_refused_in_the_same_words(
    column: str, value: Any, code: str, editions: Editions
) -> None:
    """By its row and its column, among good rows."""
    rows = [row(contract="P-1"), row(**{column: value}), row(contract="R-1")]
    assert faults(editions, *rows) == [(2, column, code)]


def test_the_bounds_themselves_are_good(editions: Editions) -> None:
    """The day before and the day of: ended on its first day, founded on it; the largest counts."""
    edge = row(ends_on=date(2026, 12, 9), founded_on=date(2026, 12, 9), prior_months=1200, prior_days=36_600,
               personal_ids=10**9, api_calls_per_month=10**9, contract="Q" * 100)  # fmt: skip
    assert faults(editions, edge, row(contract="R", starts_on=date(2018, 7, 1), founded_on=date(2018, 7, 1))) == []
    assert faults(editions, row(starts_on=date(2018, 6, 30), founded_on=date(2010, 1, 1))) == [
        (1, "starts_on", "no_price_list_on_date")
    ]


def test_what_a_product_does_not_have_is_refused(editions: Editions) -> None:
    """Usage of what has none, an extension of what has none, a product of another contract, calls of a direct feed."""
    rows = [
        row(contract="A", product="overseas_etf_nav", affiliate_extension=True, options=["general"]),
        row(contract="B", agreement="closing_price", options=None, standard_ids=5),
        row(contract="C", channel="direct", api_calls_per_month=1),
        row(contract="D", agreement="closing_price", product="ftp", options=None, reception_sets=3, channel="direct"),
    ]
    found = faults(editions, *rows)
    assert [(number, column) for number, column, _ in found if number != 4] == [
        (1, "affiliate_extension"), (2, "standard_ids"), (3, "api_calls_per_month"),
    ]  # fmt: skip
    assert {number for number, *_ in found} == {1, 2, 3, 4}


def test_rows_of_one_contract_that_contradict_each_other_are_told_by_column(editions: Editions) -> None:
    """Against the first row of the contract; a licence in two rows, too."""
    second = row(product="securities_b", starts_on=date(2026, 12, 10), qualification=None, prior_months=3)
    assert faults(editions, row(), second, row(options=["general"])) == [
        (2, "qualification", "contract_contradicts"),
        (2, "starts_on", "contract_contradicts"),
        (2, "prior_months", "contract_contradicts"),
        (3, "product", "licence_repeated"),
    ]


def test_every_bad_row_is_told_the_first_in_full(editions: Editions) -> None:
    """So many with their faults, of the others the numbers."""
    rows = [row(contract=f"Q-{number:05}", size="tiny") for number in range(MOST_TOLD + 5)]
    with pytest.raises(BadRows) as refused:
        Checker(editions).check(table_of(rows))
    assert [one.row for one in refused.value.faults] == list(range(1, MOST_TOLD + 1))
    assert list(refused.value.further) == list(range(MOST_TOLD + 1, MOST_TOLD + 6))


def test_an_amount_that_64_bits_may_not_hold_is_a_fault_of_its_row(editions: Editions) -> None:
    """A price of 10^8 won for 10^9 IDs; nothing is wrapped."""
    dear = changed(editions.price_lists[0], {("real_time", "usage_fee", "securities_a", "personal"): flat(10**8)})
    checker = Checker(one_list(editions, dear))
    with pytest.raises(BadRows) as refused:
        list(rated(table_of([row(contract="A"), row(contract="B", personal_ids=10**9)]), checker))
    assert [(one.row, one.fault.code) for one in refused.value.faults] == [(2, "amount_too_large")]


WILD: dict[str, list[Any]] = {
    "contract": ["Q-1", "", None, "x" * 101, " "],
    "founded_on": [date(2023, 5, 10), date(2027, 1, 1), None, date(1500, 1, 1), date(2018, 7, 1)],
    "size": ["sme", "large", "SME", None],
    "qualification": ["none", "fintech_centre", "x", None],
    "channel": ["direct", "open_api", "", None],
    "starts_on": [date(2018, 6, 30), date(2018, 7, 1), date(2026, 12, 9), date(2300, 1, 1), None],
    "ends_on": [date(2026, 12, 8), date(2026, 12, 9), date(2500, 1, 1), None],
    "waiver_policy": ["startup-12-months", "startup", None],
    "prior_months": [0, 12, -1, 1201, None],
    "prior_days": [0, 31, 36_601, None],
    "agreement": ["real_time", "closing_price", "both", None],
    "product": ["securities_a", "krx_bonds_a", "elw_indicators", "ftp", "stock", None],
    "options": [["retail"], ["general", "broadcast"], ["website_last_price"], ["x"], [], ["retail", "retail"], None],
    "affiliate_extension": [True, False, None],
    "reception_sets": [0, 1, 2, None],
    "disaster_recovery_sets": [0, 1, -1, None],
    "standard_ids": [0, 10, -1, None],
    "personal_ids": [0, 10, 10**9 + 1, None],
    "queries": [0, 7, None],
    "api_calls_per_month": [0, 10**6, -1, None],
}


def test_a_row_is_refused_where_a_request_is_and_only_there(editions: Editions, made_up_editions: Editions) -> None:
    """A thousand rows with wild values: what the arrays let pass, the checks of a request let pass, and no more."""
    rng = random.Random(5)
    for published in (editions, made_up_editions):
        checker = Checker(published)
        for number in range(500):
            one = row(contract=f"Q-{number}")
            for column in rng.sample(sorted(WILD), rng.choice([1, 1, 2, 3])):
                one[column] = rng.choice(WILD[column])
            values = {name: _asked(value) for name, value in one.items()}
            start = one["starts_on"]
            lists = None
            if start and date(2018, 7, 1) <= start <= date(2199, 12, 31):
                end = min(date(start.year + 5, start.month, 1), (one["ends_on"] or date.max) - timedelta(days=1))
                lists = published.price_lists_over(Period(start, max(end, start + timedelta(days=1))))
            expected = {(fault.pointer, fault.code) for fault in row_faults(values, published, lists, 60)}
            try:
                checker.check(table_of([one]))
                found = set()
            except BadRows as error:
                found = {(told.fault.pointer, told.fault.code) for told in error.faults}
            assert found == expected, one


def _asked(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


# -- files -------------------------------------------------------------------------------------------------


def test_a_bad_row_among_many_stops_the_whole_file(rate: Rate, tmp_path: Path) -> None:
    """Named by file, row and column, with what to do; nothing is written and nothing is left behind."""
    rows = [row(contract=f"Q-{number:05}") for number in range(20_000)]
    rows[17_000]["personal_ids"] = -1
    told = rate(write(tmp_path / "in.parquet", rows), "--out", tmp_path / "out.parquet")
    assert told.exit_code == 2
    assert "in.parquet row 17001, personal_ids: -1 is out of range.\n    Give a value from 0" in told.output
    assert told.output.endswith("Nothing was written.\n")
    assert [path.name for path in tmp_path.iterdir()] == ["in.parquet"]


def test_columns_that_are_missing_unknown_or_of_the_wrong_type_are_told_before_any_row(
    rate: Rate, tmp_path: Path
) -> None:
    """All at once, with the type that is wanted and the names that are known."""
    table = pa.Table.from_pylist([row()], schema=SCHEMA)
    table = table.drop_columns(["queries"]).append_column("usage", pa.array([1]))
    table = table.set_column(table.schema.get_field_index("personal_ids"), "personal_ids", pa.array([1.0]))
    moment = pa.array(["2026-12-09T00:00"]).cast(pa.timestamp("ms"))
    table = table.set_column(table.schema.get_field_index("starts_on"), "starts_on", moment)
    pq.write_table(table, tmp_path / "in.parquet")
    told = rate(tmp_path / "in.parquet", "--out", tmp_path / "out.csv")
    assert told.exit_code == 2
    for expected in (
        "queries: The column queries is missing.",
        "usage: usage is not a column here.",
        "personal_ids: The column personal_ids holds double; it should hold integer.",
        "starts_on: The column starts_on holds timestamp[ms]; it should hold date.",
    ):
        assert expected in told.output
    assert not (tmp_path / "out.csv").exists()


def test_text_of_a_csv_is_read_by_a_grammar_and_not_by_a_cast(rate: Rate, tmp_path: Path) -> None:
    """1e3, 12.0, 0x10, 1_000, a day that is none, a flag that is none: each told as it was written."""
    good = write(tmp_path / "good.csv", [row(contract=f"Q-{number}") for number in range(9)]).read_text().splitlines()
    names = good[0].replace('"', "").split(",")
    cells = [line.split(",") for line in good[1:]]
    wild = [("personal_ids", "1e3"), ("queries", "12.0"), ("standard_ids", "0x10"), ("queries", "1_000"),
            ("starts_on", "2026-02-30"), ("starts_on", "2026-2-3"), ("affiliate_extension", "yes"),
            ("ends_on", "20271231"), ("prior_months", "007")]  # fmt: skip
    for line, (name, value) in zip(cells, wild, strict=True):
        line[names.index(name)] = value
    (tmp_path / "in.csv").write_text("\n".join([good[0], *map(",".join, cells)]) + "\n")
    told = rate(tmp_path / "in.csv", "--out", tmp_path / "out.csv")
    assert told.exit_code == 2
    for number, (name, value) in enumerate(wild, start=1):
        assert f'in.csv row {number}, {name}: "{value}"' in told.output


def test_rows_with_another_number_of_cells_are_told_beside_the_others(rate: Rate, tmp_path: Path) -> None:
    """They keep their numbers; an unclosed quote swallows nothing in silence."""
    lines = (
        write(tmp_path / "in.csv", [row(contract=f"Q-{number:02}") for number in range(30)]).read_text().splitlines()
    )
    lines[3] = lines[3] + ",more"
    lines[5] = lines[5].replace("sme", "tiny")
    (tmp_path / "in.csv").write_text("\n".join(lines) + "\n")
    told = rate(tmp_path / "in.csv", "--out", tmp_path / "out.csv")
    assert "in.csv row 3: The row has 21 cells, the table 20 columns." in told.output
    assert 'in.csv row 5, size: "tiny"' in told.output
    lines[10] = lines[10].replace('"Q-09"', '"Q-09')
    (tmp_path / "in.csv").write_text("\n".join(lines) + "\n")
    assert rate(tmp_path / "in.csv", "--out", tmp_path / "out.csv").exit_code == 2


@pytest.mark.parametrize("name", ["in.parquet", "in.csv"])
def test_an_empty_file_a_file_without_rows_and_one_that_is_no_table_are_refused(
    name: str, rate: Rate, tmp_path: Path
) -> None:
    """Each with its reason."""
    out = tmp_path / "out.csv"
    (tmp_path / name).write_bytes(b"")
    assert rate(tmp_path / name, "--out", out).exit_code == 2
    assert "There is no row." in rate(write(tmp_path / name, []), "--out", out).output
    (tmp_path / name).write_bytes(b"PAR1\x00\xff\xfe" * 100)
    told = rate(tmp_path / name, "--out", out)
    assert told.exit_code == 2
    assert "in.csv" in told.output or "cannot be read as a table" in told.output
    (tmp_path / "none").mkdir(exist_ok=True)
    assert "There is no row." in rate(tmp_path / "none", "--out", out).output
    assert not out.exists()


def test_a_truncated_parquet_is_refused(rate: Rate, tmp_path: Path) -> None:
    """A file of which the end is missing, and one of which the middle is."""
    whole = write(tmp_path / "in.parquet", [row(contract=f"Q-{number}") for number in range(99)]).read_bytes()
    for broken in (whole[:-100], whole[:50] + b"\x00" * 400 + whole[450:]):
        (tmp_path / "in.parquet").write_bytes(broken)
        assert rate(tmp_path / "in.parquet", "--out", tmp_path / "out.csv").exit_code == 2
    assert not (tmp_path / "out.csv").exists()


def test_more_rows_than_are_taken_are_refused_before_they_are_read(
    rate: Rate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Parquet file says how many it has: 50 million of them fit in 400 KB. A CSV file does not."""
    many = 10_001
    columns = {name: pa.nulls(many, pa.string()) for name in COLUMNS if COLUMNS[name] in (Holds.TEXT, Holds.WORDS)}
    columns |= {field.name: pa.nulls(many, field.type) for field in SCHEMA if field.name not in columns}
    pq.write_table(pa.table({name: columns[name] for name in COLUMNS}), tmp_path / "in.parquet")
    assert (tmp_path / "in.parquet").stat().st_size < 20_000
    monkeypatch.setattr(reading, "MOST_ROWS_IN", many - 1)
    with monkeypatch.context() as unread:
        unread.setattr(reading.Files, "tables", lambda self: pytest.fail("rows were read"))
        told = rate(tmp_path / "in.parquet", "--out", tmp_path / "out.csv")
    assert told.exit_code == 2
    assert "The table holds too much: rows 10,001, at most 10,000." in told.output
    written = write(tmp_path / "in.csv", [row(contract=f"Q-{number:05}") for number in range(many)])
    assert "The table holds too much: rows" in rate(written, "--out", tmp_path / "out.csv").output
    assert not (tmp_path / "out.csv").exists()


def test_a_contract_of_very_many_rows_is_refused_in_bounded_memory(
    rate: Rate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Batches do not grow with it."""
    monkeypatch.setattr(reading, "ROWS_AT_ONCE", 100)
    monkeypatch.setattr(reading, "MOST_OF_A_CONTRACT", 250)
    told = rate(write(tmp_path / "in.parquet", [row()] * 2_000), "--out", tmp_path / "out.csv")
    assert told.exit_code == 2
    assert "row 2, product: The contract has" in told.output


def test_numbers_beyond_64_bits_are_out_of_range(editions: Editions) -> None:
    """An unsigned count does not become a small one."""
    schema = SCHEMA.set(SCHEMA.get_field_index("personal_ids"), pa.field("personal_ids", pa.uint64()))
    table = table_of([row(personal_ids=2**64 - 1)], schema)
    with pytest.raises(BadRows) as refused:
        Checker(editions).check(table)
    assert [(one.fault.pointer, one.fault.code) for one in refused.value.faults] == [("/personal_ids", "out_of_range")]
    assert np.iinfo(np.int64).max < 2**64 - 1
