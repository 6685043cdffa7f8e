"""The unit of a fee alone says whether it is charged once: core, answer, page and documents agree."""

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest
from flask import Flask
from support.places import PUBLISHED

from fee_service.answers import quote as answers
from fee_service.documents.issued_quote import during_waiver
from fee_service.edition_files import EditionFaults, read_editions
from fee_service.quotes import previewing
from fee_service.web.result import Result
from schemas import load
from schemas.quote import QuoteRequestSchema

LIST = "price_lists/market-data-2018-07-01.yaml"
FTP_FEE = '  ftp_access:\n    ko: "FTP서버접속료"\n    en: "FTP access fee"\n    billed: '
FTP_TABLE = "      ftp_access:\n        unit: "
SME = {"founded_on": "2024-05-10", "size": "sme", "qualification": "fintech"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PUBLISHED, tmp_path / "tables"))


def write(folder: Path, *changes: tuple[str, str]) -> None:
    text = (folder / LIST).read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    (folder / LIST).write_text(text, encoding="utf-8")


def test_a_fee_that_unit_and_billing_call_once_is_charged_once_everywhere(folder: Path, app: Flask) -> None:
    write(folder, (FTP_FEE + "in_advance", FTP_FEE + "once"), (FTP_TABLE + "month", FTP_TABLE + "once"))
    editions = read_editions(folder)
    request: dict[str, Any] = {"company": SME, "starts_on": "2027-01-15", "months": 3}
    request["licences"] = [
        {"contract": "closing_price", "product": "ftp_access"},
        {"contract": "real_time", "product": "securities_a"},
    ]
    quote = previewing.preview(load(QuoteRequestSchema, request), editions, date(2026, 12, 9), previewing.nothing_known)
    answer = orjson.loads(answers.quote_answer(quote, "en"))
    # 100,000 once and whole, though the contract begins inside January; securities A is waived
    assert [month["net"] for month in answer["months"]] == [100_000, 0, 0]
    assert answer["monthly"] == {"during_waiver": 0, "after_waiver": 2_000_000}
    assert during_waiver(answer) == (0, 0)
    with app.test_request_context():
        assert Result(answer, "en", editions).once == 100_000


@pytest.mark.parametrize(
    ("billed", "unit"), [("once", "month"), ("in_advance", "once"), ("after_report\n    months_after: 2", "once")]
)
def test_a_fee_that_is_once_by_one_word_and_not_by_the_other_stops_the_start(
    folder: Path, billed: str, unit: str
) -> None:
    write(folder, (FTP_FEE + "in_advance", FTP_FEE + billed), (FTP_TABLE + "month", FTP_TABLE + unit))
    with pytest.raises(EditionFaults) as caught:
        read_editions(folder)
    [fault] = caught.value.faults
    assert (fault.file, fault.field) == (LIST, "contracts.closing_price.prices.ftp_access.unit")
    assert fault.message == f"is {unit}, but fees.ftp_access is billed {billed.splitlines()[0]}"


def test_the_api_says_by_unit_what_is_divided_by_days(app: Flask) -> None:
    answer = app.test_client().get("/v1/price-lists/market-data-2018-07-01").get_json()
    assert {entry["unit"]: entry["prorated"] for entry in answer["proration"]} == {
        "month": True,
        "set_month": True,
        "id_month": True,
        "query": False,
        "call_month": False,
        "once": False,
    }
    assert answer["first_invoice"] == "start_day"


def test_a_product_has_no_fee_that_is_not_applicable_to_it(app: Flask) -> None:
    products = app.test_client().get("/v1/products?on=2026-12-09").get_json()["products"]
    fees = {(one["contract"], one["product"]): [fee["fee"] for fee in one["fees"]] for one in products}
    assert fees["closing_price", "ftp_access"] == ["ftp_access"]
    assert "affiliate_extension" not in fees["real_time", "elw_indicators"]
    assert "affiliate_extension" in fees["closing_price", "securities_a"]
