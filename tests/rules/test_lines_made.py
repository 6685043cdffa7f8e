"""Lines: which fees a licence gives rise to, in which order, and the cells, rules and words each rests on."""

from dataclasses import replace
from typing import Any

import pytest
from support.core import FAQ, LIST, PLAN, TWELVE, A, B, C, changed, days, flat, licence, said, spans

from fee_service.model import Channel, Exempted, Label, Licence, Line, PartlyWaived, Text, Usage
from fee_service.prices import Cell, CellKind, Flat, Package
from fee_service.published.editions import Editions, ListSpan, NotFound, PriceList, WaiverPolicy
from fee_service.rules.lines import Charge, Platform, charges_of, is_offered, lines_of, offers, platform_charges

OPEN_API, DIRECT = Channel.OPEN_API, Channel.DIRECT
HORIZON = ("2027-01-01", "2027-03-01")


@pytest.fixture
def price_list(editions: Editions) -> PriceList:
    """The published list."""
    return editions.price_list(LIST)


def made(
    lists: PriceList | tuple[ListSpan, ...],
    *licences: Licence,
    platform: Platform | None = None,
    channel: Channel = OPEN_API,
    policy: WaiverPolicy | None = None,
) -> tuple[Line, ...]:
    """The lines of some licences under a list, or under several."""
    spanned = lists if isinstance(lists, tuple) else spans((*HORIZON, lists))
    return lines_of(licences, platform, channel, spanned, policy)


def charges(price_list: PriceList, channel: Channel = OPEN_API, **of_it: Any) -> list[Charge]:
    return list(charges_of(licence(**of_it), channel, price_list))


def test_a_licence_is_charged_fee_by_fee_and_option_by_option(price_list: PriceList) -> None:
    found = charges(
        price_list,
        DIRECT,
        options=("general", "retail"),
        affiliate_extension=True,
        reception_sets=3,
        disaster_recovery_sets=1,
        usage=Usage(2, 3, 4),
        non_display_use=("trading", "other"),
    )
    assert found == [
        Charge("real_time", "base_fee", A, "general", 1),
        Charge("real_time", "base_fee", A, "retail", 1),
        Charge("real_time", "affiliate_extension", A, "general", 1),
        Charge("real_time", "affiliate_extension", A, "retail", 1),
        Charge("real_time", "additional_reception", A, None, 2),  # the first set is free
        Charge("real_time", "usage_fee", A, "standard", 2),
        Charge("real_time", "usage_fee", A, "personal", 3),
        Charge("real_time", "usage_fee", A, "query", 4),
        Charge("real_time", "non_display", A, "trading", 1),
        Charge("real_time", "non_display", A, "other", 1),
    ]


def test_a_licence_without_more_costs_its_monthly_fee_alone(price_list: PriceList) -> None:
    assert charges(price_list) == [Charge("real_time", "base_fee", A, "retail", 1)]
    assert charges(price_list, contract="closing_price") == [Charge("closing_price", "base_fee", A, None, 1)]
    ftp = licence("ftp_access", "closing_price")
    assert list(charges_of(ftp, OPEN_API, price_list)) == [Charge("closing_price", "ftp_access", "ftp_access", None, 1)]


@pytest.mark.parametrize(
    ("channel", "sets", "recovery", "quantity"),
    [
        (OPEN_API, 3, 1, None),
        (DIRECT, 1, 0, None),
        (DIRECT, 2, 0, 1),
        (DIRECT, 1, 1, 0),  # the sets for disaster recovery are told, and free
        (DIRECT, 0, 1, 0),
    ],
)
def test_further_sets_are_charged_of_a_direct_feed_beyond_the_first(
    price_list: PriceList, channel: Channel, sets: int, recovery: int, quantity: int | None
) -> None:
    found = charges(price_list, channel, reception_sets=sets, disaster_recovery_sets=recovery)
    assert [each.quantity for each in found if each.fee == "additional_reception"] == (
        [] if quantity is None else [quantity]
    )


