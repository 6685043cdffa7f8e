"""`python -m fee_service worker`: does the jobs that the service was asked for."""

from __future__ import annotations

import os
import signal

import click

from fee_service.cli.commands import editions_in, settings_given
from fee_service.cli.databases import database_of
from fee_service.job_kinds import job_kinds
from fee_service.jobs.working import Worker
from fee_service.operations import logs
from fee_service.quotes.desk import Desk


@click.command()
@click.option("--once", is_flag=True, help="End when nothing is left to do.")
@click.option("--beside", type=int, hidden=True, help="The process with which it ends.")
def worker(once: bool, beside: int | None) -> None:
    """Do jobs until stopped; any number of workers may, on any number of machines with one database.

    SIGTERM ends it when the chunk that it is at is kept; what is left of its job another worker does.
    """
    settings = settings_given()
    logs.configure(settings.log_level)
    editions = editions_in(settings.pricing_tables)
    with database_of(settings) as database:
        kinds = job_kinds(Desk(database, editions))
        working = Worker(database, kinds, lease=settings.lease, days=settings.job_days)
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, lambda *_: working.stop())
        working.run(once=once, is_needed=lambda: beside is None or os.getppid() == beside)
