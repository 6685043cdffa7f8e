"""Reports as somebody asks for them to be kept, from a JSON body or from the rows of a file, each with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from fee_service.errors import Fault
from fee_service.periods import Period, first_of_month_after


class Place(NamedTuple):
    """Where something was written: a JSON Pointer, and the row of a file as people count it."""

    pointer: str = ""
    row: int | None = None

    def fault(self, code: str, field: str, **params: Any) -> Fault:
        """What is wrong with a field there."""
        at = {} if self.row is None else {"row": self.row, "column": field}
        return Fault(code, f"{self.pointer}/{field}", {**params, **at})


class AskedUse(NamedTuple):
    """The use of one product; None where a count is left open, which counts as none where there is no such fee."""

    product: str
    standard_ids: int | None
    personal_ids: int | None
    queries: int | None
    place: Place

    @property
    def counts(self) -> tuple[int | None, int | None, int | None]:
        return self.standard_ids, self.personal_ids, self.queries


class AskedReport(NamedTuple):
    """The use of a contract in a month."""

    contract: str  # as it was written
    month: date  # its first day
    reported_on: date
    corrects: str | None
    used: Sequence[AskedUse]
    places: Sequence[Place] = (Place(),)  # all rows of a file that it stands in

    def faults(self, code: str, field: str, **params: Any) -> Iterator[Fault]:
        """What is wrong with it as a whole, said of each of its rows."""
        return (place.fault(code, field, **params) for place in self.places)

    @property
    def days(self) -> Period:
        """Those of the month."""
        return Period(self.month, first_of_month_after(self.month, 1))


def from_json(values: Mapping[str, Any], today: date) -> AskedReport:
    """The report that a body stands for, as its schema read it without a fault."""
    reported_on = values.get("reported_on") or today
    used = used_in(values["usage"])
    return AskedReport(values["contract"], values["month"], reported_on, values.get("corrects"), used)


def used_in(given: Sequence[Mapping[str, Any]], at: str = "") -> list[AskedUse]:
    """The use of products as a body's schema read it."""
    return [
        AskedUse(
            each["product"],
            each.get("standard_ids", 0),
            each.get("personal_ids", 0),
            each.get("queries", 0),
            Place(f"{at}/usage/{number}"),
        )
        for number, each in enumerate(given)
    ]
