"""The waiver: every condition of every policy at both of its sides, word for word, and the day on which it ends."""

from dataclasses import replace
from typing import Any

import pytest
from support.core import FAQ, PLAN, TWELVE, A, B, day, days, licence, request, told, young

from fee_service.model import Channel, CompanySize, Condition, Eligibility, Qualification, Text, Usage, Waiver
from fee_service.periods import Period
from fee_service.published.editions import AgeLimit, Editions
from fee_service.rules.eligibility import assess
from fee_service.rules.waivers import UsedTime, age_limit_end, decide, unused_end, used_time

START = "2026-12-09"


def decided(editions: Editions, policy: str = FAQ, starts_on: str = START, **of_it: Any) -> Waiver:
    """The decision on a fintech SME founded in 2025, unless another is given."""
    licences = of_it.pop("licences", (licence(),))
    asked = request(*licences, starts_on=starts_on, **{"company": young()} | of_it)
    assessed = assess(asked.company, editions.onboarding, asked.starts_on)
    return decide(asked, editions.policy(policy), assessed)


def own(waiver: Waiver) -> list[tuple[str, bool, str, str]]:
    """The policy's own conditions, without those of eligibility."""
    eligibility = {"corporation", "company_size", "exclusions", "qualification"}
    return [told(condition) for condition in waiver.conditions if condition.code not in eligibility]


CHANNEL = ("channel", True, "Received over the Open API platform.", "F")
UNUSED = ("unused_months", True, "None of the 36 months is used yet.", "F")


def test_the_faq_grants_36_months_and_says_every_condition_in_its_order(editions: Editions) -> None:
    waiver = decided(editions)
    assert (waiver.policy, waiver.period, waiver.cut_short_by) == (FAQ, days("2026-12-09", "2029-12-09"), None)
    assert [condition.code for condition in waiver.conditions] == [
        "channel",
        "corporation",
        "company_size",
        "exclusions",
        "qualification",
        "company_age",
        "unused_months",
    ]
    assert own(waiver) == [
        CHANNEL,
        ("company_age", True, "Under 7 years of business: founded on 2025-01-01, last such day 2031-12-31.", "F"),
        UNUSED,
    ]


def test_without_a_policy_nothing_is_waived_and_one_sentence_says_why(editions: Editions) -> None:
    asked = request(licence(), company=young("2017-01-01"), starts_on="2018-05-17")
    waiver = decide(asked, None, Eligibility("eligible", ()))
    assert (waiver.policy, waiver.period, waiver.cut_short_by, waiver.granted) == (None, None, None, False)
    assert [told(condition) for condition in waiver.conditions] == [
        (
            "policy_in_force",
            False,
            "No waiver policy is in force on the start day; a start under the first policy or later could be waived.",
            "",
        )
    ]


def test_a_direct_feed_is_refused_for_its_channel_alone(editions: Editions) -> None:
    waiver = decided(editions, channel=Channel.DIRECT)
    assert (waiver.policy, waiver.period) == (FAQ, None)
    assert [told(condition) for condition in waiver.conditions if not condition.met] == [
        ("channel", False, "The waiver is for the Open API platform only; a direct feed is not covered.", "F")
    ]


def test_a_company_that_may_not_use_the_platform_is_refused_for_that_alone(editions: Editions) -> None:
    waiver = decided(editions, company=young(size=CompanySize.LARGE))
    assert [condition.code for condition in waiver.conditions if not condition.met] == ["company_size"]
    assert not waiver.granted


