"""Mutants of a module: its source with one small change each, made by mutmut's operators."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import libcst as cst
from mutmut.mutation.mutators import mutation_operators

ROOT = Path(__file__).parent.parent.parent
NOT_CHANGED = (cst.Annotation, cst.Decorator, cst.Import, cst.ImportFrom)  # they decide no figure and no word
CALLED_BY_TYPES_ALONE = ("TypeVar", "cast")


class Change(NamedTuple):
    """What a mutant changes: the function, and its lines before and after. The name of a mutant, whatever its line."""

    module: str
    function: str
    before: str
    after: str


class Mutant(NamedTuple):
    change: Change
    source: str


class _Place(NamedTuple):
    function: str
    node: cst.CSTNode
    mutated: cst.CSTNode


class _Collector(cst.CSTVisitor):
    """Every place of a module that an operator can change, with the function that it is in."""

    def __init__(self) -> None:
        self.places: list[_Place] = []
        self._inside: list[str] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, NOT_CHANGED) or _is_of_types(node):
            return False
        if isinstance(node, cst.FunctionDef | cst.ClassDef):
            self._inside.append(node.name.value)
        function = ".".join(self._inside) or "module"
        for kind, operator in mutation_operators:
            if isinstance(node, kind):
                self.places += [_Place(function, node, mutated) for mutated in operator(node)]
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if isinstance(original_node, cst.FunctionDef | cst.ClassDef):
            self._inside.pop()


def _is_of_types(node: cst.CSTNode) -> bool:
    """Whether a place is for the type checker alone: `cast(…)`, `TypeVar(…)`, `Price = Flat | Graduated`."""
    called = node.func if isinstance(node, cst.Call) else None
    named = node.targets[0].target if isinstance(node, cst.Assign) else None
    if isinstance(named, cst.Name):
        return named.value[0].isupper() and not named.value.isupper()
    return isinstance(called, cst.Name) and called.value in CALLED_BY_TYPES_ALONE


class Places:
    """All mutants of one module; each is only made when it is asked for."""

    def __init__(self, path: Path) -> None:
        self.module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        self.source = path.read_text(encoding="utf-8")
        self._tree = cst.parse_module(self.source)
        collector = _Collector()
        self._tree.visit(collector)
        self._places = collector.places

    def __len__(self) -> int:
        return len(self._places)

    def mutant(self, number: int) -> Mutant | None:
        """The mutant of a number; None where the change is none, or no Python."""
        function, node, mutated = self._places[number]
        source = self._tree.deep_replace(node, mutated).code  # type: ignore[arg-type]
        try:
            compile(source, self.module, "exec")
        except SyntaxError:
            return None
        before, after = _changed_lines(self.source, source)
        return Mutant(Change(self.module, function, before, after), source) if before != after else None

    def of(self, function: str) -> Iterator[Mutant]:
        """Every mutant of a function in the order of the source."""
        for number, place in enumerate(self._places):
            mutant = self.mutant(number) if place.function == function else None
            if mutant is not None:
                yield mutant


def _changed_lines(old: str, new: str) -> tuple[str, str]:
    """The lines from the first that differs to the last, before and after."""
    was, now = old.splitlines(), new.splitlines()
    first = next((at for at, pair in enumerate(zip(was, now, strict=False)) if pair[0] != pair[1]), 0)
    last = 0
    while last < min(len(was), len(now)) - first and was[-1 - last] == now[-1 - last]:
        last += 1
    before, after = (" ".join(map(str.strip, lines[first : len(lines) - last])) for lines in (was, now))
    return before, after
