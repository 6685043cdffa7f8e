"""The lines of requested services of the platform: one for each, also where it is free of charge."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fee_service.model import OPEN_API_PLATFORM, Exempted, Label, Line, PricedCell, Text, cited
from fee_service.prices import Cell, CellKind, Flat
from fee_service.published.editions import WaiverPolicy
from fee_service.published.services import SERVICE_FEE, Owed, PublishedFee, Service, ServiceTable
from fee_service.rules.waivable import Waivable, waivable


def service_lines(
    services: Sequence[Service],
    table: ServiceTable,
    first: int,
    lists: int,
    policy: WaiverPolicy | None,
) -> Iterator[Line]:
    """Lines numbered from `first`, with the printed fee as their cell under each of so many price lists.

    A fee that is owed once for all services that share it stands in full at the first of them.
    """
    owed: set[str] = set()
    waived = waivable(policy, SERVICE_FEE, (), table.prorated)
    for number, service in enumerate(services, start=first):
        fee = service.fee
        if fee is None:  # on request: never a line
            continue
        exempted = _exempted(fee) if fee.owed is Owed.ONCE and fee.id in owed else None
        owed.add(fee.id)
        yield _line(number, service, fee, exempted=exempted, table=table, lists=lists, waived=waived)


def _exempted(fee: PublishedFee) -> Exempted:
    return Exempted(fee.id, 1, True, fee.shared or fee.label, fee.source, fee.clause)


def _line(
    number: int,
    service: Service,
    fee: PublishedFee,
    *,
    exempted: Exempted | None,
    table: ServiceTable,
    lists: int,
    waived: Waivable,
) -> Line:
    quantity = 0 if exempted else 1
    cell = PricedCell(
        price_list=table.id,
        valid_from=service.first_seen,
        printed=Cell(CellKind.AMOUNT, Flat(fee.krw_per_month)),
        units=quantity,
        quantity=quantity,
        charge=fee.krw_per_month * quantity,
        source=fee.source,
        clause=fee.clause,
    )
    return Line(
        id=number,
        fee=SERVICE_FEE,
        contract=OPEN_API_PLATFORM,
        product=service.id,
        option=None,
        user_type=None,
        unit="month",
        exempted=exempted,
        waivable=waived.waivable,
        partly_waived=waived.partly_waived,
        prorated=table.prorated,
        proration=cited(table.source, table.clause),
        cells=(cell,) * lists,
        notes=tuple(_notes(service)),
        label=_label(service, fee, table),
        until=service.withdrawn_on,
    )


def _label(service: Service, fee: PublishedFee, table: ServiceTable) -> Label:
    """The service, the fee and what is printed for it, e.g. that it is free."""
    parts = (service.label, table.label, fee.label)
    return Label(" · ".join(part.ko for part in parts), " · ".join(part.en for part in parts))


def _notes(service: Service) -> Iterator[Text]:
    if service.last_offered is not None:
        yield Text("note_offered_until", {"last_day": service.last_offered})
