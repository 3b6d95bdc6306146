"""How migrations run: on the app's database, all in one transaction, tables rebuilt in batches on SQLite."""

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import Connection
from sqlalchemy.pool import NullPool

from blender_event.core.database import Moment, db


def render(kind: str, thing: Any, _autogen: Any) -> str | bool:
    """New migrations name no type of ours: types change, migrations do not."""
    if kind == "type" and isinstance(thing, Moment):
        return "sa.DateTime(timezone=True)"
    return False


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=render,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()
        if connection.dialect.name == "sqlite":
            orphans = connection.execute(text("PRAGMA foreign_key_check")).fetchall()
            if orphans:
                raise RuntimeError(f"{len(orphans)} rows point to rows that are not there; nothing was changed")


def run() -> None:
    """A connection of its own: rebuilding a table on SQLite needs foreign keys off, or its children are deleted with it."""
    engine = create_engine(current_app.config["DATABASE_URL"], poolclass=NullPool)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def prepare(connection: Any, _record: Any) -> None:
            connection.isolation_level = None
            cursor = connection.cursor()
            for pragma in ("journal_mode=WAL", "foreign_keys=OFF", "busy_timeout=15000", "synchronous=FULL"):
                cursor.execute(f"PRAGMA {pragma}")
            cursor.close()

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    with engine.connect() as connection:
        migrate(connection)
    engine.dispose()


run()
