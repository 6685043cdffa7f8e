"""Who may call what: one table for every route. The application does not start with a route that is not in it."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any, cast

from flask import Flask, current_app, g, request

from fee_service.errors import Fault, FeeError
from fee_service.http.context import origin, today
from fee_service.http.door import check_request
from fee_service.http.environ import ACTOR, MORE_HEADERS, ROUTE
from fee_service.keys.keyring import Keyring
from fee_service.model import Label
from fee_service.operations.limits import MINUTE, Limits, Standing
from fee_service.permissions import MAY, Action, Roles, refused

TOO_MANY = 429

OPEN: Roles = frozenset(("anyone",))  # counted by address
PROBE: Roles = frozenset(("anything",))  # asked by machines, all day long: not counted at all

# Pages have a table of their own, fee_service/web/shell.py: they are for who is signed in.
ACCESS: Mapping[str, Roles] = {
    # the service and its documentation
    "GET /docs": OPEN,
    "GET /docs/start.js": OPEN,
    "GET /docs/{}": OPEN,
    "GET /openapi.json": OPEN,
    "GET /problems": OPEN,
    "GET /healthz": PROBE,
    "GET /readyz": PROBE,
    "GET /metrics": PROBE,  # keep it inside: docs/deployment.md
    # what is published
    "GET /v1/apis": OPEN,
    "GET /v1/products": OPEN,
    "GET /v1/price-lists": OPEN,
    "GET /v1/price-lists/{}": OPEN,
    "GET /v1/price-lists/{}/diff/{}": OPEN,
    "GET /v1/waiver-policies": OPEN,
    # quotes; `portal` sees its own only: a foreign one is not found
    "POST /v1/quotes/preview": MAY[Action.PREVIEW],
    "POST /v1/quotes/bulk": MAY[Action.PREVIEW],
    "POST /v1/comparisons": MAY[Action.PREVIEW],
    "POST /v1/eligibility": MAY[Action.PREVIEW],
    "POST /v1/quotes": MAY[Action.ISSUE],
    "GET /v1/quotes": MAY[Action.READ],
    "GET /v1/quotes/{}": MAY[Action.READ],
    "GET /v1/quotes/{}.pdf": MAY[Action.DOWNLOAD],
    "GET /v1/quotes/{}.xlsx": MAY[Action.DOWNLOAD],
    "GET /v1/quotes/{}.csv": MAY[Action.DOWNLOAD],
    "GET /v1/quotes/{}/replay": MAY[Action.REPLAY],
    "POST /v1/quotes/{}/revisions": MAY[Action.REVISE],
    "POST /v1/quotes/{}/withdrawal": MAY[Action.WITHDRAW],
    "POST /v1/quotes/{}/acceptance": MAY[Action.ACCEPT],
    # jobs; a foreign one is not found, except by finance
    "GET /v1/jobs/{}": MAY[Action.FOLLOW],
    "GET /v1/jobs/{}/result": MAY[Action.FOLLOW],
    "DELETE /v1/jobs/{}": MAY[Action.FOLLOW],
    # what was used under contracts
    "POST /v1/usage-reports": MAY[Action.REPORT_USAGE],
    "GET /v1/usage-reports": MAY[Action.READ_USAGE],
    # accepted quotes, which are contracts
    "GET /v1/contracts": MAY[Action.READ_CONTRACTS],
    "GET /v1/contracts/{}": MAY[Action.READ_CONTRACTS],
    "POST /v1/contracts/{}/events": MAY[Action.ENTER_EVENTS],
    "POST /v1/contracts/{}/audits": MAY[Action.AUDIT],
    "GET /v1/contracts/{}/audits": MAY[Action.AUDIT],
    # what texts on invoices are for
    "GET /v1/item-names": MAY[Action.NAME_ITEMS],
    "PUT /v1/item-names": MAY[Action.NAME_ITEMS],
    "GET /v1/item-names.yaml": MAY[Action.NAME_ITEMS],
    # invoices against what is owed
    "POST /v1/reconciliations": MAY[Action.RECONCILE],
    "GET /v1/reconciliations/{}": MAY[Action.RECONCILE],
    "DELETE /v1/reconciliations/{}": MAY[Action.RECONCILE],
    "GET /v1/reconciliations/{}/lines": MAY[Action.RECONCILE],
    "GET /v1/reconciliations/{}/corrections/{}": MAY[Action.RECONCILE],
    "GET /v1/reconciliations/{}/letters/{}.pdf": MAY[Action.RECONCILE],
    "GET /v1/reconciliations/{}.csv": MAY[Action.RECONCILE],
    "GET /v1/reconciliations/{}.xlsx": MAY[Action.RECONCILE],
    "GET /v1/reconciliations/{}.parquet": MAY[Action.RECONCILE],
    "GET /v1/reconciliations/{}.focus.csv": MAY[Action.RECONCILE],
    "GET /v1/reconciliations/{}/lines.csv": MAY[Action.RECONCILE],
    "GET /v1/reconciliations/{}/lines.xlsx": MAY[Action.RECONCILE],
    "GET /v1/reconciliations/{}/lines.parquet": MAY[Action.RECONCILE],
    "GET /v1/reconciliations/{}/lines.focus.csv": MAY[Action.RECONCILE],
    # what is owed
    "GET /v1/contracts/{}/dues": MAY[Action.SEE_DUES],
    "GET /v1/contracts/{}/late-interest": MAY[Action.SEE_DUES],
    "GET /v1/dues": MAY[Action.SEE_DUES],
    "GET /v1/dues.csv": MAY[Action.SEE_DUES],
    "GET /v1/dues.xlsx": MAY[Action.SEE_DUES],
    "GET /v1/dues.parquet": MAY[Action.SEE_DUES],
    "GET /v1/dues.focus.csv": MAY[Action.SEE_DUES],
    "GET /v1/dues.hometax.xlsx": MAY[Action.SEE_DUES],
    # what reconciliations found wrong
    "GET /v1/findings": MAY[Action.FOLLOW_UP],
    "GET /v1/findings/{}": MAY[Action.FOLLOW_UP],
    "POST /v1/findings/{}": MAY[Action.FOLLOW_UP],
}


class Unclassified(Exception):
    """Routes that nobody said who may call."""

    def __init__(self, routes: list[str]) -> None:
        super().__init__(f"Say in fee_service/http/access.py who may call: {', '.join(sorted(routes))}")


def guard(app: Flask, keyring: Keyring, limits: Limits, access: Mapping[str, Roles] = ACCESS) -> None:
    """Admit only who may call. Raises Unclassified where a route of the application is not in the table."""
    table: dict[tuple[str, str], Roles] = {}
    missing = []
    for rule in app.url_map.iter_rules():
        for method in rule.methods or ():
            name = named("GET" if method == "HEAD" else method, rule.rule)
            roles = OPEN if method == "OPTIONS" else access.get(name)
            if roles is None:
                missing.append(name)
            else:
                table[rule.endpoint, method] = roles
    if missing:
        raise Unclassified(missing)
    app.extensions["access"] = table
    app.extensions["keyring"] = keyring
    app.extensions["limits"] = limits
    app.before_request(admit)
    app.before_request(check_request)


def named(method: str, path: str) -> str:
    """A route as it stands in the table, whatever its parameters are called."""
    return f"{method} {re.sub(r'<[^>]+>|{[^}]+}', '{}', path)}"


def admit() -> None:
    """Let a call in, as far as its key and the limits allow. Raises FeeError (401, 403, 429) and StorageError."""
    environ, extensions = request.environ, current_app.extensions
    rule = request.url_rule
    environ[ROUTE] = rule.rule if rule is not None else None
    # a route that was added after the start is in no table, and KeyError lets nobody in
    roles = OPEN if rule is None else extensions["access"][rule.endpoint, environ["REQUEST_METHOD"]]
    if roles is PROBE:
        return
    limits = cast(Limits, extensions["limits"])
    if roles is OPEN:
        _within(limits, limits.of_address(origin(), now()), environ)
        return
    keyring = cast(Keyring, extensions["keyring"])
    try:
        g.actor = actor = keyring.actor(environ.get("HTTP_AUTHORIZATION"), today())
    except FeeError:
        _within(limits, limits.of_address(origin(), now()), environ)  # guessing is limited too
        raise
    environ[ACTOR] = actor.key_id
    _within(limits, limits.of_key(actor.key_id, now()), environ)
    if actor.role not in roles:
        raise refused(actor.role, roles)


def now() -> float:
    """The time of the door, in seconds."""
    return time.time()


def _within(limits: Limits, standing: Standing, environ: dict[str, Any]) -> None:
    """Tell the caller where he stands. Raises FeeError (429) beyond the limit."""
    environ[MORE_HEADERS] = (
        ("X-RateLimit-Limit", str(standing.limit)),
        ("X-RateLimit-Remaining", str(standing.remaining)),
        ("X-RateLimit-Reset", str(standing.reset)),
        ("X-RateLimit-Policy", limits.policy),
    )
    fault = standing_fault(standing)
    if fault is not None:
        raise FeeError([fault], TOO_MANY)


def standing_fault(standing: Standing) -> Fault | None:
    """That a caller is beyond the limit; None where he is not."""
    if not standing.exceeded:
        return None
    window = Label("1분", "a minute") if standing.window == MINUTE else Label("하루", "a day")
    params = {"limit": standing.limit, "window": window, "retry_after": standing.reset}
    return Fault("rate_limit_exceeded", "", params)
