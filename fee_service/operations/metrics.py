"""Counters and latencies for Prometheus, added up over all workers.

Under gunicorn each worker writes files of its own (metrics_folder.py), and any of them reads the files of all.
Elsewhere (tests, the command line) there is one process and nothing to add up.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, values
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.multiprocess import MultiProcessCollector

from fee_service.errors import Fault
from fee_service.operations import stopwatch
from fee_service.operations.metrics_folder import FOLDER, reading

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
UNMATCHED = "unmatched"  # a path that no route met: callers must not invent labels

ROOM = 1 << 20  # bytes of a worker's file, more than all its counts take


class _Reserved(MmapedDict):
    """A worker's file whose room is taken when it is made: on a full disk a write to a gap in it kills the worker.

    Where there is no room the worker counts in memory, unseen, until it is replaced.
    """

    def __init__(self, filename: str, read_mode: bool = False) -> None:
        if not read_mode:
            try:
                with open(filename, "ab") as file:
                    os.posix_fallocate(file.fileno(), 0, ROOM)
            except OSError:
                with contextlib.suppress(OSError):
                    os.unlink(filename)
                filename = f"/proc/self/fd/{os.memfd_create('metrics')}"
        super().__init__(filename, read_mode)  # type: ignore[no-untyped-call]


values.MmapedDict = _Reserved  # type: ignore[attr-defined]
registry = CollectorRegistry()

_requests = Counter("fee_service_requests", "Requests answered.", ("method", "route", "status"), registry=registry)
_latency = Histogram(
    "fee_service_request_seconds",
    "From the request's head until its answer is ready.",
    ("method", "route"),
    buckets=(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=registry,
)
_quotes = Counter(
    "fee_service_quotes",
    "Quotes computed, by what for, eligibility and whether the waiver was granted.",
    ("purpose", "eligibility", "waiver"),
    registry=registry,
)
_rating = Histogram(
    "fee_service_rating_seconds",
    "Computing one quote: licences, waiver, lines, months, invoices, notices.",
    buckets=(0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5),
    registry=registry,
)
stopwatch.counted_by.append(_rating.observe)

_unavailable = Counter(
    "fee_service_unavailable",
    "Answers 503, by the code of their cause; all causes where there are several.",
    ("code",),
    registry=registry,
)

_refusals = Counter(
    "fee_service_refusals",
    "Attempts refused that are worth knowing: wrong keys, actions that a role may not do, links that nobody signed.",
    ("code",),
    registry=registry,
)

# What is measured again and again is looked up once.
_of_requests: dict[tuple[str, str, str], tuple[Counter, Histogram]] = {}
_of_quotes: dict[tuple[str, str, bool], Counter] = {}


def answered(method: str, route: str, status: str, seconds: float) -> None:
    """Count a request by route (not path), and how long it took."""
    found = _of_requests.get((method, route, status))
    if found is None:
        known = (_requests.labels(method, route, status), _latency.labels(method, route))
        found = _of_requests[method, route, status] = known
    found[0].inc()
    found[1].observe(seconds)


def quoted(purpose: str, eligibility: str, granted: bool) -> None:
    """Count a quote by its outcome; `purpose` is preview, issue or revision."""
    found = _of_quotes.get((purpose, eligibility, granted))
    if found is None:
        waiver = "granted" if granted else "refused"
        found = _of_quotes[purpose, eligibility, granted] = _quotes.labels(purpose, eligibility, waiver)
    found.inc()


def unavailable(faults: Iterable[Fault]) -> None:
    """Count an answer that the service could not give, by each of its causes."""
    for fault in faults:
        _unavailable.labels(fault.code).inc()


def refused(code: str) -> None:
    """Count an attempt by what stood against it."""
    _refusals.labels(code).inc()


class JobsStanding:
    """How much there is to do, as it stands at the moment: read when it is asked for, counted by nobody."""

    def __init__(self, queued: int, running: int, oldest: float) -> None:
        self._queued, self._running, self._oldest = queued, running, oldest

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Of all machines: the database knows."""
        jobs = GaugeMetricFamily("fee_service_jobs", "Jobs that are not over, by state.", labels=("state",))
        jobs.add_metric(("queued",), self._queued)
        jobs.add_metric(("running",), self._running)
        yield jobs
        says = "For how long the oldest job has waited that nobody has taken."
        yield GaugeMetricFamily("fee_service_oldest_job_seconds", says, self._oldest)


def exposition(jobs: JobsStanding | None = None) -> bytes:
    """Everything measured, of all workers, in Prometheus' text format; with the jobs where they are known."""
    if jobs is None:
        return _counted()
    standing = CollectorRegistry()
    standing.register(jobs)
    return _counted() + generate_latest(standing)


def _counted() -> bytes:
    if FOLDER not in os.environ:
        return generate_latest(registry)
    of_all = CollectorRegistry()
    MultiProcessCollector(of_all)  # type: ignore[no-untyped-call]
    with reading(Path(os.environ[FOLDER])):
        return generate_latest(of_all)
