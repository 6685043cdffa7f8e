"""Where in a result a row stands, and as a number, of which cursors are made."""

from __future__ import annotations

from typing import NamedTuple

ROWS = 32  # bits of a position that are its row


class Place(NamedTuple):
    """A row of a result by its chunk and its row there, from 0."""

    chunk: int = 0
    row: int = 0

    @property
    def position(self) -> int:
        return self.chunk << ROWS | self.row

    @classmethod
    def at(cls, position: int) -> Place:
        return cls(position >> ROWS, position & (1 << ROWS) - 1)


START = Place()
