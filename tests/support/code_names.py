"""Names in the repository's files, as documents write them: `path/to/module.py: name` or `path/to/file.yaml: a.b`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import yaml

from fee_service.settings import REPOSITORY

CITED = re.compile(r"`([\w/.-]+\.(?:py|yaml)): ([\w.]+)`")
Definition = ast.FunctionDef | ast.ClassDef


@cache
def module_of(path: str) -> ast.Module:
    """A module of the repository, parsed."""
    return ast.parse((REPOSITORY / path).read_text(encoding="utf-8"))


@cache
def _data_of(path: str) -> Any:
    return yaml.safe_load((REPOSITORY / path).read_text(encoding="utf-8"))


def is_there(path: str, name: str) -> bool:
    """Whether a file has what a document says it has."""
    if not (REPOSITORY / path).is_file():
        return False
    return _in_data(path, name) is not None if path.endswith(".yaml") else _in_module(path, name)


def names_at(path: str, name: str) -> set[str]:
    """The keys of a mapping in data, the values of an enum, of a tuple or of a schema's word in a module."""
    if path.endswith(".yaml"):
        return set(_in_data(path, name) or ())
    return {node.value for node in ast.walk(_defined(path, name)) if _is_a_word(node)}


def named_at(path: str, name: str) -> Any:
    """What stands at a place in data."""
    return _in_data(path, name)


def _is_a_word(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch("[a-z0-9_]+", node.value) is not None
    )


def _in_data(path: str, name: str) -> Any:
    found = _data_of(path)
    for part in name.split("."):
        if not isinstance(found, dict) or part not in found:
            return None
        found = found[part]
    return found


def _in_module(path: str, name: str) -> bool:
    try:
        _defined(path, name)
    except LookupError:
        return False
    return True


def _defined(path: str, name: str) -> ast.AST:
    """What a name stands for in a module: a class, a function, a constant, a field. Raises LookupError."""
    found: ast.AST = module_of(path)
    for part in name.split("."):
        found = next((node for node, own in _names(found) if own == part), ast.Pass())
        if isinstance(found, ast.Pass):
            raise LookupError(f"{path}: {name}")
    return found


def _names(where: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    for node in getattr(where, "body", ()):
        if isinstance(node, Definition):
            yield node, node.name
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node, node.target.id
        elif isinstance(node, ast.Assign):
            yield from ((node.value, target.id) for target in node.targets if isinstance(target, ast.Name))
