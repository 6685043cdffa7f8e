"""Why a billed amount differs: each known mistake, exact to the won or not given, its rivals beside it."""

import random
from dataclasses import replace
from fractions import Fraction
from math import floor
from typing import Any

import pytest
from support.core import FAQ, LIST, A, B, C, changed, day, days, flat, one_list, said
from support.reckoning import SPLIT, WHOLE, reckoned

from fee_service.model import Label
from fee_service.money import Rounding
from fee_service.prices import Cell, CellKind, Package
from fee_service.published.editions import CellKey, Editions
from fee_service.rules.reckoning import Piece, Reckoned
from fee_service.rules.reconciling import FROM_THE_AMOUNT, FROM_THE_DUE, Cause, explanations_of
from fee_service.wording.causes import CAUSES

RULE = Label("증권 A의 ID는 증권 C를 무료로 이용", "an ID of securities A uses C without a fee")


def causes(due: Reckoned, billed: int, editions: Editions) -> list[str]:
    """The cause and its rivals, each as one word or two."""
    return ["+".join(each.causes) for each in explanations_of(due, billed, editions.price_lists)]


def words(due: Reckoned, billed: int, editions: Editions) -> str:
    """What is said of the cause, in English."""
    first = explanations_of(due, billed, editions.price_lists)[0]
    return " ".join(said(mistake.text) for mistake in first.mistakes)


def usage(editions: Editions, units: int, column: str = "personal", **of_it: Any) -> Reckoned:
    """A usage fee of securities A: 26,000 an ID (standard), 1,100 (personal), 11 a query."""
    return reckoned(editions, A, column, "usage_fee", units=units, **of_it)


# -- each cause alone ----------------------------------------------------------------------------------------


def test_a_waiver_that_was_left_out(editions: Editions) -> None:
    """Waived as a whole, 0 is due; the list amount of 2,000,000 was billed. An early end gives the same."""
    due = reckoned(editions, waived=days("2026-12-09", "2029-12-09"))
    assert causes(due, 2_000_000, editions) == ["waiver_not_applied", "waiver_cut_early"]
    assert words(due, 2_000_000, editions) == (
        "The waiver was left out: 31 days of the month are waived (2026-12-09 to 2029-12-08, "
        f"{said(due.policy.label)}). Reckoned without it: 2,000,000 won."  # type: ignore[union-attr,arg-type]
    )


def test_a_waiver_that_went_on_too_long(editions: Editions) -> None:
    """The last waived day is 8 March: 23 of 31 days are due, 1,483,870; billed as waived through 9 March, 22 days."""
    due = reckoned(editions, waived=days("2026-12-09", "2027-03-09"))
    assert due.net == floor(Fraction(2_000_000 * 23, 31)) == 1_483_870
    assert causes(due, floor(Fraction(2_000_000 * 22, 31)), editions) == ["waiver_overrun"]
    assert causes(due, 0, editions) == ["waiver_overrun"]
    assert "through 2027-03-31: 0 won" in words(due, 0, editions)


def test_a_waiver_that_is_over_before_the_month_begins_went_on(editions: Editions) -> None:
    """Through the whole month, or through some of its days."""
    due = reckoned(editions, waived=days("2023-12-09", "2026-12-09"))
    assert due.net == 2_000_000
    assert causes(due, 0, editions) == ["waiver_overrun"]
    assert causes(due, floor(Fraction(2_000_000 * 30, 31)), editions)[0] == "waiver_overrun"


def test_a_withdrawn_waiver_that_went_on(editions: Editions) -> None:
    """Withdrawn from its first day on: nothing is waived, but it had been quoted."""
    quoted = days("2027-03-01", "2030-03-01")
    assert causes(reckoned(editions, quoted=quoted), 0, editions) == ["waiver_overrun"]
    assert causes(reckoned(editions), 0, editions) == []


def test_a_waiver_that_ended_too_early(editions: Editions) -> None:
    """Waived through 30 March, 1 day is due: 64,516. Clipped to the 28th, 3 days: 193,548 (Civil Act 160)."""
    due = reckoned(editions, waived=days("2024-03-31", "2027-03-31"))
    assert due.net == 64_516
    assert causes(due, floor(Fraction(2_000_000 * 3, 31)), editions) == ["waiver_cut_early"]
    assert "Reckoned as waived through 2027-03-28" in words(due, 193_548, editions)


