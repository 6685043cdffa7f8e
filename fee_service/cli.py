"""The command line: `python -m fee_service quote | serve | price-lists check`."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any, NoReturn

import click
from rich.console import Console
from rich.table import Table

from fee_service import answers, service, strict_json
from fee_service.clock import today_in_korea
from fee_service.edition_files import EditionFaults, read_editions
from fee_service.editions import Editions
from fee_service.errors import FeeError
from fee_service.settings import REPOSITORY, BadSettings, Settings, read_settings
from fee_service.wording import Language, fault_answer
from schemas import load
from schemas.quote import QuoteRequestSchema

EXAMPLE = '{"company": {"founded_on": "2023-05-10", "size": "sme"}, "apis": ["주식실시간A"]}'
LANGUAGES = click.Choice(["ko", "en", "both"])


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Fees and waivers of market-data licences, from dated price lists."""


@main.command()
@click.argument("request_file", metavar="REQUEST.JSON", type=click.File("rb"))
@click.option("--json", "as_json", is_flag=True, help="Print the whole answer as JSON.")
@click.option(
    "--lang", "language", type=LANGUAGES, default="ko", show_default=True, help="Language of the sentences."
)
def quote(request_file: Any, as_json: bool, language: Language) -> None:
    """Quote the request in REQUEST.JSON ("-" reads standard input)."""
    editions = _editions(_settings().pricing_tables)
    try:
        loaded = load(QuoteRequestSchema, strict_json.parse(request_file.read()))
        found = service.preview(loaded, editions, today_in_korea())
    except FeeError as error:
        _refuse(error, language, as_json)
    answer = json.loads(answers.quote_answer(found, language))
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        _print_quote(answer, "en" if language == "en" else "ko")


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def serve(host: str, port: int) -> None:
    """Start the service under gunicorn and print a request to try."""
    _editions(_settings().pricing_tables)  # faults are told here, once, not by every worker
    address = f"http://{host}:{port}"
    click.echo(
        f"fee_service: {address}   documentation: {address}/docs\n\nTry it from another terminal:\n\n"
        f"  curl -s {address}/v1/quotes/preview -H 'Content-Type: application/json' \\\n"
        f"    -d '{EXAMPLE}'\n"
    )
    sys.stdout.flush()
    os.environ["FEE_SERVICE_BIND"] = f"{host}:{port}"
    os.chdir(REPOSITORY)
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "wsgi:app"])


@main.group("price-lists")
def price_lists() -> None:
    """Published price lists, waiver policies and the tables beside them."""


@price_lists.command()
@click.argument("path", required=False, type=click.Path(path_type=Path))
def check(path: Path | None) -> None:
    """Check the editions in PATH (default: the service's own) and tell every fault at once."""
    editions = _editions(path or _settings().pricing_tables)
    for price_list in editions.price_lists:
        click.echo(f"{price_list.id}: {len(price_list.cells)} cells, from {price_list.valid_from}")
    for policy in editions.policies:
        click.echo(f"{policy.id}: {policy.months} months, from {policy.valid_from}")
    click.echo(f"{len(editions.catalogue.apis)} APIs; no fault found")


def _settings() -> Settings:
    try:
        return read_settings()
    except BadSettings as error:
        _fail(str(error))


def _editions(folder: Path) -> Editions:
    try:
        return read_editions(folder)
    except EditionFaults as error:
        _fail(str(error))


def _fail(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(1)


def _refuse(error: FeeError, language: Language, as_json: bool) -> NoReturn:
    """Every fault of a request: field, why, what to do."""
    faults = [fault_answer(fault, language) for fault in error.faults]
    if as_json:
        click.echo(json.dumps({"errors": faults}, ensure_ascii=False, indent=2))
    for fault in faults if not as_json else ():
        click.echo(f"{fault['pointer'] or '/'}: {fault['message']}\n    {fault['hint']}", err=True)
    sys.exit(2)


# -- a quote on a terminal -----------------------------------------------------------------------------

WORDS = {
    "ko": {"list": "정가", "waiver": "면제", "net": "청구액", "vat": "부가세", "total": "합계", "lines": "요금 항목",
           "unit": "단가", "quantity": "수량", "months": "월별 금액(금액이 바뀌는 달)", "month": "월", "days": "일수",
           "waived": "면제일", "licence": "항목", "waived_from": "면제 기간", "refused": "면제 없음",
           "horizon": "견적 기간 합계", "notices": "안내", "invoices": "첫 청구서", "won": "원"},
    "en": {"list": "list", "waiver": "waiver", "net": "net", "vat": "VAT", "total": "total", "lines": "Lines",
           "unit": "unit price", "quantity": "quantity", "months": "Months in which the amounts change",
           "month": "month", "days": "days", "waived": "waived", "licence": "line", "waived_from": "Waiver",
           "refused": "No waiver", "horizon": "Over the horizon", "notices": "Notices",
           "invoices": "First invoice", "won": "won"},
}  # fmt: skip


def _print_quote(answer: dict[str, Any], language: str) -> None:
    console, words = Console(highlight=False), WORDS[language]
    waiver = answer["waiver"]
    period = f"{waiver['starts_on']} – {waiver['ends_on']}" if waiver["granted"] else words["refused"]
    title = answer["price_list"]["label"][language]
    console.print(
        f"[bold]{title}[/bold]\n{words['waived_from']}: {period} ({waiver['policy'] or '-'})\n",
        soft_wrap=True,
    )
    console.print(_lines_table(answer, words, language))
    console.print(_months_table(answer, words))
    totals = answer["totals"]
    sums = "   ".join(f"{words[key]} {totals[key]:,}" for key in ("list", "waiver", "net", "vat", "total"))
    first = answer["invoices"][0]
    console.print(f"[bold]{words['horizon']}[/bold]: {sums}", soft_wrap=True)
    console.print(f"{words['invoices']} {first['issued_on']}: {first['total']:,} {words['won']}\n")
    console.print(f"[bold]{words['notices']}[/bold]")
    for notice in answer["notices"] + answer["unpriced"]:
        console.print(f"• {notice['text']}", soft_wrap=True, markup=False)
    console.print(f"\n{answer['digest']}", style="dim", soft_wrap=True)


def _lines_table(answer: dict[str, Any], words: dict[str, str], language: str) -> Table:
    table = Table(title=words["lines"], title_justify="left")
    table.add_column(words["licence"])
    for column in ("unit", "quantity"):
        table.add_column(words[column], justify="right")
    for line in answer["lines"]:
        price = line["cell"] if line["unit_price"] is None else f"{line['unit_price']:,}"
        table.add_row(line["label"][language], price, f"{line['quantity']:,}")
    return table


def _months_table(answer: dict[str, Any], words: dict[str, str]) -> Table:
    """The first month and every month whose amounts differ from the one before."""
    table = Table(title=words["months"], title_justify="left")
    for column in ("month", "days", "waived", "list", "waiver", "net"):
        table.add_column(words[column], justify="left" if column == "month" else "right")
    before = None
    for month in answer["months"]:
        amounts = (month["list"], month["waiver"], month["net"])
        if amounts != before:
            days = f"{month['days']}/{month['days_in_month']}"
            table.add_row(month["month"], days, str(month["waived_days"]), *(f"{a:,}" for a in amounts))
        before = amounts
    return table
