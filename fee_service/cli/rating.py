"""`python -m fee_service rate`: a table of licences in, a row for each line and month out."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import click

from fee_service.bulk.cluster import Missing, Unreachable, Unsafe, rate_on_cluster
from fee_service.bulk.faults import BadRows
from fee_service.bulk.reading import BadTable, Files
from fee_service.bulk.running import Sums, rate_files
from fee_service.bulk.segments import month_number
from fee_service.bulk.writing import OutputExists
from fee_service.cli.commands import editions_in, fail, settings_given
from fee_service.cli.streams import shows_korean
from fee_service.errors import Fault
from fee_service.wording import Language, fault_answer
from schemas.fields import FIRST_DAY, LAST_DAY

LANGUAGES = click.Choice(["ko", "en", "both"])


class Month(click.ParamType[int]):
    """A month written YYYY-MM; its number."""

    name = "YYYY-MM"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number of a month, or a refusal."""
        found = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", str(value), re.ASCII)
        if found is None or not FIRST_DAY.year <= int(found[1]) <= LAST_DAY.year:
            self.fail(f"{value!r} is not a month like 2027-12.", param, ctx)
        return month_number(FIRST_DAY.replace(year=int(found[1]), month=int(found[2])))


@click.command()
@click.argument("table", metavar="IN", type=click.Path(exists=True, path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="A .parquet or .csv file, or a folder.")
@click.option("--until", type=Month(), help="The last month to rate; 60 months of each contract without it.")
@click.option("--engine", type=click.Choice(["numpy", "dask"]), default="numpy", show_default=True)
@click.option("--scheduler", help="Where a Dask scheduler listens (tls://…); a cluster of its own without it.")
@click.option("--lang", "given", type=LANGUAGES, help="Language of the sentences; ko where the terminal has it.")
def rate(table: Path, out: Path, until: int | None, engine: str, scheduler: str | None, given: Language | None) -> None:
    """Rate the licences in IN: Parquet or CSV, a file or a folder of them, one row a licence."""
    language: Language = given or ("ko" if shows_korean() else "en")
    editions = editions_in(settings_given().pricing_tables)
    behind = None if until is None else until + 1
    if scheduler and engine != "dask":
        raise click.UsageError("--scheduler goes with --engine dask.")
    if not out.parent.is_dir():
        fail(f"{out.parent}: no such folder")
    try:
        files = Files(table)
        with progress_of(files) as progress:
            if engine == "dask":
                sums = rate_on_cluster(files, out, editions, behind, progress, scheduler)
            else:
                sums = rate_files(files, out, editions, behind, progress)
    except BadTable as error:
        _refuse([(file, fault) for file, fault in error.faults], language)
    except BadRows as error:
        told = [(f"{place.file} row {place.row}", one.fault) for one in error.faults if (place := files.place(one.row))]
        _refuse(told, language, [f"{place.file} row {place.row}" for place in map(files.place, error.further)])
    except Unsafe as error:
        fail(f"{error}: a scheduler unpickles what it is sent; give one of this machine, or one over TLS (tls://…)")
    except Unreachable as error:
        fail(f"the scheduler cannot be reached: {error}")
    except Missing:
        fail("Dask is not installed: pip install -r requirements-cluster.txt")
    except OutputExists:
        fail(f"{out}: exists already and is not written over")
    click.echo(_summary(sums, out))


def _summary(sums: Sums, out: Path) -> str:
    return f"{out}: {sums.rows:,} rows, list {sums.list:,}, waiver {sums.waiver:,}, net {sums.net:,} won without VAT"


def _refuse(faults: list[tuple[str, Fault]], language: Language, further: list[str] | None = None) -> NoReturn:
    """Every fault: where, which column, why, what to do."""
    for place, fault in faults:
        said = fault_answer(fault, language)
        column = fault.pointer.removeprefix("/")
        click.echo(f"{place}{f', {column}' if column else ''}: {said['message']}\n    {said['hint']}", err=True)
    for place in further or ():
        click.echo(f"{place}: faulty, too", err=True)
    click.echo("Nothing was written.", err=True)
    sys.exit(2)


@contextmanager
def progress_of(files: Files) -> Iterator[Callable[[int], None]]:
    """A progress bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("rows", total=files.rows)
        yield lambda done: bar.update(task, completed=done)
