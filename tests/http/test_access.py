"""Who may call what: the whole matrix of roles × routes, written down here a second time."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO
from itertools import pairwise
from typing import Any

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from support.calling import caller, take_seat
from support.desk_forms import ASKED, Seat
from uuid_utils import uuid7

from fee_service import app as application
from fee_service.actors import COMMAND_LINE, Actor, Role
from fee_service.errors import FeeError
from fee_service.http.access import ACCESS, Unclassified, guard, named
from fee_service.jobs import asking
from fee_service.keys import keyring
from fee_service.operations.limits import Limits
from fee_service.permissions import MAY, Action, may
from fee_service.published.editions import Editions
from fee_service.quotes import closing, issuing, proving, sharing
from fee_service.quotes.calls import Call
from fee_service.quotes.desk import Desk
from fee_service.reconciliation.asking import NAME
from fee_service.reconciliation.findings import enter
from fee_service.rules.findings import Seen, id_of, subject
from fee_service.settings import Settings
from fee_service.web.routes import ACCESS_OF_PAGES
from schemas.fields import Loaded

TODAY = date(2026, 12, 9)

EVERYONE = ("", *Role)  # "" has no key
KEY_HOLDERS = tuple(Role)
SALES, FINANCE = ("sales", "finance", "admin"), ("finance", "admin")
USAGE = ("portal", "finance", "admin")  # a portal of its own contracts; the sales team has nothing to do with it

MAY_CALL: dict[str, tuple[str, ...]] = {
    "GET /docs": EVERYONE,
    "GET /docs/start.js": EVERYONE,
    "GET /docs/{}": EVERYONE,
    "GET /openapi.json": EVERYONE,
    "GET /problems": EVERYONE,
    "GET /healthz": EVERYONE,
    "GET /readyz": EVERYONE,
    "GET /metrics": EVERYONE,
    "GET /v1/apis": EVERYONE,
    "GET /v1/products": EVERYONE,
    "GET /v1/price-lists": EVERYONE,
    "GET /v1/price-lists/{}": EVERYONE,
    "GET /v1/price-lists/{}/diff/{}": EVERYONE,
    "GET /v1/waiver-policies": EVERYONE,
    "POST /v1/quotes/preview": KEY_HOLDERS,
    "POST /v1/quotes/bulk": KEY_HOLDERS,
    "POST /v1/comparisons": KEY_HOLDERS,
    "POST /v1/eligibility": KEY_HOLDERS,
    "POST /v1/quotes": KEY_HOLDERS,
    "GET /v1/quotes": KEY_HOLDERS,
    "GET /v1/quotes/{}": KEY_HOLDERS,
    "GET /v1/quotes/{}.pdf": SALES,
    "GET /v1/quotes/{}.xlsx": SALES,
    "GET /v1/quotes/{}.csv": SALES,
    "GET /v1/quotes/{}/replay": SALES,
    "POST /v1/quotes/{}/revisions": SALES,
    "POST /v1/quotes/{}/withdrawal": SALES,
    "POST /v1/quotes/{}/acceptance": FINANCE,
    "GET /v1/contracts/{}/dues": FINANCE,
    "POST /v1/reconciliations": FINANCE,
    "GET /v1/reconciliations/{}": FINANCE,
    "DELETE /v1/reconciliations/{}": FINANCE,
    "GET /v1/reconciliations/{}/lines": FINANCE,
    "GET /v1/reconciliations/{}/corrections/{}": FINANCE,
    "GET /v1/reconciliations/{}/letters/{}.pdf": FINANCE,
    "GET /v1/reconciliations/{}.csv": FINANCE,
    "GET /v1/reconciliations/{}.xlsx": FINANCE,
    "GET /v1/reconciliations/{}.parquet": FINANCE,
    "GET /v1/reconciliations/{}.focus.csv": FINANCE,
    "GET /v1/reconciliations/{}/lines.csv": FINANCE,
    "GET /v1/reconciliations/{}/lines.xlsx": FINANCE,
    "GET /v1/reconciliations/{}/lines.parquet": FINANCE,
    "GET /v1/reconciliations/{}/lines.focus.csv": FINANCE,
    "GET /v1/dues": FINANCE,
    "GET /v1/dues.csv": FINANCE,
    "GET /v1/dues.xlsx": FINANCE,
    "GET /v1/dues.parquet": FINANCE,
    "GET /v1/dues.focus.csv": FINANCE,
    "GET /v1/dues.hometax.xlsx": FINANCE,
    "GET /v1/jobs/{}": KEY_HOLDERS,
    "GET /v1/jobs/{}/result": KEY_HOLDERS,
    "DELETE /v1/jobs/{}": KEY_HOLDERS,
    "POST /v1/usage-reports": USAGE,
    "GET /v1/usage-reports": USAGE,
    "GET /v1/item-names": FINANCE,
    "PUT /v1/item-names": FINANCE,
    "GET /v1/item-names.yaml": FINANCE,
    "GET /v1/contracts": SALES,
    "GET /v1/contracts/{}": SALES,
    "POST /v1/contracts/{}/events": FINANCE,
    "POST /v1/contracts/{}/audits": FINANCE,
    "GET /v1/contracts/{}/audits": FINANCE,
    "GET /v1/contracts/{}/late-interest": FINANCE,
    "GET /v1/findings": FINANCE,
    "GET /v1/findings/{}": FINANCE,
    "POST /v1/findings/{}": FINANCE,
}

# Pages: who is not signed in is asked to do so.
MAY_SEE: dict[str, tuple[str, ...]] = {
    "GET /sign-in": EVERYONE,
    "POST /sign-in": EVERYONE,
    "POST /sign-out": EVERYONE,
    "GET /s/{}": EVERYONE,  # who has the link of a shared quote
    "GET /verify": EVERYONE,
    "GET /verify/{}": EVERYONE,
    "GET /price-lists": EVERYONE,
    "GET /waiver-policies": EVERYONE,
    "GET /apis": EVERYONE,
    "GET /static/{}": EVERYONE,
    "GET /": KEY_HOLDERS,
    "POST /": KEY_HOLDERS,
    "POST /estimate": KEY_HOLDERS,
    "GET /compare": KEY_HOLDERS,
    "POST /compare": KEY_HOLDERS,
    "GET /quotes": KEY_HOLDERS,
    "POST /quotes": KEY_HOLDERS,
    "GET /quotes/{}": KEY_HOLDERS,
    "GET /quotes/{}/again": KEY_HOLDERS,
    "GET /quotes/{}/revision": SALES,
    "POST /quotes/{}/withdrawal": SALES,
    "POST /quotes/{}/shares": SALES,
    "POST /quotes/{}/shares/{}/revocation": SALES,
    "POST /quotes/{}/acceptance": FINANCE,
    "GET /reconciliations": FINANCE,
    "POST /reconciliations": FINANCE,
    "GET /reconciliations/{}": FINANCE,
    "GET /reconciliations/{}/progress": FINANCE,
    "GET /reconciliations/{}/files/{}": FINANCE,
    "POST /reconciliations/{}/names": FINANCE,
    "POST /reconciliations/{}/start": FINANCE,
    "POST /reconciliations/{}/cancellation": FINANCE,
    "GET /findings": FINANCE,
    "GET /findings/{}": FINANCE,
    "POST /findings/{}": FINANCE,
    "GET /item-names": FINANCE,
    "GET /item-names.yaml": FINANCE,
    "POST /item-names": FINANCE,
}


def routes(app: Flask) -> set[str]:
    """Every route that is served, by its name in the table; HEAD goes with GET."""
    return {
        named(method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_every_route_is_classified_here_and_in_a_table(app: Flask) -> None:
    """A route that nobody thought about fails here, and so does a line about a route that is gone."""
    assert set(MAY_CALL) == set(ACCESS)
    assert set(MAY_SEE) == set(ACCESS_OF_PAGES)
    assert routes(app) == set(MAY_CALL) | set(MAY_SEE)


@pytest.mark.parametrize("role", EVERYONE)
@pytest.mark.parametrize("route", MAY_CALL)
def test_each_role_may_call_what_it_should_and_nothing_else(
    app: Flask, keys: dict[str, str], role: str, route: str
) -> None:
    """Without a key 401, with the wrong role 403; whoever may call gets past the door."""
    method, path = route.split(" ")
    client = caller(app, keys[role]) if role else app.test_client()
    for asked in ("GET", "HEAD") if method == "GET" else (method,):
        answer = client.open(path.replace("{}", "none"), method=asked)
        if role in MAY_CALL[route]:
            assert answer.status_code not in (401, 403)
            assert answer.status_code < 500
        else:
            assert answer.status_code == (403 if role else 401)
            assert answer.content_type == "application/problem+json"
            expected = "role_not_allowed" if role else "key_missing"
            if asked != "HEAD":
                assert [fault["code"] for fault in answer.get_json(force=True)["errors"]] == [expected]


@pytest.mark.parametrize("role", EVERYONE)
@pytest.mark.parametrize("route", MAY_SEE)
def test_each_role_may_see_the_pages_it_should_and_nothing_else(
    app: Flask, keys: dict[str, str], role: str, route: str
) -> None:
    """Who is not signed in is led to sign in, the wrong role is refused; a key in a header opens no page."""
    method, path = route.split(" ")
    client = app.test_client()
    if role:
        take_seat(client, keys[role], role)
    elif role not in MAY_SEE[route]:
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {keys['admin']}"
    answer = client.open(path.replace("{}", "none"), method=method)
    if role in MAY_SEE[route]:
        assert answer.status_code not in (401, 403)
        assert answer.status_code < 500
        assert "/sign-in" not in answer.headers.get("Location", "") or route == "POST /sign-out"
    elif role:
        assert answer.status_code == 403
    else:
        assert answer.status_code == 401 or answer.headers["Location"].startswith("/sign-in")


# Every form of the pages, as a browser sends it: what is posted, and who may. `{number}` is a quote of the portal.
FORMS: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "POST /": (ASKED, KEY_HOLDERS),
    "POST /estimate": (ASKED, KEY_HOLDERS),
    "POST /compare": ({**ASKED, "from_desk": "1"}, KEY_HOLDERS),
    "POST /quotes": (ASKED, KEY_HOLDERS),
    "POST /quotes of a revision": ({**ASKED, "revises": "{number}"}, SALES),
    "POST /quotes/{number}/withdrawal": ({}, SALES),
    "POST /quotes/{number}/acceptance": ({}, FINANCE),
    "POST /quotes/{number}/shares": ({}, SALES),
    "POST /quotes/{number}/shares/{share}/revocation": ({}, SALES),
    "POST /reconciliations": ({"file": "작성일자,승인번호,품목명,공급가액\n2026-12-09,1,주식실시간A,1"}, FINANCE),
    "POST /reconciliations/{run}/names": ({}, FINANCE),
    "POST /reconciliations/{run}/start": ({}, FINANCE),
    "POST /reconciliations/{run}/cancellation": ({}, FINANCE),
    "POST /findings/{finding}": ({"state": "disputed"}, FINANCE),
    "POST /item-names": ({"told_supplier": "999-81-00015", "told_text": "x", "meaning": "ignored"}, FINANCE),
    "POST /sign-in": ({"key": "{key}"}, KEY_HOLDERS),
    "POST /sign-out": ({}, KEY_HOLDERS),
}


def found_wrong(app: Flask, boss: Call) -> str:
    """The id of a finding."""
    about = subject("Q-2026-000001", "1", None, date(2026, 12, 1))
    seen = [Seen(about, "overbilled", None, 1)]
    app.extensions["database"].write(lambda connection: enter(connection, str(uuid7()), seen, [], boss))
    return id_of(about)


def waiting(app: Flask, boss: Call) -> str:
    """The id of a run whose files wait for a word."""
    return asking.hold(app.extensions["database"], NAME, boss.actor, boss.origin, {"files": []}, [[b"{}"]])


def test_every_form_of_the_pages_is_posted_here(app: Flask) -> None:
    """A form that nobody thought about fails here."""
    pages = {route for route in routes(app) if route.startswith("POST ") and "/v1/" not in route}
    named_here = {re.sub(r"{[a-z]+}", "{}", name.partition(" of ")[0]) for name in FORMS}
    assert named_here == pages == {route for route in MAY_SEE if route.startswith("POST ")}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("form", FORMS)
def test_each_form_does_for_a_role_what_the_api_would_and_nothing_else(
    app: Flask, keys: dict[str, str], form: str, role: str
) -> None:
    """Signed in, from the same site, with every field right: who may not is refused, and nothing has changed."""
    seller = caller(app, keys["admin"])
    body = {"company": {"founded_on": "2023-05-10", "size": "sme"}, "apis": ["주식실시간A"]}
    number = caller(app, keys["portal"]).post("/v1/quotes", json=body).get_json()["number"]
    boss = Call(Actor("boss", Role.ADMIN), "tests", datetime.now(UTC), TODAY)
    share = sharing.share(app.extensions["desk"], number, boss)
    fields, allowed = FORMS[form]
    run, finding = waiting(app, boss), found_wrong(app, boss)
    known = {"number": number, "share": share, "key": keys[role], "run": run, "finding": finding}
    seat = Seat(app.test_client(), keys[role])
    path = form.removeprefix("POST ").partition(" of ")[0].format(**known)
    typed: dict[str, Any] = {name: value.format(**known) for name, value in fields.items()}
    if "file" in typed:
        typed["file"] = (BytesIO(typed["file"].encode()), "invoice.csv")
    answer = seat.post(path, typed)
    after = seller.get(f"/v1/quotes/{number}").get_json()
    shares = {row.id for row in sharing.shares_of(app.extensions["desk"], number, boss)}
    if role in allowed:
        assert answer.status_code in (200, 303), answer.text[:2000]
    else:
        assert answer.status_code == 403
        assert (after["status"], after["revised_by"], shares) == ("issued", None, {share})


@pytest.mark.parametrize("role", Role)
def test_the_use_cases_ask_the_same_table(app: Flask, role: str) -> None:
    """Whatever face is put before them: who may not is refused before anything is looked up."""
    at: Desk = app.extensions["desk"]
    by = Call(Actor("somebody", role), "tests", datetime.now(UTC), TODAY)
    nothing = Loaded({}, [])
    deeds: dict[Action, Callable[[], Any]] = {
        Action.ISSUE: lambda: issuing.issue(at, nothing, by),
        Action.REVISE: lambda: issuing.revise(at, "none", nothing, by),
        Action.WITHDRAW: lambda: closing.withdraw(at, "none", by),
        Action.ACCEPT: lambda: closing.accept(at, "none", by),
        Action.SHARE: lambda: sharing.share(at, "none", by),
        Action.REPLAY: lambda: proving.replay(at, "none", by),
    }
    for action, deed in deeds.items():
        with pytest.raises(FeeError) as refused:
            deed()
        codes = {fault.code for fault in refused.value.faults}
        assert (codes == {"role_not_allowed"}) is not may(role, action), action
    with pytest.raises(FeeError) as refused:
        sharing.unshare(at, "none", "none", by)
    assert (refused.value.status == 403) is not may(role, Action.SHARE)


def test_each_role_may_what_the_one_before_it_may(app: Flask) -> None:
    """And more: nobody has to hold two keys. A role that nobody knows may nothing.

    The use of a contract is reported by whoever uses it, and by finance: there the sales team is left out.
    """
    of_use = {Action.REPORT_USAGE, Action.READ_USAGE}
    for less, more in pairwise(Role):
        assert all(may(more, action) for action in Action if may(less, action) and action not in of_use)
    assert {tuple(role for role in Role if may(role, action)) for action in of_use} == {USAGE}
    assert not any(may("guest", action) for action in Action)
    assert {action: roles for action, roles in MAY.items() if not roles} == {}
    assert set(MAY) == set(Action)


def test_the_page_of_a_quote_offers_what_the_role_may(app: Flask, keys: dict[str, str]) -> None:
    """No button that would be refused, and none missing."""
    body = {"company": {"founded_on": "2023-05-10", "size": "sme"}, "apis": ["주식실시간A"]}
    number = caller(app, keys["portal"]).post("/v1/quotes", json=body).get_json()["number"]
    offered = {
        Action.DOWNLOAD: f"/quotes/{number}.pdf",
        Action.REVISE: f"/quotes/{number}/revision",
        Action.WITHDRAW: f"/quotes/{number}/withdrawal",
        Action.ACCEPT: f"/quotes/{number}/acceptance",
        Action.SHARE: f"/quotes/{number}/shares",
        Action.ISSUE: f"/quotes/{number}/again",
    }
    for role in Role:
        page = Seat(app.test_client(), keys[role]).client.get(f"/quotes/{number}").text
        assert {action for action, address in offered.items() if f'"{address}"' in page} == {
            action for action in offered if may(role, action)
        }, role


def test_a_refusal_for_the_role_names_the_roles_that_may(app: Flask, keys: dict[str, str]) -> None:
    """In both languages, so that the caller knows whom to ask."""
    answer = caller(app, keys["portal"]).post("/v1/quotes/none/acceptance")
    message, hint = (answer.get_json(force=True)["errors"][0][part] for part in ("message", "hint"))
    assert "portal" in message
    assert "finance, admin" in hint


def test_the_application_does_not_start_with_an_unclassified_route(
    editions: Editions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault names the route and the file to put it right."""
    stray = Blueprint("stray", __name__)
    stray.add_url_rule("/v1/secrets/<name>", view_func=lambda name: name, methods=["DELETE"])
    module = type("module", (), {"blueprint": stray})
    monkeypatch.setattr(application, "RESOURCES", (*application.RESOURCES, module))
    with pytest.raises(Unclassified, match=r"access\.py.*DELETE /v1/secrets/\{\}"):
        application.create_app(Settings(), editions)


