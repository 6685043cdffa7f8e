"""What generators of clients read beside schemas: where, with which key, what kind of answer."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from fee_service.http.access import ACCESS, OPEN, PROBE, named
from fee_service.published.editions import Editions
from fee_service.reference.openapi import openapi

PROBLEM = "application/problem+json"
OF_BYTES = ("application/pdf", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


@pytest.fixture(scope="module")
def document(app: Flask) -> dict[str, Any]:
    """The published document."""
    content: dict[str, Any] = app.test_client().get("/openapi.json").get_json()
    return content


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, of_path in document["paths"].items():
        for method, operation in of_path.items():
            yield method, path, operation


def schemas(part: Any) -> Iterator[dict[str, Any]]:
    """Every object of a document that may be a schema, however deep it stands."""
    if isinstance(part, dict):
        yield part
        for value in part.values():
            yield from schemas(value)
    elif isinstance(part, list):
        for value in part:
            yield from schemas(value)


def test_it_says_where_the_service_is(document: dict[str, Any], editions: Editions) -> None:
    """Where the document comes from, or the public address where one is set."""
    assert [server["url"] for server in document["servers"]] == ["/"]
    assert openapi(editions, "https://fees.example.kr")["servers"][0]["url"] == "https://fees.example.kr"


def test_each_operation_says_whether_it_takes_a_key(document: dict[str, Any]) -> None:
    """As the table of access does: what is published takes none, and says so."""
    assert document["components"]["securitySchemes"]["ApiKey"]["scheme"] == "bearer"
    for method, path, operation in operations(document):
        is_open = ACCESS[named(method.upper(), path)] in (OPEN, PROBE)
        assert operation["security"] == ([] if is_open else [{"ApiKey": []}]), path
        assert ("401" in operation["responses"]) is not is_open, path
        assert operation["description"]
        assert operation["summary"]


def test_each_operation_has_a_tag_that_is_described(document: dict[str, Any]) -> None:
    """None is made up on the way, none is left over."""
    described = {tag["name"] for tag in document["tags"] if tag["description"]}
    assert {tag for _, _, operation in operations(document) for tag in operation["tags"]} == described


def test_every_refusal_is_a_problem(document: dict[str, Any]) -> None:
    """From 400 on there is one kind of answer."""
    for _, path, operation in operations(document):
        for status, answer in operation["responses"].items():
            if status >= "400":
                name = answer["$ref"].rpartition("/")[2]
                assert list(document["components"]["responses"][name]["content"]) == [PROBLEM], path


def test_files_are_bytes_or_text(document: dict[str, Any]) -> None:
    """A PDF and a spreadsheet are bytes; CSV is text in a named charset."""
    for kind, content_type in (("pdf", OF_BYTES[0]), ("xlsx", OF_BYTES[1]), ("csv", "text/csv; charset=utf-8")):
        ((told, answer),) = document["paths"][f"/v1/quotes/{{key}}.{kind}"]["get"]["responses"]["200"][
            "content"
        ].items()
        assert told == content_type
        assert answer["schema"].get("format") == ("binary" if told in OF_BYTES else None)


def test_booleans_are_booleans_and_null_is_a_type(document: dict[str, Any]) -> None:
    """No choice of "true" and "false"; nothing of OpenAPI 3.0; a choice that may be null is of both types."""
    for schema in schemas(document):
        assert "nullable" not in schema
        choices = schema.get("enum")
        if isinstance(choices, list):
            assert not {"true", "false"} & {str(choice) for choice in choices}
            assert (None in choices) == (isinstance(schema.get("type"), list) and "null" in schema["type"]), choices
    (wish,) = [
        parameter
        for parameter in document["paths"]["/v1/quotes/preview"]["post"]["parameters"]
        if parameter.get("name") == "require_eligible"
    ]
    assert wish["schema"] == {"type": "boolean", "default": False}
