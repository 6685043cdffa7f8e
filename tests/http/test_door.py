"""The door: whatever is sent, by whatever method, there is an answer that says what is wrong; never a 500."""

import gzip
import json
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support.calling import caller
from support.desk_forms import ASKED, Seat
from werkzeug.test import TestResponse

from fee_service.web import shell
from fee_service.web.static_files import static_files

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
PREVIEW = "/v1/quotes/preview"
PUBLISHED = ("/v1/apis", "/v1/products", "/v1/price-lists", "/v1/waiver-policies", "/problems", "/openapi.json")
PAGES = ("/sign-in", "/verify", "/price-lists", "/waiver-policies", "/apis")
OF_ONE_ANSWER = {"X-Request-Id", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Date"}


def code_of(answer: TestResponse) -> str:
    assert answer.content_type == "application/problem+json", answer.text
    code: str = answer.get_json(force=True)["errors"][0]["code"]
    return code


def paths(app: Flask) -> list[str]:
    """Every route with something in the place of its parameters."""
    return sorted({re.sub(r"<[^>]+>", "x", rule.rule) for rule in app.url_map.iter_rules()})


# -- methods -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["OPTIONS", "HEAD", "GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"])
def test_every_address_answers_every_method(app: Flask, keys: dict[str, str], seat: Seat, method: str) -> None:
    """With a key, signed in, and without either."""
    for path in paths(app):
        for client in (app.test_client(), caller(app, keys["admin"]), seat.client):
            answer = client.open(path, method=method)
            assert answer.status_code < 500, (method, path)
            if answer.status_code == 405:
                assert answer.headers["Allow"], path
            if method == "OPTIONS" and answer.status_code == 200:
                assert "OPTIONS" in answer.headers["Allow"]


def test_head_has_the_headers_of_get(app: Flask, keys: dict[str, str], seat: Seat) -> None:
    """Of everything that can be got, squeezed or not."""
    addresses = re.findall(r'(?:src|href)="(/static/[^"]+)"', seat.client.get("/").text)
    for path in (*PUBLISHED, *PAGES, *addresses, "/docs", "/docs/start.js", "/healthz", "/readyz", "/none"):
        for encoding in ("", "gzip"):
            client = app.test_client()
            got, asked = (
                client.open(path, method=method, headers={"Accept-Encoding": encoding}) for method in ("GET", "HEAD")
            )
            assert (asked.status_code, asked.data) == (got.status_code, b"")
            assert _lasting(asked) == _lasting(got), path


def _lasting(answer: TestResponse) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name not in OF_ONE_ANSWER | {"Set-Cookie"}}


# -- addresses -----------------------------------------------------------------------------------------


def test_a_slash_at_the_end_changes_nothing(app: Flask, keys: dict[str, str], seat: Seat) -> None:
    """Pages and API answer the same with one."""
    for client, asked in ((caller(app, keys["admin"]), PUBLISHED), (seat.client, (*PAGES, "/quotes", "/docs"))):
        for path in (*asked, "/v1/quotes", "/v1/none", "/v1/price-lists/none", "/healthz", "/metrics"):
            plain, slashed = client.get(path), client.get(f"{path}/")
            assert (slashed.status_code, slashed.content_type) == (plain.status_code, plain.content_type), path
    body = {"company": {"founded_on": "2023-05-10", "size": "sme"}, "apis": ["주식실시간A"], "starts_on": "2026-12-09"}
    sales = caller(app, keys["sales"])
    assert sales.post(f"{PREVIEW}/", json=body).data == sales.post(PREVIEW, json=body).data


@pytest.mark.parametrize(
    "path", ["/none", "/v1/none", "/quotes/a/b/c", "/s/", "/verify/a/b", "/static", "/static/none"]
)
def test_an_unknown_address_is_a_page_in_a_browser_and_a_problem_elsewhere(stranger: FlaskClient, path: str) -> None:
    """The page is the desk's, with its links, its policy and its language."""
    page = stranger.get(path, headers={**BROWSER, "Accept-Language": "en"})
    assert (page.status_code, page.content_type) == (404, "text/html; charset=utf-8")
    assert 'href="/price-lists"' in page.text
    assert "<title>Page not found" in page.text
    assert page.headers.getlist("Content-Security-Policy") == [shell.POLICY]
    if path.startswith("/static/"):
        return
    for accept in ({}, {"Accept": "*/*"}, {"Accept": "application/json"}, {"Accept": "application/problem+json"}):
        answer = stranger.get(path, headers=accept)
        assert (answer.status_code, code_of(answer)) == (404, "not_found")


