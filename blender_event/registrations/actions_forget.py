"""Forget what was promised to be forgotten: needs first, then links that are over."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from blender_event.audit import actions as audit
from blender_event.core.database import db
from blender_event.core.forgetting import Gone, is_over
from blender_event.programme.models import Edition
from blender_event.registrations.models import FreshLink, Needs, Registration

NEEDS_KEPT_FOR = timedelta(days=14)


def forget(*, now: datetime) -> list[Gone]:
    """Remove needs fourteen days after the last day of their edition, and links that ended a day ago; the caller commits."""
    db.session.execute(
        delete(FreshLink)
        .where(FreshLink.expires_at < now - timedelta(days=1))
        .execution_options(synchronize_session=False)
    )
    gone = []
    with_needs = select(Registration.edition_id).join(Needs, Needs.registration_id == Registration.id).distinct()
    for edition in db.session.scalars(select(Edition).where(Edition.id.in_(with_needs))).all():
        if is_over(edition.ends_on, NEEDS_KEPT_FOR, zone=edition.zone, now=now):
            gone.append(Gone("needs of attendees", _forget_needs(edition), edition.slug))
    return gone


def _forget_needs(edition: Edition) -> int:
    theirs = select(Registration.id).where(Registration.edition_id == edition.id)
    asked = delete(Needs).where(Needs.registration_id.in_(theirs)).returning(Needs.id)
    removed = len(db.session.execute(asked.execution_options(synchronize_session=False)).all())
    audit.note("needs forgotten", edition, by=None, new={"amount": removed})
    return removed
