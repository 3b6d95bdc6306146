"""Named reads of editions, drafts and releases; and the write lock of an edition."""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from blender_event.core.database import db, note_lock
from blender_event.people.models import Person, Role
from blender_event.programme import changes, snapshot
from blender_event.programme.models import (
    Edition,
    Format,
    Redaction,
    Release,
    Room,
    Session,
    SessionSpeaker,
    Speaker,
    Track,
)
from blender_event.programme.models_materials import Portrait
from blender_event.programme.snapshot import Programme

_MOST_KEPT = 24
_kept: "OrderedDict[tuple[str, int, int], Programme]" = OrderedDict()


def forget_kept() -> None:
    """Empty the memory of programmes (tests)."""
    _kept.clear()


def lock(edition: Edition) -> Edition:
    """Take the write lock of an edition, then see it as it is now. Call before counting or deciding anything.

    On SQLite a writing transaction already holds the only lock; on PostgreSQL this is `SELECT … FOR UPDATE`.
    Nothing may have been changed before in this transaction.
    """
    db.session.execute(
        select(Edition).where(Edition.id == edition.id).with_for_update().execution_options(populate_existing=True)
    ).scalar_one()
    note_lock()
    return edition


_BY_SLUG = select(Edition).where(Edition.slug == bindparam("slug"))


def edition_by_slug(slug: str) -> Edition | None:
    return db.session.execute(_BY_SLUG, {"slug": slug}).scalar_one_or_none()


def edition_by_id(number: int) -> Edition | None:
    return db.session.get(Edition, number)


_SHOWN = (
    Edition.uid, Edition.status, Edition.public_revision, Edition.zone, Edition.ends_on, Edition.ends_time,
    Edition.registration_mode, Edition.registration_opens_at, Edition.registration_closes_at, Edition.public_moments,
)  # fmt: skip
_AS_SHOWN = select(*(column.expression for column in _SHOWN)).where(
    Edition.id == bindparam("number"), Edition.status != "draft"
)


def as_shown(connection: Connection, number: int) -> Edition | None:
    """What decides which public answer of an edition is right, as a loose row of no session; None when it is not public."""
    row = connection.execute(_AS_SHOWN, {"number": number}).first()
    return Edition(**row._mapping) if row else None


def public_editions() -> Sequence[Edition]:
    """Every edition the public may know of, the latest first."""
    return db.session.scalars(select(Edition).where(Edition.status != "draft").order_by(Edition.starts_on.desc())).all()


def editions_of(person: Person) -> Sequence[Edition]:
    """The editions a person organises or helps, the latest first."""
    everywhere = any(role.edition_id is None for role in person.roles)
    asked = select(Edition).order_by(Edition.starts_on.desc())
    if not everywhere:
        mine = select(Role.edition_id).where(Role.person_id == person.id)
        asked = asked.where(Edition.id.in_(mine))
    return db.session.scalars(asked).all()


def coming(today: date) -> Edition | None:
    """The public edition that is next (or now), else the latest that was."""
    public = select(Edition).where(Edition.status != "draft")
    following = db.session.scalars(public.where(Edition.ends_on >= today).order_by(Edition.starts_on).limit(1)).first()
    return following or db.session.scalars(public.order_by(Edition.starts_on.desc()).limit(1)).first()


def revision_of_everything() -> int:
    """A number that goes up whenever any public edition changes: the cache key of pages over all editions."""
    from_editions = select(Edition.id, Edition.public_revision).where(Edition.status != "draft")
    return hash(tuple(map(tuple, db.session.execute(from_editions).all())))


def published(edition: Edition) -> Programme | None:
    """The programme the public sees, redactions applied; None when nothing was released. Kept in memory."""
    if edition.released_number is None:
        return None
    return published_number(edition, edition.released_number)


