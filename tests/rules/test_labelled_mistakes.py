"""Random contracts billed with known mistakes: each is found by its name, and what is right is left alone."""

import json
import os
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from support.contracts import SEED_VARIABLE, seed
from support.labelled_invoices import (
    LATER,
    LATER_FOR_RUNNING,
    LATER_FROM,
    PUBLISHED,
    Labelled,
    a_month_of,
    bills_of,
    life_of,
    mixed,
    one_mistake,
)
from support.naive_causes import MISTAKES, Bill, gives
from support.running import contract_of

from fee_service.prices import Cell, Flat, Package
from fee_service.published.editions import CellKey, Editions
from fee_service.rules.expecting import expecting
from fee_service.rules.judging import Claim, Expected, causes_of, judge
from fee_service.rules.reconciling import explanations_of

WRONG = int(os.environ.get("WRONG_AMOUNTS", "100"))  # more with `WRONG_AMOUNTS=10000`
INVOICES = int(os.environ.get("LABELLED_INVOICES", "16"))  # more with `LABELLED_INVOICES=5000`
SEED = seed()
LISTS = (PUBLISHED, LATER)


def again(number: int, *told: Any) -> str:
    written = json.dumps(told, default=str, ensure_ascii=False)
    return f"number {number} of seed {SEED} (set {SEED_VARIABLE}={SEED} to repeat)\n{written}"


