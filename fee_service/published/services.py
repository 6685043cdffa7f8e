"""The services of the platform beside market data, and the fees that the usage guide's table prints for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from fee_service.model import Label, Reading
from fee_service.periods import ONE_DAY

SERVICE_FEE = "service_fee"  # 서비스 이용료


class Owed(StrEnum):
    """How often a fee is owed that several services share."""

    ONCE = "once"  # once for all of them together
    EACH = "each"


class DataKind(StrEnum):
    """What kind of data a service gives; the security check is for financial-transaction data."""

    GENERAL = "general"
    FINANCIAL_TRANSACTION = "financial_transaction"
    MARKET = "market"


class PublishedFee(NamedTuple):
    """A printed fee, KRW a month without VAT; 0 is free of charge. `shared` says why others owe it no second time."""

    id: str
    label: Label
    krw_per_month: int
    owed: Owed
    shared: Label | None
    source: str
    clause: Label | None
    reading: Reading | None


class Service(NamedTuple):
    """A service of the platform; `fee` is None where no amount is published, `calls_per_day` where its provider
    sets it. `first_seen` and `last_offered` are its first and its last day in the table."""

    id: str
    family: str
    label: Label
    who: Label
    fee: PublishedFee | None
    calls_per_day: int | None
    provider: Label
    data: DataKind
    first_seen: date
    last_offered: date | None
    source: str

    def __hash__(self) -> int:
        """By its id, which no other of a table has: all that it says is long to hash."""
        return hash(self.id)

    @property
    def withdrawn_on(self) -> date | None:
        """The first day on which it is not offered any more."""
        return self.last_offered + ONE_DAY if self.last_offered else None


@dataclass(frozen=True, slots=True, eq=False)
class ServiceTable:
    """pricing_tables/platform_services.yaml: the services in the printed order, and how their fees are counted."""

    id: str
    label: Label  # of the fee
    prorated: bool
    source: str
    clause: Label | None
    reading: Reading | None
    families: Mapping[str, Label]
    services: Mapping[str, Service]

    def in_order(self, ids: Iterable[str]) -> tuple[Service, ...]:
        """Services by their ids, each once, in the printed order."""
        wanted = set(ids)
        return tuple(service for service in self.services.values() if service.id in wanted)

    def readings(self, services: Iterable[Service]) -> Iterator[Reading]:
        """The readings on which the fees of services rest; a fee of 0 rests on none."""
        fees = [service.fee for service in services if service.fee and service.fee.krw_per_month]
        yield from (fee.reading for fee in fees if fee.reading)
        if fees and self.reading:
            yield self.reading
