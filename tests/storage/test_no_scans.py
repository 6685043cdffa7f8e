"""No statement of the service reads a table that grows from end to end, however many rows there are.

Everything the service does is done once on a database with 100,000 rows in every such table. What each statement
then costs is what the database itself says: the plan, and how many rows were read for it.
"""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from support.asking import NUMBER, asked, call, issue
from support.calling import caller, take_seat
from support.counting_job import COUNTING_KINDS, ask
from support.databases import KINDS, new_database
from support.desk_forms import ASKED, Seat
from support.filling import ROWS, fill
from support.serving import SECRET_KEY

from fee_service.actors import COMMAND_LINE, Role
from fee_service.app import create_app
from fee_service.cli import main
from fee_service.job_kinds import job_kinds
from fee_service.jobs.sweeping import sweep
from fee_service.jobs.working import Worker
from fee_service.keys import keyring
from fee_service.published.editions import Editions
from fee_service.quotes.desk import Desk
from fee_service.reconciliation.findings import enter
from fee_service.rules.findings import Covered, Seen, id_of, subject
from fee_service.settings import Settings
from fee_service.storage.database import Database

TODAY = date(2026, 12, 9)
GROWING = (
    *("quotes", "quote_states", "company_names", "company_name_terms", "business_number_terms", "waiver_ledger"),
    *("usage_reports", "idempotency_keys", "audit_log", "quote_shares", "sessions", "jobs", "job_chunks"),
    *("contracts", "contract_products", "contract_events", "contract_states", "findings", "finding_events"),
)
MOST_ROWS = 15_000  # that a statement may read of such a table: searches look at a few thousand, thrice at most
MOST_STEPS = 150_000  # of SQLite's machine; to read 100,000 rows takes more

# Commands whose very purpose is to read everything, and those that touch no such table or none of this process.
WHOLE_TABLE = {
    "audit verify": "proves every entry and every row",
    "audit list": "prints every entry",
    "replay --all": "computes every quote anew",
    "db backup": "copies the file page by page",
    "db restore": "copies the file page by page",
    "db upgrade": "makes tables and indexes",
    "db downgrade": "takes them back",
    "dues": "rates every contract",
    "db drill": "backs up, verifies and computes anew elsewhere",
}
NO_DATABASE = {"quote", "rate", "serve", "price-lists check"}
WHOLE_ROUTES = {
    "dues.list_dues": "rates every contract; many are a job",
    "dues.dues_as_file": "rates every contract; many are a job",
    **dict.fromkeys(
        (
            *(f"reconciliations.{name}_reconciliation" for name in ("ask", "show", "cancel", "lines_of")),
            *("reconciliations.reconciliation_as_file", "reconciliations.lines_as_file"),
            *("letters.correction_of_invoice", "letters.letter_about_invoice"),
        ),
        "judges every contract of an upload, by a worker; what it made is read as any job's",
    ),
}


class Sent:
    """Every statement that was sent, with its parameters, and SQLite's steps for it."""

    def __init__(self) -> None:
        self.statements: dict[str, list[Any]] = {}
        self.steps: Counter[str] = Counter()
        self._current = ""

    def listen(self) -> None:
        event.listen(Engine, "before_cursor_execute", self._told)

    def end(self) -> None:
        event.remove(Engine, "before_cursor_execute", self._told)

    def _told(self, connection: Any, cursor: Any, statement: str, parameters: Any, _: Any, many: bool) -> None:
        known = self.statements.setdefault(statement, [])
        if len(known) < 5:
            known.append(parameters[0] if many and parameters else parameters)
        if connection.dialect.name == "sqlite":
            took = 0

            def step() -> int:
                nonlocal took
                took += 1_000
                self.steps[statement] = max(self.steps[statement], took)
                return 0

            connection.connection.driver_connection.set_progress_handler(step, 1_000)


