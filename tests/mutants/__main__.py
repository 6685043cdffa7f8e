"""Mutation testing of the core: every small change of its sources has to fail a test.

    python tests/mutants --sample 10 --modules lines rating --seed 7

A survivor that `equivalent.yaml` does not name as equivalent fails the run. Exit code 0 where there is none.
"""

from __future__ import annotations

import argparse
import math
import random
import secrets
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import yaml

sys.path.insert(0, str(Path(__file__).parent))

from mutating import ROOT, Change, Mutant, Places
from running import Outcome, prepare, run, seconds_of

CORE = ("rules/*.py", "published/company_sizes.py", "periods.py", "money.py", "prices.py")
DIRECT = {  # the tests that call the core itself, by the module whose own they are
    "company_sizes": "tests/published/test_company_size_decided.py",
    "periods": "tests/words/test_periods_by_hand.py",
    "money": "tests/words/test_money.py",
    "prices": "tests/words/test_prices_at_their_bounds.py",
    "eligibility": "tests/rules/test_eligibility_conditions.py",
    "waivers": "tests/rules/test_waiver_decided.py",
    "prior_use": "tests/rules/test_prior_use_counted.py",
    "licensing": "tests/rules/test_licences_chosen.py",
    "lines": "tests/rules/test_lines_made.py",
    "service_lines": "tests/rules/test_lines_made.py",
    "rating": "tests/rules/test_months_rated.py",
    "invoicing": "tests/rules/test_invoices_made.py",
    "waivable": "tests/rules/test_lines_made.py",
    "pricing": "tests/rules/test_what_totals_are.py",
    "counting": "tests/rules/test_what_totals_are.py",
    "notices": "tests/rules/test_what_totals_are.py",
    "resolving": "tests/rules/test_quote_put_together.py",
    "deciding": "tests/rules/test_quote_put_together.py",
    "quoting": "tests/rules/test_quote_put_together.py",
    "readings": "tests/rules/test_readings_listed.py",
    "explaining": "tests/rules/test_explanations_word_for_word.py",
    "standing": "tests/rules/test_contract_standing.py",
    "reckoning": "tests/rules/test_causes_of_billed_amounts.py",
    "reconciling": "tests/rules/test_causes_of_billed_amounts.py",
    "reconciling_totals": "tests/rules/test_causes_of_totals.py",
    "chains": "tests/rules/test_chains_of_invoices.py",
    "reckoned_dues": "tests/rules/test_dues_taken_apart.py",
    "expecting": "tests/rules/test_what_is_expected.py",
    "judging": "tests/rules/test_claims_judged.py",
    "corrections": "tests/rules/test_corrections_asked_for.py",
    "late_interest": "tests/rules/test_late_interest.py",
    "findings": "tests/rules/test_findings_over_months.py",
    "billing_usage": "tests/rules/test_dues_cases.py",
    "differing": "tests/rules/test_what_differs_from_the_quote.py",
    "dues": "tests/rules/test_dues_cases.py",
    "reportable": "tests/rules/test_usage_that_is_reported.py",
    "explaining_dues": "tests/rules/test_dues_explained.py",
    "audits": "tests/rules/test_audits.py",
    "advice": "tests/rules/test_notices_at_their_boundaries.py",
}
WHOLE = (  # whole answers, for what the others let pass
    "tests/rules/test_cases.py::test_case",
    "tests/rules/test_other_editions.py",
    "tests/rules/test_explanations.py",
    "tests/rules/test_licensing.py",
    "tests/rules/test_readings.py",
    "tests/rules/test_advice.py",
    "tests/rules/test_dues_laws.py::test_dues_are_what_a_naive_implementation_counts_day_by_day",
    "tests/rules/test_dues_laws.py::test_the_invoices_of_all_months_are_the_dues_of_all_months",
    "tests/rules/test_dues_laws.py::test_an_invoice_is_complete_where_no_other_month_has_a_part_in_it",
    "tests/words/test_periods.py",
    "tests/words/test_prices.py",
)
EQUIVALENT = Path(__file__).parent / "equivalent.yaml"


class Result(NamedTuple):
    mutant: Mutant
    outcome: Outcome


def modules(names: list[str]) -> list[Path]:
    """The files of the core, or those named."""
    every = [path for pattern in CORE for path in sorted((ROOT / "fee_service").glob(pattern))]
    core = [path for path in every if path.name != "__init__.py"]
    unknown = set(names) - {path.stem for path in core}
    if unknown:
        raise SystemExit(f"no module of the core: {', '.join(sorted(unknown))}")
    return [path for path in core if not names or path.stem in names]


