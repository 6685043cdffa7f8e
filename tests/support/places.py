"""Where things lie in the repository."""

from fee_service.settings import REPOSITORY

TESTS = REPOSITORY / "tests"
CASES = TESTS / "cases"
DATA = TESTS / "data"
MADE_UP = TESTS / "editions"
PUBLISHED = REPOSITORY / "pricing_tables"