def test_a_minimum_is_owed_without_any_use_where_any_list_states_one(price_list: PriceList) -> None:
    bounded = changed(
        price_list,
        {
            ("real_time", "usage_fee", A, "query"): flat(11, minimum=500),
            ("real_time", "additional_reception", A, None): flat(700_000, minimum=9),
        },
    )
    for lists in ((bounded,), (bounded, price_list), (price_list, bounded)):
        found = list(charges_of(licence(), DIRECT, *lists))
        assert [(each.fee, each.column, each.quantity) for each in found] == [
            ("base_fee", "retail", 1),
            ("additional_reception", None, 0),
            ("usage_fee", "query", 0),
        ]
    assert len(list(charges_of(licence(), DIRECT, price_list, price_list))) == 1


def test_the_platform_is_charged_once_for_its_set_up_and_monthly_for_its_calls() -> None:
    assert list(platform_charges(Platform(7))) == [
        Charge("open_api_platform", "environment_setup", "open_api_platform", None, 1),
        Charge("open_api_platform", "api_call_fee", "open_api_platform", None, 7),
    ]
    assert len(list(platform_charges(Platform(0)))) == 2
    assert list(platform_charges(Platform(None))) == list(platform_charges(None)) == []


@pytest.mark.parametrize(
    ("product", "column", "offered"),
    [
        (A, "query", True),
        ("krx_index_group_1", "query", True),  # "-": no such fee, and none to refuse
        ("overseas_etf_nav", "query", False),  # N/A
        ("derivatives_b", "query", True),  # withheld
        ("unheard_of", "query", False),
        (A, "unheard_of", False),
    ],
)
def test_a_fee_is_offered_where_the_list_prints_it_as_applicable(
    price_list: PriceList, product: str, column: str, offered: bool
) -> None:
    assert is_offered(Charge("real_time", "usage_fee", product, column, 1), price_list) is offered


@pytest.mark.parametrize(
    ("asked", "offered"),
    [
        (licence(), True),
        (licence("overseas_etf_nav", options=("general",)), True),
        (licence("overseas_etf_nav", options=("general",), affiliate_extension=True), False),
        (licence("overseas_etf_nav"), False),  # it has no retail option
        (licence("overseas_etf_nav", options=("general",), usage=Usage(queries=1)), False),
        (licence("ftp_access", "closing_price"), True),
        (licence("unheard_of"), False),
        (licence(contract="unheard_of"), False),
    ],
)
def test_a_licence_is_offered_where_every_fee_of_it_is(price_list: PriceList, asked: Licence, offered: bool) -> None:
    assert offers(price_list, asked, OPEN_API) is offered


def test_a_line_of_a_base_fee_says_all_that_it_rests_on(editions: Editions, price_list: PriceList) -> None:
    [line] = made(price_list, licence(), policy=editions.policy(FAQ))
    assert (line.id, line.contract, line.fee, line.product) == (1, "real_time", "base_fee", A)
    assert (line.option, line.user_type, line.unit, line.quantity) == ("retail", None, "month", 1)
    assert (line.prorated, line.waivable, line.partly_waived) == (True, True, PartlyWaived.BY_DAYS)
    assert (line.months_after, line.until, line.once, line.exempted, line.notes) == (0, None, False, None, ())
    assert line.label == Label(
        "증권 A(유가증권시장 주식) · 기본료 · 소매사업 전용",
        "Securities A (KOSPI shares) · Base fee · Retail business only",
    )
    assert line.proration == Label("P1 제10조 제2항, P2 제6조", "P1 §10.2, P2 §6")
    [cell] = line.cells
    assert (cell.price_list, cell.valid_from, cell.source) == (LIST, price_list.valid_from, "P1")
    assert cell.clause == Label("부록 A", "appendix A")
    assert (cell.units, cell.quantity, cell.charge, cell.unit_price) == (1, 1, 2_000_000, 2_000_000)
    assert (cell.printed, cell.cell) == (Cell(CellKind.AMOUNT, Flat(2_000_000)), CellKind.AMOUNT)


