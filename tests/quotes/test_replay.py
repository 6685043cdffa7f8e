"""A stored quote computed anew: from its pinned editions it stays the same, beside what it would be today."""

import random
from dataclasses import replace
from datetime import date
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.asking import asked, call, issue, loaded, said
from support.contracts import random_contract

from fee_service.answers.facts import canonical, digest, quote_facts
from fee_service.answers.request import request_facts, request_from
from fee_service.intake.quote_request import understand
from fee_service.published.editions import Editions
from fee_service.quotes import closing, issuing
from fee_service.quotes.desk import Desk
from fee_service.quotes.proving import prove_all, replay
from fee_service.quotes.replaying import pinned
from fee_service.quotes.replaying import replay as computed_anew
from fee_service.rules.quoting import quote
from fee_service.rules.resolving import resolve
from schemas import load
from schemas.quote import QuoteRequestSchema

TODAY = date(2026, 12, 9)


def with_later_list(editions: Editions, since: date) -> Editions:
    """Everything published, and a list that asks double from a day on."""
    old = editions.price_lists[-1]
    cells = {
        key: replace(cell, price=replace(cell.price, unit_price=cell.price.unit_price * 2))
        if hasattr(cell.price, "unit_price")
        else cell
        for key, cell in old.cells.items()
    }
    new = replace(old, id="later", sha256="0" * 64, valid_from=since, supersedes=old.id, cells=cells)
    return replace(editions, price_lists=(*editions.price_lists, new))


def with_later_policy(editions: Editions, since: date) -> Editions:
    """Everything published, and a policy that gives one month only."""
    old = editions.policies[-1]
    new = replace(old, id="meagre", sha256="1" * 64, valid_from=since, supersedes=old.id, months=1)
    return replace(editions, policies=(*editions.policies, new))


def now(at: Desk, editions: Editions) -> Desk:
    """The same desk after something was published."""
    return Desk(at.database, editions)


def test_a_quote_computed_anew_is_the_same(desk: Desk) -> None:
    """No alarm; today it would be the same, too."""
    issued = issue(desk)
    found = replay(desk, issued["number"], call())
    assert (found["same"], found["digest"], found["recomputed"]) == (True, issued["digest"], issued["digest"])
    assert (found["alarms"], found["changes"]) == ([], [])
    assert found["today"]["differs"] is False
    assert set(found["today"]["difference"].values()) == {0}


def test_a_later_price_list_changes_nothing_that_was_issued(desk: Desk, editions: Editions) -> None:
    """The promise holds; today the same request would cost more, because of the list."""
    issued = issue(desk)
    later = now(desk, with_later_list(editions, date(2028, 1, 1)))
    found = replay(later, issued["number"], call())
    assert found["same"] is True
    assert found["today"]["differs"] is True
    assert [cause["code"] for cause in found["today"]["causes"]] == ["replay_price_list"]
    assert found["today"]["difference"]["list"] > 0
    assert [proof.alarms for proof in prove_all(later)] == [()]


def test_a_list_that_begins_after_the_horizon_changes_nothing_at_all(desk: Desk, editions: Editions) -> None:
    """December 2026 and 60 months: the last day is 30 November 2031."""
    issued = issue(desk)
    for since, differs in ((date(2031, 12, 1), False), (date(2031, 11, 30), True)):
        found = replay(now(desk, with_later_list(editions, since)), issued["number"], call())
        assert (found["same"], found["today"]["differs"]) == (True, differs)


def test_a_later_policy_is_named_as_the_reason(desk: Desk, editions: Editions) -> None:
    """Superseding from before the start."""
    issued = issue(desk)
    found = replay(now(desk, with_later_policy(editions, date(2026, 12, 1))), issued["number"], call())
    assert found["same"] is True
    assert [cause["code"] for cause in found["today"]["causes"]] == ["replay_waiver_policy"]


def test_a_later_contract_of_the_company_is_named_as_the_reason(desk: Desk) -> None:
    """It has used some of the waiver; the quote itself stays what it was."""
    first, second = issue(desk, months=12), issue(desk, starts_on="2027-12-09")
    closing.accept(desk, first["number"], call())
    found = replay(desk, second["number"], call())
    assert found["same"] is True
    assert "replay_prior_waiver" in [cause["code"] for cause in found["today"]["causes"]]
    assert replay(desk, first["number"], call())["today"]["differs"] is False


def test_an_edited_or_lost_edition_is_an_alarm(desk: Desk, editions: Editions) -> None:
    """A published file must not be touched: its hash is pinned."""
    issued = issue(desk)
    edited = replace(editions, price_lists=(replace(editions.price_lists[0], sha256="f" * 64),))
    found = replay(now(desk, edited), issued["number"], call())
    assert found["same"] is False
    assert [alarm["code"] for alarm in found["alarms"]] == ["replay_recomputed_differs"]
    assert [change["pointer"] for change in found["changes"]] == ["/price_lists/0/sha256"]
    renamed = replace(editions, price_lists=(replace(editions.price_lists[0], id="other"),))
    lost = replay(now(desk, renamed), issued["number"], call())
    assert (lost["same"], lost["recomputed"]) == (False, None)


def test_a_revision_is_computed_anew_as_well(desk: Desk) -> None:
    """With the earlier waivers that it was issued with."""
    closing.accept(desk, issue(desk, months=12)["number"], call())
    second = issue(desk, starts_on="2027-12-09")
    third = said(issuing.revise(desk, second["number"], loaded(starts_on="2028-01-15"), call()))
    assert third["waiver"]["prior_found"] != []
    assert [proof.alarms for proof in prove_all(desk)] == [(), (), ()]


def _understood(request: dict[str, Any], editions: Editions) -> Any:
    read = load(QuoteRequestSchema, request)
    return understand(read.values, read.faults, editions, TODAY)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32 - 1))
def test_any_quote_is_the_same_when_computed_anew_from_what_was_kept(editions: Editions, seed: int) -> None:
    """From JSON and back, with the pinned editions alone, with a later list published."""
    resolved = _understood(random_contract(random.Random(seed)), editions)
    request = resolved.request
    kept = canonical(quote_facts(quote(resolved)))
    stored = orjson.loads(kept)
    assert request_from(stored["request"]) == request
    assert resolve(request, editions) == resolved
    assert computed_anew(stored, editions).digest == digest(kept)
    later = with_later_list(with_later_policy(editions, request.starts_on), request.starts_on)
    assert computed_anew(stored, later).digest == digest(kept)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32 - 1))
def test_a_request_as_understood_may_be_sent_again(editions: Editions, seed: int) -> None:
    """It is understood as the same request."""
    resolved = _understood(random_contract(random.Random(seed)), editions)
    again = orjson.loads(orjson.dumps(request_facts(resolved.request)))
    assert _understood(again, editions) == resolved


def test_only_the_editions_of_a_quote_are_pinned(editions: Editions) -> None:
    """One list and one policy of all."""
    made = quote(_understood(asked(), editions))
    found = pinned(editions, orjson.loads(canonical(quote_facts(made))))
    assert [price_list.id for price_list in found.price_lists] == [made.price_list.id]
    assert [policy.id for policy in found.policies] == ([made.policy.id] if made.policy else [])


@pytest.mark.parametrize("language", ["ko", "en"])
def test_causes_are_told_in_the_callers_language(desk: Desk, editions: Editions, language: Any) -> None:
    """A sentence of its own for each."""
    issued = issue(desk)
    later = now(desk, with_later_list(editions, date(2028, 1, 1)))
    cause = replay(later, issued["number"], call(language=language))["today"]["causes"][0]["text"]
    assert cause.isascii() is (language == "en")
