"""How many requests a caller may send: counted in fixed windows of a minute and of a day (in Korea).

Our own 60 lines rather than Flask-Limiter: docs/decisions/0004 has the measurements.
"""

from __future__ import annotations

import threading
import time
from typing import NamedTuple, Protocol

import redis

from fee_service.operations.addresses import caller_of
from fee_service.operations.watching import Watch

MINUTE, DAY = 60, 86_400  # seconds
KOREA_AHEAD = 9 * 3_600  # seconds: days begin at midnight in Korea
PATIENCE = 0.25  # seconds to wait for Redis; it answers in well under a millisecond
LEAST_REFUSALS = 10  # that are suffered in a minute from an address
MOST_BARRED = 10_000  # addresses remembered in each worker
PAUSE = 5  # seconds to do without Redis after it failed
PREFIX = "fee_service:limit:"
MOST_NAMES = 100_000  # callers of one window that memory counts one by one
THE_OTHERS = "the others"  # those beyond, who share one count


class Standing(NamedTuple):
    """Where a caller stands in the window that ends his patience first; `reset` are seconds until it is over."""

    limit: int
    used: int
    window: int
    reset: int

    @property
    def exceeded(self) -> bool:
        return self.used > self.limit

    @property
    def remaining(self) -> int:
        return max(0, self.limit - self.used)


class Counters(Protocol):
    """Counts by name and window; a window is its length and its number since 1970."""

    def count(self, name: str, windows: tuple[tuple[int, int], ...]) -> list[int]:
        """Count one more in each window; answers how many there are now."""
        ...


class MemoryCounters:
    """Counters of one process. A window that is over is forgotten when the next one begins."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers: dict[int, int] = {}
        self._counts: dict[int, dict[str, int]] = {}

    def count(self, name: str, windows: tuple[tuple[int, int], ...]) -> list[int]:
        used = []
        with self._lock:
            for length, number in windows:
                if self._numbers.get(length) != number:
                    self._numbers[length], self._counts[length] = number, {}
                counts = self._counts[length]
                known = name if name in counts or len(counts) < MOST_NAMES else THE_OTHERS
                counts[known] = now = counts.get(known, 0) + 1
                used.append(now)
        return used


class RedisCounters:
    """Counters that all workers and machines share: one round trip a request."""

    def __init__(self, url: str) -> None:
        self._redis = redis.Redis.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
        self._instead = MemoryCounters()
        self._again_at = 0.0
        self._watch = Watch("shared counting of requests")

    def count(self, name: str, windows: tuple[tuple[int, int], ...]) -> list[int]:
        """As told by Redis; counted in this process while Redis is away, rather than refusing everyone."""
        if time.monotonic() < self._again_at:
            return self._instead.count(name, windows)
        try:
            with self._redis.pipeline(transaction=False) as together:
                for length, number in windows:
                    key = f"{PREFIX}{name}:{length}:{number}"
                    together.incr(key)
                    together.expire(key, length + MINUTE)
                counted = [int(used) for used in together.execute()[::2]]
        except redis.RedisError as error:
            self._again_at = time.monotonic() + PAUSE
            self._be_away(error)
            return self._instead.count(name, windows)
        self._watch.good()
        return counted

    def ping(self) -> bool:
        """Whether Redis answers."""
        try:
            self._redis.ping()
        except redis.RedisError as error:
            self._be_away(error)
            return False
        self._watch.good()
        return True

    def _be_away(self, error: redis.RedisError) -> None:
        self._watch.bad("rate_limit_storage_unavailable", f"each worker counts alone: {error}")


class Limits:
    """The limits of an installation."""

    def __init__(self, url: str | None, per_minute: int, per_day: int) -> None:
        shared = url is not None and not url.startswith("memory:")
        self._counters: Counters = RedisCounters(url) if shared and url else MemoryCounters()
        self._per_minute, self._per_day = per_minute, per_day
        self.refusals_per_minute = max(LEAST_REFUSALS, per_minute // 100)
        self._barred: dict[str, int] = {}  # addresses that were refused too often, and in which minute
        self.policy = f"{per_minute};w={MINUTE}, {per_day};w={DAY}"

    def of_key(self, key_id: str, now: float) -> Standing:
        """Count a request of a key, in its minute and its day."""
        second = int(now)
        minute, past = divmod(second, MINUTE)
        day, past_of_day = divmod(second + KOREA_AHEAD, DAY)
        in_minute, in_day = self._counters.count(key_id, ((MINUTE, minute), (DAY, day)))
        of_day = Standing(self._per_day, in_day, DAY, DAY - past_of_day)
        of_minute = Standing(self._per_minute, in_minute, MINUTE, MINUTE - past)
        if of_day.exceeded and of_minute.exceeded:
            return max(of_day, of_minute, key=lambda standing: standing.reset)
        return of_minute if self._per_minute - in_minute <= self._per_day - in_day else of_day

    def of_address(self, address: str, now: float) -> Standing:
        """Count a request without a good key, in its minute."""
        minute, past = divmod(int(now), MINUTE)
        (used,) = self._counters.count(caller_of(address), ((MINUTE, minute),))
        return Standing(self._per_minute, used, MINUTE, MINUTE - past)

    def of_refusals(self, address: str, now: float) -> Standing:
        """Count a refused attempt, in its minute: a hundredth of the requests of a minute are suffered."""
        minute, past = divmod(int(now), MINUTE)
        caller = caller_of(address)
        (used,) = self._counters.count(f"refused:{caller}", ((MINUTE, minute),))
        standing = Standing(self.refusals_per_minute, used, MINUTE, MINUTE - past)
        if standing.exceeded:
            if len(self._barred) >= MOST_BARRED:
                self._barred = {}
            self._barred[caller] = minute
        return standing

    def barred(self, address: str, now: float) -> Standing | None:
        """Where an address stands that was refused too often in this minute; None for any other."""
        minute, past = divmod(int(now), MINUTE)
        if self._barred.get(caller_of(address)) != minute:
            return None
        return Standing(self.refusals_per_minute, self.refusals_per_minute + 1, MINUTE, MINUTE - past)

    def answer(self) -> bool:
        """Whether the counters can be reached."""
        return self._counters.ping() if isinstance(self._counters, RedisCounters) else True
