"""Kinds of licence: what may be taken of a product with some options over a channel, asked of the checks of a request.

Many rows are of one kind, so each kind is asked about once and remembered.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from fee_service.bulk.lines import RECOVERY_FEE, Shape
from fee_service.errors import FeeError
from fee_service.intake.quote_request import understand
from fee_service.model import Channel, Licence
from fee_service.published.editions import Editions, ListSpan, PriceList, WaiverPolicy
from fee_service.rules.lines import USAGE_COLUMNS, Charge, Platform, is_offered, offers, platform_charges
from schemas import load
from schemas.quote import QuoteRequestSchema


class Kind(NamedTuple):
    """A licence as rows ask for it; None where a cell is empty."""

    agreement: str | None
    product: str | None
    options: tuple[str, ...] | None
    affiliate_extension: bool | None
    channel: Channel
    lists: tuple[ListSpan, ...]


class Allowed(NamedTuple):
    """A kind that may be had: as it is understood, its place in the printed order, and what may be taken with it."""

    licence: Licence
    position: tuple[int, int]
    sets: bool  # further sets of direct reception
    usage: tuple[bool, ...]  # by USAGE_COLUMNS


class Kinds:
    """Every kind of licence met so far."""

    def __init__(self, editions: Editions) -> None:
        self._editions = editions
        self._found: dict[Kind, Allowed | None] = {}

    def allowed(self, kind: Kind, starts_on: date) -> Allowed | None:
        """What may be had of a kind under a contract that starts on a day of its first list; None where it may not."""
        if kind not in self._found:
            self._found[kind] = self._ask(kind, starts_on)
        return self._found[kind]

    def _ask(self, kind: Kind, starts_on: date) -> Allowed | None:
        given = {
            "contract": kind.agreement,
            "product": kind.product,
            "options": None if kind.options is None else list(kind.options),
            "affiliate_extension": kind.affiliate_extension,
        }
        licence = {name: value for name, value in given.items() if value is not None}
        day = starts_on.isoformat()
        company = {"founded_on": day, "size": "sme"}
        request = {
            "company": company, "licences": [licence], "channel": kind.channel.value, "starts_on": day, "months": 1,
        }  # fmt: skip
        loaded = load(QuoteRequestSchema, request)
        try:
            asked = understand(loaded.values, loaded.faults, self._editions, starts_on)
        except FeeError:
            return None
        return _allowed(asked.request.licences[0], kind.channel, [price_list for _, price_list in kind.lists])


def _allowed(licence: Licence, channel: Channel, editions: Sequence[PriceList]) -> Allowed | None:
    if not all(offers(price_list, licence, channel) for price_list in editions):
        return None

    def offered(fee: str, column: str | None) -> bool:
        charge = Charge(licence.contract, fee, licence.product, column, 1)
        return all(is_offered(charge, price_list) for price_list in editions)

    return Allowed(
        licence,
        editions[0].position(licence.contract, licence.product),
        channel is Channel.DIRECT and offered(RECOVERY_FEE, None),
        tuple(offered("usage_fee", column) for column in USAGE_COLUMNS),
    )


def shape_of(allowed: Allowed, kind: Kind, policy: WaiverPolicy | None) -> Shape:
    """The shape of a licence of this kind under a waiver policy."""
    of = allowed.licence
    return Shape(of.contract, of.product, of.options, of.affiliate_extension, kind.channel, policy, kind.lists)


def platform_allowed(channel: Channel, lists: Sequence[ListSpan]) -> bool:
    """Whether calls of the platform can be had over a channel, and have a price in every list."""
    charges = list(platform_charges(Platform(1)))
    priced = all(is_offered(charge, price_list) for charge in charges for _, price_list in lists)
    return channel is Channel.OPEN_API and priced
