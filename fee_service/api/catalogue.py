"""The catalogue: the APIs that may be asked for, and the products that are priced."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import Blueprint, Response

from fee_service.errors import Fault, FeeError
from fee_service.http.body import query
from fee_service.http.context import editions, today
from fee_service.http.language import Language, language
from fee_service.http.published import published
from fee_service.prices import CellKind
from fee_service.published.catalogue import Api, mentions
from fee_service.published.editions import ContractTerms, NotFound, PriceList, Product
from fee_service.published.services import Service, ServiceTable
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
    return mentions(wanted.get("search", ""), searched_names(api, editions().services))


def searched_names(api: Api, table: ServiceTable) -> Iterator[str]:
    """Everything by which an API may be looked for: of a service also its family, its provider and who may use it."""
    yield from (api.id, *api.names, *api.uris, api.licence or "")
    for service in table.in_order((api.id, *api.services)):
        yield from (service.family, *table.families[service.family], *service.provider)


def _api(api: Api, day: date, lang: Language) -> dict[str, Any]:
    why = api.why_on(day)
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
        "text": in_language(why, lang) if why else None,
        "withdrawn_on": api.withdrawn_on,
        "members": api.members,
        "transaction_data": api.transaction_data,
        "source": api.source,
        "reading": in_language(tuple(reading.text for reading in api.readings), lang) if api.readings else None,
        "services": api.services,
        "service": _service(editions().services.services.get(api.id)),
    }


def _service(service: Service | None) -> dict[str, Any] | None:
    """What the table of services says of one."""
    return service and {
        "family": service.family,
        "family_label": editions().services.families[service.family]._asdict(),
        "who": service.who._asdict(),
        "krw_per_month": service.fee.krw_per_month if service.fee else None,
        "fee_label": service.fee.label._asdict() if service.fee else None,
        "calls_per_day": service.calls_per_day,
        "provider": service.provider._asdict(),
        "kind_of_data": service.data,
        "first_seen": service.first_seen,
        "last_offered": service.last_offered,
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
    own = ((key, cell) for key, cell in price_list.cells.items() if key[0] == terms.id and key[2] == product.id)
    fees = dict.fromkeys(key.fee for key, cell in own if cell.kind is not CellKind.NOT_APPLICABLE)
    return {
        "contract": terms.id,
        "contract_label": terms.label._asdict(),
        "product": product.id,
        "label": product.label._asdict(),
        "owner": product.owner,
        "options": [{"option": name, "label": terms.options[name]._asdict()} for name in product.options],
        "fees": [{"fee": fee, "label": price_list.fees[fee].label._asdict()} for fee in fees],
    }
