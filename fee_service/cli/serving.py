"""`python -m fee_service serve`: the service under gunicorn, with a request to try."""

from __future__ import annotations

import os
import subprocess
import sys

import click

from fee_service.cli.commands import editions_in, fail, place, settings_given
from fee_service.cli.databases import database_of
from fee_service.clock import today_in_korea
from fee_service.keys.demo_key import demo_key
from fee_service.keys.secret_key import secret_key_of
from fee_service.settings import REPOSITORY, BadSettings, Settings, url_of

EXAMPLE = '{"company": {"founded_on": "2023-05-10", "size": "sme"}, "apis": ["주식실시간A"]}'


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def serve(host: str, port: int) -> None:
    """Start the service under gunicorn, a worker beside it, and print a request to try."""
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
    _start_worker()
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "wsgi:app"])


def _start_worker() -> None:
    """Have jobs done by a process beside, which ends with this one."""
    command = [sys.executable, "-m", "fee_service", "worker", "--beside", str(os.getpid())]
    subprocess.Popen(command, stdin=subprocess.DEVNULL)


def _key_to_try(settings: Settings) -> str:
    """The demo key; a placeholder where a database is set, because keys are handed out there."""
    with database_of(settings) as database:
        if settings.database_url is not None:
            database.revision()  # what is wrong with it is told here, once
            return "KEY"
        return demo_key(settings.instance, database, place(), today_in_korea()) or "KEY"
