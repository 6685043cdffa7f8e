"""Files that do harm, or say nothing certain: refused early with a code, in bounded memory and time, or row by row."""

import json
import logging
import os
import random
import struct
import subprocess
import sys
import textwrap
import time
import zipfile
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from support.invoice_files import BUYER, LINES, SAMPLES, as_csv, as_etax, as_xlsx, files, table, zipped

from fee_service.errors import FeeError
from fee_service.invoices import archives, etax_xml, html_tables, json_files, parquet_tables, sizes
from fee_service.invoices.reading import opened
from fee_service.invoices.values import FileFormat, InvoiceLine
from fee_service.settings import REPOSITORY
from fee_service.wording.faults import FAULTS

MUTATIONS = int(os.environ.get("INVOICE_MUTATIONS", "200"))  # 10,000 by hand


def refusal(path: Path) -> str:
    """The code with which a file is refused."""
    with pytest.raises(FeeError) as refused, opened(path) as file:
        list(file.batches())
    assert all(fault.code in FAULTS for fault in refused.value.faults)
    return refused.value.faults[0].code


def written(path: Path, content: bytes | str) -> Path:
    """A file of this content."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def lines_of(path: Path) -> list[InvoiceLine]:
    """The lines of a file."""
    with opened(path) as file:
        return [line for batch in file.batches() for line in batch.as_rows()]


XML = as_etax(LINES[0].number).decode()
LAUGHS = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (XML.replace("?><TaxInvoice", f"?>{LAUGHS}<TaxInvoice"), "xml_with_doctype"),
        (XML.replace("?><", '?><!DOCTYPE x SYSTEM "file:///etc/passwd"><'), "xml_with_doctype"),
        (XML[:-300], "xml_unreadable"),
        (XML.replace("<IssueID>", "<IssueID>&a;"), "xml_unreadable"),
        (XML.encode("cp949"), "xml_unreadable"),  # declares UTF-8
        ('<?xml version="1.0"?><Other/>', "xml_of_no_invoice"),
        ("<html><body>Session expired</body></html>", "html_without_table"),
        ("<table><tr><td>이름</td></tr></table>", "header_not_found"),
        ("{", "invoice_json_unreadable"),
        ("[1, 2]", "invoice_json_unreadable"),
        ('{"amount": 1, "amount": 2}', "invoice_json_unreadable"),
        ("[" * 100_000, "invoice_json_unreadable"),
        ('[{"name": 1}]', "header_not_found"),
        (b"%PDF-1.7 ...", "file_kind_unknown"),
        (b"PK\x03\x04 no archive", "archive_unreadable"),
        (zipped({})[:-4], "archive_unreadable"),
        (zipped({}), "file_empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2_000, "workbook_unreadable"),
        (b"PAR1 no parquet PAR1", "parquet_unreadable"),
        (b"", "file_empty"),
        (b" \n\n", "file_empty"),
        ("가" * 6_000_000, "file_line_too_long"),
        (",".join(["작성일자", "공급가액", *map(str, range(1_000_000))]) + "\n1,2\n", "file_columns_too_many"),
    ],
    ids=lambda value: value if isinstance(value, str) and value in FAULTS else "",
)  # fmt: skip
def test_a_file_that_cannot_be_taken_says_why(content: bytes | str, code: str, tmp_path: Path) -> None:
    """A code of its own, with sentences in both languages."""
    assert refusal(written(tmp_path / "a.bin", content)) == code


def test_a_file_of_two_gigabytes_is_refused_unread(tmp_path: Path) -> None:
    """By its size, and an upload by the size that it declares."""
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(2_000_000_000)
    assert refusal(path) == "file_too_large"
    with pytest.raises(FeeError):
        sizes.refuse_size(2_000_000_000)


# -- archives ------------------------------------------------------------------------------------------


def test_an_archive_is_judged_by_what_it_declares(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ratio, size and count, before anything is unpacked."""
    bomb = zipped({"a.csv": b"0" * 50_000_000})
    assert refusal(written(tmp_path / "ratio.zip", bomb)) == "archive_too_large"
    monkeypatch.setattr(archives, "MOST_FILES", 2)
    assert (
        refusal(written(tmp_path / "count.zip", zipped({f"{at}.xml": b"" for at in range(3)}))) == "archive_too_large"
    )
    monkeypatch.setattr(archives, "MOST_UNPACKED", 1_000)
    assert refusal(written(tmp_path / "size.zip", zipped({"a.xml": os.urandom(2_000)}))) == "archive_too_large"


