"""Contracts: events as they are entered, the query of a list, and what is answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema

from fee_service.contract import EventKind, WithdrawalGround
from fee_service.errors import Fault
from schemas import kinds as a
from schemas.answers import ReadingSchema
from schemas.fields import INVALID, BusinessNumber, Day, Faults, Name, OneOf, StrictSchema, Words
from schemas.quote import LONGEST_ID, LONGEST_NAME, says
from schemas.stored import MOST_ON_A_PAGE, USUAL_ON_A_PAGE, ListedCompanySchema, WrittenWhole

LONGEST_REASON = 500
STATES = ("upcoming", "running", "ended")

# What an event of a kind needs, and what it may have beside its reason.
NEEDS: Mapping[EventKind, tuple[str, ...]] = {
    EventKind.ENDED: ("on",),
    EventKind.WAIVER_WITHDRAWN: ("on", "ground"),
    EventKind.ANNULLED: ("event",),
}


class ContractEventSchema(StrictSchema):
    """Something that happened to a contract; which fields it needs goes by its kind."""

    kind = OneOf(
        EventKind,
        required=True,
        metadata=says(
            "`ended`: `on` is the last contract day. `waiver_withdrawn`: nothing is waived from `on` on; needs a "
            "`ground`. `annulled`: takes the event named by `event` back; both stay visible."
        ),
    )
    on = Day(allow_none=True, metadata=says("The day, of an end and of a withdrawal.", examples=["2027-03-14"]))
    ground = OneOf(WithdrawalGround, allow_none=True, metadata=says("Why a waiver is withdrawn."))
    event = Words(LONGEST_ID, allow_none=True, metadata=says("Id of the event that is taken back."))
    reason = Name(LONGEST_REASON, allow_none=True, metadata=says("What is to be remembered of it."))

    def read(self, data: object, place: str, faults: Faults) -> Any:
        """Each kind has its own fields, no other and none left out."""
        values = super().read(data, place, faults)
        if values is INVALID or "kind" not in values or not isinstance(data, dict):
            return values
        kind = values["kind"]
        for name in ("on", "ground", "event"):
            if name in NEEDS[kind] and data.get(name) is None:
                faults.append(Fault("missing_field", f"{place}/{name}", {"field": name}))
            elif name not in NEEDS[kind] and data.get(name) is not None:
                params = {"field": name, "kind": kind.value, "known": (*NEEDS[kind], "reason")}
                faults.append(Fault("field_not_of_event", f"{place}/{name}", params))
        return values


class ContractsQuerySchema(StrictSchema):
    """Which contracts to list, those quoted last first. Filters are combined with and; days are inclusive."""

    business_number = BusinessNumber(
        metadata=says("Business registration number, the whole of it, in any spelling.", examples=["124-81-00998"])
    )
    product = Words(LONGEST_ID, metadata=says("Only contracts for this product.", examples=["securities_a"]))
    active_on = Day(metadata=says("Only contracts that run on this day, as their events leave them."))
    waiver_ends_from = Day(metadata=says("The last waived day, as events leave it, is this day or later."))
    waiver_ends_to = Day(metadata=says("The last waived day, as events leave it, is this day or earlier."))
    text = Words(
        LONGEST_NAME,
        metadata=says(
            "Part of the company's name, a contract's number (whole, or without its year: `123`), "
            "or a business registration number."
        ),
    )
    limit = WrittenWhole(1, MOST_ON_A_PAGE, metadata=says("Contracts on the page.", default=USUAL_ON_A_PAGE))
    cursor = Words(100, metadata=says("`next_cursor` of the page before, with the same filters."))

    def read(self, data: object, place: str, faults: Faults) -> Any:
        """No range ends before it begins."""
        values = super().read(data, place, faults)
        if values is not INVALID:
            first, last = values.get("waiver_ends_from"), values.get("waiver_ends_to")
            if first and last and last < first:
                faults.append(Fault("range_reversed", f"{place}/waiver_ends_to", {"value": last, "start": first}))
        return values


# -- answers -------------------------------------------------------------------------------------------


class StandingWaiverSchema(Schema):
    """The waiver of a contract in a list, as its events leave it."""

    granted = a.flag("Whether the quote granted one.")
    policy = a.text(nullable=True)
    starts_on = a.day(nullable=True)
    ends_on = a.day("The last waived day; null where nothing is waived.", nullable=True)


class ListedContractSchema(Schema):
    """A contract in a list."""

    id = a.text()
    number = a.text()
    company = a.one(ListedCompanySchema)
    products = a.words("What it is for.")
    starts_on = a.day()
    ends_on = a.day("The last contract day, where one is known.", nullable=True)
    quoted_until = a.day("The last day that was quoted.")
    waiver = a.one(StandingWaiverSchema)


class ContractsSchema(Schema):
    """A page of contracts."""

    contracts = a.many(ListedContractSchema, "Those quoted last first.")
    next_cursor = a.text("Of the following page; null on the last one.", nullable=True)


class KeptEventSchema(Schema):
    """An event of a contract as it is kept."""

    id = a.text()
    kind = a.word(*EventKind)
    on = a.day(nullable=True)
    ground = a.word(*WithdrawalGround, nullable=True)
    reason = a.text(nullable=True)
    event = a.text("Of an annulment: the event that it takes back.", nullable=True)
    entered_at = a.text("UTC.")
    entered_by = a.text("The API key.")
    annulled_by = a.text("The event that took it back.", nullable=True)


class ContractWaiverSchema(StandingWaiverSchema):
    """The waiver of a contract as its events leave it, and why."""

    quoted_ends_on = a.day("The last waived day as quoted.", nullable=True)
    event = a.text("The event that ends it earlier than quoted.", nullable=True)
    text = a.text(a.PROSE)
    reading = a.one(ReadingSchema, "How its use is counted past the quoted days.", nullable=True)


class ContractYearSchema(Schema):
    """The year that a contract runs in (P1 §2.1, P2 §2.1)."""

    starts_on = a.day()
    ends_on = a.day("31 December, or the last contract day before it.")
    notice_open = a.flag("Whether notice that stops the next renewal can still be given.")
    source = a.text("Where it is written.")
    text = a.text(a.PROSE)
    reading = a.one(ReadingSchema, nullable=True)


class OwedDifferentlySchema(Schema):
    """Why what is owed differs from what was quoted."""

    code = a.text()
    since = a.day("From this day on.")
    event = a.text("The event that made it so.", nullable=True)
    text = a.text(a.PROSE)


class KeptContractSchema(Schema):
    """A contract: what was quoted, what happened to it, and how it stands."""

    id = a.text()
    number = a.text()
    accepted_at = a.text("UTC.")
    status = a.word(*STATES, says="Whether it runs today.")
    company = a.one(ListedCompanySchema)
    products = a.words("What it is for.")
    starts_on = a.day()
    ends_on = a.day("The last contract day, where one is known.", nullable=True)
    quoted_until = a.day("The last day that was quoted.")
    waiver = a.one(ContractWaiverSchema)
    term = a.one(ContractYearSchema, "The current year; of a contract that is over null.", nullable=True)
    next_renewal = a.day("Null where it ends before.", nullable=True)
    last_notice_on = a.day("The last day on which notice stops the next renewal.", nullable=True)
    events = a.many(KeptEventSchema, "In the order in which they were entered.")
    differences = a.many(OwedDifferentlySchema, "Why what is owed differs from what was quoted.")
    quote = a.anything("The facts that the quote's digest covers, as they were quoted.")


class EnteredEventSchema(KeptEventSchema):
    """An event that was entered, and the contract as it stands with it."""

    contract = a.text("The contract's number.")
    stands = a.one(KeptContractSchema)
