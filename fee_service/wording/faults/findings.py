"""Faults of findings of reconciliations."""

from __future__ import annotations

from collections.abc import Mapping

from fee_service.wording.sentence import FaultWording

FAULTS: Mapping[str, FaultWording] = {
    # -- findings --
    "finding_not_found": FaultWording(
        "Finding not found",
        "지적 사항 {value}을(를) 찾을 수 없습니다.",
        "There is no finding {value}.",
        "GET /v1/findings나 대사 결과 행의 finding에서 id를 확인해 주세요.",
        "See its id in GET /v1/findings, or as `finding` of a reconciled line.",
    ),
    "note_names_person": FaultWording(
        "Note with data of a person",
        "메모에 주민등록번호나 이메일 주소가 있습니다. 이런 정보는 저장하지 않습니다.",
        "The note holds a resident number or an e-mail address; such data is not kept.",
        "그 부분을 빼고 다시 보내 주세요.",
        "Leave that part out and send it again.",
    ),
}