def test_an_archive_that_lies_about_its_sizes_harms_nobody(tmp_path: Path) -> None:
    """A file that unpacks to more than it declares is told as damaged, and the others are read."""
    packed = bytearray(zipped({"bad.xml": XML.encode() * 200, "good.xml": XML.encode()}))
    size = struct.pack("<L", len(XML.encode()) * 200)
    while (at := packed.find(size)) >= 0:
        packed[at : at + 4] = struct.pack("<L", 100)
    path = written(tmp_path / "a.zip", bytes(packed))
    with opened(path) as file:
        lines = [line for batch in file.batches() for line in batch.as_rows()]
        assert [(one.file, one.fault.code) for one in file.account().refused] == [("bad.xml", "archive_unreadable")]
    assert {line.place.file for line in lines} == {"good.xml"}


def test_in_an_archive_each_file_answers_for_itself(tmp_path: Path) -> None:
    """What cannot be read is told by its name; lists and workbooks beside e-tax invoices are read."""
    workbook = as_xlsx(table(), tmp_path / "b.xlsx").read_bytes()
    inner = {
        "1.xml": as_etax(LINES[0].number), "2.xml": b"<TaxInvoice>", "3.zip": zipped({"x": b"y"}),
        "4.xml": LAUGHS.encode(), "5.csv": as_csv(table()), "6.xlsx": workbook, "__MACOSX/1.xml": b"x",
    }  # fmt: skip
    with opened(written(tmp_path / "a.zip", zipped(inner))) as file:
        lines = [line for batch in file.batches() for line in batch.as_rows()]
        refused = {one.file: one.fault.code for one in file.account().refused}
    assert refused == {"2.xml": "xml_unreadable", "3.zip": "archive_in_archive", "4.xml": "xml_with_doctype"}
    assert sorted({line.place.file for line in lines}) == ["1.xml", "5.csv", "6.xlsx"]
    assert len(lines) == 3 + 2 * len(LINES)


def test_an_archive_with_a_password_is_refused(tmp_path: Path) -> None:
    """Told by its flag."""
    packed = bytearray(zipped({"a.xml": b"x"}))
    packed[6] |= 1
    packed[packed.find(b"PK\x01\x02") + 8] |= 1
    assert refusal(written(tmp_path / "a.zip", bytes(packed))) == "archive_encrypted"


def test_names_from_korean_windows_are_read(tmp_path: Path) -> None:
    """They come in CP949 without a mark."""
    name = "세금.xml".encode("cp949")
    raw = zipped({"x" * len(name): XML.encode()}).replace(b"x" * len(name), name)
    assert lines_of(written(tmp_path / "a.zip", raw))[0].place.file == "세금.xml"


# -- workbooks and Parquet -----------------------------------------------------------------------------


def test_cells_that_are_no_values_and_digits_that_are_lost_are_told(tmp_path: Path) -> None:
    """Errors, formulas that nobody has computed, days in place of amounts, numbers of 24 digits."""
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["작성일자", "승인번호", "공급자사업자등록번호", "공급가액", "세액"])
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for row in range(1, 7):
            sheet.write_datetime(row, 0, date(2026, 12, 9), day)  # type: ignore[arg-type]
            sheet.write_row(row, 1, [f"00{row}", 9988100012, 1_000.0, 100])
        sheet.write_number(1, 1, 202612094100099800000001)
        sheet.write_formula(2, 3, "=1/0", None, "#DIV/0!")
        sheet.write_formula(3, 3, "=A2+1", None, "")
        sheet.write_number(4, 3, 1483870.5)
        sheet.write_datetime(5, 3, date(2026, 12, 9), day)  # type: ignore[arg-type]
        sheet.write_formula(6, 3, "=500+500", None, 1_000)
    told = [[(fault.field, fault.code) for fault in line.unreadable] for line in lines_of(path)]
    assert told == [
        [("invoice_number", "digits_lost")], [("amount", "amount_error_cell")],
        [("amount", "amount_formula_uncomputed")], [("amount", "amount_with_fraction")],
        [("amount", "amount_is_a_day")], [],
    ]  # fmt: skip
    assert [line.invoice_number for line in lines_of(path)[1:3]] == ["002", "003"]
    assert lines_of(path)[5].amount == 1_000


