"""What most tests start from: the published editions, the application on a fixed day, and ways to ask it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from fee_service.app import create_app
from fee_service.edition_files import read_editions
from fee_service.editions import Editions
from fee_service.settings import Settings

TODAY = date(2026, 12, 9)
PREVIEW = "/v1/quotes/preview"


@pytest.fixture(scope="session")
def editions() -> Editions:
    """Everything published in this repository."""
    return read_editions(Settings().pricing_tables)


@pytest.fixture(scope="session")
def made_up_editions() -> Editions:
    """tests/editions: the subscriber tiers of 2014, every way of pricing, a list that begins mid-month."""
    return read_editions(Path(__file__).parent / "editions")


@pytest.fixture(scope="session")
def app(editions: Editions) -> Flask:
    """The application on 9 December 2026."""
    app = create_app(Settings(), editions)
    app.config["TODAY"] = lambda: TODAY
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A caller."""
    return app.test_client()


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