def accepted() -> set[Change]:
    """The changes that no test can see, each with its reason."""
    entries = yaml.safe_load(EQUIVALENT.read_text(encoding="utf-8")) or []
    if not all(entry["why"] for entry in entries):
        raise SystemExit(f"{EQUIVALENT.name}: an equivalent mutant needs its reason")
    return {Change(entry["module"], entry["function"], entry["before"], entry["after"]) for entry in entries}


def sampled(places: Places, count: int, rng: random.Random) -> Iterator[Mutant]:
    """So many mutants of a module by chance; all of them where `count` is 0 or they are fewer."""
    numbers = rng.sample(range(len(places)), len(places))
    found = (mutant for mutant in map(places.mutant, numbers) if mutant is not None)
    for _, mutant in zip(range(count or len(places)), found, strict=False):
        yield mutant


def spread(every: list[Places], total: int, rng: random.Random) -> list[Mutant]:
    """So many mutants by chance over all modules together."""
    numbers = [(places, number) for places in every for number in range(len(places))]
    rng.shuffle(numbers)
    found = (mutant for places, number in numbers if (mutant := places.mutant(number)) is not None)
    return [mutant for _, mutant in zip(range(total), found, strict=False)]


def judged(mutants: list[Mutant], limits: list[int], equivalent: set[Change]) -> Iterator[Result]:
    """Each mutant under its module's own tests, the other direct ones, whole answers; a survivor is told at once."""
    for number, mutant in enumerate(mutants, start=1):
        outcome = Outcome.SURVIVED
        for tests, limit in zip(stages(mutant.change.module.rpartition(".")[2]), limits, strict=True):
            if outcome is Outcome.SURVIVED:  # mostly the first: the others are not even collected
                outcome = run({mutant.change.module: mutant.source}, tests, limit)
        if outcome is Outcome.SURVIVED and mutant.change not in equivalent:
            print(f"\n{number}/{len(mutants)}\n{_entry(mutant.change)}", flush=True)
        yield Result(mutant, outcome)


def stages(module: str) -> tuple[Sequence[str], ...]:
    """What a mutant of a module has to survive: the module's own tests, all other direct ones, whole answers."""
    own = DIRECT[module]
    return [own], [tests for tests in dict.fromkeys(DIRECT.values()) if tests != own], WHOLE


def report(results: list[Result], equivalent: set[Change]) -> bool:
    """A line for each module, then the survivors; whether there are none."""
    modules, survivors = sorted({result.mutant.change.module for result in results}), []
    print("\n")
    for module in [*modules, "all"]:
        own = [result for result in results if module in (result.mutant.change.module, "all")]
        same = [r for r in own if r.outcome is Outcome.SURVIVED and r.mutant.change in equivalent]
        count = Counter(result.outcome for result in own)
        left = count[Outcome.SURVIVED] - len(same)
        judged = len(own) - len(same)
        share = f"{100 * (judged - left) / judged:5.1f} %" if judged else "-"
        limits = f"{count[Outcome.TIMEOUT] + count[Outcome.MEMORY]} by a limit"
        print(f"{module:40} {judged - left:4} of {judged:4} killed ({limits}), {len(same)} equivalent {share}")
    for mutant, outcome in results:
        if outcome is Outcome.SURVIVED and mutant.change not in equivalent:
            survivors.append(mutant.change)
    for change in survivors:
        print(f"\n{_entry(change)}")
    return not survivors


def _entry(change: Change) -> str:
    """A change as `equivalent.yaml` would name it."""
    written: str = yaml.safe_dump([{**change._asdict(), "why": ""}], sort_keys=False, allow_unicode=True, width=10**6)
    return written.rstrip()


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sample", type=int, default=10, help="mutants of each module (10); 0: all")
    options.add_argument("--total", type=int, help="so many mutants over all modules together, instead")
    options.add_argument("--modules", nargs="*", default=[], metavar="NAME", help="of the core (all)")
    options.add_argument("--seed", default=str(secrets.randbits(32)), help="repeats a sample")
    asked = options.parse_args()
    prepare()
    begun, rng = time.monotonic(), random.Random(asked.seed)
    equivalent = accepted()
    every = [Places(path) for path in modules(asked.modules)]
    unchanged = {places.module: places.source for places in every}
    every_direct = list(dict.fromkeys(DIRECT.values()))
    direct, whole = (20 + 5 * math.ceil(seconds_of(unchanged, tests)) for tests in (every_direct, WHOLE))
    if asked.total:
        mutants = spread(every, asked.total, rng)
    else:
        mutants = [mutant for places in every for mutant in sampled(places, asked.sample, rng)]
    print(f"{len(mutants)} of {sum(map(len, every))} mutants, seed {asked.seed}")
    passed = report(list(judged(mutants, [direct, direct, whole], equivalent)), equivalent)
    print(f"\n{time.monotonic() - begun:.0f} s, seed {asked.seed}")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
