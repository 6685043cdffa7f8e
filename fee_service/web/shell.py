"""What all pages share: their blueprint, their headers, what every template may show, and who calls."""

from __future__ import annotations

import logging
import re
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Flask, Response, render_template, request
from flask_wtf.csrf import generate_csrf
from jinja2.ext import Extension

from fee_service.actors import Actor, Role
from fee_service.clock import now_in_utc
from fee_service.documents.issued_quote import visible
from fee_service.http.context import origin, today
from fee_service.http.environ import REQUEST_ID
from fee_service.permissions import Action, may
from fee_service.quote_status import QuoteStatus
from fee_service.quotes.calls import Call, Once
from fee_service.storage.faults import StorageError
from fee_service.web.choices import choices
from fee_service.web.languages import (
    NAMES,
    _,
    in_other_language,
    page_language,
    remember_language,
)
from fee_service.web.reconciliation_words import (
    cause_word,
    checked_word,
    direction_word,
    field_word,
    finding_word,
    format_word,
    row_word,
    signed,
    status_word,
)
from fee_service.web.sessions import seated
from fee_service.web.static_files import address_of, static_file

logger = logging.getLogger(__name__)

blueprint = Blueprint("web", __name__, template_folder="templates")
blueprint.add_url_rule("/static/<path:filename>", "static", static_file)

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


RECONCILIATION_WORDS = (
    *(cause_word, checked_word, direction_word, field_word, finding_word, format_word, row_word, status_word),
    signed,
)


class WithoutIndentation(Extension):
    """Templates are indented for people; pages go out without it."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return re.sub(r"(?m)^[ \t]+", "", source)


def init_templates(app: Flask) -> None:
    """Give the templates their filters, and let them go out without their indentation."""
    app.add_template_filter(visible)
    app.add_template_filter(element_id, "id")
    app.add_template_filter(choices)
    app.add_template_filter(lambda value: (value, value), "twice")
    app.add_template_filter(status_name, "status")
    app.add_template_filter(lambda names: [(name, status_name(name)) for name in names], "statuses")
    for word in RECONCILIATION_WORDS:
        app.add_template_filter(word)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension(WithoutIndentation)


def element_id(field: str) -> str:
    """The id of a field's element."""
    return re.sub(r"[^A-Za-z0-9]+", "-", field)


def status_name(status: str) -> str:
    """A status as people say it."""
    names: dict[str, str] = {
        QuoteStatus.ISSUED: _("valid"),
        QuoteStatus.ACCEPTED: _("accepted"),
        QuoteStatus.WITHDRAWN: _("withdrawn"),
        QuoteStatus.REVISED: _("revised"),
        QuoteStatus.EXPIRED: _("expired"),
    }
    return names.get(status, status)


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
        "seated": (someone := _seated_here()),
        "reconciles": someone is not None and may(someone.role, Action.RECONCILE),
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
    actor = seated() or Actor("nobody", Role.PORTAL)
    return Call(actor, origin(), now_in_utc(), today(), page_language(), once)