def test_a_month_that_was_not_divided(editions: Editions) -> None:
    """23 of 31 days of 800,000 are 593,548; the whole month was billed (the sample's line 2)."""
    due = reckoned(editions, B, span=SPLIT)
    assert due.net == 593_548
    assert causes(due, 800_000, editions) == ["not_prorated"]


def test_days_over_thirty(editions: Editions) -> None:
    """800,000 × 23 / 30 = 613,333.3: dropped, 613,333."""
    assert causes(reckoned(editions, B, span=SPLIT), 613_333, editions) == ["prorated_on_30_days"]


def test_in_a_month_of_thirty_days_nothing_is_over_thirty(editions: Editions) -> None:
    """The right amount is no mistake."""
    due = reckoned(editions, B, span=days("2027-04-10", "2027-05-01"), days_in_month=30)
    assert causes(due, due.net, editions) == []


def test_two_causes_may_coincide_and_both_are_told(editions: Editions) -> None:
    """30 of 31 days over 30 are the whole month: the first is the cause, the second its rival."""
    due = reckoned(editions, B, span=days("2027-03-02", "2027-04-01"))
    assert causes(due, 800_000, editions) == ["not_prorated", "prorated_on_30_days"]


def test_another_price_list(editions: Editions) -> None:
    """A later list prints 2,100,000, but does not hold yet."""
    due = reckoned(editions)
    later = changed(due.lists[0][1], {due.key: flat(2_100_000)}, id="later")
    found = explanations_of(due, 2_100_000, (*editions.price_lists, later))
    assert [each.causes for each in found] == [(Cause.OTHER_PRICE_LIST,)]
    assert said(found[0].mistakes[0].text).endswith("Reckoned by later: 2,100,000 won.")


def test_a_list_for_a_whole_month_that_another_begins_in(editions: Editions) -> None:
    """15 days of 2,000,000 and 16 of 2,100,000 are 2,051,612; billed by the new list alone."""
    old = editions.price_lists[0]
    key = reckoned(editions).key
    new = changed(old, {key: flat(2_100_000)}, id="new")
    lists = ((days("2027-03-01", "2027-03-16"), old), (days("2027-03-16", "2027-04-01"), new))
    due = reckoned(editions, lists=lists)
    assert due.net == floor(Fraction(2_000_000 * 15 + 2_100_000 * 16, 31)) == 2_051_612
    for billed in (2_100_000, 2_000_000):
        assert [each.causes for each in explanations_of(due, billed, (old, new))] == [(Cause.OTHER_PRICE_LIST,)]


def test_an_affiliate_extension_for_each_affiliate(editions: Editions) -> None:
    """1,000,000 for all affiliates; three were billed."""
    due = reckoned(editions, fee="affiliate_extension")
    assert (
        causes(due, 3_000_000, editions)
        == ["affiliate_extension_per_affiliate", "wrong_option+" * 0 + "wrong_option"][:1]
    )
    assert "Reckoned 3 times: 3,000,000 won." in words(due, 3_000_000, editions)
    assert causes(reckoned(editions), 6_000_000, editions) == []  # a base fee is no extension


def test_sets_for_disaster_recovery(editions: Editions) -> None:
    """Two further sets are 1,400,000; with one of two recovery sets 2,100,000, which the first set gives, too."""
    due = reckoned(editions, A, None, "additional_reception", units=2, recovery_sets=2)
    assert causes(due, 2_100_000, editions) == ["disaster_recovery_set_billed", "first_set_billed"]
    assert causes(due, 2_800_000, editions) == ["disaster_recovery_set_billed"]
    assert causes(due, 3_500_000, editions) == ["disaster_recovery_set_billed+first_set_billed"]


