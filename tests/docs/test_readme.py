"""The README's example is real: its request, typed as it stands, prints what stands there, the digest included."""

import re
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

import fee_service
from fee_service.cli import main
from fee_service.settings import REPOSITORY

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
LEFT_OUT = "• …"
DAY = date(2026, 11, 25)  # before the start day of the example


def block(command: str) -> list[str]:
    """What stands under a command of the README, without the indentation."""
    found = re.search(rf"^    \$ {re.escape(command)}\n((?:(?:    (?!\$).*)?\n)*)", README, re.M)
    assert found, command
    return "\n".join(line.removeprefix("    ").rstrip() for line in found[1].splitlines()).strip().splitlines()


def printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the command prints for the request of the README."""
    request = tmp_path / "request.json"
    request.write_text("\n".join(block("cat request.json")), encoding="utf-8")
    monkeypatch.setattr("fee_service.cli.quoting.today_in_korea", lambda: DAY)
    done = CliRunner().invoke(main, ["quote", "--lang", "en", str(request)], env={"COLUMNS": "100"})
    assert done.exit_code == 0, done.output
    return [line.rstrip() for line in done.stdout.strip().splitlines()]


def test_the_example_prints_what_the_readme_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Line by line; where the README leaves clauses out, it says so with a line of its own."""
    told, got = block(".venv/bin/python -m fee_service quote --lang en request.json"), printed(tmp_path, monkeypatch)
    at = told.index(LEFT_OUT)
    after = len(told) - at - 1
    assert (told[:at], told[at + 1 :]) == (got[:at], got[len(got) - after :])
    assert len(got) > len(told)
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", told[-1])


def test_the_version_is_the_same_everywhere_and_the_changelog_tells_it() -> None:
    """In pyproject.toml, in the package, and as the newest entry."""
    project = (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")
    assert f'\nversion = "{fee_service.__version__}"\n' in project
    changelog = (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8")
    dated = re.findall(r"^## (\d+\.\d+\.\d+), (\d{4}-\d{2}-\d{2})$", changelog, re.M)
    assert dated
    assert dated[0][0] == fee_service.__version__
    assert all(date.fromisoformat(day) for _, day in dated)


def test_every_file_that_the_readme_links_or_names_is_there() -> None:
    """Also folders; what is named with an ellipsis is no file."""
    linked = re.findall(r"\]\(([\w./-]+)\)", README)
    named = re.findall(r"`((?:fee_service|schemas|pricing_tables|tests|docs|benchmarks)/[\w./-]*)`", README)
    assert len(linked) > 5
    assert [path for path in [*linked, *named] if not (REPOSITORY / path).exists()] == []


def test_how_it_works_names_rooms_that_are_there() -> None:
    """The picture of the way of a request goes through rooms of the house."""
    picture = README.partition("## How it works")[2].partition("\n- ")[0]
    rooms = set(re.findall(r"\b(schemas|fee_service|[a-z_]+)/", picture))
    assert {"schemas", "intake", "rules", "answers", "documents"} <= rooms
    assert [room for room in rooms if not any((REPOSITORY / at / room).is_dir() for at in ("", "fee_service"))] == []
