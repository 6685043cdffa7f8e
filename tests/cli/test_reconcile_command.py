"""`python -m fee_service reconcile`: the result of files without a server, and how it says what is wrong."""

import csv
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support.calling import caller

from fee_service.actors import COMMAND_LINE, Role
from fee_service.app import create_app
from fee_service.keys import keyring
from fee_service.published.editions import Editions
from fee_service.settings import REPOSITORY, Settings

BUYER = "998-87-00028"
REQUEST = {
    "company": {"business_number": BUYER, "founded_on": "2010-01-01", "size": "large"},
    "starts_on": "2026-12-09",
    "licences": [{"contract": "real_time", "product": "securities_b"}],
}
FILE = f"""작성일자,승인번호,공급받는자사업자등록번호,품목명,공급가액,세액,service_month
2026-12-09,20261209-41000999-00000001,{BUYER},코스닥 실시간(증권B) 기본료,"800,000","80,000",2026-12
"""
Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def reconcile(editions: Editions, tmp_path_factory: pytest.TempPathFactory) -> Command:
    """The command in a process of its own, beside an installation with a contract."""
    instance = tmp_path_factory.mktemp("instance")
    app = create_app(Settings(instance=instance), editions)
    client = caller(app, keyring.create(app.extensions["database"], COMMAND_LINE, "tests", Role.FINANCE, "finance"))
    quote = client.post("/v1/quotes", json=REQUEST).get_json()
    assert client.post(f"/v1/quotes/{quote['id']}/acceptance").status_code == 200

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "fee_service", "reconcile", *map(str, arguments)]
        known = {**os.environ, "FEE_SERVICE_INSTANCE": str(instance)}
        return subprocess.run(
            command, env=known, cwd=REPOSITORY, capture_output=True, encoding="utf-8", timeout=60, check=False
        )

    return run


def test_the_result_is_written_and_summed_up_in_a_line(reconcile: Command, tmp_path: Path) -> None:
    """Securities B was billed for a whole month: 800,000 − 593,548 = 206,452 too much."""
    file, out = tmp_path / "매입.csv", tmp_path / "result.csv"
    file.write_text(FILE, "utf-8")
    done = reconcile(file, "--out", out)
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines()[-1].startswith(f"{out}: 1 overbilled")
    assert done.stderr.endswith("the sum closes\n")
    with out.open(encoding="utf-8-sig", newline="") as written:
        text = written.read()
    assert "206452" in text
    assert "not_prorated" in text
    assert len(list(csv.reader(text.splitlines()))) > 1
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_what_is_wrong_ends_the_command_and_writes_nothing(reconcile: Command, tmp_path: Path) -> None:
    """A name of no kind, a folder that is not there, a number that is none, a file that holds no invoices."""
    file, other = tmp_path / "list.csv", tmp_path / "list.pdf"
    file.write_text(FILE, "utf-8")
    other.write_bytes(b"%PDF-1.7 nothing")
    for arguments, said in (
        ((file, "--out", tmp_path / "result.doc"), "the name must end with"),
        ((file, "--out", tmp_path / "nowhere" / "result.csv"), "there is no such folder"),
        ((file, "--out", tmp_path / "result.csv", "--own-number", "123"), "is no business number"),
        ((other, "--out", tmp_path / "result.csv", "--lang", "en"), "holds no invoices"),
    ):
        done = reconcile(*arguments)
        assert done.returncode != 0
        assert said in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["list.csv", "list.pdf"]
