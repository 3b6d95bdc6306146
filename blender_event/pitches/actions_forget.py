"""Forget what was promised to be forgotten: drafts nobody can find again, pitches that were not chosen, what was said of them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, select

from blender_event.audit import actions as audit
from blender_event.core.database import Base, db
from blender_event.core.forgetting import Gone, is_over
from blender_event.pitches.models import Author, Interest, Pitch, PitchFile
from blender_event.pitches.models_judging import Assignment, Judge, Remark, Review
from blender_event.programme.models import Edition

DRAFTS_KEPT_FOR = timedelta(days=30)  # without an address nobody has a link to it
KEPT_FOR = timedelta(days=365)  # after the last day of the edition
CHOSEN = ("accepted", "confirmed")


def forget(*, now: datetime) -> list[Gone]:
    """Remove what is kept no longer; the caller commits, and then removes the files that are named.

    A draft without an address goes 30 days after its last change. Twelve months after the last day go the pitches that
    were not chosen, with all that hangs on them; what was said and attached about the chosen ones; and who offered to
    think along. A chosen pitch itself stays: it is where the session came from.
    """
    gone = list(_drafts(now))
    for edition in db.session.scalars(select(Edition).where(Edition.ends_on < now.date() - KEPT_FOR)).all():
        if is_over(edition.ends_on, KEPT_FOR, zone=edition.zone, now=now):
            gone += [one for one in _of_edition(edition) if one.amount]
    return gone


def _drafts(now: datetime) -> Iterator[Gone]:
    reached = exists().where(
        Author.pitch_id == Pitch.id, Author.accepted_at.is_not(None)
    )  # a letter with the link went
    old = [Pitch.status == "draft", Pitch.changed_at < now - DRAFTS_KEPT_FOR, ~reached]
    keys = _file_keys(*old)
    if amount := _remove(Pitch, *old):
        yield Gone("drafts without an address", amount, keys=keys)


def _of_edition(edition: Edition) -> Iterator[Gone]:
    here = Pitch.edition_id == edition.id
    theirs = select(Pitch.id).where(here)
    lost = [here, Pitch.status.not_in(CHOSEN)]
    keys = _file_keys(*lost)
    yield _noted(edition, "interest forgotten", "interest", _remove(Interest, Interest.edition_id == edition.id))
    yield _noted(edition, "pitches forgotten", "pitches that were not chosen", _remove(Pitch, *lost), keys)
    said = _remove(Review, Review.pitch_id.in_(theirs)) + _remove(Remark, Remark.pitch_id.in_(theirs))
    _remove(Assignment, Assignment.pitch_id.in_(theirs))
    _remove(Judge, Judge.edition_id == edition.id)
    yield _noted(edition, "judgements forgotten", "reviews and remarks", said)
    keys = _file_keys(here)
    yield _noted(
        edition, "attachments forgotten", "attachments", _remove(PitchFile, PitchFile.pitch_id.in_(theirs)), keys
    )


def _file_keys(*which: ColumnElement[bool]) -> list[str]:
    """The stored files of these pitches, asked before their rows go."""
    asked = select(PitchFile.storage_key).join(Pitch, Pitch.id == PitchFile.pitch_id).where(*which)
    return list(db.session.scalars(asked.order_by(PitchFile.id)))


def _remove(row: type[Base], *which: ColumnElement[bool]) -> int:
    """How many rows went; what hangs on them goes by the foreign keys."""
    table: Any = row
    asked = delete(row).where(*which).returning(table.id)
    return len(db.session.execute(asked.execution_options(synchronize_session=False)).all())


def _noted(edition: Edition, deed: str, what: str, amount: int, keys: list[str] | None = None) -> Gone:
    if amount:
        audit.note(deed, edition, by=None, new={"amount": amount})
    return Gone(what, amount, edition.slug, keys or ())
