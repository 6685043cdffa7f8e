"""requirements.lock is all that requirements.txt asks for, pinned and with hashes; it names no place to fetch from."""

import re
import sys
from importlib import metadata

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from fee_service.settings import REPOSITORY

MADE_WITH = (3, 11)
LOCK = (REPOSITORY / "requirements.lock").read_text()
ENTRY = re.compile(r"^([A-Za-z0-9._-]+)==(\S+) \\\n((?:    .*\n)+)", re.MULTILINE)
ENTRIES = [(canonicalize_name(name), version, rest) for name, version, rest in ENTRY.findall(LOCK)]
LOCKED = {name: version for name, version, _ in ENTRIES}
ASKED = [
    Requirement(line)
    for line in (REPOSITORY / "requirements.txt").read_text().splitlines()
    if line and not line.startswith("#")
]


def brought_by(requirement: Requirement, found: set[str]) -> None:
    """Everything that a requirement needs, itself included, on this machine."""
    name = canonicalize_name(requirement.name)
    wanted = {f"{name}[{extra}]" for extra in requirement.extras or {""}}
    if wanted <= found:
        return
    found |= {name, *wanted}
    for each in map(Requirement, metadata.requires(requirement.name) or ()):
        if any(each.marker is None or each.marker.evaluate({"extra": extra}) for extra in requirement.extras or {""}):
            brought_by(each, found)


def test_each_requirement_is_locked_as_it_is_pinned() -> None:
    """`make lock` after every change of requirements.txt."""
    for requirement in ASKED:
        assert str(requirement.specifier) == f"=={LOCKED[canonicalize_name(requirement.name)]}", requirement


def test_all_that_they_bring_is_locked_and_nothing_else() -> None:
    """What a library needs in its turn, too."""
    found: set[str] = set()
    for requirement in ASKED:
        brought_by(requirement, found)
    names = {name for name in found if "[" not in name}
    assert names <= set(LOCKED)
    if sys.version_info[:2] == MADE_WITH:  # others may need less
        assert names == set(LOCKED)


def test_each_has_its_hashes() -> None:
    """Pip refuses a file that is another one."""
    assert len(LOCKED) == len(ENTRIES) == LOCK.count("==") > len(ASKED)
    for name, _, rest in ENTRIES:
        assert re.fullmatch(r"(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+", rest), name


def test_it_names_no_place_to_fetch_from() -> None:
    """Neither a registry nor a folder of the machine on which it was made."""
    assert not re.search(r"://|/|index|find-links|trusted", LOCK)
