"""Files on their way in: whole on the disk in little memory, refused early where they are too large. A real service."""

import contextlib
import errno
import hashlib
import http.client
import io
import json
import re
import socket
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from support.serving import Service
from support.taking_files import COMMAND, PATH

from fee_service.errors import FeeError
from fee_service.http.uploads import uploads
from fee_service.invoices import sizes

BOUNDARY = "----of-tests"
LARGE = 40_000_000  # bytes


@pytest.fixture(scope="module")
def taking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with Service(
        tmp_path_factory.mktemp("uploads"), command=COMMAND, workers="1", threads="2", patience="2"
    ) as running:
        yield running


def sent(taking: Service, body: Any, content_type: str = "text/csv", **headers: str) -> tuple[int, Any]:
    """Status and JSON of the answer to a body."""
    connection = http.client.HTTPConnection("127.0.0.1", taking.port, timeout=30)
    named = {"Content-Type": content_type, **{name.replace("_", "-"): value for name, value in headers.items()}}
    with contextlib.closing(connection):
        connection.request("POST", PATH, body, named)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())


def form(*parts: tuple[str, str | None, bytes], end: str = "--") -> bytes:
    """Parts of a form: the name of the field, that of the file, and what is in it."""
    body = b""
    for field, name, content in parts:
        filename = "" if name is None else f'; filename="{name}"'
        body += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"{filename}\r\n\r\n'.encode()
        body += content + b"\r\n"
    return body + f"--{BOUNDARY}{end}\r\n".encode()


def as_form(taking: Service, *parts: tuple[str, str | None, bytes], **how: str) -> tuple[int, Any]:
    return sent(taking, form(*parts, **how), f"multipart/form-data; boundary={BOUNDARY}")


def named(answer: tuple[int, Any]) -> list[tuple[str, int]]:
    """Names and sizes of the files that came."""
    status, told = answer
    assert status == 200, told
    assert all(size == on_disk for _, size, _, on_disk in told["files"])
    return [(name, size) for name, size, _, _ in told["files"]]


def code(answer: tuple[int, Any]) -> tuple[int, str]:
    status, told = answer
    return status, told["errors"][0]["code"]


def test_a_file_is_the_body(taking: Service) -> None:
    """Named by the header, or not at all; rows are a file, too; nothing stays on the disk."""
    disposition = 'attachment; filename="C:\\\\files\\\\매입 목록.csv"'.encode().decode("latin-1")
    assert named(sent(taking, b"a,b\n", Content_Disposition=disposition)) == [("매입 목록.csv", 4)]
    assert named(sent(taking, b"a,b\n", "application/octet-stream")) == [("file-1", 4)]
    rows = json.dumps([{"invoice_number": "1", "amount": 1}]).encode()
    assert named(sent(taking, rows, "application/json")) == [("rows.json", len(rows))]
    status, told = sent(taking, b"x")
    assert (status, told["left"], told["files"][0][2]) == (200, 0, hashlib.sha256(b"x").hexdigest())


def test_files_are_parts_of_a_form(taking: Service) -> None:
    """Of like names the second is another; a part without a name is a file; one that was not chosen is none."""
    parts = [
        ("file", "a.csv", b"1\r\n"), ("file", "../b/a.csv", b"--" + b"\r\n" * 70_000), ("file", None, b"22"),
        ("file", "", b""), ("file", "empty.csv", b""),
    ]  # fmt: skip
    assert named(as_form(taking, *parts)) == [
        ("a.csv", 3), ("a.csv (2)", 140_002), ("file-3", 2), ("empty.csv", 0),
    ]  # fmt: skip


def test_a_name_tells_nothing_of_a_person(taking: Service) -> None:
    """Resident numbers and addresses are masked, signs that nobody sees are left out, long names are cut."""
    names = ["900101-1234567 매입.csv", "kim@example.invalid.csv", "a\u202eb.csv", "긴" * 300 + ".csv"]
    told = [name for name, _ in named(as_form(taking, *(("file", name, b"1") for name in names)))]
    assert told == ["*** 매입.csv", "***", "a b.csv", "긴" * 146 + ".csv"]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([], (422, "upload_without_file")),
        ([("file", "", b"")], (422, "upload_without_file")),
        ([("files", "a.csv", b"1")], (422, "unknown_field")),
        ([("file", "a.csv", b"1"), ("lang", None, b"ko")], (422, "unknown_field")),
        ([("file", f"{at}.xml", b"1") for at in range(101)], (422, "upload_files_too_many")),
    ],
)
def test_what_is_no_file_is_told(
    taking: Service, parts: Sequence[tuple[str, str | None, bytes]], expected: tuple[int, str]
) -> None:
    """None at all, a field of another name, too many of them."""
    assert code(as_form(taking, *parts)) == expected


