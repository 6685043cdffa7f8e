"""A quote as it is kept and shown again: what was said stays as it was said, only its life goes on."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import orjson

from fee_service.answers import PREVIEW, quote_body
from fee_service.differences import revision_difference
from fee_service.facts import Data, canonical, digest, quote_facts
from fee_service.quoting import Quote
from fee_service.wording import Language

FAST = 1  # how hard to compress: twice as hard saves a tenth
# What the digest covers and the answer shows as it is; kept once, with the facts.
FROM_FACTS = frozenset(("request", "price_lists", "months", "invoices", "totals", "monthly"))

Values = Mapping[str, Any]


class Draft(NamedTuple):
    """A quote ready to be kept: `facts` and `prose` are JSON; `prose` holds both languages."""

    quote: Quote
    facts: bytes
    prose: bytes
    digest: str


def draft(quote: Quote, revised: Data | None = None) -> Draft:
    """What is kept of a quote; `revised` are the facts of the quote that it replaces."""
    data = quote_facts(quote)
    facts = canonical(data)
    difference = None if revised is None else revision_difference(revised, orjson.loads(facts))
    prose = {"ko": _prose(quote, data, "ko", difference), "en": _prose(quote, data, "en", difference)}
    return Draft(quote, facts, orjson.dumps(prose), digest(facts))


def _prose(quote: Quote, facts: Data, language: Language, difference: Data | None) -> Data:
    body = quote_body(quote, facts, language, difference)
    return {name: None if name in FROM_FACTS else value for name, value in body.items()}


def columns(drafted: Draft) -> Data:
    """The columns of the quotes table that follow from a draft."""
    quote, request = drafted.quote, drafted.quote.request
    waived = quote.waiver.period
    return {
        "company_name": request.company.name,
        "business_number": request.company.business_number,
        "price_list": quote.price_list.id,
        "policy": quote.policy.id if quote.policy else None,
        "starts_on": request.starts_on,
        "waiver_starts_on": waived.start if waived else None,
        "waiver_ends_on": waived.last_day if waived else None,
        "waiver_months": quote.policy.months if waived and quote.policy else None,
        "net": quote.totals.net,
        "total": quote.totals.total,
        "digest": drafted.digest,
        "facts": packed(drafted.facts),
        "prose": packed(drafted.prose),
    }


def packed(content: bytes) -> bytes:
    return zlib.compress(content, FAST)


def unpacked(content: bytes) -> bytes:
    return zlib.decompress(content)


# -- the answer: a head that tells the quote's life, a tail that never changes --------------------------


def head(row: Values, today: date) -> bytes:
    """The life of a stored quote, as far as it is known on a day, as a JSON object."""
    status = status_on(today, row["status"], row["valid_until"])
    changed = instant(row["changed_at"])
    return orjson.dumps(
        {
            **PREVIEW,
            "id": row["id"],
            "number": row["number"],
            "status": status,
            "issued_at": instant(row["issued_at"]),
            "valid_until": row["valid_until"],
            "accepted_at": changed if status == "accepted" else None,
            "withdrawn_at": changed if status == "withdrawn" else None,
            "revises": _reference(row.get("earlier_id"), row.get("earlier_number")),
            "revised_by": _reference(row.get("later_id"), row.get("later_number")),
            "digest": row["digest"],
        }
    )


def tail(facts: bytes, prose: bytes, language: Language) -> bytes:
    """What a stored quote says, in a language, as a JSON object."""
    data, said = orjson.loads(facts), orjson.loads(prose)
    body = _in_both(said["ko"], said["en"]) if language == "both" else said[language]
    return orjson.dumps({name: data[name] if name in FROM_FACTS else body[name] for name in body})


def joined(first: bytes, second: bytes | None) -> bytes:
    """One JSON object of two that share no name."""
    return first if second is None else first[:-1] + b"," + second[1:]


def status_on(today: date, status: str, valid_until: date) -> str:
    """An issued quote expires by itself once its last day is over."""
    return "expired" if status == "issued" and valid_until < today else status


def instant(at: datetime) -> str:
    """An instant as ISO 8601 in UTC."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _reference(quote_id: str | None, number: str | None) -> Data | None:
    return {"id": quote_id, "number": number} if quote_id else None


def _in_both(korean: Any, english: Any) -> Any:
    """Sentences of both languages side by side; what is the same in both stands once."""
    if isinstance(korean, dict):
        return {name: _in_both(value, english[name]) for name, value in korean.items()}
    if isinstance(korean, list):
        return [_in_both(one, other) for one, other in zip(korean, english, strict=True)]
    return korean if korean == english else f"{korean} / {english}"
