"""The fees of licences in arrays: which are owed, for how many units, and their charge under each list."""

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from bulk.conftest import row
from support.core import A, C, changed, flat, one_list
from support.licence_rows import amounts_of, quoted, rows_of, table_of, understood

from fee_service.bulk.checking import Checker
from fee_service.bulk.lines import lines_in
from fee_service.bulk.rating import rated
from fee_service.prices import Cell, CellKind, Graduated, Package, Price, Tier, Volume
from fee_service.published.editions import Editions

FEE = ("real_time", "usage_fee", A, "personal")


def fees(editions: Editions, *rows: dict[str, Any]) -> list[tuple[str, str | None, int, int]]:
    """(fee, option or user type, quantity, charge under the first list) of each line."""
    checker = Checker(editions)
    batch = checker.check(table_of(rows))
    lines = lines_in(batch.licences, checker.shapes, len(batch.keys))
    each = [checker.shapes.fees[number].line for number in lines.fee]
    return [
        (line.fee, line.option or line.user_type, quantity, charge)
        for line, quantity, charge in zip(each, lines.quantity.tolist(), lines.charges[:, 0].tolist(), strict=True)
    ]


def test_each_licence_owes_its_fees_in_the_order_of_the_tables(editions: Editions) -> None:
    """Base and extension by option, usage by column, the platform last."""
    given = row(options=["general", "retail"], affiliate_extension=True, standard_ids=1, personal_ids=2, queries=3,
                api_calls_per_month=1_000_001)  # fmt: skip
    assert fees(editions, given) == [
        ("base_fee", "general", 1, 5_700_000),
        ("base_fee", "retail", 1, 2_000_000),
        ("affiliate_extension", "general", 1, 2_850_000),
        ("affiliate_extension", "retail", 1, 1_000_000),
        ("usage_fee", "standard", 1, 26_000),
        ("usage_fee", "personal", 2, 2_200),
        ("usage_fee", None, 3, 33),
        ("environment_setup", None, 1, 3_000_000),
        ("api_call_fee", None, 2, 400_000),
    ]


def test_licences_of_a_contract_come_in_the_printed_order(editions: Editions) -> None:
    """Whatever the order of their rows."""
    rows = [row(product=C), row(agreement="closing_price", options=None), row(product=A)]
    batch = Checker(editions).check(table_of(rows))
    assert [batch.licences.keys[key] for key in batch.licences.key] == [
        ("real_time", A), ("real_time", C), ("closing_price", A),
    ]  # fmt: skip
    assert batch.rows.tolist() == [3, 1, 2]


@pytest.mark.parametrize(("sets", "recovery", "expected"), [(1, 0, []), (2, 0, [1]), (5, 2, [4]), (1, 3, [0])])
def test_further_sets_are_counted_after_the_first_and_recovery_sets_are_free(
    sets: int, recovery: int, expected: list[int], editions: Editions
) -> None:
    """A line of 0 where only sets for disaster recovery are taken."""
    found = fees(editions, row(channel="direct", reception_sets=sets, disaster_recovery_sets=recovery))
    assert [quantity for fee, _, quantity, _ in found if fee == "additional_reception"] == expected


@pytest.mark.parametrize(("ids", "charged"), [((10, 9), 0), ((10, 10), 0), ((10, 11), 1), ((0, 5), 5)])
def test_ids_that_use_another_product_already_are_free_by_user_type(
    ids: tuple[int, int], charged: int, editions: Editions
) -> None:
    """Securities C beyond the IDs of A (P1 variable fees, note 1); one side and the other."""
    rows = [row(personal_ids=ids[0], standard_ids=1), row(product=C, personal_ids=ids[1], standard_ids=1)]
    found = fees(editions, *rows)
    of_c = [line for line in found if line[0] == "usage_fee"][-2:]
    assert [quantity for _, _, quantity, _ in of_c] == [0, charged]
    alone = fees(editions, row(product=C, personal_ids=ids[1]))
    assert alone[-1][2] == ids[1]


