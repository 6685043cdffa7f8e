"""A run of the tests says what it skipped and what to install for it."""

import subprocess
import sys
from pathlib import Path

from fee_service.settings import REPOSITORY

SKIPPING = """
import pytest

@pytest.mark.skip(reason="no Chromium is installed: the pages are not looked at in a browser")
def test_page(): ...

@pytest.mark.skip(reason="redis-server is not installed: apt-get install redis-server")
def test_counting(): ...

@pytest.mark.skip(reason="the moon is full")
def test_moon(): ...
"""


def last_lines(folder: Path, tests: str) -> list[str]:
    """What a run of these tests prints, with the plugin that all tests have."""
    (folder / "test_them.py").write_text(tests, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "conftest", "-p", "no:cacheprovider", str(folder)]
    done = subprocess.run(
        [*command, "--rootdir", str(folder), "-c", "/dev/null"], cwd=REPOSITORY / "tests", text=True,
        capture_output=True, check=False, env={"PYTHONPATH": f"{REPOSITORY}:{REPOSITORY / 'tests'}"},
    )  # fmt: skip
    return done.stdout.strip().splitlines()


def test_what_was_skipped_is_told_in_one_line_before_the_counts(tmp_path: Path) -> None:
    """Each missing thing once, with what to install; the counts are the last line."""
    *_, told, counts = last_lines(tmp_path, SKIPPING)
    assert told.startswith("Skipped: 1 of ")
    assert "test_them.py: apt-get install chromium" in told
    assert "test_them.py: apt-get install redis-server" in told
    assert "test_them.py: the moon is full" in told
    assert counts.startswith("3 skipped in")


def test_a_run_that_skips_nothing_says_so(tmp_path: Path) -> None:
    """Silence could also mean that the line is gone."""
    *_, told, counts = last_lines(tmp_path, "def test_it(): ...\n")
    assert (told, counts[:11]) == ("Nothing was skipped.", "1 passed in")
