"""Proof that a stored quote is what the rules of its day gave, and whether it would differ today."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any, NamedTuple

import orjson

from fee_service.answers.facts import digest
from fee_service.model import Text
from fee_service.permissions import Action, require
from fee_service.quotes import replaying
from fee_service.quotes.calls import Call
from fee_service.quotes.desk import Desk
from fee_service.quotes.finding import find
from fee_service.storage import quotes, sealing
from fee_service.storage.stored_quote import KeptQuote
from fee_service.strict_json import Data
from fee_service.wording import Language, in_language

logger = logging.getLogger(__name__)


class Proof(NamedTuple):
    """A stored quote against the one computed anew; `alarms` are codes of `wording.texts`, empty if all is well."""

    number: str
    digest: str
    recomputed: replaying.Recomputed
    alarms: tuple[str, ...]


def prove(desk: Desk, quote: KeptQuote, seal: str | None) -> Proof:
    """Recompute a quote from its pinned editions; compare digest, columns and the seal of the audit log."""
    stored = orjson.loads(quote.facts)
    again = replaying.replay(stored, desk.editions)
    return Proof(quote.number, quote.digest, again, tuple(_alarms(quote, stored, again, seal)))


def _alarms(quote: KeptQuote, stored: Data, again: replaying.Recomputed, seal: str | None) -> Iterator[str]:
    if again.digest != quote.digest:
        yield "replay_recomputed_differs"
    if digest(quote.facts) != quote.digest or _told(stored) != _kept(quote):
        yield "replay_stored_contradicts"
    if seal != sealing.seal_of(quote.columns):
        yield "replay_seal_broken"


def _told(stored: Data) -> tuple[Any, ...]:
    """What the facts say about the columns that quotes are found and billed by."""
    company, waiver = stored["request"]["company"], stored["waiver"]
    totals = stored["totals"]
    return (
        *(company["name"], company["business_number"], stored["request"]["starts_on"]),
        *(stored["price_lists"][0]["id"], stored["policy"] and stored["policy"]["id"]),
        *(waiver["starts_on"], waiver["ends_on"], totals["net"], totals["total"]),
    )


def _kept(quote: KeptQuote) -> tuple[Any, ...]:
    def written(day: Any) -> str | None:
        return day.isoformat() if day else None

    return (
        *(quote.company_name, quote.business_number, written(quote.starts_on), quote.price_list, quote.policy),
        *(written(quote.waiver_starts_on), written(quote.waiver_ends_on), quote.net, quote.total),
    )


def prove_all(desk: Desk) -> Iterator[Proof]:
    """Every stored quote, in the order of issue. Raises StorageError."""
    with desk.database.reading() as connection:
        for found in quotes.everything(connection):
            yield prove(desk, found.quote, sealing.told_seal(connection, found.quote.id))


def prove_one(desk: Desk, quote: KeptQuote) -> Proof:
    """One stored quote. Raises StorageError."""
    with desk.database.reading() as connection:
        seal = sealing.told_seal(connection, quote.id)
    return prove(desk, quote, seal)


def replay(desk: Desk, key: str, call: Call) -> Data:
    """A stored quote computed anew, and beside it what the same request would give today."""
    require(call.actor, Action.REPLAY)
    quote = find(desk, key, call)
    proof = prove_one(desk, quote)
    if proof.alarms:
        logger.error("replay of %s: %s", quote.number, ", ".join(proof.alarms))
    stored = orjson.loads(quote.facts)
    today = replaying.today(stored, desk.editions, _others(desk, quote))
    return {
        "id": quote.id,
        "number": quote.number,
        "same": not proof.alarms,
        "digest": quote.digest,
        "recomputed": proof.recomputed.digest,
        "alarms": _texts(proof.alarms, call.language),
        "changes": [change._asdict() for change in proof.recomputed.changes],
        "today": _today(stored, today, call.language),
    }


def _others(desk: Desk, quote: KeptQuote) -> tuple[Any, ...]:
    """Earlier waivers of the company, without the one of this very quote."""
    known = desk.ledger(quote.business_number) if quote.business_number else ()
    return tuple(waiver for waiver in known if waiver.quote != quote.number)


def _today(stored: Data, today: replaying.Today, language: Language) -> Data:
    again = today.again
    return {
        "differs": bool(again.changes),
        "causes": _texts(today.causes, language),
        "digest": again.digest,
        "totals": again.totals,
        "difference": None
        if again.totals is None
        else {name: again.totals[name] - stored["totals"][name] for name in again.totals},
        "changes": [change._asdict() for change in again.changes],
    }


def _texts(codes: tuple[str, ...], language: Language) -> list[Data]:
    return [{"code": code, "text": in_language(Text(code), language)} for code in codes]
