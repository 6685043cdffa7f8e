"""How tests ask the core itself: requests as values, quotes as values; no application, no file, no clock."""

from dataclasses import replace
from datetime import date
from typing import Any

from fee_service.model import Company, CompanySize, Condition, Label, Licence, Qualification, QuoteRequest, Text
from fee_service.periods import Period
from fee_service.prices import Cell, CellKind, Flat
from fee_service.published.catalogue import Api, ApiStatus, LicenceKey, Requested
from fee_service.published.editions import CellKey, Editions, ListSpan, PriceList
from fee_service.rules.advice import advised
from fee_service.rules.quoting import Quote, quote
from fee_service.rules.resolving import resolve
from fee_service.wording import in_language

LIST, FAQ, PLAN, TWELVE = (
    "market-data-2018-07-01",
    "open-api-faq-2018-12",
    "startup-support-2018-07",
    "startup-12-months",
)
A, B, C = "securities_a", "securities_b", "securities_c"
ROUND_START = date(2027, 1, 1)  # a start without a partly filled month


def day(text: str) -> date:
    """A day as it is written."""
    return date.fromisoformat(text)


def days(first: str, end: str) -> Period:
    """The days from the first up to, not including, the end."""
    return Period(day(first), day(end))


def licence(product: str = A, contract: str = "real_time", **of_it: Any) -> Licence:
    """A licence with the options that a request gets where it names none."""
    return Licence(contract, product, **({"options": ("retail",)} if contract == "real_time" else {}) | of_it)


def young(founded_on: str = "2025-01-01", **of_it: Any) -> Company:
    """A fintech SME that any policy waives."""
    known: dict[str, Any] = {"size": CompanySize.SME, "qualification": Qualification.FINTECH}
    return Company(day(founded_on), **known | of_it)


def large(founded_on: str = "2000-01-01", **of_it: Any) -> Company:
    """A company that no policy waives anything."""
    return Company(day(founded_on), **{"size": CompanySize.LARGE, "qualification": Qualification.FINTECH} | of_it)


def request(*licences: Licence, starts_on: date | str = ROUND_START, **of_it: Any) -> QuoteRequest:
    """A request as intake understands one; of a large company unless another is given."""
    start = day(starts_on) if isinstance(starts_on, str) else starts_on
    known: dict[str, Any] = {"company": large(), "months": 2}
    return QuoteRequest(starts_on=start, licences=licences, **known | of_it)


def quoted(editions: Editions, *licences: Licence, **of_it: Any) -> Quote:
    """The quote for such a request."""
    return made(request(*licences, **of_it), editions)


def made(asked: QuoteRequest, editions: Editions) -> Quote:
    """The quote for a request, with its notices."""
    return advised(quote(resolve(asked, editions)))


def changed(price_list: PriceList, cells: dict[tuple[str, str, str, str | None], Cell], **of_it: Any) -> PriceList:
    """A list with some cells replaced or added."""
    return replace(
        price_list, cells={**price_list.cells, **{CellKey(*key): cell for key, cell in cells.items()}}, **of_it
    )


def one_list(editions: Editions, price_list: PriceList) -> Editions:
    """The editions with this list alone."""
    return replace(editions, price_lists=(replace(price_list, supersedes=None),))


def flat(amount: int, **bounds: int) -> Cell:
    """A cell of one amount."""
    return Cell(CellKind.AMOUNT, Flat(amount), **bounds)


def spans(*parts: tuple[str, str, PriceList]) -> tuple[ListSpan, ...]:
    """Lists with the days on which each holds."""
    return tuple((days(first, end), price_list) for first, end, price_list in parts)


def wanting(asked: str, *keys: tuple[str, str]) -> Requested:
    """A requested API that any of these licences covers."""
    name = Label(asked, asked)
    covered = tuple(LicenceKey(*key) for key in keys)
    return Requested(
        asked,
        Api(asked, "licence", name, (), (), None, ApiStatus.PRICED, covered, None, None, None, (), False, "U", ()),
    )


def said(text: Text) -> str:
    """A sentence in English."""
    return in_language(text, "en")


def told(condition: Condition) -> tuple[str, bool, str, str]:
    """A condition as a person reads it."""
    return condition.code, condition.met, said(condition.text), condition.source


def notices(of: Quote) -> dict[str, Text]:
    """The notices of a quote by their codes."""
    return {notice.code: notice.text for notice in of.notices}
