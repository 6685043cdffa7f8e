"""What commands share: settings and editions, and how a fault ends a command."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from typing import NoReturn

import click

from fee_service.edition_files import EditionFaults, read_editions
from fee_service.published.editions import Editions
from fee_service.settings import BadSettings, Settings, read_settings


def settings_given() -> Settings:
    """The settings of this process; ends the command with every fault."""
    try:
        return read_settings()
    except BadSettings as error:
        fail(str(error))


def editions_in(folder: Path) -> Editions:
    """The editions in a folder; ends the command with every fault."""
    try:
        return read_editions(folder)
    except EditionFaults as error:
        fail(str(error))


def place() -> str:
    """From where a command comes, for the audit log: the machine's own user."""
    try:
        return f"terminal of {getpass.getuser()}"
    except (KeyError, OSError):  # a user without a name
        return "terminal"


def fail(message: str) -> NoReturn:
    """End the command with a message."""
    click.echo(message, err=True)
    sys.exit(1)
