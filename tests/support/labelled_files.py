"""Labelled invoices as files in every format that is read, with the variations in which people hand them out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from fee_service.published.editions import PriceList
from fee_service.rules.lines import label_of
from support.invoice_files import (
    BUYER,
    NAMES,
    SELLER,
    Billed,
    as_csv,
    as_etax,
    as_etax_zip,
    as_html,
    as_json,
    as_parquet,
    as_xls,
    as_xlsx,
    grouped,
    hyphened,
    table,
)
from support.labelled_invoices import Labelled

Rows = list[list[Any]]
BLOCKS = ((0,), (1,), (2, 3, 4, 5), (6, 7, 8, 9), *((at,) for at in range(10, 23)))  # twins stay with their neighbours
JOURNAL = (
    "일자",
    "유형",
    "거래처코드",
    "거래처명",
    "사업자번호",
    "품목",
    "공급가액",
    "부가세",
    "합계",
    "전자",
    "승인번호",
)
ECOUNT = ("일자-No.", "거래처명", "품목명(규격)", "수량", "단가", "공급가액", "부가세", "합계", "적요")
OWN = ("invoice_number", "issued_on", "service_month", "agreement", "fee", "product", "option", "user_type", "quantity",
       "amount", "vat")  # fmt: skip


class Named(NamedTuple):
    """A labelled line as it stands on an invoice."""

    label: Labelled
    billed: Billed

    @property
    def own(self) -> list[Any]:
        """The line in own columns."""
        (contract, fee, product, column), line = self.label.bill.key, self.billed
        option, user_type = ("", column or "") if fee == "usage_fee" else (column or "", "")
        return [line.number, line.issued_on.isoformat(), line.specification, contract, fee, product, option, user_type,
                line.quantity, line.amount, line.vat]  # fmt: skip


def vat_of(supply: int) -> int:
    """A tenth, without its fraction."""
    return supply // 10 if supply >= 0 else -(-supply // 10)


def invoiced(labels: Iterable[Labelled], price_list: PriceList) -> list[Named]:
    """Each day's lines as one invoice; its VAT is a tenth of the whole, and the first line bears the rest."""
    days: dict[date, list[Labelled]] = {}
    for label in labels:
        days.setdefault(label.bill.invoice_on, []).append(label)
    found = []
    for serial, (day, own) in enumerate(sorted(days.items()), 1):
        taxes = [vat_of(label.billed) for label in own]
        taxes[0] += vat_of(sum(label.billed for label in own)) - sum(taxes)
        for label, vat in zip(own, taxes, strict=True):
            item = label_of(price_list, *label.bill.key).ko
            number = f"{day:%Y%m%d}41000998{serial:08}"
            found.append(Named(label, Billed(number, day, item, label.bill.month, 1, label.billed, vat, "")))
    return found


def spelled(rng: Random) -> Callable[[int], str]:
    """One way in which a file writes its won."""
    credit = rng.choice(["-{}", "({})", "△{}", "▲{}"])
    bill = rng.choice(["{}", "{}원", "₩{}"])
    commas = rng.random() < 0.7

    def won(amount: int) -> str:
        number = f"{abs(amount):,}" if commas else str(abs(amount))
        return bill.format(number) if amount >= 0 else credit.format(number)

    return won


def varied(rng: Random, rows: Rows) -> Rows:
    """The list with up to 30 rows above its header, its columns shuffled, and two columns that nobody knows."""
    at = next(number for number, row in enumerate(rows) if "작성일자" in row)
    blocks = [*BLOCKS]
    rng.shuffle(blocks)
    order = [column for block in blocks for column in block]
    listed = [[row[column] for column in order] for row in rows[at:]]
    extra = [
        ["처리상태", "전표묶음"],
        *([rng.choice(["완료", "대기"]), f"B-{number}"] for number in range(len(listed) - 1)),
    ]
    above = [*rows[:at], *[[f"참고 {number}"] for number in range(rng.randrange(31 - at))]]
    rng.shuffle(above)
    place = rng.randrange(len(order))
    return above + [row[:place] + more + row[place:] for row, more in zip(listed, extra, strict=True)]


def journal(lines: Sequence[Billed], won: Callable[[int], Any]) -> Rows:
    """A purchase journal: a title above, a sum below."""
    rows = [
        [line.issued_on.isoformat(), "51", "00101", NAMES[SELLER], SELLER.replace("-", ""), with_month(line),
         won(line.amount), won(line.vat), won(line.amount + line.vat), 1, line.number]
        for line in lines
    ]  # fmt: skip
    supply, vat = sum(line.amount for line in lines), sum(line.vat for line in lines)
    return [["매입매출장"], [*JOURNAL], *rows, ["합계", *[""] * 5, won(supply), won(vat), won(supply + vat), "", ""]]


