"""What holds for contracts that run, whatever their price list prints (pricing_tables/contract_rules.yaml)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from fee_service.contract import WithdrawalGround
from fee_service.model import Label, Reading, cited


class Written(NamedTuple):
    """Where a rule is written, and how it is read where the text is not clear."""

    source: str
    clause: Label | None
    reading: Reading | None

    @property
    def cited(self) -> Label:
        """The document and the place in it."""
        return cited(self.source, self.clause)


class NamedListRule(NamedTuple):
    """Whether a list that a quote named holds for the contract over the quoted horizon."""

    holds: bool
    written: Written


class UsageReportRule(NamedTuple):
    """Within how many days after its month a report is due, and for how many years usage records are kept."""

    due_days: int
    kept_years: int
    written: Written


class EstimateRule(NamedTuple):
    """Whether a report of the very day on which a month is billed without one is still in time."""

    in_time_on_the_day: bool
    written: Written


class AuditRule(NamedTuple):
    """Over which share of the reported fees an audit's finding makes the customer pay the audit, in which contracts.

    `months_make_up`: whether a month reported too high makes up for one reported too low.
    """

    over: Fraction
    contracts: tuple[str, ...]
    least_months_between: int
    months_make_up: bool
    written: Written


class WithdrawalRule(NamedTuple):
    """A ground on which a waiver may be withdrawn."""

    label: Label
    written: Written


@dataclass(frozen=True, slots=True, eq=False)
class ContractRules:
    """The rules of running contracts, by the clause that each comes from."""

    notice_months: int  # before 31 December
    term: Written
    named_price_list: NamedListRule
    waiver_ledger: Written
    usage_report: UsageReportRule
    estimate: EstimateRule
    audit: AuditRule
    withdrawal_grounds: Mapping[WithdrawalGround, WithdrawalRule]
    missing_after_day: int  # of the month after the one that an invoice is for
    missing: Written

    @property
    def readings(self) -> tuple[Reading, ...]:
        """How the unclear ones are read."""
        held = (self.usage_report, self.estimate, self.audit)
        rules = (self.term, self.named_price_list.written, self.waiver_ledger, *(rule.written for rule in held))
        return tuple(rule.reading for rule in (*rules, self.missing) if rule.reading is not None)
