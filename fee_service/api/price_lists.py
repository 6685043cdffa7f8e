"""Price lists: all of them, one whole with every cell and source, and what changes between two."""

from __future__ import annotations

from flask import Blueprint, Response

from fee_service.answers.published import price_list_changes, price_list_head, whole_price_list
from fee_service.errors import Fault, FeeError
from fee_service.http.body import query
from fee_service.http.context import editions
from fee_service.http.language import language
from fee_service.http.published import published
from fee_service.published.editions import NotFound, PriceList

blueprint = Blueprint("price_lists", __name__, url_prefix="/v1/price-lists")


@blueprint.get("")
def list_price_lists() -> Response:
    """Every published price list, in the order of time."""
    query()
    lists = sorted(editions().price_lists, key=lambda price_list: price_list.valid_from)
    return published({"price_lists": [price_list_head(price_list) for price_list in lists]})


@blueprint.get("/<name>")
def show_price_list(name: str) -> Response:
    """One price list, whole: every cell as printed, with its source."""
    query()
    return published(whole_price_list(_named(name), language()))


@blueprint.get("/<name>/diff/<other>")
def compare_price_lists(name: str, other: str) -> Response:
    """What changes from one price list to another: cells, and terms like VAT or proration."""
    query()
    return published(price_list_changes(_named(name), _named(other)))


def _named(name: str) -> PriceList:
    try:
        return editions().price_list(name)
    except NotFound:
        known = tuple(price_list.id for price_list in editions().price_lists)
        raise FeeError([Fault("unknown_price_list", "", {"value": name, "known": known})], 404) from None