def published_number(edition: Edition, number: int) -> Programme | None:
    """Release `number` of an edition as it may be shown today."""
    key = (edition.uid, number, edition.public_revision)
    known = _kept.get(key)
    if known is not None:
        return known
    release = release_number(edition, number)
    if release is None:
        return None
    programme = snapshot.load(release.number, release.released_at, release.snapshot)
    programme = programme.without(redacted(edition)).showing(_portraits_shown(edition), _told(edition))
    _kept[key] = programme
    while len(_kept) > _MOST_KEPT:
        _kept.popitem(last=False)
    return programme


def _portraits_shown(edition: Edition) -> set[str]:
    """The codes of portraits that are still there, of people who agree that they are shown."""
    asked = select(Portrait.code).join(Portrait.speaker)
    return set(db.session.scalars(asked.where(Portrait.edition_id == edition.id, Speaker.consented_at.is_not(None))))


def _told(edition: Edition) -> set[str]:
    """The identities of whose biography and portrait may be shown: nobody who said no, and nobody whose row is gone with it."""
    asked = select(Speaker.uid).where(Speaker.edition_id == edition.id, Speaker.withheld_at.is_(None))
    return set(db.session.scalars(asked))


def release_number(edition: Edition, number: int) -> Release | None:
    asked = select(Release).where(Release.edition_id == edition.id, Release.number == number)
    return db.session.execute(asked).scalar_one_or_none()


def releases(edition: Edition) -> Sequence[Release]:
    """Every release without its snapshot's weight, the latest first."""
    asked = select(Release).where(Release.edition_id == edition.id).order_by(Release.number.desc())
    return db.session.scalars(asked.options(joinedload(Release.released_by))).all()


def told_since(edition: Edition, since: datetime | None) -> Sequence[Release]:
    """The releases of which people were told, oldest first; only those after `since`."""
    asked = (
        select(Release)
        .where(Release.edition_id == edition.id, Release.told, Release.number > 1)
        .order_by(Release.number)
    )
    return db.session.scalars(asked.where(Release.released_at > since) if since is not None else asked).all()


def changes_of(release: Release) -> list[changes.Change]:
    return changes.load(release.changes)


def redacted(edition: Edition) -> list[str]:
    """The identities of speakers who may no longer be shown."""
    return list(db.session.scalars(select(Redaction.speaker_uid).where(Redaction.edition_id == edition.id)))


def rooms(edition: Edition) -> Sequence[Room]:
    return db.session.scalars(select(Room).where(Room.edition_id == edition.id).order_by(Room.position, Room.id)).all()


def tracks(edition: Edition) -> Sequence[Track]:
    return db.session.scalars(
        select(Track).where(Track.edition_id == edition.id).order_by(Track.position, Track.id)
    ).all()


def formats(edition: Edition) -> Sequence[Format]:
    return db.session.scalars(
        select(Format).where(Format.edition_id == edition.id).order_by(Format.position, Format.id)
    ).all()


def speakers(edition: Edition) -> Sequence[Speaker]:
    """Everybody who speaks, by name, with their addresses."""
    asked = select(Speaker).where(Speaker.edition_id == edition.id).order_by(Speaker.position, Speaker.name)
    return db.session.scalars(asked.options(selectinload(Speaker.person).selectinload(Person.addresses))).all()


def sessions(edition: Edition) -> Sequence[Session]:
    """The draft, whole: every session with room, track, format and people, in a fixed number of statements."""
    asked = (
        select(Session)
        .where(Session.edition_id == edition.id)
        .order_by(Session.starts_at.is_(None), Session.starts_at, Session.id)
        .options(
            joinedload(Session.room),
            joinedload(Session.track),
            joinedload(Session.format),
            selectinload(Session.people).joinedload(SessionSpeaker.speaker),
        )
    )
    return db.session.scalars(asked).unique().all()


def session(edition: Edition, number: int) -> Session | None:
    """A session of this edition by id; another edition's is not there."""
    asked = select(Session).where(Session.edition_id == edition.id, Session.id == number)
    return db.session.scalars(asked).one_or_none()


