"""What may be wrong with the database itself: told apart, because each has another remedy."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator

from sqlalchemy.exc import DBAPIError, OperationalError, TimeoutError

from fee_service.operations.watching import Watch

RETRY_AFTER = 5  # seconds
MOST_OF_A_REASON = 300  # characters


class StorageError(Exception):
    """The database cannot do what is asked at the moment; nothing was stored, or it cannot be told."""

    @property
    def reason(self) -> str:
        """What the driver or the system said, for operators; no statement and no value of one."""
        cause = self.__cause__
        said = cause.orig if isinstance(cause, DBAPIError) else cause
        return " ".join(str(said or "no more is known").split())[:MOST_OF_A_REASON]

    def __init__(self, code: str, retry_after: int = RETRY_AFTER) -> None:
        self.code = code  # a code of `wording.faults`
        self.retry_after = retry_after
        super().__init__(code)


@contextlib.contextmanager
def told(watch: Watch, *, writing: bool = False) -> Iterator[None]:
    """Turn the driver's complaints about the database (not about our statements) into StorageError.

    The watch is told of them; of success by who knows that there was one.
    """
    try:
        with _as_storage_error():
            yield
    except StorageError as error:
        watch.bad(error.code, error.reason, writing=writing)
        raise


@contextlib.contextmanager
def _as_storage_error() -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:  # no free connection
        raise StorageError("storage_busy", 1) from error
    except DBAPIError as error:
        code = _code(error)
        if code is None:
            raise
        raise StorageError(code, 1 if code == "storage_busy" else RETRY_AFTER) from error


def _code(error: DBAPIError) -> str | None:
    original = error.orig
    if isinstance(original, sqlite3.Error):
        return _sqlite_code(original)
    return _postgresql_code(getattr(original, "sqlstate", None), error)


def _sqlite_code(error: sqlite3.Error) -> str | None:
    primary = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    match primary:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return "storage_busy"
        case sqlite3.SQLITE_FULL:
            return "storage_full"
        case sqlite3.SQLITE_READONLY:
            return "storage_read_only"
        case sqlite3.SQLITE_IOERR | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return "storage_unavailable"
    return None


_POSTGRESQL_CODES = {
    "53100": "storage_full",
    "25006": "storage_read_only",
    "55P03": "storage_busy",  # lock_timeout
    "57014": "storage_busy",  # statement_timeout
    "40001": "storage_busy",  # serialisation
    "40P01": "storage_busy",  # deadlock
    "53300": "storage_busy",  # too many connections
}


def _postgresql_code(state: str | None, error: DBAPIError) -> str | None:
    if state in _POSTGRESQL_CODES:
        return _POSTGRESQL_CODES[state]
    # 08: connection; 57P: shut down or starting; 58: system; 53: resources; none: the connection is gone
    gone = state is None and isinstance(error, OperationalError)
    if error.connection_invalidated or gone or (state or "").startswith(("08", "57P", "58", "53")):
        return "storage_unavailable"
    return None
