"""One mutant, one process: forked where nothing of the service is imported yet, so that it meets the mutant fresh."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import os
import resource
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import ModuleType

from mutating import ROOT

MEMORY = 2 * 2**30  # bytes of address space; a run without a mutant takes a quarter of it
SILENT = (
    "-x",
    "-q",
    "--no-header",
    "--tb=no",
    "--disable-warnings",
    "--noconftest",
    "-p",
    "no:cacheprovider",
    "-p",
    "core_fixtures",
)
ENDED_BY_A_TEST = (1, 2)  # pytest: a test failed, or could not be collected


class Outcome(StrEnum):
    KILLED = "killed"
    TIMEOUT = "out of time"
    MEMORY = "out of memory or crashed"
    SURVIVED = "survived"


class _FromMemory(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports modules from their sources in memory: a mutant, or the unchanged core in the same way."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self._sources = sources

    def find_spec(self, name: str, *_: object) -> importlib.machinery.ModuleSpec | None:
        return importlib.machinery.ModuleSpec(name, self) if name in self._sources else None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self._sources[module.__name__], f"mutant of {module.__name__}", "exec"), module.__dict__)


def run(sources: Mapping[str, str], tests: Sequence[str], seconds: int, aloud: bool = False) -> Outcome:
    """What becomes of modules with these sources under these tests."""
    child = os.fork()
    if child == 0:
        _be(sources, tests, seconds, aloud)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return Outcome.TIMEOUT if os.WTERMSIG(status) in (signal.SIGALRM, signal.SIGXCPU) else Outcome.MEMORY
    code = os.waitstatus_to_exitcode(status)
    if code == 0:
        return Outcome.SURVIVED
    return Outcome.KILLED if code in ENDED_BY_A_TEST else Outcome.MEMORY


def _be(sources: Mapping[str, str], tests: Sequence[str], seconds: int, aloud: bool) -> None:
    """The child: limits, the sources, the tests; never returns."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(seconds)
    sys.meta_path.insert(0, _FromMemory(sources))
    if not aloud:
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
    import pytest  # the parent has it

    code = 3
    try:
        code = int(pytest.main([*SILENT, *tests]))
    finally:
        sys.stdout.flush()
        os._exit(code)


def seconds_of(unchanged: Mapping[str, str], tests: Sequence[str]) -> float:
    """How long the unchanged sources take to pass. Raises SystemExit where they do not pass."""
    begun = time.monotonic()
    if run(unchanged, tests, 600, aloud=True) is not Outcome.SURVIVED:
        raise SystemExit("the tests fail on the unchanged sources: no mutant can be judged")
    return time.monotonic() - begun


def prepare() -> None:
    """Import what the tests need of others once, here, so that no child has to."""
    os.chdir(ROOT)
    sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "mutants")]
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # browsers and API descriptions: a second each time
    os.environ.update(RANDOM_CONTRACTS_SEED="mutants", RANDOM_LIVES="60")  # the same each time, and a part of them
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str(ROOT / "build" / "hypothesis")
    import dateutil.relativedelta
    import hypothesis.strategies
    import marshmallow
    import orjson
    import pytest
    import sqlalchemy.engine
    import yaml

    assert all((dateutil, hypothesis, marshmallow, orjson, pytest, sqlalchemy, yaml))
    if any(name.partition(".")[0] == "fee_service" for name in sys.modules):
        raise SystemExit("the service is imported before its mutants are made")
