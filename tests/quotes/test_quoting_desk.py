"""The life of a quote: issued, shown, revised, accepted, withdrawn, expired."""

from datetime import date
from typing import Any

import orjson
import pytest
from support.asking import OTHER_PORTAL, PORTAL, SALES, TODAY, call, issue, loaded, said, shown

from fee_service.answers import quote as answers
from fee_service.errors import FeeError
from fee_service.quotes import closing, issuing, previewing
from fee_service.quotes.desk import Desk
from fee_service.wording import texts as wording_texts
from fee_service.wording.texts import Sentence

LAST_DAY, DAY_AFTER = date(2027, 1, 8), date(2027, 1, 9)
LIFE = {"id", "number", "status", "issued_at", "valid_until"}


def refused(error: pytest.ExceptionInfo[FeeError]) -> tuple[int, list[str]]:
    """The status and the codes of a refusal."""
    return error.value.status, [fault.code for fault in error.value.faults]


def test_a_quote_gets_its_number_its_instant_and_its_last_day(desk: Desk) -> None:
    """Issued on 9 December with 30 days: valid until 8 January."""
    first, second = issue(desk), issue(desk)
    assert (first["number"], second["number"]) == ("Q-2026-000001", "Q-2026-000002")
    assert first["status"] == "issued"
    assert first["issued_at"] == "2026-12-09T03:04:05.678Z"
    assert first["valid_until"] == "2027-01-08"
    assert first["id"] != second["id"]
    assert first["digest"] == second["digest"]


def test_numbers_begin_anew_each_year(desk: Desk) -> None:
    """The year is Korea's year on the day of issue."""
    issue(desk)
    assert issue(desk, call(date(2027, 1, 1)))["number"] == "Q-2027-000001"
    assert issue(desk, call(date(2027, 1, 1)))["number"] == "Q-2027-000002"


@pytest.mark.parametrize("language", ["ko", "en", "both"])
def test_an_issued_quote_says_what_its_preview_said(desk: Desk, language: Any) -> None:
    """Every field but those of its life, in each language, when issued and when read again."""
    previewed = answers.quote_data(
        previewing.preview(loaded(), desk.editions, TODAY, previewing.nothing_known), language
    )
    preview = _json(previewed)
    issued = issue(desk, call(language=language))
    for name in preview.keys() - LIFE:
        assert issued[name] == preview[name], name
    assert issued.keys() == preview.keys()
    assert shown(desk, issued["id"], call(language=language)) == issued


def test_a_quote_is_found_by_its_id_and_by_its_number_in_any_case(desk: Desk) -> None:
    """People type numbers."""
    issued = issue(desk)
    for key in (issued["id"], issued["number"], issued["number"].lower(), issued["id"].upper()):
        assert shown(desk, key) == issued


