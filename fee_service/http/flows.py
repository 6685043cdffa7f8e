"""The connection of a stream: as long as it is read and written, a thread of its own waits here for the caller.

Nothing of it is kept in memory. Who sends all before he takes an answer would wait for us while we wait for him:
what he sends meanwhile goes to a file without a name.
"""

from __future__ import annotations

import select
import socket
import tempfile
import threading
import time
from errno import ECONNRESET
from typing import IO

CREDIT = 60.0  # seconds that a caller may let us wait in all
SLOWEST = 10_000  # bytes for which he is given another second
MOST_SPOOLED = 1 << 30  # bytes of a request that wait on the disk
PIECE = 262_144


class TooSlow(ConnectionResetError):
    """Too long without a byte, or too few of them; the connection ends."""


class Flow:
    """Reads and writes a connection for a thread that waits, but not for ever.

    `patience` is how many seconds may pass without a byte. All waiting is paid from a credit, which bytes that move
    fill up again: a trickle does not hold a place in which others could be served. When the process stops, it ends.
    """

    def __init__(self, sock: socket.socket, patience: float, stopping: threading.Event) -> None:
        self._sock, self._patience, self._stopping = sock, patience, stopping
        self._credit = CREDIT
        self._ended = False  # nothing more comes
        self._spool: IO[bytes] | None = None
        self._read_at = self._written_to = 0  # places in the spool

    def recv(self, number: int) -> bytes:
        """What has come, at least a byte; nothing where no more comes. Raises OSError."""
        while True:
            if self._read_at < self._written_to:
                return self._unspooled(number)
            if self._ended:
                return b""
            piece = self._received(number)
            if piece is not None:
                self._ended = not piece
                return piece
            self._wait(select.POLLIN)

    def sendall(self, data: bytes) -> None:
        """Send all of it. Raises OSError."""
        rest = memoryview(data)
        while rest:
            try:
                sent = self._sock.send(rest, socket.MSG_DONTWAIT)
            except BlockingIOError:
                room = not self._ended and self._written_to - self._read_at < MOST_SPOOLED
                if self._wait(select.POLLOUT | (select.POLLIN if room else 0)) & select.POLLIN:
                    self._take_meanwhile()
                continue
            self._earn(sent)
            rest = rest[sent:]

    def close(self) -> None:
        """Forget what was not read."""
        if self._spool is not None:
            self._spool.close()
            self._spool, self._read_at, self._written_to = None, 0, 0

    def _received(self, number: int) -> bytes | None:
        """What has come; None where nothing has."""
        try:
            piece = self._sock.recv(number, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return None
        self._earn(len(piece))
        return piece

    def _take_meanwhile(self) -> None:
        piece = self._received(PIECE)
        if piece is None:
            return
        if not piece:
            self._ended = True
            return
        if self._spool is None:
            self._spool = tempfile.TemporaryFile(prefix="fee-service-stream-")  # noqa: SIM115 (close() does it)
        self._spool.seek(self._written_to)
        self._spool.write(piece)
        self._written_to += len(piece)

    def _unspooled(self, number: int) -> bytes:
        assert self._spool is not None
        self._spool.seek(self._read_at)
        piece = self._spool.read(min(number, self._written_to - self._read_at))
        self._read_at += len(piece)
        if self._read_at == self._written_to:
            self._spool.truncate(0)
            self._read_at = self._written_to = 0
        return piece

    def _earn(self, number: int) -> None:
        self._credit = min(CREDIT, self._credit + number / SLOWEST)

    def _wait(self, events: int) -> int:
        """What the connection is ready for. Raises TooSlow."""
        began = time.monotonic()
        patience = max(0.0, min(self._patience, self._credit))  # poll would wait for ever for less
        waiting = select.poll()
        waiting.register(self._sock, events)
        while not (ready := waiting.poll(min(1.0, patience) * 1000)):
            if self._stopping.is_set() or time.monotonic() - began >= patience:
                raise TooSlow(ECONNRESET, "the caller is too slow")
        self._credit -= time.monotonic() - began
        return ready[0][1]
