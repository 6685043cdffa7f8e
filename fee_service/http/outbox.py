"""A connection whose answers need no thread to wait for a caller who takes them slowly."""

from __future__ import annotations

import socket
import threading
from typing import Any

from fee_service.http.flows import Flow

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
        self.flow: Flow | None = None  # while it is that of a stream, a thread of which waits for the caller

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)

    def recv(self, number: int, *flags: int) -> bytes:
        """What has come."""
        return self._sock.recv(number, *flags) if self.flow is None else self.flow.recv(number)

    def sendall(self, data: bytes) -> None:
        """Send what is taken and keep the rest; of a stream, send all."""
        if self.flow is not None:
            self.flow.sendall(data)
            return
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

    def stream(self, patience: float, stopping: threading.Event) -> None:
        """From now on a thread waits for the caller."""
        self.flow = Flow(self._sock, patience, stopping)

    def end_stream(self) -> None:
        """Nobody waits any more."""
        if self.flow is not None:
            self.flow.close()
            self.flow = None

    def close(self) -> None:
        self._taken()
        self.end_stream()
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
