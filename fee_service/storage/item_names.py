"""What texts on invoices are for, as it is kept: a version a supplier, each with all that holds from it on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, func, insert, select
from sqlalchemy.exc import IntegrityError

from fee_service.storage.seals import seal
from fee_service.storage.tables import item_names

_INSERT = insert(item_names)
_NEWEST = select(func.max(item_names.c.sequence)).group_by(item_names.c.supplier)
_CURRENT = select(item_names).where(item_names.c.sequence.in_(_NEWEST)).order_by(item_names.c.supplier)
_OF_SUPPLIER = (
    select(item_names)
    .where(item_names.c.supplier == bindparam("of"))
    .order_by(item_names.c.version.desc())
    .limit(bindparam("most"))
)


class Taken(Exception):
    """Somebody told the next version of a supplier at the same moment."""


class KeptNames(NamedTuple):
    """A version of what is told for a supplier; `names` is canonical JSON."""

    supplier: str
    version: int
    names: str
    entered_at: datetime
    entered_by: str

    @property
    def id(self) -> str:
        """Under which the audit log tells of it."""
        return f"{self.supplier}/{self.version}"

    @property
    def seal(self) -> str:
        """As the audit log tells it."""
        return seal(self._asdict(), self._fields)


def enter(connection: Connection, names: KeptNames) -> None:
    """Keep a version (inside `Database.write`). Raises Taken; then the transaction must not go on."""
    try:
        connection.execute(_INSERT, names._asdict())
    except IntegrityError as error:
        raise Taken from error


def of_supplier(connection: Connection, supplier: str, most: int = 1) -> Sequence[KeptNames]:
    """The versions of a supplier, the newest first."""
    return [_kept(row) for row in connection.execute(_OF_SUPPLIER, {"of": supplier, "most": most})]


def current(connection: Connection) -> Sequence[KeptNames]:
    """The newest version of every supplier, in the order of their numbers."""
    return [_kept(row) for row in connection.execute(_CURRENT)]


def sealed(connection: Connection) -> dict[str, str]:
    """The seal of every version as its row stands, in the order in which they were entered."""
    rows = connection.execute(select(item_names).order_by(item_names.c.sequence))
    return {kept.id: kept.seal for kept in map(_kept, rows)}


def _kept(row: Row[Any]) -> KeptNames:
    return KeptNames(*(row._mapping[name] for name in KeptNames._fields))
