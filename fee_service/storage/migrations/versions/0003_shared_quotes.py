"""Links that show one quote to a prospect, a look-up by digest, and the key that signs links and sessions."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "quote_shares",
        sa.Column("id", CODE, nullable=False),
        sa.Column("position", SERIAL, nullable=False),
        sa.Column("created_by", CODE, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_quote_shares"),
        sa.ForeignKeyConstraint(["position"], ["quotes.position"], name="fk_quote_shares_position"),
    )
    op.create_index("ix_quote_shares_position", "quote_shares", ["position"])
    op.create_index("ix_quotes_digest_position", "quotes", ["digest", "position"])
    installation = sa.table("installation", sa.column("name"), sa.column("value", sa.LargeBinary))
    op.bulk_insert(installation, [{"name": "page_key", "value": secrets.token_bytes(32)}])


def downgrade() -> None:
    op.execute("DELETE FROM installation WHERE name = 'page_key'")
    op.drop_index("ix_quotes_digest_position", "quotes")
    op.drop_table("quote_shares")
