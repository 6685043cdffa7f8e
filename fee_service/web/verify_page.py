"""Checking a printed quote, open to everyone."""

from __future__ import annotations

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from fee_service.http.context import the_desk, today
from fee_service.quote_status import QuoteStatus
from fee_service.quotes.verifying import Genuine, genuine, printed
from fee_service.web.languages import _, day
from fee_service.web.shell import blueprint, page

LONGEST = 400  # characters that are read: an address in several lines
LONGEST_SHOWN = 80


@blueprint.get("/verify")
def verify_page() -> AnyResponse:
    """Ask for the code that a quote bears."""
    code = request.args.get("code", "")[:LONGEST].strip()
    asked = printed(code)
    if asked is not None:
        return redirect(url_for("web.verified_page", digest=asked.text))
    return _answered(code) if code else page("verify.html", code=None, found=[])


@blueprint.get("/verify/<digest>")
def verified_page(digest: str) -> Response:
    """Whether a quote of this code or number was issued, and how it stands; nothing of what it says."""
    return _answered(digest[:LONGEST])


def _answered(code: str) -> Response:
    asked = printed(code)
    found = genuine(the_desk(), asked, today()) if asked else []
    return page(
        "verify.html",
        200 if found else 404,
        code=(asked.text if asked else code)[:LONGEST_SHOWN],
        found=found,
        since=_since,
        by_number=bool(asked and asked.number),
        title=_title(found[0].status) if found else _unknown(bool(asked)),
    )


def _title(status: QuoteStatus) -> str:
    """The state of a quote, first of all."""
    titles = {
        QuoteStatus.ISSUED: _("This quote is genuine and valid"),
        QuoteStatus.ACCEPTED: _("This quote is genuine and was accepted"),
        QuoteStatus.EXPIRED: _("This quote has expired and is no longer valid"),
        QuoteStatus.REVISED: _("This quote was replaced by another and is no longer valid"),
        QuoteStatus.WITHDRAWN: _("This quote was withdrawn and is no longer valid"),
    }
    return titles[status]


def _since(quote: Genuine) -> str:
    """Since when a quote is closed, or until when it is valid."""
    on = day(quote.since or quote.valid_until)
    sentences = {
        QuoteStatus.ISSUED: _("valid until %(day)s", day=on),
        QuoteStatus.EXPIRED: _("valid until %(day)s only", day=on),
        QuoteStatus.ACCEPTED: _("accepted on %(day)s", day=on),
        QuoteStatus.REVISED: _("replaced on %(day)s", day=on),
        QuoteStatus.WITHDRAWN: _("withdrawn on %(day)s", day=on),
    }
    return str(sentences[quote.status])


def _unknown(is_code: bool) -> str:
    return _("No quote bears this code") if is_code else _("This is no code and no number of a quote")
