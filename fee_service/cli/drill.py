"""`python -m fee_service db drill`: whether the backup could be lived on, tried as a whole."""

from __future__ import annotations

import contextlib
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from fee_service.actors import COMMAND_LINE
from fee_service.cli.commands import editions_in, fail, place, settings_given
from fee_service.clock import now_in_utc, today_in_korea
from fee_service.quotes.calls import Call
from fee_service.quotes.desk import Desk
from fee_service.quotes.finding import find
from fee_service.quotes.proving import prove_one
from fee_service.storage import addresses, audit, quotes, sealing
from fee_service.storage.backing_up import NoBackup
from fee_service.storage.database import Database
from fee_service.storage.scratch import restored

FAILED = 1


@click.command()
@click.option("--sample", type=click.IntRange(1, 100_000), default=200, show_default=True, help="Quotes to replay.")
@click.option("--in", "where", type=click.Path(exists=True, file_okay=False), help="Folder with room for two copies.")
def drill(sample: int, where: str | None) -> None:
    """Back up, restore to a scratch place, verify the audit log and compute a sample of quotes anew.

    The service goes on meanwhile, and its database is only read. Fails where anything is not as it was issued.
    """
    settings = settings_given()
    began = time.monotonic()
    editions = editions_in(settings.pricing_tables)
    try:
        with (
            tempfile.TemporaryDirectory(prefix="fee-service-drill-", dir=where) as folder,
            restored(addresses.address(settings.database), Path(folder)) as copy,
            contextlib.closing(Database(copy.url)) as database,
        ):
            took = f"in {copy.backing_up:.1f} s; restored in {copy.restoring:.1f} s"
            click.echo(f"backed up: {copy.size:,} bytes {took}")
            faults = [*_verified(database), *_computed_anew(Desk(database, editions), sample)]
    except NoBackup as error:
        fail(str(error))
    for fault in faults:
        click.echo(fault, err=True)
    outcome = f"{len(faults)} faults: this backup is not what was issued" if faults else "nothing is wrong"
    click.echo(f"drill of {time.monotonic() - began:.1f} s: {outcome}; the scratch copy is removed")
    if faults:
        sys.exit(FAILED)


def _verified(database: Database) -> list[str]:
    """What `audit verify` would find in the copy."""
    with database.snapshot() as connection:
        faults = [f"entry {found.sequence}: {found.what}" for found in audit.verify(connection)]
        faults += [f"{finding.subject}: {finding.what}" for finding in sealing.verify_quotes(connection)]
        entries = sum(1 for _ in audit.entries(connection))
    click.echo(f"revision {database.revision()}; {entries:,} entries of the audit log verified")
    return faults


def _computed_anew(desk: Desk, sample: int) -> list[str]:
    """What `replay` would find in quotes spread evenly over all of them."""
    with desk.database.reading() as connection:
        numbers = quotes.all_numbers(connection)
    chosen = list(_spread(numbers, sample))
    call = Call(COMMAND_LINE, place(), now_in_utc(), today_in_korea())
    faults = [f"{key}: {alarm}" for key in chosen for alarm in prove_one(desk, find(desk, key, call)).alarms]
    click.echo(f"{len(numbers):,} quotes, of which {len(chosen):,} were computed anew")
    return faults


def _spread(numbers: Sequence[str], sample: int) -> Iterator[str]:
    """As many as wanted, from the first to the last."""
    count = min(sample, len(numbers))
    for step in range(count):
        yield numbers[step * (len(numbers) - 1) // max(1, count - 1)]
