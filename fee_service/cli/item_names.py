"""`python -m fee_service item-names`: what texts on suppliers' invoices are for, written to a file and taken back."""

from __future__ import annotations

from pathlib import Path

import click
import orjson

from fee_service.actors import COMMAND_LINE
from fee_service.cli.commands import editions_in, fail, place, settings_given
from fee_service.cli.databases import database_of
from fee_service.clock import now_in_utc, today_in_korea
from fee_service.errors import FeeError
from fee_service.finance.listing_item_names import written_item_names
from fee_service.finance.telling_item_names import tell
from fee_service.http.yaml_body import loaded_yaml
from fee_service.quotes.calls import Call
from fee_service.quotes.desk import Desk
from fee_service.wording import OneLanguage, fault_answer
from schemas.item_names import ItemNamesSchema


@click.group("item-names")
def item_names() -> None:
    """What texts on suppliers' invoices are for."""


@item_names.command()
@click.option("--supplier", help="Only those of the supplier with this business number (000-00-00000).")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="The file to write; else the screen.")
def export(supplier: str | None, out: Path | None) -> None:
    """Write all that holds now as YAML."""
    settings = settings_given()
    with database_of(settings) as database:
        desk = Desk(database, editions_in(settings.pricing_tables))
        written = written_item_names(desk, supplier, _call("en"))
    if out is None:
        click.echo(written, nl=False)
    else:
        out.write_text(written, "utf-8")


@item_names.command("import")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--lang", type=click.Choice(["ko", "en"]), default="ko", help="Language of the faults.")
def import_(path: Path, lang: OneLanguage) -> None:
    """Tell the names of the YAML file PATH, all or none."""
    settings = settings_given()
    with database_of(settings) as database:
        desk = Desk(database, editions_in(settings.pricing_tables))
        try:
            reply = tell(desk, loaded_yaml(path.read_bytes(), ItemNamesSchema), _call(lang))
        except FeeError as error:
            told = (fault_answer(fault, lang) for fault in error.faults)
            fail("\n".join(f"{each['pointer']}: {each['message']} {each['hint']}" for each in told))
    for each in orjson.loads(reply.body)["suppliers"]:
        changed = "" if each["changed"] else ", as before"
        click.echo(f"{each['supplier']}: version {each['version']}, {each['names']} names{changed}")


def _call(language: OneLanguage) -> Call:
    return Call(COMMAND_LINE, place(), now_in_utc(), today_in_korea(), language)
