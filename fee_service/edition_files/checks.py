"""What strict fields cannot see: editions that contradict themselves or one another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from fee_service.edition_files.faults import EditionFile
from fee_service.edition_files.plain_yaml import Path
from fee_service.prices import Cell
from fee_service.published.editions import in_force
from fee_service.published.services import SERVICE_FEE


def check_sources(file: EditionFile) -> None:
    """Every letter that is cited is explained in the file's own `sources`."""
    declared = file.data["sources"]
    for path, letter in _cited(file.data):
        if letter not in declared:
            hint = f"Explain {letter} there, or cite one of: {', '.join(declared)}."
            file.fault(path, f'cites "{letter}", which sources does not explain', hint)


def _cited(value: object, path: Path = ()) -> Iterator[tuple[Path, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "source":
                yield (*path, key), inner
            else:
                yield from _cited(inner, (*path, key))


# -- names and dates of editions -------------------------------------------------------------------------

_DATE_IN_ID = re.compile(r"-(\d{4}-\d{2}(?:-\d{2})?)(?:-r\d+)?$")


def check_name(file: EditionFile, *, dated: bool) -> None:
    """File name, id and first day say the same; `dated`: the id must name the day."""
    name, starts = file.data["id"], file.data["valid_from"].isoformat()
    if name != file.stem:
        hint = f"Name the file {name}.yaml, or correct the id."
        file.fault(("id",), f'"{name}" is not the name of the file', hint)
    written = _DATE_IN_ID.search(name)
    if written is None and dated:
        hint = f"End it with -{starts}, and a correction of such a list with -{starts}-r2."
        file.fault(("id",), f'"{name}" does not end with the first day in force', hint)
    if written is not None and not starts.startswith(written[1]):
        hint = "Correct the one that is wrong."
        file.fault(("id",), f'"{name}" names {written[1]}, but valid_from is {starts}', hint)


class _Span(NamedTuple):
    """What says when an edition holds."""

    id: str
    valid_from: date
    valid_to: date | None
    supersedes: str | None
    preferred_to: tuple[str, ...]
    file: EditionFile


def _span(file: EditionFile) -> _Span:
    data = file.data
    preferred_to = tuple(data.get("preferred_to", {}).get("value", ()))
    return _Span(data["id"], data["valid_from"], data.get("valid_to"), data.get("supersedes"), preferred_to, file)


def check_succession(files: Sequence[EditionFile]) -> None:
    """Each edition has its own id, and on no day are two of a kind in force of which none is preferred."""
    spans = sorted((_span(file) for file in files), key=lambda span: (span.valid_from, span.file.name))
    by_id: dict[str, _Span] = {}
    for span in spans:
        first = by_id.setdefault(span.id, span)
        if first is not span:
            hint = "Give this one an id of its own."
            span.file.fault(("id",), f'"{span.id}" is also the id of {first.file.name}', hint)
    successors: dict[str, _Span] = {}
    for span in spans:
        _check_superseded(span, by_id, successors)
        _check_preferred(span, by_id)
    if not any(span.file.faults for span in spans):
        _check_overlaps(spans)


def _check_superseded(span: _Span, by_id: Mapping[str, _Span], successors: dict[str, _Span]) -> None:
    if span.supersedes is None:
        return
    path: Path = ("supersedes",)
    earlier = by_id.get(span.supersedes)
    if earlier is None:
        hint = f"It is one of: {', '.join(sorted(by_id))}."
        span.file.fault(path, f'names "{span.supersedes}", which does not exist', hint)
        return
    first = successors.setdefault(span.supersedes, span)
    if first is not span:
        hint = "Only one can follow it: supersede the later one."
        span.file.fault(path, f"names {earlier.id}, which {first.id} supersedes too", hint)
    if earlier.valid_from > span.valid_from:
        hint = "An edition supersedes one that began on the same day or before."
        span.file.fault(path, f"names {earlier.id}, which begins later, on {earlier.valid_from}", hint)
    elif earlier.valid_from == span.valid_from and _leads_to(span, span.id, by_id):
        hint = "Only the later of two editions supersedes the other."
        span.file.fault(path, f"names {earlier.id}, which supersedes it in turn", hint)


def _check_preferred(span: _Span, by_id: Mapping[str, _Span]) -> None:
    """What an edition is preferred to exists, and no chain of preferences leads back to it."""
    for place, name in enumerate(span.preferred_to):
        path: Path = ("preferred_to", "value", place)
        if name not in by_id:
            span.file.fault(path, f'names "{name}", which does not exist', f"It is one of: {', '.join(sorted(by_id))}.")
        elif span.id == name or _is_preferred(by_id[name], span.id, by_id):
            span.file.fault(path, f"names {name}, which is preferred to it in turn", "Keep one of the two.")


def _is_preferred(span: _Span, name: str, by_id: Mapping[str, _Span], seen: frozenset[str] = frozenset()) -> bool:
    """Whether an edition is preferred to another, or to one that is."""
    return name in span.preferred_to or any(
        _is_preferred(by_id[other], name, by_id, seen | {span.id})
        for other in span.preferred_to
        if other in by_id and other not in seen
    )


def _leads_to(span: _Span, name: str, by_id: Mapping[str, _Span]) -> bool:
    """Whether following `supersedes` from an edition comes to the edition `name`."""
    seen: set[str] = set()
    earlier = span.supersedes
    while earlier is not None and earlier in by_id and earlier not in seen:
        seen.add(earlier)
        earlier = by_id[earlier].supersedes
    return name in seen


def _check_overlaps(spans: Sequence[_Span]) -> None:
    """Of two editions in force on one day, one is preferred to the other."""
    held = in_force(spans)
    for place, (period, edition) in enumerate(held):
        for before, earlier in held[:place]:
            if period.overlap(before).days and not _is_one_preferred(edition, earlier):
                message = f"begins while {earlier.id} is in force, and neither supersedes the other"
                or_beside = "name it in preferred_to, " if edition.file.name.startswith("waiver_policies/") else ""
                hint = f"Add supersedes: {earlier.id}, {or_beside}or a valid_to to that one."
                edition.file.fault(("valid_from",), message, hint)
                break


def _is_one_preferred(one: _Span, other: _Span) -> bool:
    return other.id in one.preferred_to or one.id in other.preferred_to


# -- one price list --------------------------------------------------------------------------------------


def check_price_list(file: EditionFile) -> None:
    """Every product has exactly the cells it asks for, and every name that is used is declared."""
    for name, contract in file.data["contracts"].items():
        path: Path = ("contracts", name)
        _check_names_of_contract(file, path, contract)
        for fee, table in contract["prices"].items():
            _check_table(file, (*path, "prices", fee), contract, fee, table)
    for kind, rules in file.data.get("rules", {}).items():
        for name, rule in rules.items():
            _check_rule(file, ("rules", kind, name), rule)


def check_known(file: EditionFile, path: Path, names: Sequence[str], known: Mapping[str, Any], where: str) -> None:
    """Faults every name that is not among those known in a place."""
    for name in names:
        if name not in known:
            hint = f"It is one of: {', '.join(known)}." if known else f"Add it to {where}."
            file.fault(path, f'names "{name}", which is not in {where}', hint)


def _check_names_of_contract(file: EditionFile, path: Path, contract: Mapping[str, Any]) -> None:
    options, fees = contract.get("options", {}), file.data["fees"]
    if bool(options) != bool(contract.get("default_options")):
        hint = "Where there are options, default_options says which of them a request gets."
        file.fault((*path, "default_options"), "does not go with options", hint)
    check_known(file, (*path, "default_options"), contract.get("default_options", ()), options, "options")
    check_known(file, (*path, "fees"), contract["fees"], fees, "fees")
    for product, terms in contract["products"].items():
        here = (*path, "products", product)
        check_known(file, (*here, "owner"), [terms["owner"]], file.data["owners"], "owners")
        check_known(file, (*here, "options"), terms.get("options", ()), options, "options")
        check_known(file, (*here, "fees"), terms.get("fees", ()), fees, "fees")
    for fee in {fee: None for terms in contract["products"].values() for fee in fees_of(contract, terms)}:
        if fee in fees and fee not in contract["prices"]:
            hint = f"Add the table {fee}, or take the fee from the products' fees."
            file.fault((*path, "prices", fee), "is missing, but products have this fee", hint)
    for fee in contract["prices"]:
        check_known(file, (*path, "prices", fee), [fee], fees, "fees")


def fees_of(contract: Mapping[str, Any], product: Mapping[str, Any]) -> list[str]:
    """The fees of a product; the first is its monthly price."""
    fees: list[str] = product.get("fees", contract["fees"])
    return fees


def options_of(contract: Mapping[str, Any], product: Mapping[str, Any]) -> list[str]:
    """The options that a product is offered with."""
    options: list[str] = product.get("options", list(contract.get("options", {})))
    return options


def columns_of(contract: Mapping[str, Any], table: Mapping[str, Any], product: Mapping[str, Any]) -> list[str]:
    """The columns in which a table has a cell for a product; none where the row is one cell."""
    if "by" in table:
        return options_of(contract, product)
    return list(table.get("columns", ()))


def _check_table(
    file: EditionFile, path: Path, contract: Mapping[str, Any], fee: str, table: Mapping[str, Any]
) -> None:
    if "by" in table and not contract.get("options"):
        file.fault((*path, "by"), "asks for options, but the contract has none", "Remove by, or add options.")
        return
    products, cells = contract["products"], table["cells"]
    for product, terms in products.items():
        if fee in fees_of(contract, terms):
            _check_row(file, (*path, "cells", product), columns_of(contract, table, terms), cells.get(product))
    for product in cells:
        if product not in products:
            hint = "Correct the name, or add the product to products."
            file.fault((*path, "cells", product), "is not a product of this contract", hint)
        elif fee not in fees_of(contract, products[product]):
            hint = f"Remove the row, or add {fee} to the fees of {product}."
            file.fault((*path, "cells", product), "is a row that no product asks for", hint)


_CELL_HINT = "Write an amount, or one of withheld, not_applicable, none."


def _check_row(file: EditionFile, path: Path, columns: Sequence[str], row: Cell | Mapping[str, Cell] | None) -> None:
    if row is None:
        file.fault(path, "is missing: the product has this fee", _CELL_HINT)
        return
    if isinstance(row, Cell):
        if columns:
            file.fault(path, "is one cell, but the table has columns", f"Write {{{columns[0]}: …}}.")
        return
    if not columns:
        file.fault(path, "has columns, but the table has none", _CELL_HINT)
        return
    for column in columns:
        if column not in row:
            file.fault((*path, column), "is missing: the product has this column", _CELL_HINT)
    for column in row:
        if column not in columns:
            hint = f"Remove the cell; the product has {', '.join(columns)}."
            file.fault((*path, column), "is a cell that the product does not ask for", hint)


def _check_rule(file: EditionFile, path: Path, rule: Mapping[str, Any]) -> None:
    contracts = file.data["contracts"]
    for key in ("contract", "beside"):
        check_known(file, (*path, key), [rule[key]] if key in rule else (), contracts, "contracts")
        products = contracts.get(rule.get(key), {}).get("products")
        if products is not None:
            check_known(file, (*path, "products"), rule.get("products", ()), products, f"the products of {rule[key]}")
    products = contracts.get(rule["contract"], {}).get("products")
    for key in ("product", "by") if products is not None else ():
        check_known(file, (*path, key), [rule[key]] if key in rule else (), products, "the contract's products")
    check_known(file, (*path, "fee"), [rule["fee"]] if "fee" in rule else (), file.data["fees"], "fees")
    check_known(file, (*path, "fees"), rule.get("fees", ()), file.data["fees"], "fees")


# -- files that name one another -------------------------------------------------------------------------


def check_policy(policy: EditionFile, lists: Sequence[EditionFile]) -> None:
    """A policy waives fees and options that a price list has."""
    fees = {fee: None for file in lists for fee in file.data["fees"]}
    options = {
        option: None
        for file in lists
        for contract in file.data["contracts"].values()
        for option in contract.get("options", ())
    }
    fees[SERVICE_FEE] = None
    check_known(policy, ("fees", "value"), policy.data["fees"]["value"], fees, "the fees of any price list")
    named = policy.data.get("options", {}).get("value", ())
    check_known(policy, ("options", "value"), named, options, "the options of any price list")


def check_documents(onboarding: EditionFile, policies: Sequence[EditionFile]) -> None:
    """A document that only some policies ask for names policies that exist."""
    known = {file.data["id"]: None for file in policies}
    for name, document in onboarding.data["documents"].items():
        path: Path = ("documents", name, "policies")
        check_known(onboarding, path, document.get("policies", ()), known, "waiver_policies")
