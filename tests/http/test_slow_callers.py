"""Callers who are silent, slow, or take their answers slowly: nobody else notices. Real sockets, a real service."""

import contextlib
import http.client
import json
import re
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
from support.serving import GUNICORN, Service, free_port

PREVIEW = "/v1/quotes/preview"
SOON = 1.0  # seconds within which others are answered; the machine may be busy
HEAD = f"POST {PREVIEW} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer KEY\r\nContent-Type: application/json\r\n"
CONTENT = b'{"company": {"founded_on": "2023-05-10", "size": "sme"}, "apis": ["real-time-kospi"]}'


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One worker with two threads: whoever holds two threads holds all of it."""
    instance = tmp_path_factory.mktemp("instance")
    with Service(instance, workers="1", threads="2", patience="2") as running:
        yield running


@pytest.fixture(scope="module")
def key(service: Service) -> str:
    return service.key()


@contextlib.contextmanager
def callers(service: Service, number: int) -> Iterator[list[socket.socket]]:
    """So many connections."""
    with contextlib.ExitStack() as stack:
        address = ("127.0.0.1", service.port)
        yield [stack.enter_context(socket.create_connection(address, timeout=15)) for _ in range(number)]


def answers_soon(service: Service, times: int = 5) -> None:
    """Whether others are answered meanwhile."""
    for _ in range(times):
        began = time.monotonic()
        assert service.ask("GET", "/healthz")[0] == 200
        assert time.monotonic() - began < SOON


def answer_on(connection: socket.socket) -> tuple[int, Any, http.client.HTTPResponse]:
    """Status, content and head of the next answer on a connection."""
    answer = http.client.HTTPResponse(connection)
    answer.begin()
    content = answer.read()
    is_json = "json" in answer.headers.get("Content-Type", "")
    return answer.status, json.loads(content) if is_json else content, answer


@pytest.mark.parametrize("number", [8, 48, 300])
def test_silent_callers_delay_nobody(service: Service, number: int) -> None:
    """However many there are."""
    with callers(service, number):
        time.sleep(0.2)
        answers_soon(service)


@pytest.mark.parametrize(
    "begun",
    [
        "G",
        "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ",
        HEAD + "Content-Length: 100\r\n\r\n{",
        HEAD + "Content-Length: 900000\r\n\r\n",
        HEAD + "Content-Length: 900000000\r\n\r\n",
        HEAD + "Transfer-Encoding: chunked\r\n\r\n5\r\nab",
        HEAD + "Transfer-Encoding: chunked\r\n\r\nfffffff\r\nab",
        HEAD + "Content-Length: 100\r\nExpect: 100-continue\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nG",
        "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 900000000\r\n\r\n",
    ],
)
def test_who_stops_in_the_middle_delays_nobody(service: Service, key: str, begun: str) -> None:
    """In the head, in the body, before his leave, in the next request, or after the last answer."""
    with callers(service, 20) as connections:
        for connection in connections:
            connection.sendall(begun.replace("KEY", key).encode())
        time.sleep(0.2)
        answers_soon(service)


def test_a_trickle_ends_in_time_and_is_told(service: Service, key: str) -> None:
    """A byte now and then holds neither a thread nor the connection: 408, for the head and for the body."""
    body = HEAD.replace("KEY", key) + "Content-Length: 100\r\n\r\n"
    with callers(service, 6) as connections:
        for connection in connections[3:]:
            connection.sendall(body.encode())
        for letter in "GET /":
            for connection in connections[:3]:
                connection.sendall(letter.encode())
            time.sleep(0.1)
        answers_soon(service)
        told = [answer_on(connection) for connection in connections]
    assert [status for status, _, _ in told] == [408] * 6
    codes = [content["errors"][0]["code"] for _, content, _ in told]
    assert codes == ["head_too_slow"] * 3 + ["body_too_slow"] * 3
    assert {answer.headers["Content-Type"] for _, _, answer in told} == {"application/problem+json"}


def test_a_head_without_end_is_refused(service: Service) -> None:
    """More than 32 KiB of headers are read by nobody."""
    with callers(service, 1) as (connection,):
        connection.sendall(
            b"GET / HTTP/1.1\r\nHost: x\r\n" + b"".join(b"X-%d: %s\r\n" % (n, b"y" * 900) for n in range(40))
        )
        status, content, _ = answer_on(connection)
    assert (status, content["errors"][0]["code"]) == (431, "head_too_large")


def test_who_takes_his_answer_slowly_delays_nobody(service: Service) -> None:
    """A large answer waits for him, not a thread; he gets all of it when he takes it."""
    path = "/docs/swagger-ui-bundle.js"
    whole = service.ask("GET", path)[2]
    with contextlib.ExitStack() as stack:
        slow = []
        for _ in range(12):
            connection = stack.enter_context(socket.socket())
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            connection.settimeout(15)
            connection.connect(("127.0.0.1", service.port))
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            slow.append(connection)
        time.sleep(0.3)
        answers_soon(service)
        slow[0].setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_000_000)
        _, content, _ = answer_on(slow[0])
        assert content == whole
        slow[0].sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert answer_on(slow[0])[0] == 200


def test_where_connections_become_few_the_silent_ones_make_room(tmp_path: Any) -> None:
    """Twice as many as a worker takes: whoever speaks is answered after a second or two."""
    command = (*GUNICORN[:-1], "--worker-connections", "20", GUNICORN[-1])
    with Service(tmp_path, workers="1", command=command) as small, callers(small, 40):
        for _ in range(3):
            began = time.monotonic()
            assert small.ask("GET", "/healthz")[0] == 200
            assert time.monotonic() - began < 5


def test_requests_in_pieces_and_in_a_row_are_answered_in_their_order(service: Service, key: str) -> None:
    """On one connection, in pieces of seven bytes, several in one piece, with leave, and in chunks."""
    head = HEAD.replace("KEY", key)
    counted = f"{head}Content-Length: {len(CONTENT)}\r\n\r\n".encode() + CONTENT
    chunked = f"{head}Transfer-Encoding: chunked\r\n\r\n{len(CONTENT):x}\r\n".encode() + CONTENT + b"\r\n0\r\n\r\n"
    health = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    with callers(service, 1) as (connection,):
        sent = counted + health + chunked
        for start in range(0, len(sent), 7):
            connection.sendall(sent[start : start + 7])
        answers = connection.makefile("rb")
        assert ["digest" in _next(answers) for _ in range(3)] == [True, False, True]
        connection.sendall(health + counted + health)
        assert ["digest" in _next(answers) for _ in range(3)] == [False, True, False]
        connection.sendall(f"{head}Content-Length: {len(CONTENT)}\r\nExpect: 100-continue\r\n\r\n".encode())
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(CONTENT)
        assert "digest" in answer_on(connection)[1]


def _next(answers: Any) -> Any:
    """What the next of several answers on a connection says."""
    assert answers.readline() == b"HTTP/1.1 200 OK\r\n"
    headers = http.client.parse_headers(answers)
    return json.loads(answers.read(int(headers["Content-Length"])))


def test_an_unknown_transfer_coding_is_the_caller_s_fault(service: Service) -> None:
    """415, as for a coded body; never a 501."""
    for coding in ("br", "gzip, chunked", "x"):
        with callers(service, 1) as (connection,):
            connection.sendall(f"POST {PREVIEW} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: {coding}\r\n\r\n".encode())
            assert answer_on(connection)[0] in (400, 401, 415)


@pytest.mark.parametrize("path", [PREVIEW, "/", "/sign-in", "/quotes", "/compare", "/none"])
@pytest.mark.parametrize("kind", ["json", "x-www-form-urlencoded", "multipart/form-data; boundary=b"])
@pytest.mark.parametrize(
    "chunks", ["zz\r\n", "5\r\nabcdefgh\r\n0\r\n\r\n", "3;=\r\nabc\r\n0\r\n\r\n", "0\r\nbad\r\n\r\n"]
)
def test_chunks_that_are_none_are_the_caller_s_fault(service: Service, path: str, kind: str, chunks: str) -> None:
    """To the API and to every page: never a 500."""
    with callers(service, 1) as (connection,):
        content_type = kind if "/" in kind else f"application/{kind}"
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {content_type}\r\nTransfer-Encoding: chunked\r\n\r\n"
        connection.sendall((head + chunks).encode())
        assert 400 <= answer_on(connection)[0] < 500


def test_headers_of_proxies_are_believed_from_nobody_unless_told(service: Service) -> None:
    """Not from this machine either, which gunicorn trusts by itself."""
    headers = (
        "X-Forwarded-For: 192.0.2.77\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Ssl: on\r\n"
        "X-Forwarded-Protocol: ssl\r\n"
        "X-Forwarded-Host: evil.example\r\nX-Forwarded-Prefix: /evil\r\nSCRIPT_NAME: /v1\r\nScript-Name: /v1\r\n"
        "Forwarded: for=192.0.2.77;proto=https\r\n"
    )
    with callers(service, 1) as (connection,):
        connection.sendall(f"GET /v1/apis HTTP/1.1\r\nHost: x\r\nX-Request-Id: as-a-proxy\r\n{headers}\r\n".encode())
        status, _, answer = answer_on(connection)
    assert (status, answer.headers["Strict-Transport-Security"]) == (200, None)
    (line,) = [line for line in service.logged() if line.get("request_id") == "as-a-proxy"]
    assert (line["address"], line["path"]) == ("127.0.0.1", "/v1/apis")


def test_the_start_says_where_it_listens(service: Service) -> None:
    """The address, although each worker has a socket of its own."""
    events = [line["event"] for line in service.logged()]
    assert any(event.startswith(f"Listening at: http://127.0.0.1:{service.port} ") for event in events)


@pytest.mark.parametrize(("host", "told"), [("::1", "[::1]"), ("0.0.0.0", "127.0.0.1")])
def test_serve_prints_an_address_that_can_be_asked(tmp_path: Any, host: str, told: str) -> None:
    """IPv6 in brackets; for all addresses one of this machine."""
    port = free_port()
    started = Service(tmp_path, port=port, command=("-m", "fee_service", "serve", "--host", host, "--port", str(port)))
    try:
        give_up = time.monotonic() + 30
        while "Booting worker" not in started.log.read_text() and time.monotonic() < give_up:
            time.sleep(0.1)
        printed = started.log.read_text()
        assert f"quoting desk: http://{told}:{port} " in printed
        assert f"Listening at: http://{told}:{port} (" in printed
        address = re.findall(r"documentation: http://(\S+)/docs", printed)[0]
        assert _answers(address, give_up)
    finally:
        started.stop()


def _answers(address: str, give_up: float) -> bool:
    """Whether a service answers there as soon as its workers have booted."""
    while time.monotonic() < give_up:
        with contextlib.closing(http.client.HTTPConnection(address, timeout=10)) as connection:
            try:
                connection.request("GET", "/healthz")
                return connection.getresponse().status == 200
            except ConnectionRefusedError:
                time.sleep(0.1)
    return False


def test_a_stop_does_not_wait_for_who_says_nothing(tmp_path: Any) -> None:
    """Silent connections, kept ones and lingering ones are closed within a few seconds."""
    with Service(tmp_path, workers="1") as running, callers(running, 5) as connections:
        connections[0].sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        connections[1].sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert [answer_on(connection)[0] for connection in connections[:2]] == [200, 200]
        began = time.monotonic()
        assert running.stop() == 0
        assert time.monotonic() - began < 8


def test_a_large_file_that_stops_coming_gives_its_thread_back(service: Service) -> None:
    """Routes that take files read them in a thread; after the patience of 2 seconds without a byte it is 408."""
    head = (
        f"POST /v1/usage-reports HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {service.key('finance')}\r\n"
        "Content-Type: text/csv\r\nContent-Length: 2000000\r\n\r\ncontract,month"
    )
    with callers(service, 1) as (caller,):
        caller.sendall(head.encode())
        status, content, _ = answer_on(caller)
    assert (status, content["errors"][0]["code"]) == (408, "body_too_slow")
    answers_soon(service)


def test_a_file_beyond_the_limit_is_refused_unread(service: Service) -> None:
    """Whatever its route takes, two gigabytes are too many: 413 before any of it has come."""
    head = (
        f"POST /v1/usage-reports HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {service.key('finance')}\r\n"
        "Content-Type: text/csv\r\nContent-Length: 2000000000\r\n\r\n"
    )
    with callers(service, 1) as (caller,):
        caller.sendall(head.encode())
        status, content, _ = answer_on(caller)
    assert (status, content["errors"][0]["code"]) == (413, "body_too_large")
    assert "16,000,000" in content["errors"][0]["message"]
