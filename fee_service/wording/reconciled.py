"""How a line of an invoice stands, beside the causes of `wording.causes`."""

from __future__ import annotations

from collections.abc import Mapping

from fee_service.wording.sentence import Sentence

RECONCILED: Mapping[str, Sentence] = {
    "cause_in_line": Sentence("{month} {line}: {why}", "{month}, {line}: {why}"),
    "line_missing": Sentence(
        "{day}에 청구되었어야 하는 {amount}원이 어느 파일에도 없습니다.",
        "{amount} won were to be billed on {day}; no file has them.",
    ),
    "line_billed_twice": Sentence(
        "같은 요금이 다른 계산서나 행에서 이미 청구되었습니다. 더 청구할 금액은 0원입니다.",
        "The same fee is billed by another invoice or line; nothing more is due.",
    ),
    "line_not_due": Sentence(
        "계약상 이 달에 청구할 금액이 없는 항목입니다.",
        "By the contract nothing is due for this in this month.",
    ),
    "line_differs": Sentence(
        "청구할 금액은 {expected}원이고 {billed}원이 청구되었습니다. 알려진 오류로는 설명되지 않습니다.",
        "{expected} won are due, {billed} won are billed; no known mistake gives that amount.",
    ),
    "line_use_not_reported": Sentence(
        "이용량 보고가 없어 판정하지 않았습니다. 견적의 이용량으로는 {expected}원입니다.",
        "Not judged, because the use was not reported. For the use that was quoted it is {expected} won.",
    ),
    "cause_vat_rounding": Sentence(
        "계산서 묶음의 공급가액 {supply}원에 대한 부가세는 {right}원입니다. "
        "{parts}건으로 나누어 계산({mode})하여 {vat}원이 되었습니다.",
        "The VAT of the chain's supply of {supply} won is {right} won. Reckoned in {parts:part|parts} ({mode}) it came to "
        "{vat} won.",
    ),
    "vat_differs": Sentence(
        "계산서 묶음의 공급가액 {supply}원에 대한 부가세는 {right}원이고 {vat}원이 청구되었습니다.",
        "The VAT of the chain's supply of {supply} won is {right} won; {vat} won are billed.",
    ),
}
