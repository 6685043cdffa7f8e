"""Not to wait for ever for a PostgreSQL that hangs: its machine goes on to take what is sent, and nobody answers."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.abc import RV, PQGen

STATEMENT_SECONDS = 10  # how long PostgreSQL may take for a statement
SILENCE_SECONDS = STATEMENT_SECONDS + 2  # after which it is not it that works, but it that hangs


class Impatient(psycopg.Connection[Any]):
    """A connection that is closed where an answer does not come; whether a commit was done cannot be told then."""

    silence: float | None = SILENCE_SECONDS

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """What the server answers. Raises OperationalError after too long a silence."""
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, self.silence)
        except psycopg.OperationalError as error:
            if error.sqlstate is None:  # nothing that the server said
                self.close()
            raise
