"""Why a billed amount differs, in Korean and English, by the code of `rules.reconciling.Cause`."""

from __future__ import annotations

from collections.abc import Mapping

from fee_service.wording.sentence import Sentence

CAUSES: Mapping[str, Sentence] = {
    "cause_waiver_not_applied": Sentence(
        "면제가 빠졌습니다. 면제 기간 {first_day}~{last_day}({policy}) 중 이 달은 {days}일입니다. 면제 없이 계산: {amount}원.",
        "The waiver was left out: {days:day|days} of the month are waived ({first_day} to {last_day}, {policy}). "
        "Reckoned without it: {amount} won.",
    ),
    "cause_waiver_overrun": Sentence(
        "면제가 끝난 뒤에도 면제되었습니다. 마지막 면제일 {last_day}({policy}), 청구서의 면제 {billed_until}까지: {amount}원.",
        "Waived beyond the last waived day, {last_day} ({policy}). Reckoned as waived through {billed_until}: {amount} won.",
    ),
    "cause_waiver_cut_early": Sentence(
        "면제가 일찍 끝난 것으로 청구되었습니다. 마지막 면제일 {last_day}({policy}), 청구서의 면제 {billed_until}까지: {amount}원.",
        "Waived for too short: the last waived day is {last_day} ({policy}). Reckoned as waived through {billed_until}: "
        "{amount} won.",
    ),
    "cause_not_prorated": Sentence(
        "일할 계산이 빠졌습니다. 이 달의 계약 일수는 {days_in_month}일 중 {days}일입니다({source}). 일할 없이 계산: {amount}원.",
        "Not prorated: the contract has {days:day|days} of the month's {days_in_month} ({source}). "
        "Reckoned for the whole month: {amount} won.",
    ),
    "cause_prorated_on_30_days": Sentence(
        "30일을 기준으로 일할 계산되었습니다. 이 달은 {days_in_month}일이고 부과 일수는 {charged}일입니다({source}). "
        "30일 기준: {amount}원.",
        "Prorated over 30 days: the month has {days_in_month}, of which {charged:is|are} charged ({source}). "
        "Reckoned over 30: {amount} won.",
    ),
    "cause_other_price_list": Sentence(
        "다른 가격표로 청구되었습니다. 이 달의 가격표는 {right}입니다. {list} 기준: {amount}원.",
        "Billed by another price list: {right} holds in this month. Reckoned by {list}: {amount} won.",
    ),
    "cause_affiliate_extension_per_affiliate": Sentence(
        "관계사 확장옵션이 관계사마다 청구되었습니다. 관계사 수와 관계없이 월 {unit_price}원입니다({list}, {source}). "
        "{times}개 관계사 기준: {amount}원.",
        "The affiliate extension was billed for each affiliate; it is {unit_price} won a month for all ({list}, {source}). "
        "Reckoned {times:time|times}: {amount} won.",
    ),
    "cause_disaster_recovery_set_billed": Sentence(
        "무료인 재해복구용 {sets}세트가 청구되었습니다({list}, {source}). 포함하여 계산: {amount}원.",
        "{sets:set|sets} for disaster recovery, which are free, billed ({list}, {source}). Reckoned with them: {amount} won.",
    ),
    "cause_first_set_billed": Sentence(
        "무료인 첫 세트가 청구되었습니다. 부과 대상은 {right}세트입니다({list}, {source}). {sets}세트 기준: {amount}원.",
        "The first set, which is free, was billed: {right:set is|sets are} charged ({list}, {source}). "
        "Reckoned for {sets}: {amount} won.",
    ),
    "cause_securities_c_exemption_missed": Sentence(
        "면제되는 ID {exempted}개가 청구되었습니다: {rule}. {units}개 기준: {amount}원.",
        "{exempted:exempt ID|exempt IDs} billed: {rule}. Reckoned for {units}: {amount} won.",
    ),
    "cause_closing_exemption_missed": Sentence(
        "무료인 요금이 청구되었습니다: {rule}. 무료가 아닐 때: {amount}원.",
        "A fee that is free here was billed: {rule}. Reckoned as if it were not: {amount} won.",
    ),
    "cause_wrong_user_type": Sentence(
        "다른 이용자 구분의 단가로 청구되었습니다: {billed_as}, 단가 {unit_price}원 × {units}({list}, {source}) → {amount}원.",
        "Billed at the price of another user type: {billed_as}, {unit_price} won × {units} ({list}, {source}) → "
        "{amount} won.",
    ),
    "cause_wrong_option": Sentence(
        "다른 옵션의 가격으로 청구되었습니다: {billed_as}, 월 {unit_price}원({list}, {source}) → {amount}원.",
        "Billed at the price of another option: {billed_as}, {unit_price} won a month ({list}, {source}) → {amount} won.",
    ),
    "cause_withheld_fee_billed": Sentence(
        "부과보류된 요금입니다. 통지가 있을 때까지 0원입니다({list}, {source}).",
        "The fee is withheld: 0 won until notice is given ({list}, {source}).",
    ),
    "cause_rounding": Sentence(
        "원 미만 처리 방식이 다릅니다. {piece} {mode}: {amount}원.",
        "A fraction of a won was rounded otherwise. {mode}{piece}: {amount} won.",
    ),
    "cause_rounding_ten": Sentence(
        "10원 미만이 버려졌습니다: {right}원이 {amount}원으로 청구되었습니다.",
        "What is under ten won was cut off: {right} won became {amount}.",
    ),
    "cause_usage_differs_from_report": Sentence(
        "보고와 다른 이용량으로 청구되었습니다. 부과 대상 {right}, 청구 {units}: {amount}원.",
        "Billed for another usage than reported: {right} charged, {units} billed: {amount} won.",
    ),
    "rounded_line": Sentence("합계를", ""),
    "rounded_unit": Sentence("단가마다", " for each unit"),
    "rounded_day": Sentence("하루 요금마다", " for each day"),
    "rounding_down": Sentence("버림", "Rounded down"),
    "rounding_half_up": Sentence("반올림", "Rounded half up"),
    "rounding_up": Sentence("올림", "Rounded up"),
}