def test_the_first_set(editions: Editions) -> None:
    """One set is free: 0 is due, 700,000 was billed."""
    due = reckoned(editions, A, None, "additional_reception", units=0)
    assert causes(due, 700_000, editions) == ["first_set_billed"]
    assert words(due, 700_000, editions).startswith("The first set, which is free, was billed: 0 sets are charged")
    assert "Reckoned for 1: 700,000 won" in words(due, 700_000, editions)


def test_ids_that_another_product_frees(editions: Editions) -> None:
    """Of 100 IDs of C, 60 are entitled to A: 40 × 200 = 8,000; 100 were billed, as a wrong report would be."""
    due = reckoned(editions, C, "personal", "usage_fee", units=40, exempted=60, exemption=RULE)
    assert causes(due, 20_000, editions) == ["securities_c_exemption_missed", "usage_differs_from_report"]
    assert words(due, 20_000, editions) == f"60 exempt IDs billed: {RULE.en}. Reckoned for 100: 20,000 won."


def test_a_closing_price_that_is_free_beside_the_real_time_licence(editions: Editions) -> None:
    """KRX bonds A at closing: 1,100,000, free where the real-time licence is held."""
    due = reckoned(
        editions, "krx_bonds_a", None, contract="closing_price", units=0, exempted=1, wholly=True, exemption=RULE
    )
    assert due.net == 0
    assert causes(due, 1_100_000, editions) == ["closing_exemption_missed"]
    free = f"A fee that is free here was billed: {RULE.en}. Reckoned as if it were not: 1,100,000 won."
    assert words(due, 1_100_000, editions) == free


def test_the_price_of_another_user_type(editions: Editions) -> None:
    """10 standard IDs at 1,100: 11,000, not 260,000."""
    assert causes(usage(editions, 10, "standard"), 11_000, editions) == ["wrong_user_type"]
    assert causes(usage(editions, 10, "personal"), 260_000, editions)[0] == "wrong_user_type"


def test_the_price_of_another_option(editions: Editions) -> None:
    """General costs 5,700,000, retail 2,000,000."""
    due = reckoned(editions)
    assert causes(due, 5_700_000, editions) == ["wrong_option"]
    assert "Billed at the price of another option: General, 5,700,000 won a month" in words(due, 5_700_000, editions)


def test_an_option_without_a_price_explains_nothing(editions: Editions) -> None:
    """Where the general option is withheld, nothing costs 5,700,000, and no cause is made of a price that is none."""
    general = {("real_time", "base_fee", A, "general"): Cell(CellKind.WITHHELD)}
    withheld = one_list(editions, changed(editions.price_list(LIST), general))
    assert causes(reckoned(withheld), 5_700_000, withheld) == []


def test_an_option_that_is_not_waived(editions: Editions) -> None:
    """The policy waives retail alone, so a waived retail line billed as general is billed in full."""
    due = reckoned(editions, waived=days("2026-12-09", "2029-12-09"))
    assert causes(due, 5_700_000, editions) == ["wrong_option"]


def test_an_option_that_is_waived_like_the_one_that_was_taken(editions: Editions) -> None:
    """Under a policy that waives general as well, its price in full takes a second mistake: the waiver left out."""
    policy = editions.policy(FAQ)
    wide = replace(policy, options=(*(policy.options or ()), "general"))
    due = reckoned(editions, waived=days("2026-12-09", "2029-12-09"), policy=wide)
    found = causes(due, 5_700_000, editions)
    assert "waiver_not_applied+wrong_option" in found
    assert "wrong_option" not in found


def test_options_of_one_price_are_all_told(editions: Editions) -> None:
    """Securities C costs 500,000 as retail and as broadcast, so 3,000,000 is website alone."""
    due = reckoned(editions, C, "general")
    assert due.net == 1_100_000
    found = explanations_of(due, 500_000, editions.price_lists)
    assert [each.causes for each in found] == [(Cause.WRONG_OPTION,), (Cause.WRONG_OPTION,)]
    assert len({said(each.mistakes[0].text) for each in found}) == 2


@pytest.mark.parametrize("billed", [1, 1_200_000])
def test_anything_for_a_withheld_fee(editions: Editions, billed: int) -> None:
    """부과보류: 0 until notice is given, whatever is billed."""
    due = reckoned(editions, "derivatives_b")
    assert causes(due, billed, editions) == ["withheld_fee_billed"]


