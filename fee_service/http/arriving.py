"""A request while it arrives: whether it is whole, so that no thread need wait for the rest of it.

Only the framing is read here (where the head ends, how long the body is); what the request says, and whether it is
HTTP at all, the server's own parser decides as soon as it is handed over.
"""

from __future__ import annotations

import re
from enum import Enum

from fee_service.invoices.sizes import MOST_BYTES

LARGEST_HEAD = 32_768  # bytes: request line and all headers
LARGEST_BODY = 1_000_000  # bytes of a body that is waited for; the application refuses a larger one unread
LARGEST_CHUNKED = 2 * LARGEST_BODY  # bytes of a chunked body with the sizes of its chunks
LONGEST_SIZE = 8_192  # bytes of the line that tells the size of a chunk
CROWDED_PATIENCE = 1.0  # seconds for a head where connections become few
SILENCE = 10.0  # seconds until a connection on which nothing was said is given up
WHOLE_BODY = 6  # times the patience for a silent caller, for a body that does not stop coming

_BARE_LINE_FEED = re.compile(rb"(?<!\r)\n")
_LENGTH = re.compile(rb"(?im)^content-length:[ \t]*([0-9]{1,18})[ \t]*\r$")
_FRAMING = re.compile(rb"(?im)^(?:content-length|transfer-encoding)[ \t]*:")
_CHUNKED = re.compile(rb"(?im)^transfer-encoding:[ \t]*chunked[ \t]*\r$")
_LEAVE = re.compile(rb"(?im)^expect:[ \t]*100-continue[ \t]*\r\n")
# Requests whose body or answer may be of any length: they are served while they come, fee_service/http/flows.py.
_STREAMED = re.compile(rb"(?:POST /v1/quotes/bulk|GET /v1/jobs/[^/ ?]{1,64}/result)/?(?:\?[^ ]*)? HTTP/1\.[01]\r\n")
# Files that may be larger than what is waited for; then they are read while they come.
_FILES = re.compile(rb"POST /(?:v1/usage-reports|v1/reconciliations|reconciliations)/?(?:\?[^ ]*)? HTTP/1\.[01]\r\n")
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?")


class State(Enum):
    """How far a request has come."""

    COMING = "coming"
    WHOLE = "whole"
    STREAMED = "streamed"  # the head is whole, and nobody waits for the rest
    NOT_AWAITED = "not awaited"  # too large or no HTTP: what is there already decides the answer
    HEAD_TOO_LARGE = "head too large"
    BODY_TOO_LARGE = "body too large"


class Arriving:
    """The bytes of one request so far, and what is behind them on the connection; times in seconds."""

    def __init__(self, now: float, patience: float) -> None:
        self.data = bytearray()
        self.state = State.COMING
        self.asks_leave = False  # the caller sends the body only when he is told to
        self._began = self._heard = now
        self._patience = patience
        self._body_at = 0  # 0 until the head is whole
        self._end: int | None = None  # None where the body comes in chunks
        self._chunk_at = 0
        self._too_large = State.NOT_AWAITED, State.BODY_TOO_LARGE  # what it is with so long a body, or such chunks

    @property
    def is_silent(self) -> bool:
        """Whether nothing was sent yet."""
        return not self.data

    @property
    def has_head(self) -> bool:
        return self._body_at > 0

    def is_late(self, now: float, crowded: bool = False) -> bool:
        """Whether nobody waits any longer: for a first byte, the whole head, a further byte of the body, all of it.

        Where many wait, those without a whole head get little time.
        """
        patience = self._patience if not self.is_silent else SILENCE
        if not self.has_head:
            return now - self._began > (min(patience, CROWDED_PATIENCE) if crowded else patience)
        return now - self._heard > self._patience or now - self._began > WHOLE_BODY * self._patience

    def take(self, piece: bytes, now: float) -> State:
        """Add what was sent."""
        if self.is_silent:
            self._began = now
        looked_at = max(0, len(self.data) - 3)
        self.data += piece
        self._heard = now
        if not self.has_head:
            self._read_head(looked_at)
        if self.has_head and self.state is State.COMING:
            self.state = self._of_length() if self._end is not None else self._of_chunks()
        return self.state

    def _read_head(self, looked_at: int) -> None:
        end = self.data.find(b"\r\n\r\n", looked_at)
        if end > LARGEST_HEAD or (end < 0 and len(self.data) > LARGEST_HEAD):
            self.state = State.HEAD_TOO_LARGE
        elif _BARE_LINE_FEED.search(self.data, looked_at, len(self.data) if end < 0 else end):
            self.state = State.NOT_AWAITED
        elif end >= 0:
            self._body_at = self._chunk_at = end + 4
            self._read_framing(bytes(self.data[: end + 2]))

    def _read_framing(self, head: bytes) -> None:
        lengths, chunked = _LENGTH.findall(head), _CHUNKED.search(head) is not None
        if len(_FRAMING.findall(head)) > 1 or (_FRAMING.search(head) and not lengths and not chunked):
            self.state = State.NOT_AWAITED
            return
        if not chunked:
            self._end = self._body_at + (int(lengths[0]) if lengths else 0)
        if leave := _LEAVE.search(head):
            self.asks_leave = self._end is None or self._end > len(self.data)
            if self.asks_leave:  # it is given here, so nobody need give it again
                self._drop(leave.start(), leave.end())
        if _FILES.match(head):
            declared = 0 if self._end is None else self._end - self._body_at
            self._too_large = State.NOT_AWAITED if declared > MOST_BYTES else State.STREAMED, State.STREAMED
        if _STREAMED.match(head):
            self.state = State.STREAMED

    def _drop(self, start: int, end: int) -> None:
        del self.data[start:end]
        self._body_at -= end - start
        self._chunk_at -= end - start
        self._end = None if self._end is None else self._end - (end - start)

    def _of_length(self) -> State:
        assert self._end is not None
        if self._end - self._body_at > LARGEST_BODY:
            return self._too_large[0]
        return State.WHOLE if len(self.data) >= self._end else State.COMING

    def _of_chunks(self) -> State:
        """Step from chunk to chunk as far as they have come."""
        while (line_end := self.data.find(b"\r\n", self._chunk_at)) >= 0:
            size = _SIZE.fullmatch(self.data, self._chunk_at, line_end)
            if size is None:
                return State.NOT_AWAITED
            length = int(size[1], 16)
            if length == 0:
                return self._of_trailers(line_end)
            following = line_end + 2 + length + 2
            if following > len(self.data):
                break
            self._chunk_at = following
        else:
            if len(self.data) - self._chunk_at > LONGEST_SIZE:
                return State.NOT_AWAITED
        return State.COMING if len(self.data) - self._body_at <= LARGEST_CHUNKED else self._too_large[1]

    def _of_trailers(self, line_end: int) -> State:
        """Behind the last chunk stand further headers or none, and an empty line."""
        if self.data.find(b"\r\n\r\n", line_end) >= 0:
            return State.WHOLE
        return State.COMING if len(self.data) - line_end <= LARGEST_HEAD else State.NOT_AWAITED
