"""Sessions on the server, links that expire, parts of business numbers; no key that signs is kept any more."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)
LONGEST, SHORTEST = 10, 3  # digits of a part of a business number


def upgrade() -> None:
    op.create_table(
        "sessions",
        sa.Column("hash", CODE, nullable=False),
        sa.Column("key_id", CODE, nullable=False),
        sa.Column("began_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_sessions"),
    )
    op.create_index("ix_sessions_key_id_began_at", "sessions", ["key_id", "began_at"])
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"])
    op.add_column("quote_shares", sa.Column("expires_on", sa.Date))
    op.create_table(
        "business_number_terms",
        sa.Column("term", CODE, nullable=False),
        sa.Column("business_number", CODE, nullable=False),
        sa.PrimaryKeyConstraint("term", "business_number", name="pk_business_number_terms"),
        sqlite_with_rowid=False,
    )
    for length in range(SHORTEST, LONGEST + 1):
        op.execute(
            "INSERT INTO business_number_terms (term, business_number)"
            f" SELECT substr(replace(business_number, '-', ''), {LONGEST + 1 - length}), business_number"
            " FROM (SELECT DISTINCT business_number FROM quotes WHERE business_number IS NOT NULL) AS numbered"
        )
    op.execute("DELETE FROM installation WHERE name = 'page_key'")


def downgrade() -> None:
    installation = sa.table("installation", sa.column("name"), sa.column("value", sa.LargeBinary))
    op.bulk_insert(installation, [{"name": "page_key", "value": secrets.token_bytes(32)}])
    op.drop_table("business_number_terms")
    op.drop_column("quote_shares", "expires_on")
    op.drop_table("sessions")
