"""`python -m fee_service dues`: the file that the API would answer, by several processes, with a bar."""

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from flask import Flask
from flask.testing import FlaskClient
from support.calling import caller

from fee_service.actors import COMMAND_LINE, Role
from fee_service.app import create_app
from fee_service.keys import keyring
from fee_service.published.editions import Editions
from fee_service.settings import REPOSITORY, Settings

REQUEST = {
    "company": {"founded_on": "2010-01-01", "size": "large"},
    "starts_on": "2026-12-01",
    "licences": [{"contract": "real_time", "product": "securities_a"}],
}
CONTRACTS = 5


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an installation."""
    return tmp_path_factory.mktemp("instance")


@pytest.fixture(scope="module")
def finance(editions: Editions, instance: Path) -> FlaskClient:
    """Somebody of finance, who has accepted a few quotes."""
    limits = {"requests_per_minute": 10**6, "requests_per_day": 10**6}
    app: Flask = create_app(Settings(instance=instance, **limits), editions)
    client = caller(app, keyring.create(app.extensions["database"], COMMAND_LINE, "tests", Role.FINANCE, "finance"))
    for _ in range(CONTRACTS):
        quote = client.post("/v1/quotes", json=REQUEST).get_json()
        assert client.post(f"/v1/quotes/{quote['id']}/acceptance").status_code == 200
    return client


def run(instance: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    command = [sys.executable, "-m", "fee_service", "dues", *arguments]
    known = {**os.environ, "FEE_SERVICE_INSTANCE": str(instance)}
    return subprocess.run(
        command, env=known, cwd=REPOSITORY, capture_output=True, encoding="utf-8", timeout=60, check=False
    )


@pytest.mark.parametrize("processes", ["1", "2"])
def test_the_file_is_the_one_of_the_api(finance: FlaskClient, instance: Path, tmp_path: Path, processes: str) -> None:
    """The same bytes, however many processes share the work."""
    out = tmp_path / "dues.csv"
    done = run(instance, "--invoice-month", "2026-12", "--out", str(out), "--processes", processes)
    assert done.returncode == 0, done.stderr
    assert f"{CONTRACTS} contracts" in done.stderr
    assert out.read_bytes() == finance.get("/v1/dues.csv?invoice_month=2026-12&lang=ko").get_data()
    assert os.listdir(tmp_path) == ["dues.csv"]  # nothing half done beside it


def test_the_end_of_the_name_says_what_is_written(finance: FlaskClient, instance: Path, tmp_path: Path) -> None:
    """Parquet, read back: five times 2,000,000."""
    out = tmp_path / "dues.parquet"
    assert run(instance, "--invoice-month", "2026-12", "--out", str(out)).returncode == 0
    assert duckdb.sql(f"SELECT sum(net) FROM '{out}'").fetchall() == [(CONTRACTS * 2_000_000,)]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--invoice-month", "2026-13", "--out", "dues.csv"), "is not a month written as YYYY-MM"),
        (("--invoice-month", "2026-12", "--out", "dues.pdf"), "the name must end with"),
        (("--invoice-month", "2026-12", "--out", "no/such/folder/dues.csv"), "there is no such folder"),
    ],
)
def test_what_cannot_be_written_is_told(
    finance: FlaskClient, instance: Path, arguments: tuple[str, ...], told: str
) -> None:
    """And nothing is written."""
    done = run(instance, *arguments)
    assert done.returncode != 0
    assert told in done.stderr
