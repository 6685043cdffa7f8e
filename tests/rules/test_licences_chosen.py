"""The cheapest sufficient licences, in a made-up catalogue: by net, then list price, then number, then name."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from support.core import FAQ, LIST, A, B, C, changed, days, flat, licence, made, request, spans, wanting, young

from fee_service.model import Channel, Licence
from fee_service.prices import Cell, CellKind
from fee_service.published.catalogue import LicenceKey, Requested
from fee_service.published.editions import Editions, ListSpan, PriceList
from fee_service.rules.licensing import Price, default_licence, is_offered_throughout, sufficient_licences

RT, CLOSING = "real_time", "closing_price"
OPEN_API = Channel.OPEN_API
EITHER_A = (CLOSING, A), (RT, A)
Key = tuple[str, str]


@pytest.fixture
def price_list(editions: Editions) -> PriceList:
    """The published list."""
    return editions.price_list(LIST)


def chosen(
    lists: PriceList | tuple[ListSpan, ...],
    costs: dict[Key, tuple[int, int]] | Callable[[Sequence[Licence]], Price],
    *apis: Requested,
    held: Sequence[Licence] = (),
    channel: Channel = OPEN_API,
) -> list[tuple[str, str, tuple[str, ...]]]:
    """The licences for some APIs where each costs so much: contract, product, and the APIs that rest on it."""
    spanned = lists if isinstance(lists, tuple) else spans(("2027-01-01", "2027-03-01", lists))

    def cost_of(licences: Sequence[Licence]) -> Price:
        if callable(costs):
            return costs(licences)
        prices = [costs.get((each.contract, each.product), (0, 0)) for each in licences]
        return Price(sum(net for net, _ in prices), sum(amount for _, amount in prices))

    found = sufficient_licences(apis, held, channel, spanned, cost_of)
    return [(each.contract, each.product, each.for_apis) for each in found]


@pytest.mark.parametrize(
    ("closing", "real_time", "wins"),
    [
        # net, list
        ((1, 1), (2, 2), CLOSING),
        ((2, 2), (1, 1), RT),  # real-time wins by net
        ((1, 2), (1, 1), RT),  # the net is the same: by list
        ((1, 1), (1, 2), CLOSING),
        ((2, 1), (1, 9), RT),  # net comes before list
        ((1, 9), (2, 1), CLOSING),
        ((1, 1), (1, 1), CLOSING),  # all is the same: the narrower licence
    ],
)
def test_the_cheaper_of_two_licences_is_taken(
    price_list: PriceList, closing: tuple[int, int], real_time: tuple[int, int], wins: str
) -> None:
    costs = {(CLOSING, A): closing, (RT, A): real_time}
    for order in (EITHER_A, EITHER_A[::-1]):
        assert chosen(price_list, costs, wanting("x", *order)) == [(wins, A, ("x",))]


def test_one_licence_for_two_needs_is_taken_where_it_is_cheaper_than_two(price_list: PriceList) -> None:
    """Two APIs that share the key of real-time A."""
    x, y = wanting("x", (CLOSING, A), (RT, A)), wanting("y", (CLOSING, B), (RT, A))
    for price, taken in ((3, [(RT, A, ("x", "y"))]), (5, [(CLOSING, A, ("x",)), (CLOSING, B, ("y",))])):
        costs = {(CLOSING, A): (2, 2), (CLOSING, B): (2, 2), (RT, A): (price, price)}
        assert chosen(price_list, costs, x, y) == taken


def test_of_sets_that_cost_the_same_the_smaller_is_taken(price_list: PriceList) -> None:
    x, y = wanting("x", (CLOSING, A), (RT, A)), wanting("y", (CLOSING, B), (RT, A))
    costs = {(CLOSING, A): (2, 2), (CLOSING, B): (2, 2), (RT, A): (4, 4)}
    assert chosen(price_list, costs, x, y) == [(RT, A, ("x", "y"))]


def test_a_chain_of_three_needs_is_weighed_as_a_whole(price_list: PriceList) -> None:
    """A by itself or with B, B with C, C by itself: taken one by one they would cost more."""
    chain = (
        wanting("x", (CLOSING, A), (RT, B)),
        wanting("y", (CLOSING, B), (RT, C)),
        wanting("z", (CLOSING, C), (RT, C)),
    )
    costs = {(CLOSING, A): (1, 1), (RT, B): (9, 9), (CLOSING, B): (3, 3), (CLOSING, C): (3, 3), (RT, C): (5, 5)}
    found = [(RT, C, ("y", "z")), (CLOSING, A, ("x",))]
    for order in (chain, chain[::-1], (chain[1], chain[0], chain[2])):
        assert [(contract, product) for contract, product, _ in chosen(price_list, costs, *order)] == [
            (contract, product) for contract, product, _ in found
        ]


def test_needs_that_join_two_groups_are_weighed_with_both(price_list: PriceList) -> None:
    """`x` and `z` have nothing in common until `y` joins them."""
    needs = (
        wanting("x", (CLOSING, A), (RT, A)),
        wanting("z", (CLOSING, C), (RT, C)),
        wanting("y", (RT, A), (RT, C)),
    )
    costs = {(CLOSING, A): (1, 1), (RT, A): (5, 5), (CLOSING, C): (4, 4), (RT, C): (5, 5)}
    assert chosen(price_list, costs, *needs) == [(RT, C, ("z", "y")), (CLOSING, A, ("x",))]


def test_groups_without_a_common_product_are_weighed_apart(price_list: PriceList) -> None:
    """Twelve needs of two alternatives each would be 4,096 sets together; apart they are 2 each."""
    products = list(price_list.contracts[CLOSING].products)[:9]
    needs = [wanting(product, (CLOSING, product), (RT, product)) for product in products]
    asked: list[int] = []

    def cost_of(licences: Sequence[Licence]) -> Price:
        asked.append(len(licences))
        return Price(sum(each.contract == RT for each in licences), 0)

    found = chosen(price_list, cost_of, *needs)
    assert [(contract, product) for contract, product, _ in found] == [(CLOSING, product) for product in products]
    assert len(asked) == 2 * len(products)


def test_a_need_without_a_choice_comes_first_and_may_serve_another(price_list: PriceList) -> None:
    """Real-time A is needed anyway, so closing A costs more than nothing."""
    costs = {(CLOSING, A): (1, 1), (RT, A): (50, 50)}
    both = wanting("x", *EITHER_A), wanting("y", (RT, A))
    assert chosen(price_list, costs, *both) == [(RT, A, ("x", "y"))]
    assert chosen(price_list, costs, *both[::-1]) == [(RT, A, ("y", "x"))]


def test_what_is_held_serves_first(price_list: PriceList) -> None:
    held = [licence(A, options=("general",))]
    found = sufficient_licences(
        [wanting("x", *EITHER_A)],
        held,
        OPEN_API,
        spans(("2027-01-01", "2027-03-01", price_list)),
        lambda _: Price(0, 0),
    )
    assert found == (replace(held[0], for_apis=("x",)),)


def test_what_is_held_is_part_of_every_set_that_is_weighed(price_list: PriceList) -> None:
    seen: list[list[Key]] = []

    def cost_of(licences: Sequence[Licence]) -> Price:
        seen.append([(each.contract, each.product) for each in licences])
        return Price(0, 0)

    found = chosen(price_list, cost_of, wanting("x", *EITHER_A), held=[licence(B)])
    assert sorted(seen) == [[(RT, B), (CLOSING, A)], [(RT, B), (RT, A)]]
    assert found == [(RT, B, ()), (CLOSING, A, ("x",))]


def test_an_api_rests_on_the_first_of_its_licences_that_is_held(price_list: PriceList) -> None:
    held = [licence(A, CLOSING), licence(A)]
    for order in (EITHER_A, EITHER_A[::-1]):
        found = chosen(price_list, {}, wanting("x", *order), held=held)
        assert [(contract, apis) for contract, _, apis in found] == [
            (contract, ("x",) if contract == order[0][0] else ()) for contract in (RT, CLOSING)
        ]


def test_licences_stand_in_the_printed_order(price_list: PriceList) -> None:
    held = [licence(A, CLOSING), licence(C), licence(B), licence("derivatives_a"), licence(A)]
    assert [(contract, product) for contract, product, _ in chosen(price_list, {}, held=held)] == [
        (RT, A),
        (RT, B),
        (RT, C),
        (RT, "derivatives_a"),
        (CLOSING, A),
    ]


def test_licences_asked_for_by_name_stay_as_they_are(price_list: PriceList) -> None:
    held = (licence(A, for_apis=("kept",)),)
    spanned = spans(("2027-01-01", "2027-03-01", price_list))
    assert sufficient_licences((), held, OPEN_API, spanned, lambda _: Price(0, 0)) == held
    without = sufficient_licences([wanting("x")], held, OPEN_API, spanned, lambda _: Price(0, 0))
    assert without == (replace(held[0], for_apis=()),)  # an API without a licence rests on none


def test_an_added_licence_has_the_options_that_a_request_gets_by_default(price_list: PriceList) -> None:
    assert default_licence(LicenceKey(RT, A), price_list) == Licence(RT, A, options=("retail",))
    assert default_licence(LicenceKey(CLOSING, A), price_list) == Licence(CLOSING, A)


def test_a_licence_that_a_list_of_the_horizon_lacks_is_no_choice(price_list: PriceList) -> None:
    """The later list has closing A not any more."""
    gone = changed(price_list, {(CLOSING, "base_fee", A, None): Cell(CellKind.NOT_APPLICABLE)}, id="later")
    both = spans(("2027-01-01", "2027-02-01", price_list), ("2027-02-01", "2027-03-01", gone))
    costs = {(CLOSING, A): (1, 1), (RT, A): (9, 9)}
    assert chosen(both, costs, wanting("x", *EITHER_A)) == [(RT, A, ("x",))]
    assert chosen(both[::-1], costs, wanting("x", *EITHER_A)) == [(RT, A, ("x",))]
    key = LicenceKey(CLOSING, A)
    assert not is_offered_throughout(key, OPEN_API, both)
    assert is_offered_throughout(key, OPEN_API, both[:1])
    # who holds it by name keeps it
    assert chosen(both, costs, wanting("x", *EITHER_A), held=[licence(A, CLOSING)]) == [(CLOSING, A, ("x",))]


def test_a_contract_that_the_first_list_lacks_is_not_offered(price_list: PriceList) -> None:
    contracts = {name: terms for name, terms in price_list.contracts.items() if name != CLOSING}
    without = replace(price_list, contracts=contracts)
    horizon = days("2027-01-01", "2027-02-01"), days("2027-02-01", "2027-03-01")
    key = LicenceKey(CLOSING, A)
    assert not is_offered_throughout(key, OPEN_API, ((horizon[0], without),))
    assert not is_offered_throughout(key, OPEN_API, ((horizon[0], without), (horizon[1], price_list)))
    assert not is_offered_throughout(key, OPEN_API, ((horizon[0], price_list), (horizon[1], without)))
    assert is_offered_throughout(key, OPEN_API, ((horizon[0], price_list), (horizon[1], price_list)))


def test_a_minimum_of_a_direct_feed_that_is_not_offered_closes_the_licence_there_alone(price_list: PriceList) -> None:
    terms = price_list.contracts[RT]
    nothing = changed(price_list, {(RT, "base_fee", A, "retail"): Cell(CellKind.NOT_APPLICABLE)})
    assert terms.default_options == ("retail",)
    for channel in Channel:
        assert not is_offered_throughout(LicenceKey(RT, A), channel, spans(("2027-01-01", "2027-03-01", nothing)))


class TestAgainstPrices:
    """The same with the prices of a list: what a set costs is what a quote of it costs."""

    def quoted(self, editions: Editions, price_list: PriceList, waived: bool) -> list[Key]:
        lists = (replace(price_list, supersedes=None),)
        company = young() if waived else young("2000-01-01")
        asked = request(apis=("주식실시간종가A",), company=company, months=2)
        found = made(asked, replace(editions, price_lists=lists))
        return [(each.contract, each.product) for each in found.licences]

    def test_closing_prices_are_cheaper_as_published(self, editions: Editions, price_list: PriceList) -> None:
        assert self.quoted(editions, price_list, waived=False) == [(CLOSING, A)]

    def test_real_time_is_taken_where_it_costs_a_won_less(self, editions: Editions, price_list: PriceList) -> None:
        for price, contract in ((1_000_000, CLOSING), (999_999, RT)):
            cheap = changed(price_list, {(RT, "base_fee", A, "retail"): flat(price)})
            assert self.quoted(editions, cheap, waived=False) == [(contract, A)]

    def test_where_both_are_waived_the_lower_list_price_is_taken(
        self, editions: Editions, price_list: PriceList
    ) -> None:
        cheap = changed(price_list, {(RT, "base_fee", A, "retail"): flat(999_999)})
        assert self.quoted(editions, cheap, waived=True) == [(RT, A)]

    def test_what_is_waived_is_taken_before_what_costs_less(self, editions: Editions, price_list: PriceList) -> None:
        """Real-time is waived by its option, closing prices here are not, and cost a won."""
        policies = tuple(
            replace(policy, fees=("base_fee",)) if policy.id == FAQ else policy for policy in editions.policies
        )
        terms = price_list.contracts[CLOSING]
        products = {**terms.products, A: terms.products[A]._replace(fee="ftp_access")}
        contracts = {**price_list.contracts, CLOSING: terms._replace(products=products)}
        column = (CLOSING, "ftp_access", A, None)
        other = changed(price_list, {column: flat(1)}, contracts=contracts)
        assert self.quoted(replace(editions, policies=policies), other, waived=True) == [(RT, A)]
        assert self.quoted(replace(editions, policies=policies), other, waived=False) == [(CLOSING, A)]
