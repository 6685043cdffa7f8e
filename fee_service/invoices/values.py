"""What comes out of a file, whatever its format: lines of invoices, rows that are none, and what was understood."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from fee_service.errors import Fault


class FileFormat(StrEnum):
    """What a file is, by its content and never by its name."""

    ETAX_XML = "etax_xml"
    ZIP = "zip"
    WORKBOOK = "workbook"  # XLSX, XLS, ODS
    HTML = "html"
    TEXT = "text"  # CSV, TSV
    PARQUET = "parquet"
    JSON = "json"


class Direction(StrEnum):
    """Whose invoices they are, seen from the company whose file it is."""

    PURCHASE = "purchase"
    SALE = "sale"


class OtherKind(StrEnum):
    """What a row is that is no line of an invoice."""

    PREAMBLE = "preamble"
    HEADER = "header"
    BLANK = "blank"
    SUM = "sum"
    REJECTED = "rejected"


class Place(NamedTuple):
    """Where a row stands: the file (of an archive: its member), the sheet, the line that people see, from 1.

    Of an e-tax invoice and of JSON the line is the number of the item.
    """

    file: str
    sheet: str | None
    line: int


class Unreadable(NamedTuple):
    """A value that says nothing certain: its field, the code of its fault, and the text, where it holds no words."""

    field: str
    code: str
    shown: str | None = None


class InvoiceLine(NamedTuple):
    """One line of an invoice. Whole won; what a file does not tell is None, what cannot be read is in `unreadable`."""

    place: Place
    invoice_number: str | None  # an approval number has 24 characters, without hyphens
    issued_on: date | None
    direction: Direction | None
    supplier: str | None  # business numbers, 000-00-00000
    supplier_name: str | None
    customer: str | None
    customer_name: str | None
    counterparty: str | None  # where it is not known which of both it is
    counterparty_name: str | None
    type_code: str | None  # 4 digits
    correction: bool  # corrects another invoice, with or without a code
    correction_code: str | None  # 01 to 06
    corrects: str | None  # the original's number
    purpose: str | None  # 01 received, 02 claimed
    item: str | None
    specification: str | None
    remark: str | None
    invoice_remark: str | None
    quantity: int | Decimal | None
    amount: int | None  # supply of the line
    vat: int | None
    total: int | None  # of the line, where the file has it
    invoice_supply: int | None
    invoice_vat: int | None
    invoice_total: int | None
    quote: str | None  # own columns, where somebody has them
    service_month: date | None
    fee: str | None
    agreement: str | None
    product: str | None
    option: str | None
    user_type: str | None
    extra: Mapping[str, str]  # unknown columns, as they came
    unreadable: tuple[Unreadable, ...]


class OtherRow(NamedTuple):
    """A row that is no line: `code` says why a rejected one is none; a sum row has the sums that it states."""

    place: Place
    kind: OtherKind
    code: str | None = None
    sums: Mapping[str, int] = {}


class Refused(NamedTuple):
    """A file of an archive, or a sheet, that could not be read; all others are read nevertheless."""

    file: str
    fault: Fault


class Column(NamedTuple):
    """A column of a file: where it stands, from 0, what it is called there, and the field that it fills."""

    at: int
    name: str
    field: str | None  # None: unknown, comes back untouched


class Totals(NamedTuple):
    """Sums in whole won; None where nothing is stated."""

    supply: int | None = None
    vat: int | None = None
    total: int | None = None


class Understood(NamedTuple):
    """How a file, or a sheet of it, was understood before its lines are read."""

    file: str
    sheet: str | None
    format: FileFormat
    encoding: str | None
    delimiter: str | None
    header_line: int | None
    columns: tuple[Column, ...]
    dropped: tuple[str, ...]  # names of columns with data of persons, which are not read
    own_number: str | None
    direction: Direction | None
    period: tuple[date, date] | None  # as the preamble states it, both days included
    stated: Totals


class Check(NamedTuple):
    """A control total of the file against its rows."""

    name: str
    stated: int
    found: int

    @property
    def holds(self) -> bool:
        return self.stated == self.found
