"""Every file that a document links or names is there: a move takes the documents along."""

import re

import pytest

from fee_service.settings import REPOSITORY

DOCUMENTS = [
    *sorted(REPOSITORY.glob("*.md")),
    *sorted((REPOSITORY / "docs").rglob("*.md")),
    *sorted((REPOSITORY / "pricing_tables").glob("*.md")),
    *sorted((REPOSITORY / "benchmarks").glob("*.md")),
]
LINK = re.compile(r"\]\((?!https?:)([\w./-]+)(?:#[\w-]*)?\)")
NAMED = re.compile(r"`((?:[\w.-]+/)+(?:[\w.-]+\.\w+)?|[\w-]+\.(?:py|md|yaml|toml|txt|lock))(?::\d+)?(?:: [\w.]+)?`")
# Under these a document may name what lies below: `web/forms.py` for fee_service/web/forms.py.
BELOW = (
    "",
    "fee_service",
    "tests",
    "docs",
    "pricing_tables",
    "pricing_tables/price_lists",
    "benchmarks",
    "tests/mutants",
)
# Examples, what is made, and files of others.
ELSEWHERE = re.compile(
    r"gunicorn/|application/|text/|price_lists/NAME|instance/|build/|/v\d/|request\.json|\.venv/|v\d/|etc/|var/|market-data-20(?!18)|-r2"
)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_what_a_document_links_or_names_is_there(path) -> None:
    """Links from where the document stands, names from the top or from below a room's folder."""
    text = path.read_text(encoding="utf-8")
    dead = [link for link in LINK.findall(text) if not (path.parent / link).exists()]
    named = [name for name in NAMED.findall(text) if not ELSEWHERE.search(name)]
    lost = [name for name in named if not any((REPOSITORY / top / name).exists() for top in BELOW)]
    assert (dead, lost) == ([], [])
