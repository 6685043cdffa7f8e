"""What the recipes of docs/recipes.md try on a copy: a quote, a page of the service, the checks of editions."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from flask.testing import FlaskClient

SME = {"founded_on": "2023-05-10", "size": "sme"}


def quoted(**request: Any) -> dict[str, Any]:
    """The answer of `python -m fee_service quote --json --lang en` to a request of a three-year-old SME."""
    from fee_service.cli import main

    body = {"company": SME, "starts_on": "2026-12-09", **request}
    done = CliRunner().invoke(main, ["quote", "--json", "--lang", "en", "-"], input=json.dumps(body))
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def price_lists_are_sound() -> bool:
    """Whether `python -m fee_service price-lists check` finds no fault."""
    from fee_service.cli import main

    done = CliRunner().invoke(main, ["price-lists", "check"])
    if done.exit_code:
        print(done.output)  # noqa: T201
    return done.exit_code == 0


def service() -> tuple[FlaskClient, dict[str, str]]:
    """A client of the service on a new database, and the headers of who may do everything."""
    from fee_service.actors import COMMAND_LINE
    from fee_service.app import create_app
    from fee_service.keys import keyring
    from fee_service.settings import Settings

    app = create_app(Settings(instance=Path(tempfile.mkdtemp())))
    key = keyring.create(app.extensions["database"], COMMAND_LINE, "tests", "admin", "recipes")
    return app.test_client(), {"Authorization": f"Bearer {key}", "Accept-Language": "en"}
