"""zen-engine in a bare Flask route: all the decisions of one quote for one request."""

from __future__ import annotations

import json
import os

from flask import Flask, Response, request
from zen_decisions import engine_for

app = Flask(__name__)
engine = engine_for(json.loads(os.environ["PRICES"]))


@app.post("/fees")
def fees() -> Response:
    """The list amount and the net of every case."""
    answers = [engine.evaluate("fees", case)["result"] for case in json.loads(request.get_data())["cases"]]
    return Response(json.dumps([[a["list"], a["net"]] for a in answers]), content_type="application/json")
