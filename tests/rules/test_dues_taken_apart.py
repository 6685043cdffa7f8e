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
from fee_service.wording import in_language

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


def test_what_a_rule_frees_is_told_although_nothing_is_owed(editions: Editions) -> None:
    """Closing bonds beside the real-time licence, and IDs of C that are all entitled to A: 0, and by which rule."""
    asked = {
        "company": {"founded_on": "2000-01-01", "size": "large"},
        "licences": [
            {"contract": "real_time", "product": "krx_bonds_a"},
            {"contract": "closing_price", "product": "krx_bonds_a"},
            {"contract": "real_time", "product": "securities_a", "usage": {"personal_ids": 10}},
            {"contract": "real_time", "product": "securities_c", "usage": {"personal_ids": 4}},
        ],
        "starts_on": "2026-12-09",
    }
    start = date(2026, 12, 1)
    owed = dues(contract_of({"request": asked}, editions), editions, start, start, date(2027, 3, 1))
    assert owed.running is not None
    apart = [reckoned(owed.running, due) for due in owed.lines]
    freed = [(each.key.product, each.exempted, each.wholly) for each in apart if each.exemption]
    assert freed == [("krx_bonds_a", 1, True), ("securities_c", 4, False)]


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


def test_what_another_product_frees_and_how_days_count_is_taken_along(editions: Editions) -> None:
    """Of 100 IDs of C, 60 are entitled to A: 40 are owed, and 60 are told with the rule that frees them."""
    life = {
        "request": {
            "company": {"founded_on": "2010-01-01", "size": "large"},
            "licences": [{"contract": "real_time", "product": product} for product in ("securities_a", "securities_c")],
            "starts_on": "2026-12-09",
        },
        "reports": [
            {"month": "2026-12", "reported_on": "2027-01-20",
             "usage": {"securities_a": {"personal_ids": 60}, "securities_c": {"personal_ids": 100}}},
        ],
    }  # fmt: skip
    start = date(2026, 12, 1)
    owed = dues(contract_of(life, editions), editions, start, start, date(2027, 3, 1))
    assert owed.running is not None
    found = {(due.line.product, due.line.fee): reckoned(owed.running, due) for due in owed.lines}
    free = found["securities_c", "usage_fee"]
    assert (free.units, free.exempted, free.wholly) == (40, 60, False)
    assert free.exemption is not None
    paid = found["securities_a", "base_fee"]
    assert (paid.exempted, paid.exemption) == (0, None)
    assert "§10.2" in in_language(paid.proration, "en")


def test_what_was_quoted_and_by_whose_words_it_is_waived_is_taken_along(editions: Editions) -> None:
    """A waiver that was withdrawn is not waived any more, and was quoted by the policy of the start."""
    asked = {
        "company": {"founded_on": "2023-05-10", "size": "sme"},
        "licences": [{"contract": "real_time", "product": "securities_a"}],
        "starts_on": "2026-12-09",
    }
    withdrawn = {"kind": "waiver_withdrawn", "on": "2027-02-01"}
    contract = contract_of({"request": asked, "events": [withdrawn]}, editions)
    february = date(2027, 2, 1)
    owed = dues(contract, editions, february, february, date(2027, 3, 1))
    assert owed.running is not None
    [base] = [reckoned(owed.running, due) for due in owed.lines]
    assert contract.waived is not None
    assert (base.waived_days, base.quoted) == (0, contract.waived)
    assert base.policy == editions.policy_on(contract.request.starts_on)


def test_sets_for_disaster_recovery_are_taken_along_with_the_further_sets_alone(editions: Editions) -> None:
    """Two of them are free beside a second received set; the base fee has none."""
    sets = {"reception_sets": 2, "disaster_recovery_sets": 2}
    asked = {
        "company": {"founded_on": "2010-01-01", "size": "large"},
        "licences": [{"contract": "real_time", "product": "securities_a", **sets}],
        "channel": "direct",
        "starts_on": "2026-12-09",
    }
    start = date(2026, 12, 1)
    owed = dues(contract_of({"request": asked}, editions), editions, start, start, date(2027, 1, 1))
    assert owed.running is not None
    found = {due.line.fee: reckoned(owed.running, due).recovery_sets for due in owed.lines}
    assert found == {"base_fee": 0, "additional_reception": 2}


def test_of_what_stands_beside_nothing_is_freed(editions: Editions) -> None:
    """IDs of A would free those of C; without a use of C nothing of it is freed, so nothing explains a bill by that."""
    asked = {
        "company": {"founded_on": "2010-01-01", "size": "large"},
        "licences": [
            {"contract": "real_time", "product": "securities_a", "usage": {"personal_ids": 60}},
            {"contract": "real_time", "product": "securities_c"},
        ],
        "starts_on": "2026-12-09",
    }
    start = date(2026, 12, 1)
    owed = dues(contract_of({"request": asked}, editions), editions, start, start, date(2027, 1, 1))
    assert owed.running is not None
    found = [each for each in reckoned_beside(owed.running, start) if each.key.product == "securities_c"]
    assert found
    assert {(each.units, each.exempted, each.exemption) for each in found} == {(0, 0, None)}
