"""A result added up, table by table in columns: by status and cause, and whether the sum closes, reckoned each time.

What is billed is what is expected, the differences of each cause and what is unexplained: of everything judged, and of
each file, invoice, contract and month. What is not judged, was seen before or cannot be read stands aside. KRW.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from fee_service.rules.judging import ASIDE, TELLS_WHY, Status
from fee_service.rules.reconciling import Cause
from fee_service.strict_json import Data

PARTS = {"file": "by_file", "invoice_number": "by_invoice", "contract": "by_contract", "service_month": "by_month"}
ONLY_WRONG = frozenset({"invoice_number"})  # parts of which those that match are not told
OF_NONE = "-"  # the key of lines that have none: what was not billed is in no file, a total is of no month
MOST_TOLD = 1_000  # of a part; what is left out is told as a sum
MONEY = ("amount", "expected", "difference", "vat_difference")
SUMMED = (*PARTS, "status", "cause", *MONEY)  # the columns that are needed
_WIDE = pa.decimal128(38)
_SAFE = 1 << 62


class Given(NamedTuple):
    """What the reading of the files says beside the lines, for the summary."""

    rows: int  # of the files, whatever they are
    other_rows: Mapping[str, int]  # that are no lines, by kind
    checks: Sequence[Data] = ()
    months_without_rows: Sequence[str] = ()
    findings: Mapping[str, int] = {}


class Sum(NamedTuple):
    """Lines and their money (KRW)."""

    lines: int = 0
    amount: int = 0
    expected: int = 0
    difference: int = 0
    vat: int = 0  # by which the VAT differs

    def with_(self, other: Sum) -> Sum:
        return Sum(*(one + another for one, another in zip(self, other, strict=True)))


Causes = dict[str | None, Sum]  # of lines that are judged; None: nothing is wrong


class Sums:
    """Adds up tables, one at a time; what it keeps grows with the invoices, not with the lines."""

    def __init__(self) -> None:
        self._by_status: dict[tuple[str, str | None], Sum] = defaultdict(Sum)
        self._parts: dict[str, list[pa.Table]] = {name: [] for name in PARTS}
        self._billed = 0

    def add(self, table: pa.Table) -> None:
        """One table of the result, or its columns SUMMED."""
        columns = {name: table[name] for name in PARTS} | {"status": _text(table["status"]), "why": why(table)}
        money = {name: _exact(pc.fill_null(table[name], 0)) for name in MONEY}
        flat = pa.table({**columns, **money})
        for (status, cause), total in _grouped(flat, ("status", "why")):
            self._by_status[status, cause] = self._by_status[status, cause].with_(total)
        self._billed += int(pc.sum(table["amount"].cast(_WIDE)).as_py() or 0)
        judged = flat.filter(pc.invert(pc.is_in(flat["status"], pa.array(ASIDE, pa.string()))))
        for name, kept in self._parts.items():
            kept.append(_added(judged, (name, "why")))

    def summary(self, given: Given) -> Data:
        """All that was added: the sums, and by each part; `closes` where not a row and not a won is missing."""
        judged, aside = self._causes(), self._aside()
        whole = _told(judged)
        parts = {name: dict(self._part(name)) for name in PARTS}
        lines = sum(total.lines for (status, _), total in self._by_status.items() if status != Status.MISSING)
        told = {name: _bounded(_chosen(name, part)) for name, part in parts.items()}
        everything = [whole, *(_told(causes) for part in parts.values() for causes in part.values())]
        return {
            "rows": given.rows,
            "lines": lines,
            "other_rows": dict(given.other_rows),
            "by_status": self._statuses(),
            **{name: whole[name] for name in ("amount", "expected", "by_cause", "unexplained")},
            "aside": aside,
            "closes": (
                all(each["closes"] for each in everything)
                and given.rows == lines + sum(given.other_rows.values())
                and self._billed == whole["amount"] + sum(aside.values())
                and all(_is_whole(part, judged) for part in parts.values())
            ),
            **{PARTS[name]: entries for name, (entries, _) in told.items()},
            "left_out": {PARTS[name]: left for name, (_, left) in told.items() if left["count"]},
            "checks": list(given.checks),
            "months_without_rows": list(given.months_without_rows),
            "findings": dict(given.findings),
        }

    def _statuses(self) -> Data:
        found: dict[str, Sum] = defaultdict(Sum)
        for (status, _), total in self._by_status.items():
            found[status] = found[status].with_(total)
        ordered = [status for status in Status if status in found]
        return {
            str(status): {name: getattr(found[status], name) for name in ("lines", "amount", "difference")}
            for status in ordered
        }

    def _causes(self) -> Causes:
        found: Causes = defaultdict(Sum)
        for (status, cause), total in self._by_status.items():
            if status not in ASIDE:
                found[cause] = found[cause].with_(total)
        return found

    def _aside(self) -> dict[str, int]:
        found: dict[str, int] = defaultdict(int)
        for (status, _), total in self._by_status.items():
            if status in ASIDE:
                found[status] += total.amount
        return dict(found)

    def _part(self, name: str) -> Iterator[tuple[str, Causes]]:
        """The causes of each file, invoice, contract or month, in the order of their keys."""
        if not self._parts[name]:
            return
        merged = _merged(pa.concat_tables(self._parts[name]), (name, "why"))
        self._parts[name] = [merged]
        found: dict[str, Causes] = defaultdict(dict)
        for (key, cause), total in _totals(merged, 2):
            found[key or OF_NONE][cause] = total
        yield from sorted(found.items())


def summed_up(tables: Iterable[pa.Table], given: Given) -> Data:
    """The summary of a whole result."""
    sums = Sums()
    for table in tables:
        sums.add(table)
    return sums.summary(given)


def why(table: pa.Table) -> pa.Array:
    """The cause of each line as sums name it: where none is known, the status that says it, else `unexplained`."""
    status, cause = _text(table["status"]), _text(table["cause"])
    is_wrong = pc.or_(
        pc.not_equal(pc.fill_null(table["difference"], 0), 0), pc.not_equal(pc.fill_null(table["vat_difference"], 0), 0)
    )
    instead = pc.if_else(pc.is_in(status, pa.array(TELLS_WHY, pa.string())), status, str(Cause.UNEXPLAINED))
    is_judged = pc.invert(pc.is_in(status, pa.array(ASIDE, pa.string())))
    return pc.coalesce(cause, pc.if_else(pc.and_(is_wrong, is_judged), instead, pa.scalar(None, pa.string())))


# -- columns -----------------------------------------------------------------------------------------------


def _text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Words as plain texts, a day as its month is told."""
    return pc.strftime(column, "%Y-%m") if pa.types.is_date(column.type) else column.cast(pa.string())


