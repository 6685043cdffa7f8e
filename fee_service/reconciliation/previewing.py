"""What was understood of files before anything runs, with the items that nobody has named."""

from __future__ import annotations

from fee_service.permissions import Action, require
from fee_service.quotes.calls import Call
from fee_service.quotes.desk import Desk
from fee_service.reconciliation.apart import understood_apart
from fee_service.reconciliation.asking import Sent
from fee_service.strict_json import Data


def preview(desk: Desk, files: Sent, own_number: str | None, call: Call) -> Data:
    """Files as they were understood. Raises FeeError (403, 422) where none can be read."""
    require(call.actor, Action.RECONCILE)
    return understood_apart(files, call.language, own_number)
