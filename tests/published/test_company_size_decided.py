"""Who is an SME: every limit at both of its sides, the grace period, and the industry that a code belongs to."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from support.core import day, said, told

from fee_service.model import CompanySize, SizeEvidence
from fee_service.published.company_sizes import CompanySizes, SizeDecision
from fee_service.published.editions import Editions

SME, MID_SIZED, LARGE = CompanySize.SME, CompanySize.MID_SIZED, CompanySize.LARGE
ALL_MET = ["average_sales", "total_assets", "business_group", "large_holder"]
Decided = Callable[..., SizeDecision]


@pytest.fixture
def sizes(editions: Editions) -> CompanySizes:
    """The published limits."""
    return editions.company_sizes


@pytest.fixture
def decided(sizes: CompanySizes) -> Decided:
    """The decision on an information and communication company within all limits, with some figures changed."""

    def deciding(on: str = "2026-12-09", **changes: Any) -> SizeDecision:
        within: dict[str, Any] = {"average_sales": 1, "total_assets": 1, "business_group": False, "large_holder": False}
        figures = {"ksic": "J", **within, **changes}
        outgrown = figures.get("outgrown_on")
        figures["outgrown_on"] = day(outgrown) if outgrown else None
        return sizes.decide(SizeEvidence(**figures), day(on))

    return deciding


@pytest.mark.parametrize(
    ("ksic", "industry"),
    [
        ("J", "J"),
        ("J63120", "J"),  # finer than the table
        ("J6x", None),  # not a code
        ("C", None),  # coarser than every manufacturing industry of the table
        ("C2", None),
        ("C26", "C26"),
        ("C261", "C26"),
        ("C26A", None),
        ("E36", "E36"),
        ("E3601", "E36"),  # the longer code of two that fit
        ("E37", "E"),
        ("E", "E"),
        ("N75", "N"),
        ("N76", "N76"),
        ("N761", "N76"),
        ("J-1", None),
        ("63120", None),
        ("", None),
        ("Z", None),
    ],
)
def test_a_code_belongs_to_the_most_exact_industry_that_holds_it(
    sizes: CompanySizes, ksic: str, industry: str | None
) -> None:
    assert sizes.industry(ksic) == industry


def test_a_code_outside_the_table_is_never_decided(decided: Decided) -> None:
    with pytest.raises(LookupError, match=r"^C$"):
        decided(ksic="C")


@pytest.mark.parametrize(
    ("ksic", "on", "ceiling"),
    [
        ("J", "2025-08-31", 80_000_000_000),
        ("J", "2025-09-01", 100_000_000_000),
        ("K", "2025-08-31", 40_000_000_000),
        ("K", "2025-09-01", 40_000_000_000),
        ("N76", "2026-12-09", 40_000_000_000),
        ("N75", "2026-12-09", 80_000_000_000),
        ("E3601", "2026-12-09", 100_000_000_000),
        ("E37", "2026-12-09", 80_000_000_000),
    ],
)
def test_sales_may_reach_the_ceiling_of_the_day_and_not_one_won_more(
    decided: Decided, ksic: str, on: str, ceiling: int
) -> None:
    within, over = (decided(on, ksic=ksic, average_sales=sales) for sales in (ceiling, ceiling + 1))
    assert (within.size, over.size) == (SME, MID_SIZED)
    assert [condition.code for condition in over.conditions if not condition.met] == ["average_sales"]


def test_total_assets_must_be_under_500_billion(decided: Decided) -> None:
    under, at = (decided(total_assets=assets) for assets in (499_999_999_999, 500_000_000_000))
    assert (under.size, at.size) == (SME, MID_SIZED)
    assert [condition.code for condition in at.conditions if not condition.met] == ["total_assets"]


@pytest.mark.parametrize(
    ("changes", "size", "missed"),
    [
        ({"business_group": True}, LARGE, ["business_group"]),
        ({"large_holder": True}, MID_SIZED, ["large_holder"]),
        ({"business_group": True, "large_holder": True}, LARGE, ["business_group", "large_holder"]),
        ({"business_group": True, "average_sales": 10**12}, LARGE, ["average_sales", "business_group"]),
        ({"average_sales": 10**12, "total_assets": 10**12}, MID_SIZED, ["average_sales", "total_assets"]),
    ],
)
def test_outside_the_limits_a_company_of_a_group_is_large_and_any_other_mid_sized(
    decided: Decided, changes: dict[str, Any], size: CompanySize, missed: list[str]
) -> None:
    found = decided(**changes)
    assert found.size is size
    assert [condition.code for condition in found.conditions] == ALL_MET
    assert [condition.code for condition in found.conditions if not condition.met] == missed


def test_every_limit_is_told_with_its_figure_where_it_is_met(decided: Decided) -> None:
    found = decided(average_sales=70_000_000_000, total_assets=3_000_000_000)
    assert [told(condition) for condition in found.conditions] == [
        (
            "average_sales",
            True,
            (
                "Information and communication: average sales of 70,000,000,000 won are within the ceiling of "
                "100,000,000,000."
            ),
            "L",
        ),
        ("total_assets", True, "Total assets of 3,000,000,000 won are under 500,000,000,000.", "L"),
        ("business_group", True, "Not of a disclosure-obliged business group.", "L"),
        (
            "large_holder",
            True,
            "No corporation of 500 billion won or more holds 30 % or more as largest holder.",
            "L",
        ),
    ]


def test_every_limit_is_told_with_its_figure_where_it_is_missed(decided: Decided) -> None:
    found = decided(average_sales=100_000_000_001, total_assets=500_000_000_000, business_group=True, large_holder=True)
    assert [told(condition) for condition in found.conditions] == [
        (
            "average_sales",
            False,
            (
                "Information and communication: average sales of 100,000,000,001 won exceed the ceiling of "
                "100,000,000,000."
            ),
            "L",
        ),
        ("total_assets", False, "Total assets of 500,000,000,000 won are not under 500,000,000,000.", "L"),
        ("business_group", False, "Belongs to a disclosure-obliged business group.", "L"),
        (
            "large_holder",
            False,
            "A corporation of 500 billion won or more holds 30 % or more as largest holder.",
            "L",
        ),
    ]


GRACE = [
    # outgrown before 2024-08-21: three years
    ("2024-08-20", "2024-08-20", True, 3, "2027-08-20"),  # the day itself counts
    ("2024-08-20", "2027-08-19", True, 3, "2027-08-20"),
    ("2024-08-20", "2027-08-20", False, 3, "2027-08-20"),
    # from 2024-08-21 on: five years
    ("2024-08-21", "2027-08-21", True, 5, "2029-08-21"),
    ("2024-08-21", "2029-08-20", True, 5, "2029-08-21"),
    ("2024-08-21", "2029-08-21", False, 5, "2029-08-21"),
    # outgrown after the start: not yet
    ("2026-12-10", "2026-12-09", False, 5, "2031-12-10"),
    # three years from a leap day end with the month (Civil Act 160 III)
    ("2024-02-29", "2027-02-28", True, 3, "2027-03-01"),
    ("2024-02-29", "2027-03-01", False, 3, "2027-03-01"),
]


@pytest.mark.parametrize(("outgrown_on", "on", "met", "years", "end"), GRACE)
def test_a_company_that_outgrew_the_limits_stays_an_sme_for_the_years_of_the_day_on_which_it_did(
    decided: Decided, outgrown_on: str, on: str, met: bool, years: int, end: str
) -> None:
    found = decided(on, average_sales=10**12, outgrown_on=outgrown_on)
    assert found.size is (SME if met else MID_SIZED)
    assert [condition.code for condition in found.conditions] == [*ALL_MET, "grace"]
    text = (
        f"Grace period: still an SME for {years} years from {outgrown_on}, before {end}."
        if met
        else f"No grace period: {years} years from {outgrown_on}, before {end}, and only once."
    )
    assert told(found.conditions[-1]) == ("grace", met, text, "L")


def test_a_grace_period_is_granted_once(decided: Decided) -> None:
    outgrown = {"average_sales": 10**12, "outgrown_on": "2025-01-01"}
    unused, used = decided(**outgrown), decided(**outgrown, grace_used=True)
    assert (unused.size, used.size) == (SME, MID_SIZED)
    assert [condition.text.params["used"] for condition in (unused.conditions[-1], used.conditions[-1])] == [
        False,
        True,
    ]
    assert (
        said(used.conditions[-1].text) == "No grace period: 5 years from 2025-01-01, before 2030-01-01, and only once."
    )


@pytest.mark.parametrize(
    ("beside", "size"),
    [({"business_group": True}, LARGE), ({"large_holder": True}, MID_SIZED)],
    ids=["business group", "large holder"],
)
def test_no_grace_period_where_a_group_or_a_large_holder_stands_behind(
    decided: Decided, beside: dict[str, Any], size: CompanySize
) -> None:
    found = decided(average_sales=10**12, outgrown_on="2025-01-01", **beside)
    assert found.size is size
    assert [condition.code for condition in found.conditions] == ALL_MET


def test_who_meets_every_limit_needs_no_grace_period(decided: Decided) -> None:
    found = decided(outgrown_on="2025-01-01")
    assert (found.size, [condition.code for condition in found.conditions]) == (SME, ALL_MET)


def test_without_a_day_on_which_the_limits_were_outgrown_nothing_is_said_of_grace(decided: Decided) -> None:
    found = decided(average_sales=10**12)
    assert (found.size, [condition.code for condition in found.conditions]) == (MID_SIZED, ALL_MET)


def test_figures_without_a_grace_period_leave_it_open_and_unused() -> None:
    evidence = SizeEvidence("J", 1, 1, False, False)
    assert (evidence.outgrown_on, evidence.grace_used) == (None, False)


def test_the_first_ceiling_holds_from_the_earliest_day(sizes: CompanySizes) -> None:
    assert {steps[0].valid_from for steps in sizes.ceilings.values()} == {date.min}
    assert sizes.grace[0].valid_from == date.min
