"""Faults of the database, each with another remedy."""

from __future__ import annotations

from collections.abc import Mapping

from fee_service.wording.sentence import FaultWording

FAULTS: Mapping[str, FaultWording] = {
    # -- what is wrong with the database --
    "storage_unavailable": FaultWording(
        "Database away",
        "데이터베이스에 연결할 수 없습니다. 저장되었다고 답하지 않은 요청은 다시 보내 주세요.",
        "The database cannot be reached; what was not acknowledged may be sent again.",
        "Retry-After 헤더의 시간(초) 뒤에 같은 Idempotency-Key로 다시 보내 주세요.",
        "Try again after the seconds of Retry-After, with the same Idempotency-Key.",
    ),
    "storage_busy": FaultWording(
        "Database busy",
        "데이터베이스가 바쁩니다. 저장된 것은 없습니다.",
        "The database is busy; nothing was stored.",
        "Retry-After 헤더의 시간(초) 뒤에 다시 보내 주세요.",
        "Try again after the seconds of Retry-After.",
    ),
    "storage_full": FaultWording(
        "Disk of the database full",
        "데이터베이스의 디스크가 가득 찼습니다. 저장된 것은 없습니다.",
        "The disk of the database is full; nothing was stored.",
        "운영자에게 알린 뒤 다시 보내 주세요.",
        "Tell the operators, then try again.",
    ),
    "storage_read_only": FaultWording(
        "Database read-only",
        "데이터베이스가 읽기 전용입니다. 저장된 것은 없습니다.",
        "The database is read-only; nothing was stored.",
        "운영자에게 알린 뒤 다시 보내 주세요.",
        "Tell the operators, then try again.",
    ),
    "storage_newer": FaultWording(
        "Database of a newer version",
        "데이터베이스가 이 프로그램보다 새 버전입니다.",
        "The database belongs to a newer version of this service.",
        "운영자에게 알려 주세요. 새 버전의 프로그램을 실행하거나 이전 버전의 백업을 복원해야 합니다.",
        "Tell the operators: run the newer version, or restore a backup of this one's.",
    ),
}
