"""Names of companies, folded, and every ending of each, so that a part of a name is found by an index."""

from __future__ import annotations

from collections.abc import Set

from sqlalchemy import ColumnElement, Connection, bindparam, insert, select

from fee_service.company_name import searched
from fee_service.storage.tables import company_name_terms, company_names

LONGEST_TERM = 20
_LAST_CHARACTER = "\U0010ffff"

_IDS = select(company_names.c.folded, company_names.c.id).where(
    company_names.c.folded.in_(bindparam("folded", expanding=True))
)
_INSERT = insert(company_names).returning(company_names.c.id)
_INSERT_TERMS = insert(company_name_terms)


def ids_of(connection: Connection, folded_names: Set[str]) -> dict[str, int]:
    """The ids of folded names, which are entered where they are new (inside `Database.write`)."""
    if not folded_names:
        return {}
    ids = {row.folded: row.id for row in connection.execute(_IDS, {"folded": sorted(folded_names)})}
    for name in sorted(folded_names - ids.keys()):
        looked_for = searched(name)
        ids[name] = new = connection.execute(_INSERT, {"folded": name, "searched": looked_for}).scalar_one()
        connection.execute(_INSERT_TERMS, [{"term": term, "company_name_id": new} for term in terms(looked_for)])
    return ids


def terms(name: str) -> list[str]:
    """The endings of a name as it is searched, each cut to the length that is looked up."""
    endings = (name[start : start + LONGEST_TERM] for start in range(len(name)))
    return list(dict.fromkeys(endings))


def begins(part: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The conditions of terms that begin with a word of a search, as far as terms reach."""
    beginning, term = part[:LONGEST_TERM], company_name_terms.c.term
    return term >= beginning, term < beginning + _LAST_CHARACTER
