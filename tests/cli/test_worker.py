"""`python -m fee_service worker`: ends when it is asked to, when nothing is left, or with the service beside it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from support.serving import Service, free_port

from fee_service.settings import REPOSITORY


def begun(tmp_path: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """A worker in an installation of its own."""
    environ = {**os.environ, "FEE_SERVICE_INSTANCE": str(tmp_path), "FEE_SERVICE_LOG_LEVEL": "warning"}
    command = [sys.executable, "-m", "fee_service", "worker", *arguments]
    return subprocess.Popen(command, cwd=REPOSITORY, env=environ, stderr=subprocess.PIPE)


def comes_true(holds: Callable[[], bool], seconds: float = 15) -> bool:
    """Whether something holds within some seconds."""
    give_up = time.monotonic() + seconds
    while not (found := holds()) and time.monotonic() < give_up:
        time.sleep(0.05)
    return found


def workers_of(instance: Path) -> list[int]:
    """Every worker of an installation, as the system lists processes."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command, environ = ((process / name).read_bytes() for name in ("cmdline", "environ"))
        except OSError:
            continue
        if b"\0worker\0" in command and f"FEE_SERVICE_INSTANCE={instance}\0".encode() in environ:
            found.append(int(process.name))
    return found


def test_with_nothing_to_do_it_ends_or_waits_until_it_is_told(tmp_path: Path) -> None:
    """Exit status 0 either way, and not a word on standard error."""
    once, lasting = begun(tmp_path, "--once"), begun(tmp_path)
    assert once.wait(30) == 0
    assert comes_true(lambda: (tmp_path / "fee_service.db").exists())
    assert lasting.poll() is None
    lasting.send_signal(signal.SIGTERM)
    assert lasting.wait(30) == 0
    assert [worker.communicate()[1] for worker in (once, lasting)] == [b"", b""]


def test_serve_starts_one_beside_that_ends_with_it(tmp_path: Path) -> None:
    """Also where the service is killed."""
    port = free_port()
    with Service(tmp_path, port=port, command=("-m", "fee_service", "serve", "--port", str(port))) as running:
        assert comes_true(lambda: len(workers_of(tmp_path)) == 1)
        running.stop(signal.SIGKILL)
        assert comes_true(lambda: not workers_of(tmp_path))
