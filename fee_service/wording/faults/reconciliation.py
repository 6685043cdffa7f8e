"""Why a line of an invoice finds no contract or no fee, and what is wrong with the asking for a reconciliation."""

from __future__ import annotations

from collections.abc import Mapping

from fee_service.wording.sentence import FaultWording

_NAME_IT = (
    "품목명 화면이나 PUT /v1/item-names에 무엇의 이용료인지 한 번만 알려 주세요. 다음부터는 묻지 않습니다.",
    "Say once which fee it is (item names at the desk, or PUT /v1/item-names); it is not asked again.",
)
_NAME_QUOTE = (
    "행의 quote 열에 계약(견적) 번호를 적어 주세요.",
    "Write the number of the contract (the quote) into the column `quote` of the row.",
)

FAULTS: Mapping[str, FaultWording] = {
    # -- lines to be reconciled --
    "line_item_unknown": FaultWording(
        "Item that nobody has named",
        "어느 요금인지 알 수 없는 품목입니다.",
        "The item names no fee that is known.",
        *_NAME_IT,
    ),
    "line_item_ambiguous": FaultWording(
        "Item that fits several fees",
        "계약의 여러 요금에 맞는 품목입니다: {value}.",
        "The item fits several fees of the contract: {value}.",
        *_NAME_IT,
    ),
    "line_of_another_company": FaultWording(
        "Line of another company",
        "계약이 없거나 다른 회사의 행이므로 판정하지 않았습니다.",
        "The line is of another company, or of one without a contract here; it is not judged.",
        "이 회사의 계약이라면 사업자등록번호를 확인해 주세요.",
        "If it should be a customer's, see its business number.",
    ),
    "line_is_none_of_ours": FaultWording(
        "Line of other goods",
        "이용료가 아닌 품목으로 알려진 행이므로 판정하지 않았습니다.",
        "The item is known as none of these fees; it is not judged.",
        "이용료라면 품목명을 다시 알려 주세요.",
        "If it is one of them, name the item anew.",
    ),
    "line_contract_unknown": FaultWording(
        "Contract that does not exist",
        "quote 열의 계약을 찾을 수 없습니다.",
        "There is no contract of the number in the column `quote`.",
        "수락된 견적의 번호나 id인지 확인해 주세요.",
        "See that it is the number or id of an accepted quote.",
    ),
    "line_contract_of_another_company": FaultWording(
        "Contract of another company",
        "quote 열의 계약이 공급받는 자의 계약이 아닙니다.",
        "The contract in the column `quote` is not one of the customer of the invoice.",
        "계약 번호나 공급받는 자의 사업자등록번호를 고쳐 주세요.",
        "Correct the number of the contract, or the customer's business number.",
    ),
    "line_contract_ambiguous": FaultWording(
        "Line that fits several contracts",
        "여러 계약에 맞는 행입니다(candidates).",
        "The line fits several contracts (candidates).",
        *_NAME_QUOTE,
    ),
    "line_customer_unknown": FaultWording(
        "Line without a customer",
        "파일에서 공급받는 자를 알 수 없습니다.",
        "The file does not say who the customer is.",
        "own_number로 귀사의 사업자등록번호를 알려 주세요.",
        "Say your own business number with `own_number`.",
    ),
    "line_amount_missing": FaultWording(
        "Line without an amount",
        "공급가액이 비어 있습니다.",
        "There is no supply amount.",
        "공급가액을 원 단위 정수로 적어 주세요.",
        "Write the supply in whole won.",
    ),
    "line_issued_on_missing": FaultWording(
        "Line without a day",
        "작성일자도 이용월도 없습니다.",
        "There is neither the day of the invoice nor the month of service.",
        "작성일자(issued_on)나 이용월(service_month)을 적어 주세요.",
        "Write the day of the invoice (issued_on) or the month of service (service_month).",
    ),
    "line_without_prices": FaultWording(
        "Month without a price list",
        "이 기간의 가격을 알 수 없습니다: {value}",
        "No prices are known for that time: {value}",
        "행의 이용월을 확인해 주세요.",
        "See the month of service of the row.",
    ),
}
