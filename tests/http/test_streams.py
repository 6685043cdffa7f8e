"""Requests of any length over real sockets: served while they come, in little memory, and nobody else waits."""

import contextlib
import http.client
import json
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.serving import Service

from fee_service.http import flows
from fee_service.http.flows import Flow, TooSlow
from fee_service.http.worker import STREAMS

BULK, PREVIEW = "/v1/quotes/bulk", "/v1/quotes/preview"
GOOD = b'{"company": {"founded_on": "2023-05-10", "size": "sme"}, "apis": ["real-time-kospi"], "months": 60}'
OTHER = GOOD.replace(b"sme", b"large")
LARGE = int(os.environ.get("STREAM_TEST_BYTES", "60_000_000"))  # of a line without end; 1_000_000_000 holds as well
SOON = 1.0  # seconds


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One worker with two threads, and a patience of two seconds."""
    limits = {"requests_per_minute": str(10**9), "requests_per_day": str(10**9)}
    with Service(tmp_path_factory.mktemp("instance"), workers="1", threads="2", patience="2", **limits) as running:
        yield running


@pytest.fixture(scope="module")
def key(service: Service) -> str:
    """Of a portal."""
    return service.key("portal")


@pytest.fixture(scope="module")
def previews(service: Service, key: str) -> dict[bytes, bytes]:
    """What previews answer, with the line's end."""
    answers = {}
    for each in (GOOD, OTHER):
        status, _, content = service.ask("POST", PREVIEW, json.loads(each), key)
        assert status == 200
        answers[each] = content + b"\n"
    return answers


class Stream:
    """A bulk request whose body is sent bit by bit."""

    def __init__(self, service: Service, key: str, length: int | None = None, head: str = "") -> None:
        self.sock = socket.create_connection(("127.0.0.1", service.port), timeout=15)
        framing = "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}"
        self.sock.sendall(
            f"POST {BULK} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n{head}"
            f"Content-Type: application/x-ndjson\r\nAccept-Language: en\r\n{framing}\r\n\r\n".encode()
        )
        self._is_chunked = length is None
        self.answer = http.client.HTTPResponse(self.sock, method="POST")

    def send(self, data: bytes) -> None:
        """More of the body; nothing ends it."""
        self.sock.sendall(b"%x\r\n%s\r\n" % (len(data), data) if self._is_chunked else data)

    def begin(self) -> int:
        """The status."""
        self.answer.begin()
        return self.answer.status

    def close(self) -> None:
        """Without another word."""
        self.answer.close()
        self.sock.close()


@contextlib.contextmanager
def streams(service: Service, key: str, number: int, begun: bytes) -> Iterator[list[Stream]]:
    """So many requests, each of which has begun and stops."""
    opened = [Stream(service, key) for _ in range(number)]
    try:
        for stream in opened:
            stream.send(begun)
        yield opened
    finally:
        for stream in opened:
            stream.close()


def answers_soon(service: Service, key: str) -> None:
    """Whether others are answered meanwhile."""
    for _ in range(3):
        began = time.monotonic()
        assert service.ask("GET", "/healthz")[0] == 200
        assert service.ask("POST", PREVIEW, json.loads(GOOD), key)[0] == 200
        assert time.monotonic() - began < SOON


@pytest.mark.parametrize("chunked", [True, False])
def test_answers_go_out_while_requests_come_in(
    service: Service, key: str, previews: dict[bytes, bytes], chunked: bool
) -> None:
    """Each line has its answer before the next is sent; the bytes are those of previews."""
    asked = [GOOD, OTHER, b"{", GOOD]
    stream = Stream(service, key, None if chunked else sum(len(each) + 1 for each in asked), "Accept: */*\r\n")
    for number, each in enumerate(asked, 1):
        stream.send(each[:20])
        stream.send(each[20:] + b"\n")
        if number == 1:
            assert stream.begin() == 200
        line = stream.answer.readline()
        if each in previews:
            # previews answer in both languages here: only the facts are compared where a language was asked for
            assert json.loads(line)["digest"] == json.loads(previews[each])["digest"]
        else:
            assert json.loads(line)["line"] == number
    stream.send(b"")
    assert stream.answer.read() == b""
    stream.close()


def test_who_sends_all_before_he_reads_is_answered_too(
    service: Service, key: str, previews: dict[bytes, bytes]
) -> None:
    """Most libraries do: a megabyte is sent, then thirty come back; byte by byte what previews answer."""
    asked = [GOOD, OTHER] * 200
    padded = [each + b" " * 3_000 for each in asked]
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=60)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/x-ndjson"}
    connection.request("POST", BULK, b"\n".join(padded), headers)
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (200, b"".join(previews[each] for each in asked))
    connection.close()


def test_a_waiting_caller_gets_his_leave(service: Service, key: str, previews: dict[bytes, bytes]) -> None:
    """Expect: 100-continue is answered before the body comes."""
    stream = Stream(service, key, len(GOOD), "Expect: 100-continue\r\n")
    assert stream.sock.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
    stream.send(GOOD)
    assert stream.begin() == 200
    assert json.loads(stream.answer.read())["digest"] == json.loads(previews[GOOD])["digest"]
    stream.close()


