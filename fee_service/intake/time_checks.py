"""Editions and days that contradict each other, or the start of the contract."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fee_service.errors import Fault, pointer
from fee_service.intake.ground import Ground, Values
from fee_service.periods import Period
from fee_service.published.editions import Edition


def editions_exist(ground: Ground) -> Iterator[Fault]:
    """A start before the first price list; a list or a policy that nobody published."""
    start, first = ground.starts_on, ground.editions.first_price_list
    if start and start < first.valid_from:
        params = {"value": start, "first": first.valid_from, "id": first.id}
        yield Fault("no_price_list_on_date", "/starts_on", params)
    yield from _named("price_list", ground.values, ground.editions.price_lists)
    yield from policy_exists(ground)


def policy_exists(ground: Ground) -> Iterator[Fault]:
    """A policy that nobody published."""
    yield from _named("waiver_policy", ground.values, ground.editions.policies)


def _named(field: str, values: Values, editions: Iterable[Edition]) -> Iterator[Fault]:
    known = tuple(edition.id for edition in editions)
    if values.get(field) and values[field] not in known:
        yield Fault(f"unknown_{field}", pointer(field), {"value": values[field], "known": known})


def times(ground: Ground) -> Iterator[Fault]:
    """An end before the start; more test months than the policy gives."""
    values, start = ground.values, ground.starts_on
    ends_on, test_months = values.get("ends_on"), values.get("test_months") or 0
    if start and ends_on and ends_on < start:
        yield Fault("ends_before_start", "/ends_on", {"value": ends_on, "start": start})
    limit = ground.policy.test_months if ground.policy else 0
    if start and test_months > limit:
        policy = ground.policy.id if ground.policy else "-"
        yield Fault(
            "test_months_exceed_policy",
            "/test_months",
            {"value": test_months, "limit": limit, "policy": policy},
        )


def prior_waiver(ground: Ground) -> Iterator[Fault]:
    """Earlier waivers that are none, or that say the same days twice."""
    earlier: list[tuple[Period, int]] = []
    for index, given in enumerate(ground.values.get("prior_waiver") or ()):
        first, last = (given or {}).get("starts_on"), (given or {}).get("ends_on")
        if not first or not last:  # refused by the schema
            continue
        place = pointer("prior_waiver", index)
        if last < first:
            yield Fault("ends_before_start", place + "/ends_on", {"value": last, "start": first})
            continue
        if ground.starts_on and last >= ground.starts_on:
            yield Fault("prior_waiver_after_start", place, {"last": last, "start": ground.starts_on})
        period = Period.through(first, last)
        clash = next((number for other, number in earlier if other.overlap(period).days), None)
        if clash is not None:
            yield Fault("prior_waiver_overlaps", place, {"other": clash, "first": first, "last": last})
        earlier.append((period, index))
