"""The standard request of the benchmarks, and variations of it, so that no answer is asked for twice in a row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle
from typing import Any

STARTS_ON = "2026-12-09"
PRODUCTS = ("securities_a", "securities_b", "securities_c")


def standard(founded_on: str = "2023-05-10", months: int = 60) -> dict[str, Any]:
    """SME, three retail licences, usage on two, platform fees, mid-month start."""
    return {
        "company": {"founded_on": founded_on, "size": "sme", "qualification": "fintech"},
        "licences": [
            {
                "contract": "real_time",
                "product": "securities_a",
                "usage": {"personal_ids": 1000, "standard_ids": 10},
            },
            {"contract": "real_time", "product": "securities_b"},
            {"contract": "real_time", "product": "securities_c", "usage": {"personal_ids": 1200}},
        ],
        "api_calls_per_month": 1_200_000,
        "starts_on": STARTS_ON,
        "months": months,
    }


def variations(count: int) -> list[dict[str, Any]]:
    """The standard request for companies founded on different days."""
    first = date(2020, 6, 1)
    return [standard((first + timedelta(days=7 * number)).isoformat()) for number in range(count)]


def never_the_same(count: int) -> Iterator[dict[str, Any]]:
    """The standard request with licences of which no two are alike: nothing of an earlier answer serves again."""
    for number, request in zip(range(count), cycle(variations(300)), strict=False):
        first, second, third = request["licences"]
        yield {
            **request,
            "licences": [
                {**first, "usage": {"personal_ids": 1000 + number, "standard_ids": 10 + number % 97}},
                {**second, "usage": {"queries": number}},
                {**third, "usage": {"personal_ids": 1200 + 3 * number}},
            ],
        }
