"""Lists of quotes, newest first, in pages that stay as they are while new quotes come in.

A page is read by walking an index from the newest quote on: that of a filter whose index has this order, else that
of all quotes. A filter without such an index that few quotes meet would make the walk long: it is looked up first,
and only the few quotes are read. To find out whether they are few, no more than those few are looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, or_, select, true, union_all

from fee_service import quote_number
from fee_service.company_name import words
from fee_service.quote_status import QuoteStatus
from fee_service.spelling import one_width
from fee_service.storage import business_numbers, company_names
from fee_service.storage.business_numbers import SHORTEST_PART
from fee_service.storage.quotes import first_position_of, number_of
from fee_service.storage.tables import (
    business_number_terms,
    company_name_terms,
    contract_products,
    contract_states,
    contracts,
    numbers,
    quote_states,
    quotes,
)
from fee_service.storage.tables import company_names as names

FEW = 3000  # quotes that are looked up rather than met on a walk
BEGINNING = re.compile(r"(?:Q-)?(\d{4}-\d{0,7})|Q-(\d{0,4})", re.ASCII)  # of a quote's number

BY_VALIDITY = (QuoteStatus.ISSUED, QuoteStatus.EXPIRED)  # kept alike, told apart by the last day of validity

Condition = ColumnElement[bool]
Positions = Select[tuple[int]]

_VALIDITY = select(
    select(func.min(quotes.c.validity_days)).scalar_subquery(),
    select(func.max(quotes.c.validity_days)).scalar_subquery(),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which quotes to list; None is any. `company` and `text` are parts of names; days are inclusive."""

    owner: str | None = None
    company: str | None = None
    business_number: str | None = None
    status: QuoteStatus | None = None
    issued_from: date | None = None
    issued_to: date | None = None
    starts_from: date | None = None
    starts_to: date | None = None
    policy: str | None = None
    text: str | None = None
    contracts: bool = False  # only accepted quotes; the filters below are of them, as their events leave them
    product: str | None = None
    active_on: date | None = None
    waiver_ends_from: date | None = None
    waiver_ends_to: date | None = None


class Listed(NamedTuple):
    """What a list shows of a quote, as a JSON object without its status; and how it stands today."""

    position: int
    shown: str
    status: QuoteStatus


class _Span(NamedTuple):
    """Positions from `low` up to, not including, `high`; None is no bound."""

    low: int | None
    high: int | None

    def holds(self, position: Any) -> Iterator[Condition]:
        if self.low is not None:
            yield position >= self.low
        if self.high is not None:
            yield position < self.high


class _Filter(NamedTuple):
    """A filter as a condition on what was found, and as look-ups by an index; None where many quotes meet it.

    `walks` where that index has the order of the walk; there is one look-up then.
    """

    condition: Condition
    lookups: tuple[Positions, ...] | None
    position: Any = quotes.c.position
    walks: bool = True
    also: tuple[Any, ...] = ()  # positions of further tables that the condition speaks of

    def speaks_of(self, position: Any) -> bool:
        """Whether it is a condition on the table with that position."""
        return any(each is position for each in (self.position, *self.also))

    def looked_up(self, span: _Span, most: int | None = None) -> Positions:
        """The positions of the quotes that meet it, found without a walk; some may stand twice.

        Only an index that has the order of the walk knows the span: along any other, those outside of it are met too.
        """
        bound = tuple(span.holds(self.position)) if self.walks else ()
        bounded = [lookup.where(*bound).limit(most) for lookup in self.lookups or ()]
        return bounded[0] if len(bounded) == 1 else _all_of(bounded)


def _all_of(selects: Sequence[Positions]) -> Positions:
    parts = [select(each.subquery().c.position) for each in selects]  # SQLite limits no part of a union
    return select(union_all(*parts).subquery().c.position)


def page(connection: Connection, wanted: Wanted, today: date, before: int | None, limit: int) -> Sequence[Listed]:
    """Up to `limit` quotes that stand before a position, newest first."""
    span = _span(connection, wanted, today, before)
    filters = list(_filters(connection, wanted))
    search = _Search(connection, filters, tuple(_validity_of(wanted, today)), span, today, limit)
    if [each.walks for each in filters] == [True]:
        return search.walk_along(filters[0])
    few = search.few()
    if few is not None:
        return search.walk_along(few) if few.walks else search.look_up(few)
    walking = next((each for each in filters if each.walks), None)
    return search.walk() if walking is None else search.walk_along(walking)


