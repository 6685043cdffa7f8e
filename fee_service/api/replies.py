"""What was stored, as it is answered; files, and jobs that make them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import orjson
from flask import Response

from fee_service.documents.billed_files import Written, pieces
from fee_service.http.context import actor, database, origin
from fee_service.http.language import language
from fee_service.jobs import asking, telling
from fee_service.quotes.calls import Reply
from fee_service.strict_json import Data

JSON = "application/json"
ACCEPTED = 202


def answer(reply: Reply) -> Response:
    """A reply with where it is found from now on, and whether it was given before."""
    told = Response(reply.body, reply.status, content_type=JSON)
    if reply.location is not None:
        told.headers["Location"] = reply.location
    if reply.replayed:
        told.headers["Idempotent-Replayed"] = "true"
    return told


def file_of(write: Callable[[Path], Written], *, kept: bool = True) -> Response:
    """A file that is written to a folder and sent from there; `kept`: to be saved by its name, not shown."""
    folder = tempfile.TemporaryDirectory(prefix="fee-service-file-")
    try:
        written = write(Path(folder.name))
    except BaseException:
        folder.cleanup()
        raise
    response = Response(_sent(written.path, folder), content_type=written.content_type)
    response.headers["Content-Length"] = str(written.path.stat().st_size)
    if kept:
        response.headers["Content-Disposition"] = f'attachment; filename="{written.name}"'
    return response


def job_asked(name: str, params: Data) -> Response:
    """Have a worker make a file; the answer says where to ask for it."""
    job_id = asking.enqueue(database(), name, actor(), origin(), params)
    told = telling.answer(asking.found(database(), job_id, actor()), language(), None)
    response = Response(orjson.dumps(told), ACCEPTED, content_type=JSON)
    response.headers["Location"] = f"/v1/jobs/{job_id}"
    return response


def _sent(path: Path, folder: tempfile.TemporaryDirectory[str]) -> Iterator[bytes]:
    with folder:
        yield from pieces(path)