@pytest.mark.parametrize(
    ("policy", "starts_on", "founded_on", "met", "text", "source"),
    [
        # under: the founding day counts, so the seventh birthday is too late
        (
            FAQ,
            "2026-12-08",
            "2019-12-09",
            True,
            "Under 7 years of business: founded on 2019-12-09, last such day 2026-12-08.",
            "F",
        ),
        (
            FAQ,
            "2026-12-09",
            "2019-12-09",
            False,
            (
                "Not under 7 years of business: founded on 2019-12-09, start on 2026-12-09; "
                "a start by 2026-12-08 would have met this."
            ),
            "F",
        ),
        # within: the founding day does not count, so the seventh birthday is still within
        (
            PLAN,
            "2026-12-09",
            "2019-12-09",
            True,
            "Founded within 7 years: on 2019-12-09, last such day 2026-12-09.",
            "S",
        ),
        (
            PLAN,
            "2026-12-10",
            "2019-12-09",
            False,
            (
                "Not founded within 7 years: on 2019-12-09, start on 2026-12-10; "
                "a start by 2026-12-09 would have met this."
            ),
            "S",
        ),
    ],
)
def test_the_age_limit_holds_to_its_last_day(
    editions: Editions, policy: str, starts_on: str, founded_on: str, met: bool, text: str, source: str
) -> None:
    waiver = decided(editions, policy, starts_on, company=young(founded_on))
    age = next(condition for condition in waiver.conditions if condition.code == "company_age")
    assert told(age) == ("company_age", met, text, source)
    assert waiver.granted is met
    assert age.text.params["starts_on"] == day(starts_on)


@pytest.mark.parametrize(
    ("founded_on", "end", "cut"),
    [
        ("2022-12-10", "2029-12-09", None),  # too old from 2029-12-10, after the 36 months
        ("2022-12-09", "2029-12-09", None),  # too old on the day on which they end: nothing is cut
        ("2022-12-08", "2029-12-08", "company_age"),
        ("2019-12-10", "2026-12-10", "company_age"),  # one free day
    ],
)
def test_a_waiver_ends_on_the_day_on_which_the_company_is_too_old(
    editions: Editions, founded_on: str, end: str, cut: str | None
) -> None:
    waiver = decided(editions, company=young(founded_on))
    assert (waiver.period, waiver.cut_short_by) == (days(START, end), cut)


def test_the_12_month_scheme_goes_on_though_the_company_turns_seven(editions: Editions) -> None:
    waiver = decided(editions, TWELVE, "2018-06-01", company=young("2011-06-02"))
    assert (waiver.period, waiver.cut_short_by) == (days("2018-06-01", "2019-06-01"), None)
    assert own(waiver) == [
        ("channel", True, "Received over the Open API platform.", "F0"),
        ("policy_qualification", True, "Of the kind the policy is for (fintech).", "S"),
        ("company_age", True, "Under 7 years of business: founded on 2011-06-02, last such day 2018-06-01.", "F0"),
        ("personal_ids", True, "0 personal IDs, at most 10,000 allowed.", "S"),
        ("unused_months", True, "None of the 12 months is used yet.", "F0"),
    ]


@pytest.mark.parametrize(
    ("qualification", "condition", "granted"),
    [
        (Qualification.FINTECH, (True, "Of the kind the policy is for (fintech).", False), True),
        (
            Qualification.ELECTRONIC_FINANCE,
            (
                False,
                "The policy is only for companies qualified as fintech; that qualification would meet this.",
                False,
            ),
            False,
        ),
        (
            None,
            (
                True,
                (
                    "The qualification is not stated; assumed to be of the kind the policy is for (fintech), "
                    "still to be confirmed."
                ),
                True,
            ),
            True,
        ),
        (Qualification.NONE, None, False),  # refused by eligibility, which says so once
    ],
)
def test_the_12_month_scheme_is_for_fintech_companies_alone(
    editions: Editions,
    qualification: Qualification | None,
    condition: tuple[bool, str, bool] | None,
    granted: bool,
) -> None:
    waiver = decided(editions, TWELVE, "2018-06-01", company=young("2015-01-01", qualification=qualification))
    found = [each for each in waiver.conditions if each.code == "policy_qualification"]
    assert [(each.met, told(each)[2], each.assumed) for each in found] == ([condition] if condition else [])
    assert all(each.source == "S" for each in found)
    assert waiver.granted is granted