@dataclass(frozen=True, slots=True)
class _Search:
    """One page's filters, and the ways to find what meets them."""

    connection: Connection
    filters: list[_Filter]
    validity: tuple[Condition, ...]
    span: _Span
    today: date
    limit: int

    def walk(self) -> Sequence[Listed]:
        """From the newest quote on, until the page is full."""
        return self._page(select(quotes.c.position).where(*self.span.holds(quotes.c.position)), quotes.c.position)

    def walk_along(self, walking: _Filter) -> Sequence[Listed]:
        """From the newest quote on that meets one of the filters."""
        return self._page(walking.looked_up(self.span), walking.position, walking)

    def look_up(self, few: _Filter) -> Sequence[Listed]:
        """Among the quotes that meet one of the filters."""
        walked = few.looked_up(self.span).distinct().cte("few").prefix_with("MATERIALIZED").c.position
        return self._page(select(walked).where(*self.span.holds(walked)), walked, few)

    def few(self) -> _Filter | None:
        """The first filter that few quotes of the span meet; None where there is none."""
        for each in self.filters:
            if each.lookups is None:
                continue
            some = each.looked_up(self.span, FEW + 1).subquery()
            if self.connection.execute(select(func.count()).select_from(some)).scalar_one() <= FEW:
                return each
        return None

    def _page(self, found: Positions, walked: Any, met: _Filter | None = None) -> Sequence[Listed]:
        """The newest of what was found that meets all other filters; every table is bound to the span."""
        others = [each for each in self.filters if each is not met]
        for position in (quotes.c.position, quote_states.c.position, contract_states.c.position):
            needed = any(each.speaks_of(position) for each in others)
            if walked is not position and (needed or (position is quotes.c.position and self.validity)):
                found = found.where(position == walked, *self.span.holds(position))
        found = found.where(*(each.condition for each in others), *self.validity)
        chosen = found.order_by(walked.desc()).limit(self.limit).subquery()
        rows = self.connection.execute(_listed(chosen.c.position, self.today))
        return [Listed(row.position, row.listed, QuoteStatus(row.status)) for row in rows]


def _listed(position: Any, today: date) -> Select[Any]:
    """What a list shows of the chosen quotes; these alone are read whole."""
    over = (quote_states.c.status == QuoteStatus.ISSUED) & (quotes.c.valid_until < today)
    status = case((over, QuoteStatus.EXPIRED.value), else_=quote_states.c.status).label("status")
    return (
        select(quotes.c.position, quotes.c.listed, status)
        .where(quotes.c.position == position, quote_states.c.position == position)
        .order_by(position.desc())
    )


# -- days ----------------------------------------------------------------------------------------------


def _span(connection: Connection, wanted: Wanted, today: date, before: int | None) -> _Span:
    """Positions begin with the day of issue, so that days of issue bound the walk."""
    lows, highs = [], [] if before is None else [before]
    if wanted.issued_from is not None:
        lows.append(first_position_of(wanted.issued_from))
    if wanted.issued_to is not None:
        highs.append(first_position_of(wanted.issued_to + timedelta(days=1)))
    if wanted.status in BY_VALIDITY:
        shortest, longest = connection.execute(_VALIDITY).one()
        if shortest is not None and wanted.status == QuoteStatus.ISSUED:
            lows.append(first_position_of(today - timedelta(days=longest)))
        elif shortest is not None:
            highs.append(first_position_of(today - timedelta(days=shortest)))
    return _Span(max(lows, default=None), min(highs, default=None))


def _validity_of(wanted: Wanted, today: date) -> Iterator[Condition]:
    if wanted.status == QuoteStatus.ISSUED:
        yield quotes.c.valid_until >= today
    elif wanted.status == QuoteStatus.EXPIRED:
        yield quotes.c.valid_until < today


# -- filters, the more selective first -----------------------------------------------------------------


def _filters(connection: Connection, wanted: Wanted) -> Iterator[_Filter]:
    column = partial(_column, connection.dialect.name)
    if wanted.text is not None:
        yield _text(connection, wanted.text)
    if wanted.company is not None:
        yield _company(connection, wanted.company)
    if wanted.business_number is not None:
        yield column(quotes.c.business_number, wanted.business_number)
    if wanted.starts_from is not None or wanted.starts_to is not None:
        lookup = select(quotes.c.position).where(*_starts(wanted, quotes.c.starts_on))
        checked = _checked(connection.dialect.name, quotes.c.starts_on)
        yield _Filter(and_(*_starts(wanted, checked)), (lookup,), walks=False)
    yield from _of_contracts(wanted)
    if wanted.owner is not None:
        yield column(quotes.c.owner, wanted.owner)
    if wanted.policy is not None:
        yield column(quotes.c.policy, wanted.policy)
    if wanted.status is not None:
        status = QuoteStatus.ISSUED if wanted.status == QuoteStatus.EXPIRED else wanted.status
        yield column(quote_states.c.status, status, quote_states.c.position)


def _of_contracts(wanted: Wanted) -> Iterator[_Filter]:
    """On a walk no index of days is of use: PostgreSQL is told so as well, which else reads all that meet one."""
    state, checked = contract_states.c, partial(_checked, "any")
    if wanted.waiver_ends_from is not None or wanted.waiver_ends_to is not None:
        lookup = select(state.position).where(*_waiver_ends(wanted, state.waiver_ends_on))
        holds = and_(*_waiver_ends(wanted, checked(state.waiver_ends_on)))
        yield _Filter(holds, (lookup,), state.position, walks=False)
    if wanted.active_on is not None:
        day, ends = wanted.active_on, checked(state.ends_on)
        started = select(contracts.c.position).where(contracts.c.starts_on <= day)
        yield _Filter(checked(quotes.c.starts_on) <= day, (started,), walks=False)
        last_days = (state.ends_on >= day, state.ends_on.is_(None))
        goes_on = tuple(select(state.position).where(each) for each in last_days)
        yield _Filter(or_(ends.is_(None), ends >= day), goes_on, state.position, walks=False)
    if wanted.product is not None:
        named, position = contract_products.c.product == wanted.product, contract_products.c.position
        own = select(position).where(named, position == quotes.c.position).scalar_subquery()
        yield _Filter(own.is_not(None), (select(position).where(named),), position, also=(quotes.c.position,))
    if wanted.contracts:
        yield _Filter(true(), (select(state.position),), state.position)


