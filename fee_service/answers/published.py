"""What is published, as the JSON that callers get: price lists and their changes, waiver policies, APIs, products."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from fee_service.answers.quote import reading_data, term_data
from fee_service.model import Label, Reading
from fee_service.prices import Cell, CellKind, Flat, Graduated, Package, Price, Volume
from fee_service.published.catalogue import Api
from fee_service.published.editions import (
    CellKey,
    ContractTerms,
    FreeBeside,
    IdsCovered,
    PriceList,
    Product,
    Source,
    WaiverPolicy,
)
from fee_service.published.price_changes import CellChange, changed_cells, changed_terms, fee_terms, list_terms
from fee_service.published.services import Service, ServiceTable
from fee_service.strict_json import Data
from fee_service.wording import Language, in_language


def sources(cited: Mapping[str, Source]) -> list[Data]:
    """The documents that an edition is taken from."""
    return [
        {"id": source.id, "label": source.title._asdict(), "published_on": source.published_on}
        for source in cited.values()
    ]


# -- price lists -----------------------------------------------------------------------------------------


def price_list_head(price_list: PriceList) -> Data:
    """Which price list it is, and from when to when it holds."""
    return {
        "id": price_list.id,
        "label": price_list.title._asdict(),
        "sha256": price_list.sha256,
        "valid_from": price_list.valid_from,
        "valid_from_for_running_contracts": price_list.valid_from_for_running_contracts,
        "valid_to": price_list.valid_to,
        "published_on": price_list.published_on,
        "supersedes": price_list.supersedes,
        "sources": sources(price_list.sources),
    }


def whole_price_list(price_list: PriceList, language: Language) -> Data:
    """A price list with every cell as printed and its source."""
    return {
        **price_list_head(price_list),
        **list_terms(price_list),
        "renewal": in_language(price_list.renewal, language),
        "fees": [
            {**fee_terms(price_list, fee), "fee": fee, "label": rule.label._asdict(), "source": rule.source}
            for fee, rule in price_list.fees.items()
        ],
        "proration": [
            {"unit": unit, "prorated": rule.prorated, "source": rule.source}
            for unit, rule in price_list.proration.items()
        ],
        "contracts": [_contract(terms) for terms in price_list.contracts.values()],
        "cells": [_cell(price_list, key, cell) for key, cell in price_list.cells.items()],
        "rules": [
            {"rule": rule.rule, "text": in_language(rule.text, language), "source": rule.source}
            for rule in _rules(price_list)
        ],
        "terms": [
            {**term_data(term, language), "when": [wanted._asdict() for wanted in term.when]}
            for term in price_list.terms
        ],
        "readings": [reading_data(reading, language) for reading in _readings(price_list)],
    }


def _contract(terms: ContractTerms) -> Data:
    return {
        "contract": terms.id,
        "label": terms.label._asdict(),
        "options": [{"option": name, "label": name_of._asdict()} for name, name_of in terms.options.items()],
        "default_options": terms.default_options,
        "products": [
            {"product": product.id, "label": product.label._asdict(), "owner": product.owner}
            for product in terms.products.values()
        ],
    }


def _rules(price_list: PriceList) -> list[IdsCovered | FreeBeside]:
    return [*price_list.ids_covered, *price_list.free_beside]


def _readings(price_list: PriceList) -> list[Reading]:
    found = (
        *(rule.reading for rule in price_list.fees.values()),
        *(terms.reading for terms in price_list.contracts.values()),
        *(rule.reading for rule in _rules(price_list)),
        *price_list.cell_readings.values(),
        *(rule.reading for rule in price_list.proration.values()),
        price_list.list_change,
        price_list.first_invoice.reading,
        price_list.vat.reading,
        *price_list.readings,
    )
    return list({reading.id: reading for reading in found if reading is not None}.values())


def _cell(price_list: PriceList, key: CellKey, cell: Cell) -> Data:
    contract, fee, _, column = key
    column_label = price_list.columns.get((contract, fee, column))
    return {
        **key._asdict(),
        "column_label": column_label._asdict() if column_label else None,
        "unit": price_list.units[contract, fee, column],
        **_printed(cell),
        "source": price_list.source(contract, fee),
    }


def _printed(cell: Cell) -> Data:
    """A cell as it is printed: an amount, or a word that is not a price."""
    return {
        "cell": cell.kind,
        "unit_price": cell.unit_price,
        "price": _price(cell.price),
        "minimum": cell.minimum,
        "maximum": cell.maximum,
    }


def _price(price: Price | None) -> Data | None:
    match price:
        case Flat():
            return {"kind": "flat", "unit_price": price.unit_price}
        case Graduated() | Volume():
            tiers = [{"up_to": tier.up_to, "unit_price": tier.unit_price} for tier in price.tiers]
            return {"kind": "graduated" if isinstance(price, Graduated) else "volume", "tiers": tiers}
        case Package():
            size, amount, least = price.size, price.package_price, price.at_least
            return {"kind": "package", "size": size, "package_price": amount, "at_least": least}
    return None


def price_list_changes(before: PriceList, after: PriceList) -> Data:
    """What changes from one price list to another."""
    return {
        "from": price_list_head(before),
        "to": price_list_head(after),
        "cells": [_cell_change(change) for change in changed_cells(before, after)],
        "terms": [
            {"term": change.term, "from": change.before, "to": change.after} for change in changed_terms(before, after)
        ],
    }


def _cell_change(change: CellChange) -> Data:
    return {
        **change.key._asdict(),
        "change": change.kind,
        "from": _printed(change.before) if change.before else None,
        "to": _printed(change.after) if change.after else None,
        "difference": change.difference,
    }


# -- waiver policies -------------------------------------------------------------------------------------


def waiver_policy(policy: WaiverPolicy, language: Language) -> Data:
    """Whom a policy is for, what it waives, for how long, and where that is written."""
    return {
        "id": policy.id,
        "label": policy.label._asdict(),
        "summary": in_language(policy.summary, language),
        "sha256": policy.sha256,
        "valid_from": policy.valid_from,
        "valid_to": policy.valid_to,
        "supersedes": policy.supersedes,
        "preferred_to": policy.preferred_to,
        "months": policy.months,
        "test_months": policy.test_months,
        "fees": policy.fees,
        "options": policy.options,
        "channels": policy.channels,
        "qualifications": policy.qualifications,
        "personal_ids_at_most": policy.personal_ids_at_most,
        "company_age": {
            "years": policy.age.years,
            "founding_day_counts": policy.age.founding_day_counts,
            "ends_waiver": policy.age.ends_waiver,
            "source": policy.age.source,
        },
        "partial_month": policy.partial_month,
        "partial_month_undivided": policy.partial_month_undivided,
        "withdrawal_grounds": [in_language(ground, language) for ground in policy.withdrawal_grounds],
        "cited": dict(policy.cited),
        "sources": sources(policy.sources),
        "readings": [reading_data(reading, language) for reading in policy.readings],
    }


# -- the catalogue ---------------------------------------------------------------------------------------


def api_data(api: Api, day: date, table: ServiceTable, language: Language) -> Data:
    """An API with what becomes of a request for it on a day."""
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
        "on_request": in_language(api.on_request, language) if api.on_request else None,
        "text": in_language(why, language) if why else None,
        "withdrawn_on": api.withdrawn_on,
        "members": api.members,
        "transaction_data": api.transaction_data,
        "source": api.source,
        "reading": in_language(tuple(reading.text for reading in api.readings), language) if api.readings else None,
        "services": api.services,
        "service": _service(table.services.get(api.id), table.families),
    }


def _service(service: Service | None, families: Mapping[str, Label]) -> Data | None:
    """What the table of services says of one."""
    return service and {
        "family": service.family,
        "family_label": families[service.family]._asdict(),
        "who": service.who._asdict(),
        "krw_per_month": service.fee.krw_per_month if service.fee else None,
        "fee_label": service.fee.label._asdict() if service.fee else None,
        "calls_per_day": service.calls_per_day,
        "provider": service.provider._asdict(),
        "kind_of_data": service.data,
        "first_seen": service.first_seen,
        "last_offered": service.last_offered,
    }


def product_data(price_list: PriceList, terms: ContractTerms, product: Product) -> Data:
    """A product with its options and which fees it has."""
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
