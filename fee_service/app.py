"""The web application: wiring and nothing else."""

from __future__ import annotations

from typing import Any

from flask import Flask

from fee_service.api import (
    audits,
    bulk,
    catalogue,
    comparisons,
    contracts,
    docs,
    documents,
    dues,
    eligibility,
    findings,
    health,
    item_names,
    jobs,
    letters,
    price_lists,
    quotes,
    reconciliations,
    usage_reports,
    waiver_policies,
)
from fee_service.clock import today_in_korea
from fee_service.documents.press import Press
from fee_service.edition_files import read_editions
from fee_service.http.access import ACCESS, guard
from fee_service.http.headers import SecurityHeaders
from fee_service.http.observing import Observed
from fee_service.http.origins import Origins
from fee_service.http.problems import handle
from fee_service.http.proxies import Proxies
from fee_service.job_kinds import job_kinds
from fee_service.keys.keyring import Keyring
from fee_service.keys.secret_key import secret_key_of
from fee_service.operations.limits import Limits
from fee_service.operations.watching import Watch
from fee_service.published.editions import Editions
from fee_service.quotes.desk import Desk
from fee_service.settings import Settings, read_settings
from fee_service.storage.database import Database
from fee_service.storage.probing import WriteProbe
from fee_service.web.routes import ACCESS_OF_PAGES, init_pages

RESOURCES = (
    *(quotes, bulk, documents, comparisons, eligibility, contracts, usage_reports, audits, dues, findings),
    *(reconciliations, letters, item_names, catalogue, price_lists, waiver_policies, jobs, health, docs),
)
LARGEST_BODY = 1_000_000  # bytes


def create_app(settings: Settings | None = None, editions: Editions | None = None) -> Flask:
    """The application. Raises where settings or editions are faulty: better no start than a wrong price."""
    settings = settings or read_settings()
    secret_key = secret_key_of(settings)
    app = Flask(__name__, static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY, TODAY=today_in_korea, PUBLIC_URL=settings.public_url)
    published = editions or read_editions(settings.pricing_tables)
    database = Database(settings.database)
    app.extensions["editions"] = published
    app.extensions["database"] = database
    app.extensions["readiness"] = Watch("readiness")
    app.extensions["write_probe"] = WriteProbe(database)
    app.extensions["press"] = Press(at_once=max(1, settings.threads // 2))
    app.extensions["desk"] = Desk(
        database, published, settings.quote_valid_days, settings.idempotency_hours, settings.share_days
    )
    app.extensions["job_kinds"] = job_kinds(app.extensions["desk"])
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.url_map.converters.update(quote=quotes.QuoteKey, run=reconciliations.RunKey)
    for module in RESOURCES:
        app.register_blueprint(module.blueprint)
    init_pages(app, secret_key)
    app.register_error_handler(Exception, handle)
    limits = Limits(settings.rate_limit_storage_url, settings.requests_per_minute, settings.requests_per_day)
    guard(app, Keyring(database), limits, {**ACCESS, **ACCESS_OF_PAGES})
    app.wsgi_app = _surrounded(app.wsgi_app, settings)  # type: ignore[method-assign]
    return app


def _surrounded(app: Any, settings: Settings) -> Any:
    """The layers around the application, the outermost last."""
    app = SecurityHeaders(app)
    if settings.cors_origins:
        app = Origins(app, settings.cors_origins)
    return Proxies(Observed(app), settings.trusted_proxies)
