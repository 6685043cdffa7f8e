"""From licences to fees, in arrays: which fees each gives rise to, for how many units, and what they cost a month.

What is the same for all who take a product so is read from the scalar engine's own lines (`rules.lines.lines_of`),
once for each shape of licence. What differs is computed here: which fees are owed, the units that rules across
products free, the charge under each price list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fee_service.bulk.days import Flags, Whole
from fee_service.bulk.segments import MOST_CHARGE, PARTLY
from fee_service.model import OPEN_API_PLATFORM, Channel, Licence, Line, Usage
from fee_service.prices import Cell, Flat, Package
from fee_service.published.editions import CellKey, ListSpan, PriceList, WaiverPolicy
from fee_service.rules.lines import USAGE_COLUMNS, Platform, lines_of

ONE, SETS, *OF_USAGE, CALLS = range(6)  # where the units of a fee stand in `Licences.units`
IDS = USAGE_COLUMNS[:2]
RECOVERY_FEE = "additional_reception"


class Shape(NamedTuple):
    """A licence but for its counts; `product` is None for the use of the platform."""

    agreement: str
    product: str | None
    options: tuple[str, ...]
    affiliate_extension: bool
    channel: Channel
    policy: WaiverPolicy | None
    lists: tuple[ListSpan, ...]


class Licences(NamedTuple):
    """Licences in the order of their lines: contract by contract, in the printed order, the platform last."""

    contract: Whole
    shape: Whole
    units: Whole  # a row each of ONE, SETS … CALLS, a column a licence
    recovery: Flags  # whether sets for disaster recovery are taken
    keys: Sequence[tuple[str, str]]  # (agreement, product)
    key: Whole  # in `keys`


class Lines(NamedTuple):
    """Fees in arrays, one entry each."""

    contract: Whole
    licence: Whole
    fee: Whole  # in `Shapes.fees`
    quantity: Whole  # charged units under the first list
    charges: Whole  # KRW of a full month: a row a fee, a column a list


class Rule(NamedTuple):
    """What frees units of a fee under one list: IDs of other products, or a licence beside it."""

    covered_by: tuple[tuple[str, str], ...] = ()
    free_beside: tuple[tuple[str, str], ...] = ()


class Fee(NamedTuple):
    """A fee of a shape: the scalar line, and where its units come from."""

    line: Line
    units: int
    always: bool  # owed without any use: the fee itself, or a minimum of some list
    cells: tuple[int, ...]  # in `Shapes.cells`, by list
    rules: tuple[int, ...]  # in `Shapes.rules`, by list


class FeeTable(NamedTuple):
    """The fees of all shapes as arrays."""

    units: Whole
    always: Flags
    cells: Whole
    rules: Whole
    id_column: Whole  # 0 standard, 1 personal, 2 neither
    recovery: Flags
    prorated: Flags
    waivable: Flags
    partly_waived: NDArray[np.int8]
    once: Flags
    delay: Whole


class Shapes:
    """Every shape of licence met so far, with its fees; one for all chunks of a file."""

    def __init__(self) -> None:
        self.fees: list[Fee] = []
        self.cells: list[Cell] = []
        self.rules: list[Rule] = [Rule()]
        self._spans: list[range] = []  # of each shape in `fees`
        self._numbers: dict[Shape, int] = {}
        self._cells: dict[Cell, int] = {}
        self._table: FeeTable | None = None

    def number(self, shape: Shape) -> int:
        """The number of a shape."""
        if shape not in self._numbers:
            before = len(self.fees)
            self.fees += self._fees_of(shape)
            self._spans.append(range(before, len(self.fees)))
            self._numbers[shape] = len(self._numbers)
            self._table = None
        return self._numbers[shape]

    @property
    def lists(self) -> int:
        """The most lists that a shape is priced under."""
        return max(len(fee.cells) for fee in self.fees)

    @property
    def table(self) -> FeeTable:
        """What is known of all fees."""
        if self._table is None:
            self._table = _table_of(self.fees, self.lists)
        return self._table

    def fees_of(self, shapes: Whole) -> tuple[Whole, Whole]:
        """For each fee of each licence: the place of its licence, and the fee."""
        counts = np.array([len(span) for span in self._spans])[shapes]
        firsts = np.array([span.start for span in self._spans])[shapes]
        licence = np.repeat(np.arange(len(shapes)), counts)
        within = np.arange(len(licence)) - np.repeat(np.cumsum(counts) - counts, counts)
        return licence, firsts[licence] + within

    def _fees_of(self, shape: Shape) -> Iterator[Fee]:
        editions = [price_list for _, price_list in shape.lists]
        for line in _scalar_lines(shape, editions):
            floors = any(each.floor(*_key(line)) for each in editions)
            units = _units_of(line)
            yield Fee(
                line,
                units,
                units in (ONE, CALLS) or floors,
                tuple(self._cell(priced.printed) for priced in line.cells),
                tuple(self._rule(line, each) for each in editions),
            )

    def _cell(self, cell: Cell) -> int:
        if cell not in self._cells:
            self._cells[cell] = len(self.cells)
            self.cells.append(cell)
        return self._cells[cell]

    def _rule(self, line: Line, price_list: PriceList) -> int:
        """What of `rules.lines` frees units of a fee (P1 variable fees note 1; P2 note 2)."""
        covered = tuple(
            (rule.contract, rule.by)
            for rule in price_list.ids_covered
            if (line.contract, line.product, line.fee) == (rule.contract, rule.product, rule.fee)
        )
        beside = tuple(
            (rule.beside, line.product)
            for rule in price_list.free_beside
            if line.contract == rule.contract and line.product in rule.products and line.fee in rule.fees
        )
        rule = Rule(covered, beside)
        if rule not in self.rules:
            self.rules.append(rule)
        return self.rules.index(rule)


def _scalar_lines(shape: Shape, editions: Sequence[PriceList]) -> tuple[Line, ...]:
    """The lines of a licence of this shape that takes one more of everything that all lists print for it."""
    if shape.product is None:
        return lines_of((), Platform(1), shape.channel, shape.lists, shape.policy)

    def printed(fee: str, column: str | None) -> bool:
        key = CellKey(shape.agreement, fee, shape.product or "", column)
        return all(key in each.cells for each in editions)

    licence = Licence(
        shape.agreement,
        shape.product,
        shape.options,
        shape.affiliate_extension,
        reception_sets=2 if printed(RECOVERY_FEE, None) else 1,
        usage=Usage(*[int(printed("usage_fee", column)) for column in USAGE_COLUMNS]),
    )
    return lines_of((licence,), None, shape.channel, shape.lists, shape.policy)


def _key(line: Line) -> CellKey:
    return CellKey(line.contract, line.fee, line.product, line.option or _usage_column(line))


def _usage_column(line: Line) -> str | None:
    """The column of a usage fee; None for other fees."""
    return line.user_type or "query" if line.fee == "usage_fee" else None


def _units_of(line: Line) -> int:
    column = _usage_column(line)
    if column is not None:
        return OF_USAGE[USAGE_COLUMNS.index(column)]
    if line.fee == RECOVERY_FEE:
        return SETS
    return CALLS if line.contract == OPEN_API_PLATFORM and not line.once else ONE


def _table_of(fees: Sequence[Fee], lists: int) -> FeeTable:
    def whole(of: Callable[[Fee], int]) -> Whole:
        return np.array([of(fee) for fee in fees], dtype=np.int64)

    def flags(of: Callable[[Fee], bool]) -> Flags:
        return np.array([of(fee) for fee in fees], dtype=np.bool_)

    def by_list(of: Callable[[Fee], tuple[int, ...]]) -> Whole:
        """Under lists that a fee never comes under it stands as under the last."""
        return np.array([[*of(fee), *[of(fee)[-1]] * (lists - len(of(fee)))] for fee in fees], dtype=np.int64)

    return FeeTable(
        units=whole(lambda fee: fee.units),
        always=flags(lambda fee: fee.always),
        cells=by_list(lambda fee: fee.cells),
        rules=by_list(lambda fee: fee.rules),
        id_column=whole(lambda fee: IDS.index(fee.line.user_type) if fee.line.user_type else len(IDS)),
        recovery=flags(lambda fee: fee.line.fee == RECOVERY_FEE),
        prorated=flags(lambda fee: fee.line.prorated),
        waivable=flags(lambda fee: fee.line.waivable),
        partly_waived=np.array([PARTLY[fee.line.partly_waived] for fee in fees], dtype=np.int8),
        once=flags(lambda fee: fee.line.once),
        delay=whole(lambda fee: fee.line.months_after),
    )


# -- the fees of many licences -----------------------------------------------------------------------------


def lines_in(licences: Licences, shapes: Shapes, contracts: int) -> Lines:
    """Every fee that is owed, in the order of the licences, with its charge under each list.

    A charge over MOST_CHARGE stands as one won more than that, for `segments.rate` to refuse.
    """
    licence, fee = shapes.fees_of(licences.shape)
    table = shapes.table
    units = licences.units[table.units[fee], licence]
    recovered = table.recovery[fee] & licences.recovery[licence]
    owed = np.flatnonzero(table.always[fee] | (units > 0) | recovered)
    licence, fee, units = licence[owed], fee[owed], units[owed]
    contract = licences.contract[licence]
    held = _Held(licences, contracts)
    charges = np.empty((len(fee), table.cells.shape[1]), dtype=np.int64)
    quantity = units
    for number in range(charges.shape[1]):
        freed, wholly = _freed(table.rules[fee, number], table.id_column[fee], units, contract, held, shapes.rules)
        counted, charge = _charged(table.cells[fee, number], units - freed, shapes.cells)
        charges[:, number] = np.where(wholly, 0, charge)
        if not number:
            quantity = np.where(wholly, 0, counted)
    return Lines(contract, licence, fee, quantity, charges)


class _Held:
    """What licences each contract holds, by agreement and product."""

    def __init__(self, licences: Licences, contracts: int) -> None:
        self._licences, self._contracts = licences, contracts

    def units(self, key: tuple[str, str], column: int) -> Whole:
        """The IDs that each contract has for a product."""
        found = np.zeros(self._contracts, dtype=np.int64)
        of = self._of(key)
        found[self._licences.contract[of]] = self._licences.units[OF_USAGE[column], of]
        return found

    def holds(self, key: tuple[str, str]) -> Flags:
        """Which contracts have a product."""
        found = np.zeros(self._contracts, dtype=np.bool_)
        found[self._licences.contract[self._of(key)]] = True
        return found

    def _of(self, key: tuple[str, str]) -> Whole:
        place = self._licences.keys.index(key) if key in self._licences.keys else -1
        return np.flatnonzero(self._licences.key == place)


def _freed(
    rule: Whole, id_column: Whole, units: Whole, contract: Whole, held: _Held, rules: Sequence[Rule]
) -> tuple[Whole, Flags]:
    """The units of each fee that a rule across products frees, and whether it frees the fee as a whole.

    Of each user type the IDs that another product covers (P1 variable fees, note 1); all of it beside the real-time
    licence of the same product (P2, note 2). The first rule that frees anything holds, as in `rules.lines`.
    """
    freed, wholly = np.zeros_like(units), np.zeros(len(units), dtype=np.bool_)
    for number in np.unique(rule[rule > 0]):
        for key in rules[number].covered_by:
            for column in range(len(IDS)):
                here = np.flatnonzero((rule == number) & (id_column == column) & (freed == 0))
                freed[here] = np.minimum(units[here], held.units(key, column)[contract[here]])
        for key in rules[number].free_beside:
            wholly |= (rule == number) & (freed == 0) & held.holds(key)[contract]
    return freed, wholly


def _charged(cell: Whole, units: Whole, cells: Sequence[Cell]) -> tuple[Whole, Whole]:
    """What units are charged as (packages, where the cell sells packages), and the charge of a full month (KRW).

    One price for every unit is a product; every other price is asked of the cell itself, once for each number of units.
    """
    plain = np.array([_plain_price(each) for each in cells], dtype=np.int64)
    price = plain[cell]
    bearable = price <= MOST_CHARGE // np.maximum(units, 1)
    charge = np.where(bearable, price * np.where(bearable, units, 0), MOST_CHARGE + 1)
    counted = units.copy()
    for number in np.unique(cell[price < 0]):
        here = np.flatnonzero(cell == number)
        each, place = np.unique(units[here], return_inverse=True)
        asked = cells[number]
        charge[here] = np.array([min(asked.charge(int(one)), MOST_CHARGE + 1) for one in each])[place]
        if isinstance(asked.price, Package):
            counted[here] = np.array([asked.price.count(int(one)) for one in each])[place]
    return counted, charge


def _plain_price(cell: Cell) -> int:
    """The price of every unit; 0 of a cell that is no price, -1 where it takes more than a product."""
    if cell.price is None:
        return 0
    return cell.price.unit_price if isinstance(cell.price, Flat) and not cell.is_bounded else -1
