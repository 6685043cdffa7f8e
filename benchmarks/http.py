"""The preview over HTTP, with wrk: against a bare route in the same server, and against both peers in theirs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import peers
from benchmarks.engine import decisions, months, understood
from benchmarks.load import CLIENTS, Load, script, serving, wrk
from benchmarks.requests import PRODUCTS, never_the_same, standard, variations
from benchmarks.row import Row, unmeasured
from fee_service.rules.quoting import Quote, quote

ROUNDS, SECONDS, COMPANIES, DIFFERENT = 9, 2, 300, 20_000  # short turns: what else the machine does harms all alike
SETTING = f"2 workers × 4 threads, {CLIENTS} connections, {ROUNDS} rounds in turns"
PREVIEW = "/v1/quotes/preview"


def measure() -> list[Row]:
    if shutil.which("wrk") is None:
        return [unmeasured("Previews over HTTP", "≥ 0.65 of a bare route", "wrk is not installed")]
    with tempfile.TemporaryDirectory() as folder:
        return _measure(Path(folder))


def _measure(folder: Path) -> list[Row]:
    with serving(folder, variations(COMPANIES), "benchmarks.served:app") as service:
        new = service.script("different", never_the_same(DIFFERENT))
        runs: dict[str, list[Load]] = {"bare": [], "alike": [], "new": []}
        for _ in range(ROUNDS):
            runs["bare"].append(service.wrk("/bare", SECONDS))
            runs["alike"].append(service.wrk(PREVIEW, SECONDS))
            runs["new"].append(service.wrk(PREVIEW, SECONDS, new))
        memory = service.memory()
        rows = [
            _share("licences that repeat", runs["alike"], runs["bare"], 0.65, f"{COMPANIES} companies"),
            _share("licences that never do", runs["new"], runs["bare"], 0.40, f"{DIFFERENT:,} different requests"),
            _tail(runs["alike"], runs["bare"]),
            Row("Memory of a worker after the load", f"{memory} MB", "< 150 MB", memory < 150, "the larger one"),
        ]
        ask = lambda: service.wrk(PREVIEW, SECONDS)  # noqa: E731 -- one call, named for what it does
        return [*rows, _against_zen(folder, ask), _against_openfisca(folder, ask)]


def _share(which: str, ours: list[Load], bare: list[Load], least: float, setting: str) -> Row:
    """Requests per second as a share of the bare route's, round by round."""
    share = median(our.rate / its.rate for our, its in zip(ours, bare, strict=True))
    rates = f"{median(each.rate for each in ours):,.0f} against {median(each.rate for each in bare):,.0f} a second"
    what = f"POST {PREVIEW}, {which}: requests per second against a bare route"
    return Row(what, f"{share:.2f}", f"≥ {least:.2f}", share >= least, f"{rates}; {SETTING}, {setting}")


def _tail(ours: list[Load], bare: list[Load]) -> Row:
    tail = median(our.p99 / its.p99 for our, its in zip(ours, bare, strict=True))
    how = f"{median(each.p99 for each in ours):.1f} against {median(each.p99 for each in bare):.1f} ms"
    return Row("The same, 99th percentile against the bare route's", f"{tail:.1f} times", "≤ 3 times", tail <= 3, how)


def _against_zen(folder: Path, ask: Callable[[], Load]) -> Row:
    """A whole preview against nothing but the decisions of its base fees."""
    given, fees = decisions(_standard())
    body = {"cases": given["cases"]}
    os.environ["PRICES"] = json.dumps(given["prices"])
    what = "The same preview against its 60 × 3 decisions of zen-engine in a bare Flask route"
    return _against(peers.ZEN, "zen_served:app", "/fees", body, fees, what, 3, folder, ask)


def _against_openfisca(folder: Path, ask: Callable[[], Load]) -> Row:
    """A whole preview against nothing but its base fees."""
    answer = _standard()
    _, fees = decisions(answer)
    labels = [month["month"] for month in months(answer)]
    waived = answer.waiver.period
    days = {"first_day": answer.request.starts_on, "waived_until": waived.end if waived else date.min}
    known = {name: {"ETERNITY": day.toordinal()} for name, day in days.items()}
    price = {line.product: line.cells[0].unit_price for line in answer.lines if line.fee == "base_fee"}
    asked: dict[str, None] = dict.fromkeys(labels)
    licences = {p: {**known, "price": {"ETERNITY": price[p]}, "base_fee": asked} for p in PRODUCTS}
    body = {"licences": licences, "contracts": {"one": {"licences": list(PRODUCTS)}}}
    nets = [net for _, net in fees]
    what = "The same preview against its 60 × 3 base fees from OpenFisca's web API"

    def told(answered: Any) -> list[int]:
        return [answered["licences"][product]["base_fee"][month] for month in labels for product in PRODUCTS]

    return _against(peers.OPENFISCA, "openfisca_served:app", "/calculate", body, nets, what, None, folder, ask, told)


def _against(
    peer: peers.Peer,
    app: str,
    path: str,
    body: Any,
    fees: Any,
    what: str,
    least: int | None,
    folder: Path,
    ask: Callable[[], Load],
    told: Callable[[Any], Any] = lambda answered: answered,
) -> Row:
    """Both sides in turns, each in a server of the same kind; the peer's answer is checked first."""
    wanted = f"≥ {least} times as many" if least else "–"
    try:
        with peer.serving(app, path, body) as answered:
            assert told(answered) == fees, f"{peer.name} answers other fees"
            asking = script(folder / peer.name, [body])
            rounds = [(ask().rate, wrk(f"http://{peers.ADDRESS}{path}", asking, SECONDS).rate) for _ in range(ROUNDS)]
    except (OSError, subprocess.CalledProcessError) as error:
        return unmeasured(what, wanted, f"{peer.name} could not be installed or run: {error}")
    times = median(ours / theirs for ours, theirs in rounds)
    how = (
        f"{median(ours for ours, _ in rounds):,.0f} against {median(its for _, its in rounds):,.0f} a second; {SETTING}"
    )
    return Row(what, f"{times:.1f} times", wanted, None if least is None else times >= least, how)


def _standard() -> Quote:
    return quote(understood(standard()))
