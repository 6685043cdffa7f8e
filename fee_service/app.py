"""The web application: wiring and nothing else."""

from __future__ import annotations

from flask import Flask

from fee_service.api import (
    catalogue,
    comparisons,
    docs,
    eligibility,
    health,
    price_lists,
    quotes,
    waiver_policies,
)
from fee_service.api.headers import SecurityHeaders
from fee_service.api.problems import handle
from fee_service.clock import today_in_korea
from fee_service.edition_files import read_editions
from fee_service.editions import Editions
from fee_service.settings import Settings, read_settings

RESOURCES = (quotes, comparisons, eligibility, catalogue, price_lists, waiver_policies, health, docs)
LARGEST_BODY = 1_000_000  # bytes


def create_app(settings: Settings | None = None, editions: Editions | None = None) -> Flask:
    """The application. Raises where settings or editions are faulty: better no start than a wrong price."""
    settings = settings or read_settings()
    app = Flask(__name__, static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY, TODAY=today_in_korea)
    app.extensions["editions"] = editions or read_editions(settings.pricing_tables)
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    for module in RESOURCES:
        app.register_blueprint(module.blueprint)
    app.register_error_handler(Exception, handle)
    app.wsgi_app = SecurityHeaders(app.wsgi_app)  # type: ignore[method-assign]
    return app
