"""What is said of an audit of the use, in Korean and English, by code."""

from __future__ import annotations

from collections.abc import Mapping

from fee_service.wording.sentence import Sentence

AUDITS: Mapping[str, Sentence] = {
    "audit_month": Sentence(
        "{month}: 보고에 따른 변동료 {reported}원, 감사에서 확인한 변동료 {found}원, 과소보고 {under}원.",
        "{month}: usage fees of {reported} won by the report, {found} won as found, {under} won under-reported.",
    ),
    "audit_month_unreported": Sentence(
        "{month}: 보고가 없었고, 감사에서 확인한 변동료 {found}원 전부가 과소보고입니다.",
        "{month}: nothing was reported; all of the {found} won found are under-reported.",
    ),
    "audit_customer_pays": Sentence(
        "과소보고 {under}원이 감사 대상 기간의 보고에 따른 변동료 {reported}원의 {share}({limit}원)를 넘으므로 감사 비용 {cost}원은 고객이 부담합니다({clause}).",
        "The {under} won under-reported are over {share} ({limit} won) of the {reported} won of usage fees from the reports of the audited time, so the customer bears the cost of the audit, {cost} won ({clause}).",
    ),
    "audit_koscom_pays": Sentence(
        "과소보고 {under}원이 감사 대상 기간의 보고에 따른 변동료 {reported}원의 {share}({limit}원)를 넘지 않으므로 감사 비용 {cost}원은 코스콤이 부담합니다({clause}).",
        "The {under} won under-reported are not over {share} ({limit} won) of the {reported} won of usage fees from the reports of the audited time, so Koscom bears the cost of the audit, {cost} won ({clause}).",
    ),
    "audit_too_soon": Sentence(
        "{earlier}에 감사가 있었습니다. 감사는 30일 전에 통지하고, 중대한 위반이 우려되는 경우가 아니면 {months}개월에 한 번만 할 수 있습니다(P1 제11조).",
        "There was an audit on {earlier}. Audits take 30 days' notice and come at most once in {months} months, unless a grave breach is likely (P1 §11).",
    ),
}
