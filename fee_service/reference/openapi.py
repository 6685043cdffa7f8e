"""The OpenAPI 3.1 document, made of the marshmallow schemas and the operations."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema

from fee_service import __version__
from fee_service.actors import Role
from fee_service.errors import Fault
from fee_service.http.access import OPEN, PROBE
from fee_service.http.problems import PROBLEM_JSON, problem_data
from fee_service.published.editions import Editions
from fee_service.reference.examples import example_answers, example_faults
from fee_service.reference.operations import OPERATIONS, TAGS, Operation
from fee_service.wording.faults import FAULTS
from schemas.problem import FaultSchema, ProblemSchema

JSON = "application/json"
NDJSON = "application/x-ndjson"
TEXT, NUMBER, FLAG = {"type": "string"}, {"type": "integer"}, {"type": "boolean"}
REQUEST_ID = "01890a5d-ac96-774b-bcce-b302099a8057"  # as an example
ADDRESS = {"type": "string", "format": "uri-reference"}
RETRY_AFTER = {"Retry-After": ("Seconds until it is worth trying again.", NUMBER)}
CHALLENGE = {"WWW-Authenticate": ("As RFC 6750 says.", TEXT)}
HEADERS_BESIDE = {401: CHALLENGE, 429: RETRY_AFTER, 503: RETRY_AFTER}
ABOUT = """Fees and waivers of market-data licences, itemised and explained from dated price lists.

Money is a whole number of KRW; dates are `YYYY-MM-DD`. Names are given in Korean and English. Sentences come
in the language that `Accept-Language` asks for, `ko` or `en`; without it, or where it names neither, in both.

Every error is `application/problem+json` and holds all faults of a request at once. `pointer` is a JSON
Pointer into the body; a query parameter stands under `/query`. The codes are stable; /problems lists
them with what is said about each, and so does the schema `Fault`.

