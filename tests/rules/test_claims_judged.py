"""What is billed held against what is due: each claim and each due once, and the sum closes."""

import random
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from support.core import A, B, day, days
from support.reckoning import SPLIT, reckoned

from fee_service.published.editions import CellKey, Editions
from fee_service.rules.judging import CheckedAgainst, Claim, Expected, Judged, Status, causes_of, judge

DECEMBER, START = day("2026-12-01"), day("2026-12-09")
RIGHT_A, RIGHT_B = 1_483_870, 593_548  # 23 of 31 days of 2,000,000 and of 800,000
Lines = list[tuple[str, int, str, list[str]]]


def expected(
    editions: Editions,
    product: str = A,
    month: date = DECEMBER,
    on: date = START,
    against: CheckedAgainst = CheckedAgainst.CONTRACT,
    **of_it: Any,
) -> Expected:
    """A due of December, 23 of its 31 days."""
    of = reckoned(editions, product, **{"span": SPLIT} | of_it)
    return Expected(of.key, month, on, against, of)


def both(editions: Editions) -> list[Expected]:
    """Securities A and B."""
    return [expected(editions, A), expected(editions, B)]


def claim(due: Expected, amount: int, chain: str = "1", on: date = START) -> Claim:
    """A chain bills a due."""
    return Claim(chain, on, amount, due.key, due.month)


def told(judged: Judged) -> Lines:
    return [
        (verdict.claim.chain, verdict.difference, verdict.status.value, list(causes_of(verdict)))
        for verdict in judged.verdicts
    ]


def judged(editions: Editions, dues: Sequence[Expected], *claims: Claim, **more: Any) -> Judged:
    return judge(dues, claims, editions.price_lists, **more)


def test_files_name_what_an_amount_was_held_against_by_these_words() -> None:
    assert [each.value for each in CheckedAgainst] == ["contract", "report", "estimate", "none"]


def test_files_name_how_a_line_stands_by_these_words() -> None:
    assert [each.value for each in Status] == [
        *("match", "overbilled", "underbilled", "missing", "unexpected"),
        *("duplicate", "already_seen", "unreadable", "not_judged"),
    ]


def test_what_is_right_matches_and_what_is_not_has_its_cause(editions: Editions) -> None:
    """The sample's invoice: A is right, B was not divided: 800,000 − 593,548 = 206,452 too much."""
    a, b = both(editions)
    found = judged(editions, [a, b], claim(a, RIGHT_A), claim(b, 800_000))
    assert told(found) == [("1", 0, "match", []), ("1", 206_452, "overbilled", ["not_prorated"])]
    assert found.not_billed == ()


def test_what_nobody_billed_is_left(editions: Editions) -> None:
    """Whether it may be called missing is for the horizon of the files to say."""
    a, b = both(editions)
    found = judged(editions, [a, b], claim(a, RIGHT_A))
    assert found.not_billed == (b,)


def test_the_same_due_in_another_invoice_is_a_duplicate(editions: Editions) -> None:
    """Whichever is exact is the bill; the other is billed beyond what is due."""
    (a, _) = both(editions)
    found = judged(editions, [a], claim(a, 2_000_000, "1"), claim(a, RIGHT_A, "2", day("2026-12-20")))
    assert told(found) == [("2", 0, "match", []), ("1", 2_000_000, "duplicate", [])]


def test_a_due_billed_in_two_parts_matches(editions: Editions) -> None:
    """1,000,000 and 483,870 are 1,483,870."""
    (a, _) = both(editions)
    found = judged(editions, [a], claim(a, 1_000_000, "1"), claim(a, 483_870, "2"))
    assert told(found) == [("1", 0, "match", []), ("2", 0, "match", [])]
    assert found.not_billed == ()


def test_a_chain_that_nets_to_nothing_matches_nothing(editions: Editions) -> None:
    """Cancelled as a whole: nothing is billed, so the due is still open."""
    (a, _) = both(editions)
    found = judged(editions, [a], claim(a, 0)._replace(cancelled=True))
    assert told(found) == [("1", 0, "match", [])]
    assert found.not_billed == (a,)


