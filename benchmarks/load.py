"""The service under load: gunicorn as it is run, on loopback, and wrk."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

ADDRESS = "127.0.0.1:8765"
CLIENTS = 8
LUA = """
local started = tostring({}):gsub("[^%w]", "")
local bodies = {}
for line in io.lines("BODIES") do bodies[#bodies + 1] = line end
local headers = TABLE
local n = 0
request = function()
  n = n + 1
  KEYED
  return wrk.format("POST", nil, headers, bodies[n % #bodies + 1])
end
"""
KEYED = 'headers["Idempotency-Key"] = "\\"" .. started .. "-" .. n .. "\\""'


class Load(NamedTuple):
    """Requests per second and the 99th percentile in milliseconds, of one run of wrk."""

    rate: float
    p99: float


class Service:
    """A running service with a key of its own, and who asks it."""

    def __init__(self, process: int, script: Path, key: str) -> None:
        self._process, self._script, self.key = process, script, key

    def wrk(self, path: str, seconds: int, script: Path | None = None) -> Load:
        """What so many seconds of eight clients come to, who send the bodies (or those of a script) in turns."""
        return wrk(f"http://{ADDRESS}{path}", script or self._script, seconds)

    def script(self, name: str, bodies: Iterable[Any], keyed: bool = False) -> Path:
        """Other bodies to send; where asked, each request with an idempotency key that comes once."""
        return script(self._script.parent / name, bodies, self.key, keyed)

    def memory(self) -> int:
        """Resident set in MB of the larger worker."""
        found = subprocess.run(["pgrep", "-P", str(self._process)], capture_output=True, text=True, check=True)
        return max(_memory(int(line)) for line in found.stdout.split())


def wrk(url: str, asking: Path, seconds: int) -> Load:
    """What so many seconds of eight clients come to."""
    command = ["wrk", "-t1", f"-c{CLIENTS}", f"-d{seconds}s", "--latency", "-s", str(asking), url]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in told:
        raise RuntimeError(f"{url} refuses:\n{told}")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    p99 = re.search(r"99%\s+([\d.]+)(us|ms|s)", told)
    if rate is None or p99 is None:
        raise RuntimeError(told)
    scale = {"us": 0.001, "ms": 1.0, "s": 1000.0}[p99[2]]
    return Load(float(rate[1]), float(p99[1]) * scale)


@contextlib.contextmanager
def serving(
    folder: Path, bodies: Iterable[Any], app: str = "wsgi:app", role: str = "portal", **settings: str
) -> Iterator[Service]:
    """The service with two workers and limits that nobody reaches, in a folder of its own."""
    most = {"requests_per_minute": "100000000", "requests_per_day": "100000000", "log_level": "warning"}
    told = {**most, "workers": "2", "bind": ADDRESS, "instance": str(folder), **settings}
    environment = os.environ | {f"FEE_SERVICE_{name.upper()}": value for name, value in told.items()}
    key = _key(environment, role)
    usual = script(folder / "usual", bodies, key)
    command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", app]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, env=environment, **quiet) as server:
        try:
            _wait_until_ready()
            yield Service(server.pid, usual, key)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)


def _wait_until_ready() -> None:
    for _ in range(100):
        try:
            with urllib.request.urlopen(f"http://{ADDRESS}/healthz", timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")


def _key(environment: dict[str, str], role: str) -> str:
    """A key in a database of this run alone."""
    create = ["keys", "create", "--role", role, "--name", "benchmark"]
    command = [sys.executable, "-m", "fee_service", *create]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    return next(word for word in told.split() if word.startswith("fee_"))


def script(folder: Path, bodies: Iterable[Any], key: str = "", keyed: bool = False) -> Path:
    """What tells wrk which bodies to send in turns; a folder of its own for each."""
    folder.mkdir(exist_ok=True)
    lines, told = folder / "bodies.txt", folder / "post.lua"
    lines.write_text("\n".join(json.dumps(body) for body in bodies))
    headers = {"Content-Type": "application/json", "Accept-Language": "ko", "Authorization": f"Bearer {key}"}
    table = ", ".join(f'["{name}"] = "{value}"' for name, value in headers.items())
    text = LUA.replace("BODIES", str(lines)).replace("TABLE", "{" + table + "}")
    told.write_text(text.replace("KEYED", KEYED if keyed else ""))
    return told


def _memory(process: int) -> int:
    """Resident set in MB."""
    status = Path(f"/proc/{process}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) // 1024 if found else 0
