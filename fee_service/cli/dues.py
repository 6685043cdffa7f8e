"""`python -m fee_service dues`: what all contracts are billed by the invoices of a month, as a file."""

from __future__ import annotations

import gc
import multiprocessing
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import click

from fee_service.answers.billed import BilledContract
from fee_service.cli.commands import editions_in, fail, settings_given
from fee_service.cli.databases import database_of
from fee_service.clock import today_in_korea
from fee_service.documents.billed_csv import body, head
from fee_service.documents.billed_files import CONTENT_TYPES, Asked, write
from fee_service.errors import FeeError
from fee_service.finance.billing import Rate, all_events, billed_in, billing_of, in_columns, ranges
from fee_service.finance.kept import Events
from fee_service.finance.window import Window, window_of
from fee_service.settings import Settings
from fee_service.storage.database import Database
from fee_service.wording import OneLanguage, fault_answer
from schemas.usage import Month

TEXTS = ("csv", "focus.csv")  # of which each process writes its own rows
AHEAD = 4  # parts for each process that may be made before they are written
Part = tuple[int, int]


class _Month(click.ParamType[date]):
    """A month written YYYY-MM."""

    name = "YYYY-MM"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        read = Month().read(value, "", [])
        if not isinstance(read, date):
            self.fail(f"{value!r} is not a month written as YYYY-MM", param, ctx)
        return read


@click.command()
@click.option("--invoice-month", type=_Month(), required=True, help="The month of the invoices.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file to write.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="As known on this day; by default today.")
@click.option("--lang", type=click.Choice(["ko", "en"]), default="ko", help="Language of the texts.")
@click.option("--processes", type=click.IntRange(1, 64), default=os.cpu_count() or 1, help="That share the work.")
def dues(invoice_month: date, out: Path, as_of: Any, lang: OneLanguage, processes: int) -> None:
    """Write what all contracts are billed; the end of the name says what: .csv, .xlsx, .parquet, .json, .focus.csv,
    .hometax.xlsx (a .zip where it is several files)."""
    kind = next((kind for kind in sorted(CONTENT_TYPES, key=len, reverse=True) if out.name.endswith(f".{kind}")), None)
    if kind is None:
        fail(f"{out}: the name must end with {', '.join(f'.{kind}' for kind in CONTENT_TYPES)}")
    if not out.absolute().parent.is_dir():
        fail(f"{out}: there is no such folder")
    settings = settings_given()
    editions = editions_in(settings.pricing_tables)
    with database_of(settings) as database:
        known = as_of.date() if as_of else None
        billing, count = billing_of(database, invoice_month, known, today_in_korea())
        parts, events = ranges(database, billing.through), all_events(database)
    window = window_of(editions, invoice_month, billing.as_of)
    work = _Work(settings, in_columns(editions, billing), events, window, kind, lang)
    with tempfile.TemporaryDirectory(prefix=".dues-", dir=out.absolute().parent) as folder:
        try:
            made = _shown(work.done(parts, min(processes, len(parts))), count)
            written = _written(kind, made, Asked(invoice_month, billing.as_of), lang, Path(folder))
        except FeeError as error:
            told = (fault_answer(fault, "ko" if lang == "ko" else "en") for fault in error.faults)
            fail("\n".join(f"{each['message']} {each['hint']}" for each in told))
        place = out.with_name(out.name.removesuffix(".xlsx") + ".zip") if written.suffix == ".zip" else out
        shutil.move(written, place)
    click.echo(f"{place}: {count:,} contracts, invoices of {invoice_month:%Y-%m} as known on {billing.as_of}", err=True)


def _written(kind: str, parts: Iterator[_Made], asked: Asked, lang: OneLanguage, folder: Path) -> Path:
    """The file of all parts: rows of a text as each process wrote them, of others what is to be written."""
    if kind in TEXTS:
        path = folder / f"dues.{kind}"
        with path.open("wb") as file:
            file.write(head(kind))
            for part in parts:
                file.write(part.rows)
        return path
    return write(kind, (each for part in parts for each in part.contracts), asked, lang, folder).path


class _Made(NamedTuple):
    """What a process has made of a part; of so many contracts."""

    billed: int
    rows: bytes
    contracts: list[BilledContract]


class _Work:
    """Contracts in parts, each by a process that is a copy of this one, with a connection of its own."""

    def __init__(
        self, settings: Settings, rate: Rate, events: Events, window: Window, kind: str, lang: OneLanguage
    ) -> None:
        self._settings, self._rate, self._kind, self._lang = settings, rate, kind, lang
        self._events, self._window = events, window

    def done(self, parts: list[Part], processes: int) -> Iterator[_Made]:
        """Each part in order; no more of them wait than are soon written."""
        gc.disable()  # nothing here refers to itself, and looking for what does takes half of the time
        if processes < 2:
            yield from map(self.part, parts)
            return
        _Shared.work = self
        waiting: list[Future[_Made]] = []
        with ProcessPoolExecutor(processes, multiprocessing.get_context("fork")) as pool:
            for part in parts:
                waiting.append(pool.submit(_part, part))
                if len(waiting) > AHEAD * processes:
                    yield waiting.pop(0).result()
            for future in waiting:
                yield future.result()

    def part(self, part: Part) -> _Made:
        """A part, made in this process."""
        if _Shared.database is None:
            _Shared.database = Database(self._settings.database)
        contracts = list(billed_in(_Shared.database, part, self._events, self._window, self._rate))
        if self._kind in TEXTS:
            return _Made(len(contracts), b"".join(body(self._kind, contracts, self._lang)), [])
        return _Made(len(contracts), b"", contracts)


class _Shared:
    """What a process keeps between its parts."""

    work: _Work | None = None
    database: Database | None = None


def _part(part: Part) -> _Made:
    assert _Shared.work is not None
    return _Shared.work.part(part)


def _shown(parts: Iterator[_Made], count: int) -> Iterator[_Made]:
    """The parts, with a bar that says how many contracts are done; none where nobody looks."""
    with click.progressbar(length=count, label="contracts", file=sys.stderr, width=40) as bar:
        for part in parts:
            yield part
            bar.update(part.billed)
        bar.update(count)
