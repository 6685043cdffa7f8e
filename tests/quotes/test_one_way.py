"""One way to a quote: whoever is asked, and wherever, one request has one digest."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support.asking import NUMBER, TODAY, asked, loaded
from support.calling import caller
from support.desk_forms import Seat, form_on
from support.whole_requests import random_request

from fee_service.actors import COMMAND_LINE, Role
from fee_service.app import create_app
from fee_service.cli.quoting import ledger_of
from fee_service.keys import keyring
from fee_service.published.editions import Editions
from fee_service.quotes import previewing
from fee_service.quotes.desk import Desk
from fee_service.quotes.previewing import nothing_known
from fee_service.settings import REPOSITORY, Settings
from fee_service.web.filling_in import carrying

CONTRACTS = (("2023-12-09", 12), ("2025-03-15", 7), ("2026-12-09", 12))  # accepted before, the last one begins today


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where an installation keeps its database."""
    return tmp_path_factory.mktemp("with-a-ledger")


@pytest.fixture(scope="module")
def selling(app: Flask, editions: Editions, kept: Path) -> Iterator[FlaskClient]:
    """A caller of a service whose ledger knows three waivers of one company."""
    service = create_app(Settings(instance=kept, requests_per_minute=10**6, requests_per_day=10**6), editions)
    service.config["TODAY"] = app.config["TODAY"]
    database = service.extensions["database"]
    client = caller(service, keyring.create(database, COMMAND_LINE, "tests", Role.ADMIN, "tests"))
    for starts_on, months in CONTRACTS:
        body = asked(starts_on=starts_on, months=months)
        body["company"]["founded_on"] = "2022-05-10"
        number = client.post("/v1/quotes", json=body).get_json()["number"]
        assert client.post(f"/v1/quotes/{number}/acceptance").status_code == 200
    yield client
    database.close()


def requests_at_random(editions: Editions, client: FlaskClient, count: int, seed: int = 8) -> list[dict[str, Any]]:
    """So many requests that are answered."""
    rng = random.Random(seed)
    found: list[dict[str, Any]] = []
    while len(found) < count:
        request = random_request(rng, editions)
        if client.post("/v1/quotes/preview", json=request).status_code == 200:
            found.append(request)
    return found