def test_a_fraction_rounded_otherwise(editions: Editions) -> None:
    """593,548.39: rounded up it is 593,549; cut to ten won 593,540. 1,483,870.97 is 1,483,871 either way up."""
    due = reckoned(editions, B, span=SPLIT)
    assert causes(due, 593_549, editions) == ["rounding"]
    assert causes(due, 593_540, editions) == ["rounding"]
    assert words(due, 593_540, editions) == "What is under ten won was cut off: 593,548 won became 593,540."
    assert "Rounded up" in words(due, 593_549, editions)
    both = explanations_of(reckoned(editions, span=SPLIT), 1_483_871, editions.price_lists)
    assert len(both) == 2


def test_a_month_of_which_a_part_is_waived_may_not_be_divided_either(editions: Editions) -> None:
    """Waived through 8 March: 23 of 31 days are due; the whole month was billed, or a part of it without division."""
    due = reckoned(editions, waived=days("2026-12-09", "2027-03-09"))
    assert causes(due, 2_000_000, editions) == ["waiver_not_applied", "waiver_cut_early", "not_prorated"]
    wholly = reckoned(editions, waived=days("2026-12-09", "2029-12-09"))
    assert "not_prorated" not in causes(wholly, 2_000_000, editions)


def test_a_whole_month_over_thirty_days(editions: Editions) -> None:
    """31 days at a thirtieth of 2,000,000 each: 2,066,666."""
    assert causes(reckoned(editions), 2_066_666, editions) == ["prorated_on_30_days"]


def test_what_is_rounded_may_be_a_day_or_a_unit(editions: Editions) -> None:
    """A day of 800,000 is 25,806.4, so 23 are 593,538; an ID of 1,100 costs 816.1 for 23 days, so 77 are 62,832."""
    due = reckoned(editions, B, span=SPLIT)
    assert set(causes(due, 25_806 * 23, editions)) == {"rounding"}
    assert words(due, 25_806 * 23, editions).endswith("Rounded down for each day: 593,538 won.")
    ids = usage(editions, 77, span=SPLIT)
    assert ids.net == floor(Fraction(77 * 1100 * 23, 31)) == 62_841
    assert set(causes(ids, 816 * 77, editions)) == {"rounding"}
    assert words(ids, 816 * 77, editions).endswith("Rounded down for each unit: 62,832 won.")
    assert causes(ids, 25_806, editions) == []


def test_packages_that_are_rounded_each(editions: Editions) -> None:
    """Two packages of calls, waived through 5 March: 26 of 31 days of 200,000 are 167,741.9, twice 167,741."""
    platform = "open_api_platform"
    due = reckoned(editions, platform, None, "api_call_fee", platform, units=1_400_000, waivable=True,
                   waived=days("2026-12-09", "2027-03-06"))  # fmt: skip
    assert due.net == 400_000 * 26 // 31 == 335_483
    assert causes(due, 335_482, editions)[0] == "rounding"


def test_days_that_are_rounded_are_those_that_are_charged_under_their_list(editions: Editions) -> None:
    """Waived through 8 March; a later list from the 16th: 7 days at 64,516.1 and 16 at 67,741.9, each rounded down."""
    old = editions.price_lists[0]
    new = changed(old, {reckoned(editions).key: flat(2_100_000)}, id="new")
    lists = ((days("2027-03-01", "2027-03-16"), old), (days("2027-03-16", "2027-04-01"), new))
    due = reckoned(editions, lists=lists, waived=days("2026-12-09", "2027-03-09"))
    assert causes(due, 7 * 64_516 + 16 * 67_741, editions) == ["rounding"]


def test_a_credit_is_cut_to_ten_won_like_a_bill(editions: Editions) -> None:
    """Of −593,548 what is under ten won is 8."""
    due = usage(editions, 0, billed_before=593_548)
    assert due.net == -593_548
    assert causes(due, -593_540, editions) == ["rounding"]


