"""What happens outside requests: Huey wakes a worker with a row's id, and a sweep finds whatever nobody was woken for.

The outbox row is the truth. A task that gets lost (a killed worker, an unreachable Redis) costs seconds, never a letter.
"""

import contextlib
import hashlib
import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey
from huey.consumer import Consumer
from sqlalchemy import event, make_url
from sqlalchemy.orm import Session

from blender_event import forgetting, orphans, previews
from blender_event.core import clock
from blender_event.core.database import db, writing
from blender_event.core.logs import log
from blender_event.mail import delivery, mailings, outbox
from blender_event.pitches import actions_drafts
from blender_event.programme import actions_materials

SWEEP_SECONDS = 20
HOUR = 3600
PAUSE = 10  # seconds without ringing after the queue could not be reached


class Bell:
    """Rings for a worker after a commit, from a thread of its own: no request waits for the queue or fails with it."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._lock = threading.Lock()
        self._huey: Huey | None = None
        self._thread: threading.Thread | None = None
        self._wanted: queue.SimpleQueue[tuple[str, int] | None] = queue.SimpleQueue()
        self._silent_until = 0.0

    @property
    def huey(self) -> Huey:
        """The engine, made when first needed: a command that writes no letter opens nothing."""
        with self._lock:
            if self._huey is None:
                self._huey = _engine(self.app.config)
                self._tasks = {
                    "deliver": self._huey.task(name="deliver")(self._job(delivery.deliver)),
                    "expand": self._huey.task(name="expand")(self._job(mailings.expand)),
                    "picture": self._huey.task(name="picture")(self._job(previews.make)),
                }
            return self._huey

    def ring(self, letters: Iterable[int], announced: Iterable[int], pictures: Iterable[int] = ()) -> None:
        """A worker should look at these committed rows. Returns at once and never fails: the sweep comes anyway."""
        for task, rows in (("deliver", letters), ("expand", announced), ("picture", pictures)):
            for row_id in rows:
                self._wanted.put((task, row_id))
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._pass_on, name="bell", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Pass on what was rung and let go of the queue: at the end of a command."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._wanted.put(None)
            thread.join(5)

    def _pass_on(self) -> None:
        while (wanted := self._wanted.get()) is not None:
            if time.monotonic() < self._silent_until:
                continue
            try:
                engine = self.huey
                engine.enqueue(self._tasks[wanted[0]].s(wanted[1]))
            except Exception as fault:  # noqa: BLE001 - the queue is another server: whatever it says, the row is stored
                self._silent_until = time.monotonic() + PAUSE
                log.warning("worker not woken", fault=type(fault).__name__)
        if self._huey is not None:
            self._huey.storage.close()

    def _job(self, work: Callable[[int], object]) -> Callable[[int], None]:
        def job(row_id: int) -> None:
            with self.app.app_context():
                try:
                    work(row_id)
                except Exception as fault:  # noqa: BLE001 - one failing job never stops the next
                    log.warning("job failed", job=work.__name__, row=row_id, fault=type(fault).__name__)

        return job


def sweep(app: Flask, stop: Callable[[], bool] = lambda: False) -> None:
    """Everything that waits: letters that are due, leases that ended, mailings that were interrupted, then pictures."""
    for work in (mailings.expand_all, lambda: delivery.deliver_due(stop), previews.make_waiting):
        with app.app_context():
            try:
                work()
            except Exception as fault:  # noqa: BLE001 - a database that is away comes back
                log.warning("sweep failed", fault=type(fault).__name__)


class Sweeper(threading.Thread):
    """Sweeps at the start, so that a restart picks up at once, and then every twenty seconds, whatever Huey's storage does."""

    def __init__(self, app: Flask, ended: threading.Event) -> None:
        super().__init__(name="sweeper", daemon=True)
        self.app = app
        self.ended = ended
        self._next_forgetting = 0.0

    def run(self) -> None:
        while not self.ended.is_set():
            sweep(self.app, self.ended.is_set)
            if time.monotonic() >= self._next_forgetting:
                self._next_forgetting = time.monotonic() + HOUR
                self._forget_counts()
                self._forget()
                self._forget_files()
                self._remind()
            self.ended.wait(SWEEP_SECONDS)

    def _forget_counts(self) -> None:
        _storage, tables = self.app.extensions["blender_limits"]
        with contextlib.suppress(Exception):
            tables.forget_lapsed()

    def _forget(self) -> None:
        """Nothing is kept longer than promised."""
        with self.app.app_context():
            try:
                gone = forgetting.forget()
            except Exception as fault:  # noqa: BLE001 - tried again in an hour
                log.warning("nothing forgotten", fault=type(fault).__name__)
            else:
                for one in gone:
                    log.info("forgotten", what=one.what, amount=one.amount, edition=one.edition)

    def _remind(self) -> None:
        """Whoever has a draft hears once that its call closes soon."""
        with self.app.app_context(), writing():
            try:
                actions_drafts.remind(now=clock.now())
                db.session.commit()
            except Exception as fault:  # noqa: BLE001 - tried again in an hour
                log.warning("nobody reminded", fault=type(fault).__name__)

    def _forget_files(self) -> None:
        """What nobody can find any more takes no room."""
        with self.app.app_context():
            try:
                orphans.sweep()
            except Exception as fault:  # noqa: BLE001 - tried again in an hour
                log.warning("files not swept", fault=type(fault).__name__)


