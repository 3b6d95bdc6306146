"""Named reads about speakers: who somebody is in an edition, and which sessions are theirs."""

from collections.abc import Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from blender_event.core import links
from blender_event.core.database import db
from blender_event.core.links import Purpose
from blender_event.people.models import Person
from blender_event.programme import queries, rules_speakers
from blender_event.programme.models import Edition, Session, SessionSpeaker, Speaker
from blender_event.programme.models_materials import Material, MaterialVersion, Portrait, SpeakerNeeds


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


def others_of(edition: Edition, person: Person, besides: Speaker) -> Sequence[Speaker]:
    """The other rows of this person in this edition: there should be none."""
    asked = select(Speaker).where(Speaker.edition_id == edition.id, Speaker.person_id == person.id)
    return db.session.scalars(asked.where(Speaker.id != besides.id) if besides.id else asked).all()


def with_slides(edition: Edition) -> set[int]:
    """The sessions that have slides: a file, or a link to them."""
    shown = (Material.edition_id == edition.id, Material.removed_at.is_(None), Material.kind.in_(("slides", "link")))
    kept = Material.url != "", select(MaterialVersion.id).where(MaterialVersion.material_id == Material.id).exists()
    return set(db.session.scalars(select(Material.session_id).where(*shown, or_(*kept))))


def lacking(edition: Edition, kind: str) -> list[Speaker]:
    """Who may be reminded of `kind` (confirm, biography or slides), by name."""
    sessions, slides = queries.sessions(edition), with_slides(edition)
    return [one for one in queries.speakers(edition) if rules_speakers.lacks(one, kind, sessions, slides)]


def portraits_of(speaker: Speaker) -> Sequence[Portrait]:
    return db.session.scalars(select(Portrait).where(Portrait.speaker_id == speaker.id).order_by(Portrait.id)).all()


def portrait(code: str) -> Portrait | None:
    return db.session.scalars(select(Portrait).where(Portrait.code == code)).one_or_none() if code else None


def published_portrait(edition: Edition, speaker: Speaker) -> str:
    """The code of the portrait that the present release shows of somebody; empty when it shows none."""
    programme = queries.published(edition)
    voice = programme.voice(speaker.slug) if programme else None
    return voice.portrait if voice else ""


def needs_of(speaker: Speaker) -> SpeakerNeeds | None:
    return db.session.scalars(select(SpeakerNeeds).where(SpeakerNeeds.speaker_id == speaker.id)).one_or_none()


def needs_count(edition: Edition) -> int:
    """How many speakers asked for something; not what."""
    asked = select(func.count()).select_from(SpeakerNeeds).where(SpeakerNeeds.edition_id == edition.id)
    return db.session.scalar(asked) or 0


def needs_by_name(edition: Edition) -> Sequence[SpeakerNeeds]:
    asked = select(SpeakerNeeds).join(SpeakerNeeds.speaker).where(SpeakerNeeds.edition_id == edition.id)
    return db.session.scalars(asked.options(contains_eager(SpeakerNeeds.speaker)).order_by(Speaker.name)).all()


def earlier_profiles(speaker: Speaker) -> Sequence[Speaker]:
    """Who the same person was in other editions, the latest first, when there is something to take over."""
    if speaker.person_id is None:
        return []
    asked = (
        select(Speaker)
        .join(Edition, Edition.id == Speaker.edition_id)
        .where(Speaker.person_id == speaker.person_id, Speaker.edition_id != speaker.edition_id)
        .where(or_(Speaker.biography != "", Speaker.role != "", Speaker.organisation != ""))
        .order_by(Edition.starts_on.desc(), Speaker.id.desc())
    )
    return db.session.scalars(asked).all()


def feed_token(speaker: Speaker) -> str:
    """The token of a speaker's own calendar."""
    return links.derive(Purpose.SPEAKER_FEED, speaker.id, speaker.feed_version)


def by_feed_token(token: str) -> Speaker | None:
    """Whose calendar a feed address is; None when it proves nothing."""
    number = links.row_id(token)
    found = db.session.get(Speaker, number) if number is not None else None
    if found is not None and links.proves(token, Purpose.SPEAKER_FEED, found.id, found.feed_version):
        return found
    return None


def feed_address(number: int, language: str) -> str:
    """The address of a speaker's own calendar."""
    speaker = db.session.get_one(Speaker, number)
    return links.address("calendars.personal_feed", language=language, token=feed_token(speaker))