def test_lines_are_numbered_in_order_through_licences_platform_and_services(editions: Editions) -> None:
    services = editions.services.in_order(["new-order", "cancel-order"])
    found = made(
        editions.price_list(LIST),
        licence(A, options=("general", "retail")),
        licence(B, usage=Usage(1, 2, 3)),
        platform=Platform(5, services, editions.services),
    )
    assert [(line.id, line.fee, line.product, line.option, line.user_type) for line in found] == [
        (1, "base_fee", A, "general", None),
        (2, "base_fee", A, "retail", None),
        (3, "base_fee", B, "retail", None),
        (4, "usage_fee", B, None, "standard"),
        (5, "usage_fee", B, None, "personal"),
        (6, "usage_fee", B, None, None),  # a query has no user type
        (7, "environment_setup", "open_api_platform", None, None),
        (8, "api_call_fee", "open_api_platform", None, None),
        (9, "service_fee", "new-order", None, None),
        (10, "service_fee", "cancel-order", None, None),
    ]


def test_a_line_of_non_display_use_names_its_column_as_its_option(price_list: PriceList) -> None:
    line = made(price_list, licence(non_display_use=("trading",)))[1]
    assert (line.fee, line.option, line.user_type) == ("non_display", "trading", None)
    assert line.label.en == "Securities A (KOSPI shares) · Non-display use fee · Use for trading"


@pytest.mark.parametrize(
    ("quantity", "column", "unit", "unit_price", "prorated"),
    [
        (Usage(standard_ids=3), "standard", "id_month", 26_000, True),
        (Usage(personal_ids=3), "personal", "id_month", 1_100, True),
        (Usage(queries=3), None, "query", 11, False),
    ],
)
def test_a_usage_line_is_counted_in_its_unit_and_billed_two_months_later(
    price_list: PriceList, quantity: Usage, column: str | None, unit: str, unit_price: int, prorated: bool
) -> None:
    line = made(price_list, licence(usage=quantity))[1]
    assert (line.option, line.user_type, line.unit, line.prorated) == (None, column, unit, prorated)
    assert (line.quantity, line.cells[0].charge, line.months_after) == (3, 3 * unit_price, 2)
    assert line.proration == Label("P1 제10조 제2항", "P1 §10.2")


def test_the_platform_has_a_fee_once_and_a_package_of_calls_a_month(price_list: PriceList) -> None:
    setup, calls = made(price_list, platform=Platform(1_000_001))
    assert (setup.once, setup.unit, setup.prorated, setup.cells[0].charge) == (True, "once", False, 3_000_000)
    assert (calls.once, calls.unit, calls.prorated) == (False, "call_month", False)
    [cell] = calls.cells
    assert (cell.units, cell.quantity, cell.charge, cell.unit_price) == (1_000_001, 2, 400_000, 200_000)
    assert (cell.source, calls.proration) == ("S", Label("S", "S"))


@pytest.mark.parametrize(
    ("policy", "waivable"),
    [
        # base retail, base general, affiliates of each, usage of a licence with both options, call fee
        (FAQ, [False, True, False, True, False, False, False]),
        (PLAN, [False, True, False, True, False, False, True]),
        (TWELVE, [True, True, True, True, False, False, False]),  # any option
        (None, [False, False, False, False, False, False, False]),
    ],
)
def test_a_policy_waives_its_fees_of_its_options(
    editions: Editions, price_list: PriceList, policy: str | None, waivable: list[bool]
) -> None:
    both = licence(options=("general", "retail"), affiliate_extension=True, usage=Usage(personal_ids=1))
    found = made(price_list, both, platform=Platform(1), policy=editions.policy(policy) if policy else None)
    assert [line.waivable for line in found] == waivable


