"""One line of the results."""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """`reached` is None where nothing was promised, or where it could not be measured here."""

    what: str
    measured: str
    wanted: str
    reached: bool | None
    how: str

    def markdown(self) -> str:
        verdict = {True: "yes", False: "**no**", None: "–"}[self.reached]
        return f"| {self.what} | {self.measured} | {self.wanted} | {verdict} | {self.how} |"


def unmeasured(what: str, wanted: str, why: str) -> Row:
    """What could not be measured on this machine, and why."""
    return Row(what, "not measured", wanted, None, why)
