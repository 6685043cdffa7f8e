"""Example requests of the documentation; their answers come from the engine, never from a copy."""

from __future__ import annotations

from datetime import date
from typing import Any

import orjson

from fee_service.answers.quote import comparison_answer, eligibility_answer, quote_answer
from fee_service.errors import Fault, FeeError
from fee_service.model import Label
from fee_service.published.editions import Editions
from fee_service.quotes.previewing import check_eligibility, compare, nothing_known, preview
from fee_service.strict_json import parse
from schemas import load
from schemas.comparison import ComparisonRequestSchema
from schemas.eligibility import EligibilityRequestSchema
from schemas.quote import QuoteRequestSchema

START = "2026-12-09"
COMPANY = {"founded_on": "2023-05-10", "size": "sme"}

SMALLEST: dict[str, Any] = {"company": COMPANY, "apis": ["주식실시간A"]}
TWO_MONTHS: dict[str, Any] = {**SMALLEST, "starts_on": START, "months": 2}
FULL: dict[str, Any] = {
    "company": {
        "name": "(주)스타트업",
        "business_number": "124-81-00998",
        "founded_on": "2023-05-10",
        "size": "sme",
        "size_evidence": {
            "ksic": "J",
            "average_sales": 1_200_000_000,
            "total_assets": 900_000_000,
            "business_group": False,
            "large_holder": False,
        },
        "corporation": True,
        "qualification": "fintech",
        "exclusions": [],
    },
    "apis": ["주식실시간A", "/v3/market/closed/kospi/lists"],
    "licences": [
        {
            "contract": "real_time",
            "product": "securities_a",
            "options": ["retail"],
            "affiliate_extension": False,
            "reception_sets": 1,
            "disaster_recovery_sets": 0,
            "usage": {"standard_ids": 0, "personal_ids": 1000, "queries": 0},
        }
    ],
    "channel": "open_api",
    "api_calls_per_month": 1_000_000,
    "starts_on": START,
    "ends_on": None,
    "months": 60,
    "test_months": 0,
    "prior_waiver": [{"starts_on": "2024-01-01", "ends_on": "2024-08-31"}],
    "waiver_policy": None,
    "price_list": None,
}
COMPARISON: dict[str, Any] = {
    "requests": [TWO_MONTHS, {**TWO_MONTHS, "apis": ["주식실시간종가A"]}],
    "labels": ["실시간", "종가"],
}
USAGE_REPORT: dict[str, Any] = {
    "contract": "Q-2026-000001",
    "month": "2026-12",
    "reported_on": "2027-01-20",
    "usage": [{"product": "securities_a", "standard_ids": 10, "personal_ids": 1200, "queries": 0}],
    "corrects": None,
}
AUDIT: dict[str, Any] = {
    "audited_on": "2026-12-01",
    "period": {"from": "2026-10", "to": "2026-11"},
    "found": [
        {"month": "2026-10", "usage": [{"product": "securities_a", "personal_ids": 1350}]},
        {"month": "2026-11", "usage": []},
    ],
    "cost": 3_000_000,
}
USAGE_FILES = {
    "text/csv": "contract,month,product,standard_ids,personal_ids,queries,reported_on\n"
    "Q-2026-000001,2026-12,securities_a,10,1200,0,2027-01-20\n",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "",
}
ITEM_NAMES: dict[str, Any] = {
    "supplier": "999-81-00015",
    "version": 0,
    "names": [
        {"text": "실시간 주식A 소매 월정액", "fee": "base_fee", "product": "securities_a", "option": "retail"},
        {"text": "클라우드 이용료", "ignored": True},
    ],
}
ITEM_NAMES_FILES = {
    "application/yaml": {"suppliers": [{"supplier": "999-81-00015", "names": [ITEM_NAMES["names"][1]]}]},
}
INVOICE_FILES = {
    "text/csv": "작성일자,승인번호,공급받는자사업자등록번호,품목명,공급가액,세액\n"
    "2026-12-09,20261209-41000999-00000001,999-87-00021,주식실시간A 기본료,1483870,148387\n",
    **dict.fromkeys(
        (
            "application/xml",
            "application/zip",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "application/vnd.ms-excel",
            "application/vnd.apache.parquet",
            "multipart/form-data",
        ),
        "",
    ),
}
ELIGIBILITY: dict[str, Any] = {"company": {**COMPANY, "qualification": "fintech"}, "starts_on": START}

EVENTS: dict[str, Any] = {
    "ended": {"kind": "ended", "on": "2027-03-14", "reason": "고객의 해지 통지"},
    "waiver withdrawn": {"kind": "waiver_withdrawn", "on": "2027-02-01", "ground": "no_sandbox_access"},
}

FINDING_WORDS: dict[str, Any] = {
    "disputed": {"state": "disputed", "note": "12월분 일할 계산을 요청함"},
    "accepted": {"state": "accepted"},
}

REFUSED: dict[str, Any] = {
    "company": {"founded_on": "2027-01-31", "size": "sme"},
    "apis": ["주식실시간Z"],
    "starts_on": START,
    "months": 121,
}


def example_faults(editions: Editions) -> dict[int, tuple[Fault, ...]]:
    """Faults for which a request is refused, by status."""
    found: dict[int, tuple[Fault, ...]] = {
        404: (Fault("unknown_price_list", "", {"value": "2030", "known": [x.id for x in editions.price_lists]}),),
        401: (Fault("key_missing"),),
        403: (Fault("role_not_allowed", "", {"role": "portal", "roles": ("finance", "admin")}),),
        408: (Fault("body_too_slow"),),
        429: (
            Fault(
                "rate_limit_exceeded",
                "",
                {"limit": 6000, "window": Label("1분", "a minute"), "retry_after": 17},
            ),
        ),
        503: (Fault("storage_busy", "", {"retry_after": 1}),),
        409: (Fault("quote_withdrawn", "", {"number": "Q-2026-000001"}),),
        413: (Fault("body_too_large", "", {"maximum": "1,000,000"}),),
        415: (Fault("unsupported_media_type", "", {"value": '"text/plain"'}),),
        500: (Fault("internal_error", "", {"time": f"{START}T12:00:00+09:00"}),),
    }
    for refuse in (
        lambda: parse(b'{"company": }'),
        lambda: preview(load(QuoteRequestSchema, REFUSED), editions, date.fromisoformat(START), nothing_known),
    ):
        try:
            refuse()
        except FeeError as error:
            found[error.status] = error.faults
    return found


def example_answers(editions: Editions) -> dict[str, Any]:
    """The answers to the examples, by the name of the answer's schema."""
    day = date.fromisoformat(START)
    quote = preview(load(QuoteRequestSchema, TWO_MONTHS), editions, day, nothing_known)
    comparison = compare(load(ComparisonRequestSchema, COMPARISON), editions, day, nothing_known)
    eligibility = check_eligibility(load(EligibilityRequestSchema, ELIGIBILITY), editions, day, nothing_known)
    return {
        "Quote": orjson.loads(quote_answer(quote, "en")),
        "Comparison": orjson.loads(comparison_answer(comparison, "en")),
        "EligibilityAnswer": orjson.loads(eligibility_answer(eligibility, "en")),
    }
