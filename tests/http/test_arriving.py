"""When a request is whole: found in any pieces in which it comes."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from fee_service.http.arriving import LARGEST_HEAD, SILENCE, Arriving, State

PATIENCE = 2.0
HEAD = b"POST /v1/quotes HTTP/1.1\r\nHost: x\r\n"
FILE = b"POST /v1/usage-reports HTTP/1.1\r\nHost: x\r\n"
INVOICES = b"POST /v1/reconciliations?preview=true HTTP/1.1\r\nHost: x\r\n"
BULK = b"POST /v1/quotes/bulk HTTP/1.1\r\nHost: x\r\n"
REQUESTS = {
    b"GET / HTTP/1.1\r\nHost: x\r\n\r\n": State.WHOLE,
    b"GET / HTTP/1.1\r\n\r\n": State.WHOLE,
    HEAD + b"Content-Length: 5\r\n\r\nabcde": State.WHOLE,
    HEAD + b"content-length:  5 \r\n\r\nabcde": State.WHOLE,
    HEAD + b"Content-Length: 0\r\n\r\n": State.WHOLE,
    HEAD + b"Content-Length: 6\r\n\r\nabcde": State.COMING,
    HEAD + b"Expect: 100-continue\r\nContent-Length: 5\r\n\r\nabcde": State.WHOLE,
    HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n": State.WHOLE,
    HEAD + b"Transfer-Encoding: Chunked\r\n\r\n3;a=b\r\nabc\r\n2\r\nde\r\n0\r\nTrailer: x\r\n\r\n": State.WHOLE,
    HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n": State.COMING,
    HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab": State.COMING,
    HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n": State.NOT_AWAITED,
    HEAD + b"Content-Length: many\r\n\r\n": State.NOT_AWAITED,
    HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n": State.NOT_AWAITED,
    HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n": State.NOT_AWAITED,
    HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n": State.NOT_AWAITED,
    HEAD + b"Content-Length: 1000001\r\n\r\n": State.NOT_AWAITED,
    b"GET / HTTP/1.1\nHost: x\n\n": State.NOT_AWAITED,
    BULK + b"Content-Length: 1000000000\r\n\r\n": State.STREAMED,
    BULK + b"Transfer-Encoding: chunked\r\n\r\n": State.STREAMED,
    BULK + b"Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n": State.STREAMED,
    BULK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n": State.NOT_AWAITED,
    BULK: State.COMING,
    FILE + b"Content-Length: 1000001\r\n\r\n": State.STREAMED,
    FILE + b"Content-Length: 1000000\r\n\r\n": State.COMING,
    FILE + b"Content-Length: 5\r\n\r\nabcde": State.WHOLE,
    FILE + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 340_000: State.STREAMED,
    FILE + b"Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n": State.WHOLE,
    INVOICES + b"Content-Length: 1500000000\r\n\r\n": State.STREAMED,
    INVOICES + b"Content-Length: 1500000001\r\n\r\n": State.NOT_AWAITED,
    b"POST /v1/quotes/bulk?require_eligible=true HTTP/1.1\r\nContent-Length: 9\r\n\r\n": State.STREAMED,
    b"GET /v1/quotes/bulk HTTP/1.1\r\nContent-Length: 9\r\n\r\n": State.COMING,
    b"POST /v1/quotes/bulks HTTP/1.1\r\nContent-Length: 9\r\n\r\n": State.COMING,
    b"GET /v1/jobs/0189-ab/result HTTP/1.1\r\nHost: x\r\n\r\n": State.STREAMED,
    b"GET /v1/jobs/0189-ab HTTP/1.1\r\nHost: x\r\n\r\n": State.WHOLE,
    HEAD: State.COMING,
    b"": State.COMING,
    HEAD + b"Cookie: " + b"x" * LARGEST_HEAD: State.HEAD_TOO_LARGE,
    HEAD + b"Cookie: " + b"x" * LARGEST_HEAD + b"\r\n\r\n": State.HEAD_TOO_LARGE,
    HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 340_000: State.BODY_TOO_LARGE,
}


def arrived(pieces: list[bytes]) -> Arriving:
    """What is known when these have come; a request that needs no more gets no more."""
    arriving = Arriving(0, PATIENCE)
    for piece in pieces:
        if arriving.take(piece, 1) is not State.COMING:
            break
    return arriving


@pytest.mark.parametrize(("sent", "state"), REQUESTS.items())
def test_a_request_is_whole_when_its_body_is_there(sent: bytes, state: State) -> None:
    """By its length or by its last chunk; what is no HTTP is not waited for."""
    assert arrived([sent]).state is state


@given(some.data())
def test_it_is_the_same_in_whatever_pieces_it_comes(data: some.DataObject) -> None:
    """Byte by byte as well."""
    sent = data.draw(some.sampled_from([each for each in REQUESTS if len(each) < 1000]))
    cuts = sorted(data.draw(some.lists(some.integers(0, len(sent)))))
    pieces = [sent[start:end] for start, end in zip([0, *cuts], [*cuts, len(sent)], strict=True)]
    assert arrived(pieces).state is REQUESTS[sent]
    assert arrived([bytes((each,)) for each in sent]).state is REQUESTS[sent]


def test_what_stands_behind_a_request_is_kept() -> None:
    """A caller may send the next one at once."""
    sent = b"GET / HTTP/1.1\r\n\r\nGET /a HTTP/1.1\r\n"
    assert bytes(arrived([sent]).data) == sent


def test_leave_is_asked_for_once_and_only_for_a_body_that_is_not_there() -> None:
    """The header is taken out: nobody gives leave a second time."""
    head = HEAD + b"Expect: 100-continue\r\nContent-Length: 5\r\n\r\n"
    asking, sending = arrived([head]), arrived([head + b"abcde"])
    assert (asking.asks_leave, sending.asks_leave) == (True, False)
    assert asking.take(b"abcde", 1) is State.WHOLE
    assert bytes(asking.data) == HEAD + b"Content-Length: 5\r\n\r\nabcde"


def test_nobody_waits_for_ever() -> None:
    """Ten seconds for a first byte; two for a head, however it trickles; two for a byte of the body, twelve for all."""
    silent = Arriving(0, PATIENCE)
    assert (silent.is_late(SILENCE), silent.is_late(SILENCE + 0.1)) == (False, True)
    head = Arriving(0, PATIENCE)
    for tenth in range(50, 80):
        head.take(b"G", tenth / 10)
    assert (head.is_late(7.0), head.is_late(7.1)) == (False, True)
    assert (head.is_late(6.0, crowded=True), head.is_late(6.1, crowded=True)) == (False, True)
    body = Arriving(0, PATIENCE)
    body.take(HEAD + b"Content-Length: 500\r\n\r\n", 0)
    assert (body.is_late(2.0), body.is_late(2.1)) == (False, True)
    for second in range(1, 13):
        body.take(b"x", second)
        assert body.is_late(second + 0.5) is (second == 12)
