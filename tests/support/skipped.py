"""What a run of the tests skipped, and what to install for it: one line for the end of the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pytest

REMEDIES = {
    "playwright": "pip install playwright, and Chromium (apt-get install chromium)",
    "chromium": "apt-get install chromium",
    "redis-server": "apt-get install redis-server",
    "openssl": "apt-get install openssl",
    "npm": "apt-get install npm",
    "LibreOffice": "apt-get install libreoffice-calc-nogui",
    "small disk": "run them as root with CAP_SYS_ADMIN",
    "cannot be installed here": "let npm and pip reach a registry, or install the tools by hand",
}


def line_of(reports: Iterable[pytest.TestReport]) -> str:
    """How many tests of which folders were skipped, and what would let them run; what no word explains is quoted."""
    missing: dict[str, Counter[str]] = {}
    for report in reports:
        missing.setdefault(_remedy(_reason(report)), Counter())[report.nodeid.partition("::")[0]] += 1
    if not missing:
        return "Nothing was skipped."
    parts = (f"{_said(files)}: {remedy}" for remedy, files in missing.items())
    return f"Skipped: {'; '.join(parts)}."


def _said(files: Counter[str]) -> str:
    return ", ".join(f"{count} of {name}" for name, count in files.items())


def _reason(report: pytest.TestReport) -> str:
    """The words that a test was skipped with."""
    told = report.longrepr
    return str(told[2] if isinstance(told, tuple) else told).removeprefix("Skipped: ")


def _remedy(reason: str) -> str:
    return next((what for word, what in REMEDIES.items() if word in reason.lower()), reason)
