"""Which clause became what: clause → data → code → cases, as `docs/clauses.md`. `make clauses` writes it anew.

A clause is cited by the letter of its source and its place: `P1 §10.2`, `P2 appendix A, note 2`, `L Commercial Act 54`.
Where the data name no clause of a source that has none (FAQ, usage guide), the place is the block of the file that
cites it: `F company_age`.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from fee_service.settings import REPOSITORY

DOCUMENT = REPOSITORY / "docs" / "clauses.md"
TITLES = {
    "P1": "P1: general market-data agreement (일반 정보이용계약)",
    "P2": "P2: closing-price agreement (종가정보 이용계약)",
    "S": "S: start-up support plan (시장정보 스타트업 지원확대 방안)",
    "F": "F: FAQ of the Open API platform (API 사용절차), since 2018-12-11",
    "F0": "F0: the same FAQ before 2018-12-11",
    "U": "U: usage guide of the platform",
    "T": "T: table of services and fees",
    "L": "L: Korean law",
}
HEAD = """# Clauses

Clause → data → code → cases. Made by `make clauses` from the citations in `pricing_tables/`, in code and in tests;
not edited by hand. `tests/docs/test_clauses.py` fails where this page is stale, and where a clause that the data cite
has no case. Where a source has no numbered clauses, its place is the block of the file that cites it.
"""
Places = dict[str, list[str]]
MOST = 4  # places of one file that a row shows
# Blocks that half of the code reads: here the functions that cite a clause say more than those that read a field.
READ_EVERYWHERE = {
    "contracts",
    "conditions",
    "documents",
    "families",
    "fees",
    "licences",
    "months",
    "options",
    "services",
}
# Functions that read whole parts of the files: what stands under a place is read by them.
READ_BY = (
    ("price_lists/", "terms.", "fee_service/published/terms.py: terms_of"),
    ("price_lists/", "contracts.", "fee_service/rules/lines.py: lines_of"),
    ("price_lists/", "rules.", "fee_service/rules/lines.py: lines_of"),
    ("price_lists/", "fees.", "fee_service/rules/invoicing.py: invoices_of"),
    ("price_lists/", "proration", "fee_service/rules/rating.py: rate_months"),
    ("waiver_policies/", "months", "fee_service/rules/waivers.py: decide"),
    ("waiver_policies/", "fees", "fee_service/published/editions.py: WaiverPolicy"),
    ("waiver_policies/", "options", "fee_service/published/editions.py: WaiverPolicy"),
    ("waiver_policies/", "withdrawal", "fee_service/answers/published.py: waiver_policy"),
    ("apis.yaml", "", "fee_service/published/catalogue.py: Catalogue"),
    ("platform_services.yaml", "", "fee_service/rules/service_lines.py: service_lines"),
    ("company_sizes.yaml", "", "fee_service/published/company_sizes.py: CompanySizes"),
    ("contract_rules.yaml", "", "fee_service/published/contract_rules.py: ContractRules"),
    ("onboarding.yaml", "conditions", "fee_service/rules/eligibility.py: assess"),
    ("onboarding.yaml", "qualifications", "fee_service/rules/eligibility.py: assess"),
    ("onboarding.yaml", "", "fee_service/published/onboarding.py: plan"),
)
SIGN = re.compile(r"§[\d.]+(?:–[\d.]+)?(?:, ?§?[\d.]+(?:–[\d.]+)?)*")
SHORTER = {
    "note 2": "appendix A, note 2",
    "variable fee note 1": "appendix A, variable fees, note 1",
    "variable fees note 1": "appendix A, variable fees, note 1",
}
LAW = re.compile(r"(?:Civil|Commercial) Act \d+")


def clauses_in(text: str) -> set[str]:
    """The numbered clauses that a text cites: each for itself, of ranges and lists too."""
    found = {f"L {law}" for law in LAW.findall(text)}
    for source, place in re.findall(r"\b(P1|P2) (?=([^;:)\"`|]*))", text):
        signs = SIGN.match(place)
        if signs:
            found |= {f"{source} §{number}" for number in _numbers(signs[0])}
        elif place.startswith("appendix A"):
            note = re.match(r"appendix A(?:, variable fees)?(?:, note \d)?", place)
            found.add(f"{source} {note[0] if note else ''}")
        found |= {f"{source} {full}" for short, full in SHORTER.items() if place.replace(",", "").startswith(short)}
    return found


def _numbers(signs: str) -> Iterator[str]:
    for part in re.split(r", ?", signs.replace("§", "").rstrip(".")):
        first, _, last = part.partition("–")
        if not last:
            yield first.rstrip(".")
            continue
        article, _, start = first.rpartition(".")
        yield from (f"{article}.{number}" for number in range(int(start), int(last.rpartition(".")[2]) + 1))


@cache
def cited_in_data() -> Mapping[str, list[str]]:
    """Every clause that the published files cite, and the fields that cite it."""
    found: Places = defaultdict(list)
    for path in sorted((REPOSITORY / "pricing_tables").rglob("*.yaml")):
        name = str(path.relative_to(REPOSITORY))
        for source, clause, place in _sources(yaml.safe_load(path.read_text(encoding="utf-8")), ()):
            for each in _places(source, clause, place[0]):
                found[each].append(f"{name}: {'.'.join(place)}")
    return found


def _sources(node: Any, place: tuple[str, ...]) -> Iterator[tuple[str, str | None, tuple[str, ...]]]:
    if isinstance(node, dict):
        if isinstance(node.get("source"), str) and place:
            yield node["source"], (node.get("clause") or {}).get("en"), place
        for key, inner in node.items():
            yield from _sources(inner, (*place, str(key)))


def _places(source: str, clause: str | None, block: str) -> set[str]:
    """The clauses of a citation; a clause may name another source beside: `§10.2, P2 §6`."""
    return {f"{source} {block}"} if clause is None else clauses_in(clause) | clauses_in(f"{source} {clause}")


@cache
def cited_in_code() -> Mapping[str, list[str]]:
    """Every clause that code cites or whose block it reads, and the functions that do."""
    found: Places = defaultdict(list)
    for clause, places in cited_in_data().items():
        found[clause] = list(dict.fromkeys(filter(None, map(_reader_of, places))))
    for package in ("fee_service", "schemas"):
        for path in sorted((REPOSITORY / package).rglob("*.py")):
            for clause, function in _of_module(path, reads="/rules/" in str(path) or "/published/" in str(path)):
                if function not in found[clause]:
                    found[clause].append(function)
    return found


def _reader_of(place: str) -> str | None:
    """The function that reads what stands at a place of the files."""
    path, _, field = place.partition(": ")
    return next((by for file, part, by in READ_BY if file in path and field.startswith(part)), None)


def _of_module(path: Path, *, reads: bool) -> Iterator[tuple[str, str]]:
    text, name = path.read_text(encoding="utf-8"), path.relative_to(REPOSITORY)
    tree = ast.parse(text)
    definitions = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    for number, line in enumerate(text.splitlines(), start=1):
        within = [node.name for node in definitions if node.lineno <= number <= (node.end_lineno or 0)]
        place = f"{name}: {within[0]}" if within else f"{name}"
        yield from ((clause, place) for clause in _all_in(line))
    if reads:
        for node in definitions:
            if isinstance(node, ast.FunctionDef):
                yield from ((clause, f"{name}: {node.name}") for clause in _read_by(node))


def _read_by(function: ast.FunctionDef) -> Iterator[str]:
    """The blocks without a numbered clause that a function reads by their name."""
    names = {node.attr for node in ast.walk(function) if isinstance(node, ast.Attribute)}
    names |= {node.value for node in ast.walk(function) if isinstance(node, ast.Constant) and type(node.value) is str}
    for clause in cited_in_data():
        block = clause.partition(" ")[2]
        if block in names and block not in READ_EVERYWHERE:
            yield clause


def _all_in(text: str) -> set[str]:
    """The clauses of the data that a text cites, numbered or by block."""
    found = clauses_in(text)
    for clause in cited_in_data():
        if clause in text and re.search(rf"\b{re.escape(clause)}(?![\w.–])", text):  # the first is quick
            found.add(clause)
    return found


@cache
def cited_in_cases() -> Mapping[str, list[str]]:
    """Every clause that a golden case or a test cites, and which do."""
    found: Places = defaultdict(list)
    for path in sorted((REPOSITORY / "tests" / "cases").rglob("*.yaml")):
        for case in yaml.safe_load(path.read_text(encoding="utf-8")):
            for clause in sorted(_all_in("; ".join([case["case"], case["why"], *case.get("clause", ())]))):
                found[clause].append(f"{path.name}: {case['case']}")
    for path in sorted((REPOSITORY / "tests").rglob("test_*.py")):
        text, name = path.read_text(encoding="utf-8"), path.relative_to(REPOSITORY / "tests")
        if "docs" in name.parts:
            continue
        for clause in sorted({clause for line in text.splitlines() for clause in _all_in(line)}):
            found[clause].append(str(name))
    return found


def known() -> set[str]:
    """Every clause that data, code or cases cite."""
    return {*cited_in_data(), *cited_in_code(), *cited_in_cases()}


def order_of(clause: str) -> tuple[int, list[int], str]:
    """P1 before P2, §2 before §10."""
    source, _, place = clause.partition(" ")
    return (
        list(TITLES).index(source),
        [int(number) for number in re.findall(r"\d+", place)] if "§" in place else [999],
        place,
    )


def page() -> str:
    """The page as it should be."""
    parts = [HEAD]
    for source, title in TITLES.items():
        own = sorted((clause for clause in known() if clause.partition(" ")[0] == source), key=order_of)
        rows = [_row(clause) for clause in own]
        parts.append(
            "\n".join([f"## {title}\n", "| clause | data | code | cases |", "|---|---|---|---|", *rows]) + "\n"
        )
    return "\n".join(parts)


def _row(clause: str) -> str:
    data, code, cases = (_cell(cited().get(clause, ())) for cited in (cited_in_data, cited_in_code, cited_in_cases))
    return f"| {clause.partition(' ')[2]} | {data} | {code} | {cases} |"


def _cell(places: Iterable[str]) -> str:
    """The places of a column: each file once, with the first few of its places."""
    of_file: Places = defaultdict(list)
    for place in places:
        path, _, inside = place.partition(": ")
        of_file[path.removeprefix("pricing_tables/").removeprefix("fee_service/")].append(inside)
    return "<br>".join(_in_file(path, inside) for path, inside in of_file.items()) or "–"


def _in_file(path: str, inside: list[str]) -> str:
    named = [each.replace("|", "·") for each in inside if each]
    further = f" and {len(named) - MOST} more" if len(named) > MOST else ""
    return f"{path}: {'; '.join(named[:MOST])}{further}" if named else path


if __name__ == "__main__":
    DOCUMENT.write_text(page(), encoding="utf-8")
