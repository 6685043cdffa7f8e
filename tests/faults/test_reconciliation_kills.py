"""Worker, service and database killed while invoices are reconciled: the same lines as in peace, each invoice once."""

import csv
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from breaking import PostgreSQL, until
from sqlalchemy import func, select
from supervising import Supervised
from support.serving import REPOSITORY, SECRET_KEY

from fee_service.storage.database import Database
from fee_service.storage.tables import findings, reconciled_invoices

KILLS = int(os.environ.get("FAULT_TEST_KILLS", "3"))
BUYER, SELLER, OTHER = "998-87-00028", "998-81-00012", "998-86-00036"
OURS, LINES = 120, 30_000  # invoices of the contract; lines of the file, most of them another company's
NAME = "list.csv"
BODY: dict[str, Any] = {
    "company": {"business_number": BUYER, "founded_on": "2010-01-01", "size": "large"},
    "starts_on": "2026-01-09",
    "licences": [{"contract": "real_time", "product": "securities_a"}],
}
HEAD = ("issued_on", "invoice_number", "supplier", "customer", "fee", "product", "service_month", "amount", "vat")


def write(path: Path) -> None:
    """A list in which the fee of January is billed again and again, among the rows of somebody else."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(HEAD)
        for number in range(LINES):
            ours = number % (LINES // OURS) == 0
            rows.writerow(
                [
                    *("2026-01-09", f"2026010941000999{number:08}", SELLER, BUYER if ours else OTHER),
                    *("base_fee", "securities_a", "2026-01", 2_000_000 - number, 0),
                ]
            )


def in_peace(url: str, file: Path, instance: Path) -> bytes:
    """The result as the command writes it, which keeps nothing."""
    out = instance / "peace.csv"
    known = {
        **os.environ,
        "FEE_SERVICE_DATABASE_URL": url,
        "FEE_SERVICE_INSTANCE": str(instance),
        "FEE_SERVICE_SECRET_KEY": SECRET_KEY,
    }
    command = [sys.executable, "-m", "fee_service", "reconcile", str(file), "--out", str(out)]
    subprocess.run(command, cwd=REPOSITORY, env=known, check=True, capture_output=True)
    return out.read_bytes()


def test_a_reconciliation_survives_whoever_is_killed(
    supervised_jobs: Supervised, url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """The file of the result has the bytes of the command; each invoice is kept once, each finding entered once."""
    supervised = supervised_jobs
    key = supervised.service.key("admin")
    quote = json.loads(supervised.service.ask("POST", "/v1/quotes", BODY, key)[2])
    assert supervised.service.ask("POST", f"/v1/quotes/{quote['id']}/acceptance", None, key)[0] == 200
    file = tmp_path / NAME
    write(file)
    peace = in_peace(url, file, tmp_path)
    status, headers, content = supervised.service.send(
        "/v1/reconciliations", file.read_bytes(), key, "text/csv", f'attachment; filename="{NAME}"'
    )
    assert status == 202, content
    place, chance = headers["Location"], random.Random(11)
    for number in range(KILLS):
        supervised.work()
        time.sleep(chance.uniform(0.3, 2.5))
        supervised.kill_worker()
        if number % 2:
            supervised.kill_service()
        elif url.startswith("postgresql"):
            cluster: PostgreSQL = request.getfixturevalue("postgresql")
            cluster.stop(signal.SIGKILL)
            cluster.start()
    supervised.work()
    until(lambda: supervised.done(place, key), 120)
    made = supervised.service.ask("GET", f"{place}.csv", None, key)
    assert made[0] == 202, made
    until(lambda: supervised.done(made[1]["Location"], key), 60)
    assert supervised.service.ask("GET", f"{made[1]['Location']}/result", None, key)[2] == peace
    assert peace.count(b"\n") > LINES
    database = Database(url)
    with database.reading() as connection:
        kept = connection.execute(select(func.count()).select_from(reconciled_invoices)).scalar()
        entered = connection.execute(select(func.count()).select_from(findings)).scalar()
    database.close()
    summary = json.loads(supervised.service.ask("GET", place, None, key)[2])["summary"]
    assert (kept, summary["closes"]) == (OURS, True)
    assert entered == summary["findings"]["new"] > 0
