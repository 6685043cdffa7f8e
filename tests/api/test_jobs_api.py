"""Jobs over the API: how far one is, its result in pieces, taking it back, and whose it is."""

from typing import Any

import jsonschema_rs
import pytest
from flask import Flask
from flask.testing import FlaskClient
from support.calling import caller
from support.counting_job import COUNTING_KINDS, ask, expected

from fee_service.actors import Actor, Role
from fee_service.app import create_app
from fee_service.jobs.working import Worker
from fee_service.keys import keyring
from fee_service.published.editions import Editions
from fee_service.settings import Settings


@pytest.fixture(scope="module")
def counting(editions: Editions, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application that knows the kinds of tests."""
    limits = {"requests_per_minute": 10**6, "requests_per_day": 10**6}
    made = create_app(Settings(instance=tmp_path_factory.mktemp("jobs"), **limits), editions)
    made.extensions["job_kinds"] = COUNTING_KINDS
    return made


@pytest.fixture(scope="module")
def clients(counting: Flask) -> dict[str, FlaskClient]:
    """A caller of each role."""
    database = counting.extensions["database"]
    actor = Actor("command-line", Role.ADMIN)
    keys = {role: keyring.create(database, actor, "tests", role, role) for role in Role}
    return {role: caller(counting, key) for role, key in keys.items()}


def asked_by(counting: Flask, client: FlaskClient, **params: Any) -> str:
    """A job of a caller's key; answers where it is."""
    key_id = client.environ_base["HTTP_AUTHORIZATION"].split("_")[1]
    return f"/v1/jobs/{ask(counting.extensions['database'], 3, actor=Actor(key_id, Role.PORTAL), **params)}"


def work(counting: Flask) -> None:
    """Do all that waits."""
    Worker(counting.extensions["database"], COUNTING_KINDS).run(once=True)


def test_a_job_from_its_asking_to_its_result(counting: Flask, clients: dict[str, FlaskClient]) -> None:
    """Polled until it is done; the result comes with its type, name and length, as the kind makes it."""
    client = clients["portal"]
    place = asked_by(counting, client)
    before = client.get(place).get_json()
    assert (before["status"], before["result"]) == ("queued", None)
    early = client.get(f"{place}/result")
    assert (early.status_code, early.headers["Retry-After"]) == (409, "2")
    work(counting)
    after = client.get(place).get_json()
    assert (after["status"], after["progress"]) == ("done", {"done": 3, "total": 3})
    answer = client.get(after["result"])
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="counting-{after["id"]}.csv"'
    assert answer.data == expected(3)
    assert answer.headers["Content-Length"] == str(len(answer.data))


def test_the_answer_is_what_is_documented(counting: Flask, clients: dict[str, FlaskClient]) -> None:
    """In each state, no field more and none less."""
    client = clients["finance"]
    document = client.get("/openapi.json").get_json()
    schemas = document["components"]["schemas"]
    schemas["Job"]["additionalProperties"] = False
    validator = jsonschema_rs.validator_for({"$ref": "#/components/schemas/Job", "components": {"schemas": schemas}})
    places = [asked_by(counting, client), asked_by(counting, client, refuses_at=1)]
    for _ in range(2):
        for place in places:
            assert [str(error) for error in validator.iter_errors(client.get(place).get_json())] == []
        work(counting)


def test_whose_job_it_is(counting: Flask, clients: dict[str, FlaskClient]) -> None:
    """A foreign one is not found, nor its result, nor can it be cancelled; finance sees and does all that."""
    place = asked_by(counting, clients["portal"])
    for method, path in (("GET", place), ("GET", f"{place}/result"), ("DELETE", place)):
        answer = clients["sales"].open(path, method=method)
        assert (answer.status_code, answer.get_json(force=True)["errors"][0]["code"]) == (404, "job_not_found")
    assert clients["finance"].get(place).status_code == 200
    assert clients["finance"].delete(place).status_code == 204


def test_a_job_is_cancelled_once_and_for_all(counting: Flask, clients: dict[str, FlaskClient]) -> None:
    """204 without a body, the same again; what is done is not cancelled."""
    client = clients["sales"]
    place = asked_by(counting, client)
    for _ in range(2):
        answer = client.delete(place)
        assert (answer.status_code, answer.data) == (204, b"")
    assert client.get(place).get_json()["status"] == "cancelled"
    assert client.get(f"{place}/result").status_code == 409
    done = asked_by(counting, client)
    work(counting)
    refused = client.delete(done)
    assert (refused.status_code, refused.get_json(force=True)["errors"][0]["code"]) == (409, "job_over")


def test_a_job_that_failed_tells_why_in_the_callers_language(counting: Flask, clients: dict[str, FlaskClient]) -> None:
    """Every fault with message and hint."""
    client = clients["finance"]
    place = asked_by(counting, client, refuses_at=0)
    work(counting)
    korean, english = (client.get(place, headers={"Accept-Language": lang}).get_json() for lang in ("ko", "en"))
    assert [error["code"] for error in korean["errors"]] == ["empty_body", "unknown_field"]
    assert korean["errors"][0]["message"] != english["errors"][0]["message"]
    assert english["errors"][1]["hint"]


def test_what_waits_is_measured(counting: Flask, clients: dict[str, FlaskClient]) -> None:
    """/metrics tells how many jobs are queued and how long the oldest has waited."""
    asked_by(counting, clients["portal"])
    told = clients["portal"].get("/metrics").text
    assert 'fee_service_jobs{state="queued"} 1.0' in told
    assert 'fee_service_jobs{state="running"} 0.0' in told
    assert "fee_service_oldest_job_seconds 0." in told
    work(counting)