def test_a_quote_reads_the_same_when_the_wording_has_changed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentences of its day are kept with it."""
    issued = issue(desk)
    changed = {code: Sentence("바뀐 문장", "another sentence") for code in wording_texts.TEXTS}
    monkeypatch.setattr("fee_service.wording.TEXTS", changed)
    assert shown(desk, issued["id"]) == issued


@pytest.mark.parametrize(
    "key", ["Q-2026-000099", "00000000-0000-7000-8000-000000000000", "x", "", "Q-2026-000001'--", "\x00", "%"]
)
def test_what_does_not_exist_is_not_found(desk: Desk, key: str) -> None:
    """Whatever stands in the place of an id."""
    issue(desk)
    with pytest.raises(FeeError) as error:
        shown(desk, key)
    assert refused(error) == (404, ["quote_not_found"])


def test_the_portal_sees_its_own_quotes_only(desk: Desk) -> None:
    """A foreign quote does not exist for it; sales sees all."""
    issued = issue(desk, call(actor=PORTAL))
    assert shown(desk, issued["id"], call(actor=PORTAL)) == issued
    assert shown(desk, issued["id"], call(actor=SALES)) == issued
    with pytest.raises(FeeError) as error:
        shown(desk, issued["id"], call(actor=OTHER_PORTAL))
    assert refused(error) == (404, ["quote_not_found"])


def test_a_refused_request_leaves_nothing_behind(desk: Desk) -> None:
    """Not even a number."""
    with pytest.raises(FeeError):
        issue(desk, company_founded_on="2027-01-01")
    assert issue(desk)["number"] == "Q-2026-000001"


# -- expiry --------------------------------------------------------------------------------------------


def test_a_quote_is_valid_on_its_last_day_and_expired_the_day_after(desk: Desk) -> None:
    """Nobody has to do anything for it."""
    number = issue(desk)["number"]
    assert shown(desk, number, call(LAST_DAY))["status"] == "issued"
    assert shown(desk, number, call(DAY_AFTER))["status"] == "expired"
    with pytest.raises(FeeError) as error:
        _accept(desk, number, DAY_AFTER)
    assert refused(error) == (409, ["quote_expired"])
    assert _accept(desk, number, LAST_DAY)["status"] == "accepted"
    assert shown(desk, number, call(DAY_AFTER))["status"] == "accepted"


def test_how_long_a_quote_is_valid_is_a_setting(desk: Desk) -> None:
    """It holds for quotes issued from then on."""
    before = issue(desk)
    shorter = Desk(desk.database, desk.editions, valid_days=7)
    assert issue(shorter)["valid_until"] == "2026-12-16"
    assert shown(shorter, before["id"])["valid_until"] == "2027-01-08"


# -- acceptance and withdrawal -------------------------------------------------------------------------


def test_acceptance_is_told_with_its_instant(desk: Desk) -> None:
    """The quote stays as it was; only its life goes on."""
    issued = issue(desk)
    accepted = _accept(desk, issued["number"], date(2026, 12, 20))
    changed = {name for name in issued if issued[name] != accepted[name]}
    assert changed == {"status", "accepted_at"}
    assert accepted["accepted_at"] == "2026-12-20T03:04:05.678Z"
    assert shown(desk, issued["id"]) == accepted


@pytest.mark.parametrize(
    ("closing", "code"),
    [("accept", "quote_already_accepted"), ("withdraw", "quote_withdrawn"), ("revise", "quote_revised")],
)
@pytest.mark.parametrize("then", ["accept", "withdraw", "revise"])
def test_a_closed_quote_stays_closed(desk: Desk, closing: str, then: str, code: str) -> None:
    """Accepted, withdrawn and revised quotes are neither accepted, nor withdrawn, nor revised again."""
    number = issue(desk)["number"]
    _act(desk, closing, number)
    before = shown(desk, number)
    with pytest.raises(FeeError) as error:
        _act(desk, then, number)
    assert refused(error) == (409, [code])
    assert shown(desk, number) == before


def test_an_expired_quote_is_not_withdrawn(desk: Desk) -> None:
    """There is nothing left to take back."""
    number = issue(desk)["number"]
    with pytest.raises(FeeError) as error:
        _withdraw(desk, number, DAY_AFTER)
    assert refused(error) == (409, ["quote_expired"])


# -- revisions -----------------------------------------------------------------------------------------


def test_a_revision_names_its_predecessor_and_what_changed(desk: Desk) -> None:
    """Twelve months less at 2,000,000 a month of list price, all of it after the waiver."""
    first = issue(desk)
    second = _revise(desk, first["number"], months=48)
    assert second["revises"] == {"id": first["id"], "number": first["number"]}
    assert second["number"] == "Q-2026-000002"
    assert second["difference"]["request"] == [{"pointer": "/months", "before": 60, "after": 48}]
    for name, gap in second["difference"]["totals"].items():
        assert gap == second["totals"][name] - first["totals"][name], name
    assert second["difference"]["totals"]["net"] < 0
    assert second["difference"]["licences_added"] == second["difference"]["licences_removed"] == []
    replaced = shown(desk, first["id"])
    assert replaced["status"] == "revised"
    assert replaced["revised_by"] == {"id": second["id"], "number": second["number"]}
    assert shown(desk, second["id"]) == second


def test_revisions_form_a_chain(desk: Desk) -> None:
    """Each has one predecessor and one successor; only the last is open."""
    numbers = [issue(desk)["number"]]
    for months in (48, 36, 24):
        numbers.append(_revise(desk, numbers[-1], months=months)["number"])
    found = [shown(desk, number) for number in numbers]
    assert [quote["status"] for quote in found] == ["revised"] * 3 + ["issued"]
    assert [quote["revises"] and quote["revises"]["number"] for quote in found] == [None, *numbers[:-1]]
    assert [quote["revised_by"] and quote["revised_by"]["number"] for quote in found] == [*numbers[1:], None]


def test_an_expired_quote_may_be_revised(desk: Desk) -> None:
    """That is how it is renewed."""
    number = issue(desk)["number"]
    renewed = _revise(desk, number, DAY_AFTER)
    assert renewed["status"] == "issued"
    assert renewed["valid_until"] == "2027-02-08"


def test_a_revision_belongs_to_whom_the_first_quote_belongs(desk: Desk) -> None:
    """Sales revises what the portal asked for, and the portal sees it."""
    first = issue(desk, call(actor=PORTAL))
    second = _revise(desk, first["number"], months=12)
    assert shown(desk, second["id"], call(actor=PORTAL))["number"] == second["number"]


# -- helpers -------------------------------------------------------------------------------------------


def _accept(at: Desk, number: str, today: date = TODAY) -> dict[str, Any]:
    return said(closing.accept(at, number, call(today)))


def _withdraw(at: Desk, number: str, today: date = TODAY) -> dict[str, Any]:
    return said(closing.withdraw(at, number, call(today)))


def _revise(at: Desk, number: str, today: date = TODAY, **changes: Any) -> dict[str, Any]:
    return said(issuing.revise(at, number, loaded(**changes), call(today)))


def _act(at: Desk, what: str, number: str) -> dict[str, Any]:
    return {"accept": _accept, "withdraw": _withdraw, "revise": _revise}[what](at, number)


def _json(data: Any) -> Any:
    return orjson.loads(orjson.dumps(data))
