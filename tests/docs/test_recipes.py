"""Every recipe works: its edits fit, its commands run, and what it promises holds on a copy of the repository."""

import subprocess
import sys
from pathlib import Path

import pytest
from support.recipes import DOCUMENT, DoesNotWork, Recipe, Step, copy_to, edit, follow, recipes

RECIPES = list(recipes())
WANTED = {
    "Add a field to the request",
    "Add a fault code",
    "Add a fee",
    "Add a form of price",
    "Add a kind of document",
    "Add a migration",
    "Add a text to a page",
    "Add an API to the catalogue",
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy to be changed."""
    copy_to(tmp_path)
    return tmp_path


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.title)
def test_recipe(copy: Path, recipe: Recipe) -> None:
    """What it says is done to a copy, and holds there; the code is laid out as `make check` wants it."""
    try:
        follow(recipe, copy)
    except DoesNotWork as error:
        pytest.fail(f"docs/recipes.md: {recipe.title}: {error}", pytrace=False)
    ruff = Path(sys.executable).with_name("ruff")
    for command in (["check"], ["format", "--check"]):
        done = subprocess.run([ruff, *command, "."], cwd=copy, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def test_each_recipe_ends_with_what_must_hold() -> None:
    """A recipe that promises nothing could not fail."""
    assert {recipe.title for recipe in RECIPES} == WANTED
    assert all(recipe.steps[-1].kind == "python" and "assert" in recipe.steps[-1].text for recipe in RECIPES)


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy that nobody changes."""
    folder = tmp_path_factory.mktemp("untouched")
    copy_to(folder)
    return folder


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.title)
def test_what_a_recipe_promises_does_not_hold_before_it(untouched: Path, recipe: Recipe) -> None:
    """The last step alone fails: what holds without the edits is no proof of them."""
    with pytest.raises(DoesNotWork):
        follow(Recipe(recipe.title, recipe.steps[-1:]), untouched)


def test_an_edit_that_fits_nowhere_or_twice_is_refused(tmp_path: Path) -> None:
    """So that a recipe is followed in one place, or found to be out of date."""
    (tmp_path / "a.txt").write_text("one\ntwo\ntwo\n", encoding="utf-8")
    for line in ("two", "three", "on"):
        with pytest.raises(DoesNotWork, match=r"a\.txt"):
            edit(tmp_path, f"a.txt\n {line}\n+new\n")
    edit(tmp_path, "a.txt\n one\n+new\n")
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "one\nnew\ntwo\ntwo\n"
    with pytest.raises(DoesNotWork, match="assert False"):
        follow(Recipe("broken", (Step("python", "assert False\n"),)), tmp_path)
    assert DOCUMENT.is_file()
