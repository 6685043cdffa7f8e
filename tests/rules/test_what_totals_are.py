"""What a total is: an amount, a part of one, free, or nothing that has a price; and what a fee is counted in."""

from typing import Any

import pytest
from support.core import LIST, flat, licence, spans

from fee_service.model import Channel, Line, Notice, PricedCell, Text, Unpriced
from fee_service.prices import Cell, CellKind, Package
from fee_service.published.editions import Editions
from fee_service.rules.counting import counted, unit_of
from fee_service.rules.lines import lines_of
from fee_service.rules.notices import AUDIENCES, Audience, notice
from fee_service.rules.pricing import PriceStatus, Pricing, pricing_of

PRICED, PARTLY, FREE, UNPRICED = PriceStatus.PRICED, PriceStatus.PARTLY_PRICED, PriceStatus.FREE, PriceStatus.UNPRICED
ON_REQUEST = Unpriced("x", "on_request", Text("unpriced_api"))
WITHHELD = Cell(CellKind.WITHHELD)


@pytest.fixture
def base(editions: Editions) -> Line:
    """A line of a base fee."""
    lists = spans(("2027-01-01", "2027-03-01", editions.price_list(LIST)))
    return lines_of((licence(),), None, Channel.OPEN_API, lists, None)[0]


def with_cells(base: Line, *cells: Cell, unit: str = "month") -> Line:
    """The line with these cells under as many lists."""
    priced = (base.cells[0]._replace(printed=cell, charge=cell.charge(1)) for cell in cells)
    return base._replace(cells=tuple(priced), unit=unit)


@pytest.mark.parametrize(
    ("lines", "unpriced", "pricing", "instead", "instead_monthly", "beside"),
    [
        ([[flat(5)]], 0, Pricing(PRICED, PRICED, ()), None, None, None),
        ([[flat(5)], [flat(0)]], 0, Pricing(PRICED, PRICED, ()), None, None, None),
        ([[flat(0)]], 0, Pricing(FREE, FREE, ()), "pricing_free", "pricing_free", None),
        ([[WITHHELD]], 0, Pricing(UNPRICED, UNPRICED, ("withheld",)), "pricing_withheld", "pricing_withheld", None),
        (
            [],
            1,
            Pricing(UNPRICED, UNPRICED, ("on_request",)),
            "pricing_on_request",
            "pricing_on_request",
            None,
        ),
        (
            [[WITHHELD]],
            2,
            Pricing(UNPRICED, UNPRICED, ("withheld", "on_request")),
            "pricing_withheld_and_on_request",
            "pricing_withheld_and_on_request",
            None,
        ),
        ([], 0, Pricing(UNPRICED, UNPRICED, ()), "pricing_none", "pricing_none", None),
        ([[Cell(CellKind.NONE)]], 0, Pricing(UNPRICED, UNPRICED, ()), "pricing_none", "pricing_none", None),
        (
            [[flat(5)], [WITHHELD]],
            0,
            Pricing(PARTLY, PARTLY, ("withheld",)),
            None,
            None,
            "pricing_without_withheld",
        ),
        ([[flat(5)]], 1, Pricing(PARTLY, PARTLY, ("on_request",)), None, None, "pricing_without_on_request"),
        (
            [[flat(5)], [WITHHELD]],
            1,
            Pricing(PARTLY, PARTLY, ("withheld", "on_request")),
            None,
            None,
            "pricing_without_withheld_and_on_request",
        ),
        # free beside what has no price
        (
            [[flat(0)], [WITHHELD]],
            0,
            Pricing(FREE, FREE, ("withheld",)),
            "pricing_free",
            "pricing_free",
            "pricing_without_withheld",
        ),
        # withheld under one list, priced under the next
        ([[WITHHELD, flat(5)]], 0, Pricing(PARTLY, PARTLY, ("withheld",)), None, None, "pricing_without_withheld"),
    ],
)
def test_totals_are_told_as_what_they_are(
    base: Line,
    lines: list[list[Cell]],
    unpriced: int,
    pricing: Pricing,
    instead: str | None,
    instead_monthly: str | None,
    beside: str | None,
) -> None:
    found = pricing_of([with_cells(base, *cells) for cells in lines], [ON_REQUEST] * unpriced)
    assert found == pricing
    said = [text and text.code for text in (found.instead, found.instead_monthly, found.beside)]
    assert said == [instead, instead_monthly, beside]


def test_a_month_of_what_is_paid_once_has_no_price(base: Line) -> None:
    found = pricing_of([with_cells(base, flat(5), unit="once"), with_cells(base, WITHHELD)], ())
    assert found == Pricing(PARTLY, UNPRICED, ("withheld",))
    assert found.instead is None
    assert found.instead_monthly == Text("pricing_withheld")
    assert pricing_of([with_cells(base, flat(5), unit="once")], ()) == Pricing(PRICED, UNPRICED, ())


def test_callers_read_what_a_total_is_as_these_words() -> None:
    assert [status.value for status in PriceStatus] == ["priced", "partly_priced", "free", "unpriced"]


@pytest.mark.parametrize(
    ("unit", "code"),
    [
        ("id_month", "count_ids"),
        ("query", "count_queries"),
        ("call_month", "count_calls"),
        ("set_month", "count_sets"),
        ("month", "count_units"),
        ("once", "count_units"),
    ],
)
def test_a_fee_is_counted_in_what_its_unit_counts(unit: str, code: str) -> None:
    assert counted(unit, 7) == Text(code, {"number": 7})


def test_a_unit_price_is_for_one_unit_or_for_a_package_of_them() -> None:
    assert unit_of("id_month", None) == Text("unit_id_month")
    assert unit_of("query", flat(5).price) == Text("unit_query")
    package = Package(10_000, 90_000, 2)
    assert unit_of("query", package) == Text("package_query", {"size": Text("count_queries", {"number": 10_000})})


def test_every_notice_is_for_one_of_two_audiences() -> None:
    assert [audience.value for audience in Audience] == ["customer", "seller"]
    text: Any = Text("broader_policy", {"id": "x"})
    assert notice(text) == Notice("broader_policy", text, "seller")
    with pytest.raises(KeyError):
        notice(Text("unheard_of"))


def test_the_customer_reads_of_the_waiver_and_the_totals_and_the_seller_of_other_choices() -> None:
    customers = {code for code, audience in AUDIENCES.items() if audience is Audience.CUSTOMER}
    assert customers == {
        "waiver_ends",
        "waiver_ends_without_price",
        "nothing_waivable",
        "waiver_refused",
        "qualification_needs_review",
        "qualification_unknown",
        "prior_waiver_found",
        "test_months_free",
        "test_months_refused",
        "platform_fees_left_out",
        "unpriced_not_in_totals",
        "withheld_fees",
        "closing_covered_by_real_time",
        "calls_over_daily_limit",
        "calls_over_service_limit",
        "service_ends_within",
        "price_list_changes",
        "contract_renewal",
    }


def test_a_cell_says_its_kind_and_the_price_of_one_unit(base: Line) -> None:
    cell: PricedCell = with_cells(base, flat(5)).cells[0]
    assert (cell.cell, cell.unit_price) == (CellKind.AMOUNT, 5)
