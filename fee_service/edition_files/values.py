"""Makes the values of the core from the files that `edition_files` has read and checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from fee_service.catalogue import Api, ApiStatus, Catalogue, LicenceKey
from fee_service.company_sizes import CompanySizes, GracePeriod, SalesCeiling
from fee_service.edition_files.checks import columns_of, fees_of, options_of
from fee_service.edition_files.faults import EditionFile, dotted
from fee_service.editions import (
    AgeLimit,
    Billed,
    CellKey,
    ContractTerms,
    FeeRule,
    FirstInvoice,
    FirstInvoiceDay,
    FreeBeside,
    IdsCovered,
    LateInterest,
    PackageLimit,
    PriceList,
    Product,
    Rate,
    Source,
    UnitRule,
    WaiverPolicy,
)
from fee_service.model import Label, PartlyWaived, Reading
from fee_service.money import Rounding
from fee_service.onboarding import Check, ClosedTo, Contact, Document, GoingLive, Ground, Onboarding, Step
from fee_service.prices import Cell
from fee_service.services import DataKind, Owed, PublishedFee, Service, ServiceTable

# -- parts -----------------------------------------------------------------------------------------------


def _reading(file: EditionFile, *path: str) -> Reading | None:
    """How the block at `path` is read, under a name of its own: `market-data-2018-07-01/fees.usage_fee`."""
    block: Any = file.data
    for part in path:
        block = block.get(part, {})
    text = block.get("reading")
    return Reading(f"{file.stem}/{dotted(path)}", text, block["source"]) if text else None


def _readings(file: EditionFile, blocks: Iterable[str]) -> tuple[Reading, ...]:
    return tuple(reading for block in blocks if (reading := _reading(file, block)))


def _cited(content: Mapping[str, Any]) -> dict[str, str]:
    """The source of each block."""
    return {name: block["source"] for name, block in content.items() if isinstance(block, dict) and "source" in block}


def _sources(content: Mapping[str, Any]) -> dict[str, Source]:
    return {
        letter: Source(letter, source["label"], source.get("published_on"))
        for letter, source in content["sources"].items()
    }


# -- price lists -----------------------------------------------------------------------------------------


def price_list(file: EditionFile) -> PriceList:
    """A price list from its file, KRW without VAT."""
    data = file.data
    vat, late, rules = data["vat"], data["late_interest"], data.get("rules", {})
    return PriceList(
        id=data["id"],
        sha256=file.sha256,
        valid_from=data["valid_from"],
        valid_to=data.get("valid_to"),
        published_on=data["published_on"],
        supersedes=data.get("supersedes"),
        title=data["title"],
        sources=_sources(data),
        owners=data["owners"],
        rounding=Rounding(data["rounding"]["mode"]),
        vat=Rate(vat["rate"], Rounding(vat["rounding"]), vat["source"], _reading(file, "vat")),
        late_interest=LateInterest(late["rate"], late["days_in_year"], late["source"], _reading(file, "late_interest")),
        renewal=data["renewal"]["label"],
        list_change=_reading(file, "proration"),
        proration=dict(_unit_rules(file)),
        first_invoice=_first_invoice(file),
        fees={name: _fee(file, name, fee) for name, fee in data["fees"].items()},
        contracts={name: _contract(file, name, terms) for name, terms in data["contracts"].items()},
        cells=dict(_cells(data["contracts"])),
        cell_sources={(name, fee): table["source"] for name, fee, table in _tables(data["contracts"])},
        cell_clauses={(name, fee): table.get("clause") for name, fee, table in _tables(data["contracts"])},
        cell_readings={(name, fee): _table_reading(file, name, fee) for name, fee, _ in _tables(data["contracts"])},
        units=dict(_units(data["contracts"])),
        columns=dict(_columns(data["contracts"])),
        ids_covered=tuple(_ids_covered(file, name, rule) for name, rule in rules.get("ids_covered", {}).items()),
        free_beside=tuple(_free_beside(file, name, rule) for name, rule in rules.get("free_beside", {}).items()),
        call_limit=_call_limit(data.get("call_limit")),
        cited=_cited(data),
        readings=_readings(file, ("rounding", "renewal", "call_limit")),
    )


def _fee(file: EditionFile, name: str, fee: Mapping[str, Any]) -> FeeRule:
    return FeeRule(
        fee=name,
        label=fee["label"],
        billed=Billed(fee["billed"]),
        months_after=fee.get("months_after", 0),
        source=fee["source"],
        clause=fee.get("clause"),
        reading=_reading(file, "fees", name),
    )


def _unit_rules(file: EditionFile) -> Iterator[tuple[str, UnitRule]]:
    for unit, rule in file.data["proration"]["units"].items():
        reading = _reading(file, "proration", "units", unit)
        yield unit, UnitRule(unit, rule["prorated"], rule["source"], rule.get("clause"), reading)


def _first_invoice(file: EditionFile) -> FirstInvoice:
    first = file.data["first_invoice"]
    return FirstInvoice(FirstInvoiceDay(first["day"]), first["source"], _reading(file, "first_invoice"))


def _table_reading(file: EditionFile, contract: str, fee: str) -> Reading | None:
    return _reading(file, "contracts", contract, "prices", fee)


def _contract(file: EditionFile, name: str, contract: Mapping[str, Any]) -> ContractTerms:
    products = {
        product: Product(
            id=product,
            label=terms["label"],
            owner=terms["owner"],
            fee=fees_of(contract, terms)[0],
            options=tuple(options_of(contract, terms)),
        )
        for product, terms in contract["products"].items()
    }
    return ContractTerms(
        id=name,
        label=contract["label"],
        options=contract.get("options", {}),
        default_options=tuple(contract.get("default_options", ())),
        products=products,
        reading=_reading(file, "contracts", name),
    )


def _tables(contracts: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for name, contract in contracts.items():
        for fee, table in contract["prices"].items():
            yield name, fee, table


def _cells(contracts: Mapping[str, Any]) -> Iterator[tuple[CellKey, Cell]]:
    for name, fee, table in _tables(contracts):
        for product, row in table["cells"].items():
            if isinstance(row, Cell):
                yield CellKey(name, fee, product, None), row
                continue
            for column in columns_of(contracts[name], table, contracts[name]["products"][product]):
                yield CellKey(name, fee, product, column), row[column]


def _units(contracts: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str, str | None], str]]:
    for name, fee, table in _tables(contracts):
        columns = table.get("columns", {})
        for column, terms in columns.items():
            yield (name, fee, column), terms["unit"]
        options = contracts[name]["options"] if "by" in table else (() if columns else (None,))
        for option in options:
            yield (name, fee, option), table["unit"]


def _columns(contracts: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str, str | None], Label]]:
    for name, fee, table in _tables(contracts):
        for column, terms in table.get("columns", {}).items():
            yield (name, fee, column), terms["label"]
        for option, label in contracts[name]["options"].items() if "by" in table else ():
            yield (name, fee, option), label


def _ids_covered(file: EditionFile, name: str, rule: Mapping[str, Any]) -> IdsCovered:
    return IdsCovered(
        rule=name,
        contract=rule["contract"],
        product=rule["product"],
        by=rule["by"],
        fee=rule["fee"],
        text=rule["label"],
        source=rule["source"],
        clause=rule.get("clause"),
        reading=_reading(file, "rules", "ids_covered", name),
    )


def _free_beside(file: EditionFile, name: str, rule: Mapping[str, Any]) -> FreeBeside:
    return FreeBeside(
        rule=name,
        contract=rule["contract"],
        products=tuple(rule["products"]),
        beside=rule["beside"],
        fees=tuple(rule["fees"]),
        text=rule["label"],
        source=rule["source"],
        clause=rule.get("clause"),
        reading=_reading(file, "rules", "free_beside", name),
    )


def _call_limit(limit: Mapping[str, Any] | None) -> PackageLimit | None:
    return PackageLimit(limit["calls_per_day"], limit["source"]) if limit else None


# -- waiver policies -------------------------------------------------------------------------------------

POLICY_BLOCKS = (
    "channels",
    "qualifications",
    "company_age",
    "months",
    "fees",
    "options",
    "preferred_to",
    "partial_month",
    "partial_month_undivided",
    "prior_use",
    "test_months",
    "personal_ids_at_most",
    "withdrawal",
)


def waiver_policy(file: EditionFile) -> WaiverPolicy:
    """A waiver policy from its file."""
    data = file.data
    return WaiverPolicy(
        id=data["id"],
        sha256=file.sha256,
        valid_from=data["valid_from"],
        valid_to=data.get("valid_to"),
        supersedes=data.get("supersedes"),
        label=data["label"],
        sources=_sources(data),
        months=data["months"]["value"],
        fees=tuple(data["fees"]["value"]),
        options=_optional(data, "options"),
        channels=tuple(data["channels"]["value"]),
        age=_age(data["company_age"]),
        qualifications=_optional(data, "qualifications"),
        personal_ids_at_most=data.get("personal_ids_at_most", {}).get("value"),
        test_months=data["test_months"]["value"],
        partial_month=PartlyWaived(data["partial_month"]["value"]),
        partial_month_undivided=PartlyWaived(data.get("partial_month_undivided", data["partial_month"])["value"]),
        preferred_to=_optional(data, "preferred_to") or (),
        withdrawal_grounds=tuple(data.get("withdrawal", {}).get("grounds", ())),
        cited=_cited(data),
        readings=_readings(file, POLICY_BLOCKS),
        summary=data["summary"],
    )


def _optional(data: Mapping[str, Any], block: str) -> tuple[str, ...] | None:
    return tuple(data[block]["value"]) if block in data else None


def _age(block: Mapping[str, Any]) -> AgeLimit:
    value = block["value"]
    return AgeLimit(value["years"], value["limit"] == "under", value["ends_waiver"], block["source"])


# -- apis.yaml and platform_services.yaml ----------------------------------------------------------------


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
    reading = _reading(file, *path)
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
        readings=(reading,) if reading else (),
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
        reading=_reading(file, "service_fee"),
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
        reading=_reading(file, "fees", name),
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


# -- company_sizes.yaml and onboarding.yaml --------------------------------------------------------------


def company_sizes(file: EditionFile) -> CompanySizes:
    """The limits of an SME from company_sizes.yaml."""
    data = file.data
    industries = data["average_sales"]["industries"]
    return CompanySizes(
        ceilings={
            code: tuple(SalesCeiling(day, amount) for day, amount in industry["sales"])
            for code, industry in industries.items()
        },
        industries={code: industry["label"] for code, industry in industries.items()},
        assets_below=data["total_assets"]["below"],
        grace=tuple(GracePeriod(day, years) for day, years in data["grace"]["years"]),
        sources=_cited(data),
        readings=_readings(file, ("average_sales", "total_assets", "business_group", "large_holder", "grace")),
    )


def onboarding(file: EditionFile) -> Onboarding:
    """What to hand in and go through, from onboarding.yaml."""
    data = file.data
    security, live = data["security_check"], data["going_live"]
    return Onboarding(
        documents=tuple(_document(name, terms) for name, terms in data["documents"].items()),
        steps=tuple(_step(name, terms) for name, terms in data["steps"].items()),
        security_step=_step("security_check", security),
        checks=tuple(
            Check(name, terms["label"], terms["source"], terms.get("only_with_transaction_data", False))
            for name, terms in data["checks"].items()
        ),
        going_live=GoingLive(
            live["label"], live["source"], tuple(_document(name, terms) for name, terms in live["documents"].items())
        ),
        lead_time=data["lead_time"]["with_transaction_data"],
        lead_time_without_transactions=data["lead_time"]["without_transaction_data"],
        least_lead_months=data["lead_time"]["least_months_with_transaction_data"],
        contacts=tuple(_contact(name, terms) for name, terms in data["contacts"].items()),
        grounds={
            name: Ground(name, terms["label"], terms.get("last_day"), terms["source"])
            for name, terms in data["qualifications"].items()
        },
        exclusions={
            name: ClosedTo(name, terms["label"], terms.get("law"), terms["source"])
            for name, terms in data["exclusions"].items()
        },
        sources=_cited(data["conditions"]) | _cited(data),
    )


def _document(name: str, terms: Mapping[str, Any]) -> Document:
    policies = tuple(terms["policies"]) if "policies" in terms else None
    return Document(name, terms["label"], terms["source"], policies, terms.get("last_printed_on"))


def _step(name: str, terms: Mapping[str, Any]) -> Step:
    return Step(name, terms["label"], terms["source"])


def _contact(name: str, terms: Mapping[str, Any]) -> Contact:
    return Contact(name, terms["label"], terms["purpose"], terms.get("email"), terms.get("phone"), terms["source"])
