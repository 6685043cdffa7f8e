"""What is wrong with reports, all of it at once: the contract, the month, the day, the products, what they replace."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from fee_service.errors import Fault
from fee_service.finance.asked_reports import AskedReport, AskedUse
from fee_service.finance.held import Held, NotAccepted
from fee_service.model import Usage
from fee_service.periods import ONE_DAY, months_after
from fee_service.published.editions import Editions, NotFound, PriceList
from fee_service.rules.lines import USAGE_COLUMNS
from fee_service.rules.reportable import Kinds, reportable
from fee_service.storage.usage_reports import Place, StoredReport

CONFLICT = 409
CONFLICTS = frozenset(("usage_already_reported", "usage_report_corrected"))
MONTHS_OF_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Known:
    """What reports are checked against."""

    editions: Editions
    today: date
    contracts: Mapping[str, Held | NotAccepted]  # by the keys as they were written
    newest: Mapping[Place, StoredReport]  # the report that counts now
    named: Mapping[str, StoredReport]  # those that are to be corrected, by id


@lru_cache(maxsize=1024)
def month_named(month: date) -> str:
    """As a month is written."""
    return f"{month:%Y-%m}"


def faults_of(report: AskedReport, known: Known) -> Iterator[Fault]:
    """Everything that speaks against keeping a report."""
    held = known.contracts.get(report.contract)
    if held is None:
        yield from report.faults("contract_not_found", "contract", value=_short(report.contract))
        return
    if isinstance(held, NotAccepted):
        yield from report.faults("quote_not_accepted", "contract", number=held.number)
        return
    month = list(_month(report, held, known))
    yield from month
    yield from _replaced(report, held, known)
    if not month:
        yield from use_faults(report, held, known.editions)


def _month(report: AskedReport, held: Held, known: Known) -> Iterator[Fault]:
    """A month in which the contract runs, and that is over on the day of the report."""
    month = report.days
    params = {"month": month_named(report.month), "number": held.number}
    if month.end <= held.start:
        yield from report.faults("usage_month_before_contract", "month", **params, starts_on=held.start)
        return
    days = held.days_in(month)
    if not days.days:
        assert held.end is not None
        yield from report.faults("usage_month_after_end", "month", **params, last_day=held.end - ONE_DAY)
        return
    if report.reported_on < days.end:
        yield from report.faults(
            "usage_month_not_over", "reported_on", value=report.reported_on, last_day=days.last_day, **params
        )
    until = months_after(month.end, known.editions.contract_rules.usage_report.kept_years * MONTHS_OF_A_YEAR)
    if report.reported_on > known.today and report.reported_on >= until:
        written = known.editions.contract_rules.usage_report.written.cited
        kept = {"value": report.reported_on, "until": until, "why": written}
        yield from report.faults("reported_on_too_late", "reported_on", **kept)


def _replaced(report: AskedReport, held: Held, known: Known) -> Iterator[Fault]:
    """One report of a month counts: the first, or the one that corrects it, or the one that corrects that."""
    params = {"number": held.number, "month": month_named(report.month)}
    newest = known.newest.get((held.position, report.month))
    if report.corrects is None:
        if newest is not None:
            yield from report.faults("usage_already_reported", "month", **params, report=newest.id)
        return
    named = known.named.get(report.corrects)
    if named is None or named.position != held.position or named.month != report.month:
        yield from report.faults("usage_report_unknown", "corrects", value=_short(report.corrects), **params)
    elif named.corrected_by is not None and newest is not None:
        yield from report.faults("usage_report_corrected", "corrects", value=named.id, report=newest.id)
    elif report.reported_on < named.reported_on:
        values = {"value": report.reported_on, "day": named.reported_on, "report": named.id}
        yield from report.faults("correction_before_report", "reported_on", **values)


# -- products and counts -------------------------------------------------------------------------------


def use_faults(report: AskedReport, held: Held, editions: Editions) -> Iterator[Fault]:
    """Products that the contract does not have, or twice, and counts that its price list does not charge."""
    days = held.days_in(report.days)
    try:
        lists = held.lists_in(days, editions)
    except NotFound:
        first = editions.first_price_list
        params = {"value": days.start, "id": first.id, "first": first.valid_from}
        yield from report.faults("no_price_list_on_date", "month", **params)
        return
    seen: dict[str, AskedUse] = {}
    for use in report.used:
        first_use = seen.setdefault(use.product, use)
        if first_use is not use:
            yield use.place.fault("usage_twice", "product", product=_short(use.product), first=_named(first_use))
        else:
            yield from _use(use, held, lists)


def _use(use: AskedUse, held: Held, lists: Sequence[PriceList]) -> Iterator[Fault]:
    kinds = kinds_of(use.product, held, lists)
    if kinds is None:
        yield _not_held(use, held, lists)
        return
    offered = tuple(name for name, is_offered in zip(Usage._fields, kinds, strict=True) if is_offered)
    for name, column, count, is_offered in zip(Usage._fields, USAGE_COLUMNS, use.counts, kinds, strict=True):
        if count is None and is_offered:
            yield use.place.fault("usage_count_missing", name, product=use.product)
        elif count and not is_offered:
            params = {"value": column, "product": use.product, "list": lists[-1].id, "offered": offered}
            yield use.place.fault("option_not_applicable", name, **params)


def kinds_of(product: str, held: Held, lists: Sequence[PriceList]) -> Kinds | None:
    """The kinds of usage that any of some lists charges for a product of a contract; None where none does."""
    found = [kinds for each in lists if (kinds := reportable(held.licensed, each).get(product)) is not None]
    if not found:
        return None
    standard, personal, query = (any(kinds) for kinds in zip(*found, strict=True))
    return standard, personal, query


def _not_held(use: AskedUse, held: Held, lists: Sequence[PriceList]) -> Fault:
    """A product that the contract does not have, or has without a usage fee."""
    reported = tuple(dict.fromkeys(product for each in lists for product in reportable(held.licensed, each)))
    params = {"product": _short(use.product), "number": held.number, "reported": reported}
    if any(product == use.product for _, product in held.licensed):
        return use.place.fault("usage_without_fee", "product", **params)
    return use.place.fault("product_not_in_contract", "product", **params)


def used_of(report: AskedReport) -> dict[str, Usage]:
    """The usage of a report without a fault, by product."""
    return {use.product: Usage(*(count or 0 for count in use.counts)) for use in report.used}


def _named(use: AskedUse) -> str:
    return use.place.pointer if use.place.row is None else str(use.place.row)


def _short(text: str) -> str:
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text[:60])
