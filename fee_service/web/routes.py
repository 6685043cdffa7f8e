"""Everything that answers with a page; importing it gives the blueprint its routes."""

from __future__ import annotations

from http import HTTPStatus

from flask import Flask

from fee_service.web import (
    compare_page,
    desk_page,
    findings_page,
    item_names_page,
    published_pages,
    quote_list_page,
    quote_page,
    reconcile_page,
    shared_page,
    sign_in_page,
    verify_page,
)
from fee_service.web.admitting import ACCESS_OF_PAGES, csrf
from fee_service.web.error_pages import unmet
from fee_service.web.languages import init_languages
from fee_service.web.sessions import init_sessions
from fee_service.web.shell import blueprint, init_templates

__all__ = [
    "ACCESS_OF_PAGES",
    "compare_page",
    "desk_page",
    "findings_page",
    "init_pages",
    "item_names_page",
    "published_pages",
    "quote_list_page",
    "quote_page",
    "reconcile_page",
    "shared_page",
    "sign_in_page",
    "verify_page",
]


def init_pages(app: Flask, secret_key: str) -> None:
    """Add the pages to an application."""
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False)
    init_sessions(app, secret_key)
    init_languages(app)
    csrf.init_app(app)
    init_templates(app)
    app.register_blueprint(blueprint)
    for status in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED):
        app.register_error_handler(status, unmet)
