"""The command line: `python -m fee_service quote | serve | price-lists | keys | audit | db | replay`."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from fee_service import strict_json
from fee_service.answers import quote as answers
from fee_service.cli.commands import database_of, editions_in, fail, ledger_of, place, settings_given
from fee_service.cli.keys import audit, keys
from fee_service.cli.storage import db, replay
from fee_service.cli.streams import shows_korean
from fee_service.cli.terminal import print_json, print_quote
from fee_service.clock import today_in_korea
from fee_service.errors import FeeError
from fee_service.keys.demo_key import demo_key
from fee_service.keys.secret_key import secret_key_of
from fee_service.quotes import previewing
from fee_service.settings import REPOSITORY, BadSettings, Settings, url_of
from fee_service.wording import Language, fault_answer
from schemas import load
from schemas.quote import QuoteRequestSchema

EXAMPLE = '{"company": {"founded_on": "2023-05-10", "size": "sme"}, "apis": ["주식실시간A"]}'
LANGUAGES = click.Choice(["ko", "en", "both"])


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Fees and waivers of market-data licences, from dated price lists."""
    os.umask(0o077)  # what is kept is nobody else's business


main.add_command(keys)
main.add_command(audit)
main.add_command(db)
main.add_command(replay)


@main.command()
@click.argument("request_file", metavar="REQUEST.JSON", type=click.File("rb"))
@click.option("--json", "as_json", is_flag=True, help="Print the whole answer as JSON.")
@click.option("--lang", "given", type=LANGUAGES, help="Language of the sentences; ko where the terminal has it.")
def quote(request_file: Any, as_json: bool, given: Language | None) -> None:
    """Quote the request in REQUEST.JSON ("-" reads standard input)."""
    language: Language = given or ("ko" if as_json or shows_korean() else "en")
    settings = settings_given()
    editions = editions_in(settings.pricing_tables)
    try:
        loaded = load(QuoteRequestSchema, strict_json.parse(request_file.read().removeprefix(strict_json.BOM)))
        found = previewing.preview(loaded, editions, today_in_korea(), ledger_of(settings))
    except FeeError as error:
        _refuse(error, language, as_json)
    answer = json.loads(answers.quote_answer(found, language))
    if as_json:
        print_json(answer)
    else:
        print_quote(answer, "en" if language == "en" else "ko")


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def serve(host: str, port: int) -> None:
    """Start the service under gunicorn and print a request to try."""
    settings = settings_given()
    try:
        secret_key_of(settings)
    except BadSettings as error:
        fail(str(error))
    editions_in(settings.pricing_tables)  # faults are told here, once, not by every worker
    bind = f"[{host.strip('[]')}]:{port}" if ":" in host else f"{host}:{port}"
    address = url_of(bind)
    everywhere = "" if address == f"http://{bind}" else f"   on all addresses of this machine, port {port}"
    click.echo(
        f"fee_service, the quoting desk: {address}   documentation: {address}/docs{everywhere}\n\n"
        "Try it from another terminal:\n\n"
        f"  curl -s {address}/v1/quotes/preview -H 'Authorization: Bearer {_key_to_try(settings)}' \\\n"
        f"    -H 'Content-Type: application/json' -d '{EXAMPLE}'\n"
    )
    sys.stdout.flush()
    os.environ["FEE_SERVICE_BIND"] = bind
    os.chdir(REPOSITORY)
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "wsgi:app"])


def _key_to_try(settings: Settings) -> str:
    """The demo key; a placeholder where a database is set, because keys are handed out there."""
    with database_of(settings) as database:
        if settings.database_url is not None:
            database.revision()  # what is wrong with it is told here, once
            return "KEY"
        return demo_key(settings.instance, database, place(), today_in_korea()) or "KEY"


@main.group("price-lists")
def price_lists() -> None:
    """Published price lists, waiver policies and the tables beside them."""


@price_lists.command()
@click.argument("path", required=False, type=click.Path(path_type=Path))
def check(path: Path | None) -> None:
    """Check the editions in PATH (default: the service's own) and tell every fault at once."""
    editions = editions_in(path or settings_given().pricing_tables)
    for price_list in editions.price_lists:
        click.echo(f"{price_list.id}: {len(price_list.cells)} cells, from {price_list.valid_from}")
    for policy in editions.policies:
        click.echo(f"{policy.id}: {policy.months} months, from {policy.valid_from}")
    click.echo(f"{len(editions.catalogue.apis)} APIs; no fault found")


def _refuse(error: FeeError, language: Language, as_json: bool) -> NoReturn:
    """Every fault of a request: field, why, what to do."""
    faults = [fault_answer(fault, language) for fault in error.faults]
    if as_json:
        print_json({"errors": faults})
    for fault in faults if not as_json else ():
        click.echo(f"{fault['pointer'] or '/'}: {fault['message']}\n    {fault['hint']}", err=True)
    sys.exit(2)
