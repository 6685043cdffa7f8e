"""A PostgreSQL that fault tests may kill: not the one that other tests use."""

from collections.abc import Iterator

import pytest
from breaking import PostgreSQL


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """Started once; each test takes a database of its own, and leaves the cluster running."""
    cluster = PostgreSQL()
    yield cluster
    cluster.remove()
