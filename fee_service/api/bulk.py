"""Quotes for many requests: a request a line comes in, its quote or its problem goes out, as long as lines come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from errno import ECONNRESET
from http import HTTPStatus
from typing import cast

import orjson
from flask import Blueprint, Response, current_app, request
from werkzeug.http import parse_options_header

from fee_service.answers.quote import quote_answer
from fee_service.api.quotes import check_of
from fee_service.errors import Fault, FeeError
from fee_service.http.access import TOO_MANY, now, standing_fault
from fee_service.http.body import query
from fee_service.http.context import actor, editions, the_desk, today
from fee_service.http.environ import REQUEST_ID
from fee_service.http.flows import TooSlow
from fee_service.http.language import language
from fee_service.http.lines import LONGEST_LINE, Line, lines, pieces
from fee_service.http.problems import TORN, problem_data, told
from fee_service.operations import metrics
from fee_service.operations.limits import Limits
from fee_service.published.editions import Editions
from fee_service.quotes import issuing, previewing
from fee_service.quotes.previewing import Ledger
from fee_service.strict_json import parse
from fee_service.wording import Language
from schemas.fields import load, shown
from schemas.quote import PreviewQuerySchema, QuoteRequestSchema

blueprint = Blueprint("bulk", __name__, url_prefix="/v1/quotes")

NDJSON = "application/x-ndjson"
KINDS = frozenset((NDJSON, "application/ndjson", "application/jsonl", "application/x-jsonlines"))
LINES_OF_A_REQUEST = 100  # that count as one request: what they cost beside the computing is shared


@blueprint.post("/bulk")
def preview_quotes() -> Response:
    """Answer a quote, or a problem, for each line; nothing is stored."""
    _require_lines()
    wishes = query(PreviewQuerySchema)
    asked = Bulk(
        editions(), today(), the_desk().ledger, language(), check_of(wishes),
        cast(Limits, current_app.extensions["limits"]), actor().key_id, request.environ[REQUEST_ID],
    )  # fmt: skip
    answer = Response(asked.answers(pieces()), content_type=NDJSON)
    answer.headers["X-Accel-Buffering"] = "no"  # nginx hands each line on
    return answer


def _require_lines() -> None:
    """Refuse another type of content. Raises FeeError (415)."""
    given = request.environ.get("CONTENT_TYPE", "")
    kind, options = parse_options_header(given.lower())
    if kind not in KINDS or options.get("charset", "utf-8") not in ("utf-8", "utf8"):
        fault = Fault("not_lines", "", {"value": shown(given) if given else "-"})
        raise FeeError([fault], HTTPStatus.UNSUPPORTED_MEDIA_TYPE)


@dataclass(frozen=True, slots=True)
class Bulk:
    """What is the same for all lines: they are answered after Flask has left the request."""

    editions: Editions
    today: date
    ledger: Ledger
    language: Language
    check: issuing.Check | None
    limits: Limits
    key_id: str
    request_id: str

    def answers(self, arriving: Iterator[bytes]) -> Iterator[bytes]:
        """A line for each line that holds something, in their order; where the body breaks off, that is the last."""
        number = 0
        refused: Fault | None = None
        try:
            for count, line in enumerate(lines(arriving)):
                if count % LINES_OF_A_REQUEST == 0 and count:
                    refused = standing_fault(self.limits.of_key(self.key_id, now()))
                number = line.number
                yield self._answer(line, refused)
        except TORN:
            yield self._problem(HTTPStatus.BAD_REQUEST, (Fault("body_torn"),), number + 1)
        except TooSlow:
            yield self._problem(HTTPStatus.REQUEST_TIMEOUT, (Fault("body_too_slow"),), number + 1)
        else:
            return
        raise ConnectionResetError(ECONNRESET, "the body was not whole")  # no end is feigned

    def _answer(self, line: Line, refused: Fault | None) -> bytes:
        try:
            if refused is not None:
                raise FeeError([refused], TOO_MANY)
            if line.content is None:
                maximum = {"maximum": f"{LONGEST_LINE:,}"}
                raise FeeError([Fault("line_too_long", "", maximum)], HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return self._quote(line.content) + b"\n"
        except Exception as error:  # whatever is wrong with a line stops no other
            return self._problem(*told(error, f"line {line.number} of {self.request_id}"), line.number)

    def _quote(self, content: bytes) -> bytes:
        """What a preview answers."""
        quote = previewing.preview(load(QuoteRequestSchema, parse(content)), self.editions, self.today, self.ledger)
        if self.check is not None:
            self.check(quote)
        metrics.quoted("preview", quote.eligibility.status, quote.waiver.granted)
        return quote_answer(quote, self.language)

    def _problem(self, status: int, faults: tuple[Fault, ...], line: int) -> bytes:
        told_of_it = problem_data(status, faults, "/v1/quotes/bulk", self.language, self.request_id)
        return orjson.dumps({**told_of_it, "line": line}) + b"\n"
