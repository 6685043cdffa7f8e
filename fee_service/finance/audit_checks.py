"""What is wrong with an audit as it is entered, all of it at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from fee_service.errors import Fault, pointer
from fee_service.finance.asked_reports import AskedReport, Place, used_in
from fee_service.finance.held import Held
from fee_service.finance.report_checks import month_named, use_faults
from fee_service.periods import Period, first_of_month_after
from fee_service.published.editions import Editions


class AskedAudit(NamedTuple):
    """An audit as its body says it, without a fault of form; `found` by month, each with its place."""

    audited_on: date
    first: date  # of the audited months, the first day of each
    last: date
    found: Sequence[AskedReport]
    cost: int

    @property
    def months(self) -> list[date]:
        """The first day of every audited month."""
        months = [self.first]
        while months[-1] < self.last:
            months.append(first_of_month_after(months[-1], 1))
        return months


def asked_audit(values: Mapping[str, Any], number: str, today: date) -> AskedAudit:
    """The audit that a body stands for."""
    audited_on, period = values.get("audited_on") or today, values["period"]
    found = [
        AskedReport(
            number, each["month"], audited_on, None, used_in(each["usage"], f"/found/{at}"), [Place(f"/found/{at}")]
        )
        for at, each in enumerate(values["found"])
    ]
    return AskedAudit(audited_on, period["from"], period["to"], found, values["cost"])


def audit_faults(audit: AskedAudit, held: Held, editions: Editions, today: date) -> Iterator[Fault]:
    """Everything that speaks against an audit."""
    outside = [
        (place, month)
        for place, month in (("from", audit.first), ("to", audit.last))
        if not held.days_in(_days(month)).days
    ]
    for place, month in outside:
        yield Fault(
            "audit_outside_contract", pointer("period", place), {"month": month_named(month), "number": held.number}
        )
    if audit.audited_on > today:
        yield Fault("audit_to_come", "/audited_on", {"value": audit.audited_on, "today": today})
    last = held.days_in(_days(audit.last))
    if not outside and audit.audited_on < last.end:
        params = {"month": month_named(audit.last), "last_day": last.last_day, "value": audit.audited_on}
        yield Fault("audit_before_month_over", "/audited_on", params)
    yield from _months(audit)
    if not outside:
        for found in audit.found:
            if audit.first <= found.month <= audit.last:
                yield from use_faults(found, held, editions)


def _months(audit: AskedAudit) -> Iterator[Fault]:
    """Each audited month once, and no other."""
    given = set()
    for found in audit.found:
        if not audit.first <= found.month <= audit.last:
            yield from found.faults("audit_month_outside", "month", month=month_named(found.month))
        elif found.month in given:
            yield from found.faults("audit_month_twice", "month", month=month_named(found.month))
        given.add(found.month)
    missing = tuple(month_named(month) for month in audit.months if month not in given)
    if missing:
        yield Fault("audit_months_missing", "/found", {"months": missing})


def _days(month: date) -> Period:
    return Period(month, first_of_month_after(month, 1))