def test_the_usage_of_a_retail_licence_is_waived_by_the_plan_alone(editions: Editions, price_list: PriceList) -> None:
    asked = licence(usage=Usage(queries=1))
    for policy, waivable in ((PLAN, True), (FAQ, False)):
        assert made(price_list, asked, policy=editions.policy(policy))[1].waivable is waivable


def test_closing_prices_have_no_option_and_are_waived(editions: Editions, price_list: PriceList) -> None:
    for policy in (FAQ, PLAN, TWELVE):
        [line] = made(price_list, licence(contract="closing_price"), policy=editions.policy(policy))
        assert (line.option, line.waivable) == (None, True)


def test_what_a_policy_says_of_a_part_of_a_month_follows_whether_the_fee_is_divided(
    editions: Editions, price_list: PriceList
) -> None:
    policy = replace(editions.policy(PLAN), partial_month=PartlyWaived.WHOLE, partial_month_undivided=PartlyWaived.NONE)
    asked = licence(usage=Usage(personal_ids=1, queries=1))
    found = made(price_list, asked, policy=policy)
    assert [(line.prorated, line.partly_waived) for line in found] == [
        (True, PartlyWaived.WHOLE),
        (True, PartlyWaived.WHOLE),
        (False, PartlyWaived.NONE),
    ]
    assert {line.partly_waived for line in made(price_list, asked)} == {PartlyWaived.NONE}


def test_services_are_waived_and_divided_as_the_policy_and_their_table_say(editions: Editions) -> None:
    services = editions.services.in_order(["new-order"])
    policy = replace(
        editions.policy(PLAN),
        fees=("service_fee",),
        options=("retail",),
        partial_month=PartlyWaived.WHOLE,
        partial_month_undivided=PartlyWaived.NONE,
    )
    for prorated, partly in ((True, PartlyWaived.WHOLE), (False, PartlyWaived.NONE)):
        platform = Platform(None, services, replace(editions.services, prorated=prorated))
        [line] = made(editions.price_list(LIST), platform=platform, policy=policy)
        assert (line.waivable, line.prorated, line.partly_waived) == (True, prorated, partly)
    for unwaived in (editions.policy(PLAN), None):
        [line] = made(editions.price_list(LIST), platform=Platform(None, services, editions.services), policy=unwaived)
        assert line.waivable is False


COVERED = "Where both securities A and securities C are licensed, an ID entitled to A uses C without a usage fee."


@pytest.mark.parametrize(
    ("of_a", "of_c", "lines"),
    [
        # each: user type, what is charged for, what is free of it
        (Usage(personal_ids=4), Usage(personal_ids=10), [("personal", 6, 4)]),
        (Usage(personal_ids=10), Usage(personal_ids=10), [("personal", 0, 10)]),
        (Usage(personal_ids=11), Usage(personal_ids=10), [("personal", 0, 10)]),
        (Usage(standard_ids=4), Usage(personal_ids=10), [("personal", 10, None)]),
        (Usage(standard_ids=4), Usage(standard_ids=10), [("standard", 6, 4)]),
        (Usage(standard_ids=1, personal_ids=2), Usage(3, 3), [("standard", 2, 1), ("personal", 1, 2)]),
        (Usage(queries=4), Usage(queries=10), [(None, 10, None)]),  # a query is no ID
        (Usage(4, 4, 4), Usage(queries=10), [(None, 10, None)]),
        (Usage(), Usage(personal_ids=10), [("personal", 10, None)]),
    ],
)
def test_an_id_of_securities_a_frees_one_of_securities_c_of_its_user_type(
    price_list: PriceList, of_a: Usage, of_c: Usage, lines: list[tuple[str | None, int, int | None]]
) -> None:
    found = made(price_list, licence(A, usage=of_a), licence(C, usage=of_c))
    usage = [line for line in found if line.product == C and line.fee == "usage_fee"]
    assert [(line.user_type, line.quantity, line.exempted and line.exempted.quantity) for line in usage] == lines
    for line in usage:
        if line.exempted:
            assert line.exempted.rule == "securities_c_exemption"
            assert (line.exempted.wholly, line.exempted.text.en, line.exempted.source) == (False, COVERED, "P1")
            assert line.exempted.clause == Label("부록 A 변동료 주1", "appendix A, variable fees, note 1")
        assert line.cells[0].charge == line.quantity * (line.cells[0].unit_price or 0)
    assert not any(line.exempted for line in found if line.product == A or line.fee != "usage_fee")