def test_sheets_answer_for_themselves(tmp_path: Path) -> None:
    """A sheet without a header is told row by row; a workbook in which none has one is refused."""
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("메모").write(0, 0, "참고")
        sheet = book.add_worksheet("세금계산서")
        for number, row in enumerate(table()):
            sheet.write_row(number, 0, row)
    with opened(path) as file:
        others = [row for batch in file.batches() for row in batch.others]
        assert file.account().lines == len(LINES)
    assert [(row.place.sheet, row.code) for row in others if row.code] == [("메모", "row_without_header")]


def test_parquet_is_bounded_by_its_footer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """50 million rows fit in less than a megabyte; a long text that comes often is no way around."""
    path = tmp_path / "a.parquet"
    rows = pa.DictionaryArray.from_arrays(pa.array([0] * 1_000_000, pa.int32()), pa.array(["1"]))
    pq.write_table(pa.table({"issued_on": rows, "amount": rows}), path)
    monkeypatch.setattr(parquet_tables, "MOST_ROWS", 999_999)
    assert refusal(path) == "parquet_too_large"
    long = pa.array(["9" * 5_000] * 10)
    pq.write_table(pa.table({"issued_on": long, "amount": long}), path)
    assert refusal(path) == "parquet_text_too_long"


def test_a_parquet_whose_texts_are_no_text_is_refused(tmp_path: Path) -> None:
    """Bytes that are no UTF-8 in a column of texts: told by the reader, not by whoever looks at the line."""
    path = tmp_path / "a.parquet"
    item = pa.Array.from_buffers(pa.string(), 1, [None, pa.py_buffer(b"\0\0\0\0\2\0\0\0"), pa.py_buffer(b"\xb8\xb8")])
    table = {"invoice_number": ["1"], "amount": [1], "item": item}
    pq.write_table(pa.table(table), path, use_dictionary=False)
    assert refusal(path) == "parquet_unreadable"


def test_a_parquet_cut_short_is_refused(tmp_path: Path) -> None:
    """At the footer, and where a page is damaged further down."""
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"issued_on": ["2026-12-09"] * 5_000, "amount": list(range(5_000))}), path)
    raw = path.read_bytes()
    assert refusal(written(path, raw[:-5])) == "parquet_unreadable"
    damaged = bytearray(raw)
    damaged[8:2_000] = b"\xff" * 1_992
    assert refusal(written(path, bytes(damaged))) == "parquet_unreadable"


def test_parquet_keeps_its_kinds(tmp_path: Path) -> None:
    """A fraction in a column of doubles is told, not rounded; days and decimals are what they are."""
    path = tmp_path / "a.parquet"
    columns = {
        "issued_on": pa.array([date(2026, 12, 9)] * 4), "amount": pa.array([1483870.0, 1483870.5, None, 1e16]),
        "vat": pa.array([148387, -1, 0, None], pa.int64()), "invoice_number": ["007", "가", "2E23", ""],
    }  # fmt: skip
    pq.write_table(pa.table(columns), path)
    lines = lines_of(path)
    assert [line.amount for line in lines] == [1_483_870, None, None, None]
    assert [line.vat for line in lines] == [148_387, -1, 0, None]
    assert [line.invoice_number for line in lines] == ["007", "가", "2E23", None]
    codes = [fault.code for line in lines for fault in line.unreadable]
    assert codes == ["amount_with_fraction", "amount_missing", "digits_lost"]


