"""What many contracts are billed in arrays is, row by row, what the scalar engine says of each."""

import os
import random
import secrets
from dataclasses import replace
from datetime import date, timedelta

import pytest
from support.contracts import SEED_VARIABLE, random_contract, random_life
from support.running import contract_of

from fee_service.answers.billed import billed
from fee_service.bulk.dues import DuesOfMonth
from fee_service.contract import Contract
from fee_service.periods import first_of_month_after
from fee_service.published.editions import Editions
from fee_service.rules.dues import dues_billed_in

LIVES = int(os.environ.get("RANDOM_LIVES", "1500"))  # more with `RANDOM_LIVES=20000`
SEED = os.environ.get(SEED_VARIABLE) or str(secrets.randbits(32))


@pytest.fixture(scope="module")
def two_lists(editions: Editions, made_up_editions: Editions) -> Editions:
    """A list after the published one, that holds from inside a month, and later for contracts that run already."""
    later = made_up_editions.price_list("market-data-2027-01-16")
    later = replace(later, valid_from_for_running_contracts=date(2027, 3, 11))
    return replace(editions, price_lists=(*editions.price_lists, later))


@pytest.fixture(scope="module")
def contracts(two_lists: Editions) -> list[Contract]:
    """Random contracts with all fees, policies, options and exemptions, with events and with reports."""
    found = []
    for number in range(LIVES):
        rng = random.Random(f"columns:{SEED}:{number}")
        asked = random_contract(rng)
        if rng.random() < 0.1:
            asked["price_list"] = rng.choice(two_lists.price_lists).id
        found.append(replace(contract_of(random_life(rng, asked), two_lists), number=f"Q-2026-{number:06d}"))
    return found


def months_of(rng: random.Random, contracts: list[Contract]) -> list[tuple[date, date]]:
    """Invoice months, and days on which they are asked for."""
    found = [(date(2027, 1, 1), date(2027, 1, 20)), (date(2027, 3, 1), date(2027, 3, 1))]
    for _ in range(4):
        start = rng.choice(contracts).request.starts_on
        month = first_of_month_after(start, rng.choice([0, 1, 2, 3, rng.randrange(40)]))
        found.append((month, month + timedelta(days=rng.choice([-40, -1, 0, 1, 30, 400]))))
    return found


@pytest.mark.no_cover  # a thousand contracts reach nothing that those of other tests do not
def test_a_month_of_many_contracts_is_billed_as_each_alone(two_lists: Editions, contracts: list[Contract]) -> None:
    """Amounts, days, units, basis, order and invoices; in batches, which share what they know."""
    rng = random.Random(f"months:{SEED}")
    for month, as_of in months_of(rng, contracts):
        engine = DuesOfMonth(two_lists, month, as_of)
        half = len(contracts) // 2
        found = [*engine.billed(contracts[:half]), *engine.billed(contracts[half:])]
        for contract, got in zip(contracts, found, strict=True):
            alone = billed(contract, dues_billed_in(contract, two_lists, month, as_of))
            assert got == alone, f"{contract.number} in {month} as of {as_of}, {SEED_VARIABLE}={SEED}"


def test_most_contracts_are_rated_in_arrays(two_lists: Editions, contracts: list[Contract]) -> None:
    """Only the few with services of the platform, other use than display or no day yet are left to the scalar
    engine: what is compared above is the engine for many."""
    engine = DuesOfMonth(two_lists, date(2027, 6, 1), date(2027, 6, 1))
    begun = [contract for contract in contracts if contract.request.starts_on < date(2027, 6, 1)]
    in_arrays = [contract for contract in begun if engine.takes(contract)]
    assert len(in_arrays) > len(begun) / 2


def test_no_contract_is_no_row(two_lists: Editions) -> None:
    """An empty batch, and contracts of which none is billed yet."""
    assert list(DuesOfMonth(two_lists, date(2027, 6, 1), date(2027, 6, 1)).billed([])) == []
