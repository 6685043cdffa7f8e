"""Reading a request: a JSON body, or a strict query string."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from flask import current_app, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.http import parse_options_header

from fee_service.errors import Fault, FeeError, pointer
from fee_service.model import Label
from fee_service.strict_json import parse
from schemas.catalogue import NoQuerySchema
from schemas.fields import Faults, Loaded, StrictSchema, load, needs_something, shown

QUERY_CODES = {"unknown_field": "unknown_parameter", "unknown_fields": "unknown_parameters"}


class Posted(NamedTuple):
    """A body as its schema read it, with the faults of body and query; and the valid query parameters."""

    loaded: Loaded
    wishes: dict[str, Any]


def posted(body_schema: type[StrictSchema], query_schema: type[StrictSchema] = NoQuerySchema) -> Posted:
    """The JSON body and the query parameters with all their faults.

    Raises FeeError where the body is no JSON at all (400, 415) or too large (413).
    """
    content_type = request.environ.get("CONTENT_TYPE", "")
    if content_type != "application/json" and not _is_json(content_type):
        value = shown(content_type) if content_type else Label("없음", "missing")
        raise FeeError([Fault("unsupported_media_type", "", {"value": value})], 415)
    loaded = load(body_schema, parse(_raw_body()))
    if not request.environ.get("QUERY_STRING"):
        return Posted(loaded, {})
    wishes = _query(query_schema)
    return Posted(Loaded(loaded.values, [*wishes.faults, *loaded.faults]), wishes.values)


def posted_or_nothing(body_schema: type[StrictSchema]) -> Loaded:
    """The body of a request that needs none: left out, or an object. Raises FeeError with every fault."""
    if not request.content_length and "HTTP_TRANSFER_ENCODING" not in request.environ:
        query()
        return Loaded({}, [])
    loaded, _ = posted(body_schema)
    if loaded.faults:
        raise FeeError(loaded.faults)
    return loaded


def query(schema_class: type[StrictSchema] = NoQuerySchema) -> dict[str, Any]:
    """The query parameters of a request without a body. Raises FeeError (422)."""
    if not request.environ.get("QUERY_STRING") and not needs_something(schema_class):
        return {}
    loaded = _query(schema_class)
    if loaded.faults:
        raise FeeError(loaded.faults)
    return loaded.values


def admit_file(limit: int) -> str | None:
    """Let a body that is a file be so large (bytes), and answer its media type; None for what is JSON.

    To be called before anything reads the body.
    """
    content_type = request.environ.get("CONTENT_TYPE", "")
    if content_type == "application/json" or _is_json(content_type):
        return None
    request.max_content_length = limit
    return parse_options_header(content_type.lower())[0]


def sent_file() -> bytes:
    """The file that is the body. Raises FeeError (408) where it does not stop coming, and RequestEntityTooLarge."""
    raw = request.get_data()
    if request.content_length is None and len(raw) >= (request.max_content_length or len(raw) + 1):
        raise RequestEntityTooLarge  # a chunked body was cut at the limit, without a word
    return raw


def _raw_body() -> bytes:
    raw = request.get_data()  # refuses a Content-Length over the limit before reading anything
    limit = current_app.config["MAX_CONTENT_LENGTH"]
    if len(raw) >= limit and request.content_length is None:
        raise RequestEntityTooLarge  # a chunked body was cut at the limit, without a word
    return raw


@lru_cache(maxsize=64)
def _is_json(content_type: str) -> bool:
    """Whether a content type means JSON in UTF-8."""
    kind, options = parse_options_header(content_type.lower())
    is_json = kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))
    return is_json and options.get("charset", "utf-8") in ("utf-8", "utf8")


def _query(schema_class: type[StrictSchema]) -> Loaded:
    """Query parameters read as an object of texts; its place in pointers is /query."""
    given = request.args.to_dict(flat=False)
    loaded = load(schema_class, {name: values[0] for name, values in given.items()})
    faults: Faults = [
        Fault("repeated_parameter", pointer("query", name), {"field": shown(name)})
        for name, values in given.items()
        if len(values) > 1
    ]
    for fault in loaded.faults:
        code = QUERY_CODES.get(fault.code, fault.code)
        faults.append(Fault(code, "/query" + fault.pointer, fault.params))
    return Loaded(loaded.values, faults)
