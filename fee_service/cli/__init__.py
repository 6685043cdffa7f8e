"""The command line: `python -m fee_service quote`, `rate`, `serve` and the others of the table below."""

from __future__ import annotations

import os
from importlib import import_module

import click

# Where each command stands. It is imported when it is called: a quote waits for no library that it does not need.
COMMANDS = {
    "audit": "keys:audit",
    "db": "storage:db",
    "dues": "dues:dues",
    "item-names": "item_names:item_names",
    "keys": "keys:keys",
    "price-lists": "price_lists:price_lists",
    "quote": "quoting:quote",
    "rate": "rating:rate",
    "reconcile": "reconciling:reconcile",
    "replay": "storage:replay",
    "serve": "serving:serve",
    "worker": "working:worker",
}


class Commands(click.Group):
    """The commands of the table."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"{__name__}.{module}"), name)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Fees and waivers of market-data licences, from dated price lists."""
    os.umask(0o077)  # what is kept is nobody else's business
