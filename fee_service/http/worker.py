"""gunicorn's threaded worker, in which threads answer and never wait for a caller.

The original gives every new connection a thread, which waits there for the first bytes, for the rest of the head, for
the body, and for the answer to be taken; and it closes connections with patience in its main loop. A few callers who
say nothing hold all of it up. Here the loop that watches all connections waits: a request is handed over when it is
whole, what a caller does not take at once is kept, and a connection is let go in the same loop.
"""

from __future__ import annotations

import errno
import selectors
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http import HTTPStatus
from select import POLLIN, poll
from typing import Any

import orjson
from gunicorn import util  # type: ignore[import-untyped]
from gunicorn.glogging import Logger  # type: ignore[import-untyped]
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

from fee_service.errors import Fault
from fee_service.http.arriving import LARGEST_BODY, Arriving, State
from fee_service.http.outbox import Kept, Outbox
from fee_service.http.problems import PROBLEM_JSON, problem_data
from fee_service.operations import metrics
from fee_service.operations.watching import Watch

PIECE = 65_536  # bytes read at once
RETRY_AFTER = 5  # seconds
MOST_ARRIVING = 64_000_000  # bytes of requests that are not whole yet, of all callers of a worker
STREAMS = 4  # requests of any length that a worker serves at once, each with a thread of its own
STREAM_GRACE = 10.0  # seconds that they may still go on when the worker is to stop
LINGER = 2.0  # seconds to take what a caller still sends after the last answer
LOOK_EVERY = 0.25  # seconds between looks at who is late
CROWDED = 0.8  # share of the connections from which on those without a whole head get little time
NO_ROOM = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
LEAVE = b"HTTP/1.1 100 Continue\r\n\r\n"

CODES = {
    HTTPStatus.REQUEST_URI_TOO_LONG: "request_line_too_long",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: "head_too_large",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "coded_body",
}
CODED = {"value": "Transfer-Encoding"}


def write_problem(sock: Any, status: int, reason: str, _: str) -> None:
    """What is no HTTP never reaches the application: it is answered in the same form, and the connection ends."""
    if status == HTTPStatus.NOT_IMPLEMENTED:  # of a transfer coding
        status, reason = HTTPStatus.UNSUPPORTED_MEDIA_TYPE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE.phrase
    code = CODES.get(HTTPStatus(status), "bad_request")
    tell(sock, status, reason, Fault(code, "", CODED if code == "coded_body" else {}))


def tell(sock: Any, status: int, reason: str, fault: Fault) -> None:
    """Answer a problem as far as the caller takes it now."""
    body = orjson.dumps(problem_data(status, (fault,), "", "both"))
    head = f"HTTP/1.1 {status} {reason}\r\nConnection: close\r\nContent-Type: {PROBLEM_JSON}\r\n"
    util.write_nonblock(sock, f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)


util.write_error = write_problem  # gunicorn's own writes HTML and has no setting for it


class Log(Logger):  # type: ignore[misc]
    """gunicorn's own log of what it does itself."""

    def access(self, *_: Any) -> None:
        """Say nothing of requests: the original gathers what to say, also where there is no access log."""


