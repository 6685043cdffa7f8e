"""Names of companies as they are searched: legal forms aside, no spaces; quotes stay as they are."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

from fee_service.company_name import searched

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
LONGEST_TERM = 20
AT_ONCE = 1000

NAMES = sa.table("company_names", sa.column("id"), sa.column("folded"), sa.column("searched"))
TERMS = sa.table("company_name_terms", sa.column("term"), sa.column("company_name_id"))


def upgrade() -> None:
    op.add_column("company_names", sa.Column("searched", CODE, nullable=False, server_default=""))
    _look_for(searched)
    change = sa.update(NAMES).where(NAMES.c.id == sa.bindparam("of")).values(searched=sa.bindparam("as_"))
    for names in _names():
        op.get_bind().execute(change, [{"of": id_, "as_": searched(folded)} for id_, folded in names])


def downgrade() -> None:
    op.drop_column("company_names", "searched")
    _look_for(lambda folded: folded)


def _look_for(spelling: Callable[[str], str]) -> None:
    """Every name by every ending of it in a spelling."""
    connection = op.get_bind()
    connection.execute(sa.delete(TERMS))
    for names in _names():
        terms = [{"term": term, "company_name_id": id_} for id_, folded in names for term in _terms(spelling(folded))]
        if terms:
            connection.execute(sa.insert(TERMS), terms)


def _names() -> list[list[tuple[int, str]]]:
    """All names, some at a time."""
    rows = [(id_, folded) for id_, folded in op.get_bind().execute(sa.select(NAMES.c.id, NAMES.c.folded))]
    return [rows[first : first + AT_ONCE] for first in range(0, len(rows), AT_ONCE)]


def _terms(name: str) -> list[str]:
    return list(dict.fromkeys(name[at : at + LONGEST_TERM] for at in range(len(name)) if name[at] != " "))
