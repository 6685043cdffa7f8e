"""Refused attempts worth knowing are counted, logged and few a minute from one address."""

import json
import re
from typing import Any

import pytest
from flask import Flask
from support.calling import caller, take_seat
from werkzeug.test import TestResponse

from fee_service.actors import COMMAND_LINE, Role
from fee_service.app import create_app
from fee_service.http import access
from fee_service.keys import keyring, new_key
from fee_service.operations import metrics
from fee_service.operations.limits import LEAST_REFUSALS, MOST_BARRED, Limits
from fee_service.operations.logs import configure
from fee_service.published.editions import Editions
from fee_service.settings import Settings

LIMIT = 20
HERE, THERE = "203.0.113.7", "203.0.113.8"


@pytest.fixture
def app(editions: Editions, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """An application of its own, whose clock stands still: a minute does not end within a test."""
    monkeypatch.setattr(access.time, "time", lambda: 1_000_000.0)
    settings = Settings(instance=tmp_path_factory.mktemp("own"), requests_per_minute=100 * LIMIT)
    return create_app(settings, editions)


@pytest.fixture
def portal(app: Flask) -> str:
    """A key that may do little."""
    return keyring.create(app.extensions["database"], COMMAND_LINE, "tests", Role.PORTAL, "portal")


@pytest.fixture
def log(capfd: pytest.CaptureFixture[str]) -> Any:
    """What was logged as refused."""
    configure("warning")
    return lambda: [line for line in map(json.loads, capfd.readouterr().err.splitlines()) if line["event"] == "refused"]


def count(code: str) -> float:
    """How often that was refused."""
    found = re.search(rf'^fee_service_refusals_total{{code="{code}"}} (.+)$', metrics.exposition().decode(), re.M)
    return float(found[1]) if found else 0.0


def sign_in(app: Flask, key: str, address: str = HERE) -> TestResponse:
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    token = re.search(r'csrf_token" value="([^"]+)', client.get("/sign-in").text)
    assert token
    return client.post("/sign-in", data={"csrf_token": token[1], "key": key})


def call(app: Flask, key: str, address: str = HERE, path: str = "/v1/quotes") -> TestResponse:
    client = caller(app, key)
    client.environ_base["REMOTE_ADDR"] = address
    return client.get(path)


def test_wrong_keys_are_counted_and_logged_wherever_they_are_tried(app: Flask, portal: str, log: Any) -> None:
    """With the address, the code and no key; an address without any key is no attempt."""
    before = count("key_unknown")
    wrong = new_key()
    assert call(app, wrong).status_code == 401
    assert sign_in(app, wrong).status_code == 422
    assert app.test_client().get("/v1/quotes").status_code == 401
    assert call(app, portal).status_code == 200
    assert count("key_unknown") - before == 2
    told = log()
    assert [(line["code"], line["address"], line["level"]) for line in told] == [("key_unknown", HERE, "warning")] * 2
    assert wrong not in str(told)
    assert told[0]["request_id"]


def test_forbidden_actions_are_told_with_whose_key_it_was(app: Flask, portal: str, log: Any) -> None:
    """Over the API and at the desk; a link that nobody signed, too."""
    before = count("role_not_allowed")
    key_id = portal.split("_")[1]
    assert call(app, portal, path="/v1/quotes/Q-2026-000001/replay").status_code == 403
    client = app.test_client()
    take_seat(client, portal, "portal")
    assert client.get("/quotes/Q-2026-000001/revision").status_code == 403
    assert client.get("/s/made.up").status_code == 404
    assert count("role_not_allowed") - before == 2
    assert [(line["code"], line["key"]) for line in log()][:2] == [("role_not_allowed", key_id)] * 2


def test_whoever_is_refused_too_often_has_to_wait_and_others_do_not(app: Flask, portal: str, log: Any) -> None:
    """A good key of the API goes on from the same address; at the door of the desk nobody tries keys any more."""
    answers = [call(app, new_key()) for _ in range(LIMIT + 5)]
    assert [answer.status_code for answer in answers] == [401] * LIMIT + [429] * 5
    assert answers[-1].get_json(force=True)["errors"][0]["code"] == "too_many_refusals"
    assert int(answers[-1].headers["Retry-After"]) <= 60
    assert len(log()) == LIMIT + 1
    assert call(app, portal).status_code == 200
    assert sign_in(app, portal).status_code == 429
    assert sign_in(app, portal, THERE).status_code == 303
    assert call(app, new_key(), THERE).status_code == 401


def test_wrong_keys_at_the_door_are_as_few(app: Flask, portal: str) -> None:
    """And a page says so."""
    answers = [sign_in(app, new_key()) for _ in range(LIMIT + 2)]
    assert [answer.status_code for answer in answers] == [422] * LIMIT + [429] * 2
    assert answers[-1].content_type.startswith("text/html")
    assert answers[-1].headers["Retry-After"]


def test_the_minute_over_all_is_forgotten_and_nothing_grows_without_bound() -> None:
    """A window of a minute; a bounded number of addresses."""
    limits = Limits(None, 1, 1)
    assert limits.refusals_per_minute == LEAST_REFUSALS
    for _ in range(LEAST_REFUSALS + 1):
        standing = limits.of_refusals(HERE, 0)
    assert standing.exceeded
    assert limits.barred(HERE, 59) is not None
    assert limits.barred(THERE, 59) is None
    assert limits.barred(HERE, 60) is None
    limits._barred = dict.fromkeys(map(str, range(MOST_BARRED)), 0)
    limits.of_refusals(HERE, 0)
    assert len(limits._barred) == 1
