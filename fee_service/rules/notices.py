"""Whom a notice is for. Every notice is born here, so none comes into the world without an audience.

The customer's are facts about what is quoted, its waiver's end and the bill after it. The seller's say what another
policy or another choice would give or take, how old the price list is, and what to confirm before handing over.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from fee_service.model import Notice, Text


class Audience(StrEnum):
    CUSTOMER = "customer"  # may stand on a share page or in a document
    SELLER = "seller"


_CUSTOMER, _SELLER = Audience.CUSTOMER, Audience.SELLER

# The service does not start where this table and the sentences (`wording.notices`) differ in their codes.
AUDIENCES: Mapping[str, Audience] = {
    # the waiver, its end, and the bill after it
    "waiver_ends": _CUSTOMER,
    "waiver_ends_without_price": _CUSTOMER,
    "nothing_waivable": _CUSTOMER,
    "waiver_refused": _CUSTOMER,
    "qualification_needs_review": _CUSTOMER,
    "qualification_unknown": _CUSTOMER,
    "prior_waiver_found": _CUSTOMER,
    "test_months_free": _CUSTOMER,
    "test_months_refused": _CUSTOMER,
    # what is in the totals, and what is not
    "platform_fees_left_out": _CUSTOMER,
    "unpriced_not_in_totals": _CUSTOMER,
    "withheld_fees": _CUSTOMER,
    "closing_covered_by_real_time": _CUSTOMER,
    "calls_over_daily_limit": _CUSTOMER,
    "calls_over_service_limit": _CUSTOMER,
    "service_ends_within": _CUSTOMER,
    "price_list_changes": _CUSTOMER,
    "contract_renewal": _CUSTOMER,
    # what another choice would give or take
    "start_next_month_less": _SELLER,
    "start_next_month_more": _SELLER,
    "start_next_month_same": _SELLER,
    "start_next_month_less_unwaived": _SELLER,
    "start_next_month_more_unwaived": _SELLER,
    "start_next_month_same_unwaived": _SELLER,
    "waiver_start_deadline": _SELLER,
    "earlier_start_waives_more": _SELLER,
    "waiver_missed_by_age": _SELLER,
    "queries_instead_of_personal_ids": _SELLER,
    "queries_instead_of_standard_ids": _SELLER,
    "ids_instead_of_queries": _SELLER,
    "personal_ids_instead_of_queries": _SELLER,
    # other policies and lists, and what to confirm
    "broader_policy": _SELLER,
    "policy_named": _SELLER,
    "price_list_named": _SELLER,
    "price_list_age": _SELLER,
    "waiver_used_by_later_contract": _SELLER,
    "start_in_the_past": _SELLER,
    "name_not_printable": _SELLER,
}


def notice(text: Text) -> Notice:
    """A sentence as a notice for its audience. Raises KeyError for a code that the table does not know."""
    return Notice(text.code, text, AUDIENCES[text.code])
