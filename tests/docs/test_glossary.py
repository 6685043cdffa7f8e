"""The glossary tells every name of the contract in both languages, and no name that is not there."""

import ast
import inspect
import re
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from support.code_names import CITED, is_there, module_of, named_at, names_at

from fee_service.settings import REPOSITORY
from fee_service.wording.faults import FAULTS, ORIGINS

GLOSSARY = (REPOSITORY / "docs" / "glossary.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (.+) \| (.+) \| (`.+`) \|$", re.M)
PRICE_LIST = "pricing_tables/price_lists/market-data-2018-07-01.yaml"
MUST_BE_TOLD = (
    f"{PRICE_LIST}: contracts",
    f"{PRICE_LIST}: fees",
    f"{PRICE_LIST}: contracts.real_time.options",
    f"{PRICE_LIST}: contracts.real_time.products",
    f"{PRICE_LIST}: contracts.closing_price.products",
    f"{PRICE_LIST}: contracts.real_time.prices.usage_fee.columns",
    f"{PRICE_LIST}: contracts.real_time.prices.non_display.columns",
    f"{PRICE_LIST}: proration.units",
    "pricing_tables/platform_services.yaml: families",
    "pricing_tables/onboarding.yaml: qualifications",
    "pricing_tables/onboarding.yaml: exclusions",
    "schemas/answers.py: EligibilitySchema.status",
)  # every enum beside


class Section(NamedTuple):
    """A heading, where its names live, and its rows: Korean, English, names."""

    title: str
    places: list[tuple[str, str]]
    rows: list[tuple[str, str, list[str]]]

    @property
    def names(self) -> set[str]:
        return {name for *_, names in self.rows for name in names}


def sections() -> Iterator[Section]:
    """The parts of the glossary."""
    for part in GLOSSARY.split("\n## ")[1:]:
        title, _, text = part.partition("\n")
        prose = text.partition("|")[0]
        rows = [(korean, english, re.findall(r"`(.+?)`", names)) for korean, english, names in ROW.findall(text)]
        yield Section(title, CITED.findall(prose), rows)


SECTIONS = list(sections())
LISTS = [section for section in SECTIONS if section.places and "FAULTS" not in section.places[0][1]]


def enums() -> Iterator[str]:
    """Every enum of words in the code."""
    for path in sorted((REPOSITORY / "fee_service").rglob("*.py")):
        name = str(path.relative_to(REPOSITORY))
        for node in module_of(name).body:
            if isinstance(node, ast.ClassDef) and any(getattr(base, "id", "") == "StrEnum" for base in node.bases):
                yield f"{name}: {node.name}"


@pytest.mark.parametrize("section", LISTS, ids=lambda section: section.title)
def test_a_list_of_names_is_whole_and_holds_nothing_else(section: Section) -> None:
    """Each place that a section names has just the names of the section."""
    extra = {"service_fee"} if section.title == "Fees" else set()
    for path, name in section.places:
        assert section.names == names_at(path, name) | extra, f"{path}: {name}"


@pytest.mark.parametrize("place", [*MUST_BE_TOLD, *enums()])
def test_every_enum_fee_contract_option_and_status_is_told(place: str) -> None:
    """A new enum or status comes into the glossary with its names in both languages."""
    path, _, name = place.partition(": ")
    assert (path, name) in [known for section in SECTIONS for known in section.places]


@pytest.mark.parametrize("section", LISTS, ids=lambda section: section.title)
def test_published_names_stand_in_the_glossary_as_they_are_printed(section: Section) -> None:
    """Where the data have a name in both languages, the glossary has no other."""
    for path, name in section.places:
        data = named_at(path, name) if path.endswith(".yaml") else {}
        printed = {key: (entry["ko"], entry["en"]) for key, entry in data.items() if "ko" in entry}
        told = {names[0]: (korean, english) for korean, english, names in section.rows if names[0] in printed}
        assert told == printed


def test_every_name_in_code_exists_where_it_is_said_to() -> None:
    """A name that was changed in code is changed here."""
    cited = [(path, name) for path, name in CITED.findall(GLOSSARY) if not is_there(path, name)]
    assert cited == []
    modules = re.findall(r"`([\w/]+\.(?:py|yaml))`", GLOSSARY)
    assert [path for path in modules if not (REPOSITORY / path).is_file()] == []


def test_every_fault_belongs_to_one_family() -> None:
    """The families are those of the modules of faults, each code in one of them."""
    told = next(section for section in SECTIONS if section.title == "Families of faults")
    codes = [code for *_, codes in told.rows for code in codes]
    assert sorted(codes) == sorted(FAULTS)
    source = "".join(inspect.getsource(origin) for origin in ORIGINS)
    assert [english for _, english, _ in told.rows] == re.findall(r"^    # -- (.+) --$", source, re.M)


def test_every_row_is_in_both_languages() -> None:
    """The Korean column holds Korean, or a sign as printed; the English one holds none but names in parentheses."""
    for section in SECTIONS:
        for korean, english, _ in section.rows:
            assert re.search("[가-힣]", korean) or korean == english or korean in ("N/A", "-", "해외 ETF NAV"), korean
            assert not re.search("[가-힣]", english), english
