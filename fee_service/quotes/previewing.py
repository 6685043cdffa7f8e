"""The one way to a quote: preview, comparison, eligibility, issue, page and command line all go through here.

Whoever asks hands in the waiver ledger, so that no two answers to one request can differ by what they know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from fee_service.answers.quote import Comparison, EligibilityAnswer
from fee_service.errors import Fault, FeeError
from fee_service.glyphs import code_point, missing
from fee_service.intake.quote_request import understand, understand_company
from fee_service.model import EarlierWaiver, QuoteRequest, Text
from fee_service.operations import stopwatch
from fee_service.published.editions import Editions
from fee_service.rules.advice import advised
from fee_service.rules.deciding import decide
from fee_service.rules.notices import notice
from fee_service.rules.prior_use import exceeds, with_earlier_waivers
from fee_service.rules.quoting import Quote, quote
from fee_service.rules.resolving import Resolved, ResolvedCompany

Ledger = Callable[[str], Sequence[EarlierWaiver]]  # the waivers of a company's accepted contracts, by business number


class Loaded(Protocol):
    """A body as its schema read it: what was valid, and every fault."""

    @property
    def values(self) -> Mapping[str, Any]: ...
    @property
    def faults(self) -> Sequence[Fault]: ...


AskedOf = TypeVar("AskedOf", bound=ResolvedCompany)


class Counted(NamedTuple, Generic[AskedOf]):
    """A request with the earlier waivers that the ledger knows: all of them, and those counted in."""

    asked: AskedOf
    known: Sequence[EarlierWaiver] = ()
    found: Sequence[EarlierWaiver] = ()


class Tried(NamedTuple):
    """Requests side by side, as far as each can be quoted, and the faults of each request in their order."""

    comparison: Comparison
    faults: tuple[Sequence[Fault], ...]


def nothing_known(_business_number: str) -> Sequence[EarlierWaiver]:
    """The ledger of who keeps none: examples, benchmarks, a command line without a database."""
    return ()


def business_number_of(loaded: Loaded) -> str | None:
    """The company's business number as the ledger writes it; None where there is none, or a wrong one."""
    number: str | None = (loaded.values.get("company") or {}).get("business_number")
    return number


def preview(loaded: Loaded, editions: Editions, today: date, ledger: Ledger) -> Quote:
    """The quote for a request; nothing is stored. Raises FeeError, and what the ledger raises."""
    return quoted(counted_in(understand(loaded.values, loaded.faults, editions, today), ledger), today)


def compare(loaded: Loaded, editions: Editions, today: date, ledger: Ledger) -> Comparison:
    """The quotes for several requests, in their order. Raises FeeError with the faults of all of them."""
    given = loaded.values.get("requests") or ()
    faults = [fault for fault in loaded.faults if not _of_request(fault)]
    requests = []
    for index, values in enumerate(given):
        own = [fault for fault in loaded.faults if _of_request(fault) == str(index)]
        try:
            requests.append(understand(values or {}, own, editions, today, at=("requests", index)))
        except FeeError as error:
            faults += error.faults
    if faults:
        raise FeeError(faults)
    labels = tuple(loaded.values.get("labels") or (str(number + 1) for number in range(len(requests))))
    once = cache(ledger)  # one company, read once: all its quotes know the same
    return Comparison(labels, tuple(quoted(counted_in(request, once), today) for request in requests))


def compare_each(asked: Sequence[tuple[str, Loaded]], editions: Editions, today: date, ledger: Ledger) -> Tried:
    """The quotes for labelled requests, each by itself: what is wrong with one keeps no other from its quote."""
    once = cache(ledger)
    made: list[tuple[str, Quote]] = []
    faults: list[Sequence[Fault]] = []
    for label, loaded in asked:
        try:
            made.append((label, preview(loaded, editions, today, once)))
            faults.append(())
        except FeeError as error:
            faults.append(error.faults)
    comparison = Comparison(tuple(label for label, _ in made), tuple(each for _, each in made))
    return Tried(comparison, tuple(faults))


def _of_request(fault: Fault) -> str | None:
    """The index of the request of a comparison that a fault belongs to."""
    parts = fault.pointer.split("/")
    return parts[2] if len(parts) > 2 and parts[1] == "requests" else None


def check_eligibility(loaded: Loaded, editions: Editions, today: date, ledger: Ledger) -> EligibilityAnswer:
    """Whether a company may use the platform, and the waiver that a quote for it would get. Raises FeeError."""
    asked, _, found = counted_in(understand_company(loaded.values, loaded.faults, editions, today), ledger)
    return EligibilityAnswer(asked.request, decide(asked), found)


def counted_in(asked: AskedOf, ledger: Ledger) -> Counted[AskedOf]:
    """An understood request with the waiver time that the company has used before, whatever it stated."""
    number = asked.request.company.business_number
    known = ledger(number) if number is not None else ()
    if not known:
        return Counted(asked)
    request, found = with_earlier_waivers(asked.request, known)
    return Counted(replace(asked, request=request), known, found)


def quoted(counted: Counted[Resolved], today: date) -> Quote:
    """The quote for a request, as it is said today; how long it took is measured."""
    made = stopwatch.rating(lambda: advised(quote(counted.asked)))
    said = (*_of_the_day(made, today), *_of_the_ledger(made, counted), *_of_the_name(made.request))
    notices = [notice(text) for text in said]
    return replace(made, prior_found=tuple(counted.found), notices=(*notices, *made.notices)) if notices else made


def _of_the_day(made: Quote, today: date) -> Iterator[Text]:
    """That a contract would have begun before it is quoted."""
    if made.request.starts_on < today:
        yield Text("start_in_the_past", {"start": made.request.starts_on, "today": today})


def _of_the_ledger(made: Quote, counted: Counted[Resolved]) -> Iterator[Text]:
    """What the ledger added to a request, and what of it will keep the quote from being accepted."""
    if counted.found:
        yield Text("prior_waiver_found", {"quotes": numbers(counted.found)})
    if counted.known and made.policy and made.waiver.period:
        own = made.waiver.period.overlap(made.asked.horizon)
        if exceeds((own, *made.request.prior_waiver, *(each.period for each in counted.known)), made.policy.months):
            params = {"quotes": numbers(counted.known), "months": made.policy.months}
            yield Text("waiver_used_by_later_contract", params)


def _of_the_name(request: QuoteRequest) -> Iterator[Text]:
    """What of the company's name the printed quote cannot show."""
    letters = missing(request.company.name or "")
    if letters:
        yield Text("name_not_printable", {"letters": " ".join(letters), "codes": ", ".join(map(code_point, letters))})


def numbers(earlier: Sequence[EarlierWaiver]) -> tuple[str, ...]:
    """The quotes behind earlier waivers, each once."""
    return tuple(dict.fromkeys(waiver.quote for waiver in earlier))
