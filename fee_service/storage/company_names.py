"""Names of companies, folded, and every ending of each, so that a part of a name is found by an index."""

from __future__ import annotations

import unicodedata
from collections.abc import Set

from sqlalchemy import ColumnElement, Connection, bindparam, insert, select

from fee_service.storage.tables import company_name_terms, company_names

LONGEST_TERM = 20
_LAST_CHARACTER = "\U0010ffff"

_IDS = select(company_names.c.folded, company_names.c.id).where(
    company_names.c.folded.in_(bindparam("folded", expanding=True))
)
_INSERT = insert(company_names).returning(company_names.c.id)
_INSERT_TERMS = insert(company_name_terms)


def folded(name: str) -> str:
    """A name as it is compared: width, case and spaces do not matter (㈜ is (주))."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def ids_of(connection: Connection, folded_names: Set[str]) -> dict[str, int]:
    """The ids of folded names, which are entered where they are new (inside `Database.write`)."""
    if not folded_names:
        return {}
    ids = {row.folded: row.id for row in connection.execute(_IDS, {"folded": sorted(folded_names)})}
    for name in sorted(folded_names - ids.keys()):
        ids[name] = new = connection.execute(_INSERT, {"folded": name}).scalar_one()
        connection.execute(_INSERT_TERMS, [{"term": term, "company_name_id": new} for term in terms(name)])
    return ids


def terms(name: str) -> list[str]:
    """The endings of a folded name, each cut to the length that is looked up."""
    endings = (name[start : start + LONGEST_TERM] for start in range(len(name)) if name[start] != " ")
    return list(dict.fromkeys(endings))


def begins(part: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The conditions of terms that begin with a folded part, as far as terms reach."""
    beginning, term = part[:LONGEST_TERM], company_name_terms.c.term
    return term >= beginning, term < beginning + _LAST_CHARACTER
