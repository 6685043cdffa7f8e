"""Run by Alembic inside the transaction and under the lock of `storage.migrating`."""

from __future__ import annotations

from alembic import context

from fee_service.storage.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,  # SQLite can: a migration that stops half-way leaves nothing behind
)
with context.begin_transaction():
    context.run_migrations()
