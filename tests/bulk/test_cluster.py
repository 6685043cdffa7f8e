"""The same rating on a cluster of Dask: equal to one process, also where a worker is killed; loopback or TLS only."""

import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from bulk.conftest import read, row, write

from fee_service.bulk import cluster, reading
from fee_service.bulk.cluster import Unsafe, rate_on_cluster, rate_part, refuse_unsafe
from fee_service.bulk.faults import BadRows
from fee_service.bulk.reading import Files
from fee_service.bulk.running import Sums, rate_files
from fee_service.published.editions import Editions

CONTRACTS = 600
ROWS_OF_A_PART = 40


@pytest.fixture(scope="module")
def workers() -> Iterator[Any]:
    """A cluster of two worker processes on this machine."""
    distributed = pytest.importorskip("distributed")
    options = {"host": "127.0.0.1", "dashboard_address": None, "threads_per_worker": 1, "silence_logs": 50}
    with distributed.LocalCluster(n_workers=2, **options) as running:
        yield running


@pytest.fixture
def licences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A table of many parts."""
    monkeypatch.setattr(reading, "ROWS_AT_ONCE", ROWS_OF_A_PART)
    rows = [row(contract=f"Q-{number:05}", personal_ids=number) for number in range(CONTRACTS)]
    return write(tmp_path / "in.parquet", rows)


def alone(licences: Path, editions: Editions) -> tuple[Sums, list[dict[str, Any]]]:
    """What one process makes of it."""
    out = licences.with_name("alone.parquet")
    return rate_files(Files(licences), out, editions, None, lambda done: None), read(out)


def test_a_cluster_writes_what_one_process_does_and_a_killed_worker_loses_and_doubles_nothing(
    workers: Any, licences: Path, editions: Editions
) -> None:
    """A worker is killed once the first parts are there: its tasks go on at the other, each part is there once."""
    sums, expected = alone(licences, editions)
    out, done, killed = licences.with_name("out"), [], []

    def kill_one(rows: int) -> None:
        done.append(rows)
        if not killed:
            killed.append(next(iter(workers.workers.values())).pid)
            threading.Thread(target=os.kill, args=(killed[0], signal.SIGKILL)).start()

    found = rate_on_cluster(Files(licences), out, editions, None, kill_one, workers.scheduler_address)
    assert killed
    assert (found, done[-1]) == (sums, CONTRACTS)
    assert read(out) == expected
    parts = sorted(path.name for path in out.iterdir())
    assert parts == [f"part-{number:05}.parquet" for number in range(len(parts))]
    assert len(parts) >= CONTRACTS // ROWS_OF_A_PART


@pytest.mark.parametrize("name", ["joined.parquet", "joined.csv"])
def test_the_parts_are_joined_where_a_file_is_wanted(
    name: str, workers: Any, licences: Path, editions: Editions
) -> None:
    """In the order of one process; no part is left beside it."""
    _, expected = alone(licences, editions)
    out = licences.with_name(name)
    rate_on_cluster(Files(licences), out, editions, None, lambda done: None, workers.scheduler_address)
    assert [each["net"] for each in read(out)] == [each["net"] for each in expected]
    assert sorted(path.name for path in out.parent.iterdir()) == ["alone.parquet", "in.parquet", name]


def test_a_bad_row_on_a_cluster_is_told_as_by_one_process(
    workers: Any, tmp_path: Path, editions: Editions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every bad row; nothing is written."""
    monkeypatch.setattr(reading, "ROWS_AT_ONCE", ROWS_OF_A_PART)
    rows = [row(contract=f"Q-{number:05}", size="tiny" if number in (7, 500) else "sme") for number in range(CONTRACTS)]
    files = Files(write(tmp_path / "in.parquet", rows))
    with pytest.raises(BadRows) as refused:
        rate_on_cluster(files, tmp_path / "out", editions, None, lambda done: None, workers.scheduler_address)
    assert [one.row for one in refused.value.faults] == [8, 501]
    assert [path.name for path in tmp_path.iterdir()] == ["in.parquet"]


