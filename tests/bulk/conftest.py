"""Tables of licences as files, and the command that rates them."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result
from support.licence_rows import SCHEMA, Row

from fee_service.cli import main

USUAL: Row = {
    "contract": "Q-1", "founded_on": date(2023, 5, 10), "size": "sme", "qualification": "fintech",
    "channel": "open_api", "starts_on": date(2026, 12, 9), "ends_on": None, "waiver_policy": None,
    "prior_months": None, "prior_days": None, "agreement": "real_time", "product": "securities_a",
    "options": ["retail"], "affiliate_extension": None, "reception_sets": None, "disaster_recovery_sets": None,
    "standard_ids": None, "personal_ids": None, "queries": None, "api_calls_per_month": None,
}  # fmt: skip


def row(**of_it: Any) -> Row:
    """A row of one contract with securities A, retail, from 9 December 2026."""
    return USUAL | of_it


def write(path: Path, rows: Sequence[Row], schema: pa.Schema = SCHEMA) -> Path:
    """The rows as a Parquet file, or as a CSV file with the options joined."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".csv":
        rows = [{**each, "options": None if each["options"] is None else "|".join(each["options"])} for each in rows]
        text = pa.schema([field.with_type(pa.string()) if field.name == "options" else field for field in schema])
        pacsv.write_csv(pa.Table.from_pylist(list(rows), schema=text), path)
    else:
        pq.write_table(pa.Table.from_pylist(list(rows), schema=schema), path)
    return path


def read(path: Path) -> list[Row]:
    """What was written, a file or a folder."""
    if path.suffix == ".csv":
        return pacsv.read_csv(path).to_pylist()
    return pq.read_table(path).to_pylist()


@pytest.fixture
def rate(tmp_path: Path) -> Callable[..., Result]:
    """The command, in English."""

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(main, ["rate", "--lang", "en", *map(str, arguments)])

    return run
