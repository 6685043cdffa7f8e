"""A real server on loopback and a real Chromium; both languages. With SCREENS=1 screenshots for a person to look at."""

import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.serving import make_server

from fee_service.actors import COMMAND_LINE, Role
from fee_service.app import create_app
from fee_service.keys.keyring import create
from fee_service.published.editions import Editions
from fee_service.settings import Settings

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = next((path for path in map(shutil.which, NAMES) if path), None)
SCREENS = Path(__file__).parents[2] / "build" / "screens"
TODAY = date(2026, 12, 9)
LOCALES = {"ko": "ko-KR", "en": "en-GB"}


@pytest.fixture(scope="session")
def browser():
    """Chromium as the system has it."""
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed: the pages are not looked at in a browser")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def desk_app(editions: Editions, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application with a database of its own."""
    folder = tmp_path_factory.mktemp("desk")
    app = create_app(Settings(instance=folder), editions)
    app.config["TODAY"] = lambda: TODAY
    return app


@pytest.fixture(scope="session")
def key(desk_app: Flask) -> str:
    """A key that may do everything at the desk."""
    return create(desk_app.extensions["database"], COMMAND_LINE, "-", Role.FINANCE, "browser tests")


@pytest.fixture(scope="session")
def address(desk_app: Flask) -> Iterator[str]:
    """Where the application is served."""
    server = make_server("127.0.0.1", 0, desk_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


class Seat:
    """A person at a browser."""

    def __init__(self, page, address: str, language: str, requests: list[str]) -> None:
        self.page = page
        self.address = address
        self.language = language
        self.requests = requests

    def say(self, korean: str, english: str) -> str:
        """What a page says in this person's language."""
        return korean if self.language == "ko" else english

    def go(self, path: str) -> None:
        self.page.goto(self.address + path)

    def sign_in(self, key: str) -> None:
        self.go("/sign-in")
        self.page.fill("#key", key)
        self.page.click("main button.primary")
        self.page.wait_for_url(self.address + "/")

    def press(self, korean: str, english: str) -> None:
        name = self.say(korean, english)
        self.page.get_by_role("button", name=name, exact=True).or_(
            self.page.get_by_role("link", name=name, exact=True)
        ).first.click()

    def text(self, selector: str = "main") -> str:
        return re.sub(r"\s+", " ", self.page.inner_text(selector))

    def keep(self, name: str) -> None:
        """A screenshot for a person to look at, where somebody wants them."""
        if not os.environ.get("SCREENS"):
            return
        SCREENS.mkdir(parents=True, exist_ok=True)
        width = self.page.viewport_size["width"]
        self.page.screenshot(path=SCREENS / f"{name}-{self.language}-{width}.png", full_page=True)


@pytest.fixture
def seat(browser, address: str) -> Iterator[Callable[..., Seat]]:
    """Seats one person after another, each with a browser of its own; nobody may ask another host."""
    contexts, faults, foreign = [], [], []

    def take(language: str = "ko", width: int = 1360, scheme: str = "light", **options) -> Seat:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, locale=LOCALES[language], **options
        )
        contexts.append(context)
        page = context.new_page()
        requests: list[str] = []
        page.on("request", lambda asked: requests.append(asked.url))
        page.on("request", lambda asked: foreign.append(asked.url) if _is_foreign(asked.url, address) else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if _is_fault(said.text) else None)
        return Seat(page, address, language, requests)

    yield take
    for context in contexts:
        context.close()
    assert foreign == []
    assert faults == []


def _is_foreign(url: str, address: str) -> bool:
    return urlsplit(url).netloc != urlsplit(address).netloc


def _is_fault(text: str) -> bool:
    """What a page may not do: break its policy, or fail in its script."""
    return "Content Security Policy" in text or "Error:" in text
