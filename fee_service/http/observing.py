"""Around every request: its id, its line in the log, its place in the metrics."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from typing import Any

import structlog
from uuid_utils import uuid7

from fee_service.http.environ import ACTOR, REQUEST_ID, ROUTE
from fee_service.operations import metrics

logger = structlog.get_logger()

WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)
METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
QUIET = frozenset(("/healthz", "/readyz", "/metrics"))  # asked by machines, all day long


class Observed:
    """WSGI middleware that names, measures and logs each request."""

    def __init__(self, app: Any) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        started = time.perf_counter()
        given = environ.get("HTTP_X_REQUEST_ID", "")
        request_id = environ[REQUEST_ID] = given if WELL_FORMED.fullmatch(given) else str(uuid7())
        told: list[str] = []

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            told.append(status[:3])
            headers.append(("X-Request-Id", request_id))
            return start_response(status, headers, exc_info)

        answer: Iterable[bytes] = self.app(environ, start)
        _tell(environ, told[-1] if told else "500", time.perf_counter() - started)
        return answer


def _tell(environ: dict[str, Any], status: str, seconds: float) -> None:
    given = environ["REQUEST_METHOD"]
    method = given if given in METHODS else "other"
    route = environ.get(ROUTE) or metrics.UNMATCHED
    metrics.answered(method, route, status, seconds)
    if route not in QUIET:
        logger.info(
            "request",
            request_id=environ[REQUEST_ID],
            method=method,
            route=route,
            path=environ.get("PATH_INFO", "")[:200],
            status=int(status),
            ms=round(seconds * 1000, 2),
            key=environ.get(ACTOR),
            address=environ.get("REMOTE_ADDR"),
        )