@pytest.mark.parametrize(
    ("ids", "condition"),
    [
        ((10_000, 9_999), (True, "10,000 personal IDs, at most 10,000 allowed.")),
        ((9_999, 10_001), (False, "10,001 personal IDs, over the 10,000 allowed; 10,000 or fewer would meet this.")),
        ((1, 0), (True, "1 personal ID, at most 10,000 allowed.")),
    ],
)
def test_the_product_with_most_personal_ids_decides_the_12_month_scheme(
    editions: Editions, ids: tuple[int, int], condition: tuple[bool, str]
) -> None:
    licences = [
        licence(product, usage=Usage(personal_ids=number, standard_ids=20_000))
        for product, number in zip((A, B), ids, strict=True)
    ]
    waiver = decided(editions, TWELVE, "2018-06-01", company=young("2015-01-01"), licences=licences)
    found = next(each for each in waiver.conditions if each.code == "personal_ids")
    assert told(found) == ("personal_ids", *condition, "S")
    assert waiver.granted is condition[0]


@pytest.mark.parametrize(
    ("policy", "of_it", "source"),
    [(FAQ, {}, "S"), (PLAN, {}, "S")],
)
def test_time_used_before_is_taken_off_by_months_and_days(
    editions: Editions, policy: str, of_it: dict[str, Any], source: str
) -> None:
    """10 months and 11 days, then 2 months and 4 days: 12 months and 15 days."""
    prior = (days("2020-01-01", "2020-11-12"), days("2021-01-01", "2021-03-05"))
    waiver = decided(editions, policy, prior_waiver=prior, **of_it)
    # 2026-12-09 + 24 months = 2028-12-09, less 15 days
    assert (waiver.period, waiver.cut_short_by) == (days(START, "2028-11-24"), "prior_waiver")
    assert own(waiver)[-1] == (
        "unused_months",
        True,
        "Of 36 months, 12 months and 15 days are already used.",
        source,
    )


USED_UP = "All 36 months are used up (36 months and {}); unused time would meet this."


@pytest.mark.parametrize(
    ("prior", "met", "text"),
    [
        (days("2020-01-01", "2022-12-31"), True, "Of 36 months, 35 months and 30 days are already used."),
        (
            days("2020-01-01", "2023-01-01"),
            False,
            "All 36 months are used up (36 months and 0 days); unused time would meet this.",
        ),
        (
            days("2020-01-01", "2023-01-02"),
            False,
            "All 36 months are used up (36 months and 1 day); unused time would meet this.",
        ),
    ],
)
def test_a_waiver_that_is_used_up_is_refused_for_that_alone(
    editions: Editions, prior: Period, met: bool, text: str
) -> None:
    waiver = decided(editions, prior_waiver=(prior,))
    assert told(waiver.conditions[-1]) == ("unused_months", met, text, "S")
    assert waiver.granted is met
    # 35 months and 30 days are used: 2027-01-09 less 30 days is one free day
    assert waiver.period == (days(START, "2026-12-10") if met else None)
    assert [condition.code for condition in waiver.conditions if not condition.met] == [] if met else ["unused_months"]


def test_days_alone_are_used_time_too(editions: Editions) -> None:
    waiver = decided(editions, prior_waiver=(days("2020-01-01", "2020-01-02"),))
    assert (waiver.period, waiver.cut_short_by) == (days(START, "2029-12-08"), "prior_waiver")
    assert told(waiver.conditions[-1])[2] == "Of 36 months, 0 months and 1 day are already used."


def test_the_age_limit_comes_before_what_was_used_where_it_is_earlier(editions: Editions) -> None:
    prior = (days("2020-01-01", "2020-02-01"),)
    waiver = decided(editions, company=young("2020-12-17"), prior_waiver=prior)
    assert (waiver.period, waiver.cut_short_by) == (days(START, "2027-12-17"), "company_age")


def test_used_time_adds_months_and_days_each_for_itself() -> None:
    earlier = [days("2020-01-31", "2020-03-01"), days("2021-01-01", "2021-01-31"), days("2022-05-05", "2022-05-05")]
    # a month from 31 January ends before 1 March (Civil Act 160 III); then 30 days; then nothing
    assert used_time(earlier) == UsedTime(1, 30)
    assert used_time(()) == UsedTime(0, 0)


