"""Files that went wrong on their way: each ends in a result that closes, or in a fault of the file that says why."""

import os
import random
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from support.contracts import SEED_VARIABLE, seed
from support.labelled_files import FORMATS, Named
from support.mutated_files import CHANGES, LAST_ROWS
from support.reconciled_files import Ran, a_file, ran
from support.running import contract_of

from fee_service.contract import Contract
from fee_service.errors import FeeError
from fee_service.invoices.items import ItemNames
from fee_service.published.editions import Editions
from fee_service.published.item_names import published_names

MUTATED = int(os.environ.get("MUTATED_FILES", "100"))  # more with `MUTATED_FILES=10000`
FILES_OF_A_CONTRACT = 20  # that are mutated before another one is made up
SEED = seed()
IN_LINES = {"utf-8": "utf-8", "utf-8 with a mark": "utf-8-sig", "tabs": "utf-8", "journal": "cp949",
            "ecount": "utf-8-sig", "own columns": "utf-8"}  # fmt: skip
IN_A_CHILD = {"xlsx", "xlsx with texts", "xls", "xls with texts"}  # a process each: fewer of them
BY_ROW = {"doubled", "swapped", "unclosed"}


@pytest.fixture(scope="module")
def names(editions: Editions) -> ItemNames:
    """The texts that are known to everybody."""
    return ItemNames(published_names(editions))


class Mutated:
    """A file of labelled invoices that went wrong, and what was done to it."""

    def __init__(self, number: int, form: str, change: str, contract: Contract, named: list[Named], path: Path) -> None:
        self.number, self.form, self.change, self.contract, self.named = number, form, change, contract, named
        self.path, self.whole = path, path.read_bytes()
        self.content = CHANGES[change](random.Random(f"change:{SEED}:{number}"), self.whole)
        path.write_bytes(self.content)

    @property
    def again(self) -> str:
        """How to have it once more."""
        told = f"number {self.number} of seed {SEED} (set {SEED_VARIABLE}={SEED} to repeat)"
        return f"{told}: {self.form}, {self.change}\n{self.content[:3000]!r}"


def mutated(editions: Editions, folder: Path) -> Iterator[Mutated]:
    """Files of all formats, each with one change."""
    made: tuple[dict[str, Any], list[Named]] | None = None
    for number in range(MUTATED):
        rng = random.Random(f"mutated:{SEED}:{number}")
        if made is None or number % FILES_OF_A_CONTRACT == 0:
            made = a_file(random.Random(f"mutated:{SEED}:{number - number % FILES_OF_A_CONTRACT}"), editions)
        life, named = made
        form = rng.choice([form for form in FORMATS if form not in IN_A_CHILD or rng.random() < 0.1])
        by_row = form in IN_LINES and len(named) >= LAST_ROWS
        change = rng.choice([change for change in CHANGES if by_row or change not in BY_ROW])
        yield Mutated(number, form, change, contract_of(life, editions), named, FORMATS[form](rng, named, folder))


@pytest.mark.no_cover
def test_a_mutated_file_loses_neither_a_row_nor_a_won(editions: Editions, names: ItemNames, tmp_path: Path) -> None:
    """Every row is a line or told to be none, sums close, and a row that went wrong takes no other with it."""
    for file in mutated(editions, tmp_path):
        found = None
        with suppress(FeeError):
            found = ran([file.path], file.contract, editions, names)
        if found is None:
            assert file.change not in BY_ROW, file.again
            continue
        assert found.summary["closes"], file.again
        lines = [line for line in found.lines if line.status != "missing"]
        assert len(lines) == len(found.taken.lines), file.again
        if file.change in BY_ROW:
            assert not (lost := what_is_lost(file, found)), f"{lost}\n{file.again}"


def what_is_lost(file: Mutated, found: Ran) -> str | None:
    """The rows of a list that are nowhere, of those that are there; a row that was changed has to be somewhere."""
    rows = file.content.decode(IN_LINES[file.form], "replace").splitlines()
    there = [line.line for line in found.lines if line.line is not None]
    there += [other.place.line for other in found.taken.others if other.place.line is not None]
    missed = sorted({at for at, row in enumerate(rows, 1) if row.strip()} - set(there))
    if missed or len(there) != len(set(there)):
        return f"rows {missed} of {len(rows)}, {len(there)} told"
    read = [line.amount for line in found.lines if line.status != "missing"]
    billed = [line.billed.amount for line in file.named]
    kept = sum(1 for amount in billed if amount in read)
    return None if file.form not in ("journal", "own columns", "ecount") or kept >= len(billed) - 1 else "amounts"
