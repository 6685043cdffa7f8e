"""What a due is reckoned from gives what it owes, for random contracts with everything that happens to them."""

import random
from datetime import date
from typing import Any

from support.contracts import random_contract, random_life
from support.running import contract_of

from fee_service.periods import first_of_month_after
from fee_service.published.editions import Editions
from fee_service.rules.dues import dues
from fee_service.rules.reckoned_dues import reckoned, reckoned_beside

LIVES = 60


def test_a_due_taken_apart_owes_the_same(editions: Editions) -> None:
    """Events, reports, settlements and lists included; what stands beside owes nothing."""
    rng = random.Random(77)
    seen = 0
    for _ in range(LIVES):
        life = random_life(rng, random_contract(rng))
        contract = contract_of(life, editions)
        first = contract.request.starts_on.replace(day=1)
        owed = dues(contract, editions, first, first_of_month_after(first, 40), date(2035, 1, 1))
        for due in owed.lines:
            assert owed.running is not None
            of_it = reckoned(owed.running, due)
            assert of_it.net == due.owed.net, (life, due)
            seen += 1
        if owed.running is not None:
            beside = list(reckoned_beside(owed.running, first))
            assert all(each.net == 0 for each in beside)
    assert seen > LIVES


def beside(editions: Editions, contract: str, product: str, **request: Any) -> dict[str, int]:
    """The fees that a licence without any use might be billed for beside what it owes, by column."""
    asked = {
        "company": {"founded_on": "2023-05-10", "size": "sme"},
        "licences": [{"contract": contract, "product": product}],
        "starts_on": "2026-12-09",
        **request,
    }
    start = date(2026, 12, 1)
    owed = dues(contract_of({"request": asked}, editions), editions, start, start, date(2027, 1, 1))
    assert owed.running is not None
    return {
        f"{each.key.fee} {each.key.column or ''}".strip(): each.net for each in reckoned_beside(owed.running, start)
    }


def test_further_sets_stand_beside_a_direct_feed_alone(editions: Editions) -> None:
    """One of everything that the list offers and nothing is owed for: usage in each unit, a second set."""
    usage = {"usage_fee standard": 0, "usage_fee personal": 0, "usage_fee query": 0}
    assert beside(editions, "real_time", "securities_a") == usage
    assert beside(editions, "real_time", "securities_a", channel="direct") == {**usage, "additional_reception": 0}
    assert beside(editions, "closing_price", "securities_a", channel="direct") == {}