@pytest.mark.parametrize(
    ("method", "path"), [("PUT", "/quotes"), ("DELETE", "/"), ("GET", PREVIEW), ("GET", "/estimate")]
)
def test_a_wrong_method_names_the_right_ones_on_a_page_too(stranger: FlaskClient, method: str, path: str) -> None:
    """405 with Allow, whoever asks."""
    page = stranger.open(path, method=method, headers={**BROWSER, "Accept-Language": "en"})
    told = stranger.open(path, method=method)
    assert (page.status_code, told.status_code, code_of(told)) == (405, 405, "method_not_allowed")
    assert page.headers["Allow"] == told.headers["Allow"] != ""
    assert page.content_type == "text/html; charset=utf-8"
    assert "POST" in page.text


# -- static files --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["x/../desk.css", "./desk.css", "../shell.py", "%2e%2e/shell.py", "desk.css%00", "none.css", "desk.css/x"]
)
@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_only_known_files_are_there(stranger: FlaskClient, path: str, encoding: str) -> None:
    """Other spellings of a name are no names; a 404 is never kept."""
    for version in ("", "?v=1", f"?v={static_files()['desk.css'].version}"):
        answer = stranger.get(f"/static/{path}{version}", headers={"Accept-Encoding": encoding})
        assert answer.status_code == 404
        assert "immutable" not in answer.headers["Cache-Control"]


def test_a_file_is_kept_for_ever_only_under_the_version_that_it_has(stranger: FlaskClient) -> None:
    """Under another it is asked about again, and is still the same."""
    for name, file in static_files().items():
        for version in ("", "?v=", "?v=1", f"?v={file.version}x"):
            answer = stranger.get(f"/static/{name}{version}")
            assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")
        kept = stranger.get(f"/static/{name}?v={file.version}")
        assert "immutable" in kept.headers["Cache-Control"]
        tag = {"If-None-Match": kept.headers["ETag"]}
        assert stranger.get(f"/static/{name}", headers=tag).status_code == 304
        squeezed = stranger.get(f"/static/{name}", headers={"Accept-Encoding": "gzip"})
        assert gzip.decompress(squeezed.data) == kept.data == file.content
        refused = stranger.get(f"/static/{name}", headers={"Accept-Encoding": "gzip;q=0"})
        assert "Content-Encoding" not in refused.headers


# -- bodies in a coding --------------------------------------------------------------------------------


@pytest.mark.parametrize("coding", ["gzip", "GZIP", "br", "deflate", "zstd", "x-none", "gzip, identity"])
def test_a_coded_body_is_415_and_says_why(client: FlaskClient, seat: Seat, coding: str) -> None:
    """To the API and in a form; `identity` is no coding."""
    body = json.dumps({"company": {"founded_on": "2023-05-10", "size": "sme"}, "apis": ["주식실시간A"]}).encode()
    headers = {"Content-Encoding": coding, "Content-Type": "application/json", "Accept-Language": "en"}
    answer = client.post(PREVIEW, data=gzip.compress(body), headers=headers)
    assert (answer.status_code, code_of(answer)) == (415, "coded_body")
    assert coding.lower() in answer.text
    assert answer.headers["Accept-Encoding"] == "identity"
    assert client.post(PREVIEW, data=body, headers={**headers, "Content-Encoding": "identity"}).status_code == 200
    assert seat.post("/", ASKED, headers={"Content-Encoding": coding}).status_code == 415
    framed = client.post(
        PREVIEW, data=body, headers={**headers, "Content-Encoding": "", "Transfer-Encoding": "gzip, chunked"}
    )
    assert framed.status_code == 415


# -- text that is none ---------------------------------------------------------------------------------

NO_TEXTS = ["%00", "x%00y", "%ED%A0%80", "%FF", "%C0%80", "%F4%90%80%80"]


@pytest.mark.parametrize("text", NO_TEXTS)
def test_what_is_no_text_is_refused_wherever_it_stands(app: Flask, keys: dict[str, str], seat: Seat, text: str) -> None:
    """In every path, every query string, forms and headers, of everyone."""
    admin = caller(app, keys["admin"])
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            named = re.sub(r"<[^>]+>", text, rule.rule)
            plain = re.sub(r"<[^>]+>", "x", rule.rule)
            for client in (app.test_client(), admin, seat.client):
                for address in (named, f"{plain}?{text}={text}&text={text}&next={text}&lang={text}&code={text}"):
                    form = f"csrf_token={seat.token}&{text}={text}&revises={text}&once={text}&company_name={text}"
                    answer = client.open(
                        address, method=method, data=form if method == "POST" else None,
                        content_type="application/x-www-form-urlencoded", headers={"Cookie2": "\x00"},
                    )  # fmt: skip
                    assert answer.status_code < 500, (method, address)


