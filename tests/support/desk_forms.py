"""A person at the desk: signed in, with the forms of its pages as a browser would send them."""

import re
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

KOSPI = "real_time.securities_a"
ASKED = {"founded_on": "2023-05-10", "size": "sme", "starts_on": "2026-12-09", "months": "60", KOSPI: "1"}


class Seat:
    """A person who has signed in."""

    def __init__(self, client: FlaskClient, key: str, language: str = "en") -> None:
        self.client = client
        self.once = "page-1"
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
        self.token = self.token_of(client.get("/sign-in"))
        assert client.post("/sign-in", data={"csrf_token": self.token, "key": key}).status_code == 303
        self.token = self.token_of(client.get("/"))

    def token_of(self, answer: TestResponse) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', answer.text)
        assert found, answer.text[:500]
        return found[1]

    def post(self, path: str, typed: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        return self.client.post(path, data={"csrf_token": self.token, "once": self.once, **(typed or {})}, **options)

    def issue(self, **typed: str) -> str:
        """Issue a quote; answers its number."""
        answer = self.post("/quotes", {**ASKED, **typed})
        assert answer.status_code == 303, answer.text[:3000]
        return answer.headers["Location"].rpartition("/")[2]


class _Controls(HTMLParser):
    """The successful controls of the form with an id, in the order of the page."""

    def __init__(self, form_id: str) -> None:
        super().__init__(convert_charrefs=True)
        self.form_id = form_id
        self.inside = False
        self.fields: MultiDict[str, str] = MultiDict()
        self.select: str | None = None
        self.options: list[tuple[str, bool]] = []
        self.area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = given.get("id") == self.form_id
        if not self.inside:
            return
        name = given.get("name", "")
        if tag == "input" and name and (given.get("type") not in ("checkbox", "radio") or "checked" in given):
            self.fields.add(name, given.get("value", "on" if "checked" in given else ""))
        elif tag == "select":
            self.select, self.options = name, []
        elif tag == "option" and self.select:
            self.options.append((given["value"], "selected" in given))
        elif tag == "textarea":
            self.area = name
            self.fields.add(name, "")

    def handle_data(self, data: str) -> None:
        if self.inside and self.area:
            before = self.fields[self.area]
            self.fields[self.area] = before + (data if before else data.removeprefix("\n"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self.select:
            chosen = [value for value, selected in self.options if selected] or [self.options[0][0]]
            self.fields.add(self.select, chosen[-1])
            self.select = None
        elif tag == "textarea":
            self.area = None
        elif tag == "form":
            self.inside = False


def form_on(answer: TestResponse, form_id: str = "desk") -> MultiDict[str, str]:
    """What a browser would send of a page whose form nobody touched."""
    controls = _Controls(form_id)
    controls.feed(answer.text)
    return controls.fields