def test_a_form_that_is_none_is_told(taking: Service) -> None:
    """Cut off, without its boundary, with another one, with a head that never ends, or without a word."""
    whole = form(("file", "a.csv", b"1"))
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    head = f"--{BOUNDARY}\r\nContent-Disposition: form-data; ".encode()
    for body, content_type in (
        (whole[:-20], kind), (whole, "multipart/form-data"), (whole, kind + "x"), (b"x" * 900_000, kind),
        (head + b"x" * 1_500_000, kind), (head.replace(b"-Dis", b"-Pos") + b"\r\n\r\n1\r\n", kind),
    ):  # fmt: skip
        assert code(sent(taking, body, content_type)) == (400, "upload_unreadable")
    assert code(sent(taking, b"")) == (422, "upload_without_file")


def pieces(size: int) -> Iterator[bytes]:
    """Bytes in the order of a real file, a piece at a time."""
    for _ in range(size // 100_000):
        yield b"2026-12-09,1,000\r\n" * 5_555 + b"0123456789"


def test_large_files_come_in_little_memory(taking: Service) -> None:
    """Of a form, of a length, and in chunks: the worker grows by less than 20 MB."""
    begin = form(("file", "large.csv", b""), end="")[: -len(BOUNDARY) - 6]
    end = f"\r\n--{BOUNDARY}--\r\n".encode()
    length = str(len(begin) + LARGE + len(end))
    assert named(sent(taking, b"1")) == [("file-1", 1)]
    before = resident(taking)
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    parts = (begin, *pieces(LARGE), end)
    assert named(sent(taking, iter(parts), kind, Content_Length=length)) == [("large.csv", LARGE)]
    assert named(sent(taking, pieces(LARGE), Content_Length=str(LARGE))) == [("file-1", LARGE)]
    assert named(sent(taking, pieces(LARGE))) == [("file-1", LARGE)]
    assert resident(taking) - before < 20_000


def resident(taking: Service) -> int:
    """Kilobytes that the largest worker has in memory."""
    pid = taking.process.pid
    workers = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    found = [re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{worker}/status").read_text()) for worker in workers]
    return max(int(each[1]) for each in found if each)


def begun(taking: Service, *headers: str) -> socket.socket:
    """A connection on which the head was sent."""
    connection = socket.create_connection(("127.0.0.1", taking.port), timeout=10)
    head = "\r\n".join([f"POST {PATH} HTTP/1.1", "Host: x", "Content-Type: text/csv", *headers])
    connection.sendall(f"{head}\r\n\r\n".encode())
    return connection


@pytest.mark.parametrize("headers", [(), ("Expect: 100-continue",)])
def test_two_gigabytes_are_refused_before_a_byte_is_taken(taking: Service, headers: Sequence[str]) -> None:
    """By what they declare; who asks for leave gets none."""
    with begun(taking, "Content-Length: 2000000000", *headers) as connection:
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        assert answer.status == 413
        assert json.loads(answer.read())["errors"][0]["code"] == "file_too_large"


def test_what_declares_nothing_is_refused_when_it_is_more(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """All files of a form together are bounded by count."""
    monkeypatch.setattr(sizes, "MOST_BYTES", 10)
    body = form(("file", "a.csv", b"123456"), ("file", "b.csv", b"12345"))
    sent_as = {"CONTENT_TYPE": f"multipart/form-data; boundary={BOUNDARY}", "wsgi.input": io.BytesIO(body)}
    asked = app.test_request_context(PATH, method="POST", environ_overrides=sent_as)
    with asked, pytest.raises(FeeError) as refused, uploads():
        pass
    assert (refused.value.status, refused.value.faults[0].code) == (413, "file_too_large")


def test_a_full_disk_is_told(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """503, with the time after which to try again."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr("fee_service.http.uploads._Arrived.add", full)
    with app.test_request_context(PATH, method="POST", data=b"x"), pytest.raises(FeeError) as refused, uploads():
        pass
    assert (refused.value.status, refused.value.faults[0].code) == (503, "upload_no_room")


def test_who_stops_sending_is_told_and_holds_up_nobody(taking: Service) -> None:
    """Of a large body, after a part of it: 408, and others are answered meanwhile."""
    with begun(taking, "Content-Length: 2000000") as connection:
        connection.sendall(b"x" * 1_100_000)
        assert named(sent(taking, b"1")) == [("file-1", 1)]
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        assert (answer.status, json.loads(answer.read())["errors"][0]["code"]) == (408, "body_too_slow")
    assert sent(taking, b"1")[1]["left"] == 0
