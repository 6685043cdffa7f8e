"""The issued quotes that a key may see, newest first, filtered as it was typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import orjson
from flask import Response, request, url_for

from fee_service.errors import Fault, FeeError
from fee_service.http.context import editions, the_desk
from fee_service.quote_status import QuoteStatus
from fee_service.quotes.listing import Page, list_asked
from fee_service.web.echoing import days_in_words
from fee_service.web.languages import page_language
from fee_service.web.saying import message
from fee_service.web.shell import blueprint, call, page
from fee_service.web.typed import date_of
from schemas import load
from schemas.stored import QuotesQuerySchema

ON_A_PAGE = 25
DAYS = ("issued_from", "issued_to", "starts_from", "starts_to")
FILTERS = ("text", "company", "status", "policy", "business_number", *DAYS)  # those of the API


@blueprint.get("/quotes")
def quotes_page() -> Response:
    """The quotes that the key may see, newest first."""
    typed = {name: text for name in FILTERS if (text := request.args.get(name, "").strip())}
    days = {name: day for name in DAYS if (day := date_of(typed.get(name, ""))) is not None}
    try:
        return _page(typed, days, _found(typed, days))
    except FeeError as error:
        return _page(typed, days, None, error.faults)


def _found(typed: Mapping[str, str], days: Mapping[str, date]) -> Page:
    """The quotes that the filters want. Raises FeeError (422) and StorageError."""
    loaded = load(QuotesQuerySchema, {**typed, **{name: day.isoformat() for name, day in days.items()}})
    if loaded.faults:
        raise FeeError(loaded.faults)
    return list_asked(the_desk(), {**loaded.values, "cursor": request.args.get("cursor")}, call(), ON_A_PAGE)


def _page(
    typed: Mapping[str, str], days: Mapping[str, date], found: Page | None, faults: Sequence[Fault] = ()
) -> Response:
    wrong = [{"pointer": fault.pointer, "message": message(fault, page_language())} for fault in faults]
    next_cursor = found.next_cursor if found else None
    return page(
        "quotes.html",
        422 if wrong else 200,
        found=found,
        listed=[orjson.loads(quote) for quote in found.quotes] if found else [],
        wrong=wrong,
        form=request.args,
        errors={each["pointer"].rpartition("/")[2]: each["message"] for each in wrong},
        echoes=days_in_words(days),
        statuses=tuple(QuoteStatus),
        policies=editions().policies,
        is_filtered=bool(typed),
        next_page=_address(typed, cursor=next_cursor) if next_cursor else None,
        newest=_address(typed) if "cursor" in request.args else None,
    )


def _address(typed: Mapping[str, Any], **more: Any) -> str:
    return url_for("web.quotes_page", **more, **typed)
