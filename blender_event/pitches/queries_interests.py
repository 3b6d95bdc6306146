"""Named reads of who wants to think along: for organisers only."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager

from blender_event.core.database import db
from blender_event.core.text import email_key
from blender_event.pitches.models import Interest, Pitch
from blender_event.programme.models import Edition

PAGE = 50


def by_address(pitch: Pitch, email: str) -> Interest | None:
    """What this address left with this pitch."""
    asked = select(Interest).where(Interest.pitch_id == pitch.id, Interest.email_key == email_key(email))
    return db.session.scalars(asked).one_or_none()


def of_pitch(pitch: Pitch) -> Sequence[Interest]:
    """Who wants to think along with one pitch, the first first."""
    asked = select(Interest).where(Interest.pitch_id == pitch.id)
    return db.session.scalars(asked.order_by(Interest.created_at, Interest.id)).all()


def _of_edition(edition: Edition, pitch: int | None) -> Select[Interest]:
    asked = (
        select(Interest)
        .join(Pitch, Pitch.id == Interest.pitch_id)
        .where(Interest.edition_id == edition.id)
        .options(contains_eager(Interest.pitch))
        .order_by(Interest.created_at.desc(), Interest.id.desc())
    )
    return asked.where(Interest.pitch_id == pitch) if pitch is not None else asked


def number(edition: Edition, pitch: int | None = None) -> int:
    """How many people want to think along in an edition, or with one of its pitches."""
    asked = select(func.count()).select_from(Interest).where(Interest.edition_id == edition.id)
    return db.session.scalar(asked.where(Interest.pitch_id == pitch) if pitch is not None else asked) or 0


def number_since(edition: Edition, since: datetime) -> int:
    """How many people left word after a moment."""
    asked = select(func.count()).select_from(Interest)
    return db.session.scalar(asked.where(Interest.edition_id == edition.id, Interest.created_at > since)) or 0


def page(edition: Edition, *, pitch: int | None = None, page: int = 1) -> Sequence[Interest]:
    """One page of who wants to think along, the last first, with their pitches."""
    asked = _of_edition(edition, pitch).limit(PAGE).offset((page - 1) * PAGE)
    return db.session.scalars(asked).all()


def to_take_along(edition: Edition, *, pitch: int | None = None) -> Iterator[Interest]:
    """All of them, read in pieces."""
    yield from db.session.scalars(_of_edition(edition, pitch).execution_options(yield_per=500))


def pitches_with_interest(edition: Edition) -> list[tuple[int, str, int]]:
    """The pitches somebody wants to think along with: id, title and how many."""
    many = func.count(Interest.id)
    asked = (
        select(Pitch.id, Pitch.title, many)
        .join(Interest, Interest.pitch_id == Pitch.id)
        .where(Interest.edition_id == edition.id)
        .group_by(Pitch.id, Pitch.title)
        .order_by(many.desc(), Pitch.title, Pitch.id)
    )
    return [(number, title, int(amount)) for number, title, amount in db.session.execute(asked)]


def in_edition(edition: Edition, number: int) -> Interest | None:
    """What somebody left in this edition; another edition's is not there."""
    asked = select(Interest).where(Interest.edition_id == edition.id, Interest.id == number)
    return db.session.scalars(asked).one_or_none()
