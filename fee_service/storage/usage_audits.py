"""Audits of the use as they are kept: what was found, and who bears the cost, as it was said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, insert, select

from fee_service.storage.seals import seal
from fee_service.storage.tables import usage_audits

_INSERT = insert(usage_audits)
_OF_CONTRACT = select(usage_audits).where(usage_audits.c.position == bindparam("of")).order_by(usage_audits.c.sequence)


class KeptAudit(NamedTuple):
    """An audit; `said` is its answer in each language, compressed."""

    id: str
    position: int  # of the contract
    audited_on: date
    recorded_by: str
    said: bytes
    created_at: datetime

    @property
    def seal(self) -> str:
        """As the audit log tells it."""
        return seal(self._asdict(), self._fields)


def enter(connection: Connection, audit: KeptAudit) -> None:
    """Keep an audit (inside `Database.write`)."""
    connection.execute(_INSERT, audit._asdict())


def of_contract(connection: Connection, position: int) -> Sequence[KeptAudit]:
    """The audits of a contract in the order in which they were entered."""
    rows = connection.execute(_OF_CONTRACT, {"of": position})
    return [KeptAudit(*(row._mapping[name] for name in KeptAudit._fields)) for row in rows]


def sealed(connection: Connection) -> dict[str, str]:
    """The seal of every audit as its row stands."""
    rows = connection.execute(select(usage_audits).order_by(usage_audits.c.sequence))
    return {row.id: seal(row._mapping, KeptAudit._fields) for row in rows}
