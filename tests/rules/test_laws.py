"""Laws that hold for every contract, whatever the prices are."""

import copy
import random
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from support.contracts import random_contract

Ask = Callable[[dict[str, Any]], dict[str, Any]]

ONE_DAY = timedelta(days=1)
AMOUNTS = ("list", "waiver", "net")
LONGEST_TWO_MONTHS = 62
SEEDS = st.integers(min_value=0, max_value=2**32 - 1)
for_many = settings(
    max_examples=80,
    deadline=None,
    # `ask` keeps no state between calls; filtering contracts by their answer is part of some laws
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
    ],
)


def _contract(seed: int) -> dict[str, Any]:
    return random_contract(random.Random(seed))


def _changed(request: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return a copy of a request with some fields replaced; None removes a field."""
    result = copy.deepcopy(request)
    for name, value in changes.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = value
    return result


def _first_of_next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def _contract_months(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the months of an answer that hold contract days, without those that hold test days only."""
    return [month for month in answer["months"] if month["days"]]


def _figures(month: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(month[name] for name in ("month", "days", "days_in_month", *AMOUNTS))


def _last_day(month: dict[str, Any]) -> str:
    """Return the last calendar day of a month of an answer."""
    return f"{month['month']}-{month['days_in_month']:02d}"


# --- sums ---


@for_many
@given(seed=SEEDS)
def test_lines_sum_to_months_and_months_to_totals(ask: Ask, seed: int) -> None:
    """No won appears or is lost between lines, months and totals."""
    answer = ask(_contract(seed))
    ids = [line["id"] for line in answer["lines"]]
    assert len(ids) == len(set(ids))
    for month in answer["months"]:
        assert {row["line"] for row in month["lines"]} <= set(ids)
        for amount in AMOUNTS:
            assert sum(row[amount] for row in month["lines"]) == month[amount], (month["month"], amount)
    for amount in AMOUNTS:
        assert sum(month[amount] for month in answer["months"]) == answer["totals"][amount], amount


@for_many
@given(seed=SEEDS)
def test_invoices_sum_to_totals(ask: Ask, seed: int) -> None:
    """What is billed is what is owed; every invoice bears a tenth of VAT, rounded down."""
    answer = ask(_contract(seed))
    invoices, totals = answer["invoices"], answer["totals"]
    assert sum(invoice["supply"] for invoice in invoices) == totals["net"]
    assert sum(invoice["vat"] for invoice in invoices) == totals["vat"]
    assert sum(invoice["total"] for invoice in invoices) == totals["total"] == totals["net"] + totals["vat"]
    for invoice in invoices:
        assert invoice["vat"] == invoice["supply"] // 10
        assert invoice["total"] == invoice["supply"] + invoice["vat"]
    days = [invoice["issued_on"] for invoice in invoices]
    assert days == sorted(set(days))


@for_many
@given(seed=SEEDS)
def test_every_amount_is_a_whole_won_and_no_waiver_exceeds_its_list_amount(ask: Ask, seed: int) -> None:
    """Lists are never negative, waivers never positive and never larger than what they waive."""
    answer = ask(_contract(seed))
    rows = [row for month in answer["months"] for row in [month, *month["lines"]]] + [answer["totals"]]
    for row in rows:
        assert all(type(row[amount]) is int for amount in AMOUNTS)
        assert row["list"] >= 0
        assert -row["list"] <= row["waiver"] <= 0
        assert row["net"] == row["list"] + row["waiver"]


@for_many
@given(seed=SEEDS)
def test_the_amount_of_the_waiver_is_what_the_totals_waive(ask: Ask, seed: int) -> None:
    """The waiver names its amount as a positive number."""
    answer = ask(_contract(seed))
    assert answer["waiver"]["amount"] == -answer["totals"]["waiver"]
    if not answer["waiver"]["granted"]:
        assert answer["waiver"]["amount"] == 0


@for_many
@given(seed=SEEDS)
def test_days_of_a_month_nest(ask: Ask, seed: int) -> None:
    """Waived days are contract days, contract days are days of the month; months follow one another."""
    answer = ask(_contract(seed))
    months = answer["months"]
    for month in months:
        assert 0 <= month["waived_days"] <= month["days"] <= month["days_in_month"]
    for before, month in pairwise(months):
        following = _first_of_next_month(date.fromisoformat(before["month"] + "-01"))
        assert month["month"] == following.isoformat()[:7]


# --- the waiver ---


@for_many
@given(seed=SEEDS)
def test_a_waiver_never_raises_a_bill(ask: Ask, seed: int) -> None:
    """A large company, which gets no waiver, pays no less than the same company as an SME."""
    request = _contract(seed)
    request["company"]["size"] = "sme"
    small = ask(request)
    request["company"]["size"] = "large"
    large = ask(request)
    assert not large["waiver"]["granted"]
    assert small["totals"]["net"] <= large["totals"]["net"]
    assert small["totals"]["total"] <= large["totals"]["total"]
    assert small["totals"]["list"] == large["totals"]["list"]


@for_many
@given(seed=SEEDS)
def test_a_waiver_of_a_young_company_ends_by_its_seventh_birthday(ask: Ask, seed: int) -> None:
    """Only the 12-month scheme outlasts the seventh birthday; under the FAQ the birthday is too late."""
    request = _contract(seed)
    waiver = ask(request)["waiver"]
    assume(waiver["granted"] and waiver["policy"] != "startup-12-months")
    founded_on, ends_on = (
        date.fromisoformat(request["company"]["founded_on"]),
        date.fromisoformat(waiver["ends_on"]),
    )
    # "within" counts from the day after: founded on 2021-02-28, it is counted from 1 March and ends on 2028-02-29
    counted = founded_on + ONE_DAY if waiver["policy"] == "startup-support-2018-07" else founded_on
    age_limit = (counted.year + 7, counted.month, counted.day)
    assert (ends_on.year, ends_on.month, ends_on.day) < age_limit


@for_many
@given(seed=SEEDS, shift=st.integers(min_value=1, max_value=500))
def test_a_later_start_never_brings_an_earlier_end_of_the_waiver(ask: Ask, seed: int, shift: int) -> None:
    """With the same policy and earlier use the last waived day moves with the start or stays."""
    request = _changed(_contract(seed), ends_on=None, months=1, test_months=None, apis=None)
    early = ask(request)["waiver"]
    assume(early["granted"])
    starts_on = date.fromisoformat(request["starts_on"]) + timedelta(days=shift)
    late = ask(_changed(request, starts_on=starts_on.isoformat(), waiver_policy=early["policy"]))["waiver"]
    if late["granted"]:
        assert early["ends_on"] <= late["ends_on"]


@for_many
@given(
    seed=SEEDS,
    gap=st.integers(min_value=0, max_value=100),
    length=st.integers(min_value=1, max_value=800),
    more=st.integers(min_value=LONGEST_TWO_MONTHS, max_value=800),
    age=st.integers(min_value=0, max_value=1500),
)
def test_a_longer_earlier_waiver_never_lengthens_the_waiver(
    ask: Ask, seed: int, gap: int, length: int, more: int, age: int
) -> None:
    """Longer by two months or more means no later end.

    A few days more need not: 30 used days become one used month of 31, which may be a February at the end.
    """
    request = _changed(_contract(seed), prior_waiver=None, test_months=None, months=1, ends_on=None)
    last = date.fromisoformat(request["starts_on"]) - timedelta(days=1 + gap)
    short, long = last - timedelta(days=length - 1), last - timedelta(days=length + more - 1)
    request["company"]["founded_on"] = (long - timedelta(days=age)).isoformat()
    waivers = [ask(request)["waiver"]]
    for first in (short, long):
        prior = [{"starts_on": first.isoformat(), "ends_on": last.isoformat()}]
        waivers.append(ask(_changed(request, prior_waiver=prior))["waiver"])
    for before, after in pairwise(waivers):
        if after["granted"]:
            assert before["granted"]
            assert after["ends_on"] <= before["ends_on"]


# --- the horizon ---


@for_many
@given(seed=SEEDS, share=st.floats(min_value=0, max_value=1, exclude_max=True))
def test_an_earlier_end_at_a_month_boundary_changes_no_month_before_it(ask: Ask, seed: int, share: float) -> None:
    """A shorter horizon is the beginning of a longer one."""
    request = _contract(seed)
    whole = ask(request)
    months = _contract_months(whole)
    assume(len(months) > 1)
    last = months[int(share * (len(months) - 1))]
    part = ask(_changed(request, ends_on=_last_day(last)))
    assert part["months"] == [month for month in whole["months"] if month["month"] <= last["month"]]
    assert part["waiver"]["ends_on"] == whole["waiver"]["ends_on"]


@for_many
@given(seed=SEEDS, share=st.floats(min_value=0, max_value=1, exclude_max=True))
def test_a_contract_split_at_a_month_boundary_costs_the_same(ask: Ask, seed: int, share: float) -> None:
    """Without a waiver a second contract from the boundary on has the months of the whole one."""
    # services of the platform are left out: the boundary may lie behind their last day, when none can be asked for
    request = _changed(_contract(seed), api_calls_per_month=None, test_months=None, apis=None)
    request["company"]["size"] = "large"
    months = _contract_months(ask(request))
    assume(len(months) > 1)
    at = 1 + int(share * (len(months) - 1))
    last_day = date.fromisoformat(_last_day(months[-1]))
    if request.get("ends_on"):
        last_day = min(last_day, date.fromisoformat(request["ends_on"]))
    boundary = months[at]["month"] + "-01"
    second = ask(_changed(request, starts_on=boundary, ends_on=last_day.isoformat(), months=120))
    assert [_figures(month) for month in second["months"]] == [_figures(month) for month in months[at:]]


@for_many
@given(seed=SEEDS, share=st.floats(min_value=0, max_value=1, exclude_max=True))
def test_a_new_contract_goes_on_with_what_is_left_of_the_waiver(ask: Ask, seed: int, share: float) -> None:
    """A contract from the 1st, split in its waiver at a month boundary, is waived to the same day."""
    request = _changed(
        _contract(seed), api_calls_per_month=None, test_months=None, ends_on=None, channel="open_api", apis=None
    )
    request["company"].update({"size": "sme", "qualification": "fintech", "exclusions": [], "corporation": True})
    for licence in request["licences"]:
        licence.pop("reception_sets", None)
        licence.pop("disaster_recovery_sets", None)
    starts_on = _first_of_next_month(date.fromisoformat(request["starts_on"]))
    request["starts_on"] = starts_on.isoformat()
    whole = ask(request)
    months = _contract_months(whole)
    assume(whole["waiver"]["granted"] and whole["waiver"]["policy"] != "startup-12-months" and len(months) > 1)
    boundary = date.fromisoformat(months[1 + int(share * (len(months) - 1))]["month"] + "-01")
    used = {"starts_on": starts_on.isoformat(), "ends_on": (boundary - ONE_DAY).isoformat()}
    assume(used["ends_on"] <= whole["waiver"]["ends_on"])
    second = ask(
        _changed(
            request,
            starts_on=boundary.isoformat(),
            ends_on=_last_day(months[-1]),
            months=120,
            waiver_policy=whole["waiver"]["policy"],
            prior_waiver=[*(request.get("prior_waiver") or []), used],
        )
    )
    if used["ends_on"] == whole["waiver"]["ends_on"]:
        assert not second["waiver"]["granted"]
    else:
        assert second["waiver"]["ends_on"] == whole["waiver"]["ends_on"]
    later = [month for month in months if month["month"] >= second["months"][0]["month"]]
    assert [_figures(month) for month in second["months"]] == [_figures(month) for month in later]


# --- one question, one answer ---


@for_many
@given(seed=SEEDS)
def test_the_same_request_has_the_same_digest(ask: Ask, seed: int) -> None:
    """Asking twice changes nothing."""
    request = _contract(seed)
    assert ask(request)["digest"] == ask(request)["digest"]


@for_many
@given(seed=SEEDS)
def test_the_order_of_lists_in_a_request_is_irrelevant(ask: Ask, seed: int) -> None:
    """Licences, options, forms of use, exclusions and earlier waivers may come in any order."""
    request = _contract(seed)
    rng = random.Random(seed)
    other = copy.deepcopy(request)
    lists = [other["licences"], other.get("prior_waiver"), other["company"].get("exclusions")]
    for licence in other["licences"]:
        lists += [licence.get("options"), licence.get("non_display_use")]
    for entries in lists:
        if entries:
            rng.shuffle(entries)
    first, second = ask(request), ask(other)
    assert first["digest"] == second["digest"]
    assert [_figures(month) for month in first["months"]] == [_figures(month) for month in second["months"]]


@for_many
@given(seed=SEEDS)
def test_the_request_as_understood_gives_the_same_answer(ask: Ask, seed: int) -> None:
    """The echoed request, defaults filled in, can be sent again and has the same digest."""
    answer = ask(_contract(seed))
    again = ask(answer["request"])
    assert again["digest"] == answer["digest"]
    assert again["request"] == answer["request"]
