"""A small part of `make fuzz`: another each time, the seed is told where something fails."""

import secrets
from pathlib import Path

import pytest
from fuzz.sending import fuzz
from fuzz.world import World
from support.databases import KINDS, new_database

from fee_service.published.editions import Editions

REQUESTS = 1_500


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_sent_there_is_an_answer(editions: Editions, tmp_path: Path, kind: str) -> None:
    """No 5xx but a 503 that says when to come again, and no header that the server would not send."""
    world, seed = World(editions, new_database(kind, tmp_path), tmp_path), secrets.randbelow(10**6)
    failures = list(fuzz(world, seed, range(REQUESTS)))
    told = "\n".join(f"request {each.number}: {each.what}\n{each.sent.told()}\n{each.trace}" for each in failures[:3])
    assert not failures, f"make fuzz SEED={seed} REQUESTS={2 * REQUESTS}\n{told}"
