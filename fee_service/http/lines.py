"""A body that is read while it comes: its pieces as they arrive, and its lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from flask import current_app, request
from gunicorn.http.body import ChunkedReader, LengthReader  # type: ignore[import-untyped]
from gunicorn.http.errors import NoMoreData  # type: ignore[import-untyped]
from werkzeug.exceptions import RequestEntityTooLarge

from fee_service.strict_json import BOM

PIECE = 65_536  # bytes
LONGEST_LINE = 1_000_000  # bytes; a body that is no stream may have as many
KEPT = LONGEST_LINE + 8  # bytes of a line, with a mark before it and its end; what has more is too long


class Line(NamedTuple):
    """A line by its number, 1 being the first; `content` is None where it is too long to be kept."""

    number: int
    content: bytes | None


def pieces() -> Iterator[bytes]:
    """The body of the request as it comes. Raises RequestEntityTooLarge where it is large and no stream.

    The pieces raise OSError where the caller is gone or too slow, and what gunicorn raises of a torn body.
    """
    environ = request.environ
    is_stream = getattr(environ.get("gunicorn.socket"), "flow", None) is not None
    if not is_stream and (request.content_length or 0) > current_app.config["MAX_CONTENT_LENGTH"]:
        raise RequestEntityTooLarge
    return arriving()


def lines(arriving: Iterator[bytes]) -> Iterator[Line]:
    """Lines that hold something, without their ends (LF or CRLF); of one that is too long no more is kept than that.

    A byte order mark before the first line is no part of it. The last line needs no end.
    """
    number, waiting = 1, bytearray()
    for piece in arriving:
        *ended, rest = piece.split(b"\n")
        for end in ended:
            waiting += end[: KEPT - len(waiting)]
            yield from _line(number, waiting)
            number += 1
            waiting.clear()
        waiting += rest[: KEPT - len(waiting)]
    yield from _line(number, waiting)


def _line(number: int, content: bytearray) -> Iterator[Line]:
    line = bytes(content).removesuffix(b"\r")
    if number == 1:
        line = line.removeprefix(BOM)
    if len(line) > LONGEST_LINE:
        yield Line(number, None)
    elif line.strip():
        yield Line(number, line)


def arriving() -> Iterator[bytes]:
    """The body of any length as it comes; what the pieces raise is what `pieces` says.

    To be called while Flask is in the request; the pieces may be taken after it. gunicorn's `read` waits until so many
    bytes are there as were asked for; a stream takes what is there.
    """
    return _pieces_of(request.environ["wsgi.input"])


def _pieces_of(body: Any) -> Iterator[bytes]:
    reader = getattr(body, "reader", None)
    if isinstance(reader, ChunkedReader):
        yield from filter(None, reader.parser)
    elif isinstance(reader, LengthReader):
        yield from _of_length(reader)
    else:
        yield from iter(lambda: body.read(PIECE), b"")


def _of_length(reader: Any) -> Iterator[bytes]:
    while reader.length:
        piece = reader.unreader.read(None, read_ahead=min(reader.length, PIECE))
        if not piece:
            raise NoMoreData
        if len(piece) > reader.length:
            reader.unreader.unread(piece[reader.length :])
            piece = piece[: reader.length]
        reader.length -= len(piece)
        yield piece