def test_a_credit_for_another_usage_than_was_reported(editions: Editions) -> None:
    """Billed for 100 IDs, reported 40: 66,000 back; credited for 50 that were left, 55,000."""
    due = usage(editions, 40, billed_before=110_000)
    assert causes(due, -55_000, editions) == ["usage_differs_from_report"]


def test_affiliates_may_be_rounded_each(editions: Editions) -> None:
    """23 of 31 days of 1,000,000 are 741,935.5: three of them 2,225,806, or three times 741,935 = 2,225,805."""
    due = reckoned(editions, fee="affiliate_extension", span=SPLIT)
    for billed in (2_225_806, 2_225_805):
        assert causes(due, billed, editions)[0] == "affiliate_extension_per_affiliate"


def test_a_mistake_that_changes_nothing_alone_may_do_so_beside_another(editions: Editions) -> None:
    """Free, waived and for 23 of 31 days: neither forgotten waiver nor forgotten division alone makes a price of 0."""
    free = {"units": 0, "exempted": 1, "wholly": True, "exemption": RULE, "span": SPLIT}
    due = reckoned(editions, "krx_bonds_a", None, contract="closing_price", **free)
    assert causes(due, 1_100_000, editions) == ["not_prorated+closing_exemption_missed"]
    waived = replace(due, waived=days("2026-12-09", "2029-12-09"))
    billed = 1_100_000 * 23 // 31
    assert "waiver_not_applied+closing_exemption_missed" in causes(waived, billed, editions)


def test_affiliates_of_another_option(editions: Editions) -> None:
    """General's extension is 2,850,000; three times."""
    due = reckoned(editions, fee="affiliate_extension")
    assert causes(due, 8_550_000, editions) == ["affiliate_extension_per_affiliate+wrong_option"]


def test_an_option_that_would_be_waived(editions: Editions) -> None:
    """General is not waived, retail is: billed as retail, 0."""
    due = reckoned(editions, column="general", waivable=False, waived=days("2026-12-09", "2029-12-09"))
    assert causes(due, 0, editions) == ["wrong_option"]


def test_another_user_type_does_not_divide_what_was_not_divided(editions: Editions) -> None:
    """10 personal IDs for 23 of 31 days, billed at 26,000 for the whole month."""
    assert "not_prorated+wrong_user_type" in causes(usage(editions, 10, span=SPLIT), 260_000, editions)


def test_two_mistakes_that_give_nearly_any_amount_are_none(editions: Editions) -> None:
    """Some queries at 11 won cut to ten won; at the price of an ID a usage cut to ten won says something."""
    assert causes(usage(editions, 10, "query"), 3_990, editions) == []
    dear = usage(editions, 10, "standard", span=SPLIT)
    billed = 26_000 * 12 * 23 // 31 // 10 * 10
    assert set(causes(dear, billed, editions)) == {"rounding+usage_differs_from_report"}


def test_a_service_that_others_pay_for_is_no_closing_price(editions: Editions) -> None:
    """What frees it is no licence for the same product."""
    key = CellKey("open_api_platform", "service_fee", "orders", None)
    due = reckoned(editions, "krx_bonds_a", None, contract="closing_price", units=0, exempted=1, wholly=True)
    assert causes(replace(due, key=key, exemption=RULE), 1_100_000, editions) == []


def test_another_usage_than_reported(editions: Editions) -> None:
    """1,200 personal IDs are 1,320,000; 1,300 were billed: 1,430,000."""
    due = usage(editions, 1200)
    assert causes(due, 1_430_000, editions) == ["usage_differs_from_report"]
    assert causes(due, 1_430_001, editions) == []
    assert causes(due, 0, editions) == ["usage_differs_from_report"]


def test_a_right_amount_has_no_cause(editions: Editions) -> None:
    """Whatever gives the same is no mistake."""
    for due in (reckoned(editions), reckoned(editions, B, span=SPLIT), usage(editions, 1200)):
        assert causes(due, due.net, editions) == []


# -- two together, and none --------------------------------------------------------------------------------


