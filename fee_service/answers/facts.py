"""The quote as plain data without prose, and its digest.

The digest covers the request as understood, the editions and the result. Wording and advice are left out, so
a better sentence does not make an old quote look changed.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

import orjson

from fee_service.answers.plan import kept, plan_facts
from fee_service.answers.request import period_facts, request_facts
from fee_service.model import Condition, Licence, Line
from fee_service.rules.quoting import Figures, Quote
from fee_service.strict_json import Data

SORTED = orjson.OPT_SORT_KEYS


def waiver_facts(quote: Quote) -> Data:
    """The decision on the waiver; `amount` is what it saves over the horizon (KRW, not negative)."""
    waiver = quote.waiver
    return {
        "granted": waiver.granted,
        "policy": waiver.policy,
        "starts_on": waiver.period.start if waiver.period else None,
        "ends_on": waiver.period.last_day if waiver.period else None,
        "cut_short_by": waiver.cut_short_by,
        "amount": -quote.totals.waiver,
    }


def line_facts(line: Line) -> Data:
    """A line with every cell that it rests on; `unit_price` and `cell` are those of the first price list."""
    first = line.cells[0]
    return {
        "id": line.id,
        "fee": line.fee,
        "contract": line.contract,
        "product": line.product,
        "option": line.option,
        "user_type": line.user_type,
        "unit": line.unit,
        "cell": first.cell,
        "unit_price": first.unit_price,
        "quantity": first.quantity,
        "exempted": None if line.exempted is None else {"rule": line.exempted.rule, "quantity": line.exempted.quantity},
        "waivable": line.waivable,
        "source": first.source,
        "cells": [
            {
                "price_list": cell.price_list,
                "valid_from": cell.valid_from,
                "cell": cell.cell,
                "unit_price": cell.unit_price,
                "amount": cell.charge,
                "source": cell.source,
            }
            for cell in dict.fromkeys(line.cells)
        ],
    }


@lru_cache(maxsize=2_048)
def _line(line: Line) -> orjson.Fragment:
    """Kept for a while, like the line."""
    return kept(line_facts(line), SORTED)


@lru_cache(maxsize=256)
def _figures(figures: Figures) -> Data:
    """What a quote comes to, kept for a while as JSON, like the figures."""
    unpriced = [{"api": item.api, "status": item.status} for item in figures.unpriced]
    return {
        "licences": kept([_licence(licence) for licence in figures.licences], SORTED),
        "lines": kept([_line(line) for line in figures.lines], SORTED),
        "plan": plan_facts(figures),
        "totals": {**figures.totals._asdict(), "total": figures.totals.total},
        "monthly": figures.monthly._asdict(),
        "unpriced": kept(unpriced, SORTED),
    }


def _licence(licence: Licence) -> Data:
    return {
        "contract": licence.contract,
        "product": licence.product,
        "options": licence.options,
        "for_apis": licence.for_apis,
    }


def quote_facts(quote: Quote) -> Data:
    """Everything that the digest covers."""
    return {
        **_figures(quote.figures),
        "request": request_facts(quote.request),
        "price_lists": [
            {"id": price_list.id, "sha256": price_list.sha256, "from": span.start} for span, price_list in quote.lists
        ],
        "policy": quote.policy and {"id": quote.policy.id, "sha256": quote.policy.sha256},
        "waiver": waiver_facts(quote),
        "conditions": [_condition(condition) for condition in quote.waiver.conditions],
        "eligibility": quote.eligibility.status,
        "test": None if quote.test is None else period_facts(quote.test),
    }


def _condition(condition: Condition) -> tuple[str, bool]:
    return condition.code, condition.met


def canonical(facts: Data) -> bytes:
    """The facts as JSON with sorted keys: the bytes that the digest covers."""
    return orjson.dumps(facts, option=SORTED)


def digest(canonical_facts: bytes) -> str:
    """The SHA-256 of canonical facts."""
    return "sha256:" + hashlib.sha256(canonical_facts).hexdigest()
