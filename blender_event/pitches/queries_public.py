"""Named reads for the public side of pitches: which calls there are, and what may be read of what was sent in."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from blender_event.core.database import db
from blender_event.pitches import rules_calls
from blender_event.pitches.models import Call
from blender_event.programme.models import Edition


def calls(edition: Edition) -> Sequence[Call]:
    """The calls the public may know of, in the organisers' order: a call without a beginning is still being prepared."""
    asked = select(Call).where(Call.edition_id == edition.id, Call.opens_at.is_not(None))
    return db.session.scalars(asked.order_by(Call.position, Call.id)).all()


def open_calls(edition: Edition, now: datetime) -> list[Call]:
    """The calls that take pitches now."""
    return [call for call in calls(edition) if rules_calls.phase(call, now) == "open"]


def call(edition: Edition, slug: str) -> Call | None:
    """A call of this edition that the public may know of."""
    asked = select(Call).where(Call.edition_id == edition.id, Call.slug == slug, Call.opens_at.is_not(None))
    return db.session.scalars(asked).one_or_none()
