"""Fixtures of the tests on which mutants run: the same names as in tests/conftest.py, without an application."""

from collections.abc import Callable
from typing import Any

import pytest
from support.places import MADE_UP, PUBLISHED

from fee_service.edition_files import read_editions
from fee_service.published.editions import Editions


@pytest.fixture(scope="session")
def editions() -> Editions:
    """Everything published in this repository."""
    return read_editions(PUBLISHED)


@pytest.fixture(scope="session")
def made_up_editions() -> Editions:
    """tests/editions: the subscriber tiers of 2014, every way of pricing, a list that begins mid-month."""
    return read_editions(MADE_UP)


@pytest.fixture
def ask(editions: Editions) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Ask for a quote that must be given: the answer in both languages, as over HTTP."""
    from support.previewing_only import answered  # what only whole answers need is imported for them alone

    return lambda request: answered(request, editions)
