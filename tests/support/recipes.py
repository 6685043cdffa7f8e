"""Recipes of docs/recipes.md, done on a copy of the repository: its edits, its commands, then what must hold.

An edit is a fence `diff`. Its first line names the file; a line that begins with a blank stands in the file, `-` goes,
`+` comes. What stands in the file must stand there once, so that an edit can be made in one place only. A file that
is not there is made. A fence `sh` is run, and a fence `python` is what must hold afterwards.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from fee_service.settings import REPOSITORY

DOCUMENT = REPOSITORY / "docs" / "recipes.md"
NEEDED = ("fee_service", "schemas", "pricing_tables", "docs", "pyproject.toml", "Makefile")
FENCE = re.compile(r"^```(diff|sh|python)\n(.*?)^```$", re.M | re.S)
SECONDS = 120


class Step(NamedTuple):
    """A fence of a recipe: its kind and what stands in it."""

    kind: str
    text: str


class Recipe(NamedTuple):
    title: str
    steps: tuple[Step, ...]


class DoesNotWork(Exception):
    """A recipe that cannot be followed any more, and why."""


def recipes() -> Iterator[Recipe]:
    """Every recipe of the document that has steps."""
    for part in DOCUMENT.read_text(encoding="utf-8").split("\n## ")[1:]:
        title, _, text = part.partition("\n")
        steps = tuple(Step(kind, inside) for kind, inside in FENCE.findall(text))
        if steps:
            yield Recipe(title, steps)


def copy_to(folder: Path) -> None:
    """A copy of what recipes change."""
    for name in NEEDED:
        source = REPOSITORY / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder)
    (folder / ".venv").symlink_to(REPOSITORY / ".venv")


def follow(recipe: Recipe, folder: Path) -> None:
    """Do all steps of a recipe in a copy. Raises DoesNotWork."""
    for step in recipe.steps:
        if step.kind == "diff":
            edit(folder, step.text)
        else:
            _run(folder, [sys.executable, "-c", step.text] if step.kind == "python" else ["sh", "-ec", step.text])


def edit(folder: Path, text: str) -> None:
    """Make one edit. Raises DoesNotWork where it fits nowhere, or in more than one place."""
    name, _, lines = text.partition("\n")
    path = folder / name.strip()
    before, after = _side(lines, " -"), _side(lines, " +")
    if not before:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(after) + "\n", encoding="utf-8")
        return
    there = path.read_text(encoding="utf-8").splitlines()
    places = [at for at in range(len(there)) if there[at : at + len(before)] == before]
    if len(places) != 1:
        raise DoesNotWork(f"{name} has these lines {len(places)} times instead of once:\n" + "\n".join(before))
    there[places[0] : places[0] + len(before)] = after
    path.write_text("\n".join(there) + "\n", encoding="utf-8")


def _side(lines: str, signs: str) -> list[str]:
    """The lines before the edit (` -`), or after it (` +`)."""
    return [line[1:] for line in lines.splitlines() if (line[:1] or " ") in signs]


def _run(folder: Path, command: list[str]) -> None:
    tests = REPOSITORY / "tests"
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environ = {"PATH": path, "PYTHONPATH": f"{folder}:{tests}", "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        command, cwd=folder, env=environ, capture_output=True, text=True, check=False, timeout=SECONDS
    )
    if done.returncode:
        raise DoesNotWork(f"{command[-1]}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
