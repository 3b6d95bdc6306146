"""The database: declarative base, aware times, the write lock, and how long it is held."""

import contextlib
import time
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from flask import Flask, has_request_context, request
from flask_sqlalchemy import SQLAlchemy
from prometheus_client import Histogram
from sqlalchemy import JSON, DateTime, Engine, MetaData, event, inspect, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from blender_event.core.errors import Conflict

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
LOCK_SECONDS = Histogram(
    "blender_lock_seconds",
    "Seconds a writing transaction held its lock, from lock to commit or rollback.",
    buckets=(0.001, 0.002, 0.005, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1, 0.25, 1, 5),
)
_writing: ContextVar[bool] = ContextVar("writing", default=False)


class Base(DeclarativeBase):
    """Every table of ours, with names for constraints from the first day on."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


Json = JSON().with_variant(JSONB(), "postgresql")


class Moment(TypeDecorator[datetime]):
    """A moment, aware in and aware out, UTC in the database. A naive time is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive time cannot be stored")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Revised:
    """A row that people edit: `revision` goes up with each change, so that nobody overwrites what they did not see."""

    revision: Mapped[int] = mapped_column(default=0)

    def expect(self, seen: int) -> None:
        """Raises `Conflict` when the row changed since revision `seen`; else counts this change.

        The count is read anew and its row locked: of two who saw the same, the second one waits and finds the first one's.
        """
        row: Any = self
        present: int | None = self.revision
        if inspect(row).persistent:
            present = db.session.scalar(select(type(row).revision).where(type(row).id == row.id).with_for_update())
        if present is None or present != seen:
            raise Conflict(self)
        self.revision = present + 1


db = SQLAlchemy(model_class=Base, session_options={"autoflush": True})


@contextlib.contextmanager
def writing() -> Iterator[None]:
    """Transactions begun inside may write: on SQLite they take the write lock at once (jobs and commands)."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


def _may_write() -> bool:
    return _writing.get() or (has_request_context() and request.method not in SAFE_METHODS)


def _on_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=15000", "synchronous=FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    """A deferred transaction that reads and then writes fails at once when somebody wrote between: so writers lock first."""
    immediate = _may_write()
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
    if immediate:
        connection.info["locked_at"] = time.perf_counter()


def _on_end(connection: Connection) -> None:
    locked_at = connection.info.pop("locked_at", None)
    if locked_at is not None:
        LOCK_SECONDS.observe(time.perf_counter() - locked_at)


def let_go(*rows: Any) -> None:
    """End the transaction without writing, so that its lock is free; `rows` stay readable as they are now."""
    for row in rows:
        state = inspect(row)
        if state.session is not None:
            if state.expired:
                db.session.refresh(row)
            db.session.expunge(row)
    db.session.rollback()


def note_lock() -> None:
    """Remember that the present transaction holds a row lock (PostgreSQL), so that its length is measured."""
    connection = db.session.connection()
    connection.info.setdefault("locked_at", time.perf_counter())


def prepare(engine: Engine) -> None:
    """Give one engine the behaviour above."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)
    event.listen(engine, "commit", _on_end)
    event.listen(engine, "rollback", _on_end)


def init_app(app: Flask) -> None:
    """Open the database of this app; its address comes from the settings."""
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
