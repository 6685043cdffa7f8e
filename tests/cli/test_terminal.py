"""The command line on terminals, pipes and files as they are: one sentence, never a traceback."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url
from support.serving import free_port

from fee_service.settings import REPOSITORY, BadSettings, read_settings
from fee_service.storage.addresses import address

ROOT = REPOSITORY
REQUEST = {
    "company": {"founded_on": "2023-05-10", "size": "sme", "name": "한국 😀 데이터"},
    "apis": ["주식실시간A"],
    "starts_on": "2026-12-09",
}
UNSHOWN = "Letters that this terminal cannot show stand as ?; set PYTHONIOENCODING=utf-8.\n"


def run(
    *arguments: str, given: bytes | None = None, shell: str | None = None, **environ: str
) -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own; in `shell` it stands as "$@"."""
    command = [sys.executable, "-m", "fee_service", *arguments]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("FEE_SERVICE_", "PYTHONIO"))}
    return subprocess.run(
        ["bash", "-c", shell, "-", *command] if shell else command,
        input=given, capture_output=True, cwd=ROOT, timeout=60, check=False, env=kept | environ,
    )  # fmt: skip


def quoted(**changes: Any) -> bytes:
    return json.dumps(REQUEST | changes, ensure_ascii=False).encode()


# -- what a terminal can show --------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["ascii", "cp949", "latin-1", "utf-8"])
@pytest.mark.parametrize("language", ["ko", "en", "both"])
def test_a_quote_is_printed_whatever_the_terminal_can_show(encoding: str, language: str) -> None:
    """In letters of its own, with every amount."""
    told = run("quote", "-", "--lang", language, given=quoted(), PYTHONIOENCODING=encoding)
    assert told.returncode == 0, told.stderr
    assert b"Traceback" not in told.stderr
    shown = told.stdout.decode(encoding)
    for amount in ("2,000,000", "1,483,870", "2029-12-08", "sha256:"):
        assert amount in shown


def test_a_table_in_ascii_keeps_its_columns() -> None:
    """Every line of a table is as wide as its frame, also where Korean letters stand as question marks."""
    shown = run("quote", "-", "--lang", "ko", given=quoted(), PYTHONIOENCODING="ascii").stdout.decode("ascii")
    rows = [line for line in shown.splitlines() if line.startswith(("|", "+"))]
    assert rows
    assert {len(row) for row in rows if row.startswith("|")} <= {len(row) for row in rows if row.startswith("+")}


def test_a_terminal_without_korean_letters_gets_english_sentences() -> None:
    """Unless a language is named, and then it is said what is missing."""
    plain = run("quote", "-", given=quoted(apis=["real-time-kospi"]), PYTHONIOENCODING="ascii")
    assert b"The waiver's last day is 2029-12-08." in plain.stdout
    assert plain.stderr == b""
    korean = run("quote", "-", "--lang", "ko", given=quoted(), PYTHONIOENCODING="ascii")
    assert korean.stderr.decode("ascii") == UNSHOWN
    assert "면제 기간" in run("quote", "-", given=quoted(), PYTHONIOENCODING="cp949").stdout.decode("cp949")


@pytest.mark.parametrize("encoding", ["ascii", "cp949", "utf-8"])
def test_json_is_the_same_value_on_every_terminal(encoding: str) -> None:
    """Letters that it has not are escaped, not lost."""
    told = run("quote", "-", "--json", given=quoted(), PYTHONIOENCODING=encoding)
    assert json.loads(told.stdout.decode(encoding))["request"]["company"]["name"] == "한국 😀 데이터"
    assert told.stderr == b""


@pytest.mark.parametrize("encoding", ["ascii", "cp949"])
def test_faults_and_wrong_usage_are_told_in_letters_of_the_terminal(encoding: str) -> None:
    """Also where they repeat what was typed."""
    wrong = run("quote", "-", given=quoted(apis=["없는 것 😀"]), PYTHONIOENCODING=encoding)
    missing = run("quote", "없는 파일😀.json", PYTHONIOENCODING=encoding)
    assert (wrong.returncode, missing.returncode) == (2, 2)
    assert "/apis/0: " in wrong.stderr.decode(encoding)
    assert "No such file" in missing.stderr.decode(encoding)


