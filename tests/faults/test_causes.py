"""Each fault of the storage, made for real, is told by its code: at /readyz, in one line of the log, in the metrics."""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from breaking import BODY, ISSUE, PREVIEW, as_nobody_special, fill, issued, small_disk, start, until
from support.serving import Service

Fault = Callable[[Path], contextlib.AbstractContextManager[None]]


@contextlib.contextmanager
def full(folder: Path) -> Iterator[None]:
    """No byte is left."""
    filler = fill(folder)
    yield
    filler.unlink()


@contextlib.contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """The database was put back by somebody else, as a file that may only be read."""
    file = folder / "fee_service.db"
    file.chmod(0o400)
    yield
    file.chmod(0o600)


@contextlib.contextmanager
def busy(folder: Path) -> Iterator[None]:
    """Somebody else writes and does not end."""
    connection = sqlite3.connect(folder / "fee_service.db", isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    yield
    connection.execute("ROLLBACK")
    connection.close()


def beside_its_log(folder: Path, disk: Path) -> Service:
    """A service of one worker; the disk of its database may be full, that of its log is not."""
    return start(folder, workers="1", database_url=f"sqlite:///{disk / 'fee_service.db'}")


def not_ready(service: Service, code: str) -> bool:
    status, _, content = service.ask("GET", "/readyz", None, None)
    return status == 503 and code.encode() in content


def lines(service: Service, beginning: str) -> list[str]:
    return [line["event"] for line in service.logged() if line["event"].startswith(beginning)]


@pytest.mark.parametrize(("code", "fault"), [("storage_full", full), ("storage_busy", busy)])
def test_a_fault_is_told_by_its_code_once(code: str, fault: Fault, tmp_path: Path) -> None:
    """Without a single quote being asked for: the probe finds it, and finds that it is over."""
    with small_disk(tmp_path / "disk", 24) as disk, beside_its_log(tmp_path, disk) as service:
        key = service.key()
        issued(service, key)
        assert service.ask("GET", "/readyz")[0] == 200
        with fault(disk):
            until(lambda: not_ready(service, code))
            assert service.ask("POST", ISSUE, BODY, key)[0] == 503
            assert not_ready(service, code)
            assert service.ask("POST", PREVIEW, BODY, key)[0] == 200
            counted = service.metrics()[f'fee_service_unavailable_total{{code="{code}"}}']
            assert counted >= 3
        until(lambda: service.ask("GET", "/readyz")[0] == 200)
        issued(service, key)
        told_by_log(service, code)


def test_a_read_only_file_is_told_by_its_code_once(tmp_path: Path) -> None:
    """From the start of the service on, which nobody else may do than who may not write everything."""
    with start(tmp_path) as service:
        key = service.key()
        issued(service, key)
    with read_only(tmp_path), start(tmp_path, workers="1", command=as_nobody_special()) as service:
        until(lambda: not_ready(service, "storage_read_only"))
        assert service.ask("POST", ISSUE, BODY, key)[0] == 503
        (tmp_path / "fee_service.db").chmod(0o600)
        until(lambda: service.ask("GET", "/readyz")[0] == 200)
        told_by_log(service, "storage_read_only")


def told_by_log(service: Service, code: str) -> None:
    """One line when it began, with the code and what the system said; one when it was over."""
    (began,) = lines(service, "storage fails")
    assert began.startswith(f"storage fails: {code} (")
    assert len(began) > len(f"storage fails: {code} ()")
    (over,) = lines(service, "storage works again")
    assert over.endswith(code)
