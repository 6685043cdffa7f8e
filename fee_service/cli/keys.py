"""`python -m fee_service keys …` and `audit …`: who may call, and what was done."""

from __future__ import annotations

import re
import sys
from datetime import datetime

import click

from fee_service.actors import COMMAND_LINE, Role
from fee_service.cli.commands import fail, place, settings_given
from fee_service.cli.databases import database_of
from fee_service.clock import KOREA_STANDARD_TIME, today_in_korea
from fee_service.keys import keyring
from fee_service.storage import audit as log
from fee_service.storage import sealing

HASH = re.compile("[0-9a-f]{64}")


@click.group()
def keys() -> None:
    """API keys: who may call."""


@keys.command()
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--name", required=True, help="Whose key it is.")
@click.option("--expires", type=click.DateTime(["%Y-%m-%d"]), help="Last day on which it opens, in Korea; else never.")
def create(role: str, name: str, expires: datetime | None) -> None:
    """Make a key and print it, once: only its hash is kept."""
    last_day = expires.date() if expires else None
    if last_day is not None and last_day < today_in_korea():
        fail(f"--expires {last_day} is over")
    with database_of(settings_given()) as database:
        try:
            click.echo(keyring.create(database, COMMAND_LINE, place(), Role(role), name, last_day))
        except ValueError as error:
            fail(f"--name: {error}")
    click.echo("Keep it now: it cannot be shown again.", err=True)


@keys.command("list")
def list_keys() -> None:
    """All keys by id: role, name, since when, until when."""
    with database_of(settings_given()) as database:
        made = keyring.everyone(database)
    today = today_in_korea()
    for key in made:
        if key.revoked_at is not None:
            state = f"revoked {_minute(key.revoked_at)}"
        elif key.expires_on is not None:
            state = f"{'expired' if key.expires_on < today else 'until'} {key.expires_on}"
        else:
            state = "open"
        click.echo(f"{key.id}  {key.role:7}  {_minute(key.created_at)}  {state:25}  {key.name}")


@keys.command()
@click.argument("key_id", metavar="ID")
def revoke(key_id: str) -> None:
    """Close the key ID for ever; running workers refuse it within seconds."""
    with database_of(settings_given()) as database:
        try:
            revoked = keyring.revoke(database, COMMAND_LINE, place(), key_id)
        except LookupError:
            fail(f"{key_id!r} is no key of this installation; `keys list` shows them by their ids")
    seconds = keyring.REMEMBERED_SECONDS
    click.echo(f"revoked; no worker takes it after {seconds} seconds" if revoked else "it was revoked before")


@click.group()
def audit() -> None:
    """The audit log: who did what, when, from where."""


def _hash(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    if value is not None and not HASH.fullmatch(value.lower()):
        raise click.BadParameter("give the 64 digits from 0 to f that `audit verify` printed as head")
    return value and value.lower()


@audit.command()
@click.option(
    "--expect", metavar="HASH", callback=_hash, help="A head printed earlier, which must still be in the log."
)
def verify(expect: str | None) -> None:
    """Check the chain of the log, and everything that it attests; fails where anything was edited or is missing.

    Quotes, their states and days, waivers, numbers, keys, links and first answers are compared with their entries.
    Whoever can rewrite the whole database can rewrite the whole chain: keep the head that is printed elsewhere, and
    give it the next time.
    """
    with database_of(settings_given()) as database, database.snapshot() as connection:
        chain = log.follow(connection, expect)
        findings = sealing.verify_quotes(connection)
    for found in chain.breaks:
        click.echo(f"entry {found.sequence}: {found.what}", err=True)
    for finding in findings:
        click.echo(f"{finding.subject}: {finding.what}", err=True)
    if expect is not None and chain.behind is None:
        click.echo(f"no entry has the hash {expect}: the log was written anew, or is another one", err=True)
    if chain.breaks or findings or (expect is not None and chain.behind is None):
        sys.exit(1)
    since = f", {chain.behind} of them since {expect[:12]}…" if expect is not None else ""
    click.echo(f"{chain.entries} entries{since}; the chain is whole, and everything is as it was left")
    click.echo(f"head {chain.head}")


@audit.command("list")
@click.option("--subject", help="Only what was done to this quote (id) or key (id).")
def list_entries(subject: str | None) -> None:
    """Every entry: when, who, from where, what, to what."""
    with database_of(settings_given()) as database, database.reading() as connection:
        for entry in log.entries(connection):
            if subject in (None, entry.subject):
                told = (entry.actor, entry.role, entry.origin, entry.action, entry.subject, entry.details)
                click.echo("  ".join((str(entry.sequence), entry.at.isoformat(timespec="seconds"), *told)))


def _minute(at: datetime) -> str:
    return at.astimezone(KOREA_STANDARD_TIME).strftime("%Y-%m-%d %H:%M")
