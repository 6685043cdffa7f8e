"""What all pages share: who may see them, protection against forged posts, headers, and errors as pages."""

from __future__ import annotations

import gzip
import hashlib
import logging
import re
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, current_app, g, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFProtect, generate_csrf
from jinja2.ext import Extension
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from fee_service.actors import Actor
from fee_service.api.access import FINANCE, OPEN, PORTAL, SALES, Roles, named
from fee_service.api.context import origin, today
from fee_service.clock import now_in_utc
from fee_service.desk.calls import Call, Once
from fee_service.documents.issued_quote import visible
from fee_service.errors import FeeError
from fee_service.storage.faults import StorageError
from fee_service.web.choices import choices
from fee_service.web.forms import kept_fields
from fee_service.web.languages import (
    NAMES,
    _,
    in_other_language,
    init_languages,
    page_language,
    remember_language,
)
from fee_service.web.sessions import init_sessions, seated
from fee_service.wording import fault_answer

logger = logging.getLogger(__name__)

blueprint = Blueprint("web", __name__, template_folder="templates", static_folder="static", static_url_path="/static")
csrf = CSRFProtect()

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
STATIC = Path(__file__).parent / "static"
STATIC_SECONDS = 365 * 24 * 3600  # the address of a file changes with what it holds

# Who may see a page. `OPEN` pages need nobody to be signed in.
PAGES: dict[str, Roles] = {
    "GET /": PORTAL,
    "POST /": PORTAL,
    "POST /estimate": PORTAL,
    "POST /compare": PORTAL,
    "GET /compare": PORTAL,
    "GET /sign-in": OPEN,
    "POST /sign-in": OPEN,
    "POST /sign-out": OPEN,
    "GET /quotes": PORTAL,
    "POST /quotes": PORTAL,
    "GET /quotes/{}": PORTAL,
    "GET /quotes/{}/again": PORTAL,
    "GET /quotes/{}/revision": SALES,
    "POST /quotes/{}/withdrawal": SALES,
    "POST /quotes/{}/acceptance": FINANCE,
    "POST /quotes/{}/shares": SALES,
    "POST /quotes/{}/shares/{}/revocation": SALES,
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


def init_pages(app: Flask, secret_key: str | None) -> None:
    """Add the pages to an application."""
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False)
    init_sessions(app, secret_key)
    init_languages(app)
    csrf.init_app(app)
    app.add_template_filter(visible)
    app.add_template_filter(element_id, "id")
    app.add_template_filter(choices)
    app.add_template_filter(status_name, "status")
    app.add_template_filter(lambda names: [(name, status_name(name)) for name in names], "statuses")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension(WithoutIndentation)
    app.register_blueprint(blueprint)


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
    if request.endpoint == "web.static":
        return None
    if not current_app.secret_key:
        raise StorageError("storage_unavailable")
    roles = PAGES[named("GET" if request.method == "HEAD" else request.method, str(request.url_rule))]
    if roles is not OPEN:
        actor = seated()
        if actor is None:
            return ask_to_sign_in()
        g.actor = actor
        if actor.role not in roles:
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
    if request.endpoint == "web.static":
        return _of_static(answer)
    answer.headers.setdefault("Content-Security-Policy", POLICY)
    answer.headers["Vary"] = "Cookie, Accept-Language"
    return remember_language(answer)


def _of_static(answer: Response) -> Response:
    """Kept for long under an address with its version; small on the way, which pages with a token never are."""
    if request.args.get("v"):
        answer.headers["Cache-Control"] = f"public, max-age={STATIC_SECONDS}, immutable"
    name = (request.view_args or {}).get("filename", "")
    if answer.status_code == 200 and request.accept_encodings["gzip"] and request.method == "GET":
        answer.direct_passthrough = False
        answer.set_data(_squeezed(name))
        answer.headers["Content-Encoding"] = "gzip"
        answer.headers["ETag"] = f'"{_version(name)}-gzip"'
    answer.headers["Vary"] = "Accept-Encoding"
    return answer


@cache
def _squeezed(name: str) -> bytes:
    return gzip.compress((STATIC / name).read_bytes(), mtime=0)


@blueprint.app_context_processor
def for_templates() -> dict[str, Any]:
    """What every page may show."""
    other, address = in_other_language()
    return {
        "lang": page_language(),
        "other_lang": other,
        "other_lang_name": NAMES[other],
        "other_lang_url": address,
        "seated": seated() if request.blueprint == blueprint.name else None,
        "asset": asset,
        "csrf_token": generate_csrf,
    }


def asset(name: str) -> str:
    """The address of a static file, which changes with what it holds."""
    return url_for("web.static", filename=name, v=_version(name))


@cache
def _version(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]


def page(template: str, status: int = 200, **values: Any) -> Response:
    return Response(render_template(template, **values), status, content_type="text/html; charset=utf-8")


def call(once: Once | None = None) -> Call:
    """Who asks what, when and from where, in the page's language."""
    actor = seated() or Actor("nobody", "portal")
    return Call(actor, origin(), now_in_utc(), today(), page_language(), once)


# -- errors ----------------------------------------------------------------------------------------------


@blueprint.errorhandler(FeeError)
def refused(error: FeeError) -> Response:
    told = [fault_answer(fault, page_language()) for fault in error.faults]
    answer = page("problem.html", error.status, title=told[0]["message"], told=told)
    if (seconds := error.faults[0].params.get("retry_after")) is not None:
        answer.headers["Retry-After"] = str(seconds)
    return answer


@blueprint.errorhandler(StorageError)
def unavailable(error: StorageError) -> Response:
    logger.warning("pages: %s", error)
    text = _("Nothing was lost. Please try again in a minute.")
    answer = page("problem.html", 503, title=_("Not available at the moment"), text=text)
    answer.headers["Retry-After"] = str(error.retry_after)
    return answer


@blueprint.errorhandler(HTTPException)
def http_error(error: HTTPException) -> AnyResponse:
    if error.code is None or error.code < 400:
        return error.get_response()
    title = _("Page not found") if error.code == 404 else _("This request was not understood")
    return page("problem.html", error.code, title=title)


@blueprint.errorhandler(Exception)
def failed(error: Exception) -> Response:
    logger.exception("unexpected error at %s", request.path, exc_info=error)
    text = _("The error was recorded. Please try again.")
    return page("problem.html", 500, title=_("Something went wrong here"), text=text)
