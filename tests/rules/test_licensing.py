"""Requested APIs become the cheapest sufficient set of licences: checked against every possible set."""

import random
from collections.abc import Sequence
from datetime import date
from itertools import combinations
from typing import Any

import pytest

from fee_service.intake.quote_request import understand
from fee_service.model import Licence
from fee_service.published.catalogue import LicenceKey
from fee_service.published.editions import Editions
from fee_service.rules import quoting
from fee_service.rules.licensing import default_licence
from schemas import load
from schemas.quote import QuoteRequestSchema

Ask = Any
COMPANY = {"founded_on": "2021-03-10", "size": "sme", "qualification": "fintech"}


def cheapest(request: dict[str, Any], editions: Editions) -> tuple[int, int, int]:
    """The least net, list price and number of licences over all sets of licences that cover every API."""
    resolved = understood(request, editions)
    apis = [api for _, api in resolved.apis if api.covered_by]
    asked = resolved.request
    price_list = editions.price_list_on(asked.starts_on)
    explicit = {LicenceKey(licence.contract, licence.product) for licence in asked.licences}
    addable = sorted({key for api in apis for key in api.covered_by} - explicit)
    best = []
    for count in range(len(addable) + 1):
        for added in combinations(addable, count):
            held = explicit | set(added)
            if all(held & set(api.covered_by) for api in apis):
                best.append(
                    cost([*asked.licences, *(default_licence(key, price_list) for key in added)], request, editions)
                )
    return min(best)


def cost(licences: Sequence[Licence], request: dict[str, Any], editions: Editions) -> tuple[int, int, int]:
    """What exactly these licences cost, asked for by name."""
    named = [
        {
            "contract": one.contract,
            "product": one.product,
            "options": list(one.options),
            "usage": one.usage._asdict(),
        }
        if one.contract == "real_time"
        else {"contract": one.contract, "product": one.product}
        for one in licences
    ]
    quote = quoting.quote(understood({**request, "apis": [], "licences": named}, editions))
    return quote.totals.net, quote.totals.list, len(named)


def understood(request: dict[str, Any], editions: Editions) -> Any:
    loaded = load(QuoteRequestSchema, request)
    return understand(loaded.values, loaded.faults, editions, date(2026, 1, 1))


@pytest.mark.parametrize("seed", range(60))
def test_no_set_of_licences_is_cheaper_than_the_one_chosen(editions: Editions, seed: int) -> None:
    rng = random.Random(seed)
    priced = [api for api in editions.catalogue.apis if api.covered_by]
    explicit = [
        {"contract": "real_time", "product": product, "usage": {"personal_ids": rng.choice([0, 50])}}
        for product in rng.sample(
            ["securities_a", "securities_c", "derivatives_a", "krx_index_group_1"], rng.randint(0, 2)
        )
    ]
    request = {
        "company": COMPANY | {"size": rng.choice(["sme", "large"])},
        "starts_on": rng.choice(["2026-12-01", "2026-12-09"]),
        "months": rng.choice([1, 18, 40]),
        "apis": [api.id for api in rng.sample(priced, rng.randint(1, 6))],
        "licences": explicit,
    }
    chosen = quoting.quote(understood(request, editions))
    assert (chosen.totals.net, chosen.totals.list, len(chosen.licences)) == cheapest(request, editions)


def test_closing_data_beside_a_real_time_licence_of_the_product_needs_no_licence_of_its_own(ask: Ask) -> None:
    answer = ask(
        {"company": COMPANY, "starts_on": "2026-12-01", "apis": ["주식실시간A", "/v3/market/closed/kospi/lists"]}
    )
    assert [(one["contract"], one["product"]) for one in answer["licences"]] == [("real_time", "securities_a")]
    assert answer["licences"][0]["for_apis"] == ["주식실시간A", "/v3/market/closed/kospi/lists"]
    assert any(notice["code"] == "closing_covered_by_real_time" for notice in answer["notices"])


def test_closing_data_alone_takes_the_closing_licence(ask: Ask) -> None:
    answer = ask({"company": COMPANY, "starts_on": "2026-12-01", "apis": ["/v3/market/closed/kospi/005930/master"]})
    assert [(one["contract"], one["product"]) for one in answer["licences"]] == [("closing_price", "securities_a")]
