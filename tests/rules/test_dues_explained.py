"""What is said of a due, word for word: the way to the month's amount, what happened, what it is billed by."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from support.core import LIST as LIST_ID
from support.core import A
from support.running import contract_of

from fee_service.answers.dues import dues_data
from fee_service.published.editions import Editions, NotFound
from fee_service.rules.dues import Dues, dues
from fee_service.wording import OneLanguage

ASKED = {
    "company": {"founded_on": "2010-01-01", "size": "large"},
    "starts_on": "2027-01-01",
    "licences": [{"contract": "real_time", "product": "securities_b", "usage": {"standard_ids": 10}}],
}
LIST = "(price list market-data-2018-07-01, P1 appendix A)"


def owed(editions: Editions, first: str, last: str, as_of: str, **life: Any) -> Dues:
    """What the contract owes for some months."""
    contract = contract_of({"request": ASKED, **life}, editions)
    months = (date.fromisoformat(f"{month}-01") for month in (first, last))
    return dues(contract, editions, *months, date.fromisoformat(as_of))


def told(owing: Dues, fee: str = "usage_fee", language: OneLanguage = "en") -> list[str]:
    """What is said of the lines of a fee."""
    lines = dues_data("Q", owing, language)["lines"]
    return [line["explanation"] for line in lines if line["fee"] == fee]


def report(month: str, on: str, **used: int) -> dict[str, Any]:
    """A report of securities B."""
    return {"month": month, "reported_on": on, "usage": {"securities_b": used} if used else {}}


def test_an_assumed_usage_says_that_no_report_has_come_and_when_it_is_billed(editions: Editions) -> None:
    """10 × 12,000 as quoted."""
    (assumed,) = told(owed(editions, "2027-01", "2027-01", "2027-02-28"))
    assert assumed == (
        f"12,000 won an ID and month × 10 = 120,000 won {LIST}. No usage report of 2027-01 yet: computed with the "
        "usage as quoted, to be billed on 2027-03-01."
    )


def test_an_estimate_says_which_month_it_repeats(editions: Editions) -> None:
    """As quoted where nothing was ever reported, else like the report that is known."""
    first = told(owed(editions, "2027-01", "2027-01", "2027-03-01"))[0]
    assert first.endswith(
        "No usage report of 2027-01, nor of a month before, came in before 2027-03-01: billed as quoted, and settled "
        "once a report comes in (P1 §9.3)."
    )
    known = [report("2027-01", "2027-02-10", standard_ids=3)]
    (second,) = told(owed(editions, "2027-02", "2027-02", "2027-04-01", reports=known))
    assert second == (
        f"12,000 won an ID and month × 3 = 36,000 won {LIST}. No usage report of 2027-02 came in before 2027-04-01: "
        "billed like the usage of 2027-01, reported on 2027-02-10, and settled once a report comes in (P1 §9.3)."
    )


def test_a_settlement_says_what_was_billed_and_what_is_left(editions: Editions) -> None:
    """36,000 are due, 120,000 were billed."""
    late = [report("2027-01", "2027-03-10", standard_ids=3)]
    _, settled = told(owed(editions, "2027-01", "2027-01", "2027-12-31", reports=late))
    assert settled == (
        f"12,000 won an ID and month × 3 = 36,000 won {LIST}. Billed on 2027-04-01 by the usage report of 2027-01 that "
        "came in on 2027-03-10 (P1 §10.2). Of it 120,000 won were billed before; the difference of -84,000 won is "
        "settled on 2027-04-01 (P1 §9.3)."
    )


def test_a_settlement_of_what_was_not_used_names_no_price(editions: Editions) -> None:
    """The report of no use takes back what was estimated."""
    late = [report("2027-01", "2027-03-10")]
    _, settled = told(owed(editions, "2027-01", "2027-01", "2027-12-31", reports=late), language="ko")
    assert settled == (
        "2027-01 이용 보고에는 이 요금의 이용이 없습니다. 2027-01 이용 보고(2027-03-10 접수)에 따라 2027-04-01에 "
        "청구합니다(P1 제10조 제2항). 이미 청구한 120,000원과의 차액 -120,000원을 2027-04-01에 "
        "정산합니다(P1 제9조 제3항)."
    )


def test_an_end_is_told_in_its_month_alone(editions: Editions) -> None:
    """800,000 × 14 / 31 = 361,290.3."""
    ended = [{"kind": "ended", "on": "2027-03-14"}]
    february, march = told(owed(editions, "2027-02", "2027-05", "2027-12-31", events=ended), "base_fee")
    assert "ended" not in february
    assert march.endswith("14 contract days of 31 (P1 §10.2, P2 §6) → 361,290 won. The contract ended on 2027-03-14.")


def test_a_withdrawn_waiver_is_told_from_its_day_on_and_only_of_what_was_waived(editions: Editions) -> None:
    """February is the first month that it touches; a usage fee was never waived."""
    company = {"founded_on": "2025-01-01", "size": "sme", "qualification": "fintech"}
    withdrawn = [{"kind": "waiver_withdrawn", "on": "2027-02-28"}]
    life = {"request": {**ASKED, "company": company}, "events": withdrawn}
    contract = contract_of(life, editions)
    owing = dues(contract, editions, date(2027, 1, 1), date(2027, 3, 1), date(2027, 12, 31))
    sentence = "The waiver was withdrawn from 2027-02-28 on."
    assert [sentence in each for each in told(owing, "base_fee")] == [False, True, True]
    assert not any(sentence in each for each in told(owing))
    assert "27 of 28 contract days waived, 1 charged → 28,571 won." in told(owing, "base_fee")[1]  # 800,000 / 28


def test_a_month_without_a_list_is_an_error_and_no_due_of_0(made_up_editions: Editions) -> None:
    """The contract runs on, but what it owes then is not published."""
    request = {**ASKED, "starts_on": "2014-07-01", "months": 1, "licences": [{"contract": "real_time", "product": A}]}
    editions = replace(made_up_editions, price_lists=made_up_editions.price_lists[:1])  # through 2015-12-31
    contract, today = contract_of({"request": request}, editions), date(2014, 7, 1)
    assert dues(contract, editions, date(2015, 12, 1), date(2015, 12, 1), today).lines
    with pytest.raises(NotFound):
        dues(contract, editions, date(2015, 12, 1), date(2016, 1, 1), today)


def test_dues_name_the_readings_that_they_rest_on(editions: Editions) -> None:
    """That of the estimate where something is estimated or settled; that of a named list after the quoted months."""
    assert dues_data("Q", owed(editions, "2027-01", "2027-01", "2027-02-28"), "en")["readings"] == []
    (estimated,) = dues_data("Q", owed(editions, "2027-01", "2027-01", "2027-03-01"), "en")["readings"]
    assert "the usage of the month before is taken to be billed" in estimated["text"]
    asked = {**ASKED, "months": 2, "price_list": LIST_ID}
    for months, named in (((date(2027, 1, 1), date(2027, 2, 1)), 0), ((date(2027, 2, 1), date(2027, 3, 1)), 1)):
        owing = dues(contract_of({"request": asked}, editions), editions, *months, date(2027, 1, 1))
        assert len(dues_data("Q", owing, "en")["readings"]) == named