def speaker(edition: Edition, number: int) -> Speaker | None:
    return db.session.scalars(
        select(Speaker).where(Speaker.edition_id == edition.id, Speaker.id == number)
    ).one_or_none()


def others_during(session: Session, starts_at: datetime | None, ends_at: datetime | None) -> Sequence[Session]:
    """The other sessions of the draft that go on during a time, cancelled ones left out."""
    if starts_at is None or ends_at is None:
        return []
    asked = (
        select(Session)
        .where(Session.edition_id == session.edition_id, Session.status == "planned")
        .where(Session.starts_at < ends_at, Session.ends_at > starts_at)
        .options(selectinload(Session.people).joinedload(SessionSpeaker.speaker), joinedload(Session.room))
    )
    if session.id is not None:
        asked = asked.where(Session.id != session.id)
    return db.session.scalars(asked).all()


def depends_on_room(room: Room) -> Sequence[Session]:
    return db.session.scalars(select(Session).where(Session.room_id == room.id)).all()


def depends_on_track(track: Track) -> Sequence[Session]:
    return db.session.scalars(select(Session).where(Session.track_id == track.id)).all()


def depends_on_format(kind: Format) -> Sequence[Session]:
    return db.session.scalars(select(Session).where(Session.format_id == kind.id)).all()


def depends_on_speaker(speaker: Speaker) -> Sequence[Session]:
    linked = select(SessionSpeaker.session_id).where(SessionSpeaker.speaker_id == speaker.id)
    return db.session.scalars(select(Session).where(Session.id.in_(linked))).all()


def speakers_by_uid(edition: Edition, uids: Sequence[str]) -> Sequence[Speaker]:
    """Speakers with their person and addresses, for letters."""
    asked = select(Speaker).where(Speaker.edition_id == edition.id, Speaker.uid.in_(uids))
    return db.session.scalars(asked.options(selectinload(Speaker.person).selectinload(Person.addresses))).all()


def speaking(person: Person, edition: Edition) -> Sequence[Speaker]:
    """Where a person speaks in this edition: for “my own talks”."""
    return db.session.scalars(
        select(Speaker).where(Speaker.edition_id == edition.id, Speaker.person_id == person.id)
    ).all()


def organisers_of(edition: Edition) -> Sequence[Person]:
    held = select(Role.person_id).where(
        Role.kind == "organiser", or_(Role.edition_id == edition.id, Role.edition_id.is_(None))
    )
    return db.session.scalars(select(Person).where(Person.id.in_(held)).options(selectinload(Person.addresses))).all()


def redactions_of(edition: Edition, speaker_uid: str) -> Sequence[Redaction]:
    asked = select(Redaction).where(Redaction.edition_id == edition.id, Redaction.speaker_uid == speaker_uid)
    return db.session.scalars(asked).all()


def session_count(edition: Edition) -> int:
    return db.session.scalar(select(func.count()).select_from(Session).where(Session.edition_id == edition.id)) or 0


def slugs_taken(kind: type[Room] | type[Track] | type[Format], edition: Edition) -> set[str]:
    return set(db.session.scalars(select(kind.slug).where(kind.edition_id == edition.id)))


def thing(kind: type[Room] | type[Track] | type[Format], edition: Edition, number: int) -> Room | Track | Format | None:
    """A room, theme or format of this edition; another edition's is not there."""
    found = db.session.get(kind, number)
    return found if isinstance(found, kind) and found.edition_id == edition.id else None


def last_redaction(edition: Edition) -> datetime | None:
    """When somebody was last taken out of what is published."""
    return db.session.scalar(select(func.max(Redaction.made_at)).where(Redaction.edition_id == edition.id))


def join_urls(edition: Edition) -> dict[str, str]:
    """The links to join online as released, by session: never public (PRODUCT §4)."""
    asked = select(Session.uid, Session.released_join_url).where(
        Session.edition_id == edition.id, Session.released_join_url != ""
    )
    return {row.uid: row.released_join_url for row in db.session.execute(asked)}
