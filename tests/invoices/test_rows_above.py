"""A header is found by its names: under a preamble, merged, padded, shuffled, with more columns than known."""

import random

import pytest
from support.invoice_files import HEADER

from fee_service.errors import FeeError
from fee_service.invoices.columns import PERSON, Header, find_header

DATA = ["2026-12-09", "1", "998-81-00012", "가", "나", "다", "998-87-00028", "가"]


def header(*rows: list[str]) -> Header:
    """The header that there is."""
    found = find_header(rows)
    assert found
    return found


def fields(found: Header) -> dict[str, str]:
    """Which column fills which field."""
    return {column.field: column.name for column in found.columns if column.field}


@pytest.mark.parametrize("above", range(31))
def test_a_header_is_found_under_up_to_thirty_rows(above: int) -> None:
    """The preamble may be padded to the width of the table."""
    found = header(*[["제목"] + [""] * 22] * above, list(HEADER), DATA)
    assert (found.first, found.last) == (above, above)


def test_a_header_further_down_is_none() -> None:
    """What stands under 31 rows is no list that anybody exports."""
    assert find_header([["제목"]] * 31 + [list(HEADER)]) is None


def test_columns_in_any_order_fill_the_same_fields() -> None:
    """Names decide, places do not; two unknown columns change nothing."""
    distinct = [name for name in HEADER if HEADER.count(name) == 1]
    for seed in range(20):
        names = [*distinct, "새 열", "또 다른 열"]
        random.Random(seed).shuffle(names)
        assert fields(header(names)) == fields(header(list(distinct)))


def test_a_name_that_stands_twice_is_told_by_its_neighbours() -> None:
    """The first company is the supplier, the second the buyer; without a word of sides, too."""
    for names in (list(HEADER), ["등록번호", "상호", "등록번호", "상호", "공급가액"]):
        found = header(names)
        twins = [column for column in found.columns if column.name == "상호"]
        assert [column.field for column in twins] == ["supplier_name", "customer_name"]


def test_sums_that_stand_twice_are_the_invoices_and_the_items() -> None:
    """Behind the columns of the item they are the item's."""
    sums = ["공급가액", "세액", "비고"]
    found = header(["작성일자", "승인번호", "합계금액", *sums, "품목명", "수량", "단가", *sums])
    told = [(column.at, column.field) for column in found.columns]
    assert told[2:6] == [(2, "invoice_total"), (3, "invoice_supply"), (4, "invoice_vat"), (5, "invoice_remark")]
    assert told[9:] == [(9, "amount"), (10, "vat"), (11, "remark")]


def test_two_sums_without_a_difference_are_refused() -> None:
    """Nobody knows which one counts."""
    with pytest.raises(FeeError) as refused:
        find_header([["작성일자", "공급가액", "공급가액"]])
    assert refused.value.faults[0].code == "column_stands_twice"


def test_groups_merged_over_names_are_read_with_them() -> None:
    """Two rows of header: who it is stands above, what it is below."""
    found = header(
        ["작성일자", "공급자", "", "공급받는자", "", "공급가액", "세액"],
        ["", "등록번호", "상호", "등록번호", "상호", "", ""],
    )
    assert (found.first, found.last) == (0, 1)
    assert [column.field for column in found.columns] == [
        "issued_on", "supplier", "supplier_name", "customer", "customer_name", "amount", "vat",
    ]  # fmt: skip


def test_columns_of_persons_are_not_read() -> None:
    """By their names: representatives, addresses, e-mail."""
    found = header(list(HEADER))
    assert found.dropped == ("대표자명", "주소", "대표자명", "주소", "공급받는자 이메일1")
    assert not {column.name for column in found.columns if column.field != PERSON} & set(found.dropped)
    assert [column.name for column in found.columns if column.field == PERSON] == ["대표자명"] * 2


@pytest.mark.parametrize("cell", ["(단위: 천원)", "단위 : 백만원", "공급가액(천원)", "[단위: USD]"])
def test_amounts_in_another_unit_are_refused(cell: str) -> None:
    """A thousand won for one would be a wrong amount in every line."""
    with pytest.raises(FeeError) as refused:
        find_header([[cell], ["작성일자", "품목", "공급가액"]])
    assert refused.value.faults[0].code == "amounts_not_in_won"


def test_the_unit_won_changes_no_name() -> None:
    """공급가액(원) is 공급가액."""
    assert fields(header(["작성일자(필수)", "공급가액(원)", "세액 (단위: 원)"])).keys() == {
        "issued_on",
        "amount",
        "vat",
    }


def test_own_columns_are_known_by_their_public_names() -> None:
    """The names of the contract, as they stand."""
    names = ["invoice_number", "issued_on", "quote", "service_month", "fee", "product", "option", "user_type",
             "quantity", "amount", "vat"]  # fmt: skip
    assert list(fields(header(names))) == names


def test_a_row_of_figures_is_no_header() -> None:
    """The control totals above a list bear names of amounts, too."""
    assert header(["합계금액", "1,000", "세액", "100", "공급가액"], ["작성일자", "공급가액"]).first == 1
