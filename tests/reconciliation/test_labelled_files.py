"""Labelled invoices through a whole reconciliation, in files of every format: labels found, no row and no won lost."""

import json
import os
import random
from pathlib import Path
from typing import Any

import pytest
from support.contracts import SEED_VARIABLE, seed
from support.labelled_files import FORMATS
from support.labelled_invoices import Labelled
from support.reconciled_files import a_file, ran
from support.running import contract_of

from fee_service.answers.reconciled import ResultLine
from fee_service.invoices.items import ItemNames
from fee_service.published.editions import Editions
from fee_service.published.item_names import published_names

FILES = int(os.environ.get("LABELLED_FILES", "17"))  # more with `LABELLED_FILES=1000`
SEED = seed()


@pytest.fixture(scope="module")
def names(editions: Editions) -> ItemNames:
    """The texts that are known to everybody."""
    return ItemNames(published_names(editions))


def again(number: int, *told: Any) -> str:
    written = json.dumps(told, default=str, ensure_ascii=False)
    return f"number {number} of seed {SEED} (set {SEED_VARIABLE}={SEED} to repeat)\n{written}"


def test_labels_are_found_in_files_of_every_format(editions: Editions, names: ItemNames, tmp_path: Path) -> None:
    """Each line with its label or right, in the order of the file; rows and won all there."""
    for number in range(FILES):
        rng = random.Random(f"files:{SEED}:{number}")
        life, named = a_file(rng, editions)
        form = list(FORMATS)[number % len(FORMATS)]
        path = FORMATS[form](rng, named, tmp_path)
        found = ran([path], contract_of(life, editions), editions, names)
        assert found.summary["closes"], again(number, form, life, found.summary)
        lines = [line for line in found.lines if line.status != "missing"]
        assert len(lines) == len(named), again(number, form, life)
        assert sum(line.amount or 0 for line in lines) == sum(each.billed.amount for each in named)
        for each, line in zip(named, lines, strict=True):
            wrong = what_is_wrong(each.label, line)
            assert not wrong, again(number, form, wrong, life, each, line)
        assert not [line for line in found.lines if line.status == "missing"], again(number, form, life)


def what_is_wrong(label: Labelled, line: ResultLine) -> str | None:
    """How a line of the result is not what its label says."""
    difference = label.billed - label.bill.amount
    if (line.difference or 0) != difference:
        return f"difference {line.difference}, not {difference}"
    if not difference:
        return None if line.status == "match" else f"{line.status} {line.cause}, and it is right"
    told = [cause for cause in (line.cause, *line.also) if cause]
    wanted = sorted(label.causes)
    if any(sorted(cause.split("+")) == wanted for cause in told):
        return None
    is_one = len(wanted) == 2 and "+" not in told[0] and told[0] not in ("unexplained", "unexpected", "duplicate")
    return None if is_one else f"{told}, not {wanted}"
