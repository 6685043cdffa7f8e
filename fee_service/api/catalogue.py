"""The catalogue: the APIs that may be asked for, and the products that are priced."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response

from fee_service.api.body import query
from fee_service.api.context import editions, today
from fee_service.api.language import Language, language
from fee_service.api.published import published
from fee_service.catalogue import Api
from fee_service.editions import ContractTerms, NotFound, PriceList, Product
from fee_service.errors import Fault, FeeError
from fee_service.wording import in_language
from schemas.catalogue import ApisQuerySchema, ProductsQuerySchema

blueprint = Blueprint("catalogue", __name__, url_prefix="/v1")


@blueprint.get("/apis")
def list_apis() -> Response:
    """Every licence name, endpoint and family, with what becomes of a request for it."""
    wanted = query(ApisQuerySchema)
    day = wanted.get("on") or today()
    found = [api for api in editions().catalogue.apis if _is_wanted(api, wanted, day)]
    return published({"on": day, "apis": [_api(api, day, language()) for api in found]})


def _is_wanted(api: Api, wanted: dict[str, Any], day: date) -> bool:
    if "status" in wanted and api.status_on(day) != wanted["status"]:
        return False
    if "kind" in wanted and api.kind != wanted["kind"]:
        return False
    names = (api.id, api.uri or "", *api.names, *api.label)
    return any(wanted.get("search", "").casefold() in name.casefold() for name in names)


def _api(api: Api, day: date, lang: Language) -> dict[str, Any]:
    return {
        "id": api.id,
        "kind": api.kind,
        "label": api.label._asdict(),
        "names": api.names,
        "uri": api.uri,
        "licence": api.licence,
        "status": api.status_on(day),
        "covered_by": [key._asdict() for key in api.covered_by],
        "on_request": in_language(api.on_request, lang) if api.on_request else None,
        "text": in_language(api.text, lang) if api.text else None,
        "withdrawn_on": api.withdrawn_on,
        "members": api.members,
        "transaction_data": api.transaction_data,
        "source": api.source,
        "reading": in_language(api.reading.text, lang) if api.reading else None,
    }


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
        _product(price_list, terms, product)
        for terms in price_list.contracts.values()
        if wanted.get("contract") in (None, terms.id)
        for product in terms.products.values()
    ]
    return published({"on": day, "price_list": price_list.id, "products": products})


def _product(price_list: PriceList, terms: ContractTerms, product: Product) -> dict[str, Any]:
    fees = dict.fromkeys(key.fee for key in price_list.cells if key[0] == terms.id and key[2] == product.id)
    return {
        "contract": terms.id,
        "contract_label": terms.label._asdict(),
        "product": product.id,
        "label": product.label._asdict(),
        "owner": product.owner,
        "options": [{"option": name, "label": terms.options[name]._asdict()} for name in product.options],
        "fees": [{"fee": fee, "label": price_list.fees[fee].label._asdict()} for fee in fees],
    }
