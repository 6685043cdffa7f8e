"""An audit's finding: fees found against fees reported by month, and from which share on the customer pays."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from support.running import contract_of

from fee_service.model import Usage
from fee_service.published.editions import Editions
from fee_service.rules.audits import AuditFinding, audited, explained, too_soon_after
from fee_service.rules.reportable import reportable
from fee_service.wording import in_language

JANUARY, FEBRUARY = date(2027, 1, 1), date(2027, 2, 1)
AUDITED_ON = date(2027, 6, 1)
REQUEST: dict[str, Any] = {
    "company": {"founded_on": "2010-01-01", "size": "large"},
    "starts_on": "2027-01-01",
    "licences": [
        {"contract": "real_time", "product": "securities_a"},
        {"contract": "closing_price", "product": "securities_b"},
    ],
}


def personal(ids: int, product: str = "securities_a") -> tuple[tuple[str, Usage], ...]:
    """Personal IDs of a product; of securities A each costs 1,100 won a month."""
    return ((product, Usage(personal_ids=ids)),)


def finding(
    editions: Editions, found: dict[date, int], reported: dict[str, int], audited_on: date = AUDITED_ON, **life: Any
) -> AuditFinding:
    """An audit of securities A's personal IDs, by month."""
    reports = [
        {"month": month, "reported_on": f"{month[:5]}{int(month[5:]) + 1:02}-10",
         "usage": {"securities_a": {"personal_ids": ids}}}
        for month, ids in reported.items()
    ]  # fmt: skip
    contract = contract_of({"request": REQUEST, "reports": reports, **life}, editions)
    return audited(contract, editions, {month: personal(ids) for month, ids in found.items()}, audited_on)


@pytest.mark.parametrize(
    ("found", "under", "customer_pays"),
    [
        (100, 0, False),
        (110, 11_000, False),  # 10 × 1,100 is exactly a tenth of 100 × 1,100
        (111, 12_100, True),
        (90, 0, False),  # reported too high
    ],
)
def test_over_a_tenth_of_the_reported_fees_the_customer_bears_the_cost(
    editions: Editions, found: int, under: int, customer_pays: bool
) -> None:
    """110,000 won were reported; a tenth is 11,000: at it Koscom bears the cost, a won over it the customer does."""
    audit = finding(editions, {JANUARY: found}, {"2027-01": 100})
    assert (audit.fees_reported, audit.limit) == (110_000, 11_000)
    assert (audit.under_reported, audit.customer_pays) == (under, customer_pays)


def test_the_share_is_of_all_audited_months(editions: Editions) -> None:
    """January is 20 IDs short of 100, but of the 300 reported in both months a tenth is 30: 22,000 of 330,000."""
    audit = finding(editions, {JANUARY: 120, FEBRUARY: 200}, {"2027-01": 100, "2027-02": 200})
    assert [month.under_reported for month in audit.months] == [22_000, 0]
    assert (audit.under_reported, audit.limit, audit.customer_pays) == (22_000, 33_000, False)


def test_a_month_reported_too_high_makes_up_for_no_other(editions: Editions) -> None:
    """January 40 IDs short, February 40 too many: 44,000 won are under-reported, over 33,000."""
    audit = finding(editions, {JANUARY: 140, FEBRUARY: 160}, {"2027-01": 100, "2027-02": 200})
    assert (audit.fees_found, audit.fees_reported) == (330_000, 330_000)
    assert (audit.under_reported, audit.customer_pays) == (44_000, True)


def test_what_was_never_reported_is_under_reported(editions: Editions) -> None:
    """A month without a report adds nothing to the reported fees; found use beside it is short in whole."""
    audit = finding(editions, {JANUARY: 100, FEBRUARY: 1}, {"2027-01": 100})
    assert (audit.months[1].report, audit.months[1].under_reported) == (None, 1_100)
    assert (audit.fees_reported, audit.customer_pays) == (110_000, False)
    assert finding(editions, {JANUARY: 1}, {}).customer_pays  # any won is over a tenth of nothing
    assert not finding(editions, {JANUARY: 0}, {}).customer_pays


def test_a_report_that_comes_after_the_audit_does_not_count(editions: Editions) -> None:
    """What was known on the day of the audit is compared; reported on 2027-02-10, audited on the 9th, nothing was."""
    assert finding(editions, {JANUARY: 100}, {"2027-01": 100}, date(2027, 2, 10)).fees_reported == 110_000
    assert finding(editions, {JANUARY: 100}, {"2027-01": 100}, date(2027, 2, 9)).fees_reported == 0


