"""Who acts: the API key behind a call, and what its role may see."""

from __future__ import annotations

from typing import NamedTuple

ROLES = ("portal", "sales", "finance", "admin")


class Actor(NamedTuple):
    """An API key (or the command line) by its id, and its role."""

    key_id: str
    role: str

    @property
    def owner(self) -> str | None:
        """Whose quotes alone the actor sees; None where it sees all of them."""
        return self.key_id if self.role == "portal" else None


COMMAND_LINE = Actor("command-line", "admin")
