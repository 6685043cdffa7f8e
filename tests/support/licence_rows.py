"""Random contracts as rows of licences, and the rows that the scalar engine says they cost."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pyarrow as pa

from fee_service.bulk.columns import COLUMNS, ROW, Holds
from fee_service.errors import FeeError
from fee_service.intake.quote_request import understand
from fee_service.model import QuoteRequest
from fee_service.published.editions import Editions, NotFound
from fee_service.rules.invoicing import issue_day
from fee_service.rules.quoting import Quote, quote
from fee_service.rules.resolving import resolve
from fee_service.rules.waivers import used_time
from schemas import load
from schemas.quote import QuoteRequestSchema
from support.contracts import random_contract

Row = dict[str, Any]
TYPES = {
    Holds.TEXT: pa.string(),
    Holds.WORDS: pa.list_(pa.string()),
    Holds.DAY: pa.date32(),
    Holds.WHOLE: pa.int64(),
    Holds.FLAG: pa.bool_(),
}
SCHEMA = pa.schema([(name, TYPES[holds]) for name, holds in COLUMNS.items()])
OLD_STARTS = ("2014-06-03", "2015-12-31", "2016-01-01", "2016-02-29", "2018-06-30", "2018-06-15", "2017-08-31")


def random_request(rng: random.Random) -> dict[str, Any]:
    """A random request of what a row can say: licences without non-display use, a company of which nothing else is
    known."""
    request = random_contract(rng)
    for name in ("apis", "test_months", "months"):
        request.pop(name, None)
    for name in ("exclusions", "corporation", "name"):
        request["company"].pop(name, None)
    for licence in request["licences"]:
        licence.pop("non_display_use", None)
    if rng.random() < 0.1:
        _under_an_old_list(request, rng)
    return request


def _under_an_old_list(request: dict[str, Any], rng: random.Random) -> None:
    """A start under the lists of tests/editions before 2018, with what they print."""
    request["starts_on"] = rng.choice(OLD_STARTS)
    request["ends_on"] = rng.choice(["2015-11-30", "2018-06-30", "2018-03-17", "2019-08-31", None])
    request["company"]["founded_on"] = rng.choice(["2012-02-29", "2010-01-01", "2014-06-03", "2009-06-16"])
    request.pop("prior_waiver", None)
    request.pop("api_calls_per_month", None)
    usage = {"personal_ids": rng.choice([0, 49_999, 50_000, 50_001, 100_000, 100_001, rng.randrange(10**6)])}
    request["licences"] = [{"contract": "real_time", "product": "securities_a", "options": ["retail"], "usage": usage}]


def understood(request: dict[str, Any], editions: Editions, until: date | None = None) -> QuoteRequest | None:
    """The request as the engine takes it, over 60 months or until a day; None where it is refused."""
    loaded = load(QuoteRequestSchema, {**request, "months": 1})
    try:
        asked = understand(loaded.values, loaded.faults, editions, date(2026, 1, 1)).request
    except FeeError:
        return None
    months = 60 if until is None else (until.year - asked.starts_on.year) * 12 + until.month - asked.starts_on.month
    return replace(asked, months=months)


def quoted(request: QuoteRequest, editions: Editions) -> Quote | None:
    """Its quote; None where a list of its horizon has not what it asks for, and where it has no month."""
    if request.months < 1:
        return None
    try:
        return quote(resolve(request, editions))
    except (NotFound, LookupError):
        return None


def rows_of(key: str, request: QuoteRequest) -> Iterator[Row]:
    """A row for each licence of a contract."""
    used = used_time(request.prior_waiver)
    company = request.company
    for licence in request.licences:
        yield {
            "contract": key,
            "founded_on": company.founded_on,
            "size": company.size.value,
            "qualification": company.qualification.value if company.qualification else None,
            "channel": request.channel.value,
            "starts_on": request.starts_on,
            "ends_on": request.ends_on,
            "waiver_policy": request.waiver_policy,
            "prior_months": used.months,
            "prior_days": used.days,
            "agreement": licence.contract,
            "product": licence.product,
            "options": list(licence.options),
            "affiliate_extension": licence.affiliate_extension,
            "reception_sets": licence.reception_sets,
            "disaster_recovery_sets": licence.disaster_recovery_sets,
            **licence.usage._asdict(),
            "api_calls_per_month": request.api_calls_per_month,
        }


def table_of(rows: Sequence[Row], schema: pa.Schema = SCHEMA) -> pa.Table:
    """Rows as a batch with their numbers."""
    table = pa.Table.from_pylist(list(rows), schema=schema)
    return table.append_column(ROW, pa.array(range(1, len(rows) + 1), pa.int64()))


def amounts_of(key: str, quote: Quote) -> list[Row]:
    """What the scalar engine says: a row for each line and month, line by line."""
    start, first_list = quote.request.starts_on, quote.lists[0][1]
    months = [(month, run.amounts.lines) for run in quote.rated.runs for month in run.months]
    found = []
    for line in quote.lines:
        for later, (month, lines) in enumerate(months):
            for amount in lines:
                if amount.line == line.id:
                    found.append(
                        {
                            "contract": key,
                            "service_month": month.label,
                            "fee": line.fee,
                            "agreement": line.contract,
                            "product": line.product,
                            "option": line.option,
                            "user_type": line.user_type,
                            "quantity": line.quantity,
                            "list": amount.list,
                            "waiver": amount.waiver,
                            "net": amount.net,
                            "invoice_on": issue_day(start, later + line.months_after, first_list),
                        }
                    )
    return found
