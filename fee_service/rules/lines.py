"""From licences to lines: which fees a licence gives rise to, and the cells of the price lists they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from fee_service.model import (
    OPEN_API_PLATFORM,
    Channel,
    Exempted,
    Label,
    Licence,
    Line,
    PricedCell,
    Reading,
    Text,
    Usage,
    cited,
)
from fee_service.prices import Cell, CellKind, Package
from fee_service.published.editions import CellKey, ListSpan, PriceList, WaiverPolicy
from fee_service.published.services import Service, ServiceTable
from fee_service.rules.service_lines import service_lines
from fee_service.rules.waivable import waivable

USAGE_COLUMNS = ("standard", "personal", "query")  # in the order of `Usage`


class Charge(NamedTuple):
    """One fee to look up: the cell's place and for how many units, before any exemption."""

    contract: str
    fee: str
    product: str
    column: str | None
    quantity: int


class Platform(NamedTuple):
    """Use of the Open API platform: calls in a month, where they are known, and its services with a published fee."""

    calls_per_month: int | None
    services: tuple[Service, ...] = ()
    table: ServiceTable | None = None

    def readings(self) -> Iterator[Reading]:
        """The readings on which the fees of its services rest."""
        if self.table is not None:
            yield from self.table.readings(self.services)


def charges_of(licence: Licence, channel: Channel, *lists: PriceList) -> Iterator[Charge]:
    """Every fee that a licence gives rise to, in the order of the first list's tables.

    A usage fee or a fee for further sets is owed without any use, too, where a list states a minimum of it.
    """
    contract, product = licence.contract, licence.product
    monthly_fee = lists[0].contracts[contract].products[product].fee
    columns: Sequence[str | None] = licence.options or (None,)
    for column in columns:
        yield Charge(contract, monthly_fee, product, column, 1)
    if licence.affiliate_extension:
        for column in columns:
            yield Charge(contract, "affiliate_extension", product, column, 1)
    if channel is Channel.DIRECT:
        sets = Charge(contract, "additional_reception", product, None, max(0, licence.reception_sets - 1))
        if sets.quantity or licence.disaster_recovery_sets or _has_floor(*sets[:4], lists):
            yield sets
    for column, quantity in zip(USAGE_COLUMNS, licence.usage, strict=True):
        if quantity or _has_floor(contract, "usage_fee", product, column, lists):
            yield Charge(contract, "usage_fee", product, column, quantity)
    for column in licence.non_display_use:
        yield Charge(contract, "non_display", product, column, 1)


def _has_floor(contract: str, fee: str, product: str, column: str | None, lists: Iterable[PriceList]) -> bool:
    return any([price_list.floor(contract, fee, product, column) for price_list in lists])  # noqa: C419 -- mostly one


def platform_charges(platform: Platform | None) -> Iterator[Charge]:
    """Set-up once, and the started packages of calls of every month."""
    if platform is not None and platform.calls_per_month is not None:
        yield Charge(OPEN_API_PLATFORM, "environment_setup", OPEN_API_PLATFORM, None, 1)
        yield Charge(OPEN_API_PLATFORM, "api_call_fee", OPEN_API_PLATFORM, None, platform.calls_per_month)


def is_offered(charge: Charge, price_list: PriceList) -> bool:
    """Whether a list prints the cell of a fee, and prints it as applicable."""
    cell = price_list.cells.get(CellKey(*charge[:4]))
    return cell is not None and cell.kind is not CellKind.NOT_APPLICABLE


def offers(price_list: PriceList, licence: Licence, channel: Channel) -> bool:
    """Whether a list has the product of a licence and every fee that the licence gives rise to."""
    terms = price_list.contracts.get(licence.contract)
    if terms is None or licence.product not in terms.products:
        return False
    return all(is_offered(charge, price_list) for charge in charges_of(licence, channel, price_list))


@lru_cache(maxsize=512)
def lines_of(
    licences: tuple[Licence, ...],
    platform: Platform | None,
    channel: Channel,
    lists: tuple[ListSpan, ...],
    policy: WaiverPolicy | None,
) -> tuple[Line, ...]:
    """The lines of a quote; `waivable` says what the policy waives where it is granted.

    Kept for a while: many companies ask for the same licences, and a line says nothing of the company.

    Raises NotFound where a list in force has no such cell: intake has asked before.
    """
    held = {(licence.contract, licence.product): licence for licence in licences}
    editions = tuple([price_list for _, price_list in lists])
    wanted = chain(
        ((licence, charge) for licence in licences for charge in charges_of(licence, channel, *editions)),
        ((None, charge) for charge in platform_charges(platform)),
    )
    lines = [
        _line(
            number,
            charge,
            licence.options if licence else (),
            tuple(_notes(charge, licence)) if licence else (),
            tuple([_exempted(charge, held, price_list) for price_list in editions]),
            editions,
            policy,
        )
        for number, (licence, charge) in enumerate(wanted, start=1)
    ]
    if platform is not None and platform.table is not None:
        lines += service_lines(platform.services, platform.table, len(lines) + 1, len(lists), policy)
    return tuple(lines)


