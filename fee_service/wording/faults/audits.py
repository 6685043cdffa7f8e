"""Faults of audits of the use."""

from __future__ import annotations

from collections.abc import Mapping

from fee_service.wording.sentence import FaultWording

FAULTS: Mapping[str, FaultWording] = {
    # -- audits of the use --
    "audit_outside_contract": FaultWording(
        "Audited months outside the contract",
        "{month}은(는) 계약 {number}의 기간이 아닙니다.",
        "{month} is no month of the contract {number}.",
        "계약이 시작한 달부터 끝난 달까지 적어 주세요.",
        "Give months in which the contract runs.",
    ),
    "audit_to_come": FaultWording(
        "Audit to come",
        "감사일 {value}은(는) 아직 오지 않았습니다(오늘: {today}).",
        "The audit of {value} is still to come: today is {today}.",
        "감사가 끝난 뒤에 적어 주세요.",
        "Enter it once the audit is over.",
    ),
    "audit_before_month_over": FaultWording(
        "Audit before the month is over",
        "{month}의 마지막 계약일 {last_day}이(가) 지나야 감사할 수 있습니다(감사일: {value}).",
        "{month} can be audited once its last contract day, {last_day}, is over, not on {value}.",
        "감사한 기간이나 감사일을 바로잡아 주세요.",
        "Put the period or the day of the audit right.",
    ),
    "audit_months_missing": FaultWording(
        "Months of the audit missing",
        "감사 기간의 달 가운데 확인한 이용이 없는 달이 있습니다: {months}.",
        "For some months of the period no use is given: {months}.",
        "모든 달의 이용을 적어 주세요. 이용이 없던 달은 usage를 []로 적습니다.",
        "Give the use of every month; [] where there was none.",
    ),
    "audit_month_outside": FaultWording(
        "Month outside the audit",
        "{month}은(는) 감사 기간이 아닙니다.",
        "{month} is not in the audited period.",
        "기간을 늘리거나 이 달을 빼 주세요.",
        "Extend the period, or leave the month out.",
    ),
    "audit_month_twice": FaultWording(
        "Month of an audit twice",
        "{month}이(가) 두 번 적혀 있습니다.",
        "{month} stands twice.",
        "하나로 합쳐 주세요.",
        "Make one of them.",
    ),
}