def test_securities_c_alone_or_beside_another_product_are_charged_in_full(price_list: PriceList) -> None:
    for beside in ((), (licence(B, usage=Usage(personal_ids=10)),)):
        found = made(price_list, *beside, licence(C, usage=Usage(personal_ids=10)))
        assert (found[-1].quantity, found[-1].exempted) == (10, None)


def test_ids_of_securities_a_of_another_contract_free_nothing(price_list: PriceList) -> None:
    found = made(
        price_list,
        licence(A, "closing_price", usage=Usage()),
        licence(C, usage=Usage(personal_ids=10)),
    )
    assert [line.exempted for line in found] == [None, None, None]


@pytest.mark.parametrize("product", ["krx_bonds_a", "krx_index_group_1"])
def test_closing_data_beside_the_real_time_licence_of_its_product_is_free_altogether(
    price_list: PriceList, product: str
) -> None:
    free = licence(product, "closing_price", affiliate_extension=product == "krx_bonds_a")
    found = made(price_list, licence(product), free)
    for line in found[1:]:
        exempted = line.exempted
        assert exempted is not None
        assert (exempted.rule, exempted.quantity, exempted.wholly, exempted.source) == (
            "closing_exemption",
            1,
            True,
            "P2",
        )
        assert exempted.clause == Label("부록 A 주2", "appendix A, note 2")
        assert (line.quantity, line.cells[0].units, line.cells[0].charge) == (0, 0, 0)
    assert found[0].exempted is None
    assert found[0].cells[0].charge > 0


@pytest.mark.parametrize(
    "beside",
    [
        licence(A),  # another product
        licence("krx_index_group_1"),
        licence("krx_bonds_a", "closing_price", affiliate_extension=False),
    ],
)
def test_closing_data_is_charged_beside_anything_else(price_list: PriceList, beside: Licence) -> None:
    closing = licence("krx_bonds_a", "closing_price")
    for line in made(price_list, beside, closing):
        assert line.exempted is None


def test_closing_data_of_a_product_without_that_rule_is_charged_beside_its_real_time_licence(
    price_list: PriceList,
) -> None:
    found = made(price_list, licence(A), licence(A, "closing_price"))
    assert [(line.exempted, line.cells[0].charge) for line in found] == [(None, 2_000_000), (None, 1_000_000)]


def test_a_fee_that_the_rule_does_not_name_is_charged_beside_the_real_time_licence(price_list: PriceList) -> None:
    rules = tuple(rule._replace(fees=("base_fee",)) for rule in price_list.free_beside)
    bonds = licence("krx_bonds_a", "closing_price", affiliate_extension=True)
    found = made(replace(price_list, free_beside=rules), licence("krx_bonds_a"), bonds)
    assert [(line.fee, bool(line.exempted), line.cells[0].charge) for line in found[1:]] == [
        ("base_fee", True, 0),
        ("affiliate_extension", False, 880_000),
    ]


def test_a_package_that_is_free_is_no_package_and_one_in_part_counts_what_is_left(price_list: PriceList) -> None:
    package = Cell(CellKind.AMOUNT, Package(10, 90, 2))
    column = ("real_time", "usage_fee", C, "personal")
    whole = ("closing_price", "base_fee", "krx_bonds_a", None)
    sold = changed(price_list, {column: package, whole: package})
    found = made(
        sold,
        licence(A, usage=Usage(personal_ids=5)),
        licence(C, usage=Usage(personal_ids=30)),
        licence("krx_bonds_a"),
        licence("krx_bonds_a", "closing_price"),
    )
    personal = next(line for line in found if line.product == C and line.fee == "usage_fee")
    # 30 - 5 IDs are three started packages of ten
    assert (personal.cells[0].units, personal.cells[0].quantity, personal.cells[0].charge) == (25, 3, 270)
    free = found[-1].cells[0]
    assert (free.units, free.quantity, free.charge) == (0, 0, 0)


