"""What all pages share: who may see them, protection against forged posts, headers, and errors as pages."""

from __future__ import annotations

import logging
import re
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Flask, Response, g, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFProtect, generate_csrf
from jinja2.ext import Extension
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.wrappers import Response as AnyResponse

from fee_service.actors import Actor
from fee_service.clock import now_in_utc
from fee_service.documents.issued_quote import visible
from fee_service.errors import Fault, FeeError
from fee_service.http.access import OPEN, named
from fee_service.http.context import origin, today
from fee_service.http.door import check_text
from fee_service.http.environ import REQUEST_ID
from fee_service.http.problems import PROBLEM_JSON, TORN, fault_of, handle
from fee_service.http.refusals import noted
from fee_service.operations import metrics
from fee_service.permissions import MAY, Action, Roles
from fee_service.permissions import refused as forbidden
from fee_service.quotes.calls import Call, Once
from fee_service.storage.faults import StorageError
from fee_service.web.choices import choices
from fee_service.web.filling_in import kept_fields
from fee_service.web.languages import (
    NAMES,
    _,
    in_other_language,
    init_languages,
    page_language,
    remember_language,
)
from fee_service.web.sessions import init_sessions, seated
from fee_service.web.static_files import address_of, static_file
from fee_service.wording import fault_answer

logger = logging.getLogger(__name__)

blueprint = Blueprint("web", __name__, template_folder="templates")
blueprint.add_url_rule("/static/<path:filename>", "static", static_file)
csrf = CSRFProtect()

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
MOST_UNSIGNED = 50_000  # bytes of a form from who is not signed in; it is sent back to him to be kept

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


class WithoutIndentation(Extension):
    """Templates are indented for people; pages go out without it."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return re.sub(r"(?m)^[ \t]+", "", source)


def init_pages(app: Flask, secret_key: str) -> None:
    """Add the pages to an application."""
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False)
    init_sessions(app, secret_key)
    init_languages(app)
    csrf.init_app(app)
    app.add_template_filter(visible)
    app.add_template_filter(element_id, "id")
    app.add_template_filter(choices)
    app.add_template_filter(lambda value: (value, value), "twice")
    app.add_template_filter(status_name, "status")
    app.add_template_filter(lambda names: [(name, status_name(name)) for name in names], "statuses")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension(WithoutIndentation)
    app.register_blueprint(blueprint)
    for status in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED):
        app.register_error_handler(status, unmet)


def element_id(field: str) -> str:
    """The id of a field's element."""
    return re.sub(r"[^A-Za-z0-9]+", "-", field)


def status_name(status: str) -> str:
    """A status as people say it."""
    names = {
        "issued": _("valid"),
        "accepted": _("accepted"),
        "withdrawn": _("withdrawn"),
        "revised": _("revised"),
        "expired": _("expired"),
    }
    return names.get(status, status)


# -- before and after every page -------------------------------------------------------------------------


@blueprint.before_request
def admit_to_page() -> AnyResponse | None:
    """Ask who is not signed in to do so, without losing what was typed; then check that no other site posts."""
    if request.endpoint == "web.static" or request.method == "OPTIONS":
        return None
    if request.method == "POST" and seated() is None:
        request.max_content_length = MOST_UNSIGNED
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
            refusal = noted(forbidden(actor.role, roles))
            if refusal.status != HTTPStatus.FORBIDDEN:
                raise refusal
            return page("refused.html", 403, title=_("Not allowed with this key"), role=actor.role)
    csrf.protect()
    return None


def ask_to_sign_in() -> AnyResponse:
    """The sign-in page; what was posted is carried along in it."""
    if request.method != "POST":
        return redirect(url_for("web.sign_in_page", next=request.full_path.rstrip("?")))
    if request.path == url_for("web.estimate_now"):
        return Response(status=401)
    kept = kept_fields(request.form) if request.path in (url_for("web.desk_page"), "/quotes", "/compare") else []
    key = (request.view_args or {}).get("key")  # an action on a quote: back to the quote, to decide it once more
    after = url_for("web.quote_page", key=key) if key else request.path if kept else "/"
    return page("sign_in.html", 401, kept=kept, expired=True, next=after)