What concerns a company takes an API key; what is published is open. Requests are counted by key (by address
where there is none): `X-RateLimit-Limit`, `-Remaining` and `-Reset` (seconds) tell of the minute or the day,
whichever is nearer its end, and `X-RateLimit-Policy` of both. `X-Request-Id` names a request: send one of
your own, or quote ours.
"""


def openapi(editions: Editions, server: str = "/") -> dict[str, Any]:
    """The document of a service at `server`; its example answers are computed from the editions."""
    documented: dict[str, type[Schema]] = {}

    def name_of(schema: Any) -> str:
        schema_class = schema if isinstance(schema, type) else type(schema)
        name = schema_class.__name__.removesuffix("Schema")
        documented[name] = schema_class
        return name

    spec = APISpec(
        title="fee_service",
        version=__version__,
        openapi_version="3.1.0",
        info={"description": ABOUT},
        plugins=[MarshmallowPlugin(schema_name_resolver=name_of)],
        servers=[{"url": server, "description": "Where this document comes from."}],
        tags=[{"name": name, "description": says} for name, says in TAGS.items()],
    )
    spec.components.security_scheme("ApiKey", _API_KEY)
    spec.components.parameter("AcceptLanguage", "header", _ACCEPT_LANGUAGE)
    spec.components.parameter("IdempotencyKey", "header", _IDEMPOTENCY_KEY)
    for status, faults in example_faults(editions).items():
        spec.components.response(f"Problem{status}", _problem(status, faults))
    answers = example_answers(editions)
    for operation in OPERATIONS:
        spec.path(operation.path, operations={operation.method: _operation(operation, answers)})
    document = spec.to_dict()
    for name, component in document["components"]["schemas"].items():
        schema = documented[name]
        if schema.__doc__:
            component["description"] = schema.__doc__ + (_codes() if schema is FaultSchema else "")
        if one_of := getattr(schema, "at_least_one_of", ()):
            component |= _at_least_one(one_of)
    return document


_ACCEPT_LANGUAGE = {
    "name": "Accept-Language",
    "description": "`ko` or `en`; absent or neither: both.",
    "schema": {"type": "string"},
    "examples": {"Korean": {"value": "ko"}, "English": {"value": "en"}},
}


_ROWS = {"type": "array", "items": {"type": "object"}, "description": "A row a line of an invoice, by its columns."}
_LINES = {"type": "string", "description": "JSON texts, each on a line: QuoteRequest in, Quote or Problem out."}


_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "description": "One answer to one request, however often it is sent: 1 to 255 visible ASCII characters.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
}


_API_KEY = {
    "type": "http",
    "scheme": "bearer",
    "description": "The operators hand keys out; each has a role: `portal`, `sales`, `finance` or `admin`.",
}


def _at_least_one(fields: tuple[str, ...]) -> dict[str, Any]:
    """That one of some fields is needed; `anyOf` would make generators forget the fields themselves."""
    *others, last = fields
    without_others = {"properties": dict.fromkeys(others, False)}
    return {"if": without_others, "then": {"properties": {last: True}, "required": [last]}}


def _codes() -> str:
    rows = (f"| `{code}` | {wording.title} |" for code, wording in FAULTS.items())
    return "\n".join(["\n", "| code | what it means |", "|---|---|", *rows])


def _operation(operation: Operation, answers: dict[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] = {
        "operationId": operation.id,
        "summary": operation.summary,
        "tags": [operation.tag],
        "parameters": [*_parameters(operation), "AcceptLanguage"],
        "responses": _responses(operation, answers),
        **_who(operation),
    }
    if operation.takes:
        examples = {name: {"value": value} for name, value in operation.examples.items()}
        taken = _ROWS if operation.rows else operation.takes
        body = {"schema": taken, "examples": examples}
        files = {kind: _taken(kind, example) for kind, example in operation.files.items()}
        content["requestBody"] = {"required": operation.body_required, "content": {JSON: body, **files}}
    if operation.lines:
        content["requestBody"]["content"] = {NDJSON: {"schema": _LINES, "examples": {}}}
    return content


def _who(operation: Operation) -> dict[str, Any]:
    """Who may do it: said to generators, and to people."""
    if operation.roles in (OPEN, PROBE):
        return {"security": [], "description": "Open to everyone."}
    allowed = ", ".join(f"`{role}`" for role in Role if role in operation.roles)
    return {"security": [{"ApiKey": []}], "description": f"With a key of the role {allowed}."}


def _parameters(operation: Operation) -> list[Any]:
    named: list[Any] = [
        {"name": name, "in": "path", "required": True, "description": says, "schema": {"type": "string"}}
        for name, says in operation.names.items()
    ]
    asked = [{"in": "query", "schema": operation.query}] if operation.query else []
    return [*named, *asked, *(["IdempotencyKey"] if operation.stores else [])]


def _responses(operation: Operation, answers: dict[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] = {"schema": operation.answer}
    if operation.answer_to_file is not None:
        content = {"schema": {"oneOf": [operation.answer, operation.answer_to_file]}}
    if (example := answers.get(operation.answer.__name__.removesuffix("Schema"))) is not None:
        content["examples"] = {"answer": {"value": example}}
    answered: dict[str, Any] = {"description": operation.summary + ".", "content": {JSON: content}}
    types = operation.file_types or ((operation.file,) if operation.file else ())
    if types:
        answered["content"] = {each: {"schema": _of_file(each)} for each in types}
        answered["headers"] = {"Content-Disposition": _header("The file's name.")}
    if operation.removes:
        del answered["content"]
    if operation.lines:
        answered["content"] = {NDJSON: {"schema": _LINES}}
    responses: dict[str, Any] = {str(operation.status): answered}
    if operation.stores:
        answered["headers"] = {"Idempotent-Replayed": _header("Whether the first answer is given again.", FLAG)}
        if operation.status == HTTPStatus.CREATED:
            answered["headers"]["Location"] = _header("Where the quote is found from now on.", ADDRESS)
    if operation.published:
        answered["headers"] = {
            "ETag": _header("Changes with the answer."),
            "Cache-Control": _header("How long the answer may be kept."),
        }
        responses["304"] = {"description": "What `If-None-Match` names is still right."}
    for status, schema in operation.also.items():
        responses[str(status)] = {
            "description": HTTPStatus(status).phrase,
            "content": {JSON: {"schema": schema}},
        }
    for status in operation.refusals:
        responses[str(status)] = f"Problem{status}"
    return responses


def _problem(status: int, faults: tuple[Fault, ...]) -> dict[str, Any]:
    """A refusal, with an example that the service would answer."""
    path = "/v1/price-lists/2030" if status == HTTPStatus.NOT_FOUND else "/v1/quotes/preview"
    example = {"problem": {"value": problem_data(status, faults, path, "en", REQUEST_ID)}}
    answer: dict[str, Any] = {
        "description": HTTPStatus(status).phrase,
        "content": {PROBLEM_JSON: {"schema": ProblemSchema, "examples": example}},
    }
    if status in HEADERS_BESIDE:
        answer["headers"] = {name: _header(*said) for name, said in HEADERS_BESIDE[status].items()}
    return answer


def _of_file(content_type: str) -> dict[str, Any]:
    """A file: of bytes, of text, which clients decode by its charset, or of YAML, which is an object."""
    kind, _, _ = content_type.partition(";")
    if kind == "application/yaml":  # readers of the document take it apart, as JSON
        return {"type": "object"}
    of_bytes = {} if kind.startswith("text/") else {"format": "binary"}  # for generators; the other for 3.1
    return {**TEXT, **of_bytes, "contentMediaType": kind}


def _taken(content_type: str, example: Any) -> dict[str, Any]:
    """A file that is taken as a body."""
    described = {"schema": _of_file(content_type)}
    return {**described, "examples": {"a file": {"value": example}}} if example else described


def _header(says: str, schema: dict[str, str] = TEXT) -> dict[str, Any]:
    return {"description": says, "schema": schema}
