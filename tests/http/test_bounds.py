"""What the service keeps in memory is bounded, whatever callers send: no cache is theirs to fill."""

import functools
import gc
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support.calling import caller
from support.desk_forms import Seat

from fee_service.documents.press import Press
from fee_service.errors import FeeError
from fee_service.http.files import PATIENCE_BY_LINK
from fee_service.operations import metrics

MOST_ENTRIES = 20_000  # of any cache of functions
ROUNDS = 120


def caches() -> Iterator[Any]:
    """Every cached function of the project."""
    for each in gc.get_objects():
        if isinstance(each, functools._lru_cache_wrapper) and each.__module__.split(".")[0] in (
            "fee_service",
            "schemas",
        ):
            yield each


def sizes() -> dict[str, int]:
    """How much every cache and every container of a module holds."""
    found = {f"{each.__module__}.{each.__qualname__}": each.cache_info().currsize for each in caches()}
    found["metrics"] = len(metrics._of_requests) + len(metrics._of_quotes)
    found["series"] = len(list(metrics.registry.collect())) + len(metrics._requests._metrics)
    return found


def test_every_cache_has_a_bound(app: Flask) -> None:
    """Those without one take arguments that no caller chooses: a class, or nothing at all."""
    found = {f"{each.__module__}.{each.__qualname__}": each.cache_parameters()["maxsize"] for each in caches()}
    assert len(found) > 15
    unbounded = {name for name, most in found.items() if most is None}
    assert unbounded <= {
        "schemas.fields._instance",
        "schemas.fields.needs_something",
        "fee_service.web.static_files.static_files",
    }
    assert all(most <= MOST_ENTRIES for most in found.values() if most is not None)


def hammered(client: FlaskClient, seat: Seat, numbers: range) -> None:
    """Things that differ each time, in every place that a caller fills."""
    for number in numbers:
        name = f"{number}x{'y' * 50}"
        for path in (
            f"/{name}", f"/static/{name}", f"/static/{name}/../desk.css", f"/static/desk.css?v={name}",
            f"/docs/{name}", f"/v1/quotes/{name}", f"/v1/price-lists/{name}", f"/v1/apis?search={name}",
            f"/verify/{name}", f"/s/{name}", f"/v1/quotes?text={name}", f"/sign-in?next=/{name}",
            f"/v1/products?on={2018 + number % 9}-12-0{1 + number % 9}",
        ):  # fmt: skip
            headers = {"Accept-Language": f"ko, x-{name}", "X-Request-Id": name, "Accept": f"text/{name}"}
            client.open(path, method="GET" if number % 5 else name.upper()[:10], headers=headers)
        for key in (f"Bearer fee_{number:012}_{'b' * 43}", name):
            client.get("/v1/quotes", headers={"Authorization": key})
        body = {"company": {"founded_on": "2023-05-10", "size": "sme", "name": name}, "apis": [name]}
        client.post("/v1/quotes/preview", json=body, headers={"Content-Type": f"application/json; x={name}"})
        client.post(
            "/v1/quotes/preview", json={name: name, **body, "apis": ["주식실시간A"], "months": 1 + number % 120}
        )
        seat.client.post("/", data={"csrf_token": seat.token, "company_name": name, name: name})


@pytest.mark.no_cover  # it looks at the caches of all libraries, and hammers
def test_callers_cannot_make_a_cache_grow(app: Flask, keys: dict[str, str], seat: Seat) -> None:
    """After a first round nothing but the bounded caches holds more, and those no more than their bound."""
    client = caller(app, keys["admin"])
    hammered(client, seat, range(20))
    before = sizes()
    hammered(client, seat, range(20, ROUNDS))
    after = sizes()
    for each in caches():
        most = each.cache_parameters()["maxsize"]
        assert most is None or each.cache_info().currsize <= most
    bounded = {f"{each.__module__}.{each.__qualname__}" for each in caches() if each.cache_parameters()["maxsize"]}
    grown = {name: (before.get(name), size) for name, size in after.items() if size > before.get(name, 0)}
    assert set(grown) <= bounded
    keyring: Any = app.extensions["keyring"]
    assert len(keyring._known) <= len(keys) + 50


