"""Which kinds of jobs there are: the workers and the API are handed the same."""

from __future__ import annotations

from functools import partial

from fee_service.documents.dues_jobs import dues_kinds
from fee_service.documents.reconciled_jobs import reconciled_kinds
from fee_service.finance.importing_later import usage_import
from fee_service.jobs.kinds import Kinds, kinds
from fee_service.quotes.desk import Desk
from fee_service.reconciliation.asking import reconciliation, tables_in


def job_kinds(desk: Desk) -> Kinds:
    """Everything that workers of this version do."""
    return kinds(
        (
            *dues_kinds(desk),
            usage_import(desk),
            reconciliation(desk),
            *reconciled_kinds(partial(tables_in, desk.database)),
        )
    )
