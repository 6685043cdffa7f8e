"""What needs a library that is heavy, done by a process of its own: who answers requests keeps its memory.

The process gets frames on its standard input, each with its length before it: first what is asked, as JSON, then the
chunks of a job as it takes them. What it writes is the answer. It may end before it has taken all.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import IO, Any

import orjson

AT_ONCE = threading.BoundedSemaphore(2)  # processes that one of ours has beside it; others wait
_LENGTH = 8  # bytes


def aside(module: str, asked: Any, chunks: Iterable[bytes], seconds: float) -> bytes:
    """What a module answers. Raises what the chunks raise, and subprocess.SubprocessError where there is no answer."""
    command = [sys.executable, "-m", module]
    with AT_ONCE, subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        clock = threading.Timer(seconds, process.kill)
        reader = _Reader(process.stdout)
        clock.start()
        reader.start()
        try:
            _send(process.stdin, orjson.dumps(asked), chunks)
            reader.join()
        finally:
            clock.cancel()
            if reader.is_alive():  # the chunks ended with an error
                process.kill()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return reader.content


def taken() -> tuple[Any, Iterator[bytes]]:
    """In the process: what is asked, and the chunks as they come."""
    frames = _frames(sys.stdin.buffer)
    return orjson.loads(next(frames)), frames


class _Reader(threading.Thread):
    """Reads what comes out while the chunks go in."""

    def __init__(self, output: IO[bytes]) -> None:
        super().__init__(name="aside", daemon=True)
        self._output = output
        self.content = b""

    def run(self) -> None:
        self.content = self._output.read()


def _send(into: IO[bytes], asked: bytes, chunks: Iterable[bytes]) -> None:
    """The frames, as far as they are taken."""
    with suppress(BrokenPipeError):
        _write(into, asked)
        for chunk in chunks:
            _write(into, chunk)
    with suppress(BrokenPipeError):
        into.close()


def _write(into: IO[bytes], frame: bytes) -> None:
    into.write(len(frame).to_bytes(_LENGTH, "big"))
    into.write(frame)
    into.flush()


def _frames(of: IO[bytes]) -> Iterator[bytes]:
    while length := of.read(_LENGTH):
        yield of.read(int.from_bytes(length, "big"))
