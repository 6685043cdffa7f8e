"""A connection whose answers need no thread to wait for a caller who takes them slowly."""

from __future__ import annotations

import socket
import threading
from typing import Any

MOST_KEPT = 64_000_000  # bytes of answers that a worker keeps for slow callers; beyond, a thread waits


class Kept:
    """How many bytes of answers wait for their callers."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.bytes = 0

    def add(self, number: int) -> bool:
        """Whether there is room for so many more; then they are counted."""
        with self._lock:
            if self.bytes + number > MOST_KEPT:
                return False
            self.bytes += number
            return True

    def remove(self, number: int) -> None:
        with self._lock:
            self.bytes -= number


class Outbox:
    """A socket that keeps what its caller does not take at once, to be sent when he does; otherwise a socket."""

    def __init__(self, sock: socket.socket, kept: Kept) -> None:
        self._sock = sock
        self._kept = kept
        self.waiting = bytearray()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)

    def sendall(self, data: bytes) -> None:
        """Send what is taken and keep the rest."""
        rest = memoryview(data)
        if not self.waiting:
            rest = rest[self._send(rest) :]
        if not rest:
            return
        if self._kept.add(len(rest)):
            self.waiting += rest
            return
        if self.waiting:
            self._sock.setblocking(True)
            self._sock.sendall(self._taken())
        self._sock.sendall(rest)

    def push(self) -> bool:
        """Send some of what is kept; whether nothing is left."""
        sent = self._send(memoryview(bytes(self.waiting[:262_144])))
        del self.waiting[:sent]
        self._kept.remove(sent)
        return not self.waiting

    def close(self) -> None:
        self._taken()
        self._sock.close()

    def _send(self, data: memoryview) -> int:
        try:
            return self._sock.send(data, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return 0

    def _taken(self) -> bytes:
        """What is kept, which is kept no longer."""
        data = bytes(self.waiting)
        self.waiting.clear()
        self._kept.remove(len(data))
        return data
