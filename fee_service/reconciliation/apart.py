"""Files looked at in a process of its own: their libraries, memory and time are taken from nobody who asks a quote."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import orjson

from fee_service.errors import Fault, FeeError
from fee_service.settings import REPOSITORY
from fee_service.strict_json import Data
from fee_service.wording import Language

SECONDS = 30  # of the clock; as many of the processors
_NOT_IN_TIME = Fault("preview_not_in_time", "", {"seconds": SECONDS})


def understood_apart(files: Iterable[tuple[Path, str]], language: Language, own_number: str | None = None) -> Data:
    """What `understanding.understood` says. Raises FeeError (422) as it does, and with `preview_not_in_time`."""
    asked = {"files": [(str(path), name) for path, name in files], "language": language, "own_number": own_number}
    command = [sys.executable, "-m", "fee_service.reconciliation.apart"]
    try:
        done = subprocess.run(
            command, cwd=REPOSITORY, input=orjson.dumps(asked), capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise FeeError([_NOT_IN_TIME]) from None
    if done.returncode < 0:  # ended by the system: out of time, or of memory
        raise FeeError([_NOT_IN_TIME])
    if done.returncode:
        raise RuntimeError(done.stderr.decode("utf-8", "replace")[-2_000:])
    told: Data = orjson.loads(done.stdout)
    if "faults" in told:
        raise FeeError([Fault(*fault) for fault in told["faults"]])
    return told


def main() -> None:
    """Answer on standard output what is asked on standard input."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from fee_service.reconciliation.understanding import understood  # the libraries of columns, here alone

    asked = orjson.loads(sys.stdin.buffer.read())
    files = [(Path(path), name) for path, name in asked["files"]]
    try:
        told = understood(files, asked["language"], asked["own_number"])
    except FeeError as error:
        told = {"faults": [tuple(fault) for fault in error.faults]}
    sys.stdout.buffer.write(orjson.dumps(told))


if __name__ == "__main__":
    main()
