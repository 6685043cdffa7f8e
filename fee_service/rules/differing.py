"""Why what a contract owes differs from what was quoted: each cause with its first day. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from fee_service.contract import Contract, WithdrawalGround
from fee_service.model import Text
from fee_service.periods import ONE_DAY
from fee_service.published.contract_rules import WithdrawalRule
from fee_service.published.editions import ListSpan
from fee_service.rules.standing import Standing

QuotedLists = Sequence[tuple[date, str]]  # of each list its first day, and its name


class Difference(NamedTuple):
    """Something that changes what is owed from a day on; `event` is the one that did."""

    since: date
    event: str | None
    text: Text


def differences(
    contract: Contract,
    standing: Standing,
    quoted: QuotedLists,
    lists: Sequence[ListSpan],
    grounds: Mapping[WithdrawalGround, WithdrawalRule],
) -> tuple[Difference, ...]:
    """Why what is owed differs from the quote, in the order of days; `lists` hold over the quoted days by now."""
    found = (*_of_events(contract, standing, grounds), *_of_lists(quoted, lists), *_of_reports(contract))
    return tuple(sorted(found, key=lambda each: each.since))


def _of_events(
    contract: Contract, standing: Standing, grounds: Mapping[WithdrawalGround, WithdrawalRule]
) -> Iterator[Difference]:
    ended, withdrawn = standing.ended, standing.withdrawn
    if ended is not None and ended.on is not None and ended.on + ONE_DAY < contract.horizon.end:
        yield Difference(ended.on + ONE_DAY, ended.id, Text("owed_until_the_end", {"day": ended.on}))
    if withdrawn is not None and withdrawn.on is not None and withdrawn.ground is not None:
        rule = grounds[withdrawn.ground]
        params = {"day": withdrawn.on, "ground": rule.label, "source": rule.written.cited}
        yield Difference(withdrawn.on, withdrawn.id, Text("owed_without_waiver", params))


def _of_lists(quoted: QuotedLists, lists: Sequence[ListSpan]) -> Iterator[Difference]:
    for span, held in lists:
        as_quoted = [name for first, name in quoted if first <= span.start]
        if as_quoted and as_quoted[-1] != held.id:
            yield Difference(span.start, None, Text("owed_by_another_list", {"day": span.start, "list": held.title}))


def _of_reports(contract: Contract) -> Iterator[Difference]:
    months = sorted({report.month for report in contract.reports})
    if months:
        params = {"first": f"{months[0]:%Y-%m}", "last": f"{months[-1]:%Y-%m}", "count": len(months)}
        yield Difference(max(months[0], contract.request.starts_on), None, Text("owed_as_reported", params))
