"""Makes price lists and waiver policies from the files that `edition_files` has read and checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from fee_service.edition_files.checks import columns_of, fees_of, options_of
from fee_service.edition_files.contract_terms import term
from fee_service.edition_files.faults import EditionFile
from fee_service.edition_files.parts import cited, reading, readings, sources
from fee_service.model import Label, PartlyWaived, Reading
from fee_service.money import Rounding
from fee_service.prices import Cell
from fee_service.published.editions import (
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
    UnitRule,
    WaiverPolicy,
)

# -- price lists -----------------------------------------------------------------------------------------


def price_list(file: EditionFile) -> PriceList:
    """A price list from its file, KRW without VAT."""
    data = file.data
    vat, late, rules = data["vat"], data["late_interest"], data.get("rules", {})
    return PriceList(
        id=data["id"],
        sha256=file.sha256,
        valid_from=data["valid_from"],
        valid_from_for_running_contracts=data.get("valid_from_for_running_contracts", data["valid_from"]),
        valid_to=data.get("valid_to"),
        published_on=data["published_on"],
        supersedes=data.get("supersedes"),
        title=data["title"],
        sources=sources(data),
        owners=data["owners"],
        rounding=Rounding(data["rounding"]["mode"]),
        vat=Rate(vat["rate"], Rounding(vat["rounding"]), vat["source"], reading(file, "vat")),
        late_interest=LateInterest(late["rate"], late["days_in_year"], late["source"], reading(file, "late_interest")),
        renewal=data["renewal"]["label"],
        list_change=reading(file, "proration"),
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
        terms=tuple(term(file, name, each) for name, each in data.get("terms", {}).items()),
        call_limit=_call_limit(data.get("call_limit")),
        cited=cited(data),
        readings=readings(file, ("rounding", "renewal", "call_limit")),
    )


def _fee(file: EditionFile, name: str, fee: Mapping[str, Any]) -> FeeRule:
    return FeeRule(
        fee=name,
        label=fee["label"],
        billed=Billed(fee["billed"]),
        months_after=fee.get("months_after", 0),
        source=fee["source"],
        clause=fee.get("clause"),
        reading=reading(file, "fees", name),
    )


def _unit_rules(file: EditionFile) -> Iterator[tuple[str, UnitRule]]:
    for unit, rule in file.data["proration"]["units"].items():
        read = reading(file, "proration", "units", unit)
        yield unit, UnitRule(unit, rule["prorated"], rule["source"], rule.get("clause"), read)


def _first_invoice(file: EditionFile) -> FirstInvoice:
    first = file.data["first_invoice"]
    return FirstInvoice(FirstInvoiceDay(first["day"]), first["source"], reading(file, "first_invoice"))


def _table_reading(file: EditionFile, contract: str, fee: str) -> Reading | None:
    return reading(file, "contracts", contract, "prices", fee)


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
        reading=reading(file, "contracts", name),
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
    """The unit of each column: its own where columns are named, else that of the table."""
    for name, fee, table in _tables(contracts):
        for column, terms in table.get("columns", {}).items():
            yield (name, fee, column), terms["unit"]
        for unnamed in _columns_without_terms(contracts[name], table):
            yield (name, fee, unnamed), table["unit"]


def _columns_without_terms(contract: Mapping[str, Any], table: Mapping[str, Any]) -> Iterable[str | None]:
    """The options where a table is by option; the one column without a name where it has none."""
    if "by" in table:
        return cast(Iterable[str], contract["options"])
    return () if table.get("columns") else (None,)


def _columns(contracts: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str, str | None], Label]]:
    """The label of each column that has a name."""
    for name, fee, table in _tables(contracts):
        for column, terms in table.get("columns", {}).items():
            yield (name, fee, column), terms["label"]
        if "by" in table:
            for option, label in contracts[name]["options"].items():
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
        reading=reading(file, "rules", "ids_covered", name),
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
        reading=reading(file, "rules", "free_beside", name),
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
        sources=sources(data),
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
        cited=cited(data),
        readings=readings(file, POLICY_BLOCKS),
        summary=data["summary"],
    )


def _optional(data: Mapping[str, Any], block: str) -> tuple[str, ...] | None:
    return tuple(data[block]["value"]) if block in data else None


def _age(block: Mapping[str, Any]) -> AgeLimit:
    value = block["value"]
    return AgeLimit(value["years"], value["limit"] == "under", value["ends_waiver"], block["source"])
