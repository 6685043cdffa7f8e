"""`make fuzz`: python tests/fuzz [requests] [seed]; half of them against SQLite, half against PostgreSQL."""

from __future__ import annotations

import secrets
import sys
import tempfile
import time
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS), str(TESTS.parent)]

from support.databases import KINDS, new_database

from fee_service.edition_files import read_editions
from fee_service.operations.logs import configure
from fee_service.settings import Settings
from fuzz.sending import Failure, fuzz
from fuzz.world import World

MOST_KINDS = 20  # of failures that are told
STEP = 2_500  # requests between two lines of progress


def main(requests: int, seed: int) -> int:
    """Whether something went wrong, as an exit status."""
    configure("error")
    editions = read_editions(Settings().pricing_tables)
    found: dict[str, Failure] = {}
    failures = 0
    for place, kind in enumerate(KINDS):
        with tempfile.TemporaryDirectory() as folder:
            world = World(editions, new_database(kind, Path(folder)), Path(folder))
            numbers = range(place * requests // len(KINDS), (place + 1) * requests // len(KINDS))
            for start in range(numbers.start, numbers.stop, STEP):
                began = time.monotonic()
                chunk = range(start, min(start + STEP, numbers.stop))
                for failure in fuzz(world, seed, chunk):
                    failures += 1
                    if failure.kind not in found and len(found) < MOST_KINDS:
                        found[failure.kind] = failure
                        _tell(kind, seed, failure)
                print(
                    f"{kind}: {chunk.stop} requests, {failures} failures, {time.monotonic() - began:.1f} s", flush=True
                )
    print(f"seed {seed}: {requests} requests, {failures} failures of {len(found)} kinds")
    return 1 if failures else 0


def _tell(kind: str, seed: int, failure: Failure) -> None:
    print(
        f"\n{kind}, seed {seed}, request {failure.number}: {failure.what}\n{failure.sent.told()}\n{failure.trace}",
        flush=True,
    )


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:]]
    sys.exit(main(given[0] if given else 100_000, given[1] if len(given) > 1 else secrets.randbelow(10**6)))