def raised(cell: Cell, per_cent: int) -> Cell:
    """A cell at a price that is some per cent higher."""
    match cell.price:
        case Flat(unit_price):
            return replace(cell, price=Flat(unit_price * (100 + per_cent) // 100))
        case Package(size, price, at_least):
            return replace(cell, price=Package(size, price * (100 + per_cent) // 100, at_least))
    return cell


@pytest.fixture(scope="module")
def two_lists(editions: Editions) -> Editions:
    """The published list, and one after it that begins inside a month and raises every price by a tenth."""
    old = editions.price_list(PUBLISHED.name)
    later = replace(
        old,
        id=LATER.name,
        cells={key: raised(cell, LATER.per_cent) for key, cell in old.cells.items()},
        valid_from=LATER_FROM,
        valid_from_for_running_contracts=LATER_FOR_RUNNING,
        supersedes=old.id,
    )
    return replace(editions, price_lists=(old, later))


def expected_of(life: dict[str, Any], month: str, as_of: date, editions: Editions) -> list[Expected]:
    """What the service owes for a month."""
    first = date.fromisoformat(f"{month}-01")
    return list(expecting(contract_of(life, editions), editions, first, first, as_of).dues)


Invoice = tuple[int, random.Random, Any, list[Bill], list[Expected]]


def invoices(editions: Editions, named: str, count: int = INVOICES) -> Iterator[Invoice]:
    """Months of random contracts: their bills, and what the service owes."""
    for number in range(count):
        rng = random.Random(f"{named}:{SEED}:{number}")
        life = life_of(rng)
        month, as_of = a_month_of(rng, life), date(2060, 1, 1)
        bills = bills_of(life, month, as_of, later=len(editions.price_lists) > 1)
        yield number, rng, (life, month), bills, expected_of(life, month, as_of, editions)


def place(of: Bill | Expected) -> tuple[Any, ...]:
    return (*of.key, of.invoice_on)


def test_bills_that_are_right_are_what_is_owed(editions: Editions, two_lists: Editions) -> None:
    """The naive bills and the dues, fee by fee: else no label would mean anything."""
    for published in (editions, two_lists):
        for number, _, told, bills, owed in invoices(published, "right"):
            counted = {place(bill): bill.amount for bill in bills if bill.amount}
            assert counted == {place(due): due.amount for due in owed if due.amount}, again(number, told)


def test_every_label_is_found_and_nothing_else_is_flagged(editions: Editions, two_lists: Editions) -> None:
    """Lines with one mistake, with two and with none on the same invoice: the label is the cause or a rival of it."""
    for published in (editions, two_lists):
        lists = LISTS[: len(published.price_lists)]
        for number, rng, told, bills, owed in invoices(published, "mixed"):
            places = {place(due): due for due in owed}
            labels = [label for label in mixed(rng, bills, lists) if place(label.bill) in places]
            claims = [claim_of(at, label) for at, label in enumerate(labels)]
            judged = {verdict.claim.chain: verdict for verdict in judge(owed, claims, published.price_lists).verdicts}
            for at, label in enumerate(labels):
                verdict = judged[str(at)]
                assert verdict.expected == label.bill.amount, again(number, told, label, verdict)
                assert is_found(label, list(causes_of(verdict))), again(number, told, label, verdict)


def test_lines_of_every_label_alone_are_found_by_their_totals(editions: Editions) -> None:
    """Only the total is known: one line of it has a mistake, or two lines have one each."""
    for number, rng, told, bills, owed in invoices(editions, "totals", INVOICES // 2):
        on = rng.choice([due.invoice_on for due in owed])
        dues = [due for due in owed if due.invoice_on == on]
        right = sum(due.amount for due in dues)
        for wanted in (1, 1, 2):
            wrong = some_wrong(rng, [bill for bill in bills if bill.invoice_on == on], wanted)
            total = right + sum(label.billed - label.bill.amount for label in wrong)
            if len(wrong) == wanted and total != right:
                found = judge(dues, [Claim("1", on, total)], editions.price_lists)
                [verdict] = found.verdicts
                assert verdict.difference - sum(due.amount for due in found.not_billed) == total - right
                if found.not_billed:  # the total is exactly that of the other lines
                    continue
                assert is_found_in_total(wrong, list(causes_of(verdict))), again(number, told, wrong, verdict)


def some_wrong(rng: random.Random, bills: list[Bill], wanted: int) -> list[Labelled]:
    """So many bills with a mistake each; of two, none that any amount gives."""
    found = []
    for bill in rng.sample(bills, len(bills)):
        causes = [cause for cause in MISTAKES if wanted == 1 or says_something(cause, bill)]
        rng.shuffle(causes)
        label = next((made for cause in causes if (made := one_mistake(rng, bill, cause, (PUBLISHED,)))), None)
        found += [label] if label else []
    return found[:wanted]


def says_something(cause: str, bill: Bill) -> bool:
    """Whether a mistake beside another is more than a number that makes the sum right."""
    if cause == "usage_differs_from_report":
        return (PUBLISHED.price(bill.key) or 0) >= 1000
    return cause != "withheld_fee_billed"


def is_found_in_total(wrong: list[Labelled], causes: list[str]) -> bool:
    """Whether the labels are found, or fewer mistakes that come to the same."""
    wanted = sorted(cause for label in wrong for cause in label.causes)
    return any(sorted(cause.split("+")) == wanted for cause in causes) or bool(
        causes and len(wanted) == 2 and is_simpler(causes[0])
    )


def is_simpler(cause: str) -> bool:
    """One mistake, or the same in all lines."""
    return len(set(cause.split("+"))) == 1


@pytest.mark.no_cover
def test_a_random_wrong_amount_is_explained_only_where_a_naive_count_gives_it(editions: Editions) -> None:
    """Near the right amount, near the price, anywhere: every cause that is told gives the amount to the won."""
    tried = 0
    for number, rng, told, bills, owed in invoices(editions, "wrong", WRONG):
        due = rng.choice(owed)
        bill = next((bill for bill in bills if place(bill) == place(due)), None)
        if bill is None or tried == WRONG:
            continue
        for billed in wrong_amounts(rng, bill)[: WRONG - tried]:
            tried += 1
            for explanation in explanations_of(due.reckoned, billed, editions.price_lists):
                assert gives(bill, explanation.causes, billed, (PUBLISHED,)), again(number, told, bill, explanation)


def wrong_amounts(rng: random.Random, bill: Bill) -> list[int]:
    """A few amounts that nobody made up by a rule."""
    right = bill.amount
    return [
        wrong
        for wrong in (right + rng.randrange(-50, 50), right + rng.randrange(-10_000, 10_000), rng.randrange(5_000_000))
        if wrong != right
    ]


@pytest.mark.no_cover
def test_the_sum_closes_for_every_chain_and_month(editions: Editions) -> None:
    """What is billed is what was expected plus the differences, and what was expected plus what is open is what is due;
    by lines, by totals, twice and in parts."""
    for number, rng, told, bills, owed in invoices(editions, "closes"):
        claims = some_claims(rng, list(mixed(rng, bills, (PUBLISHED,))))
        found = judge(owed, claims, editions.price_lists)
        assert sorted(map(str, claims)) == sorted(str(verdict.claim) for verdict in found.verdicts), again(number, told)
        for chain in {claim.chain for claim in claims}:
            own = [verdict for verdict in found.verdicts if verdict.claim.chain == chain]
            billed = sum(claim.amount for claim in claims if claim.chain == chain)
            assert billed == sum(verdict.expected + verdict.difference for verdict in own), again(number, told)
        settled = {id(due): due.amount for verdict in found.verdicts for due in verdict.dues}
        assert sum(settled.values()) == sum(verdict.expected for verdict in found.verdicts), again(number, told)
        due = sum(due.amount for due in owed)
        assert sum(settled.values()) + sum(due.amount for due in found.not_billed) == due, again(number, told)


def some_claims(rng: random.Random, labels: list[Labelled]) -> list[Claim]:
    """The labelled lines: some left out, some twice, some in two parts, some as a total."""
    claims = []
    for at, label in enumerate(labels):
        claim = claim_of(at, label)
        part = rng.randrange(abs(label.billed) + 1)
        ways = [[claim], [claim], [], [claim, claim._replace(chain=f"again {at}")]]
        ways.append([claim._replace(amount=part), claim._replace(chain=f"rest {at}", amount=label.billed - part)])
        ways.append([claim._replace(key=None, month=None)])
        claims += rng.choice(ways)
    return claims


def claim_of(at: int, label: Labelled) -> Claim:
    """A chain that bills one line."""
    bill = label.bill
    return Claim(str(at), bill.invoice_on, label.billed, CellKey(*bill.key), date.fromisoformat(f"{bill.month}-01"))


def is_found(label: Labelled, causes: list[str]) -> bool:
    """Whether a label is among the causes, in whatever order; two mistakes may come to what one alone gives."""
    if not label.causes:
        return not causes
    wanted = sorted(label.causes)
    is_one = len(wanted) == 2 and bool(causes) and "+" not in causes[0]
    return is_one or any(sorted(cause.split("+")) == wanted for cause in causes)
