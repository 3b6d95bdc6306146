"""How often something may be asked: counted in Redis, or in a table, so that it holds over several processes."""

import sqlite3
import time
from typing import Any

from flask import Flask, abort, current_app, request
from limits import parse_many
from limits.storage import Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import Column, Float, Integer, String, Table, case, create_engine, delete, event, select
from sqlalchemy.dialects import postgresql, sqlite

from blender_event.core.database import SAFE_METHODS, Base, db, prepare, writing
from blender_event.core.logs import log

counts = Table(
    "rate_counts",
    Base.metadata,
    Column("key", String(300), primary_key=True),
    Column("amount", Integer, nullable=False),
    Column("expires_at", Float, nullable=False),  # seconds since 1970: counters are not moments of the event
)


def _need_not_last(connection: Any, _record: Any) -> None:
    """A counter may be lost in a power cut: its commit does not wait for the disk, so the lock is free sooner."""
    cursor = connection.cursor()
    if isinstance(connection, sqlite3.Connection):
        cursor.execute("PRAGMA synchronous=NORMAL")
    else:
        cursor.execute("SET SESSION synchronous_commit = off")
        connection.commit()
    cursor.close()


class TableStorage(Storage):
    """Fixed windows kept in `rate_counts`, on SQLite and PostgreSQL."""

    STORAGE_SCHEME = ["blender+table"]

    def __init__(
        self, uri: str | None = None, wrap_exceptions: bool = False, *, database_url: str = "", **_: Any
    ) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions)
        self.engine = create_engine(database_url, pool_pre_ping=True)
        prepare(self.engine)
        event.listen(self.engine, "connect", _need_not_last)
        self._insert = (sqlite if self.engine.dialect.name == "sqlite" else postgresql).insert

    @property
    def base_exceptions(self) -> type[Exception]:
        return Exception

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        now = time.time()
        fresh = self._insert(counts).values(key=key[:300], amount=amount, expires_at=now + expiry)
        lapsed = counts.c.expires_at <= now
        counted = fresh.on_conflict_do_update(
            index_elements=[counts.c.key],
            set_={
                "amount": case((lapsed, amount), else_=counts.c.amount + amount),
                "expires_at": case((lapsed, now + expiry), else_=counts.c.expires_at),
            },
        ).returning(counts.c.amount)
        with writing(), self.engine.begin() as connection:
            return int(connection.execute(counted).scalar_one())

    def get(self, key: str) -> int:
        with self.engine.connect() as connection:
            found = connection.execute(
                select(counts.c.amount).where(counts.c.key == key[:300], counts.c.expires_at > time.time())
            ).scalar()
        return int(found or 0)

    def get_expiry(self, key: str) -> float:
        with self.engine.connect() as connection:
            found = connection.execute(select(counts.c.expires_at).where(counts.c.key == key[:300])).scalar()
        return float(found or time.time())

    def check(self) -> bool:
        with self.engine.connect() as connection:
            connection.execute(select(1))
        return True

    def reset(self) -> int | None:
        with writing(), self.engine.begin() as connection:
            return connection.execute(delete(counts)).rowcount

    def clear(self, key: str) -> None:
        with writing(), self.engine.begin() as connection:
            connection.execute(delete(counts).where(counts.c.key == key[:300]))

    def forget_lapsed(self) -> None:
        """Remove counters whose time is over (the worker does this each hour)."""
        with writing(), self.engine.begin() as connection:
            connection.execute(delete(counts).where(counts.c.expires_at <= time.time()))


def init_app(app: Flask) -> None:
    """Limit form posts per address (BLENDER_LIMITS); public reading is never limited."""
    redis = app.config.get("REDIS_URL")
    tables = TableStorage(database_url=app.config["DATABASE_URL"])
    storage = storage_from_string(redis, socket_timeout=1, socket_connect_timeout=1) if redis else tables
    app.extensions["blender_limits"] = (storage, tables)

    @app.before_request
    def count_posts() -> None:
        if request.method not in SAFE_METHODS and not allowed("post", request.remote_addr or "", app.config["LIMITS"]):
            abort(429)


def allowed(what: str, who: str, rates: str) -> bool:
    """Count one try of `who` at `what`; False when any of `rates` ("5 per hour; 20 per day") is used up.

    Without Redis, or when it is gone, the table counts. A limit that cannot be counted never refuses anybody.
    Ask before anything is written: the table counts in a transaction of its own, for which this one lets go of its lock.
    """
    for storage in dict.fromkeys(current_app.extensions["blender_limits"]):
        if isinstance(storage, TableStorage):
            db.session.rollback()
        try:
            window = FixedWindowRateLimiter(storage)
            return all([window.hit(rate, what, who) for rate in parse_many(rates)])
        except Exception as fault:  # noqa: BLE001 - the storage is another server: whatever it says, people go on
            log.warning("limits not counted", storage=type(storage).__name__, fault=type(fault).__name__)
    return True