# -- what is read ----------------------------------------------------------------------------------------


def test_a_request_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    """Editors of Windows write one."""
    file = tmp_path / "request.json"
    file.write_bytes(b"\xef\xbb\xbf" + quoted())
    assert run("quote", "--json", str(file)).stdout == run("quote", "--json", "-", given=quoted()).stdout


@pytest.mark.parametrize(("encoding", "named"), [("cp949", "CP949 (EUC-KR)"), ("utf-16", "UTF-16")])
def test_a_request_in_another_encoding_is_refused_by_its_name(encoding: str, named: str) -> None:
    """It is not guessed at: a guess could be another name."""
    text = quoted(company={**REQUEST["company"], "name": "한국 데이터"}).decode()  # type: ignore[dict-item]
    told = run("quote", "-", "--lang", "en", given=text.encode(encoding))
    assert told.returncode == 2
    assert f"a byte is not UTF-8; the text looks like {named}" in told.stderr.decode()


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (("quote", "/nowhere/request.json"), 2, "No such file"),
        (("quote", "/"), 2, "Is a directory"),
        (("quote", "/dev/null"), 2, "본문이 비어"),
        (("quote", "/proc/self/mem"), 1, "error"),
        (("price-lists", "check", "/nowhere"), 1, "/nowhere"),
        (("replay", "Q-2026-000001", "--all"), 1, "--all"),
        (("keys", "revoke", "없음"), 1, "keys list"),
    ],
)
def test_what_cannot_be_read_ends_with_a_sentence(
    arguments: tuple[str, ...], status: int, says: str, tmp_path: Path
) -> None:
    """What it was, and what is the matter."""
    told = run(*arguments, FEE_SERVICE_INSTANCE=str(tmp_path))
    assert (told.returncode, b"Traceback" in told.stderr) == (status, False)
    assert says in told.stderr.decode()


# -- pipes, disks and interruptions ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shell", "says"),
    [
        ('"$@" | true', ""),
        ('"$@" | head -1 >/dev/null', ""),
        ('"$@" >&-', ""),
        ('"$@" <&-', None),
        ('"$@" 2>&-', ""),
        ('"$@" >/dev/full', "No space left on device\n"),
    ],
)
def test_a_closed_pipe_or_a_full_disk_is_no_traceback(shell: str, says: str | None, tmp_path: Path) -> None:
    """Whoever reads may leave early."""
    file = tmp_path / "request.json"
    file.write_bytes(quoted())
    told = run("quote", str(file), shell=shell)
    assert b"Traceback" not in told.stderr
    assert b"Exception" not in told.stderr
    assert says is None or told.stderr.decode() == says


def test_a_closed_input_is_an_empty_request() -> None:
    """As if nothing had been piped."""
    told = run("quote", "-", "--lang", "en", shell='"$@" <&-')
    assert (told.returncode, b"no body" in told.stderr) == (2, True)


@pytest.mark.parametrize("after", [0.0, 0.1, 0.4, 2.5])
def test_an_interruption_ends_a_command_without_a_traceback(after: float) -> None:
    """At any moment: while Python starts, while modules load, while the command waits for its input."""
    program = (
        "import runpy, sys; print('on', flush=True); sys.argv[1:] = ['quote', '-'];"
        "runpy.run_module('fee_service', run_name='__main__')"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(after + 0.2)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=30)
    assert process.returncode in (1, 130)
    assert b"Traceback" not in told


# -- the database ----------------------------------------------------------------------------------------

