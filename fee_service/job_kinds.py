"""Which kinds of jobs there are: the workers and the API are handed the same."""

from __future__ import annotations

from fee_service.jobs.kinds import Kinds, kinds
from fee_service.quotes.desk import Desk


def job_kinds(_desk: Desk) -> Kinds:
    """Everything that workers of this version do."""
    return kinds(())
