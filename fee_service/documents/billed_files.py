"""What contracts are billed, as files of every kind: each is written to a folder, none is made in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

import orjson

from fee_service.answers.billed import BilledContract
from fee_service.documents.billed_csv import billed_csv, focus_csv
from fee_service.documents.billed_parquet import billed_parquet, billed_parquet_aside
from fee_service.documents.billed_xlsx import billed_xlsx
from fee_service.documents.hometax import hometax
from fee_service.strict_json import Data
from fee_service.wording import OneLanguage

JSON, PARQUET, HOMETAX = "json", "parquet", "hometax.xlsx"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CONTENT_TYPES: Mapping[str, str] = {  # by the end of the file's name
    JSON: "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": WORKBOOK,
    PARQUET: "application/vnd.apache.parquet",
    "focus.csv": "text/csv; charset=utf-8",
    HOMETAX: WORKBOOK,
}
ZIP = "application/zip"
PIECE = 1_048_576  # bytes


class Asked(NamedTuple):
    """The invoices of a month, as far as is known on a day."""

    invoice_month: date
    as_of: date


class Written(NamedTuple):
    """A file with its name and its content type."""

    path: Path
    name: str
    content_type: str


def write(
    kind: str,
    contracts: Iterable[BilledContract],
    asked: Asked,
    language: OneLanguage,
    folder: Path,
    *,
    aside: bool = False,
    together: bool = False,
) -> Written:
    """Write a file of a kind; `aside`: what is heavy in a process of its own; `together`: several as one, even one."""
    name = f"dues-{asked.invoice_month:%Y-%m}.{kind}"
    path = folder / name
    if kind == HOMETAX:
        made = hometax(contracts, asked.invoice_month, folder, together=together)
        if made.suffix == ".zip":
            return Written(made, name.replace(".xlsx", ".zip"), ZIP)
        return Written(made, name, WORKBOOK)
    if kind == "xlsx":
        billed_xlsx(contracts, language, path, asked.as_of)
    elif kind == PARQUET:
        (billed_parquet_aside if aside else billed_parquet)(contracts, path)
    else:
        stream(TEXTS[kind](contracts, asked, language), path)
    return Written(path, name, CONTENT_TYPES[kind])


def pieces(path: Path, size: int = PIECE) -> Iterator[bytes]:
    """A file in pieces."""
    with path.open("rb") as file:
        while piece := file.read(size):
            yield piece


def stream(content: Iterable[bytes], path: Path) -> None:
    """Write a file piece by piece."""
    with path.open("wb") as file:
        for piece in content:
            file.write(piece)


# -- JSON ----------------------------------------------------------------------------------------------


def billed_json(contracts: Iterable[BilledContract], asked: Asked, _language: OneLanguage) -> Iterator[bytes]:
    """Contract by contract, then the sums of all; explanations are told with the dues of each contract."""
    sums = dict.fromkeys(("list", "waiver", "net", "vat"), 0)
    separator = b""
    yield b'{"invoice_month":"%b","as_of":"%b","contracts":[' % (
        f"{asked.invoice_month:%Y-%m}".encode(),
        asked.as_of.isoformat().encode(),
    )
    for contract in contracts:
        told = _told(contract)
        for name in sums:
            sums[name] += told["totals"][name]
        yield separator + orjson.dumps(told)
        separator = b","
    totals = {**sums, "total": sums["net"] + sums["vat"]}
    yield b'],"totals":%b}' % orjson.dumps(totals)


def _told(contract: BilledContract) -> Data:
    lines = [_line(line._asdict()) for line in contract.lines]
    sums = {name: sum(line[name] for line in lines) for name in ("list", "waiver", "net")}
    vat = sum(invoice.vat for invoice in contract.invoices)
    return {
        "contract": contract.contract,
        "company": contract.company,
        "business_number": contract.business_number,
        "lines": lines,
        "invoices": [{**invoice._asdict(), "total": invoice.total} for invoice in contract.invoices],
        "totals": {**sums, "vat": vat, "total": sums["net"] + vat},
    }


OF_A_LINE = (
    "service_month", "fee", "contract", "product", "option", "user_type", "quantity", "unit_price", "days",
    "charged_days", "days_in_month", "list", "waiver", "net", "invoice_on", "basis", "price_list", "source",
)  # fmt: skip


def _line(line: Data) -> Data:
    """A line as the dues of one contract name it: its contract there is the agreement."""
    line["contract"] = line["agreement"]
    return {name: line[name] for name in OF_A_LINE}


TEXTS: Mapping[str, Callable[[Iterable[BilledContract], Asked, OneLanguage], Iterator[bytes]]] = {
    JSON: billed_json,
    "csv": lambda contracts, _, language: billed_csv(contracts, language),
    "focus.csv": lambda contracts, _, language: focus_csv(contracts, language),
}