def test_a_line_of_nothing_is_for_what_is_due(editions: Editions) -> None:
    """Nobody took it back: 0 is what was billed, by a waiver that went on; a line with an amount comes first."""
    due = expected(editions, waived=days("2026-12-09", "2026-12-20"))
    found = judged(editions, [due], claim(due, 0))
    assert told(found) == [("1", -due.amount, "underbilled", ["waiver_overrun"])]
    found = judged(editions, [due], claim(due, 0, "1"), claim(due, 5, "2"))
    assert told(found) == [("2", 5 - due.amount, "underbilled", []), ("1", 0, "match", [])]


def test_a_total_of_nothing_is_for_what_is_due(editions: Editions) -> None:
    """An invoice of 0; one that was taken back leaves its dues open."""
    due = expected(editions, waived=days("2026-12-09", "2026-12-20"))
    total = Claim("1", START, 0)
    assert told(judged(editions, [due], total)) == [("1", -due.amount, "underbilled", ["waiver_overrun"])]
    assert judged(editions, [due], total._replace(cancelled=True)).not_billed == (due,)


def test_a_claim_is_for_the_due_that_is_billed_in_its_month(editions: Editions) -> None:
    """A bill and its settlement: a wrong settlement leaves the bill open, whichever comes first."""
    bill = expected(editions, on=day("2027-02-01"))
    settlement = expected(editions, on=day("2027-03-01"), billed_before=1_000_000)
    wrong = claim(bill, 500_000, on=day("2027-03-01"))
    found = judged(editions, [bill, settlement], wrong)
    assert (found.verdicts[0].dues, found.not_billed) == ((settlement,), (bill,))


def test_a_settlement_may_be_billed_as_a_credit_by_mistake(editions: Editions) -> None:
    """483,870 more are due; 500,000 were credited."""
    settlement = expected(editions, billed_before=1_000_000)
    found = judged(editions, [settlement], claim(settlement, -500_000))
    assert told(found) == [("1", -983_870, "underbilled", [])]


def test_one_line_may_bill_a_month_with_its_settlement(editions: Editions) -> None:
    """1,483,870 and 483,870 more; a line of 0 is not for a bill and the credit that takes it back."""
    bill = expected(editions, on=day("2027-02-01"))
    settlement = expected(editions, on=day("2027-03-01"), billed_before=1_000_000)
    found = judged(editions, [bill, settlement], claim(bill, RIGHT_A + 483_870, on=day("2027-03-01")))
    assert (told(found)[0][2], found.not_billed) == ("match", ())
    back = expected(editions, on=day("2027-03-01"), billed_before=2 * RIGHT_A)
    found = judged(editions, [bill, back], claim(bill, 0, on=day("2027-02-01")))
    assert (found.verdicts[0].dues, found.not_billed) == ((bill,), (back,))


def test_fees_of_one_place_and_day_are_one_due(editions: Editions) -> None:
    """Two services with a fee in the same cell: a line bills both, a wrong one as well as a right one."""
    one, other = expected(editions), expected(editions, units=2)
    assert told(judged(editions, [one, other], claim(one, one.amount + other.amount)))[0][2] == "match"
    found = judged(editions, [one, other], claim(one, one.amount + other.amount + 5))
    assert (found.verdicts[0].difference, found.not_billed) == (5, ())
    alone = judged(editions, [one, other], claim(one, other.amount))
    assert (alone.verdicts[0].dues, alone.not_billed) == ((other,), (one,))


def test_what_is_not_due_is_unexpected_and_explained_where_a_rule_gives_it(editions: Editions) -> None:
    """One received set is free; 700,000 for it is the price of the first set."""
    beside = reckoned(editions, A, None, "additional_reception", units=0)
    bill = Claim("1", START, 700_000, beside.key, DECEMBER)
    found = judged(editions, [], bill, beside={(beside.key, DECEMBER): beside})
    assert told(found) == [("1", 700_000, "unexpected", ["first_set_billed"])]
    unknown = Claim("1", START, 5, CellKey("real_time", "base_fee", "krx_bonds_a", "retail"), DECEMBER)
    assert told(judged(editions, [], unknown)) == [("1", 5, "unexpected", [])]