def with_month(line: Billed) -> str:
    """The item where the month has no column of its own."""
    return f"{line.item} {line.specification}"


def ecount(lines: Sequence[Billed], won: Callable[[int], Any]) -> Rows:
    """A list in which each row is a document of its own, with its own VAT."""
    rows = [
        [f"{line.issued_on:%Y/%m/%d} -{at}", NAMES[SELLER], f"{line.item} [{line.specification}]", line.quantity,
         won(line.amount), won(line.amount), won(vat_of(line.amount)), won(line.amount + vat_of(line.amount)), ""]
        for at, line in enumerate(lines, 1)
    ]  # fmt: skip
    days = [line.issued_on for line in lines]
    return [[f"회사명 : {NAMES[BUYER]} / 구매현황 / {min(days):%Y/%m/%d} ~ {max(days):%Y/%m/%d}"], [*ECOUNT], *rows]


def own_columns(lines: Sequence[Named]) -> Rows:
    """Codes in columns of their own."""
    return [[*OWN], *(line.own for line in lines)]


Write = Callable[[Random, Sequence[Named], Path], Path]


def _kept(name: str, content: bytes, folder: Path) -> Path:
    folder.joinpath(name).write_bytes(content)
    return folder / name


def _listed(rng: Random, named: Sequence[Named], won: Callable[[int], Any] | None = None) -> Rows:
    return varied(rng, table([line.billed for line in named], won or spelled(rng)))


def _billed(named: Sequence[Named]) -> list[Billed]:
    return [line.billed for line in named]


def _etax(rng: Random, named: Sequence[Named], folder: Path) -> Path:
    """The first invoice alone, in UTF-8 or in a Korean code page; of several all of them, packed."""
    lines = _billed(named)
    if len({line.number for line in lines}) > 1:
        return _kept("etax.zip", as_etax_zip(lines), folder)
    return _kept("etax.xml", as_etax(lines[0].number, lines, rng.choice(["utf-8", "cp949"])), folder)


FORMATS: dict[str, Write] = {
    "utf-8": lambda rng, named, to: _kept("list.csv", as_csv(_listed(rng, named)), to),
    "utf-8 with a mark": lambda rng, named, to: _kept("bom.csv", as_csv(_listed(rng, named), "utf-8-sig"), to),
    "cp949": lambda rng, named, to: _kept("cp949.csv", as_csv(_listed(rng, named, spelled_in_cp949(rng)), "cp949"), to),
    "tabs": lambda rng, named, to: _kept("list.txt", as_csv(_listed(rng, named), delimiter="\t"), to),
    "tabs in utf-16": lambda rng, named, to: _kept("list.txt", as_csv(_listed(rng, named), "utf-16", "\t"), to),
    "html": lambda rng, named, to: _kept("html.xls", as_html(_listed(rng, named, spelled_in_cp949(rng))), to),
    "xlsx": lambda rng, named, to: as_xlsx(_listed(rng, named, int), to / "list.xlsx"),
    "xlsx with texts": lambda rng, named, to: as_xlsx(_listed(rng, named), to / "texts.xlsx"),
    "xls": lambda rng, named, to: as_xls(_listed(rng, named, int), to / "list.xls"),
    "xls with texts": lambda rng, named, to: as_xls(_listed(rng, named, grouped), to / "texts.xls"),
    "parquet": lambda rng, named, to: as_parquet(_listed(rng, named, int), to / "list.parquet"),
    "e-tax": _etax,
    "zip of e-tax": lambda rng, named, to: _kept("etax.zip", as_etax_zip(_billed(named)), to),
    "json": lambda rng, named, to: _kept("documents.json", as_json(_billed(named)), to),
    "journal": lambda rng, named, to: _kept("journal.csv", as_csv(journal(_billed(named), grouped), "cp949"), to),
    "ecount": lambda rng, named, to: _kept("ecount.csv", as_csv(ecount(_billed(named), spelled(rng)), "utf-8-sig"), to),
    "own columns": lambda rng, named, to: _kept("own.csv", as_csv(own_columns(named)), to),
}


def spelled_in_cp949(rng: Random) -> Callable[[int], str]:
    """The same without the sign that CP949 has not."""
    won = spelled(rng)
    return lambda amount: won(amount).replace("₩", "￦")


def numbers(named: Iterable[Named]) -> list[str]:
    """The invoices in a file, as lists print them."""
    return [hyphened(number) for number in dict.fromkeys(line.billed.number for line in named)]
