"""A quote as it is kept and shown again: what was said stays as it was said, only its life goes on."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import orjson
from isal import isal_zlib

from fee_service.answers.facts import canonical, digest, quote_facts
from fee_service.answers.quote import PREVIEW, quote_body
from fee_service.errors import Fault, FeeError
from fee_service.quote_status import QuoteStatus
from fee_service.quotes.differences import revision_difference
from fee_service.rules.quoting import Quote
from fee_service.storage.stored_quote import KeptQuote, StoredQuote
from fee_service.strict_json import Data
from fee_service.wording import Language

LANGUAGES: tuple[Language, Language] = ("ko", "en")
CLOSED = {
    QuoteStatus.ACCEPTED: "quote_already_accepted",
    QuoteStatus.WITHDRAWN: "quote_withdrawn",
    QuoteStatus.REVISED: "quote_revised",
}
CONFLICT = 409
FAST = 1  # how hard to compress: twice as hard saves a tenth
# Without a word of prose, and therefore kept once for both languages.
SHARED = frozenset(("request", "price_lists", "months", "invoices", "totals", "pricing", "monthly", "difference"))

Values = Mapping[Any, Any]  # a row, stored or about to be


class Body(NamedTuple):
    """What a stored quote says: its names in order, what needs no prose, and the prose of each language."""

    order: Sequence[str]
    shared: Data
    ko: Data
    en: Data

    def in_language(self, language: Language) -> bytes:
        """The JSON object that is answered."""
        prose = _in_both(self.ko, self.en) if language == "both" else getattr(self, language)
        whole = self.shared | prose
        return orjson.dumps({name: whole[name] for name in self.order})


class Draft(NamedTuple):
    """A quote ready to be kept: `facts` are the JSON that the digest covers; `ko` and `en` what it says."""

    quote: Quote
    data: Data
    facts: bytes
    digest: str
    ko: Data
    en: Data
    difference: Data | None

    def in_language(self, language: Language) -> bytes:
        """The JSON object that is answered, as `Body` will answer it."""
        if language == "both":
            return orjson.dumps(quote_body(self.quote, self.data, "both", self.difference))
        return orjson.dumps(self.ko if language == "ko" else self.en)

    def said(self) -> bytes:
        """As it is kept, so that it reads the same when the wording has changed."""
        shared = {name: self.ko[name] for name in SHARED}
        ko, en = ({k: v for k, v in body.items() if k not in SHARED} for body in (self.ko, self.en))
        return packed(orjson.dumps({"order": [*self.ko], "shared": shared, "ko": ko, "en": en}))


def draft(quote: Quote, revised: Data | None = None) -> Draft:
    """What is kept of a quote; `revised` are the facts of the quote that it replaces."""
    data = quote_facts(quote)
    facts = canonical(data)
    difference = None if revised is None else revision_difference(revised, orjson.loads(facts))
    ko, en = (quote_body(quote, data, language, difference) for language in LANGUAGES)
    return Draft(quote, data, facts=facts, digest=digest(facts), ko=ko, en=en, difference=difference)


def body_of(kept: bytes) -> Body:
    """What was kept of a quote."""
    return Body(**orjson.loads(unpacked(kept)))


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
        "facts": drafted.facts,
        "said": drafted.said(),
    }


def packed(content: bytes) -> bytes:
    """In zlib's format, which any other reader takes too; isal writes it in a third of the time."""
    return isal_zlib.compress(content, FAST)


def unpacked(content: bytes) -> bytes:
    return zlib.decompress(content)


# -- the answer: a head that tells the quote's life, a tail that never changes --------------------------


def head(quote: StoredQuote, today: date) -> bytes:
    """The life of a stored quote, as far as it is known on a day, as a JSON object."""
    status = quote.status_on(today)
    changed = instant(quote.changed_at)
    return orjson.dumps(
        {
            **PREVIEW,
            "id": quote.id,
            "number": quote.number,
            "status": status,
            "issued_at": instant(quote.issued_at),
            "valid_until": quote.valid_until,
            "accepted_at": changed if status is QuoteStatus.ACCEPTED else None,
            "withdrawn_at": changed if status is QuoteStatus.WITHDRAWN else None,
            "revises": quote.earlier and quote.earlier._asdict(),
            "revised_by": quote.later and quote.later._asdict(),
            "digest": quote.digest,
        }
    )


def listed(row: Values, pricing: Data) -> str:
    """What a list shows of a quote, as a JSON object; its status is added when it is listed."""
    shown = {
        "id": row["id"],
        "number": row["number"],
        "issued_at": instant(row["issued_at"]),
        "valid_until": row["valid_until"],
        "digest": row["digest"],
        "company": {"name": row["company_name"], "business_number": row["business_number"]},
        "starts_on": row["starts_on"],
        "price_list": row["price_list"],
        "waiver": {
            "granted": row["waiver_starts_on"] is not None,
            "policy": row["policy"],
            "starts_on": row["waiver_starts_on"],
            "ends_on": row["waiver_ends_on"],
        },
        "totals": {"net": row["net"], "total": row["total"]},
        "pricing": pricing,
    }
    return orjson.dumps(shown).decode()


def require_open(status: QuoteStatus, quote: KeptQuote, today: date | None = None) -> None:
    """A quote that nobody closed and that (on a day, where given) is still valid. Raises FeeError (409)."""
    code = CLOSED.get(status)
    if code is None and today is not None and quote.valid_until < today:
        code = "quote_expired"
    if code is not None:
        params = {"number": quote.number, "valid_until": quote.valid_until}
        raise FeeError([Fault(code, "", params)], CONFLICT)


def instant(at: datetime) -> str:
    """An instant as ISO 8601 in UTC."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _in_both(korean: Any, english: Any) -> Any:
    """Sentences of both languages side by side; what is the same in both stands once."""
    if isinstance(korean, dict):
        return {name: _in_both(value, english[name]) for name, value in korean.items()}
    if isinstance(korean, list):
        return [_in_both(one, other) for one, other in zip(korean, english, strict=True)]
    return korean if korean == english else f"{korean} / {english}"
