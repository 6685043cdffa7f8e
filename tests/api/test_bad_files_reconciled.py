"""Bad files over the API: each says why, all others are judged; of a person nothing is stored, answered or logged."""

import contextlib
import io
import logging
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support.calling import caller
from support.invoice_files import (
    E_MAIL,
    LINES,
    PERSON,
    RESIDENT,
    Billed,
    as_csv,
    as_etax,
    as_html,
    as_xls,
    table,
    zipped,
)
from werkzeug.datastructures import FileStorage

from fee_service.actors import COMMAND_LINE
from fee_service.app import create_app
from fee_service.jobs.working import Worker
from fee_service.keys import keyring
from fee_service.published.editions import Editions
from fee_service.settings import Settings

PATH = "/v1/reconciliations"
SECRETS = (PERSON, RESIDENT, RESIDENT[:6], E_MAIL, E_MAIL.split("@")[0])


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bad-files")


@pytest.fixture(scope="module")
def app(editions: Editions, instance: Path) -> Flask:
    """An application with a database of its own, which can be looked into."""
    settings = Settings(instance=instance, requests_per_minute=10**6, requests_per_day=10**6)
    return create_app(settings, editions)


@pytest.fixture(scope="module")
def finance(app: Flask) -> FlaskClient:
    """Somebody of finance."""
    return caller(app, keyring.create(app.extensions["database"], COMMAND_LINE, "tests", "finance", "of tests"))


def asked(finance: FlaskClient, files: dict[str, bytes], query: str = "") -> Any:
    """The answer to files in a form."""
    parts = [FileStorage(io.BytesIO(content), name) for name, content in files.items()]
    return finance.post(PATH + query, data={"file": parts}, content_type="multipart/form-data")


def done(app: Flask, finance: FlaskClient, files: dict[str, bytes]) -> Any:
    """What a reconciliation of files comes to."""
    answer = asked(finance, files)
    assert answer.status_code == 202, answer.get_json()
    Worker(app.extensions["database"], app.extensions["job_kinds"]).run(once=True)
    return finance.get(answer.headers["Location"]).get_json()


def bad_files(folder: Path) -> Iterator[tuple[str, bytes, str]]:
    """Names, contents, and the codes that refuse them."""
    laughs = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><TaxInvoice>&b;</TaxInvoice>'
    yield "laughs.xml", laughs.encode(), "xml_with_doctype"
    yield "bomb.zip", zipped({"a.csv": b"0" * 30_000_000}), "archive_too_large"
    with zipfile.ZipFile(folder / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("[Content_Types].xml", "<Types/>")
        parts.writestr("xl/workbook.xml", "<workbook/>")
        parts.writestr("xl/worksheets/sheet1.xml", b"<row/>" * 6_000_000)
    yield "bomb.xlsx", (folder / "bomb.xlsx").read_bytes(), "workbook_too_large"
    yield "wide.csv", ",".join(["작성일자", "공급가액", *map(str, range(100_000))]).encode(), "file_columns_too_many"
    yield "long.csv", b"x" * 9_000_000, "file_line_too_long"
    yield "cut.parquet", b"PAR1 no parquet", "parquet_unreadable"
    yield "page.xls", as_html([["이름"], ["x"]]), "header_not_found"
    plain = as_xls(table(), folder / "a.xls").read_bytes()
    yield "locked.xls", plain.replace(b"\xe1\0\2\0\xb0\4", b"\x2f\0\2\0\xb0\4", 1), "workbook_encrypted"


def test_a_bad_file_says_why_and_all_others_are_read(app: Flask, finance: FlaskClient, tmp_path: Path) -> None:
    """In the preview by its name, with what to do; in the job the lines of the others are there."""
    files = {name: content for name, content, _ in bad_files(tmp_path)}
    told = asked(finance, {**files, "good.csv": as_csv(table())}, "?preview=true").get_json()
    found = {one["file"]: [fault["code"] for fault in one["faults"]] for one in told["files"]}
    assert found == {**{name: [code] for name, _, code in bad_files(tmp_path)}, "good.csv": []}
    assert all(fault["hint"] for one in told["files"] for fault in one["faults"])
    assert len(told["rows"]) == len(LINES)
    over = done(app, finance, {"laughs.xml": files["laughs.xml"], "good.csv": as_csv(table())})
    assert over["status"] == "done", over
    assert over["summary"]["lines"] == len(LINES)


def test_only_bad_files_are_told_all_at_once(finance: FlaskClient, tmp_path: Path) -> None:
    """A preview of them is refused with the fault of each."""
    some = {name: content for name, content, _ in bad_files(tmp_path) if name in ("laughs.xml", "cut.parquet")}
    answer = asked(finance, some, "?preview=true")
    assert answer.status_code == 422
    assert {fault["code"] for fault in answer.get_json()["errors"]} == {"xml_with_doctype", "parquet_unreadable"}


def test_of_a_person_nothing_is_kept_answered_or_logged(
    app: Flask, finance: FlaskClient, instance: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """After a preview and a run over lists and XML: not in a page, not in any table, not in a line of the log."""
    caplog.set_level(logging.DEBUG)
    texts = [f"담당자: {PERSON}", f"{PERSON}님", RESIDENT, f"문의 {E_MAIL}", f"{PERSON} 과장 {RESIDENT}"]
    lines = [Billed(number=f"2026120941000998000002{at:02}", remark=text) for at, text in enumerate(texts)]
    files = {
        f"{PERSON}_{RESIDENT}.csv": as_csv(table(lines)),
        f"{E_MAIL}.xml": as_etax(LINES[0].number),
        f"bad {PERSON}.csv": as_csv(table(lines))[:-60] + f'"{PERSON} {E_MAIL}\n'.encode(),
    }
    answers = [asked(finance, files, "?preview=true").get_data(as_text=True)]
    told = done(app, finance, files)
    assert told["status"] == "done", told
    answers += [str(told), finance.get(told["result"]).get_data(as_text=True)]
    assert [secret for secret in SECRETS if any(secret in answer for answer in answers)] == []
    assert not any(secret in caplog.text for secret in SECRETS)
    for secret in SECRETS:
        assert _tables_with(secret, instance / "fee_service.db") == []


def _tables_with(secret: str, path: Path) -> list[str]:
    """The tables of a database in a value of which a text stands, as it is or in what is packed."""
    found = []
    with sqlite3.connect(path) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for name in names:
            for row in connection.execute(f'SELECT * FROM "{name}"'):
                for value in row:
                    raw = value if isinstance(value, bytes) else str(value).encode()
                    with contextlib.suppress(zlib.error):
                        raw += zlib.decompress(raw)
                    if secret.encode() in raw:
                        found.append(name)
    return found
