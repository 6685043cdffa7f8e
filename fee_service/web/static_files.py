"""The pages' own files, read once at the start: what is not among them is not there, however its name is spelt."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from flask import Response, abort, request, url_for

FOLDER = Path(__file__).parent / "static"
FOR_EVER = f"public, max-age={365 * 24 * 3600}, immutable"  # the address of a version changes with what it holds
WITHOUT_VERSION = "no-cache"


class StaticFile(NamedTuple):
    """A file as it is sent, plain and squeezed; the version tells what it holds."""

    content: bytes
    squeezed: bytes
    content_type: str
    version: str


@cache
def static_files() -> Mapping[str, StaticFile]:
    """Every file by its name."""
    return {path.name: _read(path) for path in sorted(FOLDER.iterdir()) if path.is_file()}


def _read(path: Path) -> StaticFile:
    content = path.read_bytes()
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    is_text = kind.startswith("text/") or kind.endswith(("javascript", "xml"))
    return StaticFile(
        content,
        gzip.compress(content, mtime=0),
        f"{kind}; charset=utf-8" if is_text else kind,
        hashlib.sha256(content).hexdigest()[:10],
    )


def address_of(name: str) -> str:
    """The address of a file, which changes with what it holds."""
    return url_for("web.static", filename=name, v=static_files()[name].version)


def static_file(filename: str) -> Response:
    """A file by its name; kept for long under the address of its version, asked about again under any other."""
    found = static_files().get(filename)
    if found is None:
        abort(404)
    squeezed = request.accept_encodings["gzip"] > 0
    answer = Response(found.squeezed if squeezed else found.content, content_type=found.content_type)
    if squeezed:
        answer.headers["Content-Encoding"] = "gzip"
    answer.set_etag(f"{found.version}{'-gzip' if squeezed else ''}")
    answer.headers["Cache-Control"] = FOR_EVER if request.args.get("v") == found.version else WITHOUT_VERSION
    answer.headers["Vary"] = "Accept-Encoding"
    answer.make_conditional(request)
    return answer