class _Embedded(Consumer):
    """A consumer inside the web process, whose signals are the server's."""

    def _set_signal_handlers(self) -> None:
        pass


class Worker:
    """The consumer and the sweeper of one process."""

    def __init__(self, app: Flask, *, embedded: bool, threads: int = 2) -> None:
        kind = _Embedded if embedded else Consumer
        self.consumer = kind(
            app.extensions["blender_jobs"].huey,
            workers=threads,
            periodic=False,
            max_delay=1.0,
            scheduler_interval=30,
            shutdown_timeout=20,
            graceful_signal="TERM",
        )
        self.sweeper = Sweeper(app, self.consumer.stop_flag)

    def start(self) -> None:
        self.sweeper.start()
        self.consumer.start()

    def run(self) -> None:
        """Work in the foreground until SIGTERM or SIGINT; a letter on its way is finished first."""
        self.sweeper.start()
        try:
            self.consumer.run()
        finally:
            self.stop()

    def stop(self) -> None:
        self.consumer.stop(graceful=True)
        self.sweeper.join(20)


class _OncePerMinute(logging.Filter):
    """An unreachable queue is one line a minute, not one per try."""

    def __init__(self) -> None:
        super().__init__()
        self._last: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = record.exc_text = None
        now = time.monotonic()
        if now - self._last.get(record.msg, -60.0) < 60:
            return False
        self._last[record.msg] = now
        return True


def _engine(config: dict[str, Any]) -> Huey:
    """Redis where there is one, else the PostgreSQL database, else a file beside the SQLite database."""
    name = "blender" + hashlib.sha256(config["DATABASE_URL"].encode()).hexdigest()[:8]
    settings: dict[str, Any] = {"name": name, "results": False}
    if config.get("REDIS_URL"):
        from redis import ConnectionPool
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        # Huey blocks one second for the next task; more than five without an answer is an absent server.
        retry = Retry(NoBackoff(), 0)
        pool = ConnectionPool.from_url(config["REDIS_URL"], socket_connect_timeout=1, socket_timeout=5, retry=retry)
        return RedisHuey(connection_pool=pool, **settings)
    if config["DATABASE_URL"].startswith("postgresql"):
        return PostgresHuey(connection=_postgres(config["DATABASE_URL"]), **settings)
    return SqliteHuey(filename=str(Path(config["INSTANCE"]) / "jobs.db"), fsync=False, **settings)


def _postgres(address: str) -> Callable[[], Any]:
    """How Huey connects: its tables stand in a schema of their own, out of the way of migrations and backups."""
    import psycopg

    dsn = make_url(address).set(drivername="postgresql").render_as_string(hide_password=False)

    def connect() -> Any:
        connection = psycopg.connect(dsn, connect_timeout=2, autocommit=True)
        connection.execute("set client_min_messages to warning")
        with contextlib.suppress(psycopg.errors.UniqueViolation):
            connection.execute("create schema if not exists blender_jobs")
        connection.execute("set search_path to blender_jobs")
        return connection

    return connect


_RUNG = (outbox.POSTED, outbox.ANNOUNCED, actions_materials.WAKE)


def _after_commit(session: Session) -> None:
    """What was committed is told outside the transaction; a savepoint that ends is no commit."""
    if session.in_nested_transaction():
        return
    wanted = [session.info.pop(kind, {}) for kind in _RUNG]
    if any(wanted):
        current_app.extensions["blender_jobs"].ring(*wanted)


def _after_rollback(session: Session) -> None:
    if not session.in_nested_transaction():
        for kind in _RUNG:
            session.info.pop(kind, None)


event.listen(db.session, "after_commit", _after_commit)
event.listen(db.session, "after_rollback", _after_rollback)


def init_app(app: Flask) -> None:
    app.extensions["blender_jobs"] = Bell(app)
    for name in ("huey", "huey.consumer", "huey.consumer.Worker", "huey.consumer.Scheduler"):
        logger = logging.getLogger(name)
        if not any(isinstance(found, _OncePerMinute) for found in logger.filters):
            logger.addFilter(_OncePerMinute())
