"""What editions say twice of a fee is said alike: its unit, how it is billed, counted, priced, divided and waived."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fee_service.edition_files.faults import EditionFile
from fee_service.edition_files.plain_yaml import Path
from fee_service.prices import Cell, Package

# What the service counts by itself: the columns of the usage fee, and fees with a quantity of their own.
UNIT_OF_USAGE = {"standard": "id_month", "personal": "id_month", "query": "query"}
UNIT_OF_FEE = {"additional_reception": "set_month", "api_call_fee": "call_month"}


def check_units(file: EditionFile) -> None:
    """The units of a price list agree with how its fees are billed, counted, priced and divided by days."""
    if file.data["proration"]["units"].get("once", {}).get("prorated"):
        path: Path = ("proration", "units", "once", "prorated")
        file.fault(path, "divides by days what is charged once", "Write prorated: false.")
    for name, contract in file.data["contracts"].items():
        for fee, table in contract["prices"].items():
            path = ("contracts", name, "prices", fee)
            for where, unit in _units(path, table):
                _check_billing(file, where, fee, unit)
                _check_counting(file, where, fee, unit)
            _check_forms(file, path, table)
    _check_rules(file)


def _units(path: Path, table: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """The units of a table, each with its place."""
    if "unit" in table:
        yield (*path, "unit"), table["unit"]
    for name, column in table.get("columns", {}).items():
        yield (*path, "columns", name, "unit"), column["unit"]


def _check_billing(file: EditionFile, path: Path, fee: str, unit: str) -> None:
    """A fee that is charged once is billed once, and every unit says whether it is divided by days."""
    billed = file.data["fees"].get(fee, {}).get("billed")
    if billed is not None and (billed == "once") != (unit == "once"):
        hint = f"Write {'unit: once' if billed == 'once' else 'billed: once'}, or correct the other of the two."
        file.fault(path, f"is {unit}, but fees.{fee} is billed {billed}", hint)
    if unit not in file.data["proration"]["units"]:
        hint = f"Say there whether a fee that is counted by {unit} is divided by days."
        file.fault(path, f"is {unit}, which proration.units does not hold", hint)


def _check_counting(file: EditionFile, path: Path, fee: str, unit: str) -> None:
    """What the service counts has the unit that it counts."""
    counted = UNIT_OF_USAGE.get(str(path[-2])) if fee == "usage_fee" else UNIT_OF_FEE.get(fee)
    if counted is not None and unit not in (counted, "once"):
        file.fault(path, f"is {unit}, but this fee is counted by {counted}", f"Write unit: {counted}.")


def _check_forms(file: EditionFile, path: Path, table: Mapping[str, Any]) -> None:
    """A package of calls is a package; what is counted once a month, or once at all, is none."""
    columns = table.get("columns", {})
    for product, row in table["cells"].items():
        for column, cell in row.items() if isinstance(row, dict) else ((None, row),):
            where = (*path, "cells", product, *((column,) if column else ()))
            _check_form(file, where, columns.get(column, table).get("unit"), cell)


def _check_form(file: EditionFile, path: Path, unit: str | None, cell: Cell) -> None:
    packed = isinstance(cell.price, Package)
    if unit == "call_month" and cell.price is not None and not packed:
        hint = "Write {package: {size: …, price: …, at_least: …}}."
        file.fault(path, "is no package, but its unit is a package of calls", hint)
    if unit in ("month", "once") and packed:
        file.fault(path, f"is a package, but its unit is {unit}, of which there is one", "Write the amount.")


def _check_rules(file: EditionFile) -> None:
    """IDs are covered in a fee counted by ID, by another product; a product is free beside another contract."""
    rules, contracts = file.data.get("rules", {}), file.data["contracts"]
    for name, rule in rules.get("ids_covered", {}).items():
        path: Path = ("rules", "ids_covered", name)
        table = contracts.get(rule["contract"], {}).get("prices", {}).get(rule["fee"])
        if table is not None and "id_month" not in (unit for _, unit in _units((), table)):
            file.fault((*path, "fee"), f"names {rule['fee']}, which is not counted by ID", "Name a fee with IDs.")
        if rule["product"] == rule["by"]:
            file.fault((*path, "by"), f"is {rule['by']}, the product itself", "Name the product whose IDs cover it.")
    for name, rule in rules.get("free_beside", {}).items():
        if rule["contract"] == rule["beside"]:
            path = ("rules", "free_beside", name, "beside")
            file.fault(path, f"is {rule['beside']}, the contract itself", "Name the contract beside which it is free.")


def check_partial_months(policy: EditionFile, lists: Sequence[EditionFile]) -> None:
    """A policy that waives fees that are not divided by days says what of them a month waived in part waives."""
    waived = policy.data["fees"]["value"]
    undivided = [fee for fee in waived if any(_is_undivided(file, fee) for file in lists)]
    if undivided and "partial_month_undivided" not in policy.data:
        what = f"is missing, but the policy waives fees that are not divided by days: {', '.join(undivided)}"
        hint = "Say what of them is waived in a month that is waived in part."
        policy.fault(("partial_month_undivided",), what, hint)


def _is_undivided(price_list: EditionFile, fee: str) -> bool:
    """Whether a price list counts any part of a fee by a unit that is not divided by days."""
    rules = price_list.data["proration"]["units"]
    tables = (contract["prices"].get(fee, {}) for contract in price_list.data["contracts"].values())
    units = [unit for table in tables for _, unit in _units((), table)]
    return any(not rules[unit]["prorated"] for unit in units if unit in rules)