@pytest.fixture(scope="module", params=KINDS)
def full(request: pytest.FixtureRequest, editions: Editions, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A full database, and everything that was sent to it when everything was done."""
    folder = tmp_path_factory.mktemp("full")
    url = new_database(request.param, folder)
    database = Database(url)
    issue(Desk(database, editions), call(date(2025, 6, 1)))
    fill(database)
    app = create_app(Settings(database_url=url, secret_key=SECRET_KEY, instance=folder), editions)
    app.config["TODAY"] = lambda: TODAY
    sent = Sent()
    sent.listen()
    try:
        visited = _through_the_api(app) | _through_the_pages(app)
        _at_the_command_line(url, folder)
    finally:
        sent.end()
    yield database, app, sent, visited
    database.close()


# -- everything that can be done -------------------------------------------------------------------------

FILTERS = {
    "company": "startup 1234",
    "business_number": "124-81-00998",
    "status": "issued",
    "issued_from": "2026-05-01",
    "issued_to": "2026-11-01",
    "starts_from": "2026-05-01",
    "starts_to": "2027-11-01",
    "policy": "startup-12-months",
    "text": "startup",
}
OTHER_VALUES = {
    "status": ("accepted", "expired", "withdrawn", "revised"),
    "policy": ("startup-support-2018-07", "unheard-of"),
    "company": ("nobody", "s", "startup (주) 1000", "tart 19", "startup 1",
                "startup 12345 and a name that is longer than any term"),
    "text": ("1", "12", "123", "00123", "81", "81-00", "124-81-00998", "1248100998", "Q-2026", "q-2026-000123",
             "nobody", "2026-0012", "0123456", "81-00123", "99999", "000000", "%"),
    "starts_from": ("2030-01-01",),
    "issued_to": ("2025-01-01",),
}  # fmt: skip


OF_CONTRACTS = {
    "business_number": "124-81-00998",
    "product": "securities_b",
    "active_on": "2026-05-01",
    "waiver_ends_from": "2026-05-01",
    "waiver_ends_to": "2027-11-01",
    "text": "startup",
}
OTHERS_OF_CONTRACTS = {
    "product": ("securities_a", "unheard-of"),
    "active_on": ("2025-01-01", "2030-01-01"),
    "waiver_ends_from": ("2031-01-01", "2029-06-01", "2026-01-01"),
    "waiver_ends_to": ("2025-01-01", "2026-01-05"),
    "text": ("startup 1234", "123", "81-00", "nobody"),
}


def _wishes_of_contracts() -> Iterator[dict[str, str]]:
    """Every filter and value alone, every pair, every filter together."""
    yield {}
    for number in (1, 2):
        for names in itertools.combinations(OF_CONTRACTS, number):
            yield {name: OF_CONTRACTS[name] for name in names}
    for name, values in OTHERS_OF_CONTRACTS.items():
        for value in values:
            yield {name: value}
            yield {"product": "securities_a", "active_on": "2026-12-09", name: value}
    yield OF_CONTRACTS


def _wishes() -> Iterator[dict[str, str]]:
    """Every filter and value alone, every pair, every filter together."""
    yield {}
    for number in (1, 2):
        for names in itertools.combinations(FILTERS, number):
            yield {name: FILTERS[name] for name in names}
    for name, values in OTHER_VALUES.items():
        for value in values:
            yield {name: value}
            yield {name: value, "status": "issued"} if name != "status" else {name: value, "text": "startup"}
    yield FILTERS


def _through_the_api(app: Flask) -> set[str]:
    visited: set[str] = set()
    database = app.extensions["database"]
    key = keyring.create(database, COMMAND_LINE, "tests", Role.ADMIN, "admin")
    client = caller(app, key)
    app.before_request_funcs.setdefault(None, []).insert(0, lambda: _note(visited))
    for owner in (client, caller(app, keyring.create(database, COMMAND_LINE, "tests", Role.PORTAL, "portal"))):
        for wishes in _wishes():
            answer = owner.get("/v1/quotes", query_string={**wishes, "limit": "10"})
            assert answer.status_code == 200, answer.text
            if (cursor := answer.get_json()["next_cursor"]) is not None:
                assert owner.get("/v1/quotes", query_string={**wishes, "cursor": cursor}).status_code == 200
    body = asked()
    for number in range(2):  # the second time is answered by its key
        headers = {"Idempotency-Key": f"once-{number % 1}-for-all"}
        first = client.post("/v1/quotes", json=body, headers=headers)
        assert first.status_code == 201, first.text
    revised = client.post(
        f"/v1/quotes/{first.get_json()['id']}/revisions", json=body, headers={"Idempotency-Key": "r" * 9}
    )
    assert revised.status_code == 201, revised.text
    number = revised.get_json()["number"]
    for path in ("", "/replay"):
        assert client.get(f"/v1/quotes/{number}{path}").status_code == 200
    for kind in ("pdf", "xlsx", "csv"):
        assert client.get(f"/v1/quotes/{number}.{kind}").status_code == 200
    other = client.post("/v1/quotes", json=body).get_json()["number"]
    assert client.post(f"/v1/quotes/{other}/withdrawal", headers={"Idempotency-Key": "w" * 9}).status_code == 200
    assert client.post(f"/v1/quotes/{number}/acceptance", headers={"Idempotency-Key": "a" * 9}).status_code == 200
    for wishes in _wishes_of_contracts():
        answer = client.get("/v1/contracts", query_string={**wishes, "limit": "10"})
        assert answer.status_code == 200, answer.text
        if (cursor := answer.get_json()["next_cursor"]) is not None:
            assert client.get("/v1/contracts", query_string={**wishes, "cursor": cursor}).status_code == 200
    events = f"/v1/contracts/{number}/events"
    ended = client.post(events, json={"kind": "ended", "on": "2027-03-14"}, headers={"Idempotency-Key": "e" * 9})
    assert client.post(events, json={"kind": "annulled", "event": ended.get_json()["id"]}).status_code == 201
    paid = "/late-interest?issued_on=2026-12-09&due_on=2026-12-31&paid_on=2027-01-20"
    for path in ("", "/dues", paid):
        assert client.get(f"/v1/contracts/{number}{path}").status_code == 200
    _findings(app, client, number)
    _usage(client)
    _names(client)
    client.post("/v1/quotes/preview", json=body)
    client.post("/v1/quotes/bulk", data=json.dumps(body), content_type="application/x-ndjson")
    client.post("/v1/eligibility", json={"company": body["company"]})
    client.post("/v1/comparisons", json={"requests": [body, body]})
    for path in ("/healthz", "/readyz", "/metrics", "/v1/quotes/Q-1999-000001"):
        client.get(path)
    _jobs(app, client)
    return visited


def _usage(client: FlaskClient) -> None:
    """Reports, a correction, a file and an audit of a contract of some months."""
    contract = client.post("/v1/quotes", json=asked(starts_on="2026-09-01", company_business_number=None)).get_json()
    number = contract["number"]
    assert client.post(f"/v1/quotes/{number}/acceptance").status_code == 200
    report = {"contract": number, "month": "2026-09", "usage": [{"product": "securities_a", "personal_ids": 5}]}
    kept = client.post("/v1/usage-reports", json=report, headers={"Idempotency-Key": "u" * 9})
    assert kept.status_code == 201, kept.text
    corrected = client.post("/v1/usage-reports", json={**report, "corrects": kept.get_json()["id"]})
    assert corrected.status_code == 201, corrected.text
    file = (
        "contract,month,product,standard_ids,personal_ids,queries\n" + f"{contract['id']},2026-10,securities_a,1,2,3\n"
    )
    assert client.post("/v1/usage-reports", data=file, content_type="text/csv").status_code == 201
    for wishes in ({}, {"contract": number}, {"month": "2026-12"}, {"contract": number, "month": "2026-09"}):
        answer = client.get("/v1/usage-reports", query_string={**wishes, "limit": "1"})
        assert answer.status_code == 200, answer.text
    audit = {"period": {"from": "2026-09", "to": "2026-09"}, "found": [{"month": "2026-09", "usage": []}], "cost": 1}
    assert client.post(f"/v1/contracts/{number}/audits", json=audit).status_code == 201
    assert client.get(f"/v1/contracts/{number}/audits").status_code == 200


def _findings(app: Flask, client: FlaskClient, number: str) -> None:
    """Runs find something and find it solved; people look for it in every way, and say something of it."""
    wrong = Seen(subject(number, "A", None, date(2026, 12, 1)), "overbilled")
    covers = [Covered(number, date(2026, 12, 1)), Covered("Q-2026-000010", date(2026, 12, 1))]
    for run, seen in (("seen", [wrong]), ("seen again", [wrong]), ("solved", [])):
        app.extensions["database"].write(partial(enter, run=run, seen=seen, covers=covers, call=call()))
    filters = {"life": "new", "state": "disputed", "cause": "cause-70", "month": "2023-04", "contract": number}
    alone = [{name: value} for name, value in filters.items()]
    pairs = [{**one, **other} for one, other in itertools.combinations(alone, 2)]
    runs = [{"run": "run-7"}, {"run": "run-7", "life": "solved"}, {"run": "solved", "contract": number}]
    for wishes in ({}, *alone, *pairs, *runs):
        answer = client.get("/v1/findings", query_string={**wishes, "limit": "5"})
        assert answer.status_code == 200, answer.text
        if (cursor := answer.get_json()["next_cursor"]) is not None:
            assert client.get("/v1/findings", query_string={**wishes, "cursor": cursor}).status_code == 200
    place = f"/v1/findings/{id_of(wrong.subject)}"
    assert client.get(place).status_code == 200
    assert client.post(place, json={"state": "closed"}, headers={"Idempotency-Key": "f" * 9}).status_code == 200


def _names(client: FlaskClient) -> None:
    """Names of a supplier's items, told, listed and written."""
    names = {"supplier": "999-81-00015", "names": [{"text": "클라우드", "ignored": True}]}
    assert client.put("/v1/item-names", json=names, headers={"Idempotency-Key": "n" * 9}).status_code == 200
    for path in ("", "?supplier=999-81-00015&text=x&limit=1", ".yaml"):
        assert client.get(f"/v1/item-names{path}").status_code == 200


def _jobs(app: Flask, client: FlaskClient) -> None:
    """All that becomes of jobs, by the worker that the command starts."""
    database, app.extensions["job_kinds"] = app.extensions["database"], COUNTING_KINDS
    done, cancelled, failed = (ask(database, 3, b"file", **params) for params in ({}, {}, {"refuses_at": 1}))
    assert client.delete(f"/v1/jobs/{cancelled}").status_code == 204
    Worker(database, COUNTING_KINDS).run(once=True)
    assert client.get(f"/v1/jobs/{done}/result").status_code == 200
    assert client.get(f"/v1/jobs/{failed}").get_json()["status"] == "failed"
    sweep(database, 7)


def _note(visited: set[str]) -> None:
    from flask import request

    visited.add(str(request.endpoint))


def _through_the_pages(app: Flask) -> set[str]:
    visited: set[str] = set()
    app.before_request_funcs[None][0] = lambda: _note(visited)
    database = app.extensions["database"]
    key = keyring.create(database, COMMAND_LINE, "tests", Role.ADMIN, "at the desk")
    seat = Seat(app.test_client(), key)
    get = seat.client.get
    first, second, third = (seat.issue(once=f"page-{number}", business_number=NUMBER) for number in range(3))
    for wishes in ({}, {"text": "123"}, {"text": "startup 12", "status": "expired"}):
        assert get("/quotes", query_string=wishes).status_code == 200
    assert seat.post(f"/quotes/{first}/shares").status_code == 303
    page = get(f"/quotes/{first}").text
    link, revocation, digest = (_found(rf"/{path}[^\"]+", page) for path in ("s/", 'quotes/[^"]+/revoc', "verify/"))
    assert get(link).status_code == get(digest).status_code == 200
    assert seat.post(revocation).status_code == 303
    for path in (f"/quotes/{first}/again", f"/quotes/{first}/revision", f"/quotes/{first}.pdf", "/", "/verify?code=1"):
        assert get(path).status_code in (200, 302, 404)
    assert seat.post("/quotes", {**ASKED, "revises": second, "once": "revised"}).status_code == 303
    assert seat.post(f"/quotes/{first}/withdrawal").status_code == 303
    assert seat.post(f"/quotes/{third}/acceptance").status_code == 303
    for path in ("/estimate", "/", "/compare"):
        assert seat.post(path, ASKED).status_code in (200, 422)
    assert get("/compare").status_code in (200, 302)
    _reconciling(app, seat)
    assert seat.post("/sign-out").status_code == 303
    take_seat(seat.client, key, "admin")
    keyring.revoke(database, COMMAND_LINE, "tests", key.split("_")[1])
    assert get("/").status_code == 302
    return visited


def _reconciling(app: Flask, seat: Seat) -> None:
    """Files that are handed in, looked at, judged and thrown away; names and findings at the desk."""
    database, get = app.extensions["database"], seat.client.get
    supplier = "998-81-00012"
    rows = "issued_on,invoice_number,supplier,customer,item,amount,vat\n"
    rows += f"2026-12-09,{'7' * 24},{supplier},{NUMBER},x,7,0\n"
    places = []
    for _ in range(2):
        handed_in = seat.post("/reconciliations", {"file": [(BytesIO(rows.encode()), "list.csv")]})
        assert handed_in.status_code == 303
        places.append(handed_in.headers["Location"])
    kept, unwanted = places
    told = {"supplier": supplier, "text": "x", "specification": "", "meaning": "total"}
    assert get(kept).status_code == 200
    assert seat.post(f"{kept}/names", told).status_code == 303
    assert seat.post(f"{kept}/start").status_code == 303
    assert seat.post(f"{unwanted}/cancellation").status_code == 303
    Worker(database, job_kinds(app.extensions["desk"])).run(once=True)
    for path in ("/progress", "", ".csv"):
        assert get(f"{kept}{path}").status_code == 200, path
    run = kept.rpartition("/")[2]
    assert get(f"{kept}/files/{run}").status_code == 404  # of a run with few lines no file is made by a job
    for path in ("/reconciliations", "/findings", "/item-names", "/item-names.yaml"):
        assert get(path).status_code == 200, path
    named = {"told_supplier": "998-81-00012", "told_text": "y", "meaning": "total"}
    assert seat.post("/item-names", named).status_code == 303
    finding = re.findall(r"/findings/F-[0-9a-f]{12}", get("/findings").text)[0]
    assert get(finding).status_code == 200
    assert seat.post(finding, {"state": "disputed", "note": "", "once": "word"}).status_code == 303


def _found(pattern: str, page: str) -> str:
    found = re.search(pattern, page)
    assert found is not None, pattern
    return found[0]


def _at_the_command_line(url: str, folder: Path) -> None:
    """Every command that is not in one of the lists above."""
    environ = {
        "FEE_SERVICE_DATABASE_URL": url,
        "FEE_SERVICE_SECRET_KEY": SECRET_KEY,
        "FEE_SERVICE_INSTANCE": str(folder),
    }
    run = CliRunner(env=environ)
    key = run.invoke(main, ["keys", "create", "--role", "sales", "--name", "commands"]).stdout.split("_")[1]
    for arguments in (
        ["keys", "list"],
        ["keys", "revoke", key],
        ["replay", "Q-2025-000001"],
        ["audit", "list", "--subject", key],
    ):
        done = run.invoke(main, arguments)
        assert done.exit_code == 0, done.output


# -- what it costs -----------------------------------------------------------------------------------------


def test_everything_was_done(full: Any) -> None:
    """Every route that asks the database, every command: none is left out."""
    _, app, _, visited = full
    routes = {str(rule.endpoint) for rule in app.url_map.iter_rules()}
    published = {
        name for name in routes if name.split(".")[0] in ("catalogue", "price_lists", "waiver_policies", "docs")
    }
    pages = {f"web.{name}" for name in ("static", "price_lists_page", "policies_page", "apis_page", "sign_in_page")}
    assert routes - visited - published - pages - WHOLE_ROUTES.keys() == set()
    driven = {"worker", "keys create", "keys list", "keys revoke", "replay", "audit list"}
    assert _commands(main) - driven - WHOLE_TABLE.keys() - NO_DATABASE == set()


def _commands(group: click.Group, before: str = "") -> set[str]:
    found: set[str] = set()
    for name, command in group.commands.items():
        found |= _commands(command, f"{name} ") if isinstance(command, click.Group) else {f"{before}{name}"}
    return found


def test_no_statement_scans_a_table_that_grows(full: Any) -> None:
    """As the plan of each says, with the values that were sent."""
    database, _, sent, _ = full
    assert len(sent.statements) > 40
    explain = _sqlite_scans if database.is_sqlite else _postgresql_scans
    told = [f"{'; '.join(scans)}\n{each}" for each in sent.statements if (scans := explain(database, sent, each))]
    assert not told, "\n\n".join(told)


def _is_explained(statement: str) -> bool:
    return statement.split()[0] in ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")


def _sqlite_scans(database: Database, sent: Sent, statement: str) -> list[str]:
    """Parts of a plan that read a whole table or index, unless the statement stopped soon; whatever took many steps."""
    found = []
    if sent.steps[statement] > MOST_STEPS:
        found.append(f"{sent.steps[statement]:,} steps: {sent.statements[statement]}")
    if not _is_explained(statement):
        return found
    with database.engine.connect() as connection:
        for parameters in sent.statements[statement]:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters or ()).all()
            scans = [row.detail for row in plan if re.match(rf"SCAN ({'|'.join(GROWING)}|earlier|later)\b", row.detail)]
            if scans and " LIMIT " not in statement.replace("\n", " "):
                found += [f"{scan}: {parameters}" for scan in scans]
        connection.rollback()
    return found


