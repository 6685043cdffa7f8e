"""What a reconciliation found, as files of every kind: each is written to a folder, none is made in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from fee_service.documents.billed_files import CONTENT_TYPES, Written, stream
from fee_service.documents.reconciled_columns import Result
from fee_service.documents.reconciled_csv import reconciled_csv, reconciled_focus_csv
from fee_service.documents.reconciled_parquet import reconciled_parquet
from fee_service.documents.reconciled_xlsx import reconciled_xlsx
from fee_service.wording import OneLanguage

Write = Callable[[Result, OneLanguage, Path], None]


def _streamed(content: Callable[[Result, OneLanguage], Iterator[bytes]]) -> Write:
    return lambda result, language, path: stream(content(result, language), path)


WRITES: Mapping[str, Write] = {  # by the end of the file's name
    "csv": _streamed(reconciled_csv),
    "xlsx": reconciled_xlsx,
    "parquet": lambda result, _, path: reconciled_parquet(result, path),
    "focus.csv": _streamed(reconciled_focus_csv),
}


def write(kind: str, name: str, result: Result, language: OneLanguage, folder: Path) -> Written:
    """Write a file of a kind, called NAME with its end."""
    path = folder / f"{name}.{kind}"
    WRITES[kind](result, language, path)
    return Written(path, path.name, CONTENT_TYPES[kind])
