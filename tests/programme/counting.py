"""Counts the SQL statements of a piece of a test."""

import contextlib

from sqlalchemy import event

from blender_event.core.database import db


@contextlib.contextmanager
def statements():
    """The statements sent to the database inside, without those that begin or end a transaction."""
    sent = []

    def note(_connection, _cursor, statement, *_more):
        if not statement.startswith(("BEGIN", "PRAGMA", "COMMIT", "ROLLBACK")):
            sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
