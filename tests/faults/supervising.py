"""A service and a worker that die and come back, for faults in the midst of jobs."""

import json
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from breaking import start, until
from support.serving import REPOSITORY

LEASE = 1  # seconds


class Supervised:
    """A service and a worker that are started anew when they die, on the same port, as systemd would."""

    def __init__(self, url: str, folder: Path) -> None:
        self._folder, self._settings = folder, {"database_url": url, "lease": str(LEASE)}
        self.service = start(folder, **self._settings).__enter__()
        self._worker: subprocess.Popen[bytes] | None = None

    def work(self) -> None:
        """Have a worker, anew if it is dead."""
        if self._worker is None or self._worker.poll() is not None:
            with open(self._folder / f"log-worker-{time.monotonic_ns()}", "wb") as log:
                self._worker = subprocess.Popen(
                    [sys.executable, "-m", "fee_service", "worker"],
                    cwd=REPOSITORY,
                    env=self.service.environ,
                    stderr=log,
                )

    def kill_worker(self) -> None:
        """In the midst of whatever it does."""
        assert self._worker is not None
        self._worker.kill()
        self._worker.wait()

    def kill_service(self) -> None:
        """The master; the workers notice by themselves, and there is a new start."""
        orphans = self.service.workers()
        self.service.process.kill()
        self.service.process.wait()
        until(lambda: not any(Path(f"/proc/{orphan}/exe").exists() for orphan in orphans))
        self.service = start(self._folder, port=self.service.port, **self._settings).__enter__()

    def stop(self) -> None:
        """Leave none behind."""
        if self._worker is not None:
            self._worker.terminate()
            self._worker.wait(30)
        self.service.stop()

    def done(self, place: str, key: str) -> bool:
        """Whether a job is done; it must not fail."""
        with suppress(OSError):
            status, _, content = self.service.ask("GET", place, None, key)
            if status == 200:
                told = json.loads(content)["status"]
                assert told in ("queued", "running", "done"), content
                return bool(told == "done")
        return False
