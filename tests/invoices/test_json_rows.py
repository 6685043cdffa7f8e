"""Rows as JSON, with the own names of columns: what a program sends that has read the invoices itself."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from fee_service.errors import FeeError
from fee_service.invoices.accounting import Account
from fee_service.invoices.reading import opened
from fee_service.invoices.values import InvoiceLine

ROW = {
    "invoice_number": "INV-7", "issued_on": "2026-12-09", "quote": "FQ-2026-000001", "service_month": "2026-12",
    "agreement": "real_time", "fee": "base_fee", "product": "securities_a", "option": "none", "user_type": "retail",
    "quantity": 2.5, "amount": 1_483_870, "vat": "148,387",
}  # fmt: skip


def read(folder: Path, content: Any) -> tuple[list[InvoiceLine], Account]:
    """Lines and account of what is sent."""
    path = folder / "rows.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content, ensure_ascii=False), encoding="utf-8")
    with opened(path, "rows.json") as file:
        lines = [line for batch in file.batches() for line in batch.as_rows()]
        assert file.understood[0].header_line is None
        return lines, file.account()


@pytest.mark.parametrize("wrapped", [False, True])
def test_every_own_column_fills_its_field(wrapped: bool, tmp_path: Path) -> None:
    """A list, or an object with one; as many rows come out as went in, and no row is made of the names."""
    (line, second), account = read(tmp_path, {"lines": [ROW, ROW]} if wrapped else [ROW, ROW])
    told = {name: getattr(line, name) for name in ROW}
    assert told == ROW | {
        "issued_on": date(2026, 12, 9), "service_month": date(2026, 12, 1), "quantity": Decimal("2.5"), "vat": 148_387,
    }  # fmt: skip
    assert (account.rows, account.lines, account.others, account.amount) == (2, 2, {}, 2_967_740)
    assert [one.place for one in (line, second)] == [("rows.json", None, 1), ("rows.json", None, 2)]


def test_few_columns_are_enough_and_others_come_back(tmp_path: Path) -> None:
    """A number and an amount; whatever else there is comes as it was written, missing names are nothing."""
    rows = [
        {"invoice_number": "1", "amount": 1},
        {"amount": 2, "note of ours": {"a": ["가", None]}, "invoice_number": "2"},
    ]
    lines, _ = read(tmp_path, rows)
    assert [(line.invoice_number, line.amount) for line in lines] == [("1", 1), ("2", 2)]
    assert [dict(line.extra) for line in lines] == [{}, {"note of ours": '{"a": ["가", null]}'}]


@pytest.mark.parametrize(
    ("written", "told"),
    [("1000", 1_000), ("1000.0", 1_000), ("1.000", 1), ("-0", 0), ("-206452", -206_452), ('"1,000"', 1_000),
     ('"1.000"', "amount_with_dots"), ("1000.5", "amount_with_fraction"), ("1e3", "amount_in_exponent"),
     ("1e400", "amount_in_exponent"), ("NaN", "amount_not_a_number"), ("Infinity", "amount_not_a_number"),
     ("true", "amount_not_a_number"), ("[1]", "amount_not_a_number"), ("null", "amount_missing"),
     ('""', "amount_missing"), ("99999999999999", "amount_beyond_bound")],
)  # fmt: skip
def test_an_amount_is_what_was_written(written: str, told: int | str, tmp_path: Path) -> None:
    """No float stands between; a number has no dots that group, a text may."""
    (line,), _ = read(tmp_path, f'[{{"invoice_number": "1", "amount": {written}}}]')
    assert (line.amount, *(fault.code for fault in line.unreadable)) == (
        (told,) if isinstance(told, int) else (None, told)
    )


@pytest.mark.parametrize("content", [[], {}, [{}], [{"amount": 1}], [{"invoice_number": "1"}], "1", '"x"', "[[1]]"])
def test_what_has_no_rows_of_invoices_is_refused(content: Any, tmp_path: Path) -> None:
    """Without an amount and one more column nothing can be said of it."""
    with pytest.raises(FeeError) as refused:
        read(tmp_path, content)
    assert refused.value.faults[0].code in ("invoice_json_unreadable", "header_not_found")
