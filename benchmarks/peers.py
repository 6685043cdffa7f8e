"""The peers that are measured against: each in an environment of its own, never a dependency."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

HOME = Path("build/peers").absolute()
SIDES = Path(__file__).parent / "sides"
ADDRESS = "127.0.0.1:8766"
SERVER = ("flask==3.1.3", "gunicorn")
HOW_SERVED = ("--workers", "2", "--threads", "4", "--reuse-port", "--keep-alive", "5")  # as the service is


class Peer(NamedTuple):
    """A published engine and what it needs to be served."""

    name: str
    requirements: tuple[str, ...]

    def python(self) -> str:
        """The interpreter of its environment, made when it is first asked for. Raises CalledProcessError."""
        python = HOME / self.name / "bin" / "python"
        if not python.exists():
            subprocess.run([sys.executable, "-m", "venv", str(HOME / self.name)], check=True, capture_output=True)
            pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *self.requirements]
            subprocess.run(pip, check=True, capture_output=True)
        return str(python)

    def answer(self, script: str, given: Any) -> Any:
        """What a script of ours says in its environment, JSON in and out. Raises CalledProcessError."""
        command = [self.python(), str(SIDES / script)]
        told = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, check=True)
        return json.loads(told.stdout)

    @contextlib.contextmanager
    def serving(self, app: str, path: str, body: Any) -> Iterator[Any]:
        """The peer behind the same kind of server; answers what it says to the body before it is loaded."""
        command = [self.python(), "-m", "gunicorn", "--bind", ADDRESS, *HOW_SERVED, app]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with subprocess.Popen(command, cwd=SIDES, env=os.environ, **quiet) as server:
            try:
                yield _first_answer(path, body)
            finally:
                server.send_signal(signal.SIGTERM)
                server.wait(30)


ZEN = Peer("zen", ("zen-engine==2.1.3", *SERVER))
OPENFISCA = Peer("openfisca", ("openfisca-core[web-api]==46.0.1",))


def _first_answer(path: str, body: Any) -> Any:
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"http://{ADDRESS}{path}", json.dumps(body).encode(), headers)
    for _ in range(200):
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return json.load(answer)
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the peer does not answer at {path}")
