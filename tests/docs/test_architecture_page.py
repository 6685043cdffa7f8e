"""The architecture page shows the house as it is: its picture against the imports, its names against the code."""

import re
import tomllib
from itertools import pairwise

import grimp
import pytest
from support.code_names import CITED, is_there

from fee_service.settings import REPOSITORY

PAGE = (REPOSITORY / "docs" / "architecture.md").read_text(encoding="utf-8")
UNBROKEN = re.sub(r"\s*\n\s+(?=[\w.]+`)", " ", PAGE)  # a name in code may be broken after its file
ROW = re.compile(r"│ (\s*· )?([\w·  ]+?)(?: {2,}.*)?│$", re.M)


def picture() -> list[list[str]]:
    """The rows of the picture from above, each with its rooms; a row that begins with `·` goes on with the last."""
    rows: list[list[str]] = []
    for further, names in ROW.findall(PAGE):
        rooms = [name.strip() for name in names.split("·")]
        if further:
            rows[-1] += rooms
        else:
            rows.append(rooms)
    return rows


LEVELS = {room: level for level, row in enumerate(picture()) for room in row}


@pytest.fixture(scope="module")
def imports() -> set[tuple[str, str]]:
    """Which room imports from which, as the code stands."""
    graph = grimp.build_graph("fee_service", "schemas", cache_dir=None)
    pairs = {
        (room_of(module), room_of(imported))
        for module in graph.modules
        for imported in graph.find_modules_directly_imported_by(module)
    }
    return {(above, below) for above, below in pairs if above != below and below != "fee_service"}


def room_of(module: str) -> str:
    """`rules` for fee_service.rules.lines, `schemas` for all of them."""
    package, *inside = module.split(".")
    return inside[0] if package == "fee_service" and inside else package


def test_every_room_is_in_the_picture_once_and_every_room_of_the_picture_is_there() -> None:
    """A new package or module on top has its place in the picture."""
    folder = REPOSITORY / "fee_service"
    there = {path.stem for path in folder.glob("*.py")} | {path.parent.name for path in folder.glob("*/__init__.py")}
    shown = [room for row in picture() for room in row]
    assert sorted(shown) == sorted((there - {"__init__"}) | {"schemas"})


def test_every_import_between_rooms_points_down_in_the_picture(imports: set[tuple[str, str]]) -> None:
    """Neither up nor to the side."""
    assert len(imports) > 50
    assert sorted((above, below) for above, below in imports if LEVELS[above] >= LEVELS[below]) == []


def test_the_picture_shows_the_layers_that_make_check_holds() -> None:
    """The order of the picture is that of pyproject.toml."""
    with (REPOSITORY / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    held = [re.split(r" [|:] ", layer) for layer in layers]
    shown = [[LEVELS[room] for room in rooms] for rooms in held]
    assert all(max(above) < min(below) for above, below in pairwise(shown))


def test_each_step_names_what_is_there() -> None:
    """One request and one cell are followed through functions that exist where they are said to."""
    cited = CITED.findall(UNBROKEN)
    assert len(cited) > 30
    assert [f"{path}: {name}" for path, name in cited if not is_there(path, name)] == []


def test_each_file_and_folder_that_is_named_is_there() -> None:
    """Also links to other pages."""
    named = re.findall(r"`((?:fee_service|schemas|pricing_tables|docs)/[\w/.-]*)`", PAGE)
    linked = [f"docs/{link}" for link in re.findall(r"\]\(([\w./-]+)\)", PAGE)]
    assert [path for path in [*named, *linked] if not (REPOSITORY / path).exists()] == []
