"""The quote as plain data without prose, and its digest.

The digest covers the request as understood, the editions and the result. Wording and advice are left out, so
a better sentence does not make an old quote look changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache

import orjson

from fee_service.model import Company, Condition, Licence, Line, MonthLine, QuoteRequest
from fee_service.periods import CalendarMonth, Period, calendar_months
from fee_service.published.editions import ListSpan
from fee_service.rules.invoicing import invoices_of
from fee_service.rules.quoting import Quote
from fee_service.rules.rating import RatedMonth, RatedMonths
from fee_service.strict_json import Data


def request_facts(request: QuoteRequest) -> Data:
    """The request as understood, in the form in which it may be sent again."""
    return {
        "company": _company(request.company),
        "apis": request.apis,
        "licences": [licence_request(licence) for licence in request.licences],
        "channel": request.channel,
        "api_calls_per_month": request.api_calls_per_month,
        "starts_on": request.starts_on,
        "ends_on": request.ends_on,
        "months": request.months,
        "test_months": request.test_months,
        "prior_waiver": [_period(period) for period in request.prior_waiver],
        "waiver_policy": request.waiver_policy,
        "price_list": request.price_list,
    }


def _company(company: Company) -> Data:
    evidence = company.size_evidence
    return {
        "name": company.name,
        "business_number": company.business_number,
        "founded_on": company.founded_on,
        "size": company.size,
        "size_evidence": None
        if evidence is None
        else {
            "ksic": evidence.ksic,
            "average_sales": evidence.average_sales,
            "total_assets": evidence.total_assets,
            "business_group": evidence.business_group,
            "large_holder": evidence.large_holder,
            "outgrown_on": evidence.outgrown_on,
            "grace_used": evidence.grace_used,
        },
        "corporation": company.corporation,
        "qualification": company.qualification,
        "exclusions": company.exclusions,
    }


def licence_request(licence: Licence) -> Data:
    """A licence as it is asked for. The closing-price contract knows neither options, sets nor usage."""
    data: Data = {
        "contract": licence.contract,
        "product": licence.product,
        "options": licence.options,
        "affiliate_extension": licence.affiliate_extension,
    }
    if licence.contract == "real_time":
        data |= {
            "reception_sets": licence.reception_sets,
            "disaster_recovery_sets": licence.disaster_recovery_sets,
            "usage": licence.usage._asdict(),
            "non_display_use": licence.non_display_use,
        }
    return data


def _period(period: Period) -> Data:
    return {"starts_on": period.start, "ends_on": period.last_day}


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


@lru_cache(maxsize=256)
def months_json(rated: RatedMonths, test_period: Period | None) -> orjson.Fragment:
    """All months as JSON; those alike share the text of their amounts, which is most of a long quote."""
    test = calendar_months(test_period) if test_period else ()
    tested = {month.label: month.days for month in test}
    first = rated.runs[0].months[0].label
    rows = [_month(month, 0, month.days, 0) + NO_AMOUNTS for month in test if month.label != first]
    for months, waived_days, amounts in rated.runs:
        tail = _amounts(amounts)
        for month in months:
            days = month.days
            waived = days if waived_days is None else waived_days
            rows.append(_month(month, days, tested.get(month.label, 0), waived) + tail)
    return orjson.Fragment(f"[{','.join(rows)}]")


def _month(month: CalendarMonth, days: int, test_days: int, waived_days: int) -> str:
    label, _, _, days_in_month = month
    return (
        f'{{"month":"{label}","days":{days},"days_in_month":{days_in_month},'
        f'"test_days":{test_days},"waived_days":{waived_days},'
    )


def _amounts(month: RatedMonth) -> str:
    """The amounts of a month, to follow its days."""
    lines, amount, waiver, net, _ = month
    amounts = {"list": amount, "waiver": waiver, "net": net, "lines": month_lines(lines)}
    return orjson.dumps(amounts).decode()[1:]


def month_lines(lines: Iterable[MonthLine]) -> list[Data]:
    return [{"line": id_, "list": list_, "waiver": waiver, "net": net} for id_, list_, waiver, net in lines]


NO_AMOUNTS = _amounts(RatedMonth((), 0, 0, 0, ()))  # of a month of the free test alone


@lru_cache(maxsize=256)
def invoices_json(rated: RatedMonths, lists: tuple[ListSpan, ...]) -> orjson.Fragment:
    """All invoices as JSON; those of the same amount share its text."""
    tails: dict[int, str] = {}
    rows = []
    for issued_on, supply, vat in invoices_of(rated, lists):
        if supply not in tails:
            tails[supply] = f'","supply":{supply},"vat":{vat},"total":{supply + vat}}}'
        rows.append('{"issued_on":"' + issued_on.isoformat() + tails[supply])
    return orjson.Fragment(f"[{','.join(rows)}]")


@lru_cache(maxsize=256)
def _plan_facts(rated: RatedMonths, lists: tuple[ListSpan, ...]) -> orjson.Fragment:
    """Months, alike ones as one, and invoices, as the digest covers them."""
    runs = [
        {
            "from": run.months[0].label,
            "through": run.months[-1].label,
            "days": run.months[0].days,
            "waived_days": run.waived_days,
            "lines": month_lines(run.amounts.lines),
        }
        for run in rated.runs
    ]
    invoices = [invoice.total for invoice in invoices_of(rated, lists)]
    return orjson.Fragment(orjson.dumps({"months": runs, "invoices": invoices}, option=orjson.OPT_SORT_KEYS))


def quote_facts(quote: Quote) -> Data:
    """Everything that the digest covers."""
    return {
        "request": request_facts(quote.request),
        "price_lists": [
            {"id": price_list.id, "sha256": price_list.sha256, "from": span.start} for span, price_list in quote.lists
        ],
        "policy": quote.policy and {"id": quote.policy.id, "sha256": quote.policy.sha256},
        "waiver": waiver_facts(quote),
        "conditions": [_condition(condition) for condition in quote.waiver.conditions],
        "eligibility": quote.eligibility.status,
        "licences": [
            {
                "contract": licence.contract,
                "product": licence.product,
                "options": licence.options,
                "for_apis": licence.for_apis,
            }
            for licence in quote.licences
        ],
        "lines": [line_facts(line) for line in quote.lines],
        "test": None if quote.test is None else _period(quote.test),
        "plan": _plan_facts(quote.rated, quote.lists),
        "totals": {**quote.totals._asdict(), "total": quote.totals.total},
        "monthly": quote.monthly._asdict(),
        "unpriced": [{"api": item.api, "status": item.status} for item in quote.unpriced],
    }


def _condition(condition: Condition) -> tuple[str, bool]:
    return condition.code, condition.met


def canonical(facts: Data) -> bytes:
    """The facts as JSON with sorted keys: the bytes that the digest covers."""
    return orjson.dumps(facts, option=orjson.OPT_SORT_KEYS)


def digest(canonical_facts: bytes) -> str:
    """The SHA-256 of canonical facts."""
    return "sha256:" + hashlib.sha256(canonical_facts).hexdigest()
