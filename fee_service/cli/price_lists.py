"""`python -m fee_service price-lists`: the tables that are published."""

from __future__ import annotations

from pathlib import Path

import click

from fee_service.cli.commands import editions_in, settings_given


@click.group("price-lists")
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
