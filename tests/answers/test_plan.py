"""What is put together by hand is the JSON that would have been written of the whole."""

from dataclasses import replace
from typing import Any

import orjson
import pytest
from support.core import day, days, licence, quoted, young

from fee_service.answers.plan import invoices_json, joined, months_json
from fee_service.model import Invoice
from fee_service.published.editions import Editions
from fee_service.rules.invoicing import invoices_of


@pytest.mark.parametrize("starts_on", ["2027-01-01", "2027-01-16", "2028-02-29"])
def test_months_and_invoices_are_json_with_every_amount(editions: Editions, starts_on: str) -> None:
    """The months add up to the totals, each line's to the month's; the invoices are those of the rules."""
    quote = quoted(editions, licence(), company=young(), starts_on=day(starts_on), months=60)
    months = _value(months_json(quote.figures, days("2026-11-16", starts_on)))
    assert sum(month["net"] for month in months) == quote.totals.net
    assert [month for month in months if month["net"] != sum(line["net"] for line in month["lines"])] == []
    assert [month for month in months if not month["days"] | month["test_days"]] == []
    assert _value(invoices_json(quote.figures)) == [
        {
            "issued_on": invoice.issued_on.isoformat(),
            "supply": invoice.supply,
            "vat": invoice.vat,
            "total": invoice.total,
        }
        for invoice in invoices_of(quote.rated, quote.lists)
    ]


def test_invoices_of_one_amount_bear_each_the_vat_of_its_list(editions: Editions) -> None:
    """An amount that is billed under two lists with other rates of VAT stands with each of its taxes."""
    figures = quoted(editions, licence(), company=young(), starts_on=day("2027-01-01"), months=2).figures
    billed = (Invoice(day("2027-01-01"), 1_000, 100), Invoice(day("2027-02-01"), 1_000, 120))
    found = _value(invoices_json(replace(figures, invoices=billed)))
    assert [(each["supply"], each["vat"], each["total"]) for each in found] == [
        (1_000, 100, 1_100),
        (1_000, 120, 1_120),
    ]


def test_two_objects_are_joined_in_their_order() -> None:
    """As orjson writes the one object of all names; nothing is added where there is no second."""
    first, second = {"number": "Q-1", "status": "issued"}, {"lines": [{"net": 0}], "note": "}{"}
    assert joined(orjson.dumps(first), orjson.dumps(second)) == orjson.dumps(first | second)
    assert joined(orjson.dumps(first), None) == orjson.dumps(first)


def _value(text: orjson.Fragment) -> Any:
    return orjson.loads(orjson.dumps(text))
