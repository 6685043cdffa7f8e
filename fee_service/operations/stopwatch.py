"""How long computing a quote takes, told to whoever counts it: the service does (metrics.py), the command line not."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Computed = TypeVar("Computed")

counted_by: list[Callable[[float], None]] = []  # each is told the seconds


def rating(compute: Callable[[], Computed]) -> Computed:
    """What computing a quote comes to; how long it takes is measured where it succeeds."""
    started = time.perf_counter()
    found = compute()
    seconds = time.perf_counter() - started
    for count in counted_by:
        count(seconds)
    return found
