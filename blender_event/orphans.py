"""Files that no row knows: what an upload left behind when the power failed, or a removal. And rows without their file."""

from datetime import timedelta

from sqlalchemy import Column, select

from blender_event.core import clock, storage, uploads
from blender_event.core.database import Base, db
from blender_event.core.logs import log

OLD_ENOUGH = timedelta(days=1)  # an upload on its way, or a backup being restored, has rows by then


def named() -> set[str]:
    """The key of every file a row names. A column that names a file is called `storage_key`."""
    return {key for column in _columns() for key in db.session.scalars(select(column)) if key}


def _columns() -> list[Column[str]]:
    return [table.c.storage_key for table in Base.metadata.sorted_tables if "storage_key" in table.c]


def sweep() -> int:
    """Remove the files that have been nobody's for a day; how many. The store is asked first: rows are only added later."""
    before = clock.now() - OLD_ENOUGH
    storage.forget_half_written(before.timestamp())
    uploads.forget_landed(before.timestamp())
    old = list(storage.written_before(before))
    known = named()
    db.session.rollback()
    gone = [key for key in old if key not in known and storage.is_ours(key)]
    for key in gone:
        storage.remove(key)
    if gone:
        log.info("files without a row removed", amount=len(gone))
    return len(gone)
