"""Nothing of a person comes out, in whatever column, remark or file name it stands; everything else does."""

import logging
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from support.invoice_files import LINES, PERSON, Billed, as_csv, files, table, zipped

from fee_service.invoices import personal
from fee_service.invoices.reading import opened
from fee_service.reconciliation.understanding import understood

RESIDENTS = ("900101-1234567", "9001011234567", "900101 - 1234567", "900101-1******")
ADDRESSES = ("kim.gasang@example.invalid", "Kim+1@mail.example.invalid")
SECRETS = (PERSON, "박견본", "900101", "1234567", "example.invalid", "gasang", "mail.")
REMARKS = (
    f"담당자: {PERSON}", f"담당 {PERSON} 과장", f"{PERSON}님 요청", f"문의 {PERSON}에게", "대표자 박견본",
    "박견본 대리", *RESIDENTS, *ADDRESSES, f"회신 바람({ADDRESSES[0]}) {RESIDENTS[0]}",
)  # fmt: skip


def everything(path: Path, name: str) -> Iterator[str]:
    """All that comes out of a file, as text."""
    with opened(path, name) as file:
        yield file.name
        for batch in file.batches():
            yield repr(batch.lines.to_pydict())
            yield repr((batch.unreadable, batch.others, batch.refused))
        yield repr((file.understood, file.account()))
    yield orjson.dumps(understood([(path, name)], "both")).decode()


@pytest.mark.parametrize("field", ["item", "specification", "remark"])
def test_no_format_lets_a_person_out(field: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Numbers, addresses and names in every text of an invoice, its file's name included; amounts are untouched."""
    caplog.set_level(logging.DEBUG)
    lines = [
        Billed(number=f"2026120941000998000001{at:02}")._replace(**{field: text}) for at, text in enumerate(REMARKS)
    ]
    for name, path in files(tmp_path, lines).items():
        told = "\n".join(everything(path, f"{PERSON}_{RESIDENTS[0]}_{name}"))
        assert [secret for secret in SECRETS if secret in told] == [], name
        with opened(path) as file:
            read = [line for batch in file.batches() for line in batch.as_rows()]
        assert [line.amount for line in read] == [line.amount for line in lines], name
    assert not any(secret in caplog.text for secret in SECRETS)


def test_unknown_columns_and_places_hide_a_person_too(tmp_path: Path) -> None:
    """A column of ours that is unknown, the name of a file in an archive, the name of a column."""
    rows = [["작성일자", "공급가액", "품목명", "성명", "메모", "담당자: 박견본"]]
    rows += [["2026-12-09", "1,000", "기본료", PERSON, f"{PERSON}에게 {text}", "x"] for text in REMARKS]
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({f"{PERSON}.csv": as_csv(rows), f"{PERSON} {ADDRESSES[0]}.pdf": b"%PDF"}))
    told = "\n".join(everything(path, "a.zip"))
    assert [secret for secret in SECRETS if secret in told] == []
    assert "***에게 ***" in told


@pytest.mark.parametrize(
    "text",
    ["주식실시간A 기본료 (소매사업 전용)", "코스닥 실시간(증권B) 기본료", "오픈API 환경구축비(최초 1회)",
     "이용료 12월분", "정보이용료 이용 건수 1,000", "대표지수 수신료", "재해복구 수신 2회선", "담당 부서 정산",
     "유형별 조회 안내", "한국거래소 시세",
     "당초 승인번호(20261209-41000998-00000001)", "전문이사회 자료", "서비스 이용 대리점", "공급자: 한국정보(주)"],
)  # fmt: skip
def test_what_is_no_person_stays(text: str) -> None:
    """Items of market data are no names, whatever syllable they begin with."""
    assert personal.masked(text) == text


@pytest.mark.parametrize("name", ["매입목록.csv", "이용료_12월.xlsx", "정산서(1).xls", "2026-12 세금계산서.zip"])
def test_names_of_files_stay_where_they_name_nobody(name: str) -> None:
    """A word between signs that is built like a name is masked, a word of the trade is not."""
    assert personal.masked_file_name(name) == name


def test_a_short_name_that_is_a_word_leaves_items_alone(tmp_path: Path) -> None:
    """Somebody may be called 이용; the item 이용 요금 is still one, and a remark that says 이용 is masked."""
    rows = table(LINES[:1])
    rows[4][4], rows[4][16], rows[4][-1] = "이용", "이용 요금", "이용"
    path = tmp_path / "a.csv"
    path.write_bytes(as_csv(rows))
    with opened(path) as file:
        (line,) = [line for batch in file.batches() for line in batch.as_rows()]
    assert (line.item, line.remark) == ("이용 요금", "***")
