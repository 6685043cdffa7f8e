"""The preview over HTTP: against a bare route in the same server, with wrk; and the memory of its workers."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks.requests import variations
from benchmarks.row import Row, unmeasured

ADDRESS = "127.0.0.1:8765"
ROUNDS, SECONDS, COMPANIES = 3, 6, 300
LUA = """
local bodies = {}
for line in io.lines("BODIES") do bodies[#bodies + 1] = line end
local n = 0
request = function()
  n = n + 1
  return wrk.format("POST", nil, HEADERS, bodies[n % #bodies + 1])
end
"""


class Load(NamedTuple):
    """Requests per second and the 99th percentile in milliseconds, of one run of wrk."""

    rate: float
    p99: float


def measure() -> list[Row]:
    what, wanted = "POST /v1/quotes/preview, requests per second against a bare route", "≥ 0.5"
    if shutil.which("wrk") is None:
        return [unmeasured(what, wanted, "wrk is not installed")]
    with tempfile.TemporaryDirectory() as folder:
        return _measure(Path(folder), what, wanted)


def _measure(folder: Path, what: str, wanted: str) -> list[Row]:
    most = {"FEE_SERVICE_REQUESTS_PER_MINUTE": "100000000", "FEE_SERVICE_REQUESTS_PER_DAY": "100000000"}
    environment = os.environ | most | {"FEE_SERVICE_BIND": ADDRESS, "FEE_SERVICE_INSTANCE": str(folder)}
    script = _script(folder, _key(environment))
    command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "benchmarks.served:app"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, env=environment, **quiet) as server:
        try:
            _wait_until_ready()
            runs: dict[str, list[Load]] = {"/bare": [], "/v1/quotes/preview": []}
            for _ in range(ROUNDS):
                for path, loads in runs.items():
                    loads.append(_wrk(path, script))
            memory = max(_memory(worker) for worker in _workers(server.pid))
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)
    bare, preview = runs["/bare"], runs["/v1/quotes/preview"]
    rate = median(p.rate / b.rate for b, p in zip(bare, preview, strict=True))
    tail = median(p.p99 / b.p99 for b, p in zip(bare, preview, strict=True))
    rates = f"{median(p.rate for p in preview):,.0f} against {median(b.rate for b in bare):,.0f} a second"
    tails = f"{median(p.p99 for p in preview):.1f} against {median(b.p99 for b in bare):.1f} ms"
    setting = f"2 workers × 4 threads, 8 connections, {COMPANIES} companies, {ROUNDS} rounds in turns"
    return [
        Row(what, f"{rate:.2f}", wanted, rate >= 0.5, f"{rates}; {setting}"),
        Row(
            "The same, 99th percentile against the bare route's",
            f"{tail:.1f} times",
            "≤ 3 times",
            tail <= 3,
            tails,
        ),
        Row(
            "Memory of a worker after the load",
            f"{memory} MB",
            "< 150 MB",
            memory < 150,
            "resident set of the larger one",
        ),
    ]


def _wait_until_ready() -> None:
    for _ in range(100):
        try:
            with urllib.request.urlopen(f"http://{ADDRESS}/healthz", timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")


def _key(environment: dict[str, str]) -> str:
    """A key of the role that the portal has, in a database of this run alone."""
    create = ["keys", "create", "--role", "portal", "--name", "benchmark"]
    command = [sys.executable, "-m", "fee_service", *create]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    return next(word for word in told.split() if word.startswith("fee_"))


def _script(folder: Path, key: str) -> Path:
    bodies, script = folder / "bodies.txt", folder / "post.lua"
    bodies.write_text("\n".join(json.dumps(request) for request in variations(COMPANIES)))
    headers = {"Content-Type": "application/json", "Accept-Language": "ko", "Authorization": f"Bearer {key}"}
    table = ", ".join(f'["{name}"] = "{value}"' for name, value in headers.items())
    script.write_text(LUA.replace("BODIES", str(bodies)).replace("HEADERS", "{" + table + "}"))
    return script


def _wrk(path: str, script: Path) -> Load:
    command = ["wrk", "-t1", "-c8", f"-d{SECONDS}s", "--latency", "-s", str(script), f"http://{ADDRESS}{path}"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in told:
        raise RuntimeError(f"{path} refuses:\n{told}")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    p99 = re.search(r"99%\s+([\d.]+)(us|ms|s)", told)
    if rate is None or p99 is None:
        raise RuntimeError(told)
    scale = {"us": 0.001, "ms": 1.0, "s": 1000.0}[p99[2]]
    return Load(float(rate[1]), float(p99[1]) * scale)


def _workers(master: int) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(master)], capture_output=True, text=True, check=True)
    return [int(line) for line in found.stdout.split()]


def _memory(process: int) -> int:
    """Resident set in MB."""
    status = Path(f"/proc/{process}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) // 1024 if found else 0
