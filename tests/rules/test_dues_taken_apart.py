"""What a due is reckoned from gives what it owes, for random contracts with everything that happens to them."""

import random
from datetime import date

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
