"""Makes the catalogue and the table of services from apis.yaml and platform_services.yaml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fee_service.edition_files.faults import EditionFile
from fee_service.edition_files.parts import reading
from fee_service.model import Label, Reading
from fee_service.published.catalogue import Api, ApiStatus, Catalogue, LicenceKey
from fee_service.published.services import DataKind, Owed, PublishedFee, Service, ServiceTable


def catalogue(apis: EditionFile, services: EditionFile) -> Catalogue:
    """Everything that may be asked for: licences, endpoints and families, then the services of the platform."""
    table = service_table(services)
    return Catalogue((*_apis(apis, table), *_services(services, table)), tuple(apis.data.get("hosts", ())))


def _apis(file: EditionFile, table: ServiceTable) -> Iterator[Api]:
    """Each licence with its endpoints behind it, then the families."""
    licences = file.data["licences"]
    for name, terms in licences.items():
        licence = _asked_for(name, "licence", terms, file, ("licences", name))
        yield licence
        for endpoint, described in terms.get("endpoints", {}).items():
            needed = licences.get(described.get("also_needs"), {})
            own = described.get("reading")
            id_ = f"{file.stem}/licences.{name}.endpoints.{endpoint}"
            yield licence._replace(
                id=endpoint,
                kind="endpoint",
                label=described["label"],
                names=_names(described),
                uris=(described["uri"], *described.get("also_at", ())),
                on_request=needed.get("text"),
                readings=(*licence.readings, *((Reading(id_, own, terms["source"]),) if own else ())),
            )
    for name, terms in file.data.get("families", {}).items():
        family = _asked_for(name, "family", terms, file, ("families", name))
        yield _with_fees_of(family, table.in_order(terms.get("services", ())))


def _asked_for(name: str, kind: str, terms: Mapping[str, Any], file: EditionFile, path: tuple[str, ...]) -> Api:
    read = reading(file, *path)
    return Api(
        id=name,
        kind=kind,
        label=terms["label"],
        names=_names(terms),
        uris=tuple(terms.get("also_at", ())),
        licence=terms["ko"] if kind == "licence" else None,
        status=ApiStatus(terms["status"]),
        covered_by=tuple(LicenceKey(*key.split(":")) for key in terms.get("covered_by", ())),
        on_request=None,
        text=terms.get("text"),
        withdrawn_on=terms.get("withdrawn_on"),
        members=tuple(terms.get("members", ())),
        transaction_data=terms.get("transaction_data", False),
        source=terms["source"],
        readings=(read,) if read else (),
        paths_below=terms.get("paths_below"),
    )


def _names(terms: Mapping[str, Any]) -> tuple[str, ...]:
    return (terms["ko"], terms["en"], *terms.get("also_called", ()))


def _with_fees_of(api: Api, services: Sequence[Service]) -> Api:
    """An API that stands for services: it owes their fees, from and to the days of all of them."""
    if not services:
        return api
    ends = [service.withdrawn_on for service in services if service.withdrawn_on is not None]
    return api._replace(
        services=tuple(service.id for service in services),
        priced_from=max(service.first_seen for service in services),
        withdrawn_on=min(ends) if ends else None,
        transaction_data=any(service.data is DataKind.FINANCIAL_TRANSACTION for service in services),
    )


def _services(file: EditionFile, table: ServiceTable) -> Iterator[Api]:
    """Every service, then every family of them: priced where all of its services are, else to be named exactly."""
    found = {name: _service_api(name, terms, table) for name, terms in file.data["services"].items()}
    yield from found.values()
    for name, terms in file.data["families"].items():
        own = [found[service.id] for service in table.services.values() if service.family == name]
        priced = all(api.status is ApiStatus.PRICED for api in own)
        named = dict.fromkeys(member for api in own for member in (api.members or (api.id,)))
        family = found[own[0].id]._replace(
            id=f"{name}-services",
            kind="family",
            label=terms["label"],
            names=(*_names(terms), name),
            status=ApiStatus.PRICED if priced else ApiStatus.TOO_BROAD,
            members=() if priced else tuple(named),
            text=None if priced else SEVERAL_SERVICES,
            transaction_data=any(api.transaction_data for api in own),
            services=(),
            withdrawn_on=None,
            priced_from=None,
        )
        yield _with_fees_of(family, table.in_order(api.id for api in own) if priced else ())


SEVERAL_SERVICES = Label(
    "여러 서비스를 묶은 이름이므로 필요한 서비스를 하나씩 지정해 주십시오.",
    "This family holds several services; please name each that you need.",
)


def _service_api(name: str, terms: Mapping[str, Any], table: ServiceTable) -> Api:
    service = table.services[name]
    status = ApiStatus.PRICED if "fee" in terms else ApiStatus.ON_REQUEST
    api = Api(
        id=name,
        kind="service",
        label=service.label,
        names=_names(terms),
        uris=(),
        licence=None,
        status=ApiStatus.TOO_BROAD if "members" in terms else status,
        covered_by=(),
        on_request=None,
        text=terms.get("text"),
        withdrawn_on=service.withdrawn_on,
        members=tuple(terms.get("members", ())),
        transaction_data=service.data is DataKind.FINANCIAL_TRANSACTION,
        source=service.source,
        readings=(),
    )
    return _with_fees_of(api, (service,) if service.fee else ())


def service_table(file: EditionFile) -> ServiceTable:
    """The services of the platform with their fees, KRW a month without VAT."""
    data, billing = file.data, file.data["service_fee"]
    fees = {name: _published_fee(file, name, fee) for name, fee in data["fees"].items()}
    return ServiceTable(
        id=data["id"],
        label=billing["label"],
        prorated=billing["prorated"],
        source=billing["source"],
        clause=billing.get("clause"),
        reading=reading(file, "service_fee"),
        families={name: family["label"] for name, family in data["families"].items()},
        services={name: _service(name, terms, fees) for name, terms in data["services"].items()},
    )


def _published_fee(file: EditionFile, name: str, fee: Mapping[str, Any]) -> PublishedFee:
    return PublishedFee(
        id=name,
        label=fee["label"],
        krw_per_month=fee["krw_per_month"],
        owed=Owed(fee["owed"]),
        shared=fee.get("shared"),
        source=fee["source"],
        clause=fee.get("clause"),
        reading=reading(file, "fees", name),
    )


def _service(name: str, terms: Mapping[str, Any], fees: Mapping[str, PublishedFee]) -> Service:
    return Service(
        id=name,
        family=terms["family"],
        label=terms["label"],
        who=terms["who"],
        fee=fees[terms["fee"]] if "fee" in terms else None,
        calls_per_day=terms.get("calls_per_day"),
        provider=terms["provider"],
        data=DataKind(terms["data"]),
        first_seen=terms["first_seen"],
        last_offered=terms.get("last_offered"),
        source=terms["source"],
    )