@pytest.mark.parametrize(
    ("counts", "founded_on", "end"),
    [
        (True, "2019-12-09", "2026-12-09"),
        (False, "2019-12-09", "2026-12-10"),
        (True, "2020-02-29", "2027-03-01"),
        (False, "2020-02-28", "2027-03-01"),  # counted from 29 February
        (False, "2020-02-29", "2027-03-01"),  # counted from 1 March
    ],
)
def test_the_first_day_on_which_a_company_is_too_old(counts: bool, founded_on: str, end: str) -> None:
    assert age_limit_end(day(founded_on), AgeLimit(7, counts, True, "F")) == day(end)


@pytest.mark.parametrize(
    ("months", "used", "end"),
    [(36, (0, 0), "2029-12-09"), (36, (1, 0), "2029-11-09"), (36, (0, 1), "2029-12-08"), (36, (35, 31), "2026-12-09")],
)
def test_what_is_left_of_the_months_ends_exclusively(months: int, used: tuple[int, int], end: str) -> None:
    assert unused_end(day(START), months, UsedTime(*used)) == day(end)


def test_who_asks_for_no_licence_has_no_personal_ids(editions: Editions) -> None:
    """The scheme of 12 months counts the IDs of the licences; without any there are none, and it asks no more."""
    waiver = decided(editions, TWELVE, "2018-06-01", company=young("2015-01-01"), licences=[])
    found = next(each for each in waiver.conditions if each.code == "personal_ids")
    assert told(found) == ("personal_ids", True, "0 personal IDs, at most 10,000 allowed.", "S")


def test_a_policy_without_a_limit_of_personal_ids_asks_for_none(editions: Editions) -> None:
    licences = [licence(usage=Usage(personal_ids=10**6))]
    assert "personal_ids" not in [condition.code for condition in decided(editions, licences=licences).conditions]


def test_a_policy_is_cited_where_each_of_its_blocks_says_so(editions: Editions) -> None:
    """The FAQ with a source of its own for each block."""
    policy = editions.policy(TWELVE)
    policy = replace(policy, cited={block: block for block in policy.cited}, age=policy.age._replace(source="age"))
    asked = request(
        licence(), company=young(), starts_on="2026-12-09", prior_waiver=(days("2020-01-01", "2020-02-01"),)
    )
    waiver = decide(asked, policy, Eligibility("eligible", ()))
    assert [(condition.code, condition.source) for condition in waiver.conditions] == [
        ("channel", "channels"),
        ("policy_qualification", "qualifications"),
        ("company_age", "age"),
        ("personal_ids", "personal_ids_at_most"),
        ("unused_months", "prior_use"),
    ]
    unused = decide(replace(asked, prior_waiver=()), policy, Eligibility("eligible", ()))
    assert unused.conditions[-1].source == "months"
    unstated = replace(asked, company=young(qualification=None))
    assert decide(unstated, policy, Eligibility("eligible", ())).conditions[1].source == "qualifications"


def test_several_kinds_of_company_are_named_with_a_comma(editions: Editions) -> None:
    kinds = ("fintech", "fintech_centre")
    policy = replace(editions.policy(TWELVE), qualifications=kinds)
    for qualification, met in ((Qualification.FINTECH_CENTRE, True), (Qualification.ELECTRONIC_FINANCE, False)):
        asked = request(licence(), company=young(qualification=qualification))
        found = decide(asked, policy, Eligibility("eligible", ())).conditions[1]
        assert (found.code, found.met) == ("policy_qualification", met)
        assert found.text == Text(
            f"policy_qualification_{'met' if met else 'missed'}", {"wanted": "fintech, fintech_centre"}
        )


def test_a_waiver_is_granted_where_it_has_a_period() -> None:
    condition = Condition("channel", True, Text("channel_met"), "F")
    assert Waiver(FAQ, days("2026-12-09", "2029-12-09"), None, (condition,)).granted
    assert not Waiver(FAQ, None, None, (condition,)).granted
