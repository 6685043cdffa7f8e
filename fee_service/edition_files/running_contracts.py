"""Makes the rules of running contracts from contract_rules.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fee_service.contract import WithdrawalGround
from fee_service.edition_files.faults import EditionFile
from fee_service.edition_files.parts import reading
from fee_service.published.contract_rules import (
    AuditRule,
    ContractRules,
    EstimateRule,
    NamedListRule,
    UsageReportRule,
    WithdrawalRule,
    Written,
)


def contract_rules(file: EditionFile) -> ContractRules:
    """The rules of contracts that run."""
    data = file.data
    report, audit = data["usage_report"], data["audit"]
    grounds: Mapping[str, Mapping[str, Any]] = data["withdrawal_grounds"]
    return ContractRules(
        notice_months=data["term"]["notice_months"],
        term=_written(file, "term"),
        named_price_list=NamedListRule(data["named_price_list"]["holds"], _written(file, "named_price_list")),
        waiver_ledger=_written(file, "waiver_ledger"),
        usage_report=UsageReportRule(report["due_days"], report["kept_years"], _written(file, "usage_report")),
        estimate=EstimateRule(data["estimate"]["in_time_on_the_day"], _written(file, "estimate")),
        audit=AuditRule(
            over=audit["over"],
            contracts=tuple(audit["contracts"]),
            least_months_between=audit["least_months_between"],
            months_make_up=audit["months_make_up"],
            written=_written(file, "audit"),
        ),
        withdrawal_grounds={
            ground: WithdrawalRule(grounds[ground]["label"], _written(file, "withdrawal_grounds", ground))
            for ground in WithdrawalGround
        },
        missing_after_day=data["missing_invoice"]["after_day"],
        missing=_written(file, "missing_invoice"),
    )


def _written(file: EditionFile, *path: str) -> Written:
    block: Any = file.data
    for part in path:
        block = block[part]
    return Written(block["source"], block.get("clause"), reading(file, *path))
