"""Earlier waiver use is found by the business number, whatever the caller says and whatever the company is called."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.asking import NUMBER, OTHER_NUMBER, call, issue, loaded, said, shown

from fee_service.answers.request import request_from
from fee_service.errors import FeeError
from fee_service.model import EarlierWaiver, QuoteRequest
from fee_service.periods import Period
from fee_service.quotes import closing, issuing, previewing
from fee_service.quotes.desk import Desk
from fee_service.rules.prior_use import covers, united, with_earlier_waivers

YEAR_LATER = {"starts_on": "2027-12-09"}
FOUND = {"quote": "Q-2026-000001", "starts_on": "2026-12-09", "ends_on": "2027-11-30"}


def accept(at: Desk, number: str) -> dict[str, Any]:
    """Accept a quote on the day of issue."""
    return said(closing.accept(at, number, call()))


@pytest.fixture
def after_a_year(desk: Desk) -> Desk:
    """A desk where the company has an accepted contract of twelve calendar months, all of them waived."""
    accept(desk, issue(desk, months=12)["number"])
    return desk


def test_the_waiver_that_is_left_begins_where_the_ledger_ends(after_a_year: Desk) -> None:
    """36 months less 11 months and 22 days (9 December to 30 November)."""
    quote = issue(after_a_year, **YEAR_LATER)
    assert quote["waiver"]["prior_found"] == [FOUND]
    assert quote["request"]["prior_waiver"] == [{"starts_on": "2026-12-09", "ends_on": "2027-11-30"}]
    assert quote["waiver"]["cut_short_by"] == "prior_waiver"
    assert quote["waiver"]["ends_on"] == "2029-12-17"
    assert quote["notices"][0]["code"] == "prior_waiver_found"
    assert "Q-2026-000001" in quote["notices"][0]["text"]


def test_a_change_of_name_hides_nothing(after_a_year: Desk) -> None:
    """The business number stays."""
    quote = issue(after_a_year, company_name="새이름 주식회사", **YEAR_LATER)
    assert quote["waiver"]["prior_found"] == [FOUND]


def test_a_business_number_without_hyphens_is_the_same_number(after_a_year: Desk) -> None:
    """1248100998 and 124-81-00998."""
    quote = issue(after_a_year, company_business_number=NUMBER.replace("-", ""), **YEAR_LATER)
    assert quote["waiver"]["prior_found"] == [FOUND]


def test_another_company_is_another_company(after_a_year: Desk) -> None:
    """Even of the same name."""
    assert issue(after_a_year, company_business_number=OTHER_NUMBER, **YEAR_LATER)["waiver"]["prior_found"] == []


def test_a_preview_finds_the_same(after_a_year: Desk) -> None:
    """Preview equals issued, also here."""
    preview = previewing.preview(loaded(**YEAR_LATER), after_a_year.editions, call().today, after_a_year.ledger)
    assert [waiver.quote for waiver in preview.prior_found] == ["Q-2026-000001"]
    assert preview.waiver.period is not None
    assert preview.waiver.period.last_day == date(2029, 12, 17)


def test_the_caller_may_state_more_but_not_less(after_a_year: Desk) -> None:
    """A stated period is united with what was found; an overlap counts once."""
    stated = [{"starts_on": "2026-06-09", "ends_on": "2027-01-08"}]
    more = issue(after_a_year, prior_waiver=stated, **YEAR_LATER)
    assert more["request"]["prior_waiver"] == [{"starts_on": "2026-06-09", "ends_on": "2027-11-30"}]
    less = issue(after_a_year, prior_waiver=[{"starts_on": "2026-12-09", "ends_on": "2026-12-10"}], **YEAR_LATER)
    assert less["request"]["prior_waiver"] == [{"starts_on": "2026-12-09", "ends_on": "2027-11-30"}]


def test_only_days_before_the_start_count(desk: Desk) -> None:
    """An earlier waiver that is still running is cut where the new contract begins."""
    accept(desk, issue(desk, months=36)["number"])
    quote = issue(desk, starts_on="2027-03-09")
    assert quote["waiver"]["prior_found"] == [
        {"quote": "Q-2026-000001", "starts_on": "2026-12-09", "ends_on": "2027-03-08"}
    ]
    assert quote["waiver"]["ends_on"] == "2029-12-08"


def test_a_start_on_the_same_day_finds_nothing_before_it(desk: Desk) -> None:
    """No day lies before it."""
    accept(desk, issue(desk)["number"])
    assert issue(desk)["waiver"]["prior_found"] == []


def test_what_nobody_accepted_uses_nothing(desk: Desk) -> None:
    """Issued, withdrawn and revised quotes leave the ledger as it is."""
    first = issue(desk)["number"]
    closing.withdraw(desk, issue(desk)["number"], call())
    issuing.revise(desk, first, loaded(months=12), call())
    assert issue(desk, **YEAR_LATER)["waiver"]["prior_found"] == []


def test_a_contract_without_a_waiver_uses_nothing(desk: Desk) -> None:
    """A large company gets none."""
    accept(desk, issue(desk, company_size="large", company_qualification="none")["number"])
    assert issue(desk, **YEAR_LATER)["waiver"]["prior_found"] == []


def test_two_quotes_of_the_same_waiver_are_not_both_accepted(desk: Desk) -> None:
    """The second promised what the first has used: it has to be revised, and then it counts that in."""
    first, second = issue(desk, months=12), issue(desk, **YEAR_LATER)
    accept(desk, first["number"])
    with pytest.raises(FeeError) as error:
        accept(desk, second["number"])
    assert (error.value.status, error.value.faults[0].code) == (409, "waiver_used_meanwhile")
    assert shown(desk, second["id"])["status"] == "issued"
    revised = said(issuing.revise(desk, second["number"], loaded(**YEAR_LATER), call()))
    assert revised["waiver"]["prior_found"] == [FOUND]
    assert accept(desk, revised["number"])["status"] == "accepted"


@pytest.mark.parametrize(
    ("later", "earlier", "fits"),
    [
        ({"starts_on": "2027-03-09", "months": 37}, {"months": 37}, False),  # 38 months and 26 days in all
        ({"starts_on": "2027-03-01", "months": 36}, {"months": 3}, False),  # another two months and 23 days before it
        ({"starts_on": "2028-12-01", "months": 12}, {"months": 24}, True),  # 12 months and less than 24
        ({"starts_on": "2026-12-09", "months": 36}, {"months": 36}, True),  # the same days, used once
    ],
)
def test_no_order_of_acceptance_grants_more_than_the_policy(
    desk: Desk, later: dict[str, Any], earlier: dict[str, Any], fits: bool
) -> None:
    """The contract that starts later is accepted first: the earlier one may only use what is left."""
    accept(desk, issue(desk, **later)["number"])
    quote = issue(desk, **earlier)
    assert ("waiver_used_by_later_contract" in [notice["code"] for notice in quote["notices"]]) is not fits
    if fits:
        assert accept(desk, quote["number"])["status"] == "accepted"
        return
    with pytest.raises(FeeError) as error:
        accept(desk, quote["number"])
    assert (error.value.status, error.value.faults[0].code) == (409, "waiver_used_by_later_contract")
    assert shown(desk, quote["id"])["status"] == "issued"


DAYS = st.dates(date(2020, 1, 1), date(2022, 12, 31))
PERIODS = st.lists(st.tuples(DAYS, DAYS).map(lambda pair: Period.through(min(pair), max(pair))), max_size=5)


def _days(periods: Any) -> set[int]:
    return {day for period in periods for day in range(period.start.toordinal(), period.end.toordinal())}


@given(PERIODS)
def test_united_periods_hold_the_same_days_and_do_not_overlap(periods: list[Period]) -> None:
    """Whatever overlaps is one; no day is lost or counted twice."""
    found = united(periods)
    assert _days(found) == _days(periods)
    assert sum(period.days for period in found) == len(_days(periods))


@given(PERIODS, PERIODS, DAYS)
def test_found_days_are_always_counted_in(stated: list[Period], known: list[Period], start: date) -> None:
    """The request holds every stated day, every known day before its start, and no other."""
    before = [period for period in united(stated) if period.end <= start]
    company = {"name": None, "business_number": None, "founded_on": "2019-01-01", "size": "sme",
               "size_evidence": None, "corporation": True, "qualification": None, "exclusions": []}  # fmt: skip
    data = {"company": company, "starts_on": start.isoformat(), "apis": [], "licences": [], "channel": "open_api",
            "api_calls_per_month": None, "ends_on": None, "months": 1, "test_months": 0, "prior_waiver": [],
            "waiver_policy": None, "price_list": None}  # fmt: skip
    request = request_from(data)
    asked = QuoteRequest(request.company, start, prior_waiver=tuple(before))
    counted, found = with_earlier_waivers(asked, [EarlierWaiver("Q", period) for period in known])
    in_time = {day for day in _days(known) if day < start.toordinal()}
    assert _days(counted.prior_waiver) == _days(before) | in_time
    assert covers(counted.prior_waiver, (waiver.period for waiver in found))
