"""Faults of who calls, and how often."""

from __future__ import annotations

from collections.abc import Mapping

from fee_service.wording.sentence import FaultWording

FAULTS: Mapping[str, FaultWording] = {
    # -- who may call, and how often --
    "key_missing": FaultWording(
        "No API key",
        "API 키가 없습니다.",
        "There is no API key.",
        "Authorization: Bearer 헤더로 키를 보내 주세요. 키는 운영자가 발급합니다.",
        "Send the key in the header Authorization: Bearer KEY; the operators hand keys out.",
    ),
    "key_malformed": FaultWording(
        "Not of the form of an API key",
        "Authorization 헤더에 API 키 형식의 값이 없습니다.",
        "The Authorization header holds nothing of the form of an API key.",
        "Authorization: Bearer fee_… 형식으로, 발급받은 키를 빠짐없이 보내 주세요.",
        "Send Authorization: Bearer fee_…, the whole key as it was handed out.",
    ),
    "key_unknown": FaultWording(
        "API key unknown",
        "알 수 없는 API 키입니다.",
        "The API key is not known.",
        "키를 빠짐없이 옮겼는지, 다른 설치의 키가 아닌지 확인해 주세요.",
        "Check that it was copied whole, and that it is a key of this installation.",
    ),
    "key_revoked": FaultWording(
        "API key revoked",
        "폐기된 API 키입니다.",
        "The API key was revoked.",
        "운영자에게 새 키를 요청해 주세요.",
        "Ask the operators for a new key.",
    ),
    "key_expired": FaultWording(
        "API key expired",
        "만료된 API 키입니다(마지막 사용일 {expires_on}).",
        "The API key expired; its last day was {expires_on}.",
        "운영자에게 새 키를 요청해 주세요.",
        "Ask the operators for a new key.",
    ),
    "role_not_allowed": FaultWording(
        "Role may not do this",
        "이 키의 역할({role})로는 할 수 없는 요청입니다.",
        "A key with the role {role} may not do this.",
        "다음 역할의 키가 필요합니다: {roles}.",
        "It takes a key with one of the roles {roles}.",
    ),
    "rate_limit_exceeded": FaultWording(
        "Too many requests",
        "요청이 너무 많습니다({window} 최대 {limit}건).",
        "There were more than {limit:request|requests} in {window}.",
        "{retry_after}초 뒤에 다시 보내 주세요. X-RateLimit-Remaining 헤더가 남은 건수를 알려 줍니다.",
        "Try again in {retry_after:second|seconds}; X-RateLimit-Remaining tells what is left.",
    ),
    "too_many_refusals": FaultWording(
        "Too many refused attempts",
        "이 주소에서 거절된 시도가 너무 많습니다({window} 최대 {limit}건).",
        "There were more than {limit:refused attempt|refused attempts} in {window} from this address.",
        "{retry_after}초 뒤에 올바른 API 키로 다시 시도해 주세요.",
        "Try again in {retry_after:second|seconds}, with a key that is good.",
    ),
    "body_too_slow": FaultWording(
        "Body did not arrive",
        "요청 본문이 제때 도착하지 않았습니다.",
        "The body did not arrive in time.",
        "다시 보내 주세요.",
        "Send it again.",
    ),
    "streams_busy": FaultWording(
        "Too many streams at once",
        "지금 처리 중인 대량 요청이 너무 많습니다.",
        "Too many requests of any length are being served at the moment.",
        "{retry_after}초 뒤에 다시 보내 주세요.",
        "Send it again in {retry_after} seconds.",
    ),
    "documents_busy": FaultWording(
        "Too many documents at once",
        "지금 만들고 있는 문서가 너무 많습니다.",
        "Too many documents are being made at the moment.",
        "{retry_after}초 뒤에 다시 받아 주세요.",
        "Get it again in {retry_after} seconds.",
    ),
}
