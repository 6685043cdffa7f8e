"""/openapi.json says what the service does: every route, every status, every answer as it really is."""

import json
import re
from copy import deepcopy
from datetime import date
from functools import partial
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished
from support.asking import call

from fee_service.reconciliation.findings import enter
from fee_service.reference.examples import COMPARISON, ELIGIBILITY, FULL, SMALLEST
from fee_service.rules.findings import Seen, id_of, subject
from fee_service.wording.faults import FAULTS

# the documentation itself, and what is for operators only
UNDOCUMENTED = {"/docs", "/docs/start.js", "/docs/<name>", "/openapi.json", "/metrics"}


@pytest.fixture(scope="module")
def document(app: Flask) -> dict[str, Any]:
    """The published document."""
    answer = app.test_client().get("/openapi.json")
    assert answer.status_code == 200
    content: dict[str, Any] = answer.get_json()
    return content


def test_it_is_openapi_3_1_and_its_schemas_are_valid(document: dict[str, Any]) -> None:
    """Every schema is JSON Schema 2020-12, as OpenAPI 3.1 wants."""
    assert document["openapi"] == "3.1.0"
    for schema in document["components"]["schemas"].values():
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})


def test_every_route_is_documented(app: Flask, document: dict[str, Any]) -> None:
    """No path without documentation, no documentation without a path."""
    served = {
        (re.sub(r"<[^>]+>", "{}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule not in UNDOCUMENTED and not rule.endpoint.startswith("web.")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    documented = {
        (re.sub(r"\{[^}]+\}", "{}", path), method)
        for path, operations in document["paths"].items()
        for method in operations
    }
    assert documented == served


def test_every_error_code_is_documented(client: FlaskClient, document: dict[str, Any]) -> None:
    """The codes stand in the schema of faults and at /problems."""
    listed = {entry["code"] for entry in client.get("/problems").get_json()["problems"]}
    assert listed == set(FAULTS)
    assert all(f"`{code}`" in document["components"]["schemas"]["Fault"]["description"] for code in FAULTS)


def finding(app: Flask, number: str) -> str:
    """The id of what a reconciliation found wrong with a contract."""
    wrong = Seen(subject(number, "A", None, date(2026, 12, 1)), "overbilled")
    entered = partial(enter, run=f"of {number}", seen=[wrong], covers=[], call=call())
    app.extensions["database"].write(entered)
    return id_of(wrong.subject)


def test_the_examples_are_taken_and_answered_as_shown(
    app: Flask, client: FlaskClient, document: dict[str, Any]
) -> None:
    """Each example request gets what is documented; the example answers are what the engine says."""
    for path, operations in document["paths"].items():
        post = operations.get("post", {})
        for kind, example in post.get("requestBody", {}).get("content", {}).items():
            for shown in example.get("examples", {}).values():
                started = {"starts_on": "2026-10-01"} if path.endswith("/audits") else {}  # months that are over
                quote = client.post("/v1/quotes", json={**SMALLEST, **started}).get_json()["number"]
                sent = shown["value"] if isinstance(shown["value"], str) else json.dumps(shown["value"])
                if "Q-2026-000001" in sent or path.startswith("/v1/contracts/"):  # a contract
                    client.post(f"/v1/quotes/{quote}/acceptance")
                sent = sent.replace("Q-2026-000001", quote)
                named = finding(app, quote) if path.startswith("/v1/findings/") else ""
                answer = client.post(path.format(key=quote, id=named), data=sent, content_type=kind)
                good = "202" if path == "/v1/reconciliations" else min(post["responses"])
                assert str(answer.status_code) == good, answer.get_data(as_text=True)
    preview = document["paths"]["/v1/quotes/preview"]["post"]["responses"]["200"]
    example = preview["content"]["application/json"]["examples"]["answer"]["value"]
    request = {**SMALLEST, "starts_on": "2026-12-09", "months": 2}
    answer = client.post("/v1/quotes/preview", json=request, headers={"Accept-Language": "en"})
    assert answer.get_json() == example


def closed(document: dict[str, Any], name: str) -> dict[str, Any]:
    """An answer's schema that takes no undocumented field either."""
    schemas = deepcopy(document["components"]["schemas"])
    for schema in schemas.values():
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
    return {"$ref": f"#/components/schemas/{name}", "components": {"schemas": schemas}}


@pytest.mark.parametrize(
    ("name", "path", "body"),
    [
        ("Quote", "/v1/quotes/preview", SMALLEST),
        ("Quote", "/v1/quotes/preview", FULL),
        (
            "Quote",
            "/v1/quotes/preview",
            {**FULL, "apis": ["시세표"], "test_months": 3, "channel": "open_api"},
        ),
        ("Comparison", "/v1/comparisons", COMPARISON),
        ("EligibilityAnswer", "/v1/eligibility", ELIGIBILITY),
        ("EligibilityAnswer", "/v1/eligibility", {"company": FULL["company"]}),
        ("Apis", "/v1/apis", None),
        ("Products", "/v1/products", None),
        ("PriceLists", "/v1/price-lists", None),
        ("PriceList", "/v1/price-lists/market-data-2018-07-01", None),
        ("PriceListDiff", "/v1/price-lists/market-data-2018-07-01/diff/market-data-2018-07-01", None),
        ("WaiverPolicies", "/v1/waiver-policies", None),
        ("Codes", "/problems", None),
        ("Health", "/healthz", None),
        ("Readiness", "/readyz", None),
        ("Problem", "/v1/price-lists/none", None),
        ("Problem", "/v1/quotes/preview", {}),
    ],
)
def test_real_answers_hold_exactly_what_is_documented(
    client: FlaskClient, document: dict[str, Any], name: str, path: str, body: dict[str, Any] | None
) -> None:
    """No field is missing, none undocumented, none of another type."""
    answer = client.get(path) if body is None else client.post(path, json=body)
    validator = jsonschema_rs.Draft202012Validator(closed(document, name))
    found = [f"{error.instance_path}: {error.message}" for error in validator.iter_errors(answer.get_json(force=True))]
    assert found == []


@pytest.mark.parametrize("name", ["QuoteRequest", "Company", "Licence", "Usage", "ComparisonRequest"])
def test_documented_requests_are_closed(document: dict[str, Any], name: str) -> None:
    """The document says that unknown fields are refused."""
    assert document["components"]["schemas"][name]["additionalProperties"] is False


def test_the_docs_page_needs_no_other_server(client: FlaskClient) -> None:
    """Page, script and start file name no other host, and the policy would not let them."""
    page = client.get("/docs")
    assert page.status_code == 200
    policy = page.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "http" not in policy
    urls = re.findall(r'(?:src|href)="([^"]+)"', page.get_data(as_text=True))
    assert len(urls) == 5
    for url in urls:
        assert url.startswith("/"), url
        assert client.get(url).status_code == 200, url
    assert "://" not in page.get_data(as_text=True) + client.get("/docs/start.js").get_data(as_text=True)


schemathesis.serializer.alias("application/x-ndjson", "text/plain")

MADE_UP = {
    "generation": {"max-examples": 60, "deterministic": True, "database": "none"},
    "phases": {"stateful": {"enabled": False}},  # no resource of the document leads to another yet
    # a request of the documented form may still be refused: an invented product is on no price list
    # test_access.py walks every route without a key; this check cannot be run without a server
    # whatever is sent there is lines
    "operations": [{"include-path": "/v1/quotes/bulk", "checks": {"negative_data_rejection": {"enabled": False}}}],
    "checks": {"positive_data_acceptance": {"enabled": False}, "ignored_auth": {"enabled": False}},
}


@pytest.mark.no_cover  # ten thousand requests reach little that those of other tests do not
def test_made_up_requests_get_documented_answers(app: Flask, keys: dict[str, str]) -> None:
    """Requests good and bad, made up from the document: no server error, no undocumented answer."""
    config = schemathesis.Config.from_dict({**MADE_UP, "headers": {"Authorization": f"Bearer {keys['admin']}"}})
    described = schemathesis.openapi.from_wsgi("/openapi.json", app, config=config)
    checked, failures = 0, []
    for event in from_schema(described).execute():
        assert not isinstance(event, FatalError | NonFatalError), event
        if isinstance(event, ScenarioFinished):
            for checks in event.recorder.checks.values():
                checked += len(checks)
                failures += [
                    f"{event.label}: {check.failure_info.failure}\n{check.failure_info.code_sample}"
                    for check in checks
                    if check.failure_info
                ]
    assert failures == []
    assert checked > 10_000