def test_a_field_that_is_no_text_is_named(seat: Seat) -> None:
    """A page, with the field's name."""
    answer = seat.post("/quotes", {**ASKED, "company_name": "a\x00b"})
    assert answer.status_code == 400
    assert "company_name" in answer.text


def test_a_part_of_a_form_without_a_name_is_refused(seat: Seat) -> None:
    """Browsers send none."""
    parts = {"csrf_token": seat.token, "months": "60"}
    body = "".join(f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{parts[name]}\r\n' for name in parts)
    body += "--b\r\nContent-Disposition: form-data; x=y\r\n\r\nz\r\n--b--\r\n"
    for path in ("/", "/quotes", "/sign-in"):
        answer = seat.client.post(path, data=body, content_type="multipart/form-data; boundary=b")
        assert answer.status_code == 400


@pytest.mark.parametrize("depth", [100, 976, 990, 5000])
@pytest.mark.parametrize("inner", ['"\\ud800"', '"\\ud83d\\ude00"', "1", "{}"])
def test_json_of_any_depth_has_an_answer(client: FlaskClient, seat: Seat, depth: int, inner: str) -> None:
    """With half a character inside or a whole one."""
    for opened, closed in (("[", "]"), ('{"a":', "}"), ('{"company":[', "]}")):
        body = opened * depth + inner + closed * depth
        answer = client.post(PREVIEW, data=body, content_type="application/json")
        assert (answer.status_code, code_of(answer)) == (400, "invalid_json")
        variant = json.dumps(["x", 0]).replace("0", body)
        for press in ({}, {"add": "next_month"}, {"take": "0"}):
            assert seat.post("/compare", {"variant": variant, **press}).status_code == 422


# -- addresses that are asked for, and what a page carries along ------------------------------------------


@pytest.mark.parametrize(
    "wanted", ["//[", "http://[", "///", "/\\evil.example", "/\t/evil.example", "/\n/evil.example", "[", "\x7f", "/a b"]
)
def test_an_address_that_is_none_leads_to_the_desk(seat: Seat, keys: dict[str, str], wanted: str) -> None:
    """Signed in before or just now."""
    assert seat.client.get("/sign-in", query_string={"next": wanted}).headers["Location"] == "/"
    assert seat.post("/sign-in", {"key": keys["sales"], "next": wanted}).headers["Location"] == "/"


@pytest.mark.parametrize(
    "press", ["policy:x", "policy:", "option:x", "start:x", "start:9999-12-31", "usage:-1", ":", ""]
)
@pytest.mark.parametrize("body", [{}, {"licences": []}, {"licences": [{}]}, {"licences": [{"contract": "x"}]}, ASKED])
def test_no_press_of_a_comparison_fails(seat: Seat, press: str, body: dict[str, Any]) -> None:
    """Whatever the page is made to carry."""
    whole = {
        "company": {"founded_on": "2023-05-10", "size": "sme"},
        "licences": [{"contract": "real_time", "product": "securities_a"}],
        "starts_on": "2026-12-09",
    }
    for variant in (body, {**whole, **body}, whole):
        answer = seat.post("/compare", {"variant": json.dumps(["x", variant]), "add": press})
        assert answer.status_code < 500, variant


# -- forms of strangers --------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/quotes", "/compare", "/estimate", "/sign-in", "/sign-out", "/quotes/x/shares"])
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b"])
def test_a_large_form_of_a_stranger_is_refused_before_it_is_read(stranger: FlaskClient, path: str, kind: str) -> None:
    """It would be sent back whole to be kept; who is signed in may send more."""
    content = b"company_name=" + b"x" * 60_000
    if "multipart" in kind:
        content = b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n' + content + b"\r\n--b--\r\n"
    answer = stranger.post(path, data=content, content_type=kind)
    assert answer.status_code == 413
    assert len(answer.data) < 5_000
    assert "50,000" in answer.text


def test_who_is_signed_in_may_send_a_large_form(seat: Seat) -> None:
    """A hundred kilobytes of names of APIs are read and refused one by one."""
    assert seat.post("/", {**ASKED, "other_apis": "x\n" * 40_000}).status_code in (200, 422)