class Worker(ThreadWorker):  # type: ignore[misc]
    """Asked to stop, it takes whoever waits at the door and closes the door at once.

    The original closes it at its end: until then the kernel goes on to let callers in, who wait and are then
    cut off. Refused at once, a caller or proxy turns to another worker or comes again.
    """

    patience = 10.0  # seconds without a byte from or to a caller; gunicorn.conf.py sets it

    def init_process(self) -> None:
        self._arriving: dict[Any, Arriving] = {}
        self._sending: dict[Any, tuple[Any, float]] = {}  # what became of the request; when something was last taken
        self._leaving: dict[Any, float] = {}  # when it began
        self._kept = Kept()
        self._streams = ThreadPoolExecutor(STREAMS, "stream")
        self._streaming: set[Any] = set()
        self._ending = threading.Event()
        self._watch = Watch("room for requests")
        self._looked = self._stopped = 0.0
        super().init_process()

    # -- requests arrive --

    def accept(self, listener: Any) -> None:
        """Take a caller; where no more can be taken, those who say nothing make room for the next."""
        try:
            super().accept(listener)
        except OSError as error:
            if error.errno not in NO_ROOM:
                raise
            silent = [conn for conn, arriving in self._arriving.items() if arriving.is_silent]
            for conn in silent:
                self._drop(conn)
            if not silent:
                time.sleep(LOOK_EVERY)

    def enqueue_req(self, conn: Any) -> None:
        """Wait for a request on a connection, new or kept, before it gets a thread."""
        if not isinstance(conn.sock, Outbox):
            conn.sock = Outbox(conn.sock, self._kept)
        conn.sock.setblocking(False)
        arriving = self._arriving[conn] = Arriving(time.monotonic(), self.patience)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._hear, conn))
        begun = conn.parser.unreader.take_buffered() if conn.parser is not None else b""
        if begun:
            self._weigh(conn, arriving, arriving.take(begun, time.monotonic()))
        if conn in self._arriving:
            self._hear(conn, None)  # mostly it is there already

    def _hear(self, conn: Any, _: Any) -> None:
        """Take what a caller sends."""
        try:
            piece = conn.sock.recv(PIECE)
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        if not piece:
            self._drop(conn)
            return
        arriving = self._arriving[conn]
        self._weigh(conn, arriving, arriving.take(piece, time.monotonic()))

    def _weigh(self, conn: Any, arriving: Arriving, state: State) -> None:
        """Hand over what is whole; refuse what is too much."""
        if state is State.COMING:
            if arriving.asks_leave:
                arriving.asks_leave = False
                self._try(conn, lambda: conn.sock.sendall(LEAVE))
            if len(arriving.data) > PIECE and self._bytes_arriving() > MOST_ARRIVING:
                self._be_full(conn)
        elif state is State.HEAD_TOO_LARGE:
            self._refuse(conn, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, Fault("head_too_large"))
        elif state is State.BODY_TOO_LARGE:
            largest = Fault("body_too_large", "", {"maximum": f"{LARGEST_BODY:,}"})
            self._refuse(conn, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, largest)
        elif state is State.STREAMED and len(self._streaming) >= STREAMS:
            fault = Fault("streams_busy", "", {"retry_after": RETRY_AFTER})
            metrics.unavailable((fault,))
            self._refuse(conn, HTTPStatus.SERVICE_UNAVAILABLE, fault)
        else:
            self._hand_over(conn, arriving, state)

    def _hand_over(self, conn: Any, arriving: Arriving, state: State) -> None:
        """Give a request to a thread; one of any length to those that wait for its caller."""
        self._watch.good()
        self._forget(conn)
        conn.init()
        conn.parser.unreader.unread(bytes(arriving.data))
        conn.data_ready, conn.whole = True, state is State.WHOLE
        if state is not State.STREAMED:
            super().enqueue_req(conn)
        elif not arriving.asks_leave or self._try(conn, lambda: conn.sock.sendall(LEAVE)):
            conn.sock.stream(self.patience, self._ending)
            self._streaming.add(conn)
            served = self._streams.submit(self.handle, conn)
            served.add_done_callback(lambda done: self.method_queue.defer(self.finish_request, conn, done))

    def _be_full(self, conn: Any) -> None:
        fault = Fault("too_many_callers")
        self._watch.bad(fault.code, f"more than {MOST_ARRIVING:,} bytes of unfinished requests")
        metrics.unavailable((fault,))
        self._refuse(conn, HTTPStatus.SERVICE_UNAVAILABLE, fault)

    def _bytes_arriving(self) -> int:
        return sum(len(arriving.data) for arriving in self._arriving.values())

    def handle_request(self, req: Any, conn: Any) -> bool:
        """A body that was not awaited is not read to its end: the connection ends instead."""
        if not conn.whole:
            req.force_close()
        return bool(super().handle_request(req, conn))

    # -- answers go out --

    def finish_request(self, conn: Any, fs: Any) -> None:
        """When the answer is taken, wait for the next request or let the connection go."""
        if conn in self._streaming:
            self._streaming.remove(conn)
            conn.sock.end_stream()
        if conn.sock.waiting:
            conn.sock.setblocking(False)
            self._sending[conn] = fs, time.monotonic()
            self.poller.register(conn.sock, selectors.EVENT_WRITE, partial(self._push, conn))
        elif not fs.cancelled() and fs.exception() is None and fs.result():
            super().finish_request(conn, fs)
        else:
            self._part(conn)

    def _push(self, conn: Any, _: Any) -> None:
        """Send more of an answer to who takes it."""
        fs, _since = self._sending[conn]
        try:
            done = conn.sock.push()
        except OSError:
            self._drop(conn)
            return
        self._sending[conn] = fs, time.monotonic()
        if done:
            self._forget(conn)
            self.finish_request(conn, fs)

    # -- connections end --

    def _part(self, conn: Any) -> None:
        """End a connection that may still bring bytes: closed at once, it would tear the answer up (RFC 9112 §9.6)."""
        if self._try(conn, partial(conn.sock.shutdown, socket.SHUT_WR)):
            conn.sock.setblocking(False)
            self._leaving[conn] = time.monotonic()
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._let_go, conn))
            self._let_go(conn, None)

    def _let_go(self, conn: Any, _: Any) -> None:
        """Take what still comes until the caller has closed too."""
        try:
            if conn.sock.recv(PIECE):
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        self._drop(conn)

    def _refuse(self, conn: Any, status: HTTPStatus, fault: Fault) -> None:
        self._forget(conn)
        if self._try(conn, lambda: tell(conn.sock, status, status.phrase, fault)):
            self._part(conn)

    def _try(self, conn: Any, send: Callable[[], object]) -> bool:
        """Whether the connection is still there."""
        try:
            send()
        except OSError:
            self._drop(conn)
            return False
        return True

    def _forget(self, conn: Any) -> None:
        """Wait for nothing on a connection."""
        known = [each.pop(conn, None) for each in (self._arriving, self._sending, self._leaving)]
        if any(each is not None for each in known):
            self.poller.unregister(conn.sock)

    def _drop(self, conn: Any) -> None:
        self._forget(conn)
        self.nr_conns -= 1
        conn.close()

    def murder_pending(self) -> None:
        """End what takes too long; gunicorn's loop calls it after every turn."""
        now = time.monotonic()
        if now - self._looked < LOOK_EVERY:
            return
        self._looked = now
        if not self.alive and now - self._stopped > STREAM_GRACE:
            self._ending.set()
        crowded = self.nr_conns > CROWDED * self.worker_connections
        for conn, arriving in list(self._arriving.items()):
            if arriving.is_silent:
                stopping = not self.alive and now - self._stopped > LINGER
                if stopping or arriving.is_late(now, crowded):
                    self._drop(conn)
            elif arriving.is_late(now, crowded):
                code = "body_too_slow" if arriving.has_head else "head_too_slow"
                self._refuse(conn, HTTPStatus.REQUEST_TIMEOUT, Fault(code))
        self._drop_late(self._leaving.items(), now - LINGER)
        self._drop_late([(conn, since) for conn, (_, since) in self._sending.items()], now - self.patience)

    def _drop_late(self, waiting: Any, since: float) -> None:
        for conn in [conn for conn, at in waiting if at < since]:
            self._drop(conn)

    # -- stopping --

    def handle_exit(self, sig: int, frame: Any) -> None:
        if self.alive:
            self.method_queue.defer(self._close_door)
        super().handle_exit(sig, frame)

    def _close_door(self) -> None:
        """Nothing stands between the last one taken and the closing: who comes in between is cut off."""
        if self._stopped:
            return
        self._stopped = time.monotonic()
        self.set_accept_enabled(False)
        for listener in self.sockets:
            waiting = poll()
            waiting.register(listener, POLLIN)
            while waiting.poll(0):
                self.accept(listener)
            listener.close()
