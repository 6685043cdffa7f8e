"""What is said of a contract as it stands, in Korean and English, by code."""

from __future__ import annotations

from collections.abc import Mapping

from fee_service.wording.sentence import Sentence

CONTRACTS: Mapping[str, Sentence] = {
    # -- the waiver as it stands
    "contract_waiver_none": Sentence(
        "견적에서 면제가 부여되지 않았습니다.",
        "The quote granted no waiver.",
    ),
    "contract_waiver_as_quoted": Sentence(
        "견적대로 {first}부터 {last}까지 면제됩니다.",
        "Waived as quoted, from {first} to {last}.",
    ),
    "contract_waiver_until_end": Sentence(
        "계약이 {day}에 끝나므로 면제도 그날까지입니다(견적: {quoted}까지).",
        "The contract ends on {day}, and so does the waiver (quoted: until {quoted}).",
    ),
    "contract_waiver_withdrawn": Sentence(
        "면제가 {day}부터 철회되었습니다. 사유: {ground}({source}). 견적: {quoted}까지.",
        "The waiver was withdrawn from {day} on: {ground} ({source}). Quoted: until {quoted}.",
    ),
    "contract_waivers_exceed": Sentence(
        "같은 회사의 계약들({others})과 합쳐 면제가 {months}개월을 넘습니다. 취소한 기록을 확인해 주세요.",
        "Together with the company's other contracts ({others}), more than {months:month|months} are waived: "
        "check the events that were annulled.",
    ),
    # -- the term
    "contract_term": Sentence(
        "{end}까지이며, {notice}까지 서면으로 통지하지 않으면 {renewal}에 1년 갱신됩니다.",
        "Until {end}; renewed for a year on {renewal} unless written notice is given by {notice}.",
    ),
    "contract_term_upcoming": Sentence(
        "{start}에 시작해 {end}까지이며, {notice}까지 서면으로 통지하지 않으면 {renewal}에 1년 갱신됩니다.",
        "From {start} until {end}; renewed for a year on {renewal} unless written notice is given by {notice}.",
    ),
    "contract_term_notice_over": Sentence(
        "{renewal}의 갱신을 막을 통지 기한({notice})은 지났습니다. 다음 통지 기한: {following}.",
        "The last day to stop the renewal of {renewal} was {notice}; the next one is {following}.",
    ),
    "contract_term_ends": Sentence(
        "{day}에 끝나며 갱신되지 않습니다.",
        "Ends on {day} and is not renewed.",
    ),
    # -- what is owed differs from what was quoted
    "owed_until_the_end": Sentence(
        "계약이 {day}에 종료되어, 견적과 달리 그 뒤의 요금은 없습니다.",
        "The contract ended on {day}: nothing is owed after it, other than quoted.",
    ),
    "owed_without_waiver": Sentence(
        "면제가 철회되어, 견적에서 면제된 요금을 {day}부터 부담합니다. 사유: {ground}({source}).",
        "The waiver was withdrawn: what was quoted as waived is owed from {day} on. Ground: {ground} ({source}).",
    ),
    "owed_by_another_list": Sentence(
        "{day}부터 견적과 다른 가격표가 적용됩니다: {list}.",
        "From {day} on another price list holds than was quoted: {list}.",
    ),
    "owed_as_reported": Sentence(
        "이용 보고가 있는 {count}개월({first}~{last})의 변동료는 견적의 이용량이 아니라 보고에 따릅니다.",
        "The usage fees of {count:month|months} ({first} to {last}) follow the usage reports, not the usage as quoted.",
    ),
}