@blueprint.after_request
def finish(answer: Response) -> Response:
    if request.endpoint == "web.static" and answer.status_code != HTTPStatus.NOT_FOUND:
        return answer
    answer.headers.setdefault("Content-Security-Policy", POLICY)
    answer.headers["Vary"] = "Cookie, Accept-Language"
    return remember_language(answer)


@blueprint.app_context_processor
def for_templates() -> dict[str, Any]:
    """What every page may show."""
    other, address = in_other_language()
    return {
        "lang": page_language(),
        "request_id": request_id(),
        "other_lang": other,
        "other_lang_name": NAMES[other],
        "other_lang_url": address,
        "seated": _seated_here(),
        "asset": address_of,
        "csrf_token": generate_csrf,
    }


def _seated_here() -> Actor | None:
    """Who is signed in, for the links of a page; nobody on an error page while the database is away."""
    try:
        return seated() if request.blueprint == blueprint.name or request.url_rule is None else None
    except StorageError:
        return None


def request_id() -> str | None:
    """What names the request in the log, for whoever calls about it."""
    found: str | None = request.environ.get(REQUEST_ID)
    return found


def page(template: str, status: int = 200, **values: Any) -> Response:
    return Response(render_template(template, **values), status, content_type="text/html; charset=utf-8")


def call(once: Once | None = None) -> Call:
    """Who asks what, when and from where, in the page's language."""
    actor = seated() or Actor("nobody", "portal")
    return Call(actor, origin(), now_in_utc(), today(), page_language(), once)


# -- errors ----------------------------------------------------------------------------------------------


@blueprint.errorhandler(FeeError)
def refused(error: FeeError) -> Response:
    error = noted(error)
    if error.status == HTTPStatus.SERVICE_UNAVAILABLE:
        metrics.unavailable(error.faults)
    told = [fault_answer(fault, page_language()) for fault in error.faults]
    answer = page("problem.html", error.status, title=told[0]["message"], told=told)
    if (seconds := error.faults[0].params.get("retry_after")) is not None:
        answer.headers["Retry-After"] = str(seconds)
    return answer


@blueprint.errorhandler(StorageError)
def unavailable(error: StorageError) -> Response:
    metrics.unavailable((Fault(error.code),))
    text = _("Nothing was lost. Please try again in a minute.")
    answer = page("problem.html", 503, title=_("Not available at the moment"), text=text)
    answer.headers["Retry-After"] = str(error.retry_after)
    return answer


@blueprint.errorhandler(HTTPException)
def http_error(error: HTTPException) -> AnyResponse:
    if error.code is None or error.code < 400:
        return error.get_response()
    if error.code == HTTPStatus.NOT_FOUND:
        return page("problem.html", error.code, title=_("Page not found"))
    fault = fault_of(error)
    if fault.code != "bad_request":
        return refused(FeeError([fault], error.code))
    return page("problem.html", error.code, title=_("This request was not understood"))


def unmet(error: HTTPException) -> AnyResponse:
    """An address that no route met, or not by this method: a page for a browser, a problem for any other caller."""
    if request.blueprint == blueprint.name:
        return http_error(error)
    if request.url_rule is not None or not _wants_a_page():
        answer: AnyResponse = handle(error)
    else:
        answer = http_error(error)
        answer.headers["Content-Security-Policy"] = POLICY
        if isinstance(error, MethodNotAllowed) and error.valid_methods:
            answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    answer.headers["Vary"] = "Accept, Accept-Language"
    return answer


def _wants_a_page() -> bool:
    return request.accept_mimetypes.best_match((PROBLEM_JSON, "text/html")) == "text/html"


@blueprint.errorhandler(Exception)
def failed(error: Exception) -> Response:
    if isinstance(error, TORN):
        return page("problem.html", 400, title=_("This request was not understood"))
    logger.exception("unexpected error at %s", request.path, exc_info=error, extra={"request_id": request_id()})
    text = _("The error was recorded. Please try again.")
    return page("problem.html", 500, title=_("Something went wrong here"), text=text)