def test_two_mistakes_in_one_line(editions: Editions) -> None:
    """Waived, and in a partial month: billed in full without division, both were forgotten."""
    due = reckoned(editions, span=SPLIT, waived=days("2026-12-09", "2029-12-09"))
    assert causes(due, 2_000_000, editions)[0] == "waiver_not_applied+not_prorated"
    three = reckoned(editions, fee="affiliate_extension", span=SPLIT)
    assert causes(three, 3_000_000, editions)[0] == "not_prorated+affiliate_extension_per_affiliate"


def test_one_cause_is_preferred_to_two(editions: Editions) -> None:
    """Where one mistake gives the amount, no pair is told."""
    for explanation in explanations_of(reckoned(editions, B, span=SPLIT), 800_000, editions.price_lists):
        assert len(explanation.mistakes) == 1


@pytest.mark.parametrize("billed", [1, 593_550, 799_999, 800_001, -800_000])
def test_an_amount_that_no_rule_gives_is_unexplained(editions: Editions, billed: int) -> None:
    """Near misses are none: a cause is exact or not given."""
    assert causes(reckoned(editions, B, span=SPLIT), billed, editions) == []


def test_random_wrong_amounts_are_explained_only_to_the_won(editions: Editions) -> None:
    """What is given as an explanation, reckoned again, is the billed amount; and differs from the right one."""
    rng = random.Random(11)
    dues = [
        reckoned(editions, B, span=SPLIT),
        usage(editions, 77),
        reckoned(editions, waived=days("2026-01-01", "2027-03-09")),
    ]
    for _ in range(300):
        due, billed = rng.choice(dues), rng.randrange(3_000_000)
        for explanation in explanations_of(due, billed, editions.price_lists):
            assert explanation.mistakes[-1].amount == billed != due.net


def test_every_cause_has_a_function_of_its_name_or_is_named_elsewhere() -> None:
    """VAT is judged for an invoice; what is withheld has no amount to reckon; what no rule gives has no rule."""
    elsewhere = {Cause.VAT_ROUNDING, Cause.WITHHELD_FEE_BILLED, Cause.UNEXPLAINED}
    named = {**FROM_THE_DUE, **FROM_THE_AMOUNT}
    assert named.keys() == set(Cause) - elsewhere
    assert all(function.__name__ == cause for cause, function in named.items())


def test_files_name_what_no_rule_gives_by_this_word() -> None:
    """The last of the causes, and the only one that is none."""
    assert [*Cause][-1].value == "unexplained"


def test_every_cause_has_a_sentence() -> None:
    """In Korean and in English."""
    assert {f"cause_{cause}" for cause in FROM_THE_DUE} | {
        f"cause_{cause}" for cause in FROM_THE_AMOUNT
    } <= CAUSES.keys()


def test_a_withheld_cell_is_not_explained_by_a_price(editions: Editions) -> None:
    """Another column that is withheld is no option to be billed as."""
    due = replace(reckoned(editions), cells=(Cell(CellKind.WITHHELD),))
    assert causes(due, 12_000_000, editions)[-1] == "withheld_fee_billed"


def test_a_rounding_that_is_given_holds(editions: Editions) -> None:
    """800,000 × 23 / 31 = 593,548.39."""
    due = reckoned(editions, B, span=SPLIT)
    assert [replace(due, rounding=mode).net for mode in Rounding] == [593_548, 593_548, 593_549]
    assert reckoned(editions, span=WHOLE).list == 2_000_000
    assert day("2027-03-31") == WHOLE.last_day


def test_what_a_unit_costs_is_rounded_only_where_every_unit_costs_the_same(editions: Editions) -> None:
    """IDs of one price are flat; with a minimum, or counted in other packages by the next list, they are not."""
    due = reckoned(editions, A, "standard", "usage_fee", units=10)
    assert due.is_flat
    assert replace(due, piece=Piece.UNIT).list == due.list == 260_000
    [cell] = due.cells
    assert not replace(due, cells=(replace(cell, minimum=100),)).is_flat
    in_tens = Cell(CellKind.AMOUNT, Package(10, 260_000, 1))
    assert replace(due, cells=(in_tens,)).is_flat
    assert not replace(due, cells=(cell, in_tens)).is_flat
