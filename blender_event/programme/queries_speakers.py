"""Named reads about speakers: who somebody is in an edition, and which sessions are theirs."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from blender_event.core.database import db
from blender_event.people.models import Person
from blender_event.programme.models import Edition, Session, SessionSpeaker, Speaker


def speaker_of(edition: Edition, person: Person) -> Speaker | None:
    """Who this person is in this edition, if they speak there."""
    asked = select(Speaker).where(Speaker.edition_id == edition.id, Speaker.person_id == person.id)
    return db.session.scalars(asked.order_by(Speaker.id).limit(1)).first()


def speaks(person: Person, edition_id: int | None) -> bool:
    """Whether somebody speaks in this edition, or with None in any (the answer to `people.facts.speaks`)."""
    asked = select(Speaker.id).where(Speaker.person_id == person.id)
    if edition_id is not None:
        asked = asked.where(Speaker.edition_id == edition_id)
    return db.session.scalar(asked.limit(1)) is not None


def editions_spoken_in(person: Person) -> Sequence[Edition]:
    """The editions in which this person speaks, the latest first."""
    mine = select(Speaker.edition_id).where(Speaker.person_id == person.id)
    return db.session.scalars(select(Edition).where(Edition.id.in_(mine)).order_by(Edition.starts_on.desc())).all()


def sessions_of(speaker: Speaker) -> Sequence[Session]:
    """The sessions of a speaker in the draft, in order of time, with room, format and everybody in them."""
    mine = select(SessionSpeaker.session_id).where(SessionSpeaker.speaker_id == speaker.id)
    asked = (
        select(Session)
        .where(Session.id.in_(mine))
        .order_by(Session.starts_at.is_(None), Session.starts_at, Session.id)
        .options(
            joinedload(Session.room),
            joinedload(Session.format),
            selectinload(Session.people).joinedload(SessionSpeaker.speaker),
        )
    )
    return db.session.scalars(asked).unique().all()


def session_of(speaker: Speaker, number: int) -> Session | None:
    """One session of a speaker by id; somebody else's is not there."""
    mine = select(SessionSpeaker.session_id).where(SessionSpeaker.speaker_id == speaker.id)
    return db.session.scalars(select(Session).where(Session.id == number, Session.id.in_(mine))).one_or_none()