def test_a_closing_licence_beside_the_real_time_one_is_free_only_in_its_own_contract(editions: Editions) -> None:
    """KRX bonds A (P2, note 2); another contract's licence frees nothing."""
    closing = {"agreement": "closing_price", "product": "krx_bonds_a", "options": None, "affiliate_extension": True}
    beside = fees(editions, row(product="krx_bonds_a"), row(**closing))
    assert [(fee, quantity, charge) for fee, _, quantity, charge in beside][1:] == [
        ("base_fee", 0, 0), ("affiliate_extension", 0, 0),
    ]  # fmt: skip
    apart = fees(editions, row(product="krx_bonds_a"), row(contract="Q-2", **closing))
    assert all(quantity == 1 and charge for _, _, quantity, charge in apart[1:])


PRICES: dict[str, Price] = {
    "graduated": Graduated((Tier(10, 100), Tier(20, 50), Tier(None, 10))),
    "volume": Volume((Tier(10, 100), Tier(None, 50))),
    "package": Package(10, 1_000, 2),
}


@pytest.mark.parametrize("bounds", [{}, {"minimum": 1_500}, {"maximum": 1_200}, {"minimum": 1_500, "maximum": 1_700}])
@pytest.mark.parametrize("name", [*PRICES, "flat"])
def test_every_form_of_price_charges_what_its_cell_says(name: str, bounds: dict[str, int], editions: Editions) -> None:
    """Each number of IDs around its tiers; a fee with a minimum is owed without any use."""
    cell = flat(100, **bounds) if name == "flat" else Cell(CellKind.AMOUNT, PRICES[name], **bounds)
    published = one_list(editions, changed(editions.price_lists[0], {FEE: cell}))
    counts = [0, 1, 9, 10, 11, 19, 20, 21, 30]
    rows = [row(contract=f"Q-{count:02}", personal_ids=count) for count in counts]
    found = [charge for fee, column, _, charge in fees(published, *rows) if (fee, column) == ("usage_fee", "personal")]
    owed = counts if cell.charge(0) else counts[1:]
    assert found == [cell.charge(count) for count in owed]
    priced = cell.price
    if isinstance(priced, Package):
        quantities = [quantity for fee, column, quantity, _ in fees(published, *rows) if column == "personal"]
        assert quantities == [priced.count(count) for count in owed]


def test_words_that_are_no_price_charge_nothing(editions: Editions) -> None:
    """A withheld fee is a line of 0 (부과보류)."""
    published = one_list(editions, changed(editions.price_lists[0], {FEE: Cell(CellKind.WITHHELD)}))
    assert fees(published, row(personal_ids=7))[-1] == ("usage_fee", "personal", 7, 0)


def test_a_minimum_that_only_a_later_list_has_is_owed_from_its_day(made_up_editions: Editions) -> None:
    """As the scalar engine has it, with the quantity of the first list."""
    later = made_up_editions.price_list("market-data-2027-01-16")
    lists = [each for each in made_up_editions.price_lists if each is not later]
    with_minimum = changed(later, {FEE: flat(1_200, minimum=50_000), (*FEE[:3], "query"): flat(10, minimum=310)})
    published = replace(made_up_editions, price_lists=(*lists, with_minimum))
    requests = [
        {
            "company": {"founded_on": "2025-01-01", "size": "large"},
            "starts_on": start,
            "licences": [{"contract": "real_time", "product": A, "usage": {"personal_ids": ids}}],
            "ends_on": "2027-03-10",
        }
        for start, ids in (("2026-12-09", 0), ("2026-12-09", 7), ("2027-01-16", 0), ("2027-02-01", 100))
    ]
    rows, expected = [], []
    for number, each in enumerate(requests):
        request = understood(each, published)
        assert request is not None
        quote = quoted(request, published)
        assert quote is not None
        rows += list(rows_of(f"Q-{number}", request))
        expected += amounts_of(f"Q-{number}", quote)
    found = pa.concat_tables(rated(table_of(rows), Checker(published))).to_pylist()
    assert found == expected
    assert {each["user_type"] for each in found} == {None, "personal"}
    assert np.array([each["net"] for each in found]).min() == 0
