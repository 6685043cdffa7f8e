"""`python -m fee_service quote`: one request, one quote; nothing is stored."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import click

from fee_service import strict_json
from fee_service.answers import quote as answers
from fee_service.cli.commands import editions_in, settings_given
from fee_service.cli.streams import shows_korean
from fee_service.clock import today_in_korea
from fee_service.errors import FeeError
from fee_service.model import EarlierWaiver
from fee_service.quotes import previewing
from fee_service.quotes.previewing import Ledger, nothing_known
from fee_service.settings import Settings
from fee_service.wording import Language, fault_answer
from schemas import load
from schemas.quote import QuoteRequestSchema

LANGUAGES = click.Choice(["ko", "en", "both"])


@click.command()
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
        from fee_service.cli.terminal import print_quote  # tables and colours, which JSON has not

        print_quote(answer, "en" if language == "en" else "ko")


def ledger_of(settings: Settings) -> Ledger:
    """The waiver ledger of this installation, opened when it is asked; nothing is known where nothing was issued."""

    def known(business_number: str) -> Sequence[EarlierWaiver]:
        from fee_service.cli.databases import waivers_known_to  # no quote without a database waits for its libraries

        return waivers_known_to(settings, business_number)

    kept = settings.database_url is not None or settings.database_file.exists()
    return known if kept else nothing_known


def _refuse(error: FeeError, language: Language, as_json: bool) -> NoReturn:
    """Every fault of a request: field, why, what to do."""
    faults = [fault_answer(fault, language) for fault in error.faults]
    if as_json:
        print_json({"errors": faults})
    for fault in faults if not as_json else ():
        click.echo(f"{fault['pointer'] or '/'}: {fault['message']}\n    {fault['hint']}", err=True)
    sys.exit(2)


def print_json(value: Any) -> None:
    """Print a value as JSON; with escapes where the terminal has not all of its letters."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    try:
        text.encode(sys.stdout.encoding)
    except UnicodeEncodeError:
        text = json.dumps(value, indent=2)
    click.echo(text)
