"""Linters and generators of clients, installed beside the project where a registry serves them, and a service."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.serving import Service

HERE = Path(__file__).parent
BUILD = HERE.parents[1] / "build" / "clients"
GENERATOR = "openapi-python-client==0.29.1"
INSTALLING_SECONDS = 150

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A real service."""
    with Service(tmp_path_factory.mktemp("instance"), workers="1") as service:
        yield service


@pytest.fixture(scope="session")
def described(running: Service, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The document that the service answers, as a file."""
    path = tmp_path_factory.mktemp("described") / "openapi.json"
    path.write_bytes(running.ask("GET", "/openapi.json")[2])
    return path


@pytest.fixture(scope="session")
def node() -> Run:
    """Runs a tool of package.json; skips where npm or its registry is missing."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed: linters and the generator for TypeScript are not tried")
    folder, wanted = BUILD / "node", (HERE / "package.json").read_text()
    if not _is_there(folder, wanted):
        (folder / "package.json").write_text(wanted)
        options = ("--ignore-scripts", "--no-package-lock", "--no-audit", "--no-fund", "--silent")
        _install([npm, "install", "--prefix", str(folder), *options], folder, wanted)

    def run(tool: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return _run(folder / "node_modules" / ".bin" / tool, *arguments)

    return run


@pytest.fixture(scope="session")
def generator() -> Run:
    """Runs a program in an environment of its own that holds openapi-python-client; skips without a registry."""
    folder = BUILD / "python"
    if not _is_there(folder, GENERATOR):
        _install([sys.executable, "-m", "venv", "--clear", str(folder)], folder)
        _install([str(folder / "bin" / "pip"), "install", "--quiet", GENERATOR], folder, GENERATOR)

    def run(tool: str, *arguments: str | Path, **options: Path) -> subprocess.CompletedProcess[str]:
        return _run(folder / "bin" / tool, *arguments, **options)

    return run


def _is_there(folder: Path, wanted: str) -> bool:
    """Whether an earlier run installed the same."""
    folder.mkdir(parents=True, exist_ok=True)
    installed = folder / "installed.json"
    return installed.exists() and json.loads(installed.read_text()) == wanted


def _install(command: list[str], folder: Path, wanted: str | None = None) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=INSTALLING_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        pytest.skip(f"cannot be installed here: {error}")
    if done.returncode:
        pytest.skip(f"cannot be installed here: {(done.stderr or done.stdout).strip()[-300:]}")
    if wanted is not None:
        (folder / "installed.json").write_text(json.dumps(wanted))


def _run(*command: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, timeout=120)