def test_the_sets_of_a_direct_feed_are_told(price_list: PriceList) -> None:
    asked = licence(reception_sets=3, disaster_recovery_sets=2)
    base, sets = made(price_list, asked, channel=DIRECT)
    assert (sets.option, sets.unit, sets.quantity, sets.cells[0].charge) == (None, "set_month", 2, 1_400_000)
    assert sets.notes == (
        Text("note_reception_sets", {"sets": 3}),
        Text("note_recovery_sets", {"sets": 2}),
    )
    assert base.notes == ()
    assert [said(note) for note in sets.notes] == [
        "3 sets received directly, the first free.",
        "2 sets for disaster recovery, free.",
    ]
    without = made(price_list, replace(asked, disaster_recovery_sets=0), channel=DIRECT)[1]
    assert without.notes == (Text("note_reception_sets", {"sets": 3}),)


def test_a_line_has_a_cell_under_each_list_and_counts_what_each_frees(
    editions: Editions, price_list: PriceList
) -> None:
    dearer = changed(price_list, {("real_time", "usage_fee", C, "personal"): flat(300)}, id="dearer", ids_covered=())
    lists = spans(("2027-01-01", "2027-02-01", price_list), ("2027-02-01", "2027-03-01", dearer))
    found = made(lists, licence(A, usage=Usage(personal_ids=4)), licence(C, usage=Usage(personal_ids=10)))
    [first, second] = found[-1].cells
    # the later list has no rule of covered IDs
    assert [(cell.price_list, cell.units, cell.charge) for cell in (first, second)] == [
        (LIST, 6, 1_200),
        ("dearer", 10, 3_000),
    ]


def test_a_minimum_that_one_list_alone_prints_is_no_fee_under_the_other(price_list: PriceList) -> None:
    place = ("real_time", "usage_fee", "krx_index_group_1", "personal")
    bounded = changed(price_list, {place: flat(7, minimum=500)}, id="later")
    cells = {key: cell for key, cell in price_list.cells.items() if tuple(key) != place}
    unprinted = replace(price_list, cells=cells)
    lists = spans(("2027-01-01", "2027-02-01", unprinted), ("2027-02-01", "2027-03-01", bounded))
    base, usage = made(lists, licence("krx_index_group_1"))
    first, second = usage.cells
    assert (usage.fee, usage.user_type, usage.unit, usage.quantity) == ("usage_fee", "personal", "id_month", 0)
    assert (first.cell, first.units, first.quantity, first.charge) == (CellKind.NONE, 0, 0, 0)
    assert (first.price_list, first.valid_from, first.source) == (LIST, price_list.valid_from, "P1")
    assert first.clause == Label("부록 A", "appendix A")
    assert (second.price_list, second.cell, second.units, second.charge) == ("later", CellKind.AMOUNT, 0, 500)
    assert base.cells[0].charge == 500_000


def test_a_line_is_named_and_counted_by_the_first_list_that_prints_its_cell(price_list: PriceList) -> None:
    """A later list alone prints the cell, under another name, counted in another unit."""
    place = ("real_time", "usage_fee", "krx_index_group_1", "personal")
    column = ("real_time", "usage_fee", "personal")
    later = changed(
        price_list,
        {place: flat(7, minimum=500)},
        id="later",
        columns={**price_list.columns, column: Label("개인", "Persons")},
        units={**price_list.units, column: "query"},
    )
    unprinted = replace(price_list, cells={key: cell for key, cell in price_list.cells.items() if tuple(key) != place})
    both = spans(("2027-01-01", "2027-02-01", unprinted), ("2027-02-01", "2027-03-01", later))
    line = made(both, licence("krx_index_group_1"))[1]
    assert (line.label.en, line.unit) == ("KRX index group 1 · Usage fee · Persons", "query")


