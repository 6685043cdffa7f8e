"""The command line on a database, and the desk beside it."""

import os
import subprocess
import sys

from fee_service.edition_files import read_editions
from fee_service.quotes.desk import Desk
from fee_service.settings import REPOSITORY, Settings
from fee_service.storage.database import Database


def run(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command on a database."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("FEE_SERVICE_")}
    return subprocess.run(
        [sys.executable, "-m", "fee_service", *arguments],
        env=environ | {"FEE_SERVICE_DATABASE_URL": url},
        cwd=REPOSITORY,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def a_desk(url: str) -> Desk:
    return Desk(Database(url), read_editions(Settings().pricing_tables))
