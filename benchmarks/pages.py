"""The desk in a real browser: how soon its first page stands with a cold cache, and how soon the estimate follows."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from benchmarks.load import ADDRESS, serving
from benchmarks.requests import standard, variations
from benchmarks.row import Row, unmeasured

ROUNDS, REFRESHES = 10, 60
CHROMIUM = shutil.which("chromium")
SHOWN = """() => {
  const { domContentLoadedEventEnd, startTime } = performance.getEntriesByType("navigation")[0];
  return domContentLoadedEventEnd - startTime;
}"""
WEIGHT = "() => performance.getEntries().reduce((sum, each) => sum + (each.encodedBodySize || 0), 0)"
ASK = """async ([path, headers, body]) => {
  const began = performance.now();
  const answer = await fetch(path, { method: "POST", headers, body });
  if (!answer.ok) throw new Error(path + ": " + answer.status);
  await answer.text();
  return performance.now() - began;
}"""
FORM = """founded => {
  document.querySelector("#founded-on").value = founded;
  return new URLSearchParams(new FormData(document.querySelector("#desk"))).toString();
}"""


def measure() -> list[Row]:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return [unmeasured("The desk in a browser", "< 300 ms; < 100 ms", "playwright is not installed")]
    if CHROMIUM is None:
        return [unmeasured("The desk in a browser", "< 300 ms; < 100 ms", "Chromium is not installed")]
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder), [standard()], role="sales") as service,
        sync_playwright() as started,
    ):
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        return [_first_page(browser, service.key), _refresh(browser, service.key)]


def _signed_in(browser: Any, key: str) -> Any:
    page = browser.new_context(locale="ko-KR").new_page()
    page.goto(f"http://{ADDRESS}/sign-in")
    page.fill("#key", key)
    page.click("main button.primary")
    page.wait_for_url(f"http://{ADDRESS}/")
    return page


def _first_page(browser: Any, key: str) -> Row:
    """Each time in a new browser context, whose cache is empty; in turns with an answer of a few bytes."""
    signed_in = _signed_in(browser, key).context.storage_state()
    times: dict[str, list[float]] = {"/": [], "/healthz": []}
    weight = 0
    for _ in range(ROUNDS):
        for path, found in times.items():
            page = browser.new_context(storage_state=signed_in, locale="ko-KR").new_page()
            page.goto(f"http://{ADDRESS}{path}")
            found.append(page.evaluate(SHOWN))
            weight = max(weight, page.evaluate(WEIGHT))
            page.context.close()
    first, small = median(times["/"]), median(times["/healthz"])
    return Row(
        "First page of the desk in Chromium with a cold cache",
        f"{first:.0f} ms, {weight / 1000:.0f} KB",
        "< 300 ms, < 100 KB",
        first < 300 and weight < 100_000,
        f"until all of it stands, median of {ROUNDS}; /healthz in the same way {small:.0f} ms",
    )


def _refresh(browser: Any, key: str) -> Row:
    """The estimate as a field changes, in turns with the preview of a like request over the API."""
    page = _signed_in(browser, key)
    for product in ("securities-a", "securities-b", "securities-c"):
        page.check(f"#real-time-{product}")
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    api = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
    estimates, previews = [], []
    for body in variations(REFRESHES):
        founded = body["company"]["founded_on"]
        estimates.append(page.evaluate(ASK, ["/estimate", form, page.evaluate(FORM, founded)]))
        previews.append(page.evaluate(ASK, ["/v1/quotes/preview", api, json.dumps(body)]))
    slow, preview = quantiles(estimates, n=20)[-1], quantiles(previews, n=20)[-1]
    return Row(
        "Estimate refreshed at the desk, p95 as the browser waits for it",
        f"{slow:.0f} ms",
        "< 100 ms",
        slow < 100,
        f"median {median(estimates):.0f} ms of {REFRESHES}; the preview over the API: p95 {preview:.0f} ms, "
        f"median {median(previews):.0f} ms; whole pieces of page against JSON",
    )