@lru_cache(maxsize=2048)
def _line(
    number: int,
    charge: Charge,
    held: tuple[str, ...],
    notes: tuple[Text, ...],
    exempted: tuple[Exempted | None, ...],
    editions: tuple[PriceList, ...],
    policy: WaiverPolicy | None,
) -> Line:
    """One fee of a licence with the options `held`; `exempted` is what a rule of each list frees of it.

    Kept for a while, so that whoever takes the same beside something else has the very same line.
    """
    contract, fee, product, column, _ = charge
    home = _home(charge, editions)
    printed = _printed(editions[home], contract, fee, product, column)
    is_usage = fee == "usage_fee"
    options = (column,) if printed.is_option and column else held
    waived = waivable(policy, fee, options, printed.prorated)
    return Line(
        id=number,
        fee=fee,
        contract=contract,
        product=product,
        option=None if is_usage else column,
        user_type=column if is_usage and column != "query" else None,
        unit=printed.unit,
        exempted=exempted[home],
        waivable=waived.waivable,
        partly_waived=waived.partly_waived,
        prorated=printed.prorated,
        proration=printed.proration,
        cells=tuple([_priced(charge, freed, later) for freed, later in zip(exempted, editions, strict=True)]),
        notes=notes,
        label=printed.label,
        months_after=printed.months_after,
        options=options,
    )


def _home(charge: Charge, editions: Sequence[PriceList]) -> int:
    """The first list that prints the cell: a later one than the first only where it adds a minimum without use."""
    place = charge[:4]
    for number, price_list in enumerate(editions):
        if place in price_list.cells:
            return number
    return 0


class _Printed(NamedTuple):
    """What a list says of a fee, whoever asks for it."""

    cell: Cell
    source: str
    clause: Label | None
    unit: str
    is_option: bool  # whether the column is an option of the licence
    prorated: bool
    proration: Label
    label: Label
    months_after: int


@lru_cache(maxsize=4096)
def _printed(price_list: PriceList, contract: str, fee: str, product: str, column: str | None) -> _Printed:
    """Read once for each printed cell: it is the same for all who ask."""
    unit, terms = price_list.units[contract, fee, column], price_list.contracts[contract]
    counted = price_list.proration[unit]
    return _Printed(
        price_list.cell(contract, fee, product, column),
        price_list.source(contract, fee),
        price_list.cell_clauses[contract, fee],
        unit,
        column in terms.options,
        counted.prorated,
        cited(counted.source, counted.clause),
        label_of(price_list, contract, fee, product, column),
        price_list.fees[fee].months_after,
    )


def label_of(price_list: PriceList, contract: str, fee: str, product: str, column: str | None) -> Label:
    """Product, fee and option of a line as printed."""
    names = [price_list.contracts[contract].products[product].label, price_list.fees[fee].label]
    printed = price_list.columns.get((contract, fee, column))
    if printed is not None:
        names.append(printed)
    return Label(" · ".join(name.ko for name in names), " · ".join(name.en for name in names))


def _priced(charge: Charge, exempted: Exempted | None, price_list: PriceList) -> PricedCell:
    contract, fee, product, column, quantity = charge
    if not quantity and charge[:4] not in price_list.cells:  # only another list has a minimum of it
        return _without_fee(charge, price_list)
    printed = _printed(price_list, contract, fee, product, column)
    cell = printed.cell
    quantity -= exempted.quantity if exempted else 0
    is_free = exempted is not None and exempted.wholly
    return PricedCell(
        price_list=price_list.id,
        valid_from=price_list.valid_from,
        printed=cell,
        units=quantity,
        quantity=cell.price.count(quantity) if isinstance(cell.price, Package) and not is_free else quantity,
        charge=0 if is_free else cell.charge(quantity),
        source=printed.source,
        clause=printed.clause,
    )


def _without_fee(charge: Charge, price_list: PriceList) -> PricedCell:
    """A list under which a product does not have a fee, told where its monthly price is printed."""
    table = charge.contract, price_list.contracts[charge.contract].products[charge.product].fee
    return PricedCell(
        price_list=price_list.id,
        valid_from=price_list.valid_from,
        printed=Cell(CellKind.NONE),
        units=0,
        quantity=0,
        charge=0,
        source=price_list.cell_sources[table],
        clause=price_list.cell_clauses[table],
    )


def _exempted(charge: Charge, held: Mapping[tuple[str, str], Licence], price_list: PriceList) -> Exempted | None:
    """The units that a cross-product rule of the list frees (P1 variable fees note 1; P2 note 2)."""
    for rule in price_list.ids_covered:
        if (charge.contract, charge.product, charge.fee) == (rule.contract, rule.product, rule.fee):
            other = held.get((rule.contract, rule.by))
            covered = min(charge.quantity, _ids(other.usage, charge.column)) if other else 0
            if covered:
                return Exempted(rule.rule, covered, False, rule.text, rule.source, rule.clause)
    for free in price_list.free_beside:
        priced_here = charge.contract == free.contract and charge.product in free.products
        if priced_here and charge.fee in free.fees and (free.beside, charge.product) in held:
            return Exempted(free.rule, charge.quantity, True, free.text, free.source, free.clause)
    return None


def _ids(usage: Usage, user_type: str | None) -> int:
    return {"standard": usage.standard_ids, "personal": usage.personal_ids}.get(user_type or "", 0)


def _notes(charge: Charge, licence: Licence) -> Iterator[Text]:
    """How the quantity of further sets comes about."""
    if charge.fee == "additional_reception":
        yield Text("note_reception_sets", {"sets": licence.reception_sets})
        if licence.disaster_recovery_sets:
            yield Text("note_recovery_sets", {"sets": licence.disaster_recovery_sets})