def test_who_may_not_is_told_before_he_has_sent_all(service: Service) -> None:
    """401 to the head of a request of a gigabyte."""
    stream = Stream(service, "fee_none", 1_000_000_000)
    assert stream.begin() == 401
    stream.close()


def memory(service: Service, name: str = "VmHWM") -> int:
    """Kilobytes that the worker has in memory, or had at most."""
    (worker,) = service.workers()
    status = Path(f"/proc/{worker}/status").read_text()
    return int(status.split(f"{name}:")[1].split()[0])


def forget_the_most(service: Service) -> None:
    """What it had at most begins anew."""
    (worker,) = service.workers()
    Path(f"/proc/{worker}/clear_refs").write_text("5")


def test_a_line_without_end_is_neither_kept_nor_refused(service: Service, key: str) -> None:
    """Whatever its length: the worker has at most a tenth more in memory, and the next line is answered."""
    small = Stream(service, key)
    small.send(GOOD + b"\n")
    assert small.begin() == 200
    small.close()
    forget_the_most(service)
    before = memory(service)
    stream = Stream(service, key)
    for _ in range(LARGE // 1_000_000):
        stream.send(b"[" * 1_000_000)
    stream.send(b"\n" + GOOD + b"\n")
    stream.send(b"")
    assert stream.begin() == 200
    problem, quote = stream.answer.read().splitlines()
    assert (json.loads(problem)["line"], json.loads(problem)["errors"][0]["code"]) == (1, "line_too_long")
    assert json.loads(quote)["digest"]
    assert memory(service) < 1.1 * before + 4_000
    stream.close()


def test_answers_that_are_taken_slowly_take_no_memory(service: Service, key: str) -> None:
    """A thousand lines are sent and nothing is read for a while: what waits is on the disk, not in memory."""
    forget_the_most(service)
    before = memory(service)
    stream = Stream(service, key)
    for _ in range(100):
        stream.send((GOOD + b" " * 10_000 + b"\n") * 10)
    stream.send(b"")
    time.sleep(1)
    assert stream.begin() == 200
    assert len(stream.answer.read().splitlines()) == 1_000
    assert memory(service) < 1.1 * before + 8_000
    stream.close()


def test_streams_that_stop_delay_nobody_and_end(service: Service, key: str) -> None:
    """As many as are served at once: others are answered, one more stream is told to come again, then there is room."""
    with streams(service, key, STREAMS, GOOD + b"\n{") as stopped:
        time.sleep(0.3)
        answers_soon(service, key)
        one_more = Stream(service, key)
        assert one_more.begin() == 503
        assert json.loads(one_more.answer.read())["errors"][0]["code"] == "streams_busy"
        one_more.close()
        for stream in stopped:
            assert stream.begin() == 200
            with pytest.raises(http.client.IncompleteRead) as torn:
                stream.answer.read()
            _, last = torn.value.partial.splitlines()
            assert (json.loads(last)["line"], json.loads(last)["errors"][0]["code"]) == (2, "body_too_slow")
    room = Stream(service, key, len(GOOD))
    room.send(GOOD)
    assert room.begin() == 200
    room.close()


def test_who_takes_no_answer_delays_nobody_and_is_cut_off(service: Service, key: str) -> None:
    """His place is free again after the patience."""
    with streams(service, key, STREAMS, (GOOD + b"\n") * 2_000):
        time.sleep(0.5)
        answers_soon(service, key)
        assert service.ask("GET", "/healthz")[0] == 200
        time.sleep(4)
        room = Stream(service, key, len(GOOD))
        room.send(GOOD)
        assert room.begin() == 200
        room.close()


def test_a_large_file_that_stops_coming_delays_nobody(service: Service, key: str) -> None:
    """It is read while it comes, by a thread of its own: others are answered, and its caller is told 408."""
    head = (
        f"POST /v1/usage-reports HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {service.key('finance')}\r\n"
        "Content-Type: text/csv\r\nContent-Length: 5000000\r\n\r\ncontract,month\r\n"
    )
    with contextlib.ExitStack() as stack:
        address = ("127.0.0.1", service.port)
        stopped = [stack.enter_context(socket.create_connection(address, timeout=15)) for _ in range(STREAMS)]
        for connection in stopped:
            connection.sendall(head.encode())
        time.sleep(0.3)
        answers_soon(service, key)
        for connection in stopped:
            answer = http.client.HTTPResponse(connection)
            answer.begin()
            assert (answer.status, json.loads(answer.read())["errors"][0]["code"]) == (408, "body_too_slow")


@pytest.mark.parametrize("length", [None, 1_000])
def test_a_body_that_is_torn_is_told_as_the_last_line(service: Service, key: str, length: int | None) -> None:
    """What was whole is answered; the answer ends as if it were torn, too."""
    stream = Stream(service, key, length)
    stream.send(GOOD + b"\n" + OTHER[:30])
    stream.sock.shutdown(socket.SHUT_WR)
    assert stream.begin() == 200
    with pytest.raises(http.client.IncompleteRead) as torn:
        stream.answer.read()
    quote, problem = torn.value.partial.splitlines()
    assert json.loads(quote)["digest"]
    assert (json.loads(problem)["line"], json.loads(problem)["errors"][0]["code"]) == (2, "body_torn")
    stream.close()


def test_a_caller_who_goes_leaves_nothing_behind(service: Service, key: str) -> None:
    """In the middle of what he sends, or of what he is sent: no traceback, and the place is free."""
    for _ in range(2 * STREAMS):
        stream = Stream(service, key)
        stream.send((GOOD + b"\n") * 50)
        stream.close()
        time.sleep(0.1)
    time.sleep(1)
    answers_soon(service, key)
    assert "Traceback" not in service.log.read_text()


def test_a_path_that_is_written_otherwise_is_no_stream(service: Service, key: str) -> None:
    """It is waited for like any request, and refused where it is large."""
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=15)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/x-ndjson"}
    connection.request("POST", "/v1/quotes/%62ulk", GOOD, headers)
    answer = connection.getresponse()
    assert (answer.status, len(answer.read().splitlines())) == (200, 1)
    connection.request("POST", "/v1/quotes/%62ulk", b" " * 1_000_001, headers)
    assert connection.getresponse().status == 413
    connection.close()


