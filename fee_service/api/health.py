"""Whether the process lives, whether it can answer, and what it has been doing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from flask import Blueprint, Response, current_app, jsonify

from fee_service.errors import Fault, FeeError
from fee_service.http.body import query
from fee_service.http.context import database, editions, today
from fee_service.operations import metrics
from fee_service.operations.watching import Watch
from fee_service.published.editions import NotFound
from fee_service.storage import jobs, migrating
from fee_service.storage.faults import RETRY_AFTER, StorageError
from fee_service.wording import fault_answer

blueprint = Blueprint("health", __name__)

UNAVAILABLE = 503
OWN = frozenset(("migrations_pending", "no_price_list_today"))  # database and counters are watched where they are used
needed_revision = lru_cache(maxsize=1)(migrating.newest)


@blueprint.get("/healthz")
def healthz() -> Response:
    """The process lives."""
    query()
    return jsonify(status="ok")


@blueprint.get("/readyz")
def readyz() -> Response:
    """A price list holds today; the database takes writes, its revision and the counters of the limits are there."""
    query()
    faults = list(_faults())
    _tell(faults)
    if faults:
        raise FeeError(faults, UNAVAILABLE)
    in_force = editions().price_list_on(today()).id
    return jsonify(status="ready", price_list=in_force, revision=needed_revision())


@blueprint.get("/metrics")
def show_metrics() -> Response:
    """What all workers counted and measured since the start, for Prometheus."""
    query()
    return Response(metrics.exposition(_jobs()), content_type=metrics.CONTENT_TYPE)


def _jobs() -> metrics.JobsStanding | None:
    """None where the database does not tell; that it does not is told elsewhere."""
    try:
        with database().reading() as connection:
            return metrics.JobsStanding(*jobs.standing(connection))
    except StorageError:
        return None


def _tell(faults: list[Fault]) -> None:
    """Log what nothing else logs, once."""
    watch: Watch = current_app.extensions["readiness"]
    own = [fault for fault in faults if fault.code in OWN]
    if own:
        watch.bad(own[0].code, fault_answer(own[0], "en")["message"])
    else:
        watch.good()


def _faults() -> Iterator[Fault]:
    """Everything that keeps the service from answering."""
    again = {"retry_after": RETRY_AFTER}
    try:
        with database().reading():  # brings a new database up to date
            revision = database().revision()
        current_app.extensions["write_probe"].check()
        if revision != needed_revision():
            told = {"revision": revision, "needed": needed_revision()}
            yield Fault("migrations_pending", "", {**told, **again})
    except StorageError as error:
        yield Fault(error.code, "", {"retry_after": error.retry_after})
    if not current_app.extensions["limits"].answer():
        yield Fault("rate_limit_storage_unavailable", "", again)
    try:
        editions().price_list_on(today())
    except NotFound:
        yield Fault("no_price_list_today", "", again)
