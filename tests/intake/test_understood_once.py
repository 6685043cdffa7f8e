"""All of a request but its company is understood once; whoever asks next is answered as if it was asked anew."""

import random
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from support.contracts import random_contract

from fee_service.errors import Fault, FeeError
from fee_service.intake import quote_request
from fee_service.intake.quote_request import understand
from fee_service.published.editions import Editions
from fee_service.rules.resolving import Resolved
from schemas import load
from schemas.quote import QuoteRequestSchema

TODAY = date(2026, 12, 9)
Told = Resolved | list[Fault]


def told(request: dict[str, Any], editions: Editions, anew: bool) -> Told:
    """What is understood, or every fault; `anew`: of nothing that was kept."""
    if anew:
        quote_request._understood_but_for_company.cache_clear()
    loaded = load(QuoteRequestSchema, request)
    try:
        return understand(loaded.values, loaded.faults, editions, TODAY)
    except FeeError as error:
        return list(error.faults)


def companies(seed: int) -> Iterator[dict[str, Any]]:
    """Companies of other requests, one founded too late and one whose size its figures contradict."""
    rng = random.Random(f"companies:{seed}")
    yield from (random_contract(rng)["company"] for _ in range(3))
    yield {"founded_on": "2027-06-01", "size": "sme"}
    figures = {"ksic": "J", "average_sales": 10**13, "total_assets": 10**13}
    yield {
        "founded_on": "2020-01-01",
        "size": "sme",
        "size_evidence": {**figures, "business_group": True, "large_holder": True},
    }


@pytest.mark.parametrize("seed", range(30))
def test_the_next_company_is_understood_as_if_nobody_had_asked_before(editions: Editions, seed: int) -> None:
    """The same request as a value, the same faults in the same order."""
    request = random_contract(random.Random(seed))
    told(request, editions, anew=True)
    for company in companies(seed):
        asked = {**request, "company": company}
        assert told(asked, editions, anew=False) == told(asked, editions, anew=True)


def test_nothing_of_a_company_is_kept(editions: Editions) -> None:
    """Two companies share one entry, and its company is nobody."""
    quote_request._understood_but_for_company.cache_clear()
    request = random_contract(random.Random(1))
    for name in ("A", "B"):
        asked = told({**request, "company": {"founded_on": "2025-01-01", "size": "sme", "name": name}}, editions, False)
        assert isinstance(asked, Resolved)
        assert asked.request.company.name == name
    assert quote_request._understood_but_for_company.cache_info().currsize == 1


def test_a_request_without_a_start_is_understood_anew_on_another_day(editions: Editions) -> None:
    """What is kept belongs to the day on which it was understood."""
    loaded = load(
        QuoteRequestSchema, {"company": {"founded_on": "2025-01-01", "size": "sme"}, "apis": ["real-time-kospi"]}
    )
    days = [date(2026, 12, 9), date(2026, 12, 10)]
    assert [understand(loaded.values, loaded.faults, editions, day).request.starts_on for day in days] == days


def test_a_company_s_faults_stand_where_they_stand_among_others(editions: Editions) -> None:
    """After those of the editions, before those of what is asked for."""
    request = {"company": {"founded_on": "2027-06-01", "size": "sme"}, "apis": ["nothing like it"], "price_list": "x"}
    faults = told(request, editions, anew=False)
    assert isinstance(faults, list)
    assert [fault.code for fault in faults] == ["unknown_price_list", "founded_after_start", "unknown_api"]
