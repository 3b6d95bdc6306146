"""What stands under the tests: real databases, one app on each, and how they become empty again."""

import contextvars
import functools
import os
import re
import sys
import uuid
from pathlib import Path
from types import FunctionType

import psycopg
import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select

from blender_event import create_app
from blender_event.core.caching import Shelf
from blender_event.core.database import Base, db
from blender_event.mail import delivery, mailings
from blender_event.mail.models import Letter

BASE_URL = "https://blender.example.org"
KEY = "a key for tests only, longer than 32 characters"
POSTGRES = "postgresql://postgres@127.0.0.1:5432/postgres"


def settings(instance, database_url, **more):
    """The settings of an app under test; `more` wins."""
    return {
        "TESTING": True,
        "INSTANCE": str(instance),
        "DATABASE_URL": database_url,
        "BASE_URL": BASE_URL,
        "SECRET_KEY": KEY,
        "MAIL_SENDER": "blender@example.org",
        "LIMITS": "100000 per minute",
    } | more


def an_app(folder, database_url=None, **more):
    """Another app with its own settings and empty tables. Give it to `let_go` afterwards."""
    made = create_app(settings(folder, database_url or f"sqlite:///{Path(folder) / 'other.db'}", **more))
    made.test_client_class = Client
    with made.app_context():
        Base.metadata.create_all(db.engine)
    return made


def let_go(made):
    """Close every connection of an app."""
    bell = made.extensions.get("blender_jobs")
    if bell is not None:
        bell.close()
    with made.app_context():
        db.session.remove()
        db.engine.dispose()
    for storage in made.extensions.get("blender_limits", ()):
        if hasattr(storage, "engine"):
            storage.engine.dispose()


class Client(FlaskClient):
    """A browser's connection: each request has a context, and so a database session, of its own."""

    def open(self, *args, **kwargs):
        kwargs.setdefault("base_url", BASE_URL)
        kwargs.setdefault("buffered", True)  # a file that is sent is closed again
        db.session.rollback()
        response = contextvars.Context().run(super().open, *args, **kwargs)
        db.session.rollback()
        return response


def postgres_address():
    """The server's address as libpq reads it. Skips the test when no server answers there."""
    address = os.environ.get("BLENDER_TEST_POSTGRES", POSTGRES).replace("+psycopg:", ":", 1)
    if not _answers(address):
        pytest.skip(f"no PostgreSQL at {address}")
    return address


@functools.cache
def _answers(address):
    """Asked once: a server that is not there would be waited for by each test."""
    try:
        psycopg.connect(address, connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


class PostgresDatabase:
    """A fresh database on the test server, dropped again by `drop`."""

    def __init__(self, settled=True):
        self.server = postgres_address()
        self.name = f"blender_test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{uuid.uuid4().hex[:8]}"
        self.tell(f'CREATE DATABASE "{self.name}" TEMPLATE template0 ENCODING UTF8')
        if not settled:
            self.tell(f'ALTER DATABASE "{self.name}" SET synchronous_commit = off')
        start, _slash, _old = self.server.rpartition("/")
        self.url = f"{start}/{self.name}"

    def tell(self, words):
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(words)

    def drop(self):
        self.tell(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')


class Ground:
    """One app on one database, kept over the tests of a worker."""

    def __init__(self, folder, name):
        self.postgres = PostgresDatabase(settled=False) if name == "postgresql" else None
        url = self.postgres.url if self.postgres else f"sqlite:///{folder / 'blender.db'}"
        self.flask = an_app(folder, url)
        self.written = set()
        self.stored = Path(folder)
        with self.flask.app_context():
            self._watch(db.engine)
        self.written = {table.name for table in Base.metadata.sorted_tables}

    def _watch(self, engine):
        """Remember which tables get rows; and let a test database not wait for the disk."""

        @event.listens_for(engine, "before_cursor_execute")
        def note(_connection, _cursor, statement, *_more):
            found = re.match(r'\s*(?:INSERT|COPY)\s+(?:OR \w+ )?INTO\s+"?(\w+)', statement, re.IGNORECASE)
            if found:
                self.written.add(found[1])

        if engine.dialect.name == "sqlite":

            @event.listens_for(engine, "connect")
            def hurry(connection, _record):
                connection.execute("PRAGMA synchronous=OFF").close()

    def empty(self):
        """As if nothing had ever happened: no rows, no letters in the folder, nothing remembered."""
        tables = [
            table for table in reversed(Base.metadata.sorted_tables) if table.name in self.written | {"rate_counts"}
        ]
        with self.flask.app_context(), db.engine.begin() as connection:
            for table in tables:
                connection.execute(table.delete())
        self.written.clear()
        for folder in ("mail", "uploads"):
            for file in (self.stored / folder).rglob("*"):
                if file.is_file():
                    file.unlink()
        forget_everything()

    def close(self):
        let_go(self.flask)
        if self.postgres:
            self.postgres.drop()


class Grounds:
    """The grounds of this worker, each made when a test first asks for it."""

    def __init__(self, folder):
        self.folder = folder
        self.made = {}

    def app(self, name):
        if name not in self.made:
            folder = self.folder / name
            folder.mkdir(exist_ok=True)
            self.made[name] = Ground(folder, name)
        return self.made[name]

    def close(self):
        for made in self.made.values():
            made.close()


def forget_everything():
    """Empty every memory inside the process: shelves of pages, and functions that remember answers."""
    for name, module in list(sys.modules.items()):
        if not name.startswith("blender_event"):
            continue
        for thing in list(vars(module).values()):
            if isinstance(thing, Shelf):
                thing.clear()
            elif isinstance(thing, FunctionType):
                getattr(thing, "forget", _nothing)()
            elif isinstance(thing, functools._lru_cache_wrapper):
                thing.cache_clear()


def _nothing():
    """A function without a memory has nothing to forget."""


class Worker:
    """What `blender worker` does, one round at a time and inside the test."""

    def __init__(self, app):
        self.app = app

    def run(self):
        """Make mailings into letters, then deliver every letter that is due now."""
        contextvars.Context().run(self._run)
        db.session.rollback()

    def _run(self):
        with self.app.app_context():
            mailings.expand_all()
            delivery.deliver_due()


def letters(*, to=None, kind=None, status=None):
    """Rows of the outbox in the order they were written, narrowed by address, kind or status."""
    db.session.rollback()
    rows = db.session.scalars(select(Letter).order_by(Letter.id)).all()
    return [
        row
        for row in rows
        if (to is None or row.to_email == to)
        and (kind is None or row.kind == kind)
        and (status is None or row.status == status)
    ]