def test_a_total_is_judged_against_all_that_is_billed_in_its_month(editions: Editions) -> None:
    """2,283,870 is 206,452 too much: B was not divided."""
    found = judged(editions, both(editions), Claim("1", START, RIGHT_A + 800_000))
    assert told(found) == [("1", 206_452, "overbilled", ["not_prorated"])]
    assert found.verdicts[0].explanations[0][0].number == 1  # of B
    right = judged(editions, both(editions), Claim("1", START, RIGHT_A + RIGHT_B))
    assert told(right) == [("1", 0, "match", [])]


def test_a_total_that_is_exactly_some_of_the_dues_is_for_them(editions: Editions) -> None:
    """An invoice for A alone leaves B to the next."""
    a, b = both(editions)
    found = judged(editions, [a, b], Claim("1", START, RIGHT_A), Claim("2", START, 800_000))
    assert told(found) == [("1", 0, "match", []), ("2", 206_452, "overbilled", ["not_prorated"])]
    assert [verdict.dues for verdict in found.verdicts] == [(a,), (b,)]


def test_a_selection_that_is_not_the_only_one_is_none(editions: Editions) -> None:
    """Two dues of the same amount: which of them a total is for, nobody knows; it is judged against both."""
    a = expected(editions, A)
    twin = expected(editions, A, month=day("2027-01-01"))
    found = judged(editions, [a, twin], Claim("1", START, RIGHT_A))
    assert found.verdicts[0].dues == (a, twin)
    assert found.verdicts[0].status is Status.UNDERBILLED


def test_a_second_total_for_what_is_billed_is_a_duplicate(editions: Editions) -> None:
    """Nothing is left of the month."""
    total = RIGHT_A + RIGHT_B
    found = judged(editions, both(editions), Claim("1", START, total), Claim("2", START, total))
    assert told(found) == [("1", 0, "match", []), ("2", total, "duplicate", [])]


def test_a_total_of_a_month_without_dues_is_unexpected(editions: Editions) -> None:
    """Before the contract, or after its end."""
    found = judged(editions, both(editions), Claim("1", day("2026-11-01"), 100))
    assert told(found) == [("1", 100, "unexpected", [])]
    assert len(found.not_billed) == 2


def test_lines_take_their_dues_before_totals_do(editions: Editions) -> None:
    """A is billed by a line, the rest of the month by a total."""
    a, b = both(editions)
    found = judged(editions, [a, b], Claim("9", START, RIGHT_B), claim(a, RIGHT_A, "1"))
    assert told(found) == [("1", 0, "match", []), ("9", 0, "match", [])]


def test_a_use_that_nobody_reported_is_never_a_match(editions: Editions) -> None:
    """Billed as quoted, but nobody knows: checked against nothing."""
    due = expected(editions, against=CheckedAgainst.NONE)
    (verdict,) = judged(editions, [due], claim(due, due.amount)).verdicts
    assert (verdict.status, verdict.checked_against) == (Status.NOT_JUDGED, CheckedAgainst.NONE)


@pytest.mark.parametrize("against", [CheckedAgainst.REPORT, CheckedAgainst.ESTIMATE])
def test_what_an_amount_was_held_against_is_told(editions: Editions, against: CheckedAgainst) -> None:
    """Of several dues the least certain: a total with an estimate in it rests on the estimate."""
    due = expected(editions, B, against=against)
    (verdict,) = judged(editions, [due, expected(editions)], Claim("1", START, RIGHT_A + RIGHT_B)).verdicts
    assert verdict.checked_against is against


def test_a_credit_is_a_due_like_another(editions: Editions) -> None:
    """A settlement of less than was billed."""
    due = expected(editions, billed_before=2_000_000)
    assert due.amount == RIGHT_A - 2_000_000
    assert told(judged(editions, [due], claim(due, due.amount))) == [("1", 0, "match", [])]
    assert judged(editions, [due]).not_billed == (due,)


def test_a_due_of_nothing_is_not_missed(editions: Editions) -> None:
    """Waived as a whole: no line has to come."""
    due = expected(editions, waived=days("2026-12-09", "2029-12-09"))
    assert judged(editions, [due]).not_billed == ()


