"""Parts of business numbers: every ending of the ten digits, so that a part is found by an index."""

from __future__ import annotations

from collections.abc import Set

from sqlalchemy import ColumnElement, Connection, bindparam, func, insert, select

from fee_service.storage.tables import business_number_terms, quotes

DIGITS = 10
SHORTEST_PART = 3  # digits: what the parts between the hyphens have is 3, 2 and 5
_AFTER_DIGITS = ":"  # stands behind 9

_KNOWN = select(business_number_terms.c.business_number).where(
    business_number_terms.c.term.in_(bindparam("whole", expanding=True))
)
_INSERT = insert(business_number_terms)


def enter(connection: Connection, business_numbers: Set[str]) -> None:
    """Make numbers, as they are printed, known by their parts (inside `Database.write`)."""
    if not business_numbers:
        return
    known = connection.execute(_KNOWN, {"whole": [digits_of(number) for number in sorted(business_numbers)]}).scalars()
    new = sorted(business_numbers - set(known))
    rows = [{"term": term, "business_number": number} for number in new for term in terms(number)]
    if rows:
        connection.execute(_INSERT, rows)


def digits_of(number: str) -> str:
    """A number without its hyphens."""
    return number.replace("-", "")


def terms(number: str) -> list[str]:
    """The endings of a number that are looked up."""
    digits = digits_of(number)
    return [digits[start:] for start in range(len(digits) - SHORTEST_PART + 1)]


def begins(part: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The conditions of terms that begin with some digits."""
    term = business_number_terms.c.term
    return term >= part, term < part + _AFTER_DIGITS


def holds(part: str) -> ColumnElement[bool]:
    """The condition of quotes whose business number has some digits, one behind the other."""
    return func.replace(quotes.c.business_number, "-", "").contains(part)
