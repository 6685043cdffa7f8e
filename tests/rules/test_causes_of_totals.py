"""Why the total of an invoice differs of which no lines are known, and how its VAT was rounded."""

from dataclasses import replace
from fractions import Fraction

from support.core import LIST, A, B, days
from support.reckoning import SPLIT, reckoned

from fee_service.money import Rounding
from fee_service.published.editions import CellKey, Editions
from fee_service.rules.invoicing import vat_of
from fee_service.rules.reckoning import Reckoned
from fee_service.rules.reconciling_totals import explanations_of_total, vat_rounding


def told(dues: list[Reckoned], billed: int, editions: Editions) -> list[list[tuple[int, str]]]:
    """The lines and causes of every explanation, the best first."""
    found = explanations_of_total(dues, billed, editions.price_lists)
    return [[(place.number, place.mistake.cause.value) for place in places] for places in found]


def december(editions: Editions) -> list[Reckoned]:
    """The sample's contract in its first month: 1,483,870 of A, 593,548 of B, 200,000 for the API package."""
    return [reckoned(editions, A, span=SPLIT), reckoned(editions, B, span=SPLIT)]


def test_one_line_explains_a_total(editions: Editions) -> None:
    """1,483,870 + 800,000: B was not divided."""
    assert told(december(editions), 2_283_870, editions) == [[(1, "not_prorated")]]


def test_the_same_mistake_in_all_lines_explains_a_total(editions: Editions) -> None:
    """2,000,000 + 800,000: neither was divided."""
    assert told(december(editions), 2_800_000, editions) == [[(0, "not_prorated"), (1, "not_prorated")]]


def test_mistakes_of_two_lines_explain_a_total_where_one_does_not(editions: Editions) -> None:
    """A not divided (2,000,000), B over 30 days (613,333)."""
    assert told(december(editions), 2_613_333, editions)[0] == [(0, "not_prorated"), (1, "prorated_on_30_days")]


def test_two_mistakes_of_one_line_explain_a_total(editions: Editions) -> None:
    """B not divided and as general: 2,400,000."""
    found = told(december(editions), 1_483_870 + 2_400_000, editions)
    assert [(1, "not_prorated"), (1, "wrong_option")] in found


def test_affiliates_explain_a_total_beside_another_mistake_and_in_all_lines(editions: Editions) -> None:
    """A's extension of 1,000,000 four times and B not divided; the extensions of A and B (400,000) three times."""
    extended = reckoned(editions, A, fee="affiliate_extension")
    dues = [extended, *december(editions)]
    assert told(dues, 4_000_000 + 1_483_870 + 800_000, editions) == [
        [(0, "affiliate_extension_per_affiliate"), (2, "not_prorated")]
    ]
    dues = [extended, reckoned(editions, B, fee="affiliate_extension")]
    both = [(0, "affiliate_extension_per_affiliate"), (1, "affiliate_extension_per_affiliate")]
    assert both in told(dues, 4_200_000, editions)
    assert both in told([*dues, *december(editions)], 4_200_000 + 1_483_870 + 593_548, editions)


def test_another_usage_explains_a_total_beside_another_mistake_where_a_unit_is_dear(editions: Editions) -> None:
    """12 IDs at 26,000 instead of 10, B not divided; queries of 11 won would make any sum right."""
    dear = reckoned(editions, A, "standard", "usage_fee", units=10)
    found = told([*december(editions), dear], 1_483_870 + 800_000 + 312_000, editions)
    assert found == [[(1, "not_prorated"), (2, "usage_differs_from_report")]]
    cheap = reckoned(editions, A, "query", "usage_fee", units=10)
    assert told([*december(editions), cheap], 1_483_870 + 800_000 + 12, editions) == []


def test_the_same_rounding_in_all_lines_explains_a_total(editions: Editions) -> None:
    """1,483,870.97 and 593,548.39, both rounded up."""
    assert [(0, "rounding"), (1, "rounding")] in told(december(editions), 1_483_871 + 593_549, editions)


def test_a_right_total_needs_no_explanation(editions: Editions) -> None:
    """2,077,418 is the sum."""
    assert told(december(editions), 1_483_870 + 593_548, editions) == []


def test_a_total_that_no_rule_gives_is_unexplained(editions: Editions) -> None:
    """Seven won too many."""
    assert told(december(editions), 2_077_425, editions) == []


def test_a_waiver_of_all_lines_that_ended_on_another_day(editions: Editions) -> None:
    """Both waived through 8 March; billed as waived through 5 March: 26 of 31 days of 2,800,000."""
    dues = [reckoned(editions, product, waived=days("2026-12-09", "2027-03-09")) for product in (A, B)]
    billed = 2_000_000 * 26 // 31 + 800_000 * 26 // 31
    assert told(dues, billed, editions)[0] == [(0, "waiver_cut_early"), (1, "waiver_cut_early")]


def test_a_mistake_that_a_line_cannot_have_is_left_out_of_it(editions: Editions) -> None:
    """A fee that is not divided by days stays as it is while all others are billed undivided."""
    undivided = replace(reckoned(editions, "krx_index_group_1", span=SPLIT), prorated=False)
    dues = [*december(editions), undivided]
    assert told(dues, 2_800_000 + undivided.net, editions)[0] == [(0, "not_prorated"), (1, "not_prorated")]


def test_vat_is_rounded_toward_zero_also_of_a_credit(editions: Editions) -> None:
    """10 % of 5,483,870 is 548,387; of −206,452 it is −20,645.2, so −20,645."""
    rate = editions.price_lists[0].vat
    assert (vat_of(5_483_870, rate), vat_of(-206_452, rate), vat_of(0, rate)) == (548_387, -20_645, 0)
    assert vat_of(206_455, rate, Rounding.HALF_UP) == 20_646
    assert rate.rate == Fraction(1, 10)


def test_vat_of_a_chain_that_was_rounded_by_document(editions: Editions) -> None:
    """The chain's supply is 5,277,418, its VAT 527,741; by document 548,387 − 20,645 = 527,742."""
    rate = editions.price_lists[0].vat
    whole, documents = [5_277_418], [5_483_870, -206_452]
    assert vat_rounding((whole, documents), rate, 527_742) == ((5_483_870, -206_452), Rounding.DOWN)
    assert vat_rounding((whole,), rate, 527_742) == ((5_277_418,), Rounding.HALF_UP)
    assert vat_rounding((whole, documents), rate, 527_741) == ((5_277_418,), Rounding.DOWN)
    assert vat_rounding((whole, documents), rate, 527_800) is None


def test_the_same_mistake_in_three_lines_is_the_same_option_day_or_piece(editions: Editions) -> None:
    """Billed as general; as waived through 5 March; at what a day costs, cut to won: each in all lines alike."""
    products = (A, B, "derivatives_a")
    prices = editions.price_list(LIST).cells
    general, retail = (
        [prices[CellKey("real_time", "base_fee", product, option)].charge(1) for product in products]
        for option in ("general", "retail")
    )
    whole = [reckoned(editions, product) for product in products]
    assert [(0, "wrong_option"), (1, "wrong_option"), (2, "wrong_option")] in told(whole, sum(general), editions)
    waived = [reckoned(editions, product, waived=days("2026-12-09", "2027-03-09")) for product in products]
    early = told(waived, sum(price * 26 // 31 for price in retail), editions)
    assert [(number, "waiver_cut_early") for number in range(3)] in early
    split = [reckoned(editions, product, span=SPLIT) for product in products]
    by_day = told(split, sum(price // 31 * 23 for price in retail), editions)
    assert [(number, "rounding") for number in range(3)] in by_day
