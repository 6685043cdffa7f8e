"""What keeps the service from being ready."""

from __future__ import annotations

from collections.abc import Mapping

from fee_service.wording.sentence import FaultWording

FAULTS: Mapping[str, FaultWording] = {
    # -- whether the service is ready --
    "migrations_pending": FaultWording(
        "Database of another version",
        "데이터베이스의 개정({revision})이 이 버전이 필요로 하는 개정({needed})과 다릅니다.",
        "The database has the revision {revision}; this version needs {needed}.",
        "python -m fee_service db upgrade를 실행해 주세요.",
        "Run python -m fee_service db upgrade.",
    ),
    "rate_limit_storage_unavailable": FaultWording(
        "Counters of the limits away",
        "요청 수를 세는 Redis에 연결할 수 없습니다.",
        "The Redis that counts requests cannot be reached.",
        "FEE_SERVICE_RATE_LIMIT_STORAGE_URL과 Redis를 확인해 주세요.",
        "Check FEE_SERVICE_RATE_LIMIT_STORAGE_URL and Redis.",
    ),
    "no_price_list_today": FaultWording(
        "No price list holds today",
        "오늘 적용되는 가격표가 없습니다.",
        "No price list holds today.",
        "pricing_tables/README.md에 따라 가격표를 추가해 주세요.",
        "Add one as pricing_tables/README.md says.",
    ),
}
