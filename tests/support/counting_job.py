"""A kind of job for tests: adds up the bytes of a file, writes lines, fails or dawdles where its params say so."""

from __future__ import annotations

import hashlib
import os
import signal
import sys
import time
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from fee_service.actors import COMMAND_LINE, Actor
from fee_service.errors import Fault, FeeError
from fee_service.jobs.asking import enqueue
from fee_service.jobs.kinds import Kind, Result, Task, kinds
from fee_service.jobs.working import Worker
from fee_service.storage.database import Database

LINES = 50  # of a chunk


def chunks(task: Task) -> Iterator[bytes]:
    """So many chunks of lines, each of which depends on the params, the files and its own number."""
    seed = hashlib.sha256()
    for piece in task.file():
        seed.update(piece)
    task.expect(task.params["chunks"])
    for number in range(task.first, task.params["chunks"]):
        time.sleep(task.params.get("seconds", 0))
        if number == task.params.get("refuses_at"):
            raise FeeError([Fault("empty_body"), Fault("unknown_field", "/x", {"field": "x", "known": "-"})])
        if number == task.params.get("kills_at"):
            os.kill(os.getpid(), signal.SIGKILL)
        if number == task.params.get("fails_at"):
            raise RuntimeError("a fault of ours")
        yield chunk(seed.hexdigest(), number)


def chunk(seed: str, number: int) -> bytes:
    """What a chunk is."""
    lines = (hashlib.sha256(f"{seed}:{number}:{line}".encode()).hexdigest() for line in range(LINES))
    return "".join(f"{number},{line}\n" for line in lines).encode()


def finish(connection: Connection, task: Task) -> dict[str, Any]:
    """How much was made, read anew."""
    if task.params.get("refuses_at_the_end"):
        raise FeeError([Fault("empty_body")])
    return {"lines": sum(content.count(b"\n") for content in task.chunks(connection))}


COUNTING = Kind("counting", chunks, finish, Result("text/csv; charset=utf-8", "csv"))
COUNTED = Kind("counted", chunks, finish)  # nothing to fetch
COUNTING_KINDS = kinds([COUNTING, COUNTED])


def expected(chunks: int, file: bytes = b"") -> bytes:
    """What an undisturbed job makes."""
    seed = hashlib.sha256(file).hexdigest()
    return b"".join(chunk(seed, number) for number in range(chunks))


def ask(database: Database, chunks: int, file: bytes = b"", actor: Actor = COMMAND_LINE, **params: Any) -> str:
    """Have lines written; answers the job's id."""
    kind = params.pop("kind", "counting")
    pieces = [file[at : at + 100_000] for at in range(0, len(file), 100_000)]
    return enqueue(database, kind, actor, "tests", {"chunks": chunks, **params}, [pieces] if file else ())


def main(url: str, lease: str) -> None:
    """A worker for these kinds alone, as `python -m fee_service worker` is one for those of the service."""
    from fee_service.operations.logs import configure

    configure("info")
    worker = Worker(Database(url), COUNTING_KINDS, lease=float(lease), poll=0.05)
    signal.signal(signal.SIGTERM, lambda *_: worker.stop())
    worker.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
