"""The correction to ask for: with it, every claim is what was due and the VAT that of the right supply."""

import random
from datetime import date

from support.core import LIST, A, B, day
from support.reckoning import SPLIT, reckoned

from fee_service.published.editions import Editions
from fee_service.rules.corrections import Correction, CorrectionCode, correction_of
from fee_service.rules.invoicing import vat_of
from fee_service.rules.judging import CheckedAgainst, Claim, Expected, Judged, Status, Verdict, judge

START, TODAY = day("2026-12-09"), day("2027-01-15")
RIGHT_A, RIGHT_B = 1_483_870, 593_548


def dues(editions: Editions) -> list[Expected]:
    """Securities A and B in December."""
    made = [reckoned(editions, product, span=SPLIT) for product in (A, B)]
    return [Expected(each.key, day("2026-12-01"), START, CheckedAgainst.CONTRACT, each) for each in made]


def billed(editions: Editions, *amounts: int, chain: str = "A") -> Judged:
    """An invoice that bills both."""
    due = dues(editions)
    claims = [Claim(chain, START, amount, each.key, each.month) for each, amount in zip(due, amounts, strict=True)]
    return judge(due, claims, editions.price_lists)


def asked(editions: Editions, found: Judged, vat: int) -> Correction[Claim] | None:
    return correction_of(found.verdicts, vat, editions.price_list(LIST).vat, TODAY)


def test_nothing_is_asked_where_all_is_right(editions: Editions) -> None:
    """2,077,418 and its VAT of 207,741."""
    assert asked(editions, billed(editions, RIGHT_A, RIGHT_B), 207_741) is None


def test_a_difference_is_one_invoice_of_the_difference(editions: Editions) -> None:
    """B was billed 800,000: −206,452; the VAT of 2,283,870 was 228,387, and 207,741 is right: −20,646."""
    found = asked(editions, billed(editions, RIGHT_A, 800_000), 228_387)
    assert found is not None
    assert (found.code, found.corrects, found.supply, found.vat) == ("02", "A", -206_452, -20_646)
    (invoice,) = found.invoices
    assert invoice.issued_on == TODAY
    assert [(line.of.amount, line.supply) for line in invoice.lines] == [(800_000, -206_452)]


def test_what_was_billed_too_little_is_asked_for_too(editions: Editions) -> None:
    """Honest books: the difference is positive then."""
    found = asked(editions, billed(editions, RIGHT_A, 500_000), 198_387)
    assert found is not None
    assert (found.supply, found.vat) == (93_548, 207_741 - 198_387)


def test_vat_alone_that_is_wrong_is_a_mistake_of_entry(editions: Editions) -> None:
    """A cancellation and a right one, both dated as the original."""
    found = asked(editions, billed(editions, RIGHT_A, RIGHT_B), 207_742)
    assert found is not None
    assert found.code is CorrectionCode.MISTAKE
    cancelled, right = found.invoices
    assert (cancelled.supply, cancelled.vat) == (-2_077_418, -207_742)
    assert (right.supply, right.vat) == (2_077_418, 207_741)
    assert cancelled.issued_on == right.issued_on == START


def test_an_invoice_that_came_twice_is_cancelled(editions: Editions) -> None:
    """Code 06, dated as the original."""
    due = dues(editions)
    twice = [Claim(chain, START, each.amount, each.key, each.month) for chain in "AB" for each in due]
    verdicts = [each for each in judge(due, twice, editions.price_lists).verdicts if each.status is Status.DUPLICATE]
    found = correction_of(verdicts, 207_741, editions.price_list(LIST).vat, TODAY)
    assert found is not None
    assert (found.code, found.supply, found.vat) == (CorrectionCode.ISSUED_TWICE, -2_077_418, -207_741)
    assert found.invoices[0].issued_on == START


def test_an_invoice_of_which_nothing_was_due_is_cancelled_as_a_mistake(editions: Editions) -> None:
    """There is no right one beside the cancellation."""
    nothing = judge([], [Claim("A", START, 100_000)], editions.price_lists)
    found = asked(editions, nothing, 10_000)
    assert found is not None
    assert (found.code, found.supply, found.vat, len(found.invoices)) == ("01", -100_000, -10_000, 1)


def test_what_nobody_can_judge_is_left_as_it_was_billed(editions: Editions) -> None:
    """Use without a report."""
    use = Verdict(Claim("A", START, 70_000), (), 0, Status.NOT_JUDGED, ())
    wrong = billed(editions, RIGHT_A, 800_000).verdicts
    found = correction_of((*wrong, use), 235_387, editions.price_list(LIST).vat, TODAY)
    assert found is not None
    assert [line.of.amount for line in found.invoices[0].lines] == [800_000]
    assert found.vat == vat_of(2_077_418 + 70_000, editions.price_list(LIST).vat) - 235_387


def test_with_the_correction_every_claim_is_what_was_due(editions: Editions) -> None:
    """Whatever was billed, and whatever its VAT."""
    rng = random.Random(9)
    rate = editions.price_list(LIST).vat
    for _ in range(200):
        found = billed(editions, *(rng.choice([0, 7, RIGHT_A, RIGHT_B, 800_000, -50]) for _ in range(2)))
        vat = rng.choice([0, 207_741, 207_742, 228_387])
        correction = correction_of(found.verdicts, vat, rate, TODAY)
        after = {verdict.claim: verdict.claim.amount for verdict in found.verdicts}
        for invoice in correction.invoices if correction else ():
            for line in invoice.lines:
                after[line.of] += line.supply
        assert after == {verdict.claim: verdict.expected for verdict in found.verdicts}
        assert vat + (correction.vat if correction else 0) == vat_of(sum(after.values()), rate)
        assert isinstance(TODAY, date)
