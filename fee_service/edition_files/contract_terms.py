"""The terms of a price list: what strict fields cannot see of them, and their values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from fee_service.edition_files.checks import check_known
from fee_service.edition_files.faults import EditionFile
from fee_service.edition_files.parts import reading
from fee_service.edition_files.plain_yaml import Path
from fee_service.model import Label
from fee_service.money import percent
from fee_service.published.terms import Bearing, Term, TermClause

TERM_PLACEHOLDERS = frozenset(("late_interest",))  # what a term's text may take from its own price list


def check_terms(file: EditionFile) -> None:
    """Every term of a price list."""
    for name, content in file.data.get("terms", {}).items():
        _check_term(file, ("terms", name), content)


def _check_term(file: EditionFile, path: Path, content: Mapping[str, Any]) -> None:
    """Every contract and option that a term names is one of the list, and its text holds nothing that stays open."""
    contracts = file.data["contracts"]
    options = {option: None for contract in contracts.values() for option in contract.get("options", ())}
    for contract in content["clauses"]:
        check_known(file, (*path, "clauses", contract), [contract], contracts, "contracts")
    for number, wanted in enumerate(content.get("when", ())):
        check_known(file, (*path, "when", number, "options"), wanted.get("options", ()), options, "options")
    for language in ("ko", "en"):
        for found in re.findall(r"[{}][^{}]*[{}]?", content[language]):
            if found[1:-1] not in TERM_PLACEHOLDERS:
                hint = f"A text may hold {', '.join(f'{{{name}}}' for name in sorted(TERM_PLACEHOLDERS))}."
                file.fault((*path, language), f'has "{found}", which nothing fills', hint)


def term(file: EditionFile, name: str, content: Mapping[str, Any]) -> Term:
    """A term from its block; its text takes the rate of late interest from its own price list."""
    rate = percent(file.data["late_interest"]["rate"])
    return Term(
        id=name,
        text=Label(*(text.replace("{late_interest}", rate) for text in content["label"])),
        clauses=tuple(
            TermClause(contract, place["source"], place["clause"], reading(file, "terms", name, "clauses", contract))
            for contract, place in content["clauses"].items()
        ),
        when=tuple(_bearing(wanted) for wanted in content.get("when", ())),
    )


def _bearing(wanted: Mapping[str, Any]) -> Bearing:
    channels, options = (tuple(wanted[key]) if key in wanted else None for key in ("channels", "options"))
    flags = (wanted.get(key) for key in ("ids", "usage", "affiliates", "non_display_use", "withheld"))
    return Bearing(channels, options, *flags)