def test_a_route_added_after_the_start_lets_nobody_in(
    editions: Editions, tmp_path: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """Closed until somebody says who may."""
    app = application.create_app(Settings(instance=tmp_path), editions)
    app.add_url_rule("/late", view_func=lambda: "secret")
    answer = app.test_client().get("/late")
    assert answer.status_code == 500
    assert "secret" not in answer.get_data(as_text=True)


def test_a_foreign_quote_is_not_found_for_a_portal(app: Flask, keys: dict[str, str]) -> None:
    """404, not 403: a portal does not learn which quotes there are; sales sees all of them."""
    other_key = keyring.create(app.extensions["database"], COMMAND_LINE, "tests", Role.PORTAL, "another portal")
    portal, other, sales = (caller(app, key) for key in (keys["portal"], other_key, keys["sales"]))
    body = {"company": {"founded_on": "2023-05-10", "size": "sme"}, "apis": ["주식실시간A"]}
    quote = portal.post("/v1/quotes", json=body).get_json()
    for name in (quote["id"], quote["number"]):
        assert _sees(portal, name)
        assert _sees(sales, name)
        foreign, missing = other.get(f"/v1/quotes/{name}"), other.get("/v1/quotes/Q-2026-999999")
        assert foreign.status_code == missing.status_code == 404
        codes = {answer.get_json(force=True)["errors"][0]["code"] for answer in (foreign, missing)}
        assert len(codes) == 1
    for client, expected in ((portal, True), (sales, True), (other, False)):
        listed = client.get("/v1/quotes").get_json()["quotes"]
        assert (quote["id"] in {each["id"] for each in listed}) is expected


def _sees(client: FlaskClient, name: str) -> bool:
    return client.get(f"/v1/quotes/{name}").status_code == 200


def test_options_and_unknown_paths_need_no_key(stranger: FlaskClient) -> None:
    """They tell nothing about anybody: which methods a route takes, and that there is no such path."""
    assert stranger.options("/v1/quotes").status_code == 200
    assert stranger.get("/v1/none").status_code == 404
    assert stranger.delete("/v1/quotes").status_code == 405


def test_a_route_may_be_named_with_any_parameters(app: Flask) -> None:
    """The table does not depend on what a parameter is called or how it is converted."""
    assert named("GET", "/v1/quotes/<path:key>.pdf") == named("GET", "/v1/quotes/{id}.pdf")


def test_guarding_twice_with_an_empty_table_names_all_routes(app: Flask) -> None:
    """All missing routes are told at once."""
    with pytest.raises(Unclassified) as caught:
        guard(app, app.extensions["keyring"], Limits(None, 1, 1), {})
    assert all(route in str(caught.value) for route in MAY_CALL)
