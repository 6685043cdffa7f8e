"""Who acts: the API key behind a call, and what its role may see."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Role(StrEnum):
    """What a key is for; each may what the one before it may, and more (fee_service/permissions.py).

    But the use of contracts is none of the sales team's business.
    """

    PORTAL = "portal"
    SALES = "sales"
    FINANCE = "finance"
    ADMIN = "admin"

    @property
    def sees_its_own_alone(self) -> bool:
        """Whether quotes of other keys are hidden from it."""
        return self is Role.PORTAL


class Actor(NamedTuple):
    """An API key (or the command line) by its id, and its role."""

    key_id: str
    role: Role

    @property
    def owner(self) -> str | None:
        """Whose quotes alone the actor sees; None where it sees all of them."""
        return self.key_id if self.role.sees_its_own_alone else None


COMMAND_LINE = Actor("command-line", Role.ADMIN)
