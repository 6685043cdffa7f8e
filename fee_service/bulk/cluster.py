"""The same rating on a Dask cluster: a batch of whole contracts is a task, and each task writes a part of the output.

A scheduler and its workers unpickle what they are sent, so they are talked to over loopback or TLS and not otherwise.
"""

from __future__ import annotations

import logging
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from ipaddress import ip_address
from itertools import count, islice
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.parquet as pq

from fee_service.bulk.checking import Checker
from fee_service.bulk.faults import BadRows
from fee_service.bulk.rating import rated
from fee_service.bulk.reading import Files
from fee_service.bulk.running import Bad, Progress, Sums, in_order
from fee_service.bulk.writing import PART, is_folder, opened, write_part
from fee_service.published.editions import Editions

RETRIES = 3  # of a task whose worker was lost
WAITING = 3  # tasks for each worker that are handed out before their results are in
TIME_TO_ANSWER = 10  # seconds
MEMORY_OF_A_WORKER = "1400MiB"


class Unsafe(Exception):
    """A scheduler that would be talked to in the clear over a network."""


class Unreachable(Exception):
    """A scheduler that does not answer, or that we have no certificate for."""


class Missing(Exception):
    """Dask is not installed here."""


class Task(NamedTuple):
    """A batch to be rated into a part."""

    part: Path
    table: pa.Table


class Done(NamedTuple):
    """What became of a task: its sums, or its faults."""

    rows: int  # of the input
    sums: Sums
    bad: BadRows | None


class Recipe(NamedTuple):
    """What all tasks of a run share; `run` tells it from another."""

    run: str
    editions: Editions
    until: int | None


_checkers: dict[str, Checker] = {}  # in a worker: of the run that it works for


def rate_part(task: Task, recipe: Recipe) -> Done:
    """In a worker: rate a batch into its part. Done twice, it leaves the same part once."""
    pa.set_cpu_count(1)  # the workers are the threads
    if recipe.run not in _checkers:
        _checkers.clear()
        _checkers[recipe.run] = Checker(recipe.editions, recipe.until)
    sums = Sums()

    def counted() -> Iterator[pa.Table]:
        for table in rated(task.table, _checkers[recipe.run]):
            sums.add(table)
            yield table

    try:
        write_part(task.part, counted())
    except BadRows as error:
        return Done(len(task.table), Sums(), error)
    return Done(len(task.table), sums, None)


def rate_on_cluster(
    files: Files, out: Path, editions: Editions, until: int | None, progress: Progress, scheduler: str | None = None
) -> Sums:
    """Rate a table of licences on the cluster of a scheduler, or on one of its own of a worker for each processor.

    The output is that of one process. Its folder is one that all workers see.
    Raises BadTable, BadRows, OutputExists, Unsafe, Unreachable, and Missing where Dask is not installed.
    """
    if scheduler is not None:
        refuse_unsafe(scheduler)
    with client_of(scheduler) as client:
        recipe = client.scatter(Recipe(secrets.token_hex(8), editions, until), broadcast=True)
        return in_order(files, out, lambda tables, place: _rate(client, recipe, files, tables, place, out, progress))


def refuse_unsafe(scheduler: str) -> None:
    """Raises Unsafe for an address that is neither of this machine nor reached over TLS."""
    address = urlsplit(scheduler if "://" in scheduler else f"tcp://{scheduler}")
    if address.scheme == "tls" or (address.scheme == "tcp" and _is_this_machine(address.hostname or "")):
        return
    raise Unsafe(scheduler)


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@contextmanager
def client_of(scheduler: str | None) -> Iterator[Any]:
    """A client of the scheduler; or of a cluster on this machine's loopback, which ends with it."""
    dask = _distributed()
    if scheduler is not None:
        try:
            client = dask.Client(
                scheduler, set_as_default=False, timeout=TIME_TO_ANSWER, security=_certificates(scheduler)
            )
        except (OSError, ValueError) as error:
            raise Unreachable(f"{scheduler}: {error}") from error
        with client:
            yield client
        return
    options = {
        "host": "127.0.0.1",
        "dashboard_address": None,
        "threads_per_worker": 1,
        "silence_logs": logging.CRITICAL,
    }
    with (
        dask.LocalCluster(**options, memory_limit=MEMORY_OF_A_WORKER, silence_logs=logging.CRITICAL) as cluster,
        dask.Client(cluster, set_as_default=False) as client,
    ):
        yield client


def _certificates(scheduler: str) -> Any:
    """How Dask is told to talk to a scheduler over TLS. Raises Unreachable where it is not told."""
    security = _distributed().Security()
    if scheduler.startswith("tls:") and not (security.tls_ca_file and security.tls_client_cert):
        raise Unreachable(f"{scheduler}: set DASK_DISTRIBUTED__COMM__TLS__CA_FILE, __CLIENT__CERT and __CLIENT__KEY")
    return security


def _distributed() -> Any:
    """Dask's package, which has no types. Raises Missing."""
    try:
        return import_module("distributed")
    except ImportError as error:
        raise Missing from error


def _rate(
    client: Any, recipe: Any, files: Files, tables: Iterator[pa.Table], place: Path, out: Path, progress: Progress
) -> Sums:
    parts = place if is_folder(out) else place.with_name(f"{place.name}.parts")
    parts.mkdir(exist_ok=True)
    try:
        sums, bad, done = Sums(), Bad(), 0
        tasks = (Task(parts / PART.format(number), table) for number, table in zip(count(), tables))
        for one in _all_done(client, recipe, tasks):
            sums.join(one.sums)
            if one.bad is not None:
                bad.add(one.bad)
            done += one.rows
            progress(done)
        bad.raise_any(files.malformed)
        for left in parts.glob(".*.tmp"):  # by a worker that was lost
            left.unlink(missing_ok=True)
        if not is_folder(out):
            _join(parts, place, out)
        return sums
    finally:
        if parts != place:
            shutil.rmtree(parts, ignore_errors=True)


def _all_done(client: Any, recipe: Any, tasks: Iterator[Task]) -> Iterator[Done]:
    """The results of all tasks as they come in; only so many tasks are out at a time, so memory stays bounded."""

    def handed_out(task: Task) -> Any:
        return client.submit(rate_part, task, recipe, pure=False, retries=RETRIES)

    most = WAITING * max(1, len(client.scheduler_info()["workers"]))
    waiting = _distributed().as_completed([handed_out(task) for task in islice(tasks, most)], loop=client.loop)
    for future in waiting:
        yield future.result()
        future.release()
        for task in islice(tasks, 1):
            waiting.add(handed_out(task))


def _join(parts: Path, place: Path, out: Path) -> None:
    """The parts as one file, in their order."""
    with opened(place, out) as write:
        for part in sorted(parts.glob("part-*.parquet")):
            with pq.ParquetFile(part, read_dictionary=None) as file:
                for batch in file.iter_batches():
                    write(pa.Table.from_batches([batch]))
