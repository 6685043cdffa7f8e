"""Who may see which page, and that no other site posts: asked before every page."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response, g, redirect, request, url_for
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response as AnyResponse

from fee_service.http.access import OPEN, named
from fee_service.http.door import check_text
from fee_service.http.refusals import noted
from fee_service.invoices.sizes import MOST_BYTES
from fee_service.permissions import MAY, Action, Roles, may, refused
from fee_service.web.filling_in import kept_fields
from fee_service.web.languages import OWN_PAGES, _
from fee_service.web.sessions import seated
from fee_service.web.shell import blueprint, page

csrf = CSRFProtect()

MOST_UNSIGNED = 50_000  # bytes of a form from who is not signed in; it is sent back to him to be kept

FILES_COME_TO = "/reconciliations"

# Who may see a page. `OPEN` pages need nobody to be signed in.
PAGES: dict[str, Roles] = {
    "GET /": MAY[Action.PREVIEW],
    "POST /": MAY[Action.PREVIEW],
    "POST /estimate": MAY[Action.PREVIEW],
    "POST /compare": MAY[Action.PREVIEW],
    "GET /compare": MAY[Action.PREVIEW],
    "GET /sign-in": OPEN,
    "POST /sign-in": OPEN,
    "POST /sign-out": OPEN,
    "GET /quotes": MAY[Action.READ],
    "POST /quotes": MAY[Action.ISSUE],  # a form that revises is asked for once more: fee_service/permissions.py
    "GET /quotes/{}": MAY[Action.READ],
    "GET /quotes/{}/again": MAY[Action.ISSUE],
    "GET /quotes/{}/revision": MAY[Action.REVISE],
    "POST /quotes/{}/withdrawal": MAY[Action.WITHDRAW],
    "POST /quotes/{}/acceptance": MAY[Action.ACCEPT],
    "POST /quotes/{}/shares": MAY[Action.SHARE],
    "POST /quotes/{}/shares/{}/revocation": MAY[Action.SHARE],
    "GET /reconciliations": MAY[Action.RECONCILE],
    "POST /reconciliations": MAY[Action.RECONCILE],
    "GET /reconciliations/{}": MAY[Action.RECONCILE],
    "GET /reconciliations/{}/progress": MAY[Action.RECONCILE],
    "GET /reconciliations/{}/files/{}": MAY[Action.RECONCILE],
    "POST /reconciliations/{}/names": MAY[Action.RECONCILE],
    "POST /reconciliations/{}/start": MAY[Action.RECONCILE],
    "POST /reconciliations/{}/cancellation": MAY[Action.RECONCILE],
    "GET /findings": MAY[Action.FOLLOW_UP],
    "GET /findings/{}": MAY[Action.FOLLOW_UP],
    "POST /findings/{}": MAY[Action.FOLLOW_UP],
    "GET /item-names": MAY[Action.NAME_ITEMS],
    "GET /item-names.yaml": MAY[Action.NAME_ITEMS],
    "POST /item-names": MAY[Action.NAME_ITEMS],
    "GET /s/{}": OPEN,
    "GET /verify": OPEN,
    "GET /verify/{}": OPEN,
    "GET /price-lists": OPEN,
    "GET /waiver-policies": OPEN,
    "GET /apis": OPEN,
    "GET /static/{}": OPEN,
}

# What the guard of the whole application is told: pages see to their sessions themselves.
ACCESS_OF_PAGES: dict[str, Roles] = dict.fromkeys(PAGES, OPEN)


@blueprint.before_request
def admit_to_page() -> AnyResponse | None:
    """Ask who is not signed in to do so, without losing what was typed; then check that no other site posts."""
    if request.endpoint == "web.static" or request.method == "OPTIONS":
        return None
    if request.method == "POST":
        if request.path == FILES_COME_TO and seated() is None:
            return ask_to_sign_in()  # no file is taken from who is not signed in, nor carried along
        request.max_content_length = _most_posted()
    check_text(request.args.items(multi=True))
    if request.method == "POST":
        check_text(request.form.items(multi=True))
    roles = PAGES[named("GET" if request.method == "HEAD" else request.method, str(request.url_rule))]
    if roles is not OPEN:
        actor = seated()
        if actor is None:
            return ask_to_sign_in()
        g.actor = actor
        if actor.role not in roles:
            refusal = noted(refused(actor.role, roles))
            if refusal.status != HTTPStatus.FORBIDDEN:
                raise refusal
            return page("refused.html", 403, title=_("Not allowed with this key"), role=actor.role)
    csrf.protect()
    return None


def _most_posted() -> int | None:
    """How large a form may be (bytes); None: as usual."""
    actor = seated()
    if actor is None:
        return MOST_UNSIGNED
    takes_files = request.path == FILES_COME_TO and may(actor.role, Action.RECONCILE)
    return MOST_BYTES if takes_files else request.max_content_length


def ask_to_sign_in() -> AnyResponse:
    """The sign-in page; what was posted is carried along in it."""
    if request.method != "POST":
        return redirect(url_for("web.sign_in_page", next=request.full_path.rstrip("?")))
    if request.path == url_for("web.estimate_now"):
        return Response(status=401)
    kept = kept_fields(request.form) if request.path in (url_for("web.desk_page"), "/quotes", "/compare") else []
    key = (request.view_args or {}).get("key")  # an action on a quote or a run: back to it, to decide it once more
    own = request.path if kept or request.path in OWN_PAGES else "/"
    after = "/".join(request.path.split("/")[:3]) if key else own
    return page("sign_in.html", 401, kept=kept, expired=True, next=after)
