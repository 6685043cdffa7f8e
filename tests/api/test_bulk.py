"""Many quotes in one request: each line is answered as a preview of it would be, and none stops another."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support.calling import caller

from fee_service.actors import COMMAND_LINE, Role
from fee_service.api.bulk import LINES_OF_A_REQUEST
from fee_service.app import create_app
from fee_service.http.lines import LONGEST_LINE, Line, lines
from fee_service.keys import keyring
from fee_service.published.editions import Editions
from fee_service.settings import Settings
from fee_service.storage.faults import StorageError

BULK, PREVIEW = "/v1/quotes/bulk", "/v1/quotes/preview"
NDJSON = "application/x-ndjson"
GOOD = b'{"company": {"founded_on": "2023-05-10", "size": "sme"}, "apis": ["real-time-kospi"], "months": 3}'
OTHER = '{"company": {"founded_on": "2001-01-01", "size": "large"}, "apis": ["주식실시간A"], "months": 2}'.encode()


def sent(client: FlaskClient, body: bytes, **headers: str) -> list[bytes]:
    """The lines that are answered to a body."""
    answer = client.post(BULK, data=body, content_type=NDJSON, headers=headers)
    assert (answer.status_code, answer.content_type) == (200, NDJSON)
    assert answer.data.endswith(b"\n") or not answer.data
    return answer.data.split(b"\n")[:-1]


def preview_of(client: FlaskClient, body: bytes, **headers: str) -> Any:
    """What a preview answers to a line: its bytes, or its problem."""
    answer = client.post(PREVIEW, data=body, content_type="application/json", headers=headers)
    return answer.data if answer.status_code == 200 else answer.get_json(force=True)


@pytest.mark.parametrize("language", ["ko", "en", "ja"])
def test_each_line_is_answered_as_a_preview_in_order(client: FlaskClient, language: str) -> None:
    """Byte by byte, in the language that the header asks for."""
    headers = {"Accept-Language": language}
    asked = [GOOD, OTHER, GOOD.replace(b"sme", b"mid_sized"), GOOD]
    assert sent(client, b"\n".join(asked), **headers) == [preview_of(client, each, **headers) for each in asked]


BAD = {
    "no JSON": b"{",
    "half a line": GOOD[:40],
    "no object": b"[1, 2]",
    "two objects": GOOD + GOOD,
    "a key twice": b'{"a": 1, "a": 2}',
    "no number": b'{"months": NaN}',
    "nested deeply": b"[" * 100 + b"]" * 100,
    "nested more deeply": b"[" * 200_000 + b"]" * 200_000,
    "no UTF-8": b'{"company": {"name": "\xc0\xcc"}}',
    "UTF-16": GOOD.decode().encode("utf-16"),
    "a mark before a later line": b"\xef\xbb\xbf" + GOOD,
    "half a character": b'{"company": {"name": "\\ud800"}}',
    "a NUL": b'{"company": {"name": "\x00"}}',
    "faults": b'{"company": {"founded_on": "2023-02-30"}, "apis": ["x"], "months": -1, "y": 0}',
    "an old line end": GOOD + b"\r" + GOOD,
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_line_answers_its_problem_and_stops_nothing(client: FlaskClient, kind: str) -> None:
    """What a preview of it would answer, with the number of the line; before and behind it all is well."""
    headers = {"Accept-Language": "en"}
    first, bad, last = sent(client, b"\n".join([GOOD, BAD[kind], OTHER]), **headers)
    assert (first, last) == (preview_of(client, GOOD, **headers), preview_of(client, OTHER, **headers))
    problem, preview = json.loads(bad), preview_of(client, BAD[kind], **headers)
    assert problem.pop("line") == 2
    assert problem.pop("instance") == BULK
    for each in (problem, preview):
        each.pop("request_id")
    assert preview.pop("instance") == PREVIEW
    assert problem == preview


def test_line_ends_blank_lines_and_the_mark_before_the_first(client: FlaskClient) -> None:
    """CRLF or LF, none behind the last; what is blank has no answer but its number."""
    body = b"\xef\xbb\xbf" + GOOD + b"\r\n\r\n  \t\n\n" + OTHER + b"\n{\r\n" + GOOD
    first, second, problem, last = sent(client, body)
    assert (first, second, last) == (preview_of(client, GOOD), preview_of(client, OTHER), preview_of(client, GOOD))
    assert json.loads(problem)["line"] == 6


@pytest.mark.parametrize("body", [b"", b"\n", b"\r\n\r\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n", b"   "])
def test_nothing_is_answered_with_nothing(client: FlaskClient, body: bytes) -> None:
    """No request, no answer, no fault."""
    assert sent(client, body) == []


def test_a_line_that_is_too_long_is_told_by_its_number(client: FlaskClient) -> None:
    """A byte more than a preview takes, not one less; with a mark and a line end beside."""
    fits = GOOD + b" " * (LONGEST_LINE - len(GOOD))
    assert [len(line.content or b"") for line in read(b"\xef\xbb\xbf" + fits + b"\r\n" + fits)] == [LONGEST_LINE] * 2
    assert read(b"\xef\xbb\xbf" + fits + b" \r\n" + GOOD) == [Line(1, None), Line(2, GOOD)]
    with_answer = sent(client, b"\n{" + b" " * 900_000)
    assert [json.loads(problem)["line"] for problem in with_answer] == [2]


def read(body: bytes, size: int = 65_536) -> list[Line]:
    """The lines of a body that comes in pieces of a size."""
    return list(lines(body[at : at + size] for at in range(0, len(body), size)))


def test_lines_do_not_depend_on_how_the_body_comes() -> None:
    """Byte by byte, in pieces of any size, or at once."""
    body = b"\xef\xbb\xbfone\r\n\r\n" + b"two\n\n\r\n" + "셋".encode() + b"\rthree\n \n\xef\xbb\xbffour"
    whole = read(body, len(body))
    assert [line.number for line in whole] == [1, 3, 6, 8]
    assert all(read(body, size) == whole for size in range(1, len(body)))


def test_a_line_without_end_takes_no_memory() -> None:
    """However long it is, no more is kept than a line may have."""
    kept: list[int] = []

    def pieces() -> Iterator[bytes]:
        for _ in range(3_000):
            kept.append(1)
            yield bytes(100_000)
        yield b"\nx"

    assert list(lines(pieces())) == [Line(1, None), Line(2, b"x")]
    assert len(kept) == 3_000


@pytest.mark.parametrize("content_type", ["application/json", "", "text/plain", f"{NDJSON}; charset=euc-kr"])
def test_another_type_of_content_is_refused(client: FlaskClient, content_type: str) -> None:
    """415, with the header to send."""
    answer = client.post(BULK, data=GOOD, content_type=content_type)
    assert (answer.status_code, answer.get_json(force=True)["errors"][0]["code"]) == (415, "not_lines")


def test_a_wrong_query_is_refused_before_any_line(client: FlaskClient) -> None:
    """422 as elsewhere; the one parameter there is holds for each line."""
    assert client.post(f"{BULK}?x=1", data=GOOD, content_type=NDJSON).status_code == 422
    asked = GOOD.replace(b'"sme"', b'"sme", "corporation": false')
    answer = client.post(f"{BULK}?require_eligible=true", data=asked + b"\n" + asked, content_type=NDJSON)
    told = [json.loads(line) for line in answer.data.splitlines()]
    assert [(each["status"], each["line"], each["errors"][0]["code"]) for each in told] == [
        (422, 1, "company_ineligible"), (422, 2, "company_ineligible"),
    ]  # fmt: skip


def test_who_may_not_preview_may_not_here(stranger: FlaskClient) -> None:
    """401 before anything is read."""
    assert stranger.post(BULK, data=GOOD, content_type=NDJSON).status_code == 401


def test_only_post(client: FlaskClient) -> None:
    """It is no quote called bulk."""
    assert client.get(BULK).status_code == 405


def test_a_fault_of_ours_is_one_line_too(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """500 or 503 for the line, and the next is answered."""
    failing: list[Exception | None] = [RuntimeError("ours"), StorageError("storage_busy", 1), None]
    real = __import__("fee_service.quotes.previewing", fromlist=["preview"]).preview

    def preview(*given: Any) -> Any:
        error = failing.pop(0)
        if error is not None:
            raise error
        return real(*given)

    expected = preview_of(client, GOOD)
    monkeypatch.setattr("fee_service.quotes.previewing.preview", preview)
    first, second, third = sent(client, b"\n".join([GOOD] * 3))
    told = [json.loads(line) for line in (first, second)]
    assert [(each["status"], each["line"], each["errors"][0]["code"]) for each in told] == [
        (500, 1, "internal_error"), (503, 2, "storage_busy"),
    ]  # fmt: skip
    assert third == expected


def test_a_hundred_lines_count_as_one_request(editions: Editions, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Beyond the limit each line is told so, with the seconds until it is over; none before it is lost."""
    app: Flask = create_app(Settings(instance=tmp_path_factory.mktemp("limited"), requests_per_minute=2), editions)
    key = keyring.create(app.extensions["database"], COMMAND_LINE, "tests", Role.PORTAL, "portal")
    client = caller(app, key)
    while True:  # in one minute
        told = [json.loads(line) for line in sent(client, b"{\n" * (3 * LINES_OF_A_REQUEST))]
        codes = [each["errors"][0]["code"] for each in told]
        if codes[-1] == "rate_limit_exceeded":
            break
    assert codes == ["invalid_json"] * (2 * LINES_OF_A_REQUEST) + ["rate_limit_exceeded"] * LINES_OF_A_REQUEST
    assert [each["line"] for each in told] == list(range(1, len(told) + 1))
