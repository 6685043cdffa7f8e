"""What is shown of files before anything is judged: how they were understood, their totals, their first lines."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson
import pytest
from support.invoice_files import (
    BUYER,
    E_MAIL,
    LINES,
    PERSON,
    RESIDENT,
    Billed,
    as_csv,
    as_etax,
    as_xlsx,
    files,
    table,
    zipped,
)

from fee_service.errors import FeeError
from fee_service.reconciliation import apart, understanding
from fee_service.reconciliation.apart import understood_apart
from fee_service.reconciliation.understanding import SHOWN, understood
from fee_service.settings import REPOSITORY


def shown(*paths: Path, own_number: str | None = None) -> Any:
    """As a caller gets it, after the way through JSON."""
    told = understood([(path, path.name) for path in paths], "ko", own_number)
    text = orjson.dumps(told).decode()
    assert not any(secret in text for secret in (PERSON, RESIDENT, E_MAIL))
    return orjson.loads(text)


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_a_list_is_told_as_it_was_understood(tmp_path: Path) -> None:
    """Format, encoding, header, columns with their fields, whose it is, what it states and what was found."""
    told = shown(written(tmp_path / "list.csv", as_csv(table(), "cp949")))
    (one,) = told["files"]
    (how,) = one["tables"]
    assert (how["format"], how["encoding"], how["delimiter"], how["header_row"]) == ("text", "cp949", ",", 4)
    assert (how["own_number"], how["direction"]) == (BUYER, "purchase")
    assert {"name": "품목공급가액", "field": "amount"} in how["columns"]
    assert {"name": "품목단가", "field": None} in how["columns"]
    assert set(how["columns_left_out"]) == {"대표자명", "주소", "공급받는자 이메일1"}
    amount, vat = sum(line.amount for line in LINES), sum(line.vat for line in LINES)
    assert how["stated"] == {"supply": amount, "vat": vat, "total": amount + vat}
    assert one["counted"] | {"invoices": None} == {
        "rows": 8, "lines": 4, "other_rows": {"preamble": 3, "header": 1}, "unreadable": 0, "amount": amount,
        "vat": vat, "invoices": None, "first_day": "2026-12-09", "last_day": "2027-01-15", "checks": [
            {"name": name, "stated": won, "found": won, "holds": True} for name, won in how["stated"].items()
        ],
    }  # fmt: skip
    first = told["rows"][0]
    assert first["row"] == {"file": "list.csv", "sheet": None, "line": 5}
    assert (first["amount"], first["quantity"], first["faults"]) == (1_483_870, 1, [])
    assert first["extra"] == {"품목단가": "1,483,870"}


def test_every_format_shows_the_same_lines(tmp_path: Path) -> None:
    """Whatever the file, the same amounts under the same names."""
    for name, path in files(tmp_path).items():
        rows = shown(path)["rows"]
        assert [(row["amount"], row["vat"]) for row in rows] == [(line.amount, line.vat) for line in LINES], name


def test_what_cannot_be_read_is_told_in_words(tmp_path: Path) -> None:
    """A value beside its line, a line that is none by its place, a file of an archive, a file."""
    bad = table()
    bad[4][20] = "1.483.870"
    content = as_csv(bad) + b'"2026-12-09,1\r\n'
    archive = zipped({"1.xml": as_etax(LINES[0].number), "2.xml": b"<TaxInvoice>"})
    paths = [tmp_path / name for name in ("a.csv", "b.zip", "c.pdf")]
    for path, raw in zip(paths, (content, archive, b"%PDF-1.7"), strict=True):
        path.write_bytes(raw)
    told = shown(*paths)
    assert told["rows"][0]["faults"][0] | {"detail": "", "hint": ""} == {
        "field": "amount", "code": "amount_with_dots", "shown": "1.483.870", "detail": "", "hint": "",
    }  # fmt: skip
    assert "점으로" in told["rows"][0]["faults"][0]["detail"]
    assert [(row["row"]["line"], row["code"]) for row in told["rejected"]] == [(9, "row_quote_unclosed")]
    assert [(one["file"], one["code"]) for one in told["files"][1]["refused"]] == [("2.xml", "xml_unreadable")]
    assert [fault["code"] for fault in told["files"][2]["faults"]] == ["file_kind_unknown"]


def test_where_no_file_can_be_read_all_faults_come(tmp_path: Path) -> None:
    """Then there is nothing to show."""
    paths = [written(tmp_path / "a.pdf", b"%PDF-1.7"), written(tmp_path / "b.csv", b"")]
    with pytest.raises(FeeError) as refused:
        shown(*paths)
    assert [fault.code for fault in refused.value.faults] == ["file_kind_unknown", "file_empty"]


def test_of_a_long_file_the_beginning_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its first lines; totals only where it was read to its end."""
    monkeypatch.setattr(understanding, "COUNTED", 100)
    for many, counted in ((80, True), (200, False)):
        lines = [Billed(number=f"20261209410009980000{at:04}") for at in range(many)]
        told = shown(
            written(tmp_path / f"{many}.csv", as_csv(table(lines))), written(tmp_path / "b.csv", as_csv(table()))
        )
        assert len(told["rows"]) == SHOWN
        assert (told["files"][0]["counted"] is not None) == counted
        assert told["files"][1]["counted"]["lines"] == len(LINES)


def test_a_process_apart_says_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also what is wrong, and that it takes too long; who asks loads no library of columns."""
    good, bad = written(tmp_path / "a.csv", as_csv(table())), written(tmp_path / "b.csv", b"a,b\n")
    asked = [(good, "매입.csv"), (bad, "b.csv"), (as_xlsx(table(), tmp_path / "c.xlsx"), "c.xlsx")]
    assert understood(asked, "ko")["files"][2]["counted"]["lines"] == len(LINES)
    assert understood_apart(asked, "both", BUYER) == orjson.loads(orjson.dumps(understood(asked, "both", BUYER)))
    with pytest.raises(FeeError) as refused:
        understood_apart([(bad, "b.csv")], "ko")
    assert [fault.code for fault in refused.value.faults] == ["header_not_found"]
    monkeypatch.setattr(apart, "SECONDS", 0.01)
    with pytest.raises(FeeError) as late:
        understood_apart(asked, "ko")
    assert [fault.code for fault in late.value.faults] == ["preview_not_in_time"]
    code = "import sys, fee_service.reconciliation.apart; print({'pyarrow', 'numpy', 'lxml'} & set(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "set()"
