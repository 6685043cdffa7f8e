"""Whether something that the service leans on works: told once when that changes, not with every request."""

from __future__ import annotations

import logging
import threading
import time

logger = logging.getLogger(__name__)

LONG_AGO = float("-inf")


class Watch:
    """Whether something works in this process; `code` is that of the fault, None where it works.

    What fails only in writing is not thought to work again because something was read.
    """

    def __init__(self, what: str) -> None:
        self.code: str | None = None
        self._what = what
        self._in_writing = False
        self._mutex = threading.Lock()
        self._written_at = LONG_AGO
        self._began = 0.0

    @property
    def age(self) -> float:
        """Seconds since something was written or could not be; infinite where that never was."""
        return time.monotonic() - self._written_at

    def good(self, *, writing: bool = False) -> None:
        """It worked."""
        if writing:
            self._written_at = time.monotonic()
        if self.code is None:
            return
        with self._mutex:
            code = self.code if writing or not self._in_writing else None
            if code is not None:
                self.code = None
        if code is not None:
            seconds = time.monotonic() - self._began
            logger.warning("%s works again after %.0f seconds of %s", self._what, seconds, code)

    def bad(self, code: str, cause: object, *, writing: bool = False) -> None:
        """It failed. A line tells the cause where the code is another one than before."""
        now = time.monotonic()
        if writing:
            self._written_at = now
        with self._mutex:
            before, self.code = self.code, code
            if before is None:
                self._began = now
            if before != code:
                self._in_writing = writing
        if before != code:
            logger.error("%s fails: %s (%s)", self._what, code, cause, extra={"code": code})