def _postgresql_scans(database: Database, sent: Sent, statement: str) -> list[str]:
    """Nodes that read more rows than any question is worth; it is really run, and undone."""
    if not _is_explained(statement) or "pg_catalog" in statement or "pg_advisory" in statement:
        return []
    found = []
    analyse = "ANALYZE, " if statement.startswith(("SELECT", "WITH")) else ""
    for parameters in sent.statements[statement]:
        with database.engine.connect() as connection:
            asked = f"EXPLAIN ({analyse}FORMAT JSON) {statement}"
            plan = connection.exec_driver_sql(asked, parameters or None).scalar_one()[0]["Plan"]
            found += [f"{told}: {parameters}" for node in _nodes(plan) if (told := _too_much(node))]
            connection.rollback()
    return found


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)


def _too_much(node: dict[str, Any]) -> str | None:
    if node.get("Relation Name") not in GROWING:
        return None
    if "Actual Loops" not in node:
        return f"{node['Node Type']} on {node['Relation Name']}" if node["Node Type"] == "Seq Scan" else None
    read = node["Actual Loops"] * (node["Actual Rows"] + node.get("Rows Removed by Filter", 0))
    return f"{node['Node Type']} on {node['Relation Name']}: {read:,.0f} rows" if read > MOST_ROWS else None


def test_the_measure_would_find_a_scan(full: Any) -> None:
    """Or the test above would prove nothing: whole tables, a pair of columns against a list of pairs, a function."""
    database, *_ = full
    sent = Sent()
    sent.listen()
    pairs = "(owner, key) IN (VALUES ('owner1', 'key-1'), ('owner2', 'key-2'))"
    statements = [
        "SELECT count(*) FROM quotes WHERE net = 1",
        "SELECT number FROM quotes WHERE replace(number, '-', '') = 'x' ORDER BY position LIMIT 5",
        *([f"SELECT status FROM idempotency_keys WHERE {pairs}"] if database.is_sqlite else []),
        "UPDATE sessions SET expires_at = expires_at WHERE began_at = expires_at",
    ]
    try:
        for statement in statements:
            with database.engine.connect() as connection:
                connection.exec_driver_sql(statement).close()
                if database.is_sqlite and statement.startswith("SELECT"):
                    connection.exec_driver_sql(statement).all()
                connection.rollback()
    finally:
        sent.end()
    explain = _sqlite_scans if database.is_sqlite else _postgresql_scans
    assert [statement for statement in statements if not explain(database, sent, statement)] == []
    assert ROWS > MOST_ROWS
