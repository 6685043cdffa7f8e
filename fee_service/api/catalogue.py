"""The catalogue: the APIs that may be asked for, and the products that are priced."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response

from fee_service.answers.published import api_data, product_data
from fee_service.errors import Fault, FeeError
from fee_service.http.body import query
from fee_service.http.context import editions, today
from fee_service.http.language import language
from fee_service.http.published import published
from fee_service.published.catalogue import Api, mentions, searched_names
from fee_service.published.editions import NotFound
from schemas.catalogue import ApisQuerySchema, ProductsQuerySchema

blueprint = Blueprint("catalogue", __name__, url_prefix="/v1")


@blueprint.get("/apis")
def list_apis() -> Response:
    """Every licence name, endpoint and family, with what becomes of a request for it."""
    wanted = query(ApisQuerySchema)
    day = wanted.get("on") or today()
    found = [api for api in editions().catalogue.apis if _is_wanted(api, wanted, day)]
    return published({"on": day, "apis": [api_data(api, day, editions().services, language()) for api in found]})


def _is_wanted(api: Api, wanted: dict[str, Any], day: date) -> bool:
    if "status" in wanted and api.status_on(day) != wanted["status"]:
        return False
    if "kind" in wanted and api.kind != wanted["kind"]:
        return False
    return mentions(wanted.get("search", ""), searched_names(api, editions().services))


@blueprint.get("/products")
def list_products() -> Response:
    """The products of a day's price list, with their options and which fees they have."""
    wanted = query(ProductsQuerySchema)
    day = wanted.get("on") or today()
    try:
        price_list = editions().price_list_on(day)
    except NotFound:
        first = editions().first_price_list
        fault = Fault("no_price_list_on_date", "/query/on", {"value": day, "first": first.valid_from, "id": first.id})
        raise FeeError([fault]) from None
    products = [
        product_data(price_list, terms, product)
        for terms in price_list.contracts.values()
        if wanted.get("contract") in (None, terms.id)
        for product in terms.products.values()
    ]
    return published({"on": day, "price_list": price_list.id, "products": products})
