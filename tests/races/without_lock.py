"""The control of the races: the real app with its lock taken out. Only the tests start it; the product has no such switch."""

import time

from sqlalchemy import event

from blender_event import create_app
from blender_event.core import database
from blender_event.core.database import db
from blender_event.programme import queries
from blender_event.registrations import queries as registration_queries

count = registration_queries.seats


def no_lock(edition):
    """Where the lock was there is nothing."""
    return edition


def count_and_wait(edition):
    """Between counting and writing a short pause, as on a busy disk: what the lock must cover becomes visible."""
    found = count(edition)
    time.sleep(0.02)
    return found


queries.lock = no_lock
registration_queries.seats = count_and_wait
app = create_app()
with app.app_context():
    if db.engine.dialect.name == "sqlite":
        event.remove(db.engine, "begin", database._on_begin)
