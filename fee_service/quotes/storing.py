"""New quotes become lasting: all that wait at a moment in one transaction, a few statements for all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection

from fee_service.company_name import folded
from fee_service.errors import FeeError
from fee_service.quote_status import QuoteStatus
from fee_service.quotes import issued
from fee_service.quotes.answering_once import AlreadyAnswered, Answered, First, answered, first_of, keep
from fee_service.quotes.calls import Call, Reply
from fee_service.storage import audit, business_numbers, company_names, quotes, sealing
from fee_service.storage.stored_quote import Reference, StoredQuote


class New(NamedTuple):
    """A quote that lacks only its number, and what is answered to its call."""

    columns: dict[str, Any]
    pricing: dict[str, Any]  # what its totals are
    call: Call
    tail: bytes
    packed_tail: bytes | None
    earlier: StoredQuote | None  # the quote that it replaces


def store(connection: Connection, new: Sequence[New], idempotency_hours: int) -> list[Reply | Exception]:
    """Number and keep quotes, with their audit entries and first answers (inside `Database.write_together`).

    Answers a Reply for each, or why it was not stored: AlreadyAnswered, or FeeError (409).
    """
    taken = answered(connection, [each.call for each in new])
    refused = [_refusal(connection, each, taken) for each in new]
    stored = [each for each, error in zip(new, refused, strict=True) if error is None]
    rows = _rows(connection, stored)
    quotes.store(connection, rows)
    replies = [_reply(each, row) for each, row in zip(stored, rows, strict=True)]
    given = (Answered(each.call, reply, each.packed_tail) for each, reply in zip(stored, replies, strict=True))
    firsts = [first_of(answer, idempotency_hours) for answer in given]
    audit.append(connection, *_entries(stored, rows, firsts))
    keep(connection, firsts)
    following = iter(replies)
    return [error or next(following) for error in refused]


def _refusal(connection: Connection, new: New, taken: set[tuple[str, str]]) -> Exception | None:
    """Why a quote is not stored; where it is, its key is taken and the quote that it replaces is closed."""
    if new.call.owner_and_key in taken:
        return AlreadyAnswered()
    if new.earlier is not None:
        try:
            issued.require_open(quotes.status(connection, new.earlier.position), new.earlier)
        except FeeError as error:
            return error
        quotes.change_state(connection, new.earlier.position, QuoteStatus.REVISED, new.call.now)
    if new.call.owner_and_key is not None:
        taken.add(new.call.owner_and_key)
    return None


def _rows(connection: Connection, new: Sequence[New]) -> list[dict[str, Any]]:
    """The rows of the quotes table, numbered in the order of the quotes."""
    names = [each.columns["company_name"] and folded(each.columns["company_name"]) for each in new]
    ids = company_names.ids_of(connection, {name for name in names if name})
    business_numbers.enter(connection, {number for each in new if (number := each.columns["business_number"])})
    last: dict[int, int] = {}
    rows = []
    for each, name in zip(new, names, strict=True):
        today = each.call.today
        if today.year not in last:
            last[today.year] = quotes.last_sequence(connection, today.year)
        last[today.year] += 1
        row = {
            **each.columns,
            "position": quotes.position_of(today, last[today.year]),
            "number": quotes.number_of(today.year, last[today.year]),
            "company_name_id": ids[name] if name else None,
        }
        row["listed"] = issued.listed(row, each.pricing)
        rows.append(row)
    return rows


def _entries(new: Sequence[New], rows: Sequence[dict[str, Any]], firsts: Sequence[First]) -> Iterator[audit.Entry]:
    for each, row, first in zip(new, rows, firsts, strict=True):
        call, earlier = each.call, each.earlier
        told = {"number": row["number"], "digest": row["digest"], "seal": sealing.seal_of(row), **first.told}
        if earlier is None:
            yield call.told(sealing.ISSUED, row["id"], told)
        else:
            yield call.told(sealing.ISSUED, row["id"], {**told, "revises": earlier.number})
            by = {"number": earlier.number, "revised_by": row["number"]}
            yield call.told(sealing.REVISED, earlier.id, by)


def _reply(new: New, row: dict[str, Any]) -> Reply:
    earlier = None if new.earlier is None else Reference(new.earlier.id, new.earlier.number)
    quote = StoredQuote(**row, status=QuoteStatus.ISSUED, changed_at=new.call.now, earlier=earlier, later=None)
    return Reply(201, f"/v1/quotes/{quote.id}", issued.head(quote, new.call.today), new.tail)
