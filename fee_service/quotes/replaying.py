"""A stored quote computed anew: from the editions of its day, and from today's. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

import orjson

from fee_service.answers.facts import canonical, digest, quote_facts
from fee_service.answers.request import request_from
from fee_service.model import EarlierWaiver, QuoteRequest
from fee_service.published.editions import Editions
from fee_service.quotes.differences import Change, changes
from fee_service.rules.prior_use import covers, with_earlier_waivers
from fee_service.rules.quoting import quote
from fee_service.rules.resolving import resolve
from fee_service.strict_json import Data

MOST_CHANGES = 50  # that are named


class Recomputed(NamedTuple):
    """The digest of a quote computed anew, and every fact that came out differently."""

    digest: str | None  # None where it cannot be computed: an edition is gone
    totals: Data | None
    changes: tuple[Change, ...]


class Today(NamedTuple):
    """What the same request would give today, and for which reasons it differs; none where it does not."""

    again: Recomputed
    causes: tuple[str, ...]


def replay(stored: Data, editions: Editions) -> Recomputed:
    """Compute the quote of stored facts from the editions that they name."""
    return _recomputed(stored, request_from(stored["request"]), pinned(editions, stored))


def today(stored: Data, editions: Editions, known: Sequence[EarlierWaiver]) -> Today:
    """Compute the request of stored facts from all editions and all that the waiver ledger knows by now."""
    request = request_from(stored["request"])
    now, found = with_earlier_waivers(request, known)
    again = _recomputed(stored, now, editions)
    counted_in = covers(request.prior_waiver, (waiver.period for waiver in found))
    return Today(again, tuple(_causes(again, counted_in)))


def pinned(editions: Editions, stored: Data) -> Editions:
    """Only the editions that a quote was made from: a later one must not change it."""
    lists = {price_list["id"] for price_list in stored["price_lists"]}
    policy = stored["policy"] and stored["policy"]["id"]
    return replace(
        editions,
        price_lists=tuple(price_list for price_list in editions.price_lists if price_list.id in lists),
        policies=tuple(each for each in editions.policies if each.id == policy),
    )


def _recomputed(stored: Data, request: QuoteRequest, editions: Editions) -> Recomputed:
    try:
        written = canonical(quote_facts(quote(resolve(request, editions))))
    except LookupError as error:  # an edition is gone, or no longer prints what was quoted
        return Recomputed(None, None, (Change("", None, str(error)),))
    facts = orjson.loads(written)
    return Recomputed(digest(written), facts["totals"], tuple(islice(changes(stored, facts), MOST_CHANGES)))


def _causes(again: Recomputed, counted_in: bool) -> Iterator[str]:
    """Codes of `wording.texts`: replay_edition_missing, …"""
    places = {change.pointer.partition("/")[2].partition("/")[0] for change in again.changes}
    if again.digest is None:
        yield "replay_edition_missing"
    if "price_lists" in places:
        yield "replay_price_list"
    if "policy" in places:
        yield "replay_waiver_policy"
    if not counted_in:
        yield "replay_prior_waiver"
    if places and counted_in and not places & {"", "price_lists", "policy"}:
        yield "replay_other_rules"
