"""What an audit of the use found, in fees, and who bears its cost (P1 §11.5).

Pure. Fees are those of the dues: the same lines, lists, days, exemptions and waiver, once with the use that was found
and once with the use that was reported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from fee_service.contract import Contract, UsageReport
from fee_service.model import Text, Usage
from fee_service.periods import first_of_month_after, months_after
from fee_service.published.contract_rules import AuditRule
from fee_service.published.editions import Editions
from fee_service.rules.billing_usage import Reports
from fee_service.rules.dues import Running, running_until, usage_fees

Used = tuple[tuple[str, Usage], ...]  # by product


class AuditedMonth(NamedTuple):
    """A month of an audit; fees are net, KRW without VAT."""

    month: date  # its first day
    found: Used
    report: UsageReport | None  # the one that counted on the day of the audit
    fees_found: int
    fees_reported: int  # 0 where nothing was reported

    @property
    def under_reported(self) -> int:
        """What the report fell short of; 0 where it was too high."""
        return max(0, self.fees_found - self.fees_reported)


class AuditFinding(NamedTuple):
    """What an audit found; `over` is the share of the reported fees beyond which the customer bears the cost."""

    months: tuple[AuditedMonth, ...]
    over: Fraction
    months_make_up: bool

    @property
    def fees_found(self) -> int:
        return sum(month.fees_found for month in self.months)

    @property
    def fees_reported(self) -> int:
        return sum(month.fees_reported for month in self.months)

    @property
    def under_reported(self) -> int:
        """What all reports fell short of together; by the rule of the day with or without months reported too high."""
        if self.months_make_up:
            return max(0, self.fees_found - self.fees_reported)
        return sum(month.under_reported for month in self.months)

    @property
    def limit(self) -> int:
        """What may be under-reported at the cost of who audits (KRW, rounded down)."""
        return int(self.over * self.fees_reported)

    @property
    def customer_pays(self) -> bool:
        """Whether the customer bears the cost: over the share, not at it."""
        return self.under_reported > self.limit


def audited(contract: Contract, editions: Editions, found: Mapping[date, Used], audited_on: date) -> AuditFinding:
    """What an audit found on a day of months of a contract, each by its first day, compared with their reports.

    Raises NotFound where no list is in force.
    """
    end = first_of_month_after(max(found), 1)
    running = running_until(contract, editions, end, audited_on)
    assert running is not None  # the audited months are months of the contract
    reports, rule = Reports(contract.reports, audited_on), editions.contract_rules.audit
    months = tuple(_month(running, month, found[month], _counting(reports, month), rule) for month in sorted(found))
    return AuditFinding(months, rule.over, rule.months_make_up)


def _counting(reports: Reports, month: date) -> UsageReport | None:
    """The report of a month that counts: the one entered last."""
    known = reports.of(month)
    return known[-1] if known else None


def _month(running: Running, month: date, used: Used, report: UsageReport | None, rule: AuditRule) -> AuditedMonth:
    reported = 0 if report is None else _fees(running, month, report.usage, rule)
    return AuditedMonth(month, used, report, _fees(running, month, used, rule), reported)


def _fees(running: Running, month: date, used: Used, rule: AuditRule) -> int:
    """The usage fees of the contracts that pass on the cost of an audit."""
    days = running.month(month)
    assert days is not None
    return sum(net for line, net in usage_fees(running, days, used) if line.contract in rule.contracts)


def too_soon_after(earlier: Sequence[date], audited_on: date, rule: AuditRule) -> date | None:
    """The last of earlier audits, where too little time has passed since; audits come at most once in that time."""
    before = [day for day in earlier if day <= audited_on < months_after(day, rule.least_months_between)]
    return max(before, default=None)


# -- explained -----------------------------------------------------------------------------------------


def explained(finding: AuditFinding, cost: int, rule: AuditRule) -> tuple[Text, ...]:
    """How it comes that one or the other bears the cost (KRW without VAT)."""
    return tuple(_explained(finding, cost, rule))


def _explained(finding: AuditFinding, cost: int, rule: AuditRule) -> Iterator[Text]:
    for month in finding.months:
        told = {"month": f"{month.month:%Y-%m}", "found": month.fees_found, "under": month.under_reported}
        if month.report is None:
            yield Text("audit_month_unreported", told)
        elif month.fees_found != month.fees_reported:
            yield Text("audit_month", {**told, "reported": month.fees_reported})
    sums = {"under": finding.under_reported, "reported": finding.fees_reported, "limit": finding.limit, "cost": cost}
    code = "audit_customer_pays" if finding.customer_pays else "audit_koscom_pays"
    yield Text(code, {**sums, "share": _percent(finding.over), "clause": rule.written.cited})


def _percent(share: Fraction) -> str:
    whole = share * 100
    return f"{whole.numerator}%" if whole.denominator == 1 else f"{whole.numerator}/{whole.denominator}%"