def test_a_service_that_stops_lets_a_stream_end(tmp_path: Path) -> None:
    """What is on its way is answered; who then says nothing more does not keep it from ending."""
    with Service(tmp_path, workers="1", threads="2", patience="2") as running:
        stream = Stream(running, running.key())
        stream.send(GOOD + b"\n")
        assert stream.begin() == 200
        running.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        stream.send(OTHER + b"\n")
        assert [len(stream.answer.readline()) > 1_000 for _ in range(2)] == [True, True]
        began = time.monotonic()
        assert running.process.wait(25) == 0
        assert time.monotonic() - began < 12
        stream.close()


# -- one connection ----------------------------------------------------------------------------------------


@pytest.fixture
def pair() -> Iterator[tuple[Flow, socket.socket]]:
    """Our end as a flow, and the caller's."""
    ours, theirs = socket.socketpair()
    flow = Flow(ours, 5.0, threading.Event())
    yield flow, theirs
    flow.close()
    ours.close()
    theirs.close()


def test_what_comes_while_we_send_is_read_in_its_order(pair: tuple[Flow, socket.socket]) -> None:
    """Both sides send ten megabytes before they read: nothing is lost, nothing waits for ever."""
    flow, caller = pair
    sends, answers = os.urandom(10_000_000), os.urandom(10_000_000)
    taken = bytearray()

    def call() -> None:
        caller.sendall(sends)
        while len(taken) < len(answers):
            taken.extend(caller.recv(65_536))
        caller.shutdown(socket.SHUT_WR)

    calling = threading.Thread(target=call)
    calling.start()
    flow.sendall(answers)
    heard = b"".join(iter(lambda: flow.recv(65_536), b""))
    calling.join()
    assert (heard, bytes(taken)) == (sends, answers)


def test_a_trickle_uses_up_its_credit(pair: tuple[Flow, socket.socket]) -> None:
    """A byte now and then comes within the patience, and is too slow all the same."""
    flow, caller = pair
    flow._credit = 0.5

    def trickle() -> None:
        with contextlib.suppress(OSError):
            for _ in range(40):
                caller.sendall(b"x")
                time.sleep(0.1)

    trickling = threading.Thread(target=trickle)
    trickling.start()
    with pytest.raises(TooSlow):
        received_all(flow, 40)
    caller.close()
    trickling.join()


def received_all(flow: Flow, number: int) -> None:
    """So many bytes, one by one."""
    for _ in range(number):
        flow.recv(1)


def test_bytes_that_move_fill_the_credit_again(pair: tuple[Flow, socket.socket]) -> None:
    """Up to its measure, no further."""
    flow, caller = pair
    flow._credit = 1.0
    caller.sendall(bytes(50_000))
    received = 0
    while received < 50_000:
        received += len(flow.recv(50_000))
    assert 5.9 < flow._credit <= 6.0
    flow._earn(10**9)
    assert flow._credit == flows.CREDIT


def test_silence_ends_with_the_patience_or_the_process(pair: tuple[Flow, socket.socket]) -> None:
    """Whichever comes first, reading or writing."""
    flow, _ = pair
    flow._patience = 0.2
    with pytest.raises(TooSlow):
        flow.recv(1)
    with pytest.raises(TooSlow):
        flow.sendall(bytes(10_000_000))
    flow._patience = 30
    flow._stopping.set()
    began = time.monotonic()
    with pytest.raises(TooSlow):
        flow.recv(1)
    assert time.monotonic() - began < 5
