"""What is said of a due beside how its amount comes about, in Korean and English, by code."""

from __future__ import annotations

from collections.abc import Mapping

from fee_service.wording.sentence import Sentence

DUES: Mapping[str, Sentence] = {
    "due_reported": Sentence(
        "{month} 이용 보고({reported_on} 접수)에 따라 {invoice_on}에 청구합니다(P1 제10조 제2항).",
        "Billed on {invoice_on} by the usage report of {month} that came in on {reported_on} (P1 §10.2).",
    ),
    "due_estimated": Sentence(
        "{invoice_on} 전에 {month} 이용 보고가 없어 {like} 이용({reported_on} 보고)과 같이 청구하고, 보고가 접수되면 정산합니다(P1 제9조 제3항).",
        "No usage report of {month} came in before {invoice_on}: billed like the usage of {like}, reported on {reported_on}, and settled once a report comes in (P1 §9.3).",
    ),
    "due_estimated_as_quoted": Sentence(
        "{invoice_on} 전에 {month} 이용 보고가 없고 그 전 달의 보고도 없어 견적의 이용량대로 청구하고, 보고가 접수되면 정산합니다(P1 제9조 제3항).",
        "No usage report of {month}, nor of a month before, came in before {invoice_on}: billed as quoted, and settled once a report comes in (P1 §9.3).",
    ),
    "due_assumed": Sentence(
        "{month} 이용 보고가 아직 없어 견적의 이용량으로 계산했습니다. {invoice_on}에 청구됩니다.",
        "No usage report of {month} yet: computed with the usage as quoted, to be billed on {invoice_on}.",
    ),
    "due_not_used": Sentence(
        "{month} 이용 보고에는 이 요금의 이용이 없습니다.", "The usage report of {month} names no use under this fee."
    ),
    "due_settled": Sentence(
        "이미 청구한 {billed}원과의 차액 {difference}원을 {invoice_on}에 정산합니다(P1 제9조 제3항).",
        "Of it {billed} won were billed before; the difference of {difference} won is settled on {invoice_on} (P1 §9.3).",
    ),
    "late_interest": Sentence(
        "청구 합계 {total}원의 납부기한은 {due_on}이고 {paid_on}에 냈으므로 {days}일 늦었습니다. {total}원 × 연 {percent}% × {days} ÷ {days_in_year} = {interest}원입니다(상법 제54조; 납부기한은 P1 제10조 제2항, P2 제6조 제2항).",
        "The invoice of {total} won was due on {due_on} and paid on {paid_on}, {days:day|days} late: {total} won × {percent} % a year × {days} ÷ {days_in_year} = {interest} won (Commercial Act 54; the due day by P1 §10.2, P2 §6.2).",
    ),
    "no_late_interest": Sentence(
        "청구 합계 {total}원을 납부기한({due_on}) 안에 냈으므로 지연이자가 없습니다(상법 제54조).",
        "The invoice of {total} won was paid by its due day, {due_on}: there is no late interest (Commercial Act 54).",
    ),
    "due_ended": Sentence("계약은 {last_day}에 종료되었습니다.", "The contract ended on {last_day}."),
    "due_waiver_withdrawn": Sentence("면제는 {day}부터 철회되었습니다.", "The waiver was withdrawn from {day} on."),
}