def _exact(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Numbers whose sum over the table is exact: wide ones where int64 could run over."""
    bounds = pc.min_max(column).as_py()
    largest = max(abs(bounds["min"] or 0), abs(bounds["max"] or 0))
    return column if largest * max(len(column), 1) < _SAFE else column.cast(_WIDE)


def _added(table: pa.Table, keys: Sequence[str]) -> pa.Table:
    """Lines and money by some keys."""
    sums = table.group_by(list(keys)).aggregate([([], "count_all"), *((name, "sum") for name in MONEY)])
    return _named(sums, keys)


def _merged(table: pa.Table, keys: Sequence[str]) -> pa.Table:
    """Sums of tables added up again."""
    return _named(table.group_by(list(keys)).aggregate([(name, "sum") for name in ("lines", *MONEY)]), keys)


def _named(sums: pa.Table, keys: Sequence[str]) -> pa.Table:
    numbers = [column.cast(_WIDE) for column in sums.columns[len(keys) :]]
    ordered = [_text(sums[name]) for name in keys]
    return pa.table([*ordered, *numbers], names=[*keys, "lines", *MONEY])


def _grouped(table: pa.Table, keys: Sequence[str]) -> Iterator[tuple[tuple[Any, ...], Sum]]:
    return _totals(_added(table, keys), len(keys))


def _totals(sums: pa.Table, keys: int) -> Iterator[tuple[tuple[Any, ...], Sum]]:
    for row in zip(*(column.to_pylist() for column in sums.columns), strict=True):
        yield row[:keys], Sum(*map(int, row[keys:]))


# -- as it is told -----------------------------------------------------------------------------------------


def _told(causes: Causes) -> Data:
    """What is billed, expected and differs, by cause; `closes` where the one is the others together."""
    amount, expected = (sum(getattr(each, name) for each in causes.values()) for name in ("amount", "expected"))
    unexplained = causes.get(Cause.UNEXPLAINED, Sum())
    by_cause = {
        cause: {"lines": each.lines, "amount": each.difference, "vat": each.vat}
        for cause, each in sorted(causes.items(), key=_order)
        if cause is not None and cause != Cause.UNEXPLAINED
    }
    explained = sum(each["amount"] for each in by_cause.values())
    return {
        "lines": sum(each.lines for each in causes.values()),
        "amount": amount,
        "expected": expected,
        "by_cause": by_cause,
        "unexplained": unexplained.difference,
        "closes": amount == expected + explained + unexplained.difference,
    }


def _order(entry: tuple[str | None, Sum]) -> tuple[int, str]:
    """Causes by how much money they move, the most first."""
    return -abs(entry[1].difference), entry[0] or ""


def _chosen(name: str, part: Mapping[str, Causes]) -> dict[str, Causes]:
    """What is told of a part, those with something wrong first."""
    wrong = {key: causes for key, causes in part.items() if set(causes) != {None}}
    right = {} if name in ONLY_WRONG else {key: causes for key, causes in part.items() if key not in wrong}
    return wrong | right


def _bounded(part: Mapping[str, Causes]) -> tuple[Data, Data]:
    """The entries that are told, by their keys, and what the others come to."""
    kept = list(part)[:MOST_TOLD]
    left = [_told(part[key]) for key in list(part)[MOST_TOLD:]]
    others = {name: sum(each[name] for each in left) for name in ("lines", "amount", "expected")}
    return {key: _told(part[key]) for key in sorted(kept)}, {"count": len(left), **others}


def _is_whole(part: Mapping[str, Causes], judged: Causes) -> bool:
    """Whether a part has every judged line and won in it."""
    found: Causes = defaultdict(Sum)
    for causes in part.values():
        for cause, total in causes.items():
            found[cause] = found[cause].with_(total)
    return dict(found) == dict(judged)
