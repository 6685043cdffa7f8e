"""A price list or waiver policy that was published is never edited: that would re-price every past quote."""

import hashlib
from pathlib import Path

import pytest
from support.places import DATA, PUBLISHED

FOLDER = PUBLISHED
PINS = DATA / "published-editions.sha256"

EDITED = """
{name} was published and has changed since; quotes that rest on it would no longer be reproducible.
Undo the change (git checkout pricing_tables/{name}) and add a new file instead:
a later list under its own first day, or a correction as {stem}-r2.yaml, with
    supersedes: {stem}
pricing_tables/README.md tells how, step by step.
"""
NOT_PINNED = """
{name} is new. Once it is right, pin it, so that nobody changes it later:
    cd pricing_tables && sha256sum {name} >> ../tests/data/published-editions.sha256
"""
GONE = """
{name} was published and is gone; quotes that rest on it can no longer be reproduced.
Bring it back (git checkout pricing_tables/{name}); a list that no longer holds is superseded, not removed.
"""


def pins() -> dict[str, str]:
    """The hash of each published file, written as sha256sum writes it."""
    lines = PINS.read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, name in (line.split(maxsplit=1) for line in lines)}


def editions() -> dict[str, Path]:
    return {f"{path.parent.name}/{path.name}": path for path in sorted(FOLDER.glob("*/*.yaml"))}


@pytest.mark.parametrize("name", sorted(pins()))
def test_a_published_edition_is_as_it_was_published(name: str) -> None:
    path = FOLDER / name
    stem = path.stem
    assert path.exists(), GONE.format(name=name)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == pins()[name], EDITED.format(name=name, stem=stem)


def test_every_edition_is_pinned() -> None:
    new = [name for name in editions() if name not in pins()]
    assert not new, "".join(NOT_PINNED.format(name=name) for name in new)


def test_no_edition_is_pinned_twice() -> None:
    names = [line.split(maxsplit=1)[1] for line in PINS.read_text(encoding="utf-8").splitlines()]
    assert len(names) == len(set(names))
