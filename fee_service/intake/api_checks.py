"""What of the requested APIs cannot be asked for, not on that day, or not over that channel."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from fee_service.errors import Fault, pointer
from fee_service.intake.ground import Ground
from fee_service.model import Channel
from fee_service.published.catalogue import Api, ApiStatus


def something_requested(ground: Ground) -> Iterator[Fault]:
    """An API or a licence has to be asked for."""
    asked = ground.values.get("apis") or ground.values.get("licences")
    if not asked and not any(place.startswith(("/apis", "/licences")) for place in ground.refused):
        yield Fault("missing_field", "/licences", {"field": "apis / licences"})


def apis(ground: Ground) -> Iterator[Fault]:
    """Names that lead to nothing, and APIs that cannot be had so."""
    for index, (asked, api) in enumerate(zip(ground.values.get("apis") or (), ground.apis, strict=True)):
        if asked is None:  # refused by the schema
            continue
        place = pointer("apis", index)
        if api is None:
            nearest = ground.editions.catalogue.nearest(asked)
            yield Fault("unknown_api", place, {"value": asked, "nearest": nearest})
        elif ground.starts_on:
            yield from _status(api, asked, place, ground.starts_on)
            yield from _channel_of_service(api, asked, place, ground)


def _channel_of_service(api: Api, asked: str, place: str, ground: Ground) -> Iterator[Fault]:
    """A service is one of the platform: a direct feed does not have it."""
    is_service = api.services or (api.kind == "service" and not api.members)
    if is_service and ground.channel is Channel.DIRECT and "/channel" not in ground.refused:
        yield Fault("service_needs_open_api", place, {"value": asked, "api": api.label})


def _status(api: Api, asked: str, place: str, day: date) -> Iterator[Fault]:
    status = api.status_on(day)
    params = {"value": asked, "api": api.label, "why": api.why_on(day)}
    if status is ApiStatus.NOT_OFFERED:
        yield Fault("api_not_offered", place, params)
    elif status is ApiStatus.TOO_BROAD:
        yield Fault("api_too_broad", place, {**params, "members": api.members})
