"""How long computing a quote takes, told to whoever counts it: the service does (metrics.py), the command line not."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

counted_by: list[Callable[[float], None]] = []  # each is told the seconds


@contextmanager
def rating() -> Iterator[None]:
    """Measure what computing a quote takes, where it succeeds."""
    started = time.perf_counter()
    yield
    seconds = time.perf_counter() - started
    for count in counted_by:
        count(seconds)