def test_no_claim_and_no_won_is_lost(editions: Editions) -> None:
    """Whatever is billed: each claim is judged once, each due is open, or billed by one claim or by its parts."""
    rng = random.Random(3)
    amounts = [0, 1, -5, RIGHT_A, RIGHT_B, 800_000, 2_000_000, RIGHT_A + RIGHT_B, 1_000_000, 483_870]
    for _ in range(300):
        dues = [
            expected(editions, product, month, on)
            for product in (A, B)
            for month in (DECEMBER, day("2027-01-01"))
            for on in (START, day("2027-01-01"))
            if rng.random() < 0.6
        ]
        claims = [
            Claim(str(number), rng.choice([START, day("2027-01-05")]), rng.choice(amounts))
            if rng.random() < 0.3 or not dues
            else claim(rng.choice(dues), rng.choice(amounts), str(number))
            for number in range(rng.randrange(6))
        ]
        found = judged(editions, dues, *claims)
        assert sorted(str(verdict.claim) for verdict in found.verdicts) == sorted(map(str, claims))
        billed = sum(verdict.claim.amount for verdict in found.verdicts)
        assert billed == sum(verdict.expected + verdict.difference for verdict in found.verdicts)
        settled = sum(due.amount for due in dues) - sum(due.amount for due in found.not_billed)
        assert settled == sum(verdict.expected for verdict in found.verdicts)


def test_what_nothing_bills_is_told_by_day_month_and_fee_whatever_order_it_came_in(editions: Editions) -> None:
    """Two dues of one day and month stand in the order of their fees' names, A before B."""
    a, b = both(editions)
    assert judged(editions, [b, a]).not_billed == judged(editions, [a, b]).not_billed == (a, b)


def test_what_is_refused_was_held_against_nothing(editions: Editions) -> None:
    """Billed a second time: no due is left for it, and none is named."""
    (a, _) = both(editions)
    found = judged(editions, [a], claim(a, RIGHT_A, "1"), claim(a, RIGHT_A, "2"))
    assert [verdict.dues for verdict in found.verdicts] == [(a,), ()]
    assert [verdict.checked_against.value for verdict in found.verdicts] == ["contract", "none"]


def test_items_that_nobody_named_count_only_where_they_come_out(editions: Editions) -> None:
    """2,077,418 is A and B; 800,000 beside A is B undivided; 7 is nothing that is known, and B stays open."""
    a, b = both(editions)
    unknown = Claim("1", START, RIGHT_A + RIGHT_B, is_told=False)
    assert told(judged(editions, [a, b], unknown)) == [("1", 0, "match", [])]
    wrong = Claim("1", START, 800_000, is_told=False)
    assert told(judged(editions, [a, b], claim(a, RIGHT_A), wrong))[1] == ("1", 206_452, "overbilled", ["not_prorated"])
    nothing = judged(editions, [a, b], claim(a, RIGHT_A), Claim("2", START, 7, is_told=False))
    assert told(nothing)[1] == ("2", 7, "unreadable", [])
    assert nothing.not_billed == (b,)
    assert told(judged(editions, [], Claim("2", START, 7, is_told=False))) == [("2", 7, "unreadable", [])]


def test_a_credit_of_no_original_is_taken_off_what_is_billed_for_the_same(editions: Editions) -> None:
    """800,000 − 206,452 is right; 800,000 − 100,000 is 106,452 too much, which the bill bears; all of it is one."""
    (_, b) = both(editions)
    right = judged(editions, [b], claim(b, 800_000, "1"), claim(b, -206_452, "2"))
    assert told(right) == [("1", 0, "match", []), ("2", 0, "match", [])]
    wrong = judged(editions, [b], claim(b, 800_000, "1"), claim(b, -100_000, "2"))
    assert told(wrong) == [("1", 106_452, "overbilled", []), ("2", 0, "match", [])]
    assert [verdict.expected for verdict in wrong.verdicts] == [693_548, -100_000]
    assert wrong.not_billed == ()
    whole = judged(editions, [b], claim(b, 900_000, "1"), claim(b, -100_000, "2"))
    assert told(whole) == [("1", 206_452, "overbilled", ["not_prorated"]), ("2", 0, "match", [])]