def preview(client: FlaskClient, request: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = client.post("/v1/quotes/preview", json=request).get_json()
    return answer


def test_preview_comparison_and_issue_of_a_request_have_one_digest(selling: FlaskClient, editions: Editions) -> None:
    """Whatever the ledger knows of the company; and each says the same of the waivers that it found."""
    requests = requests_at_random(editions, selling, 60)
    found = 0
    for number, request in enumerate(requests):
        other = requests[number - 1]
        previewed = preview(selling, request)
        compared = selling.post("/v1/comparisons", json={"requests": [other, request]}).get_json()["quotes"]
        issued = selling.post("/v1/quotes", json=request).get_json()
        assert [each["digest"] for each in compared] == [preview(selling, other)["digest"], previewed["digest"]]
        assert issued["digest"] == previewed["digest"]
        assert compared[1] == previewed
        assert issued["waiver"] == previewed["waiver"]
        found += bool(previewed["waiver"]["prior_found"])
    assert found >= 10


def test_the_desk_issues_what_the_preview_says(selling: FlaskClient, editions: Editions) -> None:
    """Typed into the form with all its fields, estimated and issued there: the same digest, ledger or not."""
    service = selling.application
    key = keyring.create(service.extensions["database"], COMMAND_LINE, "tests", Role.SALES, "desk")
    seat = Seat(service.test_client(), key)
    found = 0
    for number, request in enumerate(requests_at_random(editions, selling, 40, seed=10)):
        previewed = preview(selling, request)
        seat.once = f"page-{number}"
        total = f"{previewed['totals']['total']:,}" if previewed["totals"]["total"] else ""
        form = carrying(previewed["request"]).to_dict(flat=False)
        assert total in seat.post("/estimate", form).get_json()["estimate"]
        answer = seat.post("/quotes", form)
        assert answer.status_code == 303, request
        assert selling.get(f"/v1{answer.headers['Location']}").get_json()["digest"] == previewed["digest"], request
        found += bool(previewed["waiver"]["prior_found"])
    assert found >= 5


def test_what_the_ledger_found_is_found_again_and_not_stated(selling: FlaskClient) -> None:
    """50 periods beside it, as many as may be stated, are no hindrance; nor is a start between two of its contracts."""
    service = selling.application
    seat = Seat(
        service.test_client(), keyring.create(service.extensions["database"], COMMAND_LINE, "-", Role.SALES, "desk")
    )
    days = [date(2023, 6, 1) + timedelta(days=2 * number) for number in range(50)]
    stated = [{"starts_on": day.isoformat(), "ends_on": day.isoformat()} for day in days]
    request = asked(starts_on="2028-01-01", prior_waiver=stated)
    request["company"]["founded_on"] = "2022-05-10"
    quote = selling.post("/v1/quotes", json=request).get_json()
    assert len(quote["request"]["prior_waiver"]) == 53
    form = form_on(seat.client.get(f"/quotes/{quote['number']}/revision"))
    assert len([day for day in form.getlist("prior_from") if day]) == 50
    answer = seat.client.post("/quotes", data=form)
    assert answer.status_code == 303
    revised = selling.get(f"/v1{answer.headers['Location']}").get_json()
    assert revised["digest"] == quote["digest"]
    form = form_on(seat.client.get(f"{answer.headers['Location']}/again"))
    form["starts_on"] = "2026-12-20"  # inside the last of the three contracts
    answer = seat.client.post("/quotes", data=form)
    assert answer.status_code == 303
    again = selling.get(f"/v1{answer.headers['Location']}").get_json()
    assert again["waiver"]["prior_found"][-1]["ends_on"] == "2026-12-19"


def test_what_is_eligible_is_told_with_the_waiver_of_the_preview(selling: FlaskClient, editions: Editions) -> None:
    """Granted or refused, from when to when, for which reasons, and what the ledger added."""
    for request in requests_at_random(editions, selling, 60, seed=9):
        fields = ("company", "channel", "starts_on", "prior_waiver", "waiver_policy")
        assessed = selling.post("/v1/eligibility", json={name: request[name] for name in fields if name in request})
        previewed = preview(selling, request)["waiver"]
        waiver = assessed.get_json()["waiver"]
        if "personal_ids" in {each["code"] for each in previewed["conditions"]}:
            continue  # only a request with licences tells how many IDs there are
        assert waiver == {name: previewed[name] for name in waiver}


def test_the_ledger_shortens_the_waiver_of_a_comparison(selling: FlaskClient) -> None:
    """Of 36 months, 11 with 22 days and 6 with 16 days were used (2023-12-09 to 2024-11-30, 2025-03-15 to 2025-09-30).

    19 months from 2026-06-01 end with 2027-12-31, and 38 days earlier with 2027-11-23; whichever way is asked.
    """
    company = asked()["company"] | {"founded_on": "2022-05-10"}
    request = asked(starts_on="2026-06-01") | {"company": company}
    answers = selling.post("/v1/comparisons", json={"requests": [request, request]}).get_json()["quotes"]
    waiver = selling.post("/v1/eligibility", json={"company": company, "starts_on": "2026-06-01"}).get_json()["waiver"]
    for each in (preview(selling, request)["waiver"], answers[0]["waiver"], answers[1]["waiver"], waiver):
        assert each["ends_on"] == "2027-11-23"
        assert len(each["prior_found"]) == 2


@pytest.mark.parametrize("how", ["set", "of the installation"])
def test_the_command_line_knows_the_ledger_of_its_installation(selling: FlaskClient, kept: Path, how: str) -> None:
    """The same digest as the service's preview, where a database is set and where it is the installation's own."""
    request = asked(starts_on="2026-06-01")
    where = {"FEE_SERVICE_DATABASE_URL": f"sqlite:///{kept / 'fee_service.db'}"} if how == "set" else {}
    done = subprocess.run(
        [sys.executable, "-m", "fee_service", "quote", "-", "--json"],
        input=json.dumps(request),
        capture_output=True,
        encoding="utf-8",
        cwd=REPOSITORY,
        env={**os.environ, "FEE_SERVICE_INSTANCE": str(kept), **where},
        timeout=60,
        check=True,
    )
    told = json.loads(done.stdout)
    assert told["digest"] == preview(selling, request)["digest"]
    assert len(told["waiver"]["prior_found"]) == 2


def test_where_nothing_was_issued_the_command_line_makes_no_database(tmp_path: Path) -> None:
    """A quote is asked for; nothing is written for it."""
    assert ledger_of(Settings(instance=tmp_path)) is nothing_known
    assert nothing_known(NUMBER) == ()
    assert [*tmp_path.iterdir()] == []


def test_what_is_wrong_with_one_request_keeps_no_other_from_its_quote(desk: Desk) -> None:
    """Side by side, each request has its preview or its own faults, in their order, under its label."""
    wanted = [("first", loaded()), ("no month", loaded(months=0)), ("last", loaded(months=12))]
    tried = previewing.compare_each(wanted, desk.editions, TODAY, desk.ledger)
    assert tried.comparison.labels == ("first", "last")
    alone = [previewing.preview(each, desk.editions, TODAY, desk.ledger) for _, each in (wanted[0], wanted[2])]
    assert [each.totals for each in tried.comparison.quotes] == [each.totals for each in alone]
    assert [[fault.pointer for fault in faults] for faults in tried.faults] == [[], ["/months"], []]
