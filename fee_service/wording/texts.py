"""What the service says of conditions, lines and choices, in Korean and English, by code.

Korean particles never follow a value, so that no value makes a sentence wrong.
"""

from __future__ import annotations

from collections.abc import Mapping

from fee_service.wording.sentence import Sentence

TEXTS: Mapping[str, Sentence] = {
    # -- conditions of eligibility and waiver
    "corporation_met": Sentence("법인입니다.", "The company is a corporation."),
    "corporation_missed": Sentence(
        "법인만 이용할 수 있습니다. 개인사업자·개인은 법인 설립 후 신청할 수 있습니다.",
        "Only corporations may use the platform; a sole proprietor or person may apply once incorporated.",
    ),
    "company_size_met": Sentence("중소기업입니다.", "The company is an SME."),
    "company_size_missed": Sentence(
        "중소기업기본법상 중소기업이 아닙니다(기업 규모: {size}). 중소기업이어야 합니다.",
        "The company is not an SME under the SME Framework Act (size: {size}); an SME would meet this.",
    ),
    "exclusions_met": Sentence("제외 사유가 없습니다.", "No ground for exclusion."),
    "exclusions_missed": Sentence(
        "제외 사유가 있습니다: {grounds}. 사유가 없어야 이용할 수 있습니다.",
        "Excluded: {grounds}. Without these grounds the condition would be met.",
    ),
    "qualification_met": Sentence("이용 자격: {qualification}.", "Qualified: {qualification}."),
    "qualification_missed": Sentence(
        "이용 자격이 없습니다. 다음 중 하나가 필요합니다: {grounds}.",
        "No qualification. One of these would meet this: {grounds}.",
    ),
    "qualification_ended": Sentence(
        "{day}부터는 그 자체로 이용 자격이 되지 않습니다: {qualification}. 다음 중 하나가 필요합니다: {grounds}.",
        "No ground of its own any more since {day}: {qualification}. One of these would meet this: {grounds}.",
    ),
    "corporation_assumed": Sentence(
        "법인인지 기재되지 않아 법인으로 보고 계산했습니다. 확인이 필요합니다.",
        "Whether the company is a corporation is not stated; assumed, and still to be confirmed.",
    ),
    "exclusions_assumed": Sentence(
        "제외 사유가 있는지 기재되지 않아 없는 것으로 보고 계산했습니다. 확인이 필요합니다.",
        "Whether a ground for exclusion exists is not stated; none is assumed, still to be confirmed.",
    ),
    "qualification_assumed": Sentence(
        "이용 자격이 기재되지 않아 심사를 통과하는 것으로 보고 계산했습니다. 확인이 필요합니다.",
        "The qualification is not stated; computed as if the review passes, still to be confirmed.",
    ),
    "policy_missing": Sentence(
        "이용 시작일에 시행 중인 기본료 면제 정책이 없습니다. 첫 정책이 시행된 뒤에 시작하면 대상이 될 수 있습니다.",
        "No waiver policy is in force on the start day; a start under the first policy or later could be waived.",
    ),
    "channel_met": Sentence("Open API 플랫폼으로 수신합니다.", "Received over the Open API platform."),
    "channel_missed": Sentence(
        "면제는 Open API 플랫폼 수신에만 적용됩니다. 직접수신은 대상이 아닙니다.",
        "The waiver is for the Open API platform only; a direct feed is not covered.",
    ),
    "policy_qualification_met": Sentence(
        "정책의 대상 업종입니다({wanted}).", "Of the kind the policy is for ({wanted})."
    ),
    "policy_qualification_assumed": Sentence(
        "이용 자격이 기재되지 않아 정책의 대상({wanted})으로 보고 계산했습니다. 확인이 필요합니다.",
        "The qualification is not stated; assumed to be of the kind the policy is for ({wanted}), still to be confirmed.",
    ),
    "policy_qualification_missed": Sentence(
        "이 정책의 대상은 {wanted} 기업입니다. 해당 자격이 있어야 합니다.",
        "The policy is only for companies qualified as {wanted}; that qualification would meet this.",
    ),
    "company_age_under_met": Sentence(
        "업력 {years}년 미만: 설립일 {founded_on}, 마지막 해당일 {last_day}.",
        "Under {years:year|years} of business: founded on {founded_on}, last such day {last_day}.",
    ),
    "company_age_under_missed": Sentence(
        "업력 {years}년 미만이 아닙니다: 설립일 {founded_on}, 마지막 해당일 {last_day}, 시작일 {starts_on}. "
        "{last_day}까지 시작했다면 해당합니다.",
        "Not under {years:year|years} of business: founded on {founded_on}, start on {starts_on}; "
        "a start by {last_day} would have met this.",
    ),
    "company_age_within_met": Sentence(
        "창업 {years}년 이내: 설립일 {founded_on}, 마지막 해당일 {last_day}.",
        "Founded within {years:year|years}: on {founded_on}, last such day {last_day}.",
    ),
    "company_age_within_missed": Sentence(
        "창업 {years}년 이내가 아닙니다: 설립일 {founded_on}, 마지막 해당일 {last_day}, 시작일 {starts_on}. "
        "{last_day}까지 시작했다면 해당합니다.",
        "Not founded within {years:year|years}: on {founded_on}, start on {starts_on}; "
        "a start by {last_day} would have met this.",
    ),
    "personal_ids_met": Sentence(
        "개인가입자용 ID {ids}개로 상한 {most}개 이하입니다.", "{ids:personal ID|personal IDs}, at most {most} allowed."
    ),
    "personal_ids_missed": Sentence(
        "개인가입자용 ID {ids}개로 상한 {most}개를 넘습니다. {most}개 이하여야 합니다.",
        "{ids:personal ID|personal IDs}, over the {most} allowed; {most} or fewer would meet this.",
    ),
    "unused_months_all": Sentence(
        "면제 {months}개월을 아직 쓰지 않았습니다.", "None of the {months:month|months} is used yet."
    ),
    "unused_months_met": Sentence(
        "면제 {months}개월 중 {used_months}개월 {used_days}일을 이미 썼습니다.",
        "Of {months:month|months}, {used_months:month|months} and {used_days:day|days} are already used.",
    ),
    "unused_months_missed": Sentence(
        "면제 {months}개월을 모두 썼습니다({used_months}개월 {used_days}일 사용). 남은 기간이 없습니다.",
        "All {months:month|months} are used up ({used_months:month|months} and {used_days:day|days}); unused time would meet this.",
    ),
    # -- what the total of a quote is, where it is no amount
    "pricing_free": Sentence("무료", "free of charge"),
    "pricing_withheld": Sentence("부과보류", "withheld"),
    "pricing_on_request": Sentence("가격 공표 없음 · 별도 문의", "no published price · on request"),
    "pricing_withheld_and_on_request": Sentence("부과보류 · 별도 문의", "withheld · on request"),
    "pricing_none": Sentence("해당 요금 없음", "no such fee"),
    "pricing_without_withheld": Sentence(
        "부과보류된 요금은 들어 있지 않습니다.", "Fees that are withheld are not included."
    ),
    "pricing_without_on_request": Sentence(
        "가격이 공표되지 않은 항목(별도 문의)은 들어 있지 않습니다.",
        "What has no published price (on request) is not included.",
    ),
    "pricing_without_withheld_and_on_request": Sentence(
        "부과보류된 요금과 가격이 공표되지 않은 항목(별도 문의)은 들어 있지 않습니다.",
        "Fees that are withheld and what has no published price (on request) are not included.",
    ),
    # -- company size
    "size_sme": Sentence("중소기업", "SME"),
    "size_mid_sized": Sentence("중견기업", "mid-sized company"),
    "size_large": Sentence("대기업", "large company"),
    "size_average_sales_met": Sentence(
        "{industry} 평균매출액 {figure}원: 상한 {limit}원 이하입니다.",
        "{industry}: average sales of {figure} won are within the ceiling of {limit}.",
    ),
    "size_average_sales_missed": Sentence(
        "{industry} 평균매출액 {figure}원: 상한 {limit}원을 넘습니다.",
        "{industry}: average sales of {figure} won exceed the ceiling of {limit}.",
    ),
    "size_total_assets_met": Sentence(
        "자산총액 {figure}원: {limit}원 미만입니다.", "Total assets of {figure} won are under {limit}."
    ),
    "size_total_assets_missed": Sentence(
        "자산총액 {figure}원: {limit}원 미만이 아닙니다.",
        "Total assets of {figure} won are not under {limit}.",
    ),
    "size_business_group_met": Sentence(
        "공시대상기업집단 소속이 아닙니다.", "Not of a disclosure-obliged business group."
    ),
    "size_business_group_missed": Sentence(
        "공시대상기업집단 소속입니다.", "Belongs to a disclosure-obliged business group."
    ),
    "size_large_holder_met": Sentence(
        "자산 5천억원 이상 법인이 30% 이상 최대출자자가 아닙니다.",
        "No corporation of 500 billion won or more holds 30 % or more as largest holder.",
    ),
    "size_large_holder_missed": Sentence(
        "자산 5천억원 이상 법인이 30% 이상 최대출자자입니다.",
        "A corporation of 500 billion won or more holds 30 % or more as largest holder.",
    ),
    "size_grace_met": Sentence(
        "중소기업 유예: {outgrown_on}부터 {years}년, {end} 전까지 중소기업으로 봅니다.",
        "Grace period: still an SME for {years:year|years} from {outgrown_on}, before {end}.",
    ),
    "size_grace_missed": Sentence(
        "중소기업 유예가 적용되지 않습니다({outgrown_on}부터 {years}년, {end} 전까지, 1회에 한함).",
        "No grace period: {years:year|years} from {outgrown_on}, before {end}, and only once.",
    ),
    # -- how a line came about
    "cell_amount": Sentence(
        "{unit} {unit_price}원 × {quantity} = {amount}원(가격표 {list}, {source}).",
        "{unit_price} won {unit} × {quantity} = {amount} won (price list {list}, {source}).",
    ),
    "cell_not_charged": Sentence(
        "{unit} {unit_price}원이나 여기서는 부과되지 않습니다(가격표 {list}, {source}).",
        "{unit_price} won {unit}, not charged here (price list {list}, {source}).",
    ),
    "cell_free": Sentence(
        "무료: {unit} 0원으로 공표되어 있습니다(가격표 {list}, {source}).",
        "Free of charge: published as 0 won {unit} (price list {list}, {source}).",
    ),
    "cell_not_charged_tiers": Sentence(
        "{unit} 구간별 단가이나 여기서는 부과되지 않습니다(가격표 {list}, {source}).",
        "Priced by tiers {unit}, not charged here (price list {list}, {source}).",
    ),
    "cell_tiers": Sentence(
        "{count}, 구간별 단가: {steps} = {amount}원(가격표 {list}, {source}).",
        "{count} at the price of each tier: {steps} = {amount} won (price list {list}, {source}).",
    ),
    "cell_volume": Sentence(
        "전체 수량이 속한 구간({tier})의 단가: {unit} {unit_price}원 × {quantity} = {amount}원(가격표 {list}, {source}).",
        "All at the price of the tier {tier}: {unit_price} won {unit} × {quantity} = {amount} won "
        "(price list {list}, {source}).",
    ),
    "tier_up_to": Sentence("{up_to} 이하", "up to {up_to}"),
    "tier_between": Sentence("{first}~{up_to}", "{first} to {up_to}"),
    "tier_over": Sentence("{first} 이상", "{first} and more"),
    "cell_withheld": Sentence(
        "부과보류: 이용은 허락되나 통지가 있을 때까지 부과하지 않습니다(가격표 {list}, {source}).",
        "Withheld: licensed, not charged until notice is given (price list {list}, {source}).",
    ),
    "cell_none": Sentence(
        "이 상품에는 해당 요금이 없습니다(가격표 {list}, {source}).",
        "The product has no such fee (price list {list}, {source}).",
    ),
    "unit_month": Sentence("월", "a month"),
    "unit_set_month": Sentence("추가 세트당 월", "a month for each further set"),
    "unit_id_month": Sentence("ID당 월", "an ID and month"),
    "unit_query": Sentence("조회당", "a query"),
    "unit_once": Sentence("최초 1회", "once"),
    "package_query": Sentence("{size} 묶음당", "a package of {size}"),
    "package_call_month": Sentence("{size} 묶음당 월", "a month and package of {size}"),
    "package_id_month": Sentence("{size} 묶음당 월", "a month and package of {size}"),
    "package_set_month": Sentence("{size} 묶음당 월", "a month and package of {size}"),
    "count_units": Sentence("{number}", "{number}"),
    "count_ids": Sentence("ID {number}개", "{number:ID|IDs}"),
    "count_queries": Sentence("조회 {number}건", "{number:query|queries}"),
    "count_calls": Sentence("호출 {number}회", "{number:call|calls}"),
    "count_sets": Sentence("추가 {number}세트", "{number:further set|further sets}"),
    "note_packages": Sentence(
        "월 {count}: {size} 묶음 {packages}개.",
        "{count} a month: {packages:started package|started packages} of {size}.",
    ),
    "note_packages_at_least": Sentence(
        "최소 {packages}개 묶음이 부과됩니다.", "At least {packages:package is|packages are} charged."
    ),
    "note_minimum": Sentence("최저 금액 {amount}원 적용.", "The minimum of {amount} won applies."),
    "note_maximum": Sentence("최고 금액 {amount}원 적용.", "The maximum of {amount} won applies."),
    "note_offered_until": Sentence(
        "마지막 제공일은 {last_day}이며, 그 뒤의 요금은 없습니다.",
        "Offered until {last_day}; nothing is owed for it afterwards.",
    ),
    "note_reception_sets": Sentence(
        "직접수신 {sets}세트 중 첫 세트는 무료입니다.", "{sets:set|sets} received directly, the first free."
    ),
    "note_recovery_sets": Sentence(
        "재해복구용 {sets}세트는 무료입니다.", "{sets:set|sets} for disaster recovery, free."
    ),
    "exempted": Sentence("{count} 면제: {rule} ({source}).", "{count} exempt: {rule} ({source})."),
    "exempted_wholly": Sentence("면제: {rule} ({source}).", "Exempt: {rule} ({source})."),
    "prorated": Sentence(
        "{month}: {days_in_month}일 중 계약 {days}일({source}) → {amount}원.",
        "{month}: {days:contract day|contract days} of {days_in_month} ({source}) → {amount} won.",
    ),
    "prorated_by_list": Sentence(
        "{month}: {days_in_month}일 중 계약 {days}일, {parts}({source}) → {amount}원.",
        "{month}: {days:contract day|contract days} of {days_in_month}, {parts} ({source}) → {amount} won.",
    ),
    "days_of_list": Sentence("가격표 {list} {days}일", "{days:day|days} under {list}"),
    "and_days_of_list": Sentence("및 가격표 {list} {days}일", "and {days:day|days} under {list}"),
    "not_prorated": Sentence("일할 계산하지 않습니다({source}).", "Not prorated by days ({source})."),
    "line_waived": Sentence(
        "{first_day}부터 {last_day}까지 면제({policy}).", "Waived from {first_day} to {last_day} ({policy})."
    ),
    "line_waived_in_part": Sentence(
        "{month}: 계약 {days}일 중 {waived}일 면제, {charged}일 부과 → {amount}원.",
        "{month}: {waived} of {days:contract day|contract days} waived, {charged} charged → {amount} won.",
    ),
    "line_not_waived": Sentence("면제 대상이 아닌 요금입니다({policy}).", "Not covered by the waiver ({policy})."),
    # -- what has no published price, and named policies
    "withdrawn_since": Sentence("{day}부터 제공되지 않습니다.", "It is not offered any more since {day}."),
    "no_fee_published_before": Sentence(
        "{day} 전에 시작하는 계약에는 공표된 요금이 없어 개별 문의가 필요합니다.",
        "For a contract that starts before {day} no fee was published; it is given on request.",
    ),
    "unpriced_api": Sentence("{api}: {why}", "{api}: {why}"),
    "policy_stands_beside": Sentence("시작일에 함께 시행 중인 정책입니다.", "it is in force on the start day, too"),
    "policy_not_in_force": Sentence("시작일에는 시행 중이 아닌 정책입니다.", "it is not in force on the start day"),
    # -- quotes that last
    "replay_recomputed_differs": Sentence(
        "발행 당시의 가격표와 정책으로 다시 계산한 결과가 저장된 견적과 다릅니다.",
        "Computed anew from the editions of its day, the quote comes out differently.",
    ),
    "replay_stored_contradicts": Sentence(
        "저장된 내용이 서로 맞지 않습니다. 발행 후에 고쳐진 것으로 보입니다.",
        "What is stored contradicts itself; it seems to have been edited after the issue.",
    ),
    "replay_seal_broken": Sentence(
        "저장된 견적이 감사 기록의 봉인값과 다릅니다. 발행 후에 고쳐진 것으로 보입니다.",
        "The stored quote does not match its seal in the audit log; it seems to have been edited after the issue.",
    ),
    "replay_edition_missing": Sentence(
        "견적에 쓰인 가격표나 정책이 더 이상 없습니다.",
        "A price list or policy that the quote needs is no longer there.",
    ),
    "replay_price_list": Sentence(
        "견적 기간에 다른 가격표가 적용됩니다.", "Other price lists apply to the quote's horizon now."
    ),
    "replay_waiver_policy": Sentence(
        "시작일에 다른 면제 정책이 적용됩니다.", "Another waiver policy applies on the start day now."
    ),
    "replay_prior_waiver": Sentence(
        "그 뒤에 수락된 견적이 면제 기간을 사용했습니다.",
        "Quotes accepted since have used waiver time of the company.",
    ),
    "replay_other_rules": Sentence(
        "가격표와 정책 밖의 기준(예: API 목록)이 달라졌습니다.",
        "Something beside price lists and policies changed, e.g. the catalogue of APIs.",
    ),
    # -- what is wrong with a business registration number
    "business_number_form": Sentence(
        "숫자 10자리(3자리-2자리-5자리)가 아닙니다.", "It is not ten digits in groups of three, two and five."
    ),
    "business_number_office": Sentence(
        "앞 세 자리(세무서 코드)는 101부터입니다.", "The first three digits, the tax office, begin at 101."
    ),
    "business_number_kind": Sentence(
        "가운데 두 자리(사업자 구분)는 01부터입니다.",
        "The two digits in the middle, the kind of business, begin at 01.",
    ),
    "business_number_serial": Sentence(
        "뒤 다섯 자리 가운데 앞 네 자리(일련번호)는 0001부터입니다.",
        "The first four of the last five digits, the serial number, begin at 0001.",
    ),
    "business_number_repeated": Sentence(
        "한 숫자만 되풀이한 번호는 쓰이지 않습니다.", "A single digit ten times is a placeholder."
    ),
    "business_number_check": Sentence(
        "마지막 자리(검증 숫자)가 앞의 아홉 자리와 맞지 않습니다.",
        "The last digit, the check digit, does not belong to the nine before it.",
    ),
}