def test_a_part_that_is_rated_twice_is_there_once(tmp_path: Path, editions: Editions) -> None:
    """A task that is tried again leaves the same bytes under the same name."""
    tables = reading.whole_contracts(Files(write(tmp_path / "in.parquet", [row()])).tables())
    task = cluster.Task(tmp_path / "part-00000.parquet", next(tables))
    recipe = cluster.Recipe("one", editions, None)
    once = rate_part(task, recipe)
    written = task.part.read_bytes()
    assert rate_part(task, recipe) == once
    assert task.part.read_bytes() == written
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.parquet", "part-00000.parquet"]


@pytest.mark.parametrize(
    "address", ["tcp://10.0.0.5:8786", "10.0.0.5:8786", "tcp://scheduler:8786", "ucx://127.0.0.1:8786",
                "tcp://[2001:db8::1]:8786", "tcp://localhost.example.com:8786", "inproc://127.0.0.1/1", "tcp://"]
)  # fmt: skip
def test_a_scheduler_in_the_clear_over_a_network_is_refused(
    address: str, tmp_path: Path, rate: Callable[..., Any]
) -> None:
    """Before anything is sent to it; the command says what to give."""
    with pytest.raises(Unsafe):
        refuse_unsafe(address)
    given = write(tmp_path / "in.parquet", [row()])
    told = rate(given, "--out", tmp_path / "out", "--engine", "dask", "--scheduler", address)
    assert told.exit_code == 1
    assert "a scheduler unpickles what it is sent" in told.output
    assert [path.name for path in tmp_path.iterdir()] == ["in.parquet"]


@pytest.mark.parametrize(
    "address", ["tls://10.0.0.5:8786", "tls://scheduler:8786", "tcp://127.0.0.1:8786", "127.0.0.1:1", "tcp://[::1]:8786",
                "tcp://localhost:8786"]
)  # fmt: skip
def test_loopback_and_tls_are_good(address: str) -> None:
    """Whatever the port."""
    refuse_unsafe(address)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed: no certificate can be made")
def test_a_scheduler_over_tls_rates_with_the_certificates_that_dask_is_told(
    tmp_path: Path, rate: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without them the command says what to set."""
    distributed = pytest.importorskip("distributed")
    certificate, key, given = tmp_path / "cert.pem", tmp_path / "key.pem", write(tmp_path / "in.parquet", [row()])
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate]  # fmt: skip
    subprocess.run(made, check=True, capture_output=True)
    told = {"ca-file": certificate, **{f"{who}.{what}": path for who in ("scheduler", "worker", "client")
                                       for what, path in (("cert", certificate), ("key", key))}}  # fmt: skip
    settings = {f"distributed.comm.tls.{name}": str(path) for name, path in told.items()}
    dask_config = distributed.client.dask.config
    options = {"host": "127.0.0.1", "dashboard_address": None, "threads_per_worker": 1, "silence_logs": 50}
    with dask_config.set(settings):
        security = distributed.Security(require_encryption=True)
        with distributed.LocalCluster(n_workers=1, protocol="tls", security=security, **options) as running:
            asked = ("--engine", "dask", "--scheduler", running.scheduler_address)
            good = rate(given, "--out", tmp_path / "out.csv", *asked)
            with dask_config.set(dict.fromkeys(settings)):
                bad = rate(given, "--out", tmp_path / "none.csv", *asked)
    assert good.exit_code == 0, good.output
    assert len(read(tmp_path / "out.csv")) == 60
    assert bad.exit_code == 1
    assert "DASK_DISTRIBUTED__COMM__TLS__CA_FILE" in bad.output


def test_a_scheduler_goes_with_dask_and_dask_may_be_missing(
    tmp_path: Path, rate: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command says which requirements to install."""
    given = write(tmp_path / "in.parquet", [row()])
    assert rate(given, "--out", tmp_path / "out", "--scheduler", "tls://a:1").exit_code == 2

    def not_there(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(cluster, "import_module", not_there)
    told = rate(given, "--out", tmp_path / "out", "--engine", "dask")
    assert told.exit_code == 1
    assert "requirements-cluster.txt" in told.output
