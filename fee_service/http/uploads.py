"""Files that come in: one as the body, several as parts of a form, rows as JSON; on the disk while they come.

No more than a piece of them is in memory. What is larger than may be is refused by what it declares, before a byte is
taken, and where it declares nothing as soon as it is more.
"""

from __future__ import annotations

import errno
import hashlib
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import IO, NamedTuple

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

from fee_service.errors import Fault, FeeError, pointer
from fee_service.http.lines import arriving
from fee_service.invoices.personal import masked_file_name
from fee_service.invoices.sizes import refuse_size
from schemas.fields import shown

FIELD = "file"
MOST_FILES = 100
LARGEST_HEAD = 1_048_576  # bytes of a form that wait for the end of a part's head, a piece of the body included
LONGEST_NAME = 150
_NO_ROOM = Fault("upload_no_room", "", {"retry_after": 60})
_FOLDERS = re.compile(r".*[/\\]", re.DOTALL)
_UNWANTED = re.compile("[\x00-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")


class Upload(NamedTuple):
    """A file as it came: its name without folders and without what belongs to persons, where it lies, its bytes."""

    name: str
    path: Path
    size: int
    sha256: str


@contextmanager
def uploads() -> Iterator[tuple[Upload, ...]]:
    """The files of the request, as long as they are needed: at least one.

    To be called before anything reads the body. Raises FeeError (400, 413, 422; 503 where the disk is full), and what
    reading a body raises that does not come to its end.
    """
    refuse_size(request.content_length or 0, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    with tempfile.TemporaryDirectory(prefix="fee-service-upload-") as folder, ExitStack() as held:
        arrived = _Arrived(Path(folder), held)
        try:
            _take(arrived)
            files = arrived.files()
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise FeeError([_NO_ROOM], HTTPStatus.SERVICE_UNAVAILABLE) from error
            raise
        if not files:
            raise FeeError([Fault("upload_without_file", "", {"field": FIELD})])
        yield files


def fingerprint(files: tuple[Upload, ...]) -> bytes:
    """What stands for the files where a request is compared with an earlier one."""
    return "\n".join(f"{file.sha256} {file.name}" for file in files).encode()


def _take(arrived: _Arrived) -> None:
    kind, options = parse_options_header(request.environ.get("CONTENT_TYPE", ""))
    if kind.lower() == "multipart/form-data":
        _take_form(arrived, options.get("boundary", ""))
        return
    name = parse_options_header(request.headers.get("Content-Disposition", ""))[1].get("filename")
    arrived.begin(_as_sent(name or ("rows.json" if kind.lower().endswith("json") else "")))
    for piece in arriving():
        arrived.add(piece)
    arrived.drop_if_empty()


# -- several, as a form has them -----------------------------------------------------------------------


def _take_form(arrived: _Arrived, boundary: str) -> None:
    if not boundary:
        raise _unreadable()
    form = MultipartDecoder(boundary.encode("latin-1", "replace"), LARGEST_HEAD, max_parts=MOST_FILES + 1)
    try:
        for piece in arriving():
            form.receive_data(piece)
            _take_parts(form, arrived)
        form.receive_data(None)
        _take_parts(form, arrived)
    except (ValueError, AttributeError, RequestEntityTooLarge):  # no end, no head, or a head that is none
        raise _unreadable() from None


def _take_parts(form: MultipartDecoder, arrived: _Arrived) -> None:
    """All that is known of the form so far."""
    while not isinstance(event := form.next_event(), NeedData | Epilogue):
        if isinstance(event, Field | File):
            if event.name != FIELD:
                raise _unknown(event.name)
            arrived.begin(event.filename if isinstance(event, File) else "")
        elif isinstance(event, Data):
            arrived.add(event.data)
            if not event.more_data:
                arrived.drop_if_empty()


def _unknown(name: str | None) -> FeeError:
    fault = Fault("unknown_field", pointer(shown(name or "")[1:-1]), {"field": shown(name or ""), "known": (FIELD,)})
    return FeeError([fault])


def _unreadable() -> FeeError:
    return FeeError([Fault("upload_unreadable")], HTTPStatus.BAD_REQUEST)


# -- on the disk ---------------------------------------------------------------------------------------


class _Arrived:
    """Files on the disk, one after another."""

    def __init__(self, folder: Path, held: ExitStack) -> None:
        self._folder, self._held = folder, held
        self._files: list[tuple[str, Path, IO[bytes]]] = []
        self._hashes: list[hashlib._Hash] = []
        self._size = 0

    def begin(self, name: str) -> None:
        """What comes now belongs to a further file."""
        if len(self._files) >= MOST_FILES:
            raise FeeError([Fault("upload_files_too_many", "", {"maximum": MOST_FILES})])
        path = self._folder / str(len(self._files))
        self._files.append((name, path, self._held.enter_context(path.open("xb"))))
        self._hashes.append(hashlib.sha256())

    def add(self, piece: bytes) -> None:
        """More of the file; all files together are bounded."""
        self._size += len(piece)
        refuse_size(self._size, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        self._files[-1][2].write(piece)
        self._hashes[-1].update(piece)

    def drop_if_empty(self) -> None:
        """Where nothing was chosen, a form has a part without a name and without a byte; an empty body is no file."""
        name, path, file = self._files[-1]
        if not name and not file.tell():
            file.close()
            path.unlink()
            del self._files[-1], self._hashes[-1]

    def files(self) -> tuple[Upload, ...]:
        """All of them, whole, each with a name of its own."""
        names = plain_names([name for name, _, _ in self._files])
        told = []
        for name, (_, path, file), digest in zip(names, self._files, self._hashes, strict=True):
            file.close()
            told.append(Upload(name, path, path.stat().st_size, digest.hexdigest()))
        return tuple(told)


def plain_names(names: Sequence[str]) -> list[str]:
    """Names of files without folders and without what belongs to persons, no two alike."""
    return _distinct([_plain(name) or f"file-{number}" for number, name in enumerate(names, 1)])


def _as_sent(name: str) -> str:
    """A name in a header of the request: what is no ASCII there comes as bytes."""
    try:
        return name.encode("latin-1").decode()
    except UnicodeError:
        return name


def _plain(name: str) -> str:
    bare = masked_file_name(_UNWANTED.sub(" ", _FOLDERS.sub("", name))).strip()
    stem, dot, suffix = bare.rpartition(".")
    if len(bare) > LONGEST_NAME and dot and len(suffix) < 10:
        return f"{stem[: LONGEST_NAME - len(suffix) - 1]}.{suffix}"
    return bare[:LONGEST_NAME]


def _distinct(names: list[str]) -> list[str]:
    """Of like names the second is called `NAME (2)`: a row tells its file by its name."""
    seen: dict[str, int] = {}
    told = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        told.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return told
