"""Who may use the platform: each condition met, missed and left open, word for word, with its clause."""

from typing import Any

import pytest
from support.core import day, told, young

from fee_service.model import Company, CompanySize, Condition, Eligibility, Exclusion, Qualification
from fee_service.published.editions import Editions
from fee_service.rules.eligibility import assess, assumed

START = "2026-12-09"
MET = {
    "corporation": ("corporation", True, "The company is a corporation.", "F"),
    "company_size": ("company_size", True, "The company is an SME.", "F"),
    "exclusions": ("exclusions", True, "No ground for exclusion.", "F"),
    "qualification": (
        "qualification",
        True,
        "Qualified: Fintech business class of the Financial Services Commission.",
        "F",
    ),
}
GROUNDS_NOW = (
    "Fintech business class of the Financial Services Commission, Electronic financial business or its auxiliary, "
    "Otherwise recognised"
)


def assessed(editions: Editions, on: str = START, **company: Any) -> Eligibility:
    return assess(young(**company), editions.onboarding, day(on))


def test_an_sme_that_is_a_qualified_corporation_is_eligible(editions: Editions) -> None:
    found = assessed(editions)
    assert found.status == "eligible"
    assert [told(condition) for condition in found.reasons] == list(MET.values())
    assert not any(condition.assumed for condition in found.reasons)


@pytest.mark.parametrize(
    ("company", "code", "text"),
    [
        (
            {"corporation": False},
            "corporation",
            "Only corporations may use the platform; a sole proprietor or person may apply once incorporated.",
        ),
        (
            {"size": CompanySize.MID_SIZED},
            "company_size",
            "The company is not an SME under the SME Framework Act (size: mid-sized company); an SME would meet this.",
        ),
        (
            {"size": CompanySize.LARGE},
            "company_size",
            "The company is not an SME under the SME Framework Act (size: large company); an SME would meet this.",
        ),
        (
            {"exclusions": (Exclusion.INSOLVENCY,)},
            "exclusions",
            "Excluded: Insolvency or disorder in financial dealings. Without these grounds the condition would be met.",
        ),
        (
            {"exclusions": (Exclusion.GAMBLING, Exclusion.ILLEGAL_MODEL)},
            "exclusions",
            (
                "Excluded: Gambling business (Act on Special Cases concerning Regulation and Punishment of Speculative "
                "Acts), Illegal business model. Without these grounds the condition would be met."
            ),
        ),
        (
            {"qualification": Qualification.NONE},
            "qualification",
            f"No qualification. One of these would meet this: {GROUNDS_NOW}.",
        ),
    ],
)
def test_exactly_the_one_condition_that_is_unmet_closes_the_platform_and_says_what_would_meet_it(
    editions: Editions, company: dict[str, Any], code: str, text: str
) -> None:
    found = assessed(editions, **company)
    assert found.status == "ineligible"
    expected = {**MET, code: (code, False, text, "F")}
    assert [told(condition) for condition in found.reasons] == list(expected.values())


def test_what_is_left_open_counts_as_met_and_is_told_as_assumed(editions: Editions) -> None:
    found = assessed(editions, qualification=None, left_open=frozenset({"corporation", "exclusions"}))
    assert found.status == "needs_review"
    assert [(*told(condition), condition.assumed) for condition in found.reasons] == [
        (
            "corporation",
            True,
            "Whether the company is a corporation is not stated; assumed, and still to be confirmed.",
            "F",
            True,
        ),
        (*MET["company_size"], False),
        (
            "exclusions",
            True,
            "Whether a ground for exclusion exists is not stated; none is assumed, still to be confirmed.",
            "F",
            True,
        ),
        (
            "qualification",
            True,
            "The qualification is not stated; computed as if the review passes, still to be confirmed.",
            "F",
            True,
        ),
    ]


def test_a_qualification_that_is_not_stated_needs_no_review_where_the_company_is_refused(editions: Editions) -> None:
    assert assessed(editions, qualification=None).status == "needs_review"
    assert assessed(editions, qualification=None, size=CompanySize.LARGE).status == "ineligible"


def test_a_stated_qualification_is_eligible_even_where_something_else_is_left_open(editions: Editions) -> None:
    assert assessed(editions, left_open=frozenset({"corporation"})).status == "eligible"


@pytest.mark.parametrize(("on", "counts"), [("2022-02-10", True), ("2022-02-11", False)])
def test_the_fintech_centre_is_a_ground_until_its_last_day(editions: Editions, on: str, counts: bool) -> None:
    found = assessed(editions, on, founded_on="2020-01-01", qualification=Qualification.FINTECH_CENTRE)
    assert found.status == ("eligible" if counts else "ineligible")
    text = (
        "Qualified: Recognised by the fintech centre."
        if counts
        else "No ground of its own any more since 2022-02-11: Recognised by the fintech centre. "
        f"One of these would meet this: {GROUNDS_NOW}."
    )
    assert told(found.reasons[-1]) == ("qualification", counts, text, "F")


def test_an_assumption_is_met_open_and_cited() -> None:
    condition = assumed("policy_qualification", "S", wanted="fintech")
    assert (condition.code, condition.met, condition.source, condition.assumed) == (
        "policy_qualification",
        True,
        "S",
        True,
    )
    assert (condition.text.code, condition.text.params) == ("policy_qualification_assumed", {"wanted": "fintech"})


def test_a_condition_is_stated_unless_it_is_said_to_be_assumed(editions: Editions) -> None:
    text = assessed(editions).reasons[0].text
    assert Condition("corporation", True, text, "F").assumed is False


def test_a_company_of_which_little_is_said_is_a_corporation_without_grounds_for_exclusion() -> None:
    company = Company(day("2025-01-01"), CompanySize.SME)
    assert (company.corporation, company.exclusions, company.left_open) == (True, (), frozenset())
    assert (company.qualification, company.size_evidence) == (None, None)
    assert (company.name, company.business_number) == (None, None)