def test_numbers_in_json_are_kept_as_they_were_written(tmp_path: Path) -> None:
    """No float stands between a file and its amounts."""
    rows = [{"issued_on": "2026-12-09", "invoice_number": 20261209410009980000000199, "amount": 0}]
    text = json.dumps(rows).replace('"amount": 0', '"amount": 1e6')
    line = lines_of(written(tmp_path / "a.json", text))[0]
    assert line.invoice_number == "20261209410009980000000199"
    assert [fault.code for fault in line.unreadable] == ["amount_in_exponent"]


@pytest.mark.parametrize(
    ("room", "name", "content"),
    [
        (etax_xml, "a.xml", XML), (json_files, "a.json", '[{"issued_on": "2026-12-09", "amount": "1"}]'),
        (html_tables, "a.xls", "<table><tr><td>작성일자<td>공급가액</table>"),
    ],
)  # fmt: skip
def test_what_is_read_as_a_whole_is_small(
    room: object, name: str, content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """XML, JSON and HTML have a size beyond which they are refused unparsed."""
    monkeypatch.setattr(room, "MOST_BYTES", 10)
    assert refusal(written(tmp_path / name, content)) == "file_too_large"


# -- bounds and mutations ------------------------------------------------------------------------------

MEASURED = """
import resource, sys
from pathlib import Path
import fee_service.invoices.reading as reading
from fee_service.errors import FeeError
resource.setrlimit(resource.RLIMIT_CPU, (30, 30))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    with reading.opened(Path(sys.argv[1])) as file:
        list(file.batches())
    print("read", end=" ")
except FeeError as refused:
    print(refused.faults[0].code, end=" ")
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def bombs(folder: Path) -> dict[str, str]:
    """Files that unpack to far more than they are, and the codes that refuse them."""
    with (folder / "line.csv").open("wb") as file:  # a line of a gigabyte, sparse on the disk
        file.write("작성일자,공급가액\n".encode() + b"1")
        file.seek(1_000_000_000)
        file.write(b"1")
    (folder / "ratio.zip").write_bytes(zipped({"a.xml": b"<TaxInvoice>" + b" " * 100_000_000}))
    with zipfile.ZipFile(folder / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("[Content_Types].xml", "<Types/>")
        parts.writestr("xl/workbook.xml", "<workbook/>")
        parts.writestr("xl/worksheets/sheet1.xml", b"<row/>" * 30_000_000)
    many = pa.DictionaryArray.from_arrays(pa.array([0] * 1_000_000, pa.int32()), pa.array(["1"]))
    with pq.ParquetWriter(folder / "rows.parquet", pa.schema([("issued_on", many.type), ("amount", many.type)])) as out:
        for _ in range(25):
            out.write_table(pa.table({"issued_on": many, "amount": many}))
    laughs = "".join(f'<!ENTITY a{at} "{f"&a{at - 1};" * 10}">' for at in range(1, 20))
    (folder / "laughs.xml").write_text(f'<!DOCTYPE l [<!ENTITY a0 "ha">{laughs}]><TaxInvoice>&a19;</TaxInvoice>')
    return {
        "line.csv": "file_encoding_unknown file_line_too_long", "ratio.zip": "archive_too_large",
        "bomb.xlsx": "workbook_too_large", "rows.parquet": "parquet_too_large", "laughs.xml": "xml_with_doctype",
    }  # fmt: skip


def test_bombs_are_refused_in_little_memory(tmp_path: Path) -> None:
    """Measured in a process of its own: less than 150 MB beyond what the libraries take."""
    for name, codes in bombs(tmp_path).items():
        command = [sys.executable, "-c", textwrap.dedent(MEASURED), str(tmp_path / name)]
        done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True, timeout=60)
        code, megabytes = done.stdout.split()
        assert code in codes.split(), name
        assert int(megabytes) < 150, name


SIGNS = b'0123456789,.-()"\n\t<>/ ABE=#'


def mutated(mutate: random.Random, contents: Sequence[bytes]) -> bytes:
    """A file with bytes changed, cut out, doubled; mostly such as leave the encoding of a text whole."""
    raw = bytearray(mutate.choice(contents))
    is_gentle = mutate.random() < 0.7
    for _ in range(mutate.choice((1, 1, 3, 20))):
        at, length = mutate.randrange(len(raw)), 1 if is_gentle else mutate.choice((1, 2, 50))
        if is_gentle and raw[at] >= 0x80:
            continue
        new = bytes(mutate.choices(SIGNS, k=length)) if is_gentle else mutate.randbytes(length)
        raw[at : at + length] = mutate.choice((new, new, b"", raw[at : at + length] * 2))
    return bytes(raw)


def test_mutated_files_end_in_rows_or_in_a_code(tmp_path: Path) -> None:
    """Never a stack trace; rows out are rows in, each place once, and the amounts are those of the lines."""
    paths = [path for name, path in files(tmp_path).items() if not name.endswith(("xlsx", "numbers.xls"))]
    samples = [path for path in SAMPLES.glob("*.*") if path.suffix != ".md"] if SAMPLES.is_dir() else []
    contents = [path.read_bytes() for path in (*paths, *samples)]
    ended: Counter[str] = Counter()
    for seed in range(MUTATIONS):
        path = written(tmp_path / "mutated.bin", mutated(random.Random(seed), contents))
        try:
            with opened(path, own_number=BUYER) as file:
                batches = list(file.batches())
                account = file.account()
        except FeeError as refused:
            ended.update(fault.code for fault in refused.faults)
            continue
        ended["read"] += 1
        lines = [line for batch in batches for line in batch.as_rows()]
        others = [row for batch in batches for row in batch.others]
        assert account.rows == len(lines) + sum(account.others.values()) == sum(batch.rows for batch in batches), seed
        assert account.amount == sum(line.amount or 0 for line in lines), seed
        assert all(fault.code in FAULTS for line in lines for fault in line.unreadable), seed
        if all(one.format is FileFormat.TEXT for one in file.understood):
            places = [one.place.line for one in (*lines, *others)]
            assert len(set(places)) == len(places), seed
    assert 0 < ended["read"] < MUTATIONS
    assert set(ended) <= {"read", *FAULTS}
    logging.getLogger(__name__).info("%s", ended.most_common())  # pytest --log-cli-level=info


def test_no_mutated_line_of_a_text_is_lost(tmp_path: Path) -> None:
    """Each line of the file is a line, another row, or within a cell of one: counted line by line."""
    raw = as_csv(table())
    for seed in range(MUTATIONS):
        mutate = random.Random(seed)
        rows = raw.decode().split("\r\n")
        at = mutate.randrange(4, len(rows) - 1)
        cut = mutate.randrange(len(rows[at]) + 1)
        rows[at] = rows[at][:cut] + mutate.choice(('"', ",", '""', '",', ',"', "\t", "")) + rows[at][cut + 1 :]
        path = written(tmp_path / "a.csv", "\n".join(rows))
        with opened(path) as file:
            batches = list(file.batches())
        places = [line.place.line for batch in batches for line in batch.as_rows()]
        places += [row.place.line for batch in batches for row in batch.others]
        assert sorted(places) == list(range(1, len(rows))), (seed, rows[at])


@pytest.mark.parametrize(
    "cell", ["a" * 300_000, "9" * 300_000, "(" * 300_000, "합계" * 100_000, "1." * 100_000, "@" * 200_000]
)
def test_no_long_cell_takes_long(cell: str, tmp_path: Path) -> None:
    """Each pattern is applied to each column in time that grows with the text, not with its square."""
    rows = [
        ["작성일자", "승인번호", "품목명", "공급가액", "비고", "기타"],
        [cell, "\u3000" + cell, "가 " + cell, cell, cell, cell],
    ]
    path = written(tmp_path / "a.csv", as_csv(rows))
    before = time.process_time()
    assert len(lines_of(path)) == 1
    assert time.process_time() - before < 2
