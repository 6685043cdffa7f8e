"""A PostgreSQL that fault tests may kill: not the one that other tests use."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from breaking import PostgreSQL
from supervising import Supervised


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """Started once; each test takes a database of its own, and leaves the cluster running."""
    cluster = PostgreSQL()
    yield cluster
    cluster.remove()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where the quotes are kept."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'quotes.db'}"
    return request.getfixturevalue("postgresql").new_database()


@pytest.fixture
def supervised_jobs(url: str, tmp_path: Path) -> Iterator[Supervised]:
    """A service and a worker on that database."""
    running = Supervised(url, tmp_path)
    yield running
    running.stop()
