"""Rated in arrays, random contracts cost what the scalar engine says of each, to the won."""

import os
import random
import secrets
from collections.abc import Iterator
from datetime import date

import pyarrow as pa
import pytest
from support.contracts import SEED_VARIABLE
from support.licence_rows import Row, amounts_of, quoted, random_request, rows_of, table_of, understood

from fee_service.bulk.checking import Checker
from fee_service.bulk.rating import rated
from fee_service.bulk.segments import month_number
from fee_service.published.editions import Editions

CONTRACTS = int(os.environ.get("BULK_CONTRACTS", "2000"))  # 20,000 before a change of the engine lands
EDITIONS = ("editions", "made_up_editions")
UNTIL = (None, date(2029, 7, 1))
AT_ONCE = 500


@pytest.fixture(scope="module")
def seed() -> str:
    """What repeats a run."""
    return os.environ.get(SEED_VARIABLE) or str(secrets.randbits(32))


def contracts(seed: str, editions: Editions, until: date | None, count: int) -> Iterator[tuple[list[Row], list[Row]]]:
    """The rows of random contracts, and what the scalar engine says of them."""
    number = made = 0
    while made < count:
        number += 1
        key = f"Q-{number:07}"
        request = understood(random_request(random.Random(f"{seed}:{number}")), editions, until)
        quote = quoted(request, editions) if request else None
        if request and quote:
            made += 1
            yield list(rows_of(key, request)), amounts_of(key, quote)


@pytest.mark.no_cover  # thousands of contracts reach nothing that a few do not
@pytest.mark.parametrize("until", UNTIL)
@pytest.mark.parametrize("name", EDITIONS)
def test_random_contracts_cost_what_their_quotes_say(
    name: str, until: date | None, seed: str, request: pytest.FixtureRequest
) -> None:
    """All fees, policies, options, exemptions, boundary days, ends and prior use, under one list and under several."""
    editions: Editions = request.getfixturevalue(name)
    checker = Checker(editions, None if until is None else month_number(until))
    rows: list[Row] = []
    expected: list[Row] = []
    for some, amounts in contracts(f"{seed}:{name}:{until}", editions, until, CONTRACTS // 4):
        rows += some
        expected += amounts
        if len(rows) > AT_ONCE:
            agree(checker, rows, expected, seed)
            rows, expected = [], []
    agree(checker, rows, expected, seed)


def agree(checker: Checker, rows: list[Row], expected: list[Row], seed: str) -> None:
    """The same rows in the same order."""
    found = pa.concat_tables(rated(table_of(rows), checker)).to_pylist() if rows else []
    for one, other in zip(found, expected, strict=False):
        if one != other:
            asked = [row for row in rows if row["contract"] == other["contract"]]
            pytest.fail(f"{SEED_VARIABLE}={seed}\n{asked}\nexpected {other}\nfound    {one}", pytrace=False)
    assert len(found) == len(expected)
