"""Why a billed amount differs from what is due: it is reckoned again under each known mistake until one gives it.

A mistake changes what an amount is reckoned from, and the amount follows by the same rule as the right one; so mistakes
combine, and each is exact to the won or not given. Pure. Amounts are KRW without VAT.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from fee_service.model import PartlyWaived, Text, cited
from fee_service.money import Rounding
from fee_service.periods import ONE_DAY, Period
from fee_service.prices import CellKind
from fee_service.published.editions import CellKey, PriceList
from fee_service.published.services import SERVICE_FEE
from fee_service.rules.reckoning import Piece, Reckoned
from fee_service.verdict import Cause as Cause

MOST_UNITS = 10**9  # of a usage that is looked for
MOST_KEPT = 20_000  # explanations: looking for one takes milliseconds
MOST_AFFILIATES = 1000
TEN_WON = 10  # the coin to which invoices are often cut


class Mistake(NamedTuple):
    """A due with one mistake in it: what it comes to then, in words too; `reckoned` to add another to it."""

    cause: Cause
    amount: int
    text: Text
    reckoned: Reckoned | None


class Explanation(NamedTuple):
    """One mistake, or two together, that give the billed amount to the won."""

    mistakes: tuple[Mistake, ...]

    @property
    def causes(self) -> tuple[Cause, ...]:
        return tuple(mistake.cause for mistake in self.mistakes)


Params = Mapping[str, Hashable]
Variant = tuple[Reckoned, Params]


# -- mistakes whose amount follows from the due alone ------------------------------------------------------


def waiver_not_applied(due: Reckoned, _: Sequence[PriceList]) -> Iterator[Variant]:
    """Billed as if nothing were waived (S, F: the waiver)."""
    if due.waived and due.waived_days:
        days = {"first_day": due.waived.start, "last_day": due.waived.last_day}
        yield replace(due, waived=None), {**days, "days": due.waived_days, **_under(due)}


def waiver_overrun(due: Reckoned, _: Sequence[PriceList]) -> Iterator[Variant]:
    """Billed as if the waiver had gone on after its last day (S, F; Civil Act 160; grounds for withdrawal)."""
    waiver = due.waived or due.quoted
    if not waiver or not due.waivable or due.waived_days == due.span.days:
        return
    end = due.waived.end if due.waived else due.quoted.start if due.quoted else due.span.start
    for later in _days(max(end, due.span.start) + ONE_DAY, due.span.end + ONE_DAY):
        longer = replace(due, waived=Period(min(waiver.start, due.span.start), later))
        yield longer, {"last_day": end - ONE_DAY, "billed_until": later - ONE_DAY, **_under(due)}


def waiver_cut_early(due: Reckoned, _: Sequence[PriceList]) -> Iterator[Variant]:
    """Billed as if the waiver had ended before its last day (Civil Act 160: a month that lacks the day)."""
    if not due.waived or not due.waived_days:
        return
    last = min(due.waived.end, due.span.end)
    for earlier in _days(max(due.waived.start, due.span.start), last):
        shorter = Period(due.waived.start, earlier) if earlier > due.waived.start else None
        days = {"last_day": due.waived.last_day, "billed_until": earlier - ONE_DAY}
        yield replace(due, waived=shorter), {**days, **_under(due)}


def not_prorated(due: Reckoned, _: Sequence[PriceList]) -> Iterator[Variant]:
    """Billed for a whole month although the contract has only a part of it (P1 §10.2, P2 §6)."""
    if due.prorated and due.span.days < due.days_in_month:
        yield replace(due, prorated=False), _divided(due)
    if due.prorated and 0 < due.waived_days < due.span.days:  # nor by the days that are not waived
        yield replace(due, prorated=False, partly_waived=PartlyWaived.NONE), _divided(due)


def prorated_on_30_days(due: Reckoned, _: Sequence[PriceList]) -> Iterator[Variant]:
    """Billed by the days over 30, not over the days of the month (P1 §10.2)."""
    if due.prorated and due.days_in_month != 30:
        yield replace(due, days_in_month=30), _divided(due)


def other_price_list(due: Reckoned, lists: Sequence[PriceList]) -> Iterator[Variant]:
    """Billed by a price list that does not hold in the month (a new one holds after three months' notice)."""
    held = [price_list for _, price_list in due.lists]
    for other in lists:
        cell = other.cells.get(due.key)
        if cell is not None and held != [other]:
            known = {"list": other.id, "right": ", ".join(price_list.id for price_list in held)}
            yield replace(due, lists=((due.span, other),), cells=(cell,)), known


def disaster_recovery_set_billed(due: Reckoned, _: Sequence[PriceList]) -> Iterator[Variant]:
    """Billed for sets of disaster recovery, which are free (P1, additional reception)."""
    for sets in range(1, due.recovery_sets + 1):
        yield replace(due, units=due.units + sets), {"sets": sets, **_printed(due)}


def first_set_billed(due: Reckoned, _: Sequence[PriceList]) -> Iterator[Variant]:
    """Billed for the first received set, which is free (P1, additional reception)."""
    if due.key.fee == "additional_reception":
        yield replace(due, units=due.units + 1), {"sets": due.units + 1, "right": due.units, **_printed(due)}


def securities_c_exemption_missed(due: Reckoned, _: Sequence[PriceList]) -> Iterator[Variant]:
    """Billed for IDs that another product's IDs free (P1, variable fees, note 1)."""
    if due.exempted and not due.wholly and due.exemption:
        units = due.units + due.exempted
        yield replace(due, units=units), {"units": units, "exempted": due.exempted, "rule": due.exemption}


def closing_exemption_missed(due: Reckoned, _: Sequence[PriceList]) -> Iterator[Variant]:
    """Billed although a real-time licence of the same product makes it free (P2, note 2)."""
    if due.wholly and due.exemption and due.key.fee != SERVICE_FEE:
        yield replace(due, wholly=False, units=due.units + due.exempted), {"rule": due.exemption}


def wrong_user_type(due: Reckoned, _: Sequence[PriceList]) -> Iterator[Variant]:
    """Billed at the price of another user type (P1, variable fees)."""
    if due.key.fee == "usage_fee":
        yield from _in_other_columns(due)


def wrong_option(due: Reckoned, _: Sequence[PriceList]) -> Iterator[Variant]:
    """Billed at the price of another option (P1, base fees); one that is waived or not as that option would be."""
    if due.key.fee == "usage_fee" or due.key.column is None:
        return
    for other, known in _in_other_columns(due):
        yield other, known
        if due.waived and due.policy and due.policy.covers(due.key.fee, (str(other.key.column),)) is not due.waivable:
            yield replace(other, waivable=not due.waivable), known


def rounding(due: Reckoned, _: Sequence[PriceList]) -> Iterator[Variant]:
    """Billed with a fraction of a won rounded otherwise than the list says."""
    for piece in _pieces(due):
        for mode in Rounding:
            known = {"mode": Text(f"rounding_{mode}"), "piece": Text(f"rounded_{piece}")}
            yield replace(due, rounding=mode, piece=piece), known


# -- mistakes that are looked for in the billed amount -----------------------------------------------------


def affiliate_extension_per_affiliate(due: Reckoned, billed: int) -> Iterator[Variant]:
    """Billed for each affiliate, although the extension is one flat amount (P1, base fees)."""
    if due.key.fee == "affiliate_extension" and due.net > 0:
        for times in range(max(2, billed // due.net - 1), min(billed // due.net + 2, MOST_AFFILIATES)):
            for piece in (Piece.LINE, Piece.UNIT):
                yield replace(due, times=times, piece=piece), {"times": times, **_printed(due)}


def usage_differs_from_report(due: Reckoned, billed: int) -> Iterator[Variant]:
    """Billed for another usage than was reported (P1 §9.3)."""
    if due.key.fee == "usage_fee":
        units = bisect_left(range(MOST_UNITS), billed, key=lambda count: replace(due, units=count).net)
        if units not in (due.units, MOST_UNITS):
            yield replace(due, units=units), {"units": units, "right": due.units}


def withheld_fee_billed(due: Reckoned, billed: int) -> Mistake | None:
    """Anything billed for a fee that is withheld: it is 0 until notice is given (P1, P2: 부과보류)."""
    if billed > 0 and all(cell.kind is CellKind.WITHHELD for cell in due.cells):
        return Mistake(Cause.WITHHELD_FEE_BILLED, billed, Text("cause_withheld_fee_billed", _printed(due)), None)
    return None


def cut_to_ten_won(due: Reckoned) -> Mistake:
    """Billed with what is under ten won cut off, as invoices often are; fees are cut to whole won."""
    cut = replace(due, coin=TEN_WON)
    return Mistake(Cause.ROUNDING, cut.net, Text("cause_rounding_ten", {"right": due.net, "amount": cut.net}), cut)


FROM_THE_DUE: Mapping[Cause, Callable[[Reckoned, Sequence[PriceList]], Iterator[Variant]]] = {
    Cause.WAIVER_NOT_APPLIED: waiver_not_applied,
    Cause.WAIVER_OVERRUN: waiver_overrun,
    Cause.WAIVER_CUT_EARLY: waiver_cut_early,
    Cause.NOT_PRORATED: not_prorated,
    Cause.PRORATED_ON_30_DAYS: prorated_on_30_days,
    Cause.OTHER_PRICE_LIST: other_price_list,
    Cause.DISASTER_RECOVERY_SET_BILLED: disaster_recovery_set_billed,
    Cause.FIRST_SET_BILLED: first_set_billed,
    Cause.SECURITIES_C_EXEMPTION_MISSED: securities_c_exemption_missed,
    Cause.CLOSING_EXEMPTION_MISSED: closing_exemption_missed,
    Cause.WRONG_USER_TYPE: wrong_user_type,
    Cause.WRONG_OPTION: wrong_option,
    Cause.ROUNDING: rounding,
}
FROM_THE_AMOUNT: Mapping[Cause, Callable[[Reckoned, int], Iterator[Variant]]] = {
    Cause.AFFILIATE_EXTENSION_PER_AFFILIATE: affiliate_extension_per_affiliate,
    Cause.USAGE_DIFFERS_FROM_REPORT: usage_differs_from_report,
}
ORDER = {cause: number for number, cause in enumerate(Cause)}


# -- from a billed amount to its causes --------------------------------------------------------------------


def mistakes_in(due: Reckoned, lists: Sequence[PriceList]) -> Iterator[Mistake]:
    """Every known mistake that makes another amount of a due, in the order in which they are tried."""
    net = due.net
    return (mistake for mistake in _made(due, lists) if mistake.amount != net)


def mistakes_giving(due: Reckoned, billed: int, lists: Sequence[PriceList]) -> Iterator[Mistake]:
    """Every single mistake that gives the billed amount to the won."""
    yield from (mistake for mistake in mistakes_in(due, lists) if mistake.amount == billed)
    if billed != due.net:
        yield from (mistake for mistake in looked_for(due, billed) if mistake.amount == billed)
    withheld = withheld_fee_billed(due, billed)
    if withheld is not None:
        yield withheld


def explanations_of(due: Reckoned, billed: int, lists: Sequence[PriceList]) -> tuple[Explanation, ...]:
    """What explains a billed amount: single mistakes, or where there is none, two together; none where nothing does.

    The first is the cause, the others are its rivals: they give the same amount.
    """
    return _explained(due, billed, tuple(lists))


@lru_cache(maxsize=MOST_KEPT)
def _explained(due: Reckoned, billed: int, lists: tuple[PriceList, ...]) -> tuple[Explanation, ...]:
    """The same mistake comes again, in month after month and contract after contract."""
    if billed == due.net:
        return ()
    single = [Explanation((mistake,)) for mistake in mistakes_giving(due, billed, lists)]
    found = single or list(pairs_giving(due, billed, lists))
    return tuple(sorted(_each_once(found), key=_rank))


def _made(due: Reckoned, lists: Sequence[PriceList]) -> Iterator[Mistake]:
    """Every mistake that follows from the due, also one that by itself changes nothing (two together may)."""
    for cause, make in FROM_THE_DUE.items():
        for reckoned, params in make(due, lists):
            yield _mistake(cause, reckoned, params)
    yield cut_to_ten_won(due)


def looked_for(due: Reckoned, billed: int) -> Iterator[Mistake]:
    """The mistakes that are found from an amount, also where they come near it alone."""
    for cause, make in FROM_THE_AMOUNT.items():
        for reckoned, params in make(due, billed):
            yield _mistake(cause, reckoned, params)


def _mistake(cause: Cause, reckoned: Reckoned, params: Params) -> Mistake:
    amount = reckoned.net
    return Mistake(cause, amount, Text(f"cause_{cause}", {**params, "amount": amount}), reckoned)


def pairs_giving(due: Reckoned, billed: int, lists: Sequence[PriceList]) -> Iterator[Explanation]:
    """Two different mistakes that give the amount together, the second made on top of the first."""
    for first in _firsts(due, billed, lists):
        if first.reckoned is not None:
            for second in mistakes_giving(first.reckoned, billed, lists):
                if ORDER[second.cause] > ORDER[first.cause] and not _say_nothing(first, second):
                    yield Explanation((first, second))


def _say_nothing(first: Mistake, second: Mistake) -> bool:
    """Whether two mistakes together give nearly any amount: some usage at some price, or at less than a hundred won a
    unit cut to ten won."""
    of = second.reckoned
    if of is None or second.cause is not Cause.USAGE_DIFFERS_FROM_REPORT:
        return False
    cheap = any((cell.unit_price or 0) < TEN_WON**2 for cell in of.cells)
    return first.cause is Cause.WRONG_USER_TYPE or (of.coin > 1 and cheap)


def _firsts(due: Reckoned, billed: int, lists: Sequence[PriceList]) -> Iterator[Mistake]:
    """The mistakes that another may be made on top of: those of the due, and so many affiliates as another one takes
    to give the amount."""
    times: set[tuple[int, Piece]] = set()
    for first in _made(due, lists):
        yield first
        if first.reckoned is not None:
            found = affiliate_extension_per_affiliate(first.reckoned, billed)
            times.update((each.times, each.piece) for each, _ in found)
    for count, piece in sorted(times):
        known = {"times": count, **_printed(due)}
        yield _mistake(Cause.AFFILIATE_EXTENSION_PER_AFFILIATE, replace(due, times=count, piece=piece), known)


def _each_once(found: Iterable[Explanation]) -> Iterable[Explanation]:
    """Explanations without those that say the same."""
    return {tuple(mistake.text for mistake in each.mistakes): each for each in found}.values()


def _rank(explanation: Explanation) -> tuple[int, ...]:
    return tuple(ORDER[cause] for cause in explanation.causes)


def _in_other_columns(due: Reckoned) -> Iterator[Variant]:
    """The same units at the price of each other column of the table."""
    contract, fee, product, column = due.key
    first = due.lists[0][1]
    columns = [key.column for key in first.cells if key[:3] == (contract, fee, product) and key.column != column]
    for other in columns:
        key = CellKey(contract, fee, product, other)
        cells = [price_list.cells.get(key) for _, price_list in due.lists]
        priced = tuple(cell for cell in cells if cell is not None and cell.kind is CellKind.AMOUNT)
        if len(priced) == len(cells):
            divided = _is_divided(first, key) and (due.prorated or not _is_divided(first, due.key))
            changed = replace(due, key=key, cells=priced, prorated=divided)
            known = {"billed_as": first.columns[contract, fee, other], "units": due.units}
            yield changed, {**known, **_printed(changed)}


def _is_divided(price_list: PriceList, key: CellKey) -> bool:
    """Whether a list divides what stands in a cell by days."""
    return price_list.proration[price_list.units[key.contract, key.fee, key.column]].prorated


def _pieces(due: Reckoned) -> Iterator[Piece]:
    """What of a due may be rounded by itself."""
    yield Piece.LINE
    if due.is_flat and (due.count > 1 or due.key.fee == "usage_fee"):
        yield Piece.UNIT
    if due.prorated:
        yield Piece.DAY


def _days(first: date, end: date) -> Iterator[date]:
    while first < end:
        yield first
        first += ONE_DAY


def _under(due: Reckoned) -> Params:
    """By whose words something is waived."""
    return {"policy": due.policy.label if due.policy else None}


def _divided(due: Reckoned) -> Params:
    return {"days": due.span.days, "days_in_month": due.days_in_month, "charged": due.span.days - due.waived_days,
            "source": due.proration}  # fmt: skip


def _printed(due: Reckoned) -> Params:
    """Where the price stands, and what one unit costs."""
    price_list = due.lists[0][1]
    table = due.key.contract, due.key.fee
    source = cited(price_list.cell_sources[table], price_list.cell_clauses[table])
    return {"list": price_list.id, "source": source, "unit_price": due.cells[0].unit_price}
