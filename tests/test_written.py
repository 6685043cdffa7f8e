"""How tests are written: each says in a sentence what must hold, asserts it, and stands for itself."""

import ast
import re
from collections.abc import Iterator

import pytest
from support.places import CASES, TESTS

Function = ast.FunctionDef | ast.AsyncFunctionDef
MODULES = sorted(TESTS.rglob("*.py"))
CASE_FILES = sorted(CASES.glob("*.yaml"))
WIDEST = 140


def tree_of(module: str) -> ast.Module:
    """What a module of tests/ holds."""
    return ast.parse((TESTS / module).read_text(encoding="utf-8"))


def functions(tree: ast.AST) -> Iterator[Function]:
    """Every function, those of classes included."""
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def run_by_pytest(tree: ast.AST) -> list[Function]:
    """The functions that pytest runs."""
    return [each for each in functions(tree) if each.name.startswith("test_")]


def words(text: str) -> list[str]:
    """The words of a name or a sentence, as if both were written alike."""
    return re.findall(r"[^\W_]+", text.lower())


def names_called(function: Function) -> set[str]:
    """The names of everything that a function calls or takes as a fixture."""
    calls = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
    called = {each.attr if isinstance(each, ast.Attribute) else getattr(each, "id", "") for each in calls}
    return called | {argument.arg for argument in function.args.args}


def asserts(function: Function, asserting: set[str]) -> bool:
    """Whether a function asserts by itself, expects an error, or calls what asserts."""
    by_itself = any(isinstance(node, ast.Assert) for node in ast.walk(function))
    return by_itself or bool(names_called(function) & asserting)


def asserting_names() -> set[str]:
    """`raises`, `fail`, and everything in tests/ that asserts, directly or through another function."""
    known = {"raises", "fail"}
    helpers = [each for module in MODULES for each in functions(tree_of(str(module.relative_to(TESTS))))]
    while more := {each.name for each in helpers if each.name not in known and asserts(each, known)}:
        known |= more
    return known


ASSERTING = asserting_names()
TEST_MODULES = [str(module.relative_to(TESTS)) for module in MODULES if module.name.startswith("test_")]


@pytest.mark.parametrize("module", TEST_MODULES)
def test_every_test_says_in_a_sentence_what_must_hold(module: str) -> None:
    """The name is one; a docstring is another, which says more: why, for which cases, by which arithmetic."""
    for test in run_by_pytest(tree_of(module)):
        named, said = words(test.name)[1:], (ast.get_docstring(test) or "").partition("\n\n")[0]
        here = f"{module}:{test.lineno} {test.name}"
        assert len(named) >= 3 or said, f"{here} says nothing"
        if said:
            assert said.endswith((".", "!", "?")), f"{here} does not end its sentence"
            assert len(words(said)) >= 3, f"{here} says no sentence"
            assert words(said) != named, f"{here} says its name again"


@pytest.mark.parametrize("module", TEST_MODULES)
def test_every_test_asserts_something(module: str) -> None:
    """A test that cannot fail shows nothing: each asserts, expects an error, or calls what does."""
    for test in run_by_pytest(tree_of(module)):
        assert asserts(test, ASSERTING), f"{module}:{test.lineno} {test.name} asserts nothing"


def test_no_test_imports_another() -> None:
    """What tests share stands in tests/support, so that each module can be read and run alone."""
    for module in MODULES:
        for node in ast.walk(tree_of(str(module.relative_to(TESTS)))):
            if isinstance(node, ast.ImportFrom | ast.Import):
                named = [alias.name for alias in node.names] + [getattr(node, "module", None) or ""]
                of_tests = [name for name in named if name.split(".")[-1].startswith("test_")]
                assert not of_tests, f"{module.name}:{node.lineno} imports {of_tests}"


@pytest.mark.parametrize("path", CASE_FILES, ids=lambda path: path.stem)
def test_a_person_can_read_the_cases(path: object) -> None:
    """No line of a case is wider than an editor shows."""
    lines = (CASES / str(path)).read_text(encoding="utf-8").splitlines()
    wide = [number for number, line in enumerate(lines, 1) if len(line) > WIDEST]
    assert not wide, f"lines {wide} are wider than {WIDEST}"