def test_a_document_is_made_once_for_all_who_ask_for_it() -> None:
    """Those who come while it is made wait for it."""
    press, begun = Press(at_once=2), threading.Barrier(1)

    def make() -> bytes:
        begun.wait()
        return b"document"

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: Press.document(press, b"key", make, 5), range(8)))
    assert found == [b"document"] * 8
    assert press.made <= 2


def test_no_more_documents_are_made_at_once_than_there_are_places() -> None:
    """Who waits too long is told when to come again; what is kept needs no place."""
    press, go_on, begun = Press(at_once=1), threading.Event(), threading.Event()
    press.document(b"kept", lambda: b"kept", 1)

    def make() -> bytes:
        begun.set()
        assert go_on.wait(10)
        return b"slow"

    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(press.document, b"slow", make, 1)
        assert begun.wait(10)
        assert press.document(b"kept", make, 0) == b"kept"
        with pytest.raises(FeeError) as refused:
            press.document(b"other", make, 0.05)
        go_on.set()
        assert slow.result(10) == b"slow"
    assert (refused.value.status, refused.value.faults[0].code) == (503, "documents_busy")
    assert press.document(b"other", lambda: b"other", 0) == b"other"


def test_a_failure_leaves_its_place_free() -> None:
    """And is not kept."""
    press = Press(at_once=1)
    with pytest.raises(ZeroDivisionError):
        press.document(b"key", lambda: bytes(1 // 0), 1)
    assert press.document(b"key", lambda: b"x", 0) == b"x"


def test_the_documents_asked_for_last_are_kept_up_to_a_number_of_bytes() -> None:
    """The others are made again."""
    press = Press(at_once=1, most_kept=100)
    for number in range(50):
        press.document(bytes([number]), lambda: b"x" * 30, 1)
        press.document(b"often", lambda: b"x" * 30, 1)
    assert (press.made, press.bytes_kept) == (51, 90)
    press.document(b"too large", lambda: b"x" * 200, 1)
    assert press.bytes_kept == 0


def test_a_link_s_document_is_kept_by_quote_and_language(app: Flask, seat: Seat, stranger: FlaskClient) -> None:
    """The same bytes again without being made again; another language, kind or state is another document."""
    press: Press = app.extensions["press"]
    number = seat.issue()
    seat.post(f"/quotes/{number}/shares")
    token = seat.client.get(f"/quotes/{number}").text.partition("/s/")[2].partition('"')[0].partition("<")[0].split()[0]
    made = press.made
    first = [stranger.get(f"/s/{token}.{kind}?lang={lang}").data for kind in ("pdf", "csv") for lang in ("ko", "en")]
    assert press.made == made + 4
    assert len(set(first)) == 4
    again = [stranger.get(f"/s/{token}.{kind}?lang={lang}").data for kind in ("pdf", "csv") for lang in ("ko", "en")]
    assert (again, press.made) == (first, made + 4)
    assert PATIENCE_BY_LINK <= 1


def test_a_link_s_document_waits_no_longer_than_a_second(
    app: Flask, seat: Seat, stranger: FlaskClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """While others are made: a page that says when to come again."""
    number = seat.issue()
    seat.post(f"/quotes/{number}/shares")
    token = seat.client.get(f"/quotes/{number}").text.partition("/s/")[2].partition('"')[0].partition("<")[0].split()[0]
    busy = Press(at_once=1)
    monkeypatch.setitem(app.extensions, "press", busy)
    assert busy._places.acquire()
    answer = stranger.get(f"/s/{token}.pdf")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    busy._places.release()
    assert stranger.get(f"/s/{token}.pdf").data.startswith(b"%PDF")
