"""gunicorn's threaded worker, which stops without leaving a caller in its queue."""

from __future__ import annotations

from typing import Any

from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]


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
        for listener in self.sockets:
            before = -1
            while self.nr_conns != before:
                before = self.nr_conns
                self.accept(listener)
        self.set_accept_enabled(False)
        for listener in self.sockets:
            listener.close()
