"""`python -m fee_service db …` and `replay`: the database of quotes, and the proof of what is in it."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy import make_url

from fee_service.actors import COMMAND_LINE
from fee_service.cli.commands import editions_in, fail, place, settings_given
from fee_service.cli.databases import database_of
from fee_service.cli.drill import drill
from fee_service.clock import KOREA_STANDARD_TIME, now_in_utc, today_in_korea
from fee_service.errors import FeeError
from fee_service.model import Text
from fee_service.quotes.calls import Call
from fee_service.quotes.desk import Desk
from fee_service.quotes.finding import find
from fee_service.quotes.proving import Proof, prove_all, prove_one
from fee_service.settings import Settings
from fee_service.storage.backing_up import NoBackup, back_up, check, restore
from fee_service.storage.migrating import NoWayBack
from fee_service.wording import in_language


@click.group()
def db() -> None:
    """The database of issued quotes."""


@db.command()
def upgrade() -> None:
    """Bring the tables up to date; of two at once one does it, the other waits."""
    with database_of(settings_given()) as database:
        before, after = database.upgrade()
    click.echo(f"at revision {after} already" if before == after else f"from revision {before or 'none'} to {after}")


@db.command()
@click.argument("revision")
@click.option("--yes", is_flag=True, help="Do not ask.")
def downgrade(revision: str, yes: bool) -> None:
    """Take the tables back to REVISION, for the version of the service that needs it.

    Stop the service first. Quotes, audit log and waiver ledger stay; what only later versions keep is lost.
    """
    if not yes:
        click.confirm(f"Take the tables back to {revision}? The service must be stopped.", abort=True)
    with database_of(settings_given()) as database:
        try:
            before, after = database.downgrade(revision)
        except NoWayBack as error:
            fail(f"{revision} is no earlier revision; there are: {', '.join(error.earlier) or 'none'}")
    click.echo(
        f"from revision {before} to {after}\nNow install the version that needs it; this one would upgrade again"
    )


@db.command()
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path))
def backup(target: Path) -> None:
    """Copy the database into the new FILE while the service runs (SQLite)."""
    path = _sqlite_file(settings_given(), "pg_dump --format=custom --file=FILE")
    try:
        back_up(path, target)
    except NoBackup as error:
        fail(str(error))
    click.echo(f"{target}: {target.stat().st_size:,} bytes, revision {check(target)}")


@db.command("restore")
@click.argument("source", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask.")
def restore_backup(source: Path, yes: bool) -> None:
    """Put the backup FILE in the place of the database, whose content is kept beside it (SQLite).

    Stop the service first: quotes issued meanwhile would be lost.
    """
    path = _sqlite_file(settings_given(), "pg_restore --clean --if-exists FILE")
    if path.exists() and not yes:
        click.confirm(f"Put {source} in the place of {path}? The service must be stopped.", abort=True)
    former = path.with_name(f"{path.name}.before-{datetime.now(KOREA_STANDARD_TIME):%Y%m%d-%H%M%S}")
    try:
        restore(source, path, former)
    except NoBackup as error:
        fail(str(error))
    kept = f"; what was there before is in {former}" if former.exists() else ""
    click.echo(f"{path} restored{kept}\nNow run: db upgrade, audit verify, replay --all")


db.add_command(drill)


def _sqlite_file(settings: Settings, tool: str) -> Path:
    """The file of an SQLite database; for PostgreSQL the command ends with the tool to use."""
    url = make_url(settings.database)
    if url.get_backend_name() != "sqlite" or not url.database:
        shown = url._replace(drivername="postgresql", password=None).render_as_string()
        fail(f"PostgreSQL has its own tool, with the password in PGPASSWORD or .pgpass:\n\n  {tool} --dbname='{shown}'")
    return Path(url.database)


@click.command()
@click.argument("key", metavar="[QUOTE]", required=False)
@click.option("--all", "every", is_flag=True, help="Every stored quote.")
def replay(key: str | None, every: bool) -> None:
    """Compute QUOTE (number or id) or every quote anew from the editions of its day; fails on any difference."""
    if every == (key is not None):
        fail("give the number or id of a quote, or --all")
    settings = settings_given()
    with database_of(settings) as database:
        desk = Desk(database, editions_in(settings.pricing_tables))
        count, wrong = _told(prove_all(desk) if key is None else [_proof(desk, key)])
    click.echo(f"{count} computed anew, {wrong} with a difference")
    if wrong:
        sys.exit(1)


def _proof(desk: Desk, key: str) -> Proof:
    call = Call(COMMAND_LINE, place(), now_in_utc(), today_in_korea())
    try:
        return prove_one(desk, find(desk, key, call))
    except FeeError:
        fail(f"there is no quote {key}")


def _told(proofs: Iterable[Proof]) -> tuple[int, int]:
    """Tell every alarm; answers how many quotes there are, and how many are wrong."""
    count = wrong = 0
    for proof in proofs:
        count += 1
        wrong += bool(proof.alarms)
        for alarm in proof.alarms:
            click.echo(f"{proof.number}: {in_language(Text(alarm), 'en')}", err=True)
        for change in proof.recomputed.changes:
            click.echo(f"    {change.pointer or '/'}: stored {change.before!r}, computed {change.after!r}", err=True)
    return count, wrong