def _waiver_ends(wanted: Wanted, ends_on: Any) -> Iterator[Condition]:
    if wanted.waiver_ends_from is not None:
        yield ends_on >= wanted.waiver_ends_from
    if wanted.waiver_ends_to is not None:
        yield ends_on <= wanted.waiver_ends_to


def _column(dialect: str, column: Any, value: str, position: Any = quotes.c.position) -> _Filter:
    """A column with an index of its values and their positions."""
    return _Filter(_checked(dialect, column) == value, (select(position).where(column == value),), position)


def _checked(dialect: str, column: Any) -> Any:
    """A column that is checked on a walk along another index than its own.

    PostgreSQL knows how many quotes have a value and chooses well; SQLite has to be told.
    """
    return column if dialect == "postgresql" else func.coalesce(column, column)


def _starts(wanted: Wanted, starts_on: Any) -> Iterator[Condition]:
    if wanted.starts_from is not None:
        yield starts_on >= wanted.starts_from
    if wanted.starts_to is not None:
        yield starts_on <= wanted.starts_to


def _company(connection: Connection, part: str) -> _Filter:
    """Words of a company's name: met on the walk by reading names, looked up by the terms of the names."""
    them = words(part)
    # as a value: PostgreSQL may answer EXISTS by reading all names
    name = select(names.c.searched).where(names.c.id == quotes.c.company_name_id).scalar_subquery()
    has_them = and_(*(name.contains(word, autoescape=True) for word in them))
    for word in them:
        found = select(company_name_terms.c.company_name_id).where(*company_names.begins(word))
        if _are_few(connection, found):
            if len(them) > 1 or len(word) > company_names.LONGEST_TERM:
                all_of_them = (names.c.searched.contains(each, autoescape=True) for each in them)
                found = found.join(names, names.c.id == company_name_terms.c.company_name_id).where(*all_of_them)
            return _Filter(
                has_them, (select(quotes.c.position).where(quotes.c.company_name_id.in_(found)),), walks=False
            )
    return _Filter(has_them, None, walks=False)


def _are_few(connection: Connection, found: Select[Any]) -> bool:
    """Whether few names or numbers have a part."""
    some = found.limit(FEW + 1).subquery()
    return connection.execute(select(func.count()).select_from(some)).scalar_one() <= FEW


def _text(connection: Connection, text: str) -> _Filter:
    """Part of a company's name, of its business number, or of a quote's number."""
    any_of = [_company(connection, text), *_numbers(connection, _with_hyphens(text))]
    lookups = [each.lookups for each in any_of]
    together = None if None in lookups else tuple(lookup for some in lookups for lookup in some or ())
    return _Filter(or_(*(each.condition for each in any_of)), together, walks=False)


def _with_hyphens(text: str) -> str:
    """A number in signs of a plain keyboard, with hyphens where spaces or other dashes divide it."""
    return quote_number.read(text) or re.sub(" ?- ?| +", "-", one_width(text))


def _numbers(connection: Connection, text: str) -> Iterator[_Filter]:
    """What digits may mean: each as a condition on what was found, and as a look-up by an index."""
    beginning = BEGINNING.fullmatch(text.upper())
    if beginning is not None:
        yield _number(_begins(f"Q-{beginning[1] or beginning[2] or ''}"))
    digits = text.replace("-", "")
    if not (digits.isascii() and digits.isdigit()):
        return
    if "-" not in text and len(digits) <= 7:
        years = connection.execute(select(numbers.c.year)).scalars().all()
        yield _number(quotes.c.number.in_([number_of(year, int(digits)) for year in years]))
        if len(digits) >= SHORTEST_PART:
            yield _number(or_(*(_begins(f"Q-{year:04d}-{digits}") for year in years)))
    if SHORTEST_PART <= len(digits) <= business_numbers.DIGITS:
        found = select(business_number_terms.c.business_number).where(*business_numbers.begins(digits))
        lookup = select(quotes.c.position).where(quotes.c.business_number.in_(found))
        yield _Filter(business_numbers.holds(digits), (lookup,) if _are_few(connection, found) else None, walks=False)


def _number(condition: Condition) -> _Filter:
    return _Filter(condition, (select(quotes.c.position).where(condition),), walks=False)


def _begins(part: str) -> Condition:
    """Numbers of quotes that begin with something."""
    return and_(quotes.c.number >= part, quotes.c.number < part + "\U0010ffff")
