"""What the fuzzer knows of a service: its routes, keys of every role, people who are signed in, quotes, forms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from flask import Flask
from flask.testing import FlaskClient

from fee_service.actors import COMMAND_LINE, Role
from fee_service.app import create_app
from fee_service.keys import keyring
from fee_service.published.editions import Editions
from fee_service.reference.examples import COMPARISON, ELIGIBILITY, FULL, SMALLEST, TWO_MONTHS
from fee_service.settings import Settings
from fuzz.mutations import Pairs

SECRET = "the same in every run of the fuzzer, so that links can be sent again"
NEVER = 10**9  # requests a minute
SEATED_FOR = 400  # requests, then everybody signs in again
PLACE = re.compile(r"<(?:(\w+):)?(\w+)>")


class Route(NamedTuple):
    rule: str
    method: str


class Seat(NamedTuple):
    """Who asks: a key, or a session with its token against forged posts."""

    authorization: str | None
    cookie: str | None
    token: str


class World:
    """A service with something in it."""

    def __init__(self, editions: Editions, database_url: str, instance: Path) -> None:
        settings = Settings(
            instance=instance, database_url=database_url, secret_key=SECRET,
            requests_per_minute=NEVER, requests_per_day=NEVER, cors_origins=("https://portal.example.kr",),
        )  # fmt: skip
        self.app: Flask = create_app(settings, editions)
        self.routes = sorted(
            Route(rule.rule, method)
            for rule in self.app.url_map.iter_rules()
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        )
        database = self.app.extensions["database"]
        self.keys = {
            role: keyring.create(database, COMMAND_LINE, "fuzz", role, f"{role} of the fuzzer") for role in Role
        }
        self.bodies = [FULL, SMALLEST, TWO_MONTHS, COMPARISON, ELIGIBILITY, {}]
        self.forms: dict[str, list[Pairs]] = {}
        self.names: tuple[str, ...] = ()
        self.in_paths: dict[str, list[str]] = {}
        self.queries: Pairs = []
        self._fill()
        self._signed_in: list[Seat] = []
        self._strangers: list[Seat] = []

    # -- who asks --

    def seat(self, rng: Random, number: int, rule: str) -> Seat:
        """Somebody: mostly who belongs there, with a key in the API, signed in at a page; sometimes anybody."""
        if not self._signed_in or number % SEATED_FOR == 0:
            self._signed_in = [self._sign_in(key, number) for key in self.keys.values()]
            self._strangers = [Seat(None, None, ""), self._stranger()]
        by_key = [Seat(f"Bearer {key}", None, "") for key in self.keys.values()]
        belonging = by_key if rule.startswith("/v1/") else self._signed_in
        return rng.choice(belonging if rng.random() < 0.8 else [*self._strangers, *by_key, *self._signed_in])

    def _stranger(self) -> Seat:
        client = self.app.test_client()
        token = _token(client.get("/sign-in").text)
        return Seat(None, _cookie(client), token)

    def _sign_in(self, key: str, number: int) -> Seat:
        client = self.app.test_client()
        client.environ_base["REMOTE_ADDR"] = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        data = {"csrf_token": _token(client.get("/sign-in").text), "key": key}
        assert client.post("/sign-in", data=data).status_code == 303
        return Seat(None, _cookie(client), _token(client.get("/").text))

    # -- what there is --

    def _fill(self) -> None:
        """Some quotes in every state, and every form of every page."""
        admin = self.app.test_client()
        admin.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {self.keys['admin']}"
        quotes = [admin.post("/v1/quotes", json=body).get_json() for body in (FULL, SMALLEST, TWO_MONTHS, SMALLEST)]
        admin.post(f"/v1/quotes/{quotes[2]['id']}/withdrawal")
        admin.post(f"/v1/quotes/{quotes[3]['id']}/acceptance")
        seated = self.app.test_client()
        data = {"csrf_token": _token(seated.get("/sign-in").text), "key": self.keys["admin"]}
        assert seated.post("/sign-in", data=data).status_code == 303
        number = quotes[1]["number"]
        token = _token(seated.get(f"/quotes/{number}").text)
        seated.post(f"/quotes/{number}/shares", data={"csrf_token": token})
        page = seated.get(f"/quotes/{number}").text
        links = re.findall(r'/s/([^"<\s]+)', page)
        ids = [each for quote in quotes for each in (quote["id"], quote["number"])]
        lists = [each.id for each in self.app.extensions["editions"].price_lists]
        self.in_paths = {
            "key": [*ids, *(f"{number}.{kind}" for kind in ("pdf", "xlsx", "csv"))],
            "token": [each.removesuffix(".pdf") for each in links] + links,
            "share_id": re.findall(r"/shares/([^/\"]+)/revocation", page) or ["x"],
            "digest": [quote["digest"].removeprefix("sha256:") for quote in quotes],
            "filename": ["desk.css", "desk.js", "icon.svg"],
            "name": [*lists, "swagger-ui.css"],
            "other": lists,
        }
        cursor = admin.get("/v1/quotes?limit=1").get_json()["next_cursor"]
        self.queries = [
            ("cursor", str(cursor)), ("limit", "2"), ("text", "Q-2026"), ("company", "스타트업"), ("status", "issued"),
            ("business_number", "124-81-00998"), ("issued_from", "2026-01-01"), ("issued_to", "2026-12-31"),
            ("starts_from", "2026-12-01"), ("policy", "open-api-faq-2018-12"), ("on", "2020-01-01"), ("lang", "en"),
            ("search", "kospi"), ("kind", "family"), ("contract", "real_time"), ("require_eligible", "true"),
            ("next", "/quotes"), ("code", quotes[0]["digest"]), ("list", lists[0]), ("with", lists[-1]), ("v", "1"),
        ]  # fmt: skip
        self._learn_forms(seated, number)

    def _learn_forms(self, client: FlaskClient, number: str) -> None:
        asked = {
            "founded_on": "2023-05-10", "size": "sme", "starts_on": "2026-12-09", "months": "60",
            "real_time.securities_a": "1", "real_time.securities_a.options": "retail", "company_name": "(주)스타트업",
            "business_number": "124-81-00998", "other_apis": "주식실시간A\n/v3/market/closed/kospi/lists",
        }  # fmt: skip
        token = {"csrf_token": _token(client.get("/").text)}
        pages = [client.get(path).text for path in ("/", "/quotes", f"/quotes/{number}", f"/quotes/{number}/again")]
        pages.append(client.get(f"/quotes/{number}/revision").text)
        pages.append(client.post("/compare", data={**token, **asked, "from_desk": "1"}).text)
        pages.append(self.app.test_client().get("/sign-in").text)
        found = [form for page in pages for form in _forms(page)]
        found += [(path, [*asked.items()]) for path in ("/", "/quotes", "/estimate", "/compare")]
        found.append(
            ("/sign-in", [("key", self.keys["portal"]), ("next", "/"), *((f"kept.{n}", v) for n, v in asked.items())])
        )
        for path, fields in found:
            self.forms.setdefault(path, []).append(fields)
        self.names = tuple(sorted({name for _, fields in found for name, _ in fields} | {"csrf_token", "take", "drop"}))

    # -- where to --

    def path(self, rng: Random, rule: str) -> str:
        """A route's address with something known in its places."""
        return PLACE.sub(lambda place: rng.choice(self.in_paths.get(place[2], ["x"])), rule)

    def form(self, rng: Random, path: str) -> Pairs:
        """The fields of a form that is sent there, or of any."""
        return rng.choice(self.forms.get(path) or rng.choice(list(self.forms.values())))


class _Forms(HTMLParser):
    """The forms of a page with what stands in them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, Pairs]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((given.get("action") or "/", []))
        elif self.found and given.get("name") and given["name"] != "csrf_token":
            self.found[-1][1].append((given["name"], given.get("value", "")))


def _forms(page: str) -> Iterator[tuple[str, Pairs]]:
    parser = _Forms()
    parser.feed(page)
    yield from parser.found


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, page[:500]
    return found[1]


def _cookie(client: FlaskClient) -> str:
    cookies: Any = client._cookies or {}
    return "; ".join(f"{cookie.key}={cookie.value}" for cookie in cookies.values())
