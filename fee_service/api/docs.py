"""The documentation: /openapi.json, a page that shows it without any other server, and all error codes."""

from __future__ import annotations

from importlib.resources import files

from flask import Blueprint, Response, abort, current_app, request, send_from_directory

from fee_service.http.body import query
from fee_service.http.context import editions
from fee_service.http.published import published
from fee_service.reference.openapi import openapi
from fee_service.wording.faults import FAULTS

blueprint = Blueprint("docs", __name__)

ASSETS = frozenset(("swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"))
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>fee_service · API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
</head>
<body>
<main id="swagger-ui">The API is described in <a href="/openapi.json">openapi.json</a>.</main>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""
START = """SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger-ui",
  validatorUrl: null,
  deepLinking: true,
  defaultModelsExpandDepth: 0,
});
"""


@blueprint.get("/openapi.json")
def openapi_document() -> Response:
    """The API as OpenAPI 3.1."""
    query()
    found = current_app.extensions.get("openapi")
    if found is None:
        found = current_app.extensions["openapi"] = openapi(editions(), current_app.config["PUBLIC_URL"] or "/")
    return published(found)


@blueprint.get("/docs")
def page() -> Response:
    """The documentation as a page."""
    return _of_page(PAGE, "text/html; charset=utf-8")


@blueprint.get("/docs/start.js")
def start_script() -> Response:
    """What starts the page, in a file of its own: the page's policy allows no script inside it."""
    return _of_page(START, "text/javascript; charset=utf-8")


@blueprint.get("/docs/<name>")
def asset(name: str) -> Response:
    """A file of Swagger UI, as it comes with the package."""
    if name not in ASSETS:
        abort(404)
    answer = send_from_directory(str(files("flask_swagger_ui") / "dist"), name, max_age=86_400)
    answer.headers["Content-Security-Policy"] = POLICY
    return answer


@blueprint.get("/problems")
def list_problems() -> Response:
    """Every error code with what is said about it."""
    query()
    codes = [
        {
            "code": code,
            "title": wording.title,
            "message": {"ko": wording.message_ko, "en": wording.message_en},
            "hint": {"ko": wording.hint_ko, "en": wording.hint_en},
        }
        for code, wording in FAULTS.items()
    ]
    return published({"problems": codes})


def _of_page(content: str, content_type: str) -> Response:
    answer = Response(content, content_type=content_type)
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["Cache-Control"] = "public, max-age=300"
    answer.add_etag()
    answer.make_conditional(request)
    return answer
