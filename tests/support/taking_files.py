"""The service with a route that tells what files came, and whether they are gone when it is over."""

from pathlib import Path

from flask import Flask, Response, jsonify

from fee_service.app import create_app
from fee_service.http.access import OPEN
from fee_service.http.uploads import uploads

PATH, REAL = "/v1/reconciliations", "reconciliations.ask_reconciliation"
ENDPOINT = "reconciliations.ask_reconciliation"
COMMAND = (
    "-m", "gunicorn", "--config", "gunicorn.conf.py", "--pythonpath", "tests", "support.taking_files:create()",
)  # fmt: skip
lying: list[Path] = []


def take() -> Response:
    """Each file as it lies on the disk, and how many of earlier calls still do."""
    left = sum(path.exists() for path in lying)
    with uploads() as files:
        lying[:] = [file.path for file in files]
        told = [[file.name, file.size, file.sha256, file.path.stat().st_size] for file in files]
    return jsonify({"files": told, "left": left})


def create() -> Flask:
    """The application with that route in the place of the one for invoices."""
    app = create_app()
    app.view_functions[ENDPOINT] = take
    app.extensions["access"][ENDPOINT, "POST"] = OPEN
    return app
