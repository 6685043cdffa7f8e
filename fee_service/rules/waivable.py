"""What a waiver policy takes off a fee where it is granted."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from fee_service.model import PartlyWaived
from fee_service.published.editions import WaiverPolicy


class Waivable(NamedTuple):
    """Whether a fee is waived in a month that the waiver covers, and what of it in one that it covers in part."""

    waivable: bool
    partly_waived: PartlyWaived


@lru_cache(maxsize=1024)
def waivable(policy: WaiverPolicy | None, fee: str, options: tuple[str, ...], prorated: bool) -> Waivable:
    """What a policy waives of a fee of a licence with these options; read once for each."""
    if policy is None:
        return Waivable(False, PartlyWaived.NONE)
    partly = policy.partial_month if prorated else policy.partial_month_undivided
    return Waivable(policy.covers(fee, options), partly)