def test_the_newest_report_of_a_month_counts(editions: Editions) -> None:
    """100 corrected to 120: 120 found are no shortfall."""
    used = {"usage": {"securities_a": {"personal_ids": 120}}}
    reports = [
        {"month": "2027-01", "reported_on": "2027-02-10", "usage": {"securities_a": {"personal_ids": 100}}},
        {"month": "2027-01", "reported_on": "2027-02-20", **used},
    ]
    contract = contract_of({"request": REQUEST, "reports": reports}, editions)
    audit = audited(contract, editions, {JANUARY: personal(120)}, AUDITED_ON)
    assert (audit.months[0].report, audit.under_reported) == (contract.reports[1], 0)


def test_fees_of_an_audit_are_those_of_the_dues(editions: Editions) -> None:
    """From 2027-01-17 to the 31st are 15 of 31 days: 100 × 1,100 × 15 / 31 = 53,225.8."""
    request = {**REQUEST, "starts_on": "2027-01-17"}
    contract = contract_of({"request": request}, editions)
    assert audited(contract, editions, {JANUARY: personal(100)}, AUDITED_ON).fees_found == 53_225
    ended = contract_of({"request": REQUEST, "events": [{"kind": "ended", "on": "2027-01-15"}]}, editions)
    assert audited(ended, editions, {JANUARY: personal(100)}, AUDITED_ON).fees_found == 53_225


def test_ids_that_another_product_covers_cost_nothing_in_an_audit_either(editions: Editions) -> None:
    """Note 1 of the variable fees: of 100 IDs of securities C, 100 of securities A free all; with 60 of A, 40 cost."""
    request = {**REQUEST, "licences": [{"contract": "real_time", "product": f"securities_{x}"} for x in "ac"]}
    contract = contract_of({"request": request}, editions)
    alone = audited(contract, editions, {JANUARY: personal(40, "securities_c")}, AUDITED_ON).fees_found
    covered = (*personal(60), *personal(100, "securities_c"))
    assert alone > 0
    assert audited(contract, editions, {JANUARY: covered}, AUDITED_ON).fees_found == 60 * 1_100 + alone


def test_the_explanation_names_every_month_that_differs(editions: Editions) -> None:
    """With what was reported, found and short of it, and why who bears the cost."""
    audit = finding(editions, {JANUARY: 120, FEBRUARY: 5}, {"2027-01": 100})
    rule = editions.contract_rules.audit
    assert in_language(explained(audit, 3_000_000, rule), "en") == (
        "2027-01: usage fees of 110,000 won by the report, 132,000 won as found, 22,000 won under-reported. "
        "2027-02: nothing was reported; all of the 5,500 won found are under-reported. "
        "The 27,500 won under-reported are over 10% (11,000 won) of the 110,000 won of usage fees from the reports of "
        "the audited time, so the customer bears the cost of the audit, 3,000,000 won "
        f"({rule.written.cited.en})."
    )
    assert "코스콤이 부담합니다" in in_language(explained(finding(editions, {JANUARY: 0}, {}), 1, rule), "ko")


def test_a_share_that_is_no_whole_percent_is_told_as_a_fraction(editions: Editions) -> None:
    """A third of the reported fees is 100/3 %, and nothing is rounded."""
    audit = finding(editions, {JANUARY: 120}, {"2027-01": 100})._replace(over=Fraction(1, 3))
    assert "100/3%" in in_language(explained(audit, 1, editions.contract_rules.audit), "en")


def test_audits_come_at_most_once_in_twelve_months(editions: Editions) -> None:
    """After one on 2027-06-01, the next is too soon until 2028-05-31, and no longer on 2028-06-01."""
    rule, earlier = editions.contract_rules.audit, [date(2026, 1, 1), date(2027, 6, 1)]
    assert too_soon_after(earlier, date(2028, 5, 31), rule) == date(2027, 6, 1)
    assert too_soon_after(earlier, date(2028, 6, 1), rule) is None
    assert too_soon_after(earlier, date(2027, 5, 31), rule) is None  # what comes later is none of its business
    assert too_soon_after([], date(2027, 6, 1), rule) is None


def test_what_is_reported_is_what_the_list_charges_for(editions: Editions) -> None:
    """Real-time products with the kinds of use that have a cell; closing data has none."""
    price_list = editions.price_lists_over(contract_of({"request": REQUEST}, editions).horizon)[0][1]
    licensed = (("real_time", "securities_a"), ("closing_price", "securities_b"))
    assert reportable(licensed, price_list) == {"securities_a": (True, True, True)}
