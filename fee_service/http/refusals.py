"""Refused attempts worth knowing: a wrong key, an action that a role may not do, a link that nobody signed.

They are counted, logged, and few a minute from one address.
"""

from __future__ import annotations

from typing import cast

import structlog
from flask import current_app, request

from fee_service.errors import Fault, FeeError
from fee_service.http.access import TOO_MANY, now
from fee_service.http.context import origin
from fee_service.http.environ import ACTOR, REQUEST_ID, ROUTE
from fee_service.model import Label
from fee_service.operations import metrics
from fee_service.operations.limits import Limits, Standing

logger = structlog.get_logger()

WORTH_KNOWING = frozenset(
    ("key_malformed", "key_unknown", "key_revoked", "key_expired", "role_not_allowed", "share_not_found")
)


def noted(error: FeeError) -> FeeError:
    """The refusal itself, counted and logged where it is worth knowing; 429 where its address has had too many."""
    code = error.faults[0].code if error.faults else ""
    if code not in WORTH_KNOWING:
        return error
    metrics.refused(code)
    standing = cast(Limits, current_app.extensions["limits"]).of_refusals(origin(), now())
    if standing.used <= standing.limit + 1:  # what comes behind would only fill the log
        environ = request.environ
        logger.warning(
            "refused",
            code=code,
            address=origin(),
            key=environ.get(ACTOR),
            route=environ.get(ROUTE),
            request_id=environ.get(REQUEST_ID),
            last=standing.exceeded,
        )
    return too_many(standing) if standing.exceeded else error


def require_patience() -> None:
    """Let nobody try keys from an address that has tried too many. Raises FeeError (429)."""
    standing = cast(Limits, current_app.extensions["limits"]).barred(origin(), now())
    if standing is not None:
        raise too_many(standing)


def too_many(standing: Standing) -> FeeError:
    """The refusal of whoever was refused too often."""
    params = {"limit": standing.limit, "window": Label("1분", "a minute"), "retry_after": standing.reset}
    return FeeError([Fault("too_many_refusals", "", params)], TOO_MANY)
