"""What most tests start from: the published editions, the application on a fixed day, and ways to ask it."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support.calling import caller
from support.databases import KINDS, new_database
from support.desk_forms import Seat
from support.places import MADE_UP
from support.skipped import line_of

from fee_service.actors import COMMAND_LINE, Role
from fee_service.app import create_app
from fee_service.edition_files import read_editions
from fee_service.keys import keyring
from fee_service.operations.logs import configure
from fee_service.published.editions import Editions
from fee_service.quotes.desk import Desk
from fee_service.settings import Settings
from fee_service.storage.database import Database

TODAY = date(2026, 12, 9)
PREVIEW = "/v1/quotes/preview"


@pytest.fixture(scope="session")
def editions() -> Editions:
    """Everything published in this repository."""
    return read_editions(Settings().pricing_tables)


@pytest.fixture(scope="session")
def made_up_editions() -> Editions:
    """tests/editions: the subscriber tiers of 2014, every way of pricing, a list that begins mid-month."""
    return read_editions(MADE_UP)


@pytest.fixture(scope="session")
def app(editions: Editions, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application on 9 December 2026, with a database of its own and limits that no test reaches."""
    configure("warning")
    settings = Settings(instance=tmp_path_factory.mktemp("instance"), requests_per_minute=10**6, requests_per_day=10**6)
    app = create_app(settings, editions)
    app.config["TODAY"] = lambda: TODAY
    return app


@pytest.fixture(scope="session")
def keys(app: Flask) -> dict[str, str]:
    """A key of each role."""
    database = app.extensions["database"]
    return {role: keyring.create(database, COMMAND_LINE, "tests", role, f"{role} of tests") for role in Role}


@pytest.fixture
def client(app: Flask, keys: dict[str, str]) -> FlaskClient:
    """A caller who may do everything."""
    return caller(app, keys["admin"])


@pytest.fixture
def stranger(app: Flask) -> FlaskClient:
    """A caller without a key."""
    return app.test_client()


@pytest.fixture
def seat(app: Flask, keys: dict[str, str]) -> Seat:
    """Somebody of the sales team, who reads English."""
    return Seat(app.test_client(), keys["sales"])


@pytest.fixture
def ask(client: FlaskClient) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Ask for a quote that must be given."""

    def asking(request: dict[str, Any]) -> dict[str, Any]:
        answer = client.post(PREVIEW, json=request)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        content: dict[str, Any] = answer.get_json()
        return content

    return asking


@pytest.fixture
def ask_errors(client: FlaskClient) -> Callable[[dict[str, Any]], list[dict[str, Any]]]:
    """Ask for a quote that must be refused; answers its errors."""

    def asking(request: dict[str, Any]) -> list[dict[str, Any]]:
        answer = client.post(PREVIEW, json=request)
        assert 400 <= answer.status_code < 500, answer.get_data(as_text=True)
        assert answer.content_type == "application/problem+json"
        errors: list[dict[str, Any]] = answer.get_json(force=True)["errors"]
        return errors

    return asking


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database: SQLite, then a real PostgreSQL."""
    return new_database(request.param, tmp_path)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database, opened."""
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def desk(database: Database, editions: Editions) -> Desk:
    """The quoting desk on an empty database."""
    return Desk(database, editions)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Real browsers and killed processes meet a busy machine: such a test may be tried twice, and says so."""
    for item in items:
        if {"browser", "faults"} & set(item.path.parts):
            item.add_marker(pytest.mark.flaky(reruns=2))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line what was skipped and what to install for it; the counts stay the last line."""
    terminalreporter.write_line(line_of(terminalreporter.stats.get("skipped", [])))
