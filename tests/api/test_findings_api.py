"""Findings over the API: who may, filters, a story, what a person says once and what nobody may write down."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support.asking import REQUEST, call
from support.calling import caller
from support.core import A, day

from fee_service.actors import COMMAND_LINE, Role
from fee_service.app import create_app
from fee_service.keys import keyring
from fee_service.published.editions import CellKey, Editions
from fee_service.reconciliation.findings import enter
from fee_service.rules.findings import Covered, Seen, id_of, subject
from fee_service.settings import Settings
from fee_service.storage import sealing

DECEMBER = day("2026-12-01")
BASE = CellKey("real_time", "base_fee", A, "retail")


class World:
    """An application with a contract of which two runs found something wrong."""

    def __init__(self, app: Flask) -> None:
        self.app, self.database = app, app.extensions["database"]
        self.client = self.caller(Role.ADMIN)
        self.number: str = self.client.post("/v1/quotes", json=REQUEST).get_json()["number"]
        self.contract: str = self.client.post(f"/v1/quotes/{self.number}/acceptance").get_json()["id"]
        self.over = Seen(
            subject(self.number, "A", BASE, DECEMBER), "overbilled", "not_prorated", 516_130, 0, 2_000_000, 1_483_870,
            "31일 가운데 23일만 청구 대상입니다.", "Only 23 of 31 days are due.", "A-1", day("2026-12-09"),
        )  # fmt: skip
        self.vat = Seen(subject(self.number, "A", None, DECEMBER, vat=True), "overbilled", "vat_rounding", 0, 1)
        self.id = id_of(self.over.subject)
        self.ran("run-1", self.over)
        self.ran("run-2", self.over, self.vat)

    def caller(self, role: Role) -> FlaskClient:
        return caller(self.app, keyring.create(self.database, COMMAND_LINE, "tests", role, f"a {role}"))

    def ran(self, run: str, *seen: Seen) -> dict[str, int]:
        covers = [Covered(self.number, DECEMBER)]
        return self.database.write(lambda connection: enter(connection, run, seen, covers, call()))  # type: ignore[no-any-return]

    def listed(self, **query: Any) -> list[str]:
        answer = self.client.get("/v1/findings", query_string=query)
        assert answer.status_code == 200, answer.text
        return [each["fee"] for each in answer.get_json()["findings"]]

    def say(self, body: Any, client: FlaskClient | None = None, **headers: str) -> Any:
        return (client or self.client).post(f"/v1/findings/{self.id}", json=body, headers=headers)


@pytest.fixture
def world(editions: Editions, tmp_path: Path) -> Iterator[World]:
    """A world of its own."""
    settings = Settings(instance=tmp_path, requests_per_minute=10**6, requests_per_day=10**6)
    app = create_app(settings, editions)
    app.config["TODAY"] = lambda: day("2026-12-09")
    yield World(app)
    app.extensions["database"].close()


def test_findings_are_listed_by_what_one_looks_for(world: World) -> None:
    """Those that came last first; filters are combined; a page goes on where the last one ended."""
    assert world.listed() == ["vat", "base_fee"]
    assert world.listed(contract=world.contract, month="2026-12", state="open") == ["vat", "base_fee"]
    assert world.listed(cause="vat_rounding") == world.listed(life="new") == ["vat"]
    assert world.listed(run="run-1") == world.listed(run="run-1", life="new") == ["base_fee"]
    assert world.listed(run="run-2", life="still_open") == ["base_fee"]
    assert world.listed(month="2027-01") == world.listed(state="closed") == world.listed(run="run-3") == []
    first = world.client.get("/v1/findings?limit=1").get_json()
    assert world.listed(limit=1, cursor=first["next_cursor"]) == ["base_fee"]
    foreign = world.client.get("/v1/findings", query_string={"state": "open", "cursor": first["next_cursor"]})
    assert (foreign.status_code, foreign.get_json()["errors"][0]["code"]) == (400, "invalid_cursor")
    nobody = world.client.get("/v1/findings?contract=Q-2020-000001")
    assert (nobody.status_code, nobody.get_json()["errors"][0]["code"]) == (404, "contract_not_found")


def test_a_finding_has_its_story(world: World) -> None:
    """Each run that saw it, each word with its note, who and when; then it is solved, and comes back."""
    assert world.say({"state": "disputed", "note": "일할 계산 요청"}).status_code == 200
    world.ran("run-3")
    world.ran("run-4", world.over)
    told = world.client.get(f"/v1/findings/{world.id}", headers={"Accept-Language": "en"}).get_json()
    assert [(each["run"], each["life"], each["state"], each["note"]) for each in told["story"]] == [
        ("run-1", "new", "open", None),
        ("run-2", "still_open", "open", None),
        (None, "still_open", "disputed", "일할 계산 요청"),
        ("run-3", "solved", "disputed", None),
        ("run-4", "came_back", "disputed", None),
    ]
    assert [each["status"] for each in told["story"]] == ["overbilled", "overbilled", None, "match", "overbilled"]
    assert told["explanation"] == "Only 23 of 31 days are due."
    assert (told["life"], told["state"], told["difference"], told["run"]) == ("came_back", "disputed", 516_130, "run-4")
    assert told["story"][0]["entered_at"] == "2026-12-09T03:04:05.678Z"
    with world.database.snapshot() as connection:
        assert sealing.verify_quotes(connection) == []


def test_a_word_is_entered_once_for_its_key(world: World) -> None:
    """The same key and request, the same answer; another request under the key is refused."""
    key = {"Idempotency-Key": "word-1"}
    first, again = (world.say({"state": "accepted"}, **key) for _ in range(2))
    assert again.get_json() == first.get_json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert [each["state"] for each in first.get_json()["story"]] == ["open", "open", "accepted"]
    other = world.say({"state": "closed"}, **key)
    assert (other.status_code, other.get_json()["errors"][0]["code"]) == (422, "idempotency_key_reused")


@pytest.mark.parametrize("note", ["담당자 kim@example.com", "확인: 900101-1234567"])
def test_what_belongs_to_persons_is_not_written_down(world: World, note: str) -> None:
    """A clear refusal, which does not repeat it; nothing is kept."""
    answer = world.say({"state": "disputed", "note": note})
    (fault,) = answer.get_json()["errors"]
    assert (answer.status_code, fault["code"], fault["pointer"]) == (422, "note_names_person", "/note")
    assert note.split()[-1] not in answer.text
    assert world.listed(state="disputed") == []


def test_what_is_wrong_with_a_word_is_said_all_at_once(world: World) -> None:
    """A state that only runs lead to, a field that there is not, a person's address."""
    answer = world.say({"state": "open", "note": "kim@example.com", "when": 1})
    assert answer.status_code == 422
    assert {fault["pointer"] for fault in answer.get_json()["errors"]} == {"/state", "/note", "/when"}
    assert world.client.post("/v1/findings/F-000000000000", json={"state": "closed"}).status_code == 404
    assert world.client.get("/v1/findings/F-000000000000").get_json()["errors"][0]["code"] == "finding_not_found"


def test_only_finance_follows_findings_up(world: World) -> None:
    """Finance and administrators."""
    for role, may in ((Role.PORTAL, False), (Role.SALES, False), (Role.FINANCE, True)):
        client = world.caller(role)
        assert (world.say({"state": "closed"}, client).status_code == 200) is may
        assert (client.get("/v1/findings").status_code == 200) is may