AWAY = "postgresql://user:hunter2@127.0.0.1:1/fees"
COMMANDS = (("keys", "list"), ("db", "upgrade"), ("replay", "--all"), ("audit", "verify"), ("serve", "--port", "PORT"))
WRONG = [
    ("quotes.db", "no URL of a database"),
    ("://", "no URL of a database"),
    ("postgresql://host:port/fees", "no URL of a database"),
    ("mysql://user:hunter2@host/fees", "'mysql', which is not supported"),
    ("oracle://user:hunter2@host/fees", "'oracle', which is not supported"),
    ("http://host/fees", "'http', which is not supported"),
    ("postgresql+psycopg2://user:hunter2@host/fees", "'postgresql+psycopg2', which is not supported"),
    ("postgresql+asyncpg://user:hunter2@host/fees", "'postgresql+asyncpg', which is not supported"),
    ("sqlite+aiosqlite:///fees.db", "'sqlite+aiosqlite', which is not supported"),
    ("sqlite://", "names no file"),
    ("sqlite:///:memory:", "names no file"),
    ("sqlite://fees.db", "names no file"),
    ("sqlite:////nowhere/at/all/fees.db", "no such folder"),
    ("sqlite:////tmp", "names the folder"),
]


@pytest.mark.parametrize(("url", "says"), WRONG)
def test_an_address_of_no_database_is_a_setting_that_says_so(url: str, says: str) -> None:
    """Before anything is tried; without the password that may stand in it."""
    with pytest.raises(BadSettings) as caught:
        read_settings({"FEE_SERVICE_DATABASE_URL": url})
    (fault,) = caught.value.faults
    assert fault.startswith("FEE_SERVICE_DATABASE_URL ")
    assert says in fault
    assert "hunter2" not in str(caught.value)


def test_every_way_to_write_a_supported_address_has_one_driver() -> None:
    """As in the settings of other programs."""
    for scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        assert address(f"{scheme}://user@host/fees").drivername == "postgresql+psycopg"
    for scheme in ("sqlite", "sqlite+pysqlite"):
        assert address(f"{scheme}:////srv/fees.db").database == "/srv/fees.db"


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("url", ["mysql://user:hunter2@host/fees", AWAY, "FILE"])
def test_every_command_tells_a_wrong_database_in_a_sentence(command: tuple[str, ...], url: str, tmp_path: Path) -> None:
    """What it is, and what to do; serve does not start."""
    file = tmp_path / "fees.db"
    file.write_bytes(b"no database at all, but long enough to be one" * 100)
    given = tuple(str(free_port()) if part == "PORT" else part for part in command)
    chosen = f"sqlite:///{file}" if url == "FILE" else url
    told = run(*given, FEE_SERVICE_DATABASE_URL=chosen, FEE_SERVICE_SECRET_KEY="x" * 48)
    said = told.stderr.decode()
    assert told.returncode == 1
    assert "FEE_SERVICE_DATABASE_URL" in said
    assert len(said.splitlines()) <= 2
    assert "Traceback" not in said
    assert "hunter2" not in said
    expected = {"FILE": "is not a database of this service", AWAY: "127.0.0.1:1 cannot be reached (Connection refused)"}
    assert expected.get(url, "'mysql'") in said


def test_a_host_without_an_address_is_named() -> None:
    """So that a slip of the pen is seen."""
    told = run("keys", "list", FEE_SERVICE_DATABASE_URL="postgresql://user@no-such-host.invalid/fees")
    assert told.returncode == 1
    assert "PostgreSQL at no-such-host.invalid:5432 cannot be reached" in told.stderr.decode()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_database_or_user_that_is_not_there_is_named(database_url: str) -> None:
    """By the server that was reached."""
    url = make_url(database_url)
    told = run("keys", "list", FEE_SERVICE_DATABASE_URL=str(url.set(database="not_there")))
    assert "has no database 'not_there': make it with createdb" in told.stderr.decode()
    nobody = url.set(username="nobody", password="hunter2").render_as_string(hide_password=False)
    told = run("keys", "list", FEE_SERVICE_DATABASE_URL=nobody)
    assert "does not let user 'nobody' in" in told.stderr.decode()
    assert "hunter2" not in told.stderr.decode()
