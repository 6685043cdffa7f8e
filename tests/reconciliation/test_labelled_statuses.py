"""What is wrong with whole invoices of random contracts: left out, twice, in parts, not due, corrected by each code."""

import os
import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.contracts import SEED_VARIABLE, seed
from support.invoice_files import Billed
from support.labelled_files import FORMATS, Named, vat_of
from support.reconciled_files import Ran, a_file, ran
from support.running import contract_of

from fee_service.invoices.items import ItemNames
from fee_service.published.editions import Editions
from fee_service.published.item_names import published_names

CONTRACTS = int(os.environ.get("LABELLED_STATUSES", "4"))  # more with `LABELLED_STATUSES=200`
SEED = seed()
LISTS = ("utf-8", "xlsx", "zip of e-tax", "json")  # where corrections name what they correct
Wrong = list[Named]
Told = list[tuple[str, int | None]]


@pytest.fixture(scope="module")
def names(editions: Editions) -> ItemNames:
    """The texts that are known to everybody."""
    return ItemNames(published_names(editions))


class Upload:
    """The invoices of a month to a contract, right ones and as they were billed with mistakes."""

    def __init__(self, number: int, editions: Editions, names: ItemNames, folder: Path) -> None:
        self.rng = random.Random(f"statuses:{SEED}:{number}")
        self.life, self.wrong = a_file(self.rng, editions)
        self.right = [amended(each, amount=each.label.bill.amount) for each in self.wrong]
        self.form = LISTS[number % len(LISTS)]
        self.again = f"number {number} of seed {SEED} (set {SEED_VARIABLE}={SEED} to repeat): {self.form}, {self.life}"
        self._run: Callable[[Sequence[Path]], Ran] = lambda files: ran(
            files, contract_of(self.life, editions), editions, names
        )
        self._folder = folder

    def reconciled(self, *files: Sequence[Named]) -> Ran:
        """Files of such lines through a whole reconciliation."""
        paths = []
        for number, named in enumerate(files):
            to = self._folder / str(number)
            to.mkdir(exist_ok=True)
            path = FORMATS[self.form](self.rng, with_vat(named), to)
            paths.append(path.rename(to / f"{number}-{path.name}"))
        return self._run(paths)

    def some_due(self) -> Named | None:
        """A line that is due, which no other line of the month is like."""
        due = [each for each in self.right if each.billed.amount > 0]
        return self.rng.choice(due) if due else None


def amended(named: Named, **of_it: Any) -> Named:
    """The line with something else on the invoice."""
    return named._replace(billed=named.billed._replace(**of_it))


def with_vat(named: Sequence[Named]) -> Wrong:
    """The lines with the VAT of each chain on its last document, such that what the chain comes to is taxed once."""
    found: Wrong = []
    chains: dict[str, list[int]] = {}  # supply and VAT so far
    for number in dict.fromkeys(each.billed.number for each in named):
        own = [each for each in named if each.billed.number == number]
        before = chains.setdefault(own[0].billed.corrects or number, [0, 0])
        before[0] += sum(each.billed.amount for each in own)
        taxes = [vat_of(each.billed.amount) for each in own]
        taxes[0] += vat_of(before[0]) - before[1] - sum(taxes)
        before[1] = vat_of(before[0])
        found += [amended(each, vat=vat) for each, vat in zip(own, taxes, strict=True)]
    return found


def told(found: Ran) -> Told:
    return [(line.status, line.difference) for line in found.lines]


def uploads(editions: Editions, names: ItemNames, folder: Path) -> list[Upload]:
    return [Upload(number, editions, names, folder) for number in range(CONTRACTS)]


def numbered(named: Sequence[Named], serial: int, **of_it: Any) -> Wrong:
    """The same lines on documents of their own, one for each of the first."""
    return [
        amended(each, number=f"{each.billed.number[:16]}{int(each.billed.number[16:]) + serial * 1000:08}", **of_it)
        for each in named
    ]


def corrections(named: Sequence[Named], serial: int, code: str, **of_it: Any) -> Wrong:
    """Documents that correct those of the lines, by what the lines come to."""
    made = numbered(named, serial, code=code, **of_it)
    return [amended(new, corrects=old.billed.number) for new, old in zip(made, named, strict=True)]


def negative(named: Sequence[Named]) -> Wrong:
    return [amended(each, amount=-each.billed.amount) for each in named]


@pytest.mark.no_cover
def test_a_line_that_was_left_out_is_missing_and_nothing_else(
    editions: Editions, names: ItemNames, tmp_path: Path
) -> None:
    """With its whole amount, where there is a row of its month."""
    for upload in uploads(editions, names, tmp_path):
        left_out = upload.some_due()
        rest = [each for each in upload.right if each is not left_out]
        if left_out is None or not any(each.billed.amount > 0 for each in rest):
            continue
        found = upload.reconciled(rest)
        assert found.summary["closes"], upload.again
        missing = [(line.fee, line.product, line.difference) for line in found.lines if line.status == "missing"]
        _, fee, product, _ = left_out.label.bill.key
        assert missing == [(fee, product, -left_out.billed.amount)], upload.again
        assert {status for status, _ in told(found)} <= {"match", "missing"}, upload.again


