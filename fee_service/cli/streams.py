"""What a terminal cannot show, and how a command ends that cannot write: legibly, and without a traceback."""

from __future__ import annotations

import codecs
import errno
import os
import sys
import unicodedata
from typing import Any

import click

# What has a like in ASCII; everything else that cannot be shown stands as a question mark of its width.
LIKE = {"–": "-", "—": "-", "−": "-", "‑": "-", "·": "-", "•": "*", "×": "x", "→": "->", "§": "sec. ",
        "≤": "<=", "≥": ">=", "…": "...", "“": '"', "”": '"', "‘": "'", "’": "'", "\u00a0": " "}  # fmt: skip
HANDLER = "fee_service.like"
PLAIN = "plain-ascii"
BROKEN_PIPE, INTERRUPTED = 1, 130

_unshown: set[str] = set()


def run(command: click.Command) -> None:
    """Run a command on streams that take every letter."""
    try:
        _take_every_letter()
        command(standalone_mode=True)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except OSError as error:
        _end(error)
    finally:
        _tell_unshown()


def shows_korean() -> bool:
    """Whether standard output has Korean letters."""
    try:
        "한글".encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _take_every_letter() -> None:
    sys.stdin = sys.stdin or _nowhere("r")  # None where it is closed, which click does not expect
    codecs.register_error(HANDLER, _like)
    codecs.register(_plain_ascii)
    for stream in (sys.stdout, sys.stderr):
        if stream is None or not hasattr(stream, "reconfigure"):
            continue
        # click takes a stream by the name of "ascii" for a mistake and would write UTF-8 to it
        is_ascii = codecs.lookup(stream.encoding).name == "ascii"
        stream.reconfigure(errors=HANDLER, **({"encoding": PLAIN} if is_ascii else {}))


def _plain_ascii(name: str) -> codecs.CodecInfo | None:
    """ASCII by another name."""
    if name.replace("_", "-") != PLAIN:
        return None
    ascii_: Any = codecs.lookup("ascii")
    return codecs.CodecInfo(
        ascii_.encode, ascii_.decode, ascii_.streamreader, ascii_.streamwriter,
        ascii_.incrementalencoder, ascii_.incrementaldecoder, PLAIN,
    )  # fmt: skip


def _like(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    return "".join(_shown(sign) for sign in error.object[error.start : error.end]), error.end


def _shown(sign: str) -> str:
    if sign in LIKE:
        return LIKE[sign]
    _unshown.add(sign)
    return "??" if unicodedata.east_asian_width(sign) in "WF" else "?"


def _tell_unshown() -> None:
    if _unshown:
        _unshown.clear()
        click.echo("Letters that this terminal cannot show stand as ?; set PYTHONIOENCODING=utf-8.", err=True)


def _end(error: OSError) -> None:
    """End a command that could not read or write, with one sentence; silently where nobody reads any more."""
    if error.errno == errno.EPIPE:
        sys.stdout = _nowhere()
        sys.exit(BROKEN_PIPE)
    place = f"{error.filename}: " if error.filename else ""
    try:
        click.echo(f"{place}{error.strerror or error}", err=True)
    finally:
        if error.errno == errno.ENOSPC:
            sys.stdout = _nowhere()  # what is left in it cannot be written at the end either
    sys.exit(1)


def _nowhere(mode: str = "w") -> Any:
    return open(os.devnull, mode, encoding="utf-8")
