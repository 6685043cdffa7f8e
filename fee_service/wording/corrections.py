"""What is asked of a supplier, by the code of the corrected invoice."""

from __future__ import annotations

from collections.abc import Mapping

from fee_service.wording.sentence import Sentence

CORRECTIONS: Mapping[str, Sentence] = {
    "correction_01": Sentence("기재사항 착오정정", "Entered by mistake"),
    "correction_02": Sentence("공급가액 변동", "Supply value changed"),
    "correction_06": Sentence("착오에 의한 이중발급", "Issued twice by mistake"),
    "asked_01": Sentence(
        "당초 계산서({number})를 당초 작성일자({day})로 취소하고, 바른 금액으로 다시 발급해 주십시오.",
        "Please cancel invoice {number} as of its own day ({day}), and issue the right one in its place.",
    ),
    "asked_01_cancelled": Sentence(
        "청구할 금액이 없으므로 당초 계산서({number})를 당초 작성일자({day})로 취소해 주십시오.",
        "Nothing was due for invoice {number}: please cancel it as of its own day ({day}).",
    ),
    "asked_02": Sentence(
        "당초 계산서({number})에 대하여 증감액만큼의 수정세금계산서를 {day}자로 발급해 주십시오.",
        "Please issue a corrected invoice for the difference to invoice {number}, dated {day}.",
    ),
    "asked_06": Sentence(
        "이중으로 발급된 계산서({number})를 당초 작성일자({day})로 취소해 주십시오.",
        "Invoice {number} bills the same a second time: please cancel it as of its own day ({day}).",
    ),
}
