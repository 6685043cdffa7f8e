"""No two things in /openapi.json get one name from a generator: one of them would be lost, and all that holds it."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

Found = Iterator[tuple[str, str]]


@pytest.fixture(scope="module")
def document(app: Flask) -> dict[str, Any]:
    """The published document."""
    content: dict[str, Any] = app.test_client().get("/openapi.json").get_json()
    return content


def folded(name: str) -> str:
    """A name as file systems and languages without case tell it apart: `LineCell`, `line_cell`, `Line cell`."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def pascal(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", name))


def names_inside(schema: dict[str, Any], name: str, place: str) -> Found:
    """Classes that generators make of what stands inside a schema, named by where it stands."""
    if "enum" in schema or schema.get("title"):
        yield name, place
    for field, of_field in schema.get("properties", {}).items():
        inner = name + pascal(of_field.get("title") or field)
        if of_field.get("type") == "object":
            yield inner, f"{place}/{field}"
        yield from names_inside(of_field, inner, f"{place}/{field}")
    if isinstance(items := schema.get("items"), dict):
        yield from names_inside(items, f"{name}Item", f"{place}/items")
    if isinstance(values := schema.get("additionalProperties"), dict):
        yield from names_inside(values, f"{name}AdditionalProperty", f"{place}/values")
    for choice in ("anyOf", "oneOf", "allOf"):
        for number, each in enumerate(schema.get(choice, ())):
            yield from names_inside(each, f"{name}Type{number}", f"{place}/{choice}/{number}")


def names_of_schemas(document: dict[str, Any]) -> Found:
    for name, schema in document["components"]["schemas"].items():
        yield pascal(name), name
        yield from names_inside(schema, pascal(name), name)


def names_of_operations(document: dict[str, Any]) -> Found:
    """Parameters with a choice, and what some generators call the parts of an operation."""
    for operations in document["paths"].values():
        for operation in operations.values():
            name = pascal(operation["operationId"])
            for part in ("", "Params", "Query", "Body", "Response", *(f"Response{x}" for x in operation["responses"])):
                yield name + part, f"{name} {part}"
            for parameter in operation["parameters"]:
                if "enum" in parameter.get("schema", {}):
                    yield name + pascal(parameter["name"]), f"{name} ?{parameter['name']}"


def twice(found: Found) -> list[list[str]]:
    """Places that get one name."""
    places: defaultdict[str, set[str]] = defaultdict(set)
    for name, place in found:
        places[folded(name)].add(place)
    return [sorted(those) for those in places.values() if len(those) > 1]


def test_no_two_things_get_one_name_from_a_generator(document: dict[str, Any]) -> None:
    """`Line` with a choice `cell` is the class LineCell: no schema may be called so. Rename the schema."""
    everything = [*names_of_schemas(document), *names_of_operations(document)]
    assert twice(iter(everything)) == []
    assert len(everything) > 200


def test_operations_have_names_of_their_own(document: dict[str, Any]) -> None:
    """Generators make functions of them."""
    ids = [each["operationId"] for operations in document["paths"].values() for each in operations.values()]
    assert len({folded(each) for each in ids}) == len(ids)
    assert all(re.fullmatch("[a-z][A-Za-z]+", each) for each in ids)


@pytest.mark.parametrize(
    ("name", "field", "of_field"),
    [
        ("LineCell", "cell", {"enum": ["amount"]}),
        ("LINECELL", "cell", {"enum": ["amount", None]}),
        ("LineCellsItem", "cells", {"type": "array", "items": {"enum": ["amount"]}}),
        ("LineBasis", "basis", {"type": "object"}),
        ("LineBasis", "basis", {"anyOf": [{"type": "null"}], "title": "basis"}),
        ("LineAmountType1", "amount", {"anyOf": [{"type": "null"}, {"enum": ["a"]}]}),
    ],
)
def test_names_that_fold_are_found(name: str, field: str, of_field: dict[str, Any]) -> None:
    """Whatever they stand in, and however they are written."""
    schemas = {"Line": {"properties": {field: of_field}}, name: {"type": "object"}}
    assert len(twice(names_of_schemas({"components": {"schemas": schemas}}))) == 1
