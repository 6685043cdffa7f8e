"""What `make mutants` stands on: each module of the core has tests of its own, each accepted mutant is still one."""

import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import yaml
from support.places import TESTS

ROOT = TESTS.parent
PROGRAM = TESTS / "mutants"
LISTED = """
import sys
sys.path[:0] = [sys.argv[1]]
import runpy
names = runpy.run_path(sys.argv[1] + "/__main__.py", run_name="mutants")
print(*(path.stem for path in names["modules"]([])), sep="\\n")
print("--")
print(*(f"{module} {tests}" for module, tests in names["DIRECT"].items()), sep="\\n")
"""


def test_every_module_of_the_core_has_direct_tests_of_its_own() -> None:
    told = subprocess.run(
        [sys.executable, "-c", LISTED, str(PROGRAM)], capture_output=True, text=True, cwd=ROOT, check=True
    )
    modules, _, direct = told.stdout.partition("--\n")
    tests = dict(line.split() for line in direct.splitlines())
    assert sorted(tests) == sorted(modules.split())
    assert [path for path in tests.values() if not Path(ROOT, path).is_file()] == []


def test_every_mutant_that_is_accepted_as_equivalent_can_still_be_made() -> None:
    """An entry whose function has changed is no excuse any more: it goes, or is looked at anew."""
    sys.path.insert(0, str(PROGRAM))
    try:
        from mutating import Change, Places
    finally:
        sys.path.remove(str(PROGRAM))
    entries = yaml.safe_load((PROGRAM / "equivalent.yaml").read_text(encoding="utf-8")) or []
    wanted: dict[tuple[str, str], set[Change]] = defaultdict(set)
    for entry in entries:
        assert entry.pop("why")
        wanted[entry["module"], entry["function"]].add(Change(**entry))
    for (module, function), changes in wanted.items():
        places = Places(ROOT / (module.replace(".", "/") + ".py"))
        made = {mutant.change for mutant in places.of(function)}
        assert changes - made == set()
