"""Price lists: all of them, one whole with every cell and source, and what changes between two."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from fee_service.answers.quote import term_data
from fee_service.errors import Fault, FeeError
from fee_service.http.body import query
from fee_service.http.context import editions
from fee_service.http.language import Language, language
from fee_service.http.published import published, sources
from fee_service.model import Reading
from fee_service.prices import Cell, Flat, Graduated, Package, Price, Volume
from fee_service.published.editions import CellKey, FreeBeside, IdsCovered, NotFound, PriceList
from fee_service.wording import in_language

blueprint = Blueprint("price_lists", __name__, url_prefix="/v1/price-lists")

Data = dict[str, Any]


@blueprint.get("")
def list_price_lists() -> Response:
    """Every published price list, in the order of time."""
    query()
    lists = sorted(editions().price_lists, key=lambda price_list: price_list.valid_from)
    return published({"price_lists": [_head(price_list) for price_list in lists]})


@blueprint.get("/<name>")
def show_price_list(name: str) -> Response:
    """One price list, whole: every cell as printed, with its source."""
    query()
    return published(_whole(_named(name), language()))


@blueprint.get("/<name>/diff/<other>")
def compare_price_lists(name: str, other: str) -> Response:
    """What changes from one price list to another: cells, and terms like VAT or proration."""
    query()
    before, after = _named(name), _named(other)
    return published(
        {
            "from": _head(before),
            "to": _head(after),
            "cells": changed_cells(before, after),
            "terms": changed_terms(before, after),
        }
    )


def _named(name: str) -> PriceList:
    try:
        return editions().price_list(name)
    except NotFound:
        known = tuple(price_list.id for price_list in editions().price_lists)
        raise FeeError([Fault("unknown_price_list", "", {"value": name, "known": known})], 404) from None


def _head(price_list: PriceList) -> Data:
    return {
        "id": price_list.id,
        "label": price_list.title._asdict(),
        "sha256": price_list.sha256,
        "valid_from": price_list.valid_from,
        "valid_to": price_list.valid_to,
        "published_on": price_list.published_on,
        "supersedes": price_list.supersedes,
        "sources": sources(price_list.sources),
    }


def _whole(price_list: PriceList, lang: Language) -> Data:
    contracts = price_list.contracts.values()
    return {
        **_head(price_list),
        **_terms(price_list),
        "renewal": in_language(price_list.renewal, lang),
        "fees": [
            {**_fee_terms(price_list, fee), "fee": fee, "label": rule.label._asdict(), "source": rule.source}
            for fee, rule in price_list.fees.items()
        ],
        "proration": [
            {"unit": unit, "prorated": rule.prorated, "source": rule.source}
            for unit, rule in price_list.proration.items()
        ],
        "contracts": [
            {
                "contract": terms.id,
                "label": terms.label._asdict(),
                "options": [{"option": name, "label": name_of._asdict()} for name, name_of in terms.options.items()],
                "default_options": terms.default_options,
                "products": [
                    {"product": product.id, "label": product.label._asdict(), "owner": product.owner}
                    for product in terms.products.values()
                ],
            }
            for terms in contracts
        ],
        "cells": [_cell(price_list, key, cell) for key, cell in price_list.cells.items()],
        "rules": [
            {"rule": rule.rule, "text": in_language(rule.text, lang), "source": rule.source}
            for rule in _rules(price_list)
        ],
        "terms": [
            {**term_data(term, lang), "when": [wanted._asdict() for wanted in term.when]} for term in price_list.terms
        ],
        "readings": [
            {"id": reading.id, "text": in_language(reading.text, lang), "source": reading.source}
            for reading in _readings(price_list)
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


# -- what changes --------------------------------------------------------------------------------------


def changed_cells(before: PriceList, after: PriceList) -> list[Data]:
    """Every cell that was added, removed or changed; `difference` in KRW where both are plain amounts."""
    changes = []
    for key in dict.fromkeys((*before.cells, *after.cells)):
        old, new = before.cells.get(key), after.cells.get(key)
        if old == new:
            continue
        kind = "added" if old is None else "removed" if new is None else "changed"
        prices = [cell.unit_price for cell in (old, new) if cell is not None and cell.unit_price is not None]
        changes.append(
            {
                **key._asdict(),
                "change": kind,
                "from": _printed(old) if old else None,
                "to": _printed(new) if new else None,
                "difference": prices[1] - prices[0] if len(prices) == 2 else None,
            }
        )
    return changes


def changed_terms(before: PriceList, after: PriceList) -> list[Data]:
    """Terms beside the cells: VAT, rounding, how fees are counted and billed."""
    old, new = _all_terms(before), _all_terms(after)
    return [
        {"term": name, "from": old.get(name), "to": new.get(name)}
        for name in dict.fromkeys((*old, *new))
        if old.get(name) != new.get(name)
    ]


def _all_terms(price_list: PriceList) -> dict[str, str]:
    fees = {
        f"fees.{fee}.{name}": str(value)
        for fee in price_list.fees
        for name, value in _fee_terms(price_list, fee).items()
    }
    units = {f"proration.{unit}": str(rule.prorated) for unit, rule in price_list.proration.items()}
    clauses = {f"terms.{term.id}": f"{term.clause.en}: {term.text.en}" for term in price_list.terms}
    return {name: str(value) for name, value in _terms(price_list).items()} | fees | clauses | units


def _terms(price_list: PriceList) -> Data:
    limit = price_list.call_limit
    return {
        "vat_rate": f"{price_list.vat.rate.numerator}/{price_list.vat.rate.denominator}",
        "vat_rounding": price_list.vat.rounding,
        "rounding": price_list.rounding,
        "first_invoice": price_list.first_invoice.day,
        "calls_per_day_at_most": limit.calls_per_day if limit else None,
    }


def _fee_terms(price_list: PriceList, fee: str) -> Data:
    rule = price_list.fees[fee]
    return {"billed": rule.billed, "months_after": rule.months_after}