@pytest.mark.no_cover
def test_a_line_on_another_invoice_as_well_is_a_duplicate_and_parts_of_one_are_none(
    editions: Editions, names: ItemNames, tmp_path: Path
) -> None:
    """Billed twice; billed in two parts; the same file again."""
    for upload in uploads(editions, names, tmp_path):
        again = upload.some_due()
        if again is None:
            continue
        found = upload.reconciled([*upload.right, *numbered([again], 5)])
        assert told(found)[-1] == ("duplicate", again.billed.amount), upload.again
        assert {status for status, _ in told(found)[:-1]} == {"match"}, upload.again
        part = upload.rng.randrange(1, again.billed.amount + 1)
        rest = amended(again, amount=again.billed.amount - part)
        in_parts = [amended(each, amount=part) if each is again else each for each in upload.right]
        found = upload.reconciled([*in_parts, *numbered([rest], 5)])
        assert {status for status, _ in told(found)} == {"match"}, upload.again
        twice = upload.reconciled(upload.right, upload.right)
        statuses = [status for status, _ in told(twice)]
        assert statuses == ["match"] * len(upload.right) + ["already_seen"] * len(upload.right), upload.again
        assert found.summary["closes"], upload.again


@pytest.mark.no_cover
def test_what_is_not_due_is_unexpected(editions: Editions, names: ItemNames, tmp_path: Path) -> None:
    """A fee of a month before the contract began."""
    for upload in uploads(editions, names, tmp_path):
        before = date.fromisoformat(upload.life["request"]["starts_on"]).replace(day=1) - timedelta(days=1)
        early = amended(upload.right[0], specification=f"{before:%Y-%m}", amount=77_000)
        found = upload.reconciled([*upload.right, *numbered([early], 5)])
        assert told(found)[-1] == ("unexpected", 77_000), upload.again
        assert {status for status, _ in told(found)[:-1]} == {"match"}, upload.again
        assert found.summary["closes"], upload.again


CODES: dict[str, Callable[[Upload], Wrong]] = {
    "01": lambda of: [
        *of.wrong, *corrections(negative(of.wrong), 1, "01"), *corrections(of.right, 2, "01"),
    ],
    "02": lambda of: [*of.wrong, *corrections(differences(of), 1, "02")],
    "03": lambda of: [*of.wrong, *corrections(differences(of), 1, "03")],
    "05": lambda of: [
        *of.wrong, *corrections(negative(of.wrong), 1, "05"), *corrections(of.right, 2, "05"),
    ],
    "06": lambda of: [*of.right, *(twice := numbered(of.right, 1)), *corrections(negative(twice), 2, "06")],
}  # fmt: skip


def differences(of: Upload) -> Wrong:
    """What was billed too much or too little, a month later."""
    return [
        amended(wrong, amount=right.billed.amount - wrong.billed.amount, issued_on=later(wrong.billed))
        for wrong, right in zip(of.wrong, of.right, strict=True)
        if wrong.billed.amount != right.billed.amount
    ]


def later(billed: Billed) -> date:
    return billed.issued_on + timedelta(days=35)


@pytest.mark.no_cover
@pytest.mark.parametrize("code", CODES)
def test_a_chain_whose_net_is_right_matches_whatever_was_wrong_in_it(
    editions: Editions, names: ItemNames, tmp_path: Path, code: str
) -> None:
    """Cancelled and made anew, corrected by the difference, issued twice and cancelled."""
    for upload in uploads(editions, names, tmp_path):
        found = upload.reconciled(CODES[code](upload))
        assert {status for status, _ in told(found)} <= {"match"}, upload.again
        assert found.summary["closes"], upload.again


@pytest.mark.no_cover
def test_what_was_cancelled_as_a_whole_is_as_open_as_before(
    editions: Editions, names: ItemNames, tmp_path: Path
) -> None:
    """Code 04: every line of it nets to nothing, and what is due is missing."""
    for upload in uploads(editions, names, tmp_path):
        found = upload.reconciled([*upload.right, *corrections(negative(upload.right), 1, "04")])
        billed = [line for line in found.lines if line.status != "missing"]
        assert {(line.status, line.difference) for line in billed} <= {("match", 0)}, upload.again
        missing = -sum(line.difference or 0 for line in found.lines if line.status == "missing")
        assert missing == sum(each.billed.amount for each in upload.right), upload.again
        assert found.summary["closes"], upload.again
