"""How a file goes wrong on its way: cut off, bytes flipped, rows doubled, cells swapped, quotes never closed."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from fuzz.mutations import octets

LAST_ROWS = 7  # that a row is changed of: a file needs as many behind its header
Change = Callable[[Random, bytes], bytes]


def cut(rng: Random, content: bytes) -> bytes:
    """Only the beginning, as of a broken download."""
    return content[: rng.randrange(1, len(content))]


def flipped(rng: Random, content: bytes) -> bytes:
    """A few bytes that are others."""
    changed = bytearray(content)
    for _ in range(rng.choice((1, 1, 2, 8, 40))):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def moved(rng: Random, content: bytes) -> bytes:
    """A piece of it somewhere else, or there twice."""
    start = rng.randrange(len(content))
    piece = content[start : start + rng.randrange(1, 200)]
    rest = content if rng.random() < 0.5 else content.replace(piece, b"", 1)
    at = rng.randrange(len(rest) + 1)
    return rest[:at] + piece + rest[at:]


def on_a_line(change: Callable[[Random, list[bytes]], list[bytes]]) -> Change:
    """A change of the cells of one row behind the header; a sheet or a document has no such rows and stays as it is."""

    def changed(rng: Random, content: bytes) -> bytes:
        lines = content.split(b"\r\n")
        if len(lines) < 4:
            return content
        at = rng.randrange(max(1, len(lines) - 1 - LAST_ROWS), len(lines) - 1)
        return b"\r\n".join(lines[:at] + change(rng, [lines[at]]) + lines[at + 1 :])

    return changed


def _doubled(_: Random, line: list[bytes]) -> list[bytes]:
    return line * 2


def _swapped(rng: Random, line: list[bytes]) -> list[bytes]:
    delimiter = b"\t" if b"\t" in line[0] else b","
    cells = line[0].split(delimiter)
    one, other = rng.randrange(len(cells)), rng.randrange(len(cells))
    cells[one], cells[other] = cells[other], cells[one]
    return [delimiter.join(cells)]


def _unclosed(rng: Random, line: list[bytes]) -> list[bytes]:
    delimiter = b"\t" if b"\t" in line[0] else b","
    cells = line[0].replace(b'"', b"").split(delimiter)
    at = rng.randrange(len(cells))
    cells[at] = b'"' + cells[at]
    return [delimiter.join(cells)]


doubled, swapped, unclosed = map(on_a_line, (_doubled, _swapped, _unclosed))
CHANGES: dict[str, Change] = {
    "cut": cut, "flipped": flipped, "moved": moved, "doubled": doubled, "swapped": swapped, "unclosed": unclosed,
    "other": octets,
}  # fmt: skip
