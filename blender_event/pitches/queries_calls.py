"""Named reads of calls, for organisers: what hangs on each."""

from dataclasses import dataclass

from sqlalchemy import func, select

from blender_event.core.database import db
from blender_event.pitches import queries
from blender_event.pitches.models import Call, Pitch
from blender_event.programme.models import Edition

PUBLIC_STATES = ("submitted", "accepted", "waitlisted", "confirmed")  # of a pitch whose submitter agreed


@dataclass(frozen=True, slots=True)
class Counted:
    """A call with how many pitches were begun through it, sent in, and might be shown."""

    call: Call
    begun: int = 0
    sent_in: int = 0
    agreed: int = 0


def counted(edition: Edition) -> list[Counted]:
    """Every call of an edition with its numbers, in two statements."""
    sent_in = Pitch.status.not_in(("draft", "withdrawn"))
    agreed = Pitch.agreed_public & Pitch.status.in_(PUBLIC_STATES)
    asked = (
        select(Pitch.call_id, func.count(), func.count().filter(sent_in), func.count().filter(agreed))
        .where(Pitch.edition_id == edition.id)
        .group_by(Pitch.call_id)
    )
    numbers = {number: rest for number, *rest in db.session.execute(asked)}
    return [Counted(call, *numbers.get(call.id, ())) for call in queries.calls(edition)]


def call(edition: Edition, number: int) -> Call | None:
    """A call of this edition by id; another edition's is not there."""
    return db.session.scalars(select(Call).where(Call.edition_id == edition.id, Call.id == number)).one_or_none()


def pitches_of(call: Call) -> int:
    """How many pitches were begun through a call, drafts included."""
    return db.session.scalar(select(func.count()).select_from(Pitch).where(Pitch.call_id == call.id)) or 0


def slugs_taken(edition: Edition) -> set[str]:
    return set(db.session.scalars(select(Call.slug).where(Call.edition_id == edition.id)))
