"""The control of the races: the real app with its lock taken out. Only the tests start it; the product has no such switch."""

import time

from sqlalchemy import event

from blender_event import create_app
from blender_event.core import database
from blender_event.core.database import db
from blender_event.programme import queries


def no_lock(edition):
    """Where the lock was, a short pause: a busy disk is enough to make the race visible."""
    time.sleep(0.02)
    return edition


queries.lock = no_lock
app = create_app()
with app.app_context():
    if db.engine.dialect.name == "sqlite":
        event.remove(db.engine, "begin", database._on_begin)
