"""Edits by hand, past everything that forbids them."""

from sqlalchemy import text

from fee_service.storage.database import Database


def unprotected(database: Database, table: str, statement: str) -> None:
    """Run a statement as somebody who knows how to switch triggers off."""
    with database.engine.connect() as connection, connection.begin():
        if database.is_sqlite:
            rows = connection.execute(
                text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :of"), {"of": table}
            ).all()
            for name, _ in rows:
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
            connection.execute(text(statement))
            for _, sql in rows:
                connection.exec_driver_sql(sql)
        else:
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
            connection.execute(text(statement))
            connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER ALL"))
