"""The architecture holds: what breaks a direction, a circle or the purity of the core fails `make check`."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fee_service.settings import REPOSITORY

LINT = Path(sys.executable).with_name("lint-imports")
BROKEN = {
    "a rule asks the operating system": ("fee_service/rules/lines.py", "import os"),
    "a rule knows the web framework": ("fee_service/rules/rating.py", "import flask"),
    "a rule knows the database": ("fee_service/rules/waivers.py", "import sqlalchemy"),
    "a rule reads YAML": ("fee_service/rules/advice.py", "import yaml"),
    "a rule asks the clock": ("fee_service/rules/quoting.py", "import fee_service.clock"),
    "a rule opens files": ("fee_service/rules/licensing.py", "import pathlib"),
    "a new rule asks what time it is": ("fee_service/rules/brand_new.py", "import time"),
    "what is published knows its files": ("fee_service/published/editions.py", "import fee_service.edition_files"),
    "what is published asks the operating system": ("fee_service/published/catalogue.py", "import os"),
    "storage looks up at the use cases": ("fee_service/storage/quotes.py", "import fee_service.quotes"),
    "operations look up at the routes": ("fee_service/operations/logs.py", "import fee_service.http.problems"),
    "a page calls the API": ("fee_service/web/forms.py", "import fee_service.api.quotes"),
    "a page asks a rule": ("fee_service/web/forms.py", "import fee_service.rules.rating"),
    "the API calls a page": ("fee_service/api/quotes.py", "import fee_service.web.forms"),
    "a schema knows a rule": ("schemas/quote.py", "import fee_service.rules.rating"),
    "a module stands in no layer": ("fee_service/stray.py", ""),
    "two modules of a package need each other": ("fee_service/rules/rating.py", "import fee_service.rules.quoting"),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the import rules of `make check` on a copy."""
    command = [str(LINT), "--no-cache", "--config", "pyproject.toml"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of what the import rules look at."""
    for package in ("fee_service", "schemas"):
        shutil.copytree(REPOSITORY / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_copy_itself_is_sound(copy: Path) -> None:
    """Without a fault put in, the rules hold: the other tests fail for what they put in."""
    said = lint(copy)
    assert said.returncode == 0, said.stdout


@pytest.mark.parametrize("fault", BROKEN)
def test_the_import_rules_refuse(copy: Path, fault: str) -> None:
    """One import against a direction, in any module, is found."""
    name, statement = BROKEN[fault]
    module = copy / name
    before = module.read_text(encoding="utf-8") if module.exists() else '"""New."""\n'
    module.write_text(f"{before}\n{statement}\n", encoding="utf-8")
    said = lint(copy)
    assert said.returncode == 1, f"{fault} passes\n{said.stdout}"
    assert "BROKEN" in said.stdout
