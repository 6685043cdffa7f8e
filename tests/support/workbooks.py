"""Workbooks opened again: by a reader of our tests' own choice, and by LibreOffice where it is installed."""

import csv
import shutil
import subprocess
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

OFFICE = shutil.which("soffice")
SECONDS = 120


def sheets(path: Path) -> dict[str, list[list[Any]]]:
    """The rows of every sheet."""
    with CalamineWorkbook.from_path(path) as workbook:
        return {name: workbook.get_sheet_by_name(name).to_python() for name in workbook.sheet_names}


def as_office_reads_them(files: Sequence[Path], folder: Path) -> list[list[list[str]]]:
    """The rows of the first sheet of each file, as LibreOffice saves it."""
    assert OFFICE is not None
    export = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false"
    command = [OFFICE, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", export]
    subprocess.run([*command, "--outdir", folder, *files], check=True, capture_output=True, timeout=SECONDS)
    saved = [(folder / file.with_suffix(".csv").name).read_text(encoding="utf-8") for file in files]
    return [list(csv.reader(StringIO(text, newline=""))) for text in saved]
