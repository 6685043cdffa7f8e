"""Documents are made a few at a time and kept for a while: whoever asks for the same one again gets it at once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

from fee_service.errors import Fault, FeeError
from fee_service.operations.watching import Watch

MOST_KEPT = 32_000_000  # bytes of documents that a worker keeps, the last ones asked for
RETRY_AFTER = 2  # seconds
UNAVAILABLE = 503


class Press:
    """The documents of one worker; safe to share between threads."""

    def __init__(self, at_once: int, most_kept: int = MOST_KEPT) -> None:
        self._lock = threading.Lock()
        self._watch = Watch("making documents")
        self._at_once = at_once
        self._places = threading.BoundedSemaphore(at_once)
        self._kept: OrderedDict[bytes, bytes] = OrderedDict()
        self._most_kept = most_kept
        self.bytes_kept = 0
        self.made = 0  # documents since the start

    def document(self, key: bytes, make: Callable[[], bytes], patience: float) -> bytes:
        """The document of a key, which names everything that it is made of.

        Waits its turn for `patience` seconds. Raises FeeError (503).
        """
        found = self._find(key)
        if found is not None:
            return found
        if not self._places.acquire(timeout=patience):
            self._watch.bad("documents_busy", f"all {self._at_once} places are taken for {patience} seconds")
            raise FeeError([Fault("documents_busy", "", {"retry_after": RETRY_AFTER})], UNAVAILABLE)
        try:
            found = self._find(key)  # somebody may have asked for the same meanwhile
            if found is None:
                found = make()
                self._keep(key, found)
            self._watch.good()
            return found
        finally:
            self._places.release()

    def _find(self, key: bytes) -> bytes | None:
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def _keep(self, key: bytes, document: bytes) -> None:
        with self._lock:
            self.made += 1
            self.bytes_kept += len(document) - len(self._kept.pop(key, b""))
            self._kept[key] = document
            while self.bytes_kept > self._most_kept:
                self.bytes_kept -= len(self._kept.popitem(last=False)[1])
