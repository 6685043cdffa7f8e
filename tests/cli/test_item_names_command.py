"""`python -m fee_service item-names`: what is exported is what is imported, all or none."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fee_service.cli import main

NAMES = 'suppliers:\n  - supplier: "999-81-00015"\n    names:\n      - {text: "클라우드 \\"이용료\\"", ignored: true}\n'


@pytest.fixture(autouse=True)
def _instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation of its own."""
    for name in [name for name in os.environ if name.startswith("FEE_SERVICE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("FEE_SERVICE_INSTANCE", str(tmp_path / "instance"))


def run(*arguments: str) -> Result:
    """The command in this process."""
    return CliRunner().invoke(main, ["item-names", *arguments])


def test_what_is_written_is_taken_back_and_is_no_other_version(tmp_path: Path) -> None:
    """Quotation marks in texts survive; told again, the version stays."""
    given, written = tmp_path / "given.yaml", tmp_path / "written.yaml"
    given.write_text(NAMES, "utf-8")
    assert run("import", str(given)).output == "999-81-00015: version 1, 1 names\n"
    assert run("export", "--out", str(written)).exit_code == 0
    assert run("import", str(written)).output == "999-81-00015: version 1, 1 names, as before\n"
    assert run("export").output == written.read_text("utf-8")


def test_a_file_with_a_fault_is_refused_whole(tmp_path: Path) -> None:
    """With the place of each fault; nothing of it is kept."""
    given = tmp_path / "given.yaml"
    given.write_text(NAMES + '      - {text: "둘", fee: no_fee}\n      - {text: "셋"}\n', "utf-8")
    told = run("import", "--lang", "en", str(given))
    assert told.exit_code == 1
    assert ["/suppliers/0/names/1/fee" in told.output, "/suppliers/0/names/2" in told.output] == [True, True]
    assert run("export").output == "suppliers: []\n"
