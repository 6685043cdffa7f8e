"""gunicorn's threaded worker, which stops without leaving a caller in its queue."""

from __future__ import annotations

from http import HTTPStatus
from select import POLLIN, poll
from typing import Any

import orjson
from gunicorn import util  # type: ignore[import-untyped]
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

from fee_service.api.problems import PROBLEM_JSON, problem_data
from fee_service.errors import Fault


def write_problem(sock: Any, status: int, reason: str, _: str) -> None:
    """What is no HTTP never reaches the application: it is answered in the same form, and the connection ends."""
    code = "request_line_too_long" if status == HTTPStatus.REQUEST_URI_TOO_LONG else "bad_request"
    body = orjson.dumps(problem_data(status, (Fault(code),), "", "both"))
    head = f"HTTP/1.1 {status} {reason}\r\nConnection: close\r\nContent-Type: {PROBLEM_JSON}\r\n"
    util.write_nonblock(sock, f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)


util.write_error = write_problem  # gunicorn's own writes HTML and has no setting for it


class Worker(ThreadWorker):  # type: ignore[misc]
    """Asked to stop, it takes whoever waits at the door and closes the door at once.

    The original closes it at its end: until then the kernel goes on to let callers in, who wait and are then
    cut off. Refused at once, a caller or proxy turns to another worker or comes again.
    """

    def handle_exit(self, sig: int, frame: Any) -> None:
        if self.alive:
            self.method_queue.defer(self._close_door)
        super().handle_exit(sig, frame)

    def _close_door(self) -> None:
        """Nothing stands between the last one taken and the closing: who comes in between is cut off."""
        self.set_accept_enabled(False)
        for listener in self.sockets:
            waiting = poll()
            waiting.register(listener, POLLIN)
            while waiting.poll(0):
                self.accept(listener)
            listener.close()
