"""Errors as callers get them: RFC 9457, with every fault of the request."""

from __future__ import annotations

from marshmallow import Schema

from schemas import kinds as a


class FaultSchema(Schema):
    """One thing wrong with a request."""

    code = a.text("Stable; all codes are listed at /problems.")
    pointer = a.text("JSON Pointer into the body; a query parameter stands under /query.")
    message = a.text(a.PROSE)
    hint = a.text("What to do about it.")


class ProblemSchema(Schema):
    """application/problem+json."""

    type = a.text("Kind of problem, a reference to /problems.")
    title = a.text(a.PROSE)
    status = a.number("HTTP status.")
    detail = a.text(a.PROSE)
    instance = a.text("Path of the request.")
    request_id = a.text(
        "Names the request in the log, as X-Request-Id does; null where no request was understood.", nullable=True
    )
    errors = a.many(FaultSchema, "All faults of the request.")


class CodeSchema(Schema):
    """A code and what is said about it; words in {braces} are filled in."""

    code = a.text()
    title = a.text()
    message = a.label()
    hint = a.label()


class CodesSchema(Schema):
    """Every code that an error may carry."""

    problems = a.many(CodeSchema)
