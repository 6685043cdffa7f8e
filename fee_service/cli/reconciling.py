"""`python -m fee_service reconcile`: files of invoices held against what is owed, as a file of the result."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from fee_service.business_number import read
from fee_service.cli.commands import editions_in, fail, settings_given
from fee_service.cli.databases import database_of
from fee_service.clock import today_in_korea
from fee_service.errors import FeeError
from fee_service.quotes.desk import Desk
from fee_service.storage.contracts import last_place
from fee_service.strict_json import Data
from fee_service.wording import OneLanguage, fault_answer

WRITTEN = ("focus.csv", "csv", "xlsx", "parquet")  # by the end of the name, the longest first


class _Company(click.ParamType[str]):
    """A business number, as it is printed."""

    name = "000-00-00000"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        number = read(str(value)).number
        if number is None:
            self.fail(f"{value!r} is no business number", param, ctx)
        return number


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file to write.")
@click.option("--own-number", type=_Company(), help="Whose files they are, where they do not say it.")
@click.option("--lang", type=click.Choice(["ko", "en"]), default="ko", help="Language of the texts.")
def reconcile(files: Sequence[Path], out: Path, own_number: str | None, lang: OneLanguage) -> None:
    """Hold the invoices in FILES against what is owed; the end of the name says what is written: .xlsx, .csv, .parquet,
    .focus.csv. Nothing is kept: what was seen, and findings, come of runs of the service."""
    kind = next((kind for kind in WRITTEN if out.name.endswith(f".{kind}")), None)
    if kind is None:
        fail(f"{out}: the name must end with {', '.join(f'.{each}' for each in WRITTEN)}")
    if not out.absolute().parent.is_dir():
        fail(f"{out}: there is no such folder")
    settings = settings_given()
    with database_of(settings) as database:
        desk = Desk(database, editions_in(settings.pricing_tables))
        try:
            told = _reconciled(desk, files, own_number, kind, out, lang)
        except FeeError as error:
            said = (fault_answer(fault, lang) for fault in error.faults)
            fail("\n".join(f"{each['message']} {each['hint']}" for each in said))
    click.echo(_said(out, told), err=True)


def _reconciled(
    desk: Desk, files: Sequence[Path], own_number: str | None, kind: str, out: Path, lang: OneLanguage
) -> Data:
    """Judge the files, with a bar that says how many contracts are done, and write what was found."""
    from fee_service.documents.reconciled_columns import Result
    from fee_service.documents.reconciled_files import write
    from fee_service.reconciliation.files import SentFile
    from fee_service.reconciliation.knowing import AsOf
    from fee_service.reconciliation.naming import item_names
    from fee_service.reconciliation.running import run, summary
    from fee_service.reconciliation.summing import Sums

    today = today_in_korea()
    with desk.database.reading() as connection:
        as_of = AsOf(today, last_place(connection), own_number)
    sent = [SentFile(path, path.name) for path in files]
    with click.progressbar(length=1, label="contracts", file=sys.stderr, width=40) as bar:

        def watch(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        of = run(desk, sent, item_names(desk), as_of, watch)
    sums = Sums()
    for table in of.tables():
        sums.add(table)
    told = summary(sums, of, {})
    with tempfile.TemporaryDirectory(prefix=".reconcile-", dir=out.absolute().parent) as folder:
        made = write(kind, "result", Result(of.tables, told, today), lang, Path(folder))
        made.path.replace(out)
    return told


def _said(out: Path, told: Data) -> str:
    """How many lines stand how, and whether the sum closes."""
    counts = ", ".join(f"{each['lines']:,} {status}" for status, each in told["by_status"].items()) or "no lines"
    return f"{out}: {counts}; the sum {'closes' if told['closes'] else 'does not close'}"
