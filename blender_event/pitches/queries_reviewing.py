"""What a reviewer may read: the pitches that are theirs, and nothing of who sent them in where the call is blind."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from blender_event.core.database import db
from blender_event.people.models import Person
from blender_event.pitches import rules_judging as rules
from blender_event.pitches.models import Call, Pitch
from blender_event.pitches.models_judging import Assignment, Judge, Review
from blender_event.pitches.queries_judging import is_author
from blender_event.programme.models import Edition


@dataclass(frozen=True, slots=True)
class Mine:
    """A pitch on a reviewer's list: what it is, and what they said of it. It knows nothing of its authors."""

    id: int
    title: str
    kind: str
    call_id: int
    status: str
    themes: list[str]
    changed_at: datetime
    advice: str | None
    reviewed_at: datetime | None

    @property
    def is_changed(self) -> bool:
        """The submitter changed it after the review was written."""
        return self.reviewed_at is not None and self.changed_at > self.reviewed_at


def judges_of(person: Person, edition: Edition) -> Sequence[Judge]:
    """The calls of an edition this person judges."""
    asked = select(Judge).join(Call).where(Judge.person_id == person.id, Judge.edition_id == edition.id)
    return db.session.scalars(asked.options(joinedload(Judge.call)).order_by(Call.position, Call.id)).all()


def mine(person: Person, edition: Edition) -> list[Mine]:
    """Every pitch that is theirs to judge, in an order of their own: so that no pitch is everybody's last."""
    fields = (
        *(Pitch.id, Pitch.title, Pitch.kind, Pitch.call_id, Pitch.status, Pitch.themes, Pitch.changed_at),
        Review.advice,
        Review.changed_at.label("reviewed_at"),
    )
    asked = _theirs(select(*fields), person, edition)
    rows = db.session.execute(asked.outerjoin(Review, _by(person))).all()
    return sorted((Mine(*row) for row in rows), key=lambda one: _place(person.id, one.id))


def _place(person_id: int, pitch_id: int) -> bytes:
    return hashlib.sha256(f"{person_id}.{pitch_id}".encode()).digest()


def _by(person: Person) -> Any:
    return and_(Review.pitch_id == Pitch.id, Review.person_id == person.id)


def _theirs(asked: Any, person: Person, edition: Edition) -> Any:
    """Sent in, of a call they judge, given to them or to everyone; never one they sent in themselves."""
    given = and_(Assignment.pitch_id == Pitch.id, Assignment.person_id == person.id)
    return (
        asked.join(Call, Call.id == Pitch.call_id)
        .join(Judge, and_(Judge.call_id == Call.id, Judge.person_id == person.id))
        .outerjoin(Assignment, given)
        .where(Pitch.edition_id == edition.id, Pitch.status.in_(rules.SEEN), ~is_author(person.id))
        .where(or_(Call.judged_by == "everyone", Assignment.id.is_not(None)))
    )


def one_of(person: Person, edition: Edition, number: int) -> Pitch | None:
    """A pitch that is theirs, with its call and files; None for any other, whether it is there or not."""
    asked = _theirs(select(Pitch), person, edition).where(Pitch.id == number)
    whole = asked.options(joinedload(Pitch.call), joinedload(Pitch.edition), selectinload(Pitch.files))
    return db.session.scalars(whole).one_or_none()


def waiting(person: Person, edition: Edition, now: datetime) -> int:
    """How many pitches wait for this person's review."""
    is_open = or_(Call.judging_closes_at.is_(None), Call.judging_closes_at > now)
    asked = _theirs(select(func.count(Pitch.id)), person, edition).outerjoin(Review, _by(person))
    return db.session.scalar(asked.where(Pitch.status == "submitted", Review.id.is_(None), is_open)) or 0


def review_by(person: Person, pitch: Pitch) -> Review | None:
    """What this person wrote of the pitch."""
    asked = select(Review).where(Review.pitch_id == pitch.id, Review.person_id == person.id)
    return db.session.scalars(asked.execution_options(populate_existing=True)).one_or_none()
