"""One promise of a letter to many becomes a letter for each: batch by batch, so that it can be resumed anywhere."""

from collections.abc import Callable

from sqlalchemy import select

from blender_event.core import clock
from blender_event.core.database import db, writing
from blender_event.core.logs import log
from blender_event.mail import queries
from blender_event.mail.models import Mailing

BATCH = 50
Writer = Callable[[Mailing, int], object]
_writers: dict[str, Writer] = {}


def expands(kind: str, writer: Writer) -> None:
    """Mailings of this kind become letters by `writer(mailing, id)`, which puts one letter in the outbox (or none)."""
    _writers[kind] = writer


def expand_all() -> None:
    """Finish every mailing that is not finished."""
    unfinished = queries.unfinished_mailings()
    db.session.rollback()
    for mailing_id in unfinished:
        expand(mailing_id)


def expand(mailing_id: int) -> None:
    """Write all letters of a mailing, each batch in a transaction of its own. Commits."""
    more = True
    while more:
        with writing():
            more = expand_some(mailing_id)
            db.session.commit()


def expand_some(mailing_id: int) -> bool:
    """Write the letters of the next batch, in the caller's transaction; True while there are more.

    Letters and progress are committed together: whatever happens in between, nobody is told twice and nobody missed.
    Somebody whose letter cannot be written is noted on the mailing and does not stop the others.
    """
    asked = select(Mailing).where(Mailing.id == mailing_id).with_for_update(skip_locked=True)
    mailing = db.session.scalar(asked.execution_options(populate_existing=True))
    if mailing is None or mailing.finished_at is not None:
        return False
    batch = mailing.audience[mailing.done : mailing.done + BATCH]
    for row_id in batch:
        _write(mailing, row_id)
    mailing.done += len(batch)
    if mailing.done >= len(mailing.audience):
        mailing.finished_at = clock.now()
    db.session.flush()
    return mailing.finished_at is None


def _write(mailing: Mailing, row_id: int) -> None:
    try:
        with db.session.begin_nested():
            _writers[mailing.kind](mailing, row_id)
    except Exception as fault:  # noqa: BLE001 - one poisoned row must not silence the rest
        log.exception("mailing left somebody out", mailing=mailing.id, row=row_id, fault=type(fault).__name__)
        mailing.faults = [*mailing.faults, row_id]
