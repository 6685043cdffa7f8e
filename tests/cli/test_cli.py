"""The command line as a person and as a machine use it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import click

from fee_service.cli import COMMANDS, main
from fee_service.cli.terminal import WORDS
from fee_service.settings import REPOSITORY

ROOT = REPOSITORY
REQUEST = {
    "company": {"founded_on": "2023-05-10", "size": "sme"},
    "apis": ["주식실시간A"],
    "starts_on": "2026-12-09",
}


def run(*arguments: str, request: Any = None) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, the request on its standard input."""
    return subprocess.run(
        [sys.executable, "-m", "fee_service", *arguments],
        input=None if request is None else json.dumps(request),
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        timeout=60,
        check=False,
    )


def test_a_quote_on_a_terminal_shows_price_waiver_and_the_bill_after_it() -> None:
    shown = run("quote", "-", request=REQUEST).stdout
    for expected in ("2,000,000", "2029-12-08", "1,483,870", "open-api-faq-2018-12", "sha256:"):
        assert expected in shown


def test_the_english_quote_holds_no_korean_sentence() -> None:
    shown = run("quote", "-", "--lang", "en", request=REQUEST | {"apis": ["real-time-kospi"]}).stdout
    assert "The waiver's last day is 2029-12-08. From 2029-12-09: 2,000,000 won a month" in shown
    assert not any("가" <= letter <= "힣" for letter in shown)


def test_json_is_the_answer_of_the_api(ask: Any) -> None:
    told = json.loads(run("quote", "-", "--json", "--lang", "both", request=REQUEST).stdout)
    assert told == ask(REQUEST)


def test_a_faulty_request_tells_every_field_and_what_to_do_and_fails() -> None:
    faulty = {"company": {"founded_on": "2030-02-30", "size": "tiny"}, "apis": ["주식실시간Z"]}
    told = run("quote", "-", "--lang", "en", request=faulty)
    assert told.returncode == 2
    for pointer in ("/company/founded_on", "/company/size", "/apis/0"):
        assert f"{pointer}: " in told.stderr
    assert "주식실시간A" in told.stderr  # the nearest name


def test_a_file_that_is_not_json_is_refused_with_its_place() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "fee_service", "quote", "-", "--lang", "en"],
        input="{'a': 1}", capture_output=True, text=True, cwd=ROOT, timeout=60, check=False,
    )  # fmt: skip
    assert told.returncode == 2
    assert "line 1" in told.stderr


def test_price_lists_check_passes_the_published_and_names_the_place_of_a_fault(tmp_path: Path) -> None:
    assert "184 cells" in run("price-lists", "check").stdout
    copy = tmp_path / "pricing_tables"
    subprocess.run(["cp", "-r", str(ROOT / "pricing_tables"), str(copy)], check=True)
    price_list = copy / "price_lists" / "market-data-2018-07-01.yaml"
    price_list.write_text(
        price_list.read_text(encoding="utf-8").replace("5700000,", "5700000.5,", 1),
        encoding="utf-8",
    )
    told = run("price-lists", "check", str(copy))
    assert told.returncode == 1
    assert "market-data-2018-07-01.yaml:" in told.stderr
    assert "5700000.5" in told.stderr


def test_both_languages_of_the_terminal_have_the_same_words() -> None:
    assert WORDS["ko"].keys() == WORDS["en"].keys()


def test_a_quote_on_the_command_line_waits_for_no_library_of_server_database_or_terminal(tmp_path: Path) -> None:
    """A command that only prices starts without what only a server, a database or a terminal needs."""
    asked = tmp_path / "request.json"
    asked.write_text(json.dumps(REQUEST))
    code = (
        "import sys; from fee_service.cli import main; main(['quote', '--json', sys.argv[1]], standalone_mode=False); "
    )
    code += "print(*sys.modules, file=sys.stderr)"
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("FEE_SERVICE_", "COVERAGE_"))
    }
    told = subprocess.run(
        [sys.executable, "-c", code, str(asked)],
        env={**environment, "FEE_SERVICE_INSTANCE": str(tmp_path)},
        capture_output=True, text=True, encoding="utf-8", cwd=ROOT, check=True,
    )  # fmt: skip
    assert json.loads(told.stdout)["totals"]["net"] > 0
    spared = {
        "flask",
        "gunicorn",
        "sqlalchemy",
        "alembic",
        "psycopg",
        "prometheus_client",
        "redis",
        "rich",
        "structlog",
    }
    assert spared.isdisjoint(told.stderr.split())


def test_every_command_of_the_table_is_there_by_its_name() -> None:
    for name in COMMANDS:
        command = main.get_command(click.Context(main), name)
        assert command is not None
        assert command.name == name
        assert command.help
