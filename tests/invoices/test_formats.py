"""Every format comes out in one shape: the same lines, the same rows in and out, nothing of a person."""

from pathlib import Path

import pytest
from support.invoice_files import BUYER, E_MAIL, LINES, PERSON, RESIDENT, SAMPLES, SELLER, as_etax, files, totals_of

from fee_service.invoices.accounting import Account
from fee_service.invoices.reading import opened
from fee_service.invoices.values import Direction, InvoiceLine, OtherKind, OtherRow, Understood

ALL = ["list.utf8.csv", "list.bom.csv", "list.cp949.csv", "list.txt", "list.utf16.txt", "html.xls", "etax.zip",
       "documents.json", "list.xlsx", "texts.xlsx", "list.xls", "numbers.xls", "list.parquet"]  # fmt: skip
LISTS = [name for name in ALL if name not in ("etax.zip", "documents.json", "list.parquet")]


class Out:
    """All that comes out of a file."""

    def __init__(self, path: Path, own_number: str | None = None) -> None:
        with opened(path, own_number=own_number) as file:
            batches = list(file.batches())
            self.account: Account = file.account()
            self.understood: list[Understood] = file.understood
        self.lines: list[InvoiceLine] = [line for batch in batches for line in batch.as_rows()]
        self.others: list[OtherRow] = [row for batch in batches for row in batch.others]
        self.said = repr((self.lines, self.others, self.account, self.understood))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same lines in every format, once for all tests."""
    return files(tmp_path_factory.mktemp("invoices"))


@pytest.mark.parametrize("name", ALL)
def test_the_same_lines_come_out_of_every_format(name: str, written: dict[str, Path]) -> None:
    """To the won, in order, with both companies and the original of a correction."""
    out = Out(written[name])
    for line, billed in zip(out.lines, LINES, strict=True):
        assert (line.invoice_number, line.issued_on) == (billed.number, billed.issued_on)
        assert (line.amount, line.vat, line.quantity) == (billed.amount, billed.vat, billed.quantity)
        assert (line.item, line.specification) == (billed.item, billed.specification)
        assert (line.supplier, line.customer) == (SELLER, BUYER)
        assert (line.corrects, line.correction) == (billed.corrects or None, bool(billed.corrects))
        assert (line.invoice_supply, line.invoice_vat) == totals_of(billed.number, LINES)
        assert line.unreadable == ()


@pytest.mark.parametrize("name", ALL)
def test_nothing_of_a_person_comes_out(name: str, written: dict[str, Path]) -> None:
    """Neither in lines, nor in what is told of them."""
    said = Out(written[name]).said
    assert [secret for secret in (PERSON, RESIDENT, RESIDENT.replace("-", ""), E_MAIL) if secret in said] == []


@pytest.mark.parametrize("name", LISTS)
def test_the_preamble_tells_whose_list_it_is_and_its_totals_hold(name: str, written: dict[str, Path]) -> None:
    """Own number, direction, and the sums above the header against the rows, an invoice of many rows once."""
    out = Out(written[name])
    assert [(one.own_number, one.direction) for one in out.understood] == [(BUYER, Direction.PURCHASE)]
    assert [(check.name, check.holds) for check in out.account.checks] == [
        ("supply", True), ("vat", True), ("total", True),
    ]  # fmt: skip
    assert out.account.others == {OtherKind.PREAMBLE: 3, OtherKind.HEADER: 1}
    assert out.account.rows == 4 + len(LINES) == out.account.lines + sum(out.account.others.values())


def test_places_are_those_that_people_see(written: dict[str, Path]) -> None:
    """The line of a text, the row of a sheet, the item of an invoice."""
    assert Out(written["list.utf8.csv"]).lines[0].place == ("list.utf8.csv", None, 5)
    assert Out(written["list.xlsx"]).lines[3].place == ("list.xlsx", "세금계산서", 8)
    assert [line.place.line for line in Out(written["etax.zip"]).lines] == [1, 2, 3, 1]
    assert Out(written["etax.zip"]).lines[3].place.file == f"{LINES[3].number}.xml"


def test_encodings_are_told(written: dict[str, Path]) -> None:
    """As they were found, in the strict order."""
    names = ("list.utf8.csv", "list.bom.csv", "list.cp949.csv", "list.utf16.txt", "html.xls")
    told = [Out(written[name]).understood[0].encoding for name in names]
    assert told == ["utf-8", "utf-8-sig", "cp949", "utf-16", "cp949"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_an_e_tax_invoice_is_read_in_the_code_page_that_it_declares(encoding: str, tmp_path: Path) -> None:
    """A Korean code page is decoded before the parser sees it."""
    path = tmp_path / "one.xml"
    path.write_bytes(as_etax(LINES[0].number, encoding=encoding))
    assert [line.item for line in Out(path, BUYER).lines] == [line.item for line in LINES[:3]]
    assert Out(path, BUYER).lines[0].direction is Direction.PURCHASE
    assert Out(path, SELLER).lines[0].direction is Direction.SALE
    assert Out(path).lines[0].direction is None  # one invoice alone does not tell whose file it is


def test_unknown_columns_come_back_untouched(written: dict[str, Path]) -> None:
    """As text, as they were written."""
    assert Out(written["list.cp949.csv"]).lines[0].extra == {"품목단가": "1,483,870"}


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples of finance do not lie beside the repository")
def test_the_samples_of_finance_are_read_as_their_page_says() -> None:
    """Lines, sums and control totals of every sample, in every format of it."""
    sums = {
        "asp-popbill-like.json": (4, 5_483_870), "erp-ecount-like.utf8bom.csv": (3, 2_077_418),
        "erp-html-as.xls": (4, 9_377_418), "erp-purchase-journal.cp949.csv": (5, 5_277_418),
        "etax-corrected-01-cancel.xml": (4, -5_483_870), "etax-corrected-01-right.xml": (4, 5_277_418),
        "etax-corrected-02.xml": (1, -206_452), "etax-invoice.xml": (4, 5_483_870),
    }  # fmt: skip
    for path in sorted(SAMPLES.iterdir()):
        if path.suffix == ".md":
            continue
        account = Out(path).account
        lines, amount = sums.get(path.name, (4, 5_377_418))
        assert (account.lines, account.amount, account.unreadable) == (lines, amount, 0), path.name
        assert all(check.holds for check in account.checks), path.name
        if path.name.startswith("hometax"):
            assert account.invoices == (9_377_418, 937_742, 10_315_160)
            assert len(account.checks) == 3