def test_a_fee_that_is_asked_for_and_not_printed_is_never_0(price_list: PriceList) -> None:
    place = ("real_time", "usage_fee", A, "query")
    unprinted = replace(price_list, cells={key: cell for key, cell in price_list.cells.items() if tuple(key) != place})
    with pytest.raises(NotFound, match=r"^market-data-2018-07-01 prints no usage_fee of real_time securities_a query$"):
        made(unprinted, licence(usage=Usage(queries=1)))


def test_a_withheld_fee_charges_nothing_and_says_so(price_list: PriceList) -> None:
    [line] = made(price_list, licence("derivatives_b"))
    assert (line.cells[0].cell, line.cells[0].charge, line.quantity) == (CellKind.WITHHELD, 0, 1)


def test_a_service_has_a_line_with_what_the_table_prints(editions: Editions) -> None:
    platform = Platform(None, editions.services.in_order(["new-order", "cancel-order"]), editions.services)
    lists = spans(
        ("2022-01-01", "2022-02-01", editions.price_list(LIST)), ("2022-02-01", "2022-03-01", editions.price_list(LIST))
    )
    first, second = made(lists, platform=platform)
    assert (first.id, first.fee, first.contract, first.product) == (1, "service_fee", "open_api_platform", "new-order")
    assert (first.option, first.user_type, first.unit, first.once) == (None, None, "month", False)
    assert (first.prorated, first.proration) == (False, Label("T", "T"))
    assert first.label == Label(
        "신규주문 · 서비스 이용료 · STP-HUB 월 이용료(플랫폼 이용은 무료)",
        "New order · Service fee · STP-HUB, monthly (the platform itself is free)",
    )
    assert (first.exempted, first.months_after) == (None, 0)
    service = editions.services.services["new-order"]
    assert first.until == service.withdrawn_on == days("2022-02-10", "2022-02-11").end
    assert first.notes == (Text("note_offered_until", {"last_day": service.last_offered}),)
    assert len(first.cells) == 2
    cell = first.cells[0]
    assert first.cells[1] == cell
    assert (cell.price_list, cell.valid_from, cell.source, cell.clause) == (
        "platform-services",
        service.first_seen,
        "T",
        None,
    )
    assert (cell.printed, cell.units, cell.quantity, cell.charge) == (flat(300_000), 1, 1, 300_000)
    assert (second.id, second.cells[0].units, second.cells[0].quantity, second.cells[0].charge) == (2, 0, 0, 0)
    assert service.fee is not None
    assert second.exempted == Exempted("stp_hub", 1, True, service.fee.shared or Label("", ""), "T", None)


def test_a_free_service_has_a_line_of_0_and_one_on_request_has_none(editions: Editions) -> None:
    table = editions.services
    on_request = next(service for service in table.services.values() if service.fee is None)
    free = table.services["virtual-accounts"]
    [line] = made(editions.price_list(LIST), platform=Platform(None, (on_request, free), table))
    assert (line.id, line.product, line.cells[0].charge, line.exempted) == (2, "virtual-accounts", 0, None)
    assert (line.notes, line.until) == ((), None)
    two = made(
        editions.price_list(LIST), platform=Platform(None, (free, table.services["platform-membership-check"]), table)
    )
    assert [each.exempted for each in two] == [None, None]  # owed by each


def test_services_rest_on_the_readings_of_what_they_cost(editions: Editions) -> None:
    table = editions.services
    hub, free = table.in_order(["new-order"]), table.in_order(["virtual-accounts"])
    found = [reading.id for reading in Platform(None, hub, table).readings()]
    assert found == ["platform_services/fees.stp_hub", "platform_services/service_fee"]
    assert list(Platform(None, free, table).readings()) == list(Platform(5).readings()) == []


def test_a_platform_without_services_has_no_table() -> None:
    assert Platform(5) == Platform(5, (), None)
