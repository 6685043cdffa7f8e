"""What is wrong with a row, in full: by the checks that every request for a quote goes through, in its own words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from fee_service.errors import Fault, FeeError
from fee_service.intake.quote_request import understand
from fee_service.published.editions import Editions, ListSpan
from fee_service.rules.lines import offers
from fee_service.rules.resolving import Resolved
from schemas import load
from schemas.bulk import LicenceRowSchema
from schemas.quote import QuoteRequestSchema

NEEDED = ("contract", "founded_on", "size", "starts_on", "agreement", "product")
OWN = ("contract", "prior_months", "prior_days")
OF_THE_LICENCE = ("options", "affiliate_extension", "reception_sets", "disaster_recovery_sets")
OF_THE_REQUEST = ("starts_on", "ends_on", "channel", "waiver_policy", "api_calls_per_month")
MOST_TOLD = 1000  # rows whose faults are told one by one


class RowFault(NamedTuple):
    """A fault with the row that has it; its pointer names the column."""

    row: int
    fault: Fault


class BadRows(Exception):
    """Rows that cannot be rated: the first ones with every reason, of further ones the numbers."""

    def __init__(self, faults: Sequence[RowFault], further: Sequence[int] = ()) -> None:
        self.faults, self.further = tuple(faults), tuple(further)
        super().__init__(f"{len({fault.row for fault in faults}) + len(further)} rows with faults")

    def __reduce__(self) -> tuple[type[BadRows], tuple[Sequence[RowFault], Sequence[int]]]:
        """How it comes from a worker of a cluster."""
        return BadRows, (self.faults, self.further)


def row_faults(
    values: Mapping[str, Any], editions: Editions, lists: Sequence[ListSpan] | None, months: int
) -> Iterator[Fault]:
    """Every fault of a row; `values` as a request writes them, None where a cell is empty.

    `lists` are those of its horizon of so many months; None where a day of it has none.
    """
    given = {name: value for name, value in values.items() if value is not None}
    missing = [Fault("missing_field", f"/{name}", {"field": name}) for name in NEEDED if name not in given]
    found = list(load(LicenceRowSchema, {name: given[name] for name in OWN if name in given}).faults)
    try:
        asked = _understood(given, editions)
        found += _later(asked, lists, months)
    except FeeError as error:
        found += error.faults
    yield from missing
    for fault in found:
        if fault.code != "missing_field":
            yield fault._replace(pointer=f"/{_column(fault.pointer)}")


def _understood(given: Mapping[str, Any], editions: Editions) -> Resolved:
    """A row as a request for a quote of one month. Raises FeeError."""
    loaded = load(QuoteRequestSchema, request_of(given))
    if "starts_on" not in given:  # a request starts today then, a row says nothing
        loaded.faults.append(Fault("missing_field", "/starts_on"))
    return understand(loaded.values, loaded.faults, editions, editions.price_lists[-1].valid_from)


def request_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """The request for a quote that a row of a contract stands for, of one month."""

    def some(*names: str) -> dict[str, Any]:
        return {name: given[name] for name in names if name in given}

    licence = {"contract": given.get("agreement"), **some("product", *OF_THE_LICENCE)}
    if "agreement" not in given:
        del licence["contract"]
    usage = some("standard_ids", "personal_ids", "queries")
    company = some("founded_on", "size", "qualification")
    licences = [{**licence, **({"usage": usage} if usage else {})}]
    return {"company": company, "licences": licences, "months": 1, **some(*OF_THE_REQUEST)}


def _later(asked: Resolved, lists: Sequence[ListSpan] | None, months: int) -> Iterator[Fault]:
    """What a later list of the horizon does not offer; a horizon with days that no list covers."""
    request = asked.request
    if lists is None:
        yield Fault("price_list_ends", "/ends_on", {"start": request.starts_on, "months": months})
    for span, price_list in (lists or ())[1:]:
        if not all(offers(price_list, licence, request.channel) for licence in request.licences):
            product = request.licences[0].product
            yield Fault("not_in_price_list", "/product", {"product": product, "id": price_list.id, "on": span.start})


def _column(pointer: str) -> str:
    """The column that a place in a request is from."""
    if pointer == "/licences/0/contract":
        return "agreement"
    names = [part for part in pointer.split("/")[1:] if not part.isdigit()]
    name = names[-1] if names else "licences"
    return {"licences": "product", "months": "ends_on", "usage": "queries", "company": "size"}.get(name, name)
