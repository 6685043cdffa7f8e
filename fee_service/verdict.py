"""How a line of an invoice stands, what it was held against, and why it differs: the words of a reconciliation."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """How a line of an invoice stands."""

    MATCH = "match"
    OVERBILLED = "overbilled"
    UNDERBILLED = "underbilled"
    MISSING = "missing"  # due, and not billed
    UNEXPECTED = "unexpected"  # billed, and not due
    DUPLICATE = "duplicate"  # billed beyond what is due, which another claim bills
    ALREADY_SEEN = "already_seen"  # the same approval number again
    UNREADABLE = "unreadable"  # nothing certain can be said of it
    NOT_JUDGED = "not_judged"  # of another company, or of a use that nobody has reported


class CheckedAgainst(StrEnum):
    """What an amount was held against."""

    CONTRACT = "contract"
    REPORT = "report"
    ESTIMATE = "estimate"
    NONE = "none"


class Cause(StrEnum):
    """The known mistakes, in the order in which they are tried."""

    WAIVER_NOT_APPLIED = "waiver_not_applied"
    WAIVER_OVERRUN = "waiver_overrun"
    WAIVER_CUT_EARLY = "waiver_cut_early"
    NOT_PRORATED = "not_prorated"
    PRORATED_ON_30_DAYS = "prorated_on_30_days"
    OTHER_PRICE_LIST = "other_price_list"
    AFFILIATE_EXTENSION_PER_AFFILIATE = "affiliate_extension_per_affiliate"
    DISASTER_RECOVERY_SET_BILLED = "disaster_recovery_set_billed"
    FIRST_SET_BILLED = "first_set_billed"
    SECURITIES_C_EXEMPTION_MISSED = "securities_c_exemption_missed"
    CLOSING_EXEMPTION_MISSED = "closing_exemption_missed"
    WRONG_USER_TYPE = "wrong_user_type"
    WRONG_OPTION = "wrong_option"
    WITHHELD_FEE_BILLED = "withheld_fee_billed"
    VAT_ROUNDING = "vat_rounding"
    ROUNDING = "rounding"
    USAGE_DIFFERS_FROM_REPORT = "usage_differs_from_report"
    UNEXPLAINED = "unexplained"
