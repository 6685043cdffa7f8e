"""From the text of a line to what it is for: told by the house for this supplier, or published; exact, or unknown.

Nothing is guessed: a text that nobody told and that is not made of published words is unknown (None).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from fee_service.invoices.values import InvoiceLine, Unreadable
from fee_service.published.item_names import PublishedNames
from fee_service.published.item_texts import NamedMonth, item_text, one_month
from fee_service.published.item_words import CODES, NOTHING, Says, saying


class Named(NamedTuple):
    """What a line is for; None is left open, then the contract's licence and the rules of billing decide.

    `total`: the sum of an invoice or a month; `ignored`: goods of another kind, not judged. With `faults` nothing
    is sure: codes that are not known or contradict each other.
    """

    fee: str | None = None
    agreement: str | None = None
    product: str | None = None
    option: str | None = None
    user_type: str | None = None
    service_month: date | None = None
    ignored: bool = False
    total: bool = False
    faults: tuple[Unreadable, ...] = ()


class Own(NamedTuple):
    """Own columns of a line, as they stand there."""

    fee: str | None = None
    agreement: str | None = None
    product: str | None = None
    option: str | None = None
    user_type: str | None = None
    service_month: date | None = None


class ItemKey(NamedTuple):
    """Under which a text is told: item, and specification, where the item alone does not decide."""

    item: str
    specification: str = ""


Told = Mapping[str, Mapping[ItemKey, Says]]  # by the supplier's business number, 000-00-00000
NO_COLUMNS = Own()
MOST_KEPT = 200_000  # texts of which it is kept what they come to


class _Read(NamedTuple):
    """What a text comes to: the codes as far as told, or faults, or neither."""

    readings: frozenset[Says]
    faults: tuple[Unreadable, ...] = ()
    whole: Says | None = None  # told for this supplier, a total, or none of ours


_UNKNOWN = _Read(frozenset())


@dataclass(frozen=True, slots=True, eq=False)
class ItemNames:
    """The names that are told, over those that are published; what was read lately is kept."""

    published: PublishedNames
    told: Told = field(default_factory=dict)
    _anybody: Mapping[ItemKey, Says] = field(init=False, repr=False)
    _known: dict[tuple[Any, ...], Named | None] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_anybody", _agreed(self.told.values()))

    def named(
        self, *, supplier: str | None, item: str | None, specification: str | None = None,
        remarks: Iterable[str | None] = (), issued_on: date | None = None, own: Own = NO_COLUMNS,
    ) -> Named | None:  # fmt: skip
        """What a line is for. Own columns win over its text, what is told over what is published."""
        said = self.said(supplier, item, specification, own)
        month = own.service_month or service_month(item, specification, remarks, issued_on)
        return None if said is None else said._replace(service_month=month)

    def of_line(self, line: InvoiceLine) -> Named | None:
        """The same of a line as it was read."""
        return self.named(
            supplier=line.supplier, item=line.item, specification=line.specification,
            remarks=(line.remark, line.invoice_remark), issued_on=line.issued_on,
            own=Own(line.fee, line.agreement, line.product, line.option, line.user_type, line.service_month),
        )  # fmt: skip

    def said(
        self, supplier: str | None, item: str | None, specification: str | None, own: Own = NO_COLUMNS
    ) -> Named | None:
        """What a line is for, without its month; None of a text that nobody knows."""
        key = (supplier, item, specification, own)
        if key not in self._known:
            if len(self._known) >= MOST_KEPT:
                self._known.clear()
            self._known[key] = self._said(supplier, item or "", specification or "", own)
        return self._known[key]

    def _said(self, supplier: str | None, item: str, specification: str, own: Own) -> Named | None:
        columns = self._of_columns(own._replace(service_month=None))
        text = self._told(supplier, item, specification) or self._published(item, specification)
        if columns.faults:
            return Named(faults=columns.faults)
        if not columns.readings:
            return self._finished(text)
        both = _together(columns.readings, text.readings)
        whole = self._finished(text) if text.whole is not None else None
        return self._finished(_Read(both)) or self._finished(columns) or whole

    def _finished(self, read: _Read) -> Named | None:
        if read.faults:
            return Named(faults=read.faults)
        if read.whole is not None and (read.whole.total or read.whole.ignored):
            return Named(total=read.whole.total, ignored=read.whole.ignored)
        says = self.published.completed(read.readings)
        return Named(says.fee, says.agreement, says.product, says.option, says.user_type) if says is not None else None

    # -- texts -----------------------------------------------------------------------------------------

    def _told(self, supplier: str | None, item: str, specification: str) -> _Read | None:
        """By item and specification, both in one, or the item alone; then the specification may say more."""
        told = self._anybody if supplier is None else self.told.get(supplier, {})
        if not told:
            return None
        key, more = self.published.key(item), self.published.key(specification)
        both = self.published.key(f"{item} {specification}")
        for exact in (ItemKey(key, more), ItemKey(both)):
            if exact in told:
                return _whole(told[exact])
        if ItemKey(key) not in told:
            return None
        return self._with_specification(_whole(told[ItemKey(key)]), specification)

    def _published(self, item: str, specification: str) -> _Read:
        """Both in one; else the item alone, with a specification that agrees or is not known."""
        both = f"{item} {specification}"
        joined = self.published.readings(both)
        if (whole := self.published.whole(both)) is not None:
            return _Read(frozenset(), whole=whole)
        if self.published.completed(joined) is not None or not item_text(specification).words:
            return _Read(joined)
        if (whole := self.published.whole(item)) is not None:
            return _Read(frozenset(), whole=whole)
        alone = self.published.readings(item)
        return self._with_specification(_Read(alone), specification) if alone else _UNKNOWN

    def _with_specification(self, read: _Read, specification: str) -> _Read:
        """A specification that is not known says nothing (1식, EA); one that is known has to agree."""
        more = self.published.readings(specification)
        if not more or (read.whole is not None and (read.whole.total or read.whole.ignored)):
            return read
        both = _together(read.readings, more)
        if self.published.completed(read.readings) is not None and self.published.completed(both) is None:
            return _Read(frozenset(), (Unreadable("specification", "line_texts_contradict"),))
        return _Read(both, whole=read.whole)

    # -- own columns -----------------------------------------------------------------------------------

    def _of_columns(self, own: Own) -> _Read:
        """By code, or by a published name of it."""
        if own == NO_COLUMNS:
            return _UNKNOWN
        codes = self.published.codes
        readings: frozenset[Says] = frozenset([NOTHING])
        faults: list[Unreadable] = []
        for name in CODES:
            text: str | None = getattr(own, name)
            if not text or not text.strip():
                continue
            found = self._of_code(name, text)
            together = _together(readings, found)
            if not together:
                faults.append(Unreadable(name, "line_codes_contradict" if found else "line_code_unknown"))
            readings = together or readings
        going = frozenset(says for says in readings if not codes.faults(says))
        if not going and not faults:
            faults = [Unreadable(codes.faults(says)[0].field, "line_codes_contradict") for says in _first(readings)]
        return _Read(frozenset(), tuple(faults)) if faults else _Read(going - {NOTHING})

    def _of_code(self, name: str, text: str) -> frozenset[Says]:
        code = text.strip().lower()
        if code in self.published.codes.known[name]:
            return frozenset([saying(name, code)])
        return frozenset(says for says in self.published.readings(text) if name in says.codes())


def _whole(says: Says) -> _Read:
    return _Read(frozenset([says]), whole=says)


def _first(readings: Iterable[Says]) -> list[Says]:
    return sorted(readings, key=lambda says: tuple(says.codes().items()))[:1]


def _together(some: Iterable[Says], others: frozenset[Says]) -> frozenset[Says]:
    return frozenset(both for one in some for other in others if (both := one.with_(other)) is not None)


def _agreed(told: Iterable[Mapping[ItemKey, Says]]) -> Mapping[ItemKey, Says]:
    """What all suppliers of whom it is told mean by a text; for lines that do not say whose they are."""
    found: dict[ItemKey, set[Says]] = {}
    for names in told:
        for key, says in names.items():
            found.setdefault(key, set()).add(says)
    return {key: says.pop() for key, says in found.items() if len(says) == 1}


def service_month(
    item: str | None, specification: str | None, remarks: Iterable[str | None], issued_on: date | None
) -> date | None:
    """The one month that item and specification name, else the first remark that names any.

    None where they name several, or none: then the rules of billing decide.
    """
    first = frozenset[NamedMonth]().union(*(item_text(text).months for text in (specification, item) if text))
    if first:
        return one_month(first, issued_on)
    for remark in remarks:
        if remark and (months := item_text(remark).months):
            return one_month(months, issued_on)
    return None
