"""How files of invoices were understood, before anything is judged: what is shown while somebody can still say no."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from fee_service.answers.reconciled import LineFault, fault_data
from fee_service.errors import Fault, FeeError
from fee_service.invoices.accounting import Account
from fee_service.invoices.reading import opened
from fee_service.invoices.shape import Batch
from fee_service.invoices.values import InvoiceLine, OtherKind, OtherRow, Refused, Totals, Understood
from fee_service.strict_json import Data
from fee_service.wording import Language, fault_answer

MOST_TEXTS = 2_000  # different texts of items that are told
ITEM = ("supplier", "item", "specification")
OWN = ("fee", "agreement", "product", "option", "user_type")  # columns that say themselves what a line is for
SHOWN = 50  # lines of all files together, and as many rows that could not be read
COUNTED = 100_000  # rows up to which a file is read to its end, so that its totals can be told


_Text = tuple[str | None, ...]  # of an item, by ITEM and OWN


class _Count(NamedTuple):
    """How many lines have a text, and what they come to (KRW)."""

    lines: int = 0
    amount: int = 0


class _Looked(NamedTuple):
    """A file as far as it was looked at; no account of one that goes on."""

    name: str
    understood: tuple[Understood, ...]
    account: Account | None
    refused: tuple[Refused, ...]
    lines: tuple[InvoiceLine, ...]
    rejected: tuple[OtherRow, ...]
    texts: Mapping[_Text, _Count]


def understood(files: Iterable[tuple[Path, str]], language: Language, own_number: str | None = None) -> Data:
    """Files with the names by which people call them, as JSON: each as it was understood, and the first lines of all.

    A file that cannot be read says why beside the others. Raises FeeError (422) where none can be read.
    """
    told: list[Data] = []
    lines: list[InvoiceLine] = []
    rejected: list[OtherRow] = []
    faults: list[Fault] = []
    texts: dict[_Text, _Count] = {}
    for path, name in files:
        try:
            looked = _looked(path, name, own_number, SHOWN - len(lines))
        except FeeError as error:
            faults += error.faults
            told.append({"file": name, "faults": [fault_answer(fault, language) for fault in error.faults]})
            continue
        lines += looked.lines
        _add(texts, looked.texts)
        rejected += looked.rejected[: SHOWN - len(rejected)]
        told.append(_file(looked, language))
    if faults and all("tables" not in one for one in told):
        raise FeeError(faults)
    return {
        "files": told,
        "rows": [line_data(line, language) for line in lines],
        "rejected": [_rejected(row, language) for row in rejected],
        "items": [_item(text, count) for text, count in texts.items()],
    }


def _looked(path: Path, name: str, own_number: str | None, wanted: int) -> _Looked:
    with opened(path, name, own_number) as file:
        lines: list[InvoiceLine] = []
        rejected: list[OtherRow] = []
        refused: list[Refused] = []
        texts: dict[_Text, _Count] = {}
        rows, is_whole = 0, False
        for batch in _until(file.batches(), COUNTED):
            rows += batch.rows
            is_whole = rows <= COUNTED
            lines += islice(_lines(batch), wanted - len(lines))
            rejected += [row for row in batch.others if row.kind is OtherKind.REJECTED][: SHOWN - len(rejected)]
            refused += batch.refused[:SHOWN]
            _add(texts, _texts(batch))
        account = file.account() if is_whole else None
        return _Looked(file.name, tuple(file.understood), account, tuple(refused), tuple(lines), tuple(rejected), texts)


def _until(batches: Iterator[Batch], most: int) -> Iterator[Batch]:
    """The batches up to the first in which there are more rows than so many."""
    rows = 0
    for batch in batches:
        rows += batch.rows
        yield batch
        if rows > most:
            return


def _texts(batch: Batch) -> Mapping[_Text, _Count]:
    """The texts of the items of a batch, in the order in which they come."""
    names = (*ITEM, *OWN)
    columns = {name: batch.lines[name].cast(pa.string()) for name in names}
    amounts = pa.table({**columns, "amount": pc.fill_null(batch.lines["amount"], 0)})
    sums = amounts.group_by(names, use_threads=False).aggregate([("amount", "count"), ("amount", "sum")])
    rows = zip(*(sums[name].to_pylist() for name in (*names, "amount_count", "amount_sum")), strict=True)
    return {row[: len(names)]: _Count(*row[len(names) :]) for row in rows}


def _add(texts: dict[_Text, _Count], more: Mapping[_Text, _Count]) -> None:
    """Further texts, as long as they are not too many."""
    for text, count in more.items():
        if text in texts or len(texts) < MOST_TEXTS:
            before = texts.get(text, _Count())
            texts[text] = _Count(before.lines + count.lines, before.amount + count.amount)


def _lines(batch: Batch) -> Iterator[InvoiceLine]:
    some = Batch(batch.lines.slice(0, SHOWN), batch.unreadable)
    return some.as_rows()


# -- as JSON -------------------------------------------------------------------------------------------


def _file(looked: _Looked, language: Language) -> Data:
    return {
        "file": looked.name,
        "tables": [_table(one) for one in looked.understood],
        "counted": None if looked.account is None else _account(looked.account),
        "refused": [{"file": one.file, **fault_answer(one.fault, language)} for one in looked.refused],
        "faults": [],
    }


def _table(one: Understood) -> Data:
    first, last = one.period or (None, None)
    return {
        "file": one.file,
        "sheet": one.sheet,
        "format": one.format,
        "encoding": one.encoding,
        "delimiter": one.delimiter,
        "header_row": one.header_line,
        "columns": [{"name": column.name, "field": column.field} for column in one.columns],
        "columns_left_out": list(one.dropped),
        "own_number": one.own_number,
        "direction": one.direction,
        "period": None if first is None else {"first_day": first, "last_day": last},
        "stated": _totals(one.stated),
    }


def _totals(totals: Totals) -> Data | None:
    return None if totals == Totals() else totals._asdict()


def _account(account: Account) -> Data:
    return {
        "rows": account.rows,
        "lines": account.lines,
        "other_rows": {kind.value: count for kind, count in account.others.items()},
        "unreadable": account.unreadable,
        "amount": account.amount,
        "vat": account.vat,
        "invoices": _totals(account.invoices),
        "first_day": account.first_day,
        "last_day": account.last_day,
        "checks": [{**check._asdict(), "holds": check.holds} for check in account.checks],
    }


def line_data(line: InvoiceLine, language: Language) -> Data:
    """A line as it was read, with what of it says nothing certain in words; what it does not tell is left out."""
    told: dict[str, Any] = line._asdict()
    place, faults = told.pop("place"), told.pop("unreadable")
    extra, month, quantity = told.pop("extra"), told.pop("service_month"), told.pop("quantity")
    return {
        "row": place._asdict(),
        **{name: value for name, value in told.items() if value is not None},
        **({"service_month": f"{month:%Y-%m}"} if month else {}),
        **({} if quantity is None else {"quantity": str(quantity) if isinstance(quantity, Decimal) else quantity}),
        "faults": [fault_data(LineFault(*fault), language) for fault in faults],
        "extra": dict(extra),
    }


def _item(text: _Text, count: _Count) -> Data:
    """A text with how many lines have it; of own columns those that say something."""
    told = dict(zip((*ITEM, *OWN), text, strict=True))
    item = {name: told.pop(name) for name in ITEM}
    return {**item, "own": {name: value for name, value in told.items() if value is not None}, **count._asdict()}


def _rejected(row: OtherRow, language: Language) -> Data:
    return {"row": row.place._asdict(), **fault_answer(Fault(row.code or ""), language)}
