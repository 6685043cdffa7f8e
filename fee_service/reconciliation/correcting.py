"""From the lines of a result to what to ask for: chains with something wrong, and the correction that sets each right.

With it every claim of the chain is what was due, and its VAT that of the right supply.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from fee_service.answers.result_line import ResultLine
from fee_service.published.editions import Editions, NotFound, Rate
from fee_service.rules.corrections import Correction, Stood, correction
from fee_service.rules.invoicing import vat_of
from fee_service.rules.judging import Status

WRONG = (Status.OVERBILLED, Status.UNDERBILLED, Status.UNEXPECTED, Status.DUPLICATE)


class WrongInvoice(NamedTuple):
    """A chain of invoices with something wrong, and what to ask for.

    `asked` is None where the chain cannot be corrected by what is known: its original is in none of the files, or a
    line of it has no amount.
    """

    chain: str
    supplier: str | None
    customer: str | None
    issued_on: date | None  # of the original
    lines: tuple[ResultLine, ...]
    vat: int  # as billed, KRW
    asked: Correction[ResultLine] | None

    @property
    def contracts(self) -> tuple[str, ...]:
        """The contracts of the lines that are wrong."""
        return tuple(dict.fromkeys(line.contract for line in self.wrong if line.contract))

    @property
    def wrong(self) -> tuple[ResultLine, ...]:
        """The lines with something wrong."""
        return tuple(line for line in self.lines if line.status in WRONG)


def wrong_invoices(lines: Iterable[ResultLine], editions: Editions, today: date) -> Iterator[WrongInvoice]:
    """The chains of a result with something wrong, in the order of the files; to be corrected on a day."""
    for chain, of_it in _chains(lines):
        if any(line.status in WRONG for line in of_it):
            yield _wrong(chain, of_it, editions, today)


def not_billed(lines: Iterable[ResultLine]) -> Iterator[ResultLine]:
    """What is due and was not billed."""
    return (line for line in lines if line.status == Status.MISSING)


def _chains(lines: Iterable[ResultLine]) -> Iterator[tuple[str, Sequence[ResultLine]]]:
    """The lines of each chain, with those that stand aside but are part of its invoices."""
    counting = [line for line in lines if line.invoice_number and line.status != Status.ALREADY_SEEN]
    chains = {_named(line, line.invoice_number): line.chain for line in counting if line.chain}
    found: dict[tuple[str | None, str | None], list[ResultLine]] = {}
    for line in counting:
        chain = line.chain or chains.get(_named(line, line.invoice_number)) or line.invoice_number
        found.setdefault(_named(line, chain), []).append(line)
    for (_, chain), of_it in found.items():
        assert chain is not None
        yield chain, of_it


def _named(line: ResultLine, number: str | None) -> tuple[str | None, str | None]:
    """A number of an invoice, which only its supplier gives once."""
    return line.supplier, number


def _wrong(chain: str, lines: Sequence[ResultLine], editions: Editions, today: date) -> WrongInvoice:
    first = next((line for line in lines if line.invoice_number == chain), None)
    issued_on = first and first.issued_on
    rate, asked, vat = _rate(issued_on, editions), None, sum(line.vat or 0 for line in lines)
    if issued_on is not None and rate is not None and all(line.amount is not None for line in lines):
        vat = _vat(lines, rate)
        asked = correction(chain, issued_on, list(_stood(lines)), vat, rate, today)
    told = first or lines[0]
    return WrongInvoice(chain, told.supplier, told.customer, issued_on, tuple(lines), vat, asked)


def _rate(day: date | None, editions: Editions) -> Rate | None:
    try:
        return None if day is None else editions.price_list_on(day).vat
    except NotFound:
        return None


def _vat(lines: Sequence[ResultLine], rate: Rate) -> int:
    """The VAT that is billed; where the files do not say, that of what is billed."""
    if any(line.vat is None for line in lines):
        return vat_of(sum(line.amount or 0 for line in lines), rate)
    return sum(line.vat or 0 for line in lines)


def _stood(lines: Sequence[ResultLine]) -> Iterator[Stood[ResultLine]]:
    """What the chain bills, by what it is for: of several lines for one thing the first tells it."""
    claims: dict[object, list[ResultLine]] = {}
    for place, line in enumerate(lines):
        claims.setdefault(_claim(line) or place, []).append(line)
    for rows in claims.values():
        billed = sum(line.amount or 0 for line in rows)
        difference = sum(line.difference or 0 for line in rows)
        yield Stood(rows[0], billed, billed - difference, rows[0].status == Status.DUPLICATE)


def _claim(line: ResultLine) -> object | None:
    """What a line is for; None where that is not known, so that it stands alone."""
    if line.expected is None or line.fee is None:
        return None
    return (
        line.contract, line.agreement, line.fee, line.product, line.option, line.user_type, line.service_month
    )  # fmt: skip
