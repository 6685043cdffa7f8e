"""The sentences of notices, in Korean and English, by code; whom each is for stands in `fee_service.rules.notices`.

Korean particles never follow a value, so that no value makes a sentence wrong.
"""

from __future__ import annotations

from collections.abc import Mapping

from fee_service.wording.sentence import Sentence

NOTICES: Mapping[str, Sentence] = {
    "name_not_printable": Sentence(
        "회사 이름에 인쇄용 글꼴에 없는 글자가 있습니다: {letters}. PDF에는 {codes}로 인쇄되니, 필요하면 다른 표기를 써 주세요.",
        "The company's name has letters that the printed quote cannot show: {letters}. The PDF shows {codes} instead; "
        "use another spelling where that matters.",
    ),
    "waiver_ends": Sentence(
        "면제 마지막 날은 {last_day}입니다. {from_day}부터 월 {amount}원(부가세 별도)입니다.",
        "The waiver's last day is {last_day}. From {from_day}: {amount} won a month without VAT.",
    ),
    "waiver_ends_without_price": Sentence(
        "면제 마지막 날은 {last_day}입니다. 월 요금: {price}.",
        "The waiver's last day is {last_day}. A month: {price}.",
    ),
    "nothing_waivable": Sentence(
        "면제는 인정되지만 이 견적에는 면제 대상 요금이 없습니다.",
        "The waiver is granted, but no fee of this quote is covered by it.",
    ),
    "waiver_refused": Sentence("면제 대상이 아닙니다. {reasons}", "The waiver is refused. {reasons}"),
    "qualification_needs_review": Sentence(
        "이용 자격 심사가 필요합니다. 심사를 통과하는 것으로 보고 면제를 계산했습니다.",
        "The qualification needs a review; the waiver is computed as if it passes.",
    ),
    "qualification_unknown": Sentence(
        "이용 자격이 기재되지 않아 심사가 필요합니다.", "The qualification is not stated and needs a review."
    ),
    "start_next_month_less": Sentence(
        "{start}에 시작하면 {until}까지 {now}원 대신 {then}원으로 {difference}원 적고, 면제는 {last_day}까지입니다.",
        "Starting on {start}, the bill up to {until} is {then} instead of {now} won ({difference} less) "
        "and the waiver runs to {last_day}.",
    ),
    "start_next_month_more": Sentence(
        "{start}에 시작하면 {until}까지 {now}원 대신 {then}원으로 {difference}원 많고, 면제는 {last_day}까지입니다.",
        "Starting on {start}, the bill up to {until} is {then} instead of {now} won ({difference} more) "
        "and the waiver runs to {last_day}.",
    ),
    "start_next_month_same": Sentence(
        "{start}에 시작해도 {until}까지 {now}원으로 같고, 면제는 {last_day}까지입니다.",
        "Starting on {start}, the bill up to {until} stays {now} won and the waiver runs to {last_day}.",
    ),
    "start_next_month_less_unwaived": Sentence(
        "{start}에 시작하면 {until}까지 {now}원 대신 {then}원으로 {difference}원 적습니다.",
        "Starting on {start}, the bill up to {until} is {then} instead of {now} won ({difference} less).",
    ),
    "start_next_month_more_unwaived": Sentence(
        "{start}에 시작하면 {until}까지 {now}원 대신 {then}원으로 {difference}원 많습니다.",
        "Starting on {start}, the bill up to {until} is {then} instead of {now} won ({difference} more).",
    ),
    "start_next_month_same_unwaived": Sentence(
        "{start}에 시작해도 {until}까지 {now}원으로 같습니다.",
        "Starting on {start}, the bill up to {until} stays {now} won.",
    ),
    "waiver_start_deadline": Sentence(
        "면제는 {last_day}까지 시작하는 계약에만 적용됩니다(업력 {years}년).",
        "Only a contract that starts by {last_day} is waived (age limit of {years:year|years}).",
    ),
    "earlier_start_waives_more": Sentence(
        "면제는 {last_day}에 업력 {years}년으로 끝납니다. 한 달 먼저 시작할 때마다 월 {amount}원씩 더 면제됩니다.",
        "The waiver ends with the age limit of {years:year|years} on {last_day}; "
        "each month of an earlier start adds {amount} won waived.",
    ),
    "waiver_missed_by_age": Sentence(
        "{last_day}까지 시작했다면 그날까지 월 {amount}원이 면제됩니다(업력 {years}년).",
        "A start by {last_day} would have been waived, {amount} won for each month (age limit of {years:year|years}).",
    ),
    "broader_policy": Sentence(
        "{policy}({id}) 기준이라면 {amount}원이 추가로 면제되었을 것입니다.",
        "{policy} ({id}) would have waived {amount} won in addition.",
    ),
    "queries_instead_of_personal_ids": Sentence(
        "{product}: 개인가입자용 ID {quantity}개는 월 {amount}원입니다. "
        "ID당 월 {per_id}건(전체 {queries}건)보다 적게 조회하면 조회당 과금이 유리합니다.",
        "{product}: {quantity:personal ID costs|personal IDs cost} {amount} won a month; below {per_id:query|queries} "
        "per ID and month ({queries:query|queries} in all), paying per query is cheaper.",
    ),
    "queries_instead_of_standard_ids": Sentence(
        "{product}: 표준 ID {quantity}개는 월 {amount}원입니다. "
        "ID당 월 {per_id}건(전체 {queries}건)보다 적게 조회하면 조회당 과금이 유리합니다.",
        "{product}: {quantity:standard ID costs|standard IDs cost} {amount} won a month; below {per_id:query|queries} "
        "per ID and month ({queries:query|queries} in all), paying per query is cheaper.",
    ),
    "ids_instead_of_queries": Sentence(
        "{product}: 월 조회 {quantity}건은 {amount}원입니다. 개인가입자용 ID {personal}개 또는 표준 ID {standard}개보다 적으면 ID 과금이 유리합니다.",
        "{product}: {quantity:query a month costs|queries a month cost} {amount} won; with fewer than {personal} personal "
        "or {standard} standard IDs, paying per ID is cheaper.",
    ),
    "personal_ids_instead_of_queries": Sentence(
        "{product}: 월 조회 {quantity}건은 {amount}원입니다. 개인가입자용 ID {personal}개보다 적으면 ID 과금이 유리합니다.",
        "{product}: {quantity:query a month costs|queries a month cost} {amount} won; with fewer than {personal} "
        "personal IDs, paying per ID is cheaper.",
    ),
    "platform_fees_left_out": Sentence(
        "월 API 호출 수가 없어 플랫폼 요금(환경구축비, API사용료)은 뺐습니다. 호출 수를 정하면 포함됩니다.",
        "The platform fees (set-up, API calls) are left out, as no number of calls is given; "
        "with one they are included.",
    ),
    "calls_over_daily_limit": Sentence(
        "월 {calls}회 호출은 {month} 기준 하루 {per_day}회로, 상한인 하루 {limit}회를 넘습니다.",
        "{calls} calls a month are {per_day} a day in {month}, over the cap of {limit} calls a day.",
    ),
    "calls_over_service_limit": Sentence(
        "월 {calls}회 호출은 {month} 기준 하루 {per_day}회로, 다음 서비스의 상한인 하루 {limit}회를 넘습니다: {services}.",
        "{calls} calls a month are {per_day} a day in {month}, over the cap of {limit} calls a day of: {services}.",
    ),
    "service_ends_within": Sentence(
        "다음 서비스는 {last_day}까지만 제공되어 견적 기간 중에 끝나며, 그 뒤의 요금은 들어 있지 않습니다: {services}.",
        "Offered only until {last_day}, inside the quoted period, and not charged afterwards: {services}.",
    ),
    "unpriced_not_in_totals": Sentence(
        "공표 가격이 없는 항목 {count}건은 합계에 들어 있지 않습니다. 별도 문의가 필요합니다.",
        "{count} requested without a published price: not in the totals, on request.",
    ),
    "withheld_fees": Sentence(
        "부과보류 요금이 있습니다({products}). 통지가 있으면 부과될 수 있습니다.",
        "Some fees are withheld ({products}); they may be charged once notice is given.",
    ),
    "closing_covered_by_real_time": Sentence(
        "{apis}: 같은 상품의 실시간 라이선스({product})로 이용할 수 있어 종가 라이선스가 필요 없습니다.",
        "{apis}: covered by the real-time licence of the same product ({product}); no closing licence is needed.",
    ),
    "policy_named": Sentence(
        "요청에 따라 {named} 정책을 적용했습니다. {standing} 지정하지 않으면 {start} 시작 계약에는 {usual} 정책이 적용됩니다.",
        "The policy {named} is applied as requested; {standing}. A contract from {start} that names none follows {usual}.",
    ),
    "price_list_named": Sentence(
        "요청에 따라 {until}까지 가격표 {named}만 적용했습니다.",
        "The price list {named} is applied throughout, up to {until}, as requested.",
    ),
    "price_list_changes": Sentence("{on}부터 가격표 {id} 적용.", "From {on} the price list {id} applies."),
    "price_list_age": Sentence(
        "가격표 {id}: {valid_from} 시행, 시작일 기준 {years}년 {months}개월 경과. 현재 가격은 영업 담당 부서에 확인하세요.",
        "Price list {id}: in force since {valid_from}, {years:year|years} and {months:month|months} old on the start day; "
        "have the sales team confirm the prices.",
    ),
    "contract_renewal": Sentence(
        "최초 계약기간은 {last_day}까지입니다. {terms}", "The first term runs to {last_day}. {terms}"
    ),
    "test_months_free": Sentence(
        "{first_day}부터 {last_day}까지 무료 시험기간이며 면제 기간을 쓰지 않습니다.",
        "Free test period from {first_day} to {last_day}; it uses nothing of the waiver.",
    ),
    "test_months_refused": Sentence(
        "면제 대상이 아니어서 무료 시험기간 {months}개월을 드릴 수 없습니다.",
        "The free test period of {months:month|months} belongs to the support, which is refused.",
    ),
    "start_in_the_past": Sentence(
        "계약 시작일({start})이 견적일({today})보다 앞섭니다. 이미 지난 기간의 요금도 합계에 들어 있으니 시작일을 확인해 주세요.",
        "The contract starts on {start}, before the day of this quote ({today}). The totals include time that is over: "
        "check the first day.",
    ),
    "prior_waiver_found": Sentence(
        "같은 사업자등록번호로 수락된 견적에서 이전 면제 사용을 찾아 반영했습니다: {quotes}.",
        "Earlier waiver use of the same business number was found and counted in: {quotes}.",
    ),
    "waiver_used_by_later_contract": Sentence(
        "수락된 계약({quotes})의 면제와 합치면 {months}개월을 넘으므로 이 견적은 그대로 수락할 수 없습니다.",
        "With the waiver of the accepted contracts ({quotes}) this would be more than {months:month|months}: it cannot be accepted as it is.",
    ),
}
