"""Forget what speakers needed and could do, when their day is over."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update

from blender_event.audit import actions as audit
from blender_event.core.database import db
from blender_event.core.forgetting import Gone, is_over
from blender_event.programme.models import Edition, Speaker
from blender_event.programme.models_materials import SpeakerNeeds

NEEDS_KEPT_FOR = timedelta(days=14)


def forget(*, now: datetime) -> list[Gone]:
    """Fourteen days after the last day of an edition its speakers' needs, availability and equipment go; the caller commits."""
    gone = []
    told = or_(Speaker.availability != "", Speaker.equipment != "")
    kept = select(SpeakerNeeds.edition_id).union(select(Speaker.edition_id).where(told))
    for edition in db.session.scalars(select(Edition).where(Edition.id.in_(kept))).all():
        if is_over(edition.ends_on, NEEDS_KEPT_FOR, zone=edition.zone, now=now):
            gone += _of_edition(edition)
    return gone


def _of_edition(edition: Edition) -> list[Gone]:
    needs = delete(SpeakerNeeds).where(SpeakerNeeds.edition_id == edition.id).returning(SpeakerNeeds.id)
    told = or_(Speaker.availability != "", Speaker.equipment != "")
    practical = update(Speaker).where(Speaker.edition_id == edition.id, told).values(availability="", equipment="")
    removed = len(db.session.execute(needs.execution_options(synchronize_session=False)).all())
    emptied = len(
        db.session.execute(practical.returning(Speaker.id).execution_options(synchronize_session=False)).all()
    )
    audit.note("needs of speakers forgotten", edition, by=None, new={"amount": max(removed, emptied)})
    found = [
        Gone("needs of speakers", removed, edition.slug),
        Gone("availability and equipment of speakers", emptied, edition.slug),
    ]
    return [one for one in found if one.amount]
