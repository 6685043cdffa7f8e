"""The service as it is run: gunicorn with two workers on loopback, in an installation of its own."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from fee_service.settings import REPOSITORY

START_SECONDS = 30
SECRET_KEY = "of-tests-" * 6
GUNICORN = ("-m", "gunicorn", "--config", "gunicorn.conf.py", "wsgi:app")


def free_port() -> int:
    """A port that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


class Service:
    """A running service; what it logs is kept in a file."""

    def __init__(
        self, instance: Path, port: int | None = None, command: Sequence[str] = GUNICORN, **settings: str
    ) -> None:
        self.port = port or free_port()
        self.log = instance / f"log-{time.monotonic_ns()}"
        self.environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith("FEE_SERVICE_")},
            "FEE_SERVICE_INSTANCE": str(instance),
            "FEE_SERVICE_BIND": f"127.0.0.1:{self.port}",
            **({"FEE_SERVICE_SECRET_KEY": SECRET_KEY} if "database_url" in settings else {}),
            **{f"FEE_SERVICE_{name.upper()}": value for name, value in settings.items()},
        }
        self.environ.pop("PROMETHEUS_MULTIPROC_DIR", None)
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, *command], cwd=REPOSITORY, env=self.environ, stderr=log, stdout=log
            )

    def __enter__(self) -> Self:
        give_up = time.monotonic() + START_SECONDS
        while time.monotonic() < give_up and self.process.poll() is None:
            try:
                if self.ask("GET", "/healthz")[0] == 200:
                    return self
            except OSError:
                time.sleep(0.05)
        self.stop()
        raise RuntimeError(self.log.read_text())

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self.stop()

    def stop(self, how: int = signal.SIGTERM) -> int:
        """End the service; answers its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(30)

    def command(self, *arguments: str) -> str:
        """What the command line prints in this installation."""
        done = subprocess.run(
            [sys.executable, "-m", "fee_service", *arguments],
            cwd=REPOSITORY, env=self.environ, capture_output=True, encoding="utf-8", check=True, timeout=60,
        )  # fmt: skip
        return done.stdout.strip()

    def key(self, role: str = "sales") -> str:
        """A new key."""
        return self.command("keys", "create", "--role", role, "--name", "tests")

    def ask(
        self, method: str, path: str, body: Any = None, key: str | None = None, patience: float = 20, **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and content of an answer, on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=patience)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent |= {"Authorization": f"Bearer {key}"} if key else {}
        sent |= {"Content-Type": "application/json"} if body is not None else {}
        try:
            connection.request(method, path, None if body is None else json.dumps(body), sent)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def send(
        self, path: str, file: bytes, key: str, content_type: str, disposition: str
    ) -> tuple[int, dict[str, str], bytes]:
        """The same of a file that is sent as the body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        named = {"Authorization": f"Bearer {key}", "Content-Type": content_type, "Content-Disposition": disposition}
        with contextlib.closing(connection):
            connection.request("POST", path, file, named)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()

    def workers(self) -> list[int]:
        """The processes that answer."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(child) for child in children.split()]

    def metrics(self) -> dict[str, float]:
        """All samples by name and labels."""
        lines = self.ask("GET", "/metrics")[2].decode().splitlines()
        samples = (line.rpartition(" ") for line in lines if not line.startswith("#"))
        return {name: float(value) for name, _, value in samples}

    def logged(self) -> list[dict[str, Any]]:
        """Every line of the log; each is a JSON object."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]
