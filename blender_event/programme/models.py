"""An edition and what it is made of: the draft organisers work on, and the releases the public sees."""

import uuid
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from blender_event.core import text
from blender_event.core.database import Base, Json, Moment, Revised
from blender_event.core.links import first_version
from blender_event.people.models import Person


def new_uid() -> str:
    """A random identity for calendars and exchange formats: a UUID, never derived from anything."""
    return str(uuid.uuid4())


class Edition(Revised, Base):
    """One day (or few) of the event. `status` is what organisers decided; being past follows from the dates."""

    __tablename__ = "editions"
    __table_args__ = (
        CheckConstraint("status IN ('draft','announced','open','closed','cancelled','postponed')", name="known_status"),
        CheckConstraint("registration_mode IN ('own','external','none')", name="known_registration_mode"),
        CheckConstraint("capacity_onsite IS NULL OR capacity_onsite >= 0", name="capacity_onsite_positive"),
        CheckConstraint("capacity_online IS NULL OR capacity_online >= 0", name="capacity_online_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(36), unique=True, default=new_uid)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    ordinal: Mapped[int | None]
    motto: Mapped[str] = mapped_column(String(200), default="")
    kind: Mapped[str] = mapped_column(String(20), default="networking_day")
    status: Mapped[str] = mapped_column(String(12), default="draft")
    status_note: Mapped[str] = mapped_column(Text, default="")
    is_example: Mapped[bool] = mapped_column(default=False)

    starts_on: Mapped[date]
    ends_on: Mapped[date]
    starts_time: Mapped[time | None]  # local in `zone`; None: the hour is not known
    ends_time: Mapped[time | None]
    zone: Mapped[str] = mapped_column(String(60), default="Europe/Brussels")

    venue_name: Mapped[str] = mapped_column(String(200), default="")
    street: Mapped[str] = mapped_column(String(200), default="")
    postcode: Mapped[str] = mapped_column(String(20), default="")
    city: Mapped[str] = mapped_column(String(100), default="")
    country: Mapped[str] = mapped_column(String(2), default="BE")

    intro: Mapped[str] = mapped_column(Text, default="")
    intro_html: Mapped[str] = mapped_column(Text, default="")
    route: Mapped[str] = mapped_column(Text, default="")
    route_html: Mapped[str] = mapped_column(Text, default="")
    accessibility: Mapped[str] = mapped_column(Text, default="")
    accessibility_html: Mapped[str] = mapped_column(Text, default="")
    confirmation_note: Mapped[str] = mapped_column(Text, default="")
    audiences: Mapped[list[str]] = mapped_column(Json, default=list)
    organisers: Mapped[list[str]] = mapped_column(Json, default=list)
    groups: Mapped[list[str]] = mapped_column(Json, default=list)
    organiser_name: Mapped[str] = mapped_column(String(200), default="")
    contact_email: Mapped[str] = mapped_column(String(320), default="")
    contact_phone: Mapped[str] = mapped_column(String(60), default="")
    price_note: Mapped[str] = mapped_column(String(200), default="")
    online_note: Mapped[str] = mapped_column(String(200), default="")
    source_label: Mapped[str] = mapped_column(String(200), default="")
    source_url: Mapped[str] = mapped_column(String(500), default="")

    registration_mode: Mapped[str] = mapped_column(String(10), default="own")
    registration_url: Mapped[str] = mapped_column(String(500), default="")
    registration_opens_at: Mapped[datetime | None] = mapped_column(Moment)
    registration_closes_at: Mapped[datetime | None] = mapped_column(Moment)
    offers_onsite: Mapped[bool] = mapped_column(default=True)
    offers_online: Mapped[bool] = mapped_column(default=False)
    capacity_onsite: Mapped[int | None]  # None: no limit
    capacity_online: Mapped[int | None]
    has_waiting_list: Mapped[bool] = mapped_column(default=True)
    join_url: Mapped[str] = mapped_column(String(500), default="")  # never public (PRODUCT §4)

    public_revision: Mapped[int] = mapped_column(default=0)
    released_number: Mapped[int | None]
    draft_changed_at: Mapped[datetime | None] = mapped_column(Moment)
    has_recap: Mapped[bool] = mapped_column(default=False)
    confirm_by: Mapped[date | None]  # what is asked of speakers, and by when
    words_by: Mapped[date | None]
    slides_by: Mapped[date | None]
    public_moments: Mapped[list[int]] = mapped_column(Json, default=list)  # when materials become public, Unix seconds
    sequence: Mapped[int] = mapped_column(default=0)
    calendar_changed_at: Mapped[datetime] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)

    @property
    def starts_at(self) -> datetime | None:
        """The aware beginning, or None when the hour is not known."""
        return self._moment(self.starts_on, self.starts_time)

    @property
    def ends_at(self) -> datetime | None:
        return self._moment(self.ends_on, self.ends_time)

    def _moment(self, day: date, hour: time | None) -> datetime | None:
        return None if hour is None else datetime.combine(day, hour, ZoneInfo(self.zone))

    @property
    def place(self) -> str:
        """The address on one line, for calendars and letters."""
        town = " ".join(part for part in (self.postcode, self.city) if part)
        return ", ".join(part for part in (self.venue_name, self.street, town) if part)

    @property
    def has_programme(self) -> bool:
        return self.released_number is not None

    @property
    def is_public(self) -> bool:
        return self.status != "draft"

    def capacity(self, attendance: str) -> int | None:
        """How many may come in this way (`onsite` or `online`); None means no limit."""
        return self.capacity_onsite if attendance == "onsite" else self.capacity_online

    def offers(self, attendance: str) -> bool:
        return self.offers_onsite if attendance == "onsite" else self.offers_online

    def shown_changed(self) -> None:
        """What the public sees is another thing from this transaction on."""
        self.public_revision += 1


class Room(Base):
    __tablename__ = "rooms"
    __table_args__ = (UniqueConstraint("edition_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id", ondelete="CASCADE"))
    uid: Mapped[str] = mapped_column(String(36), unique=True, default=new_uid)
    slug: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(120))
    floor: Mapped[str] = mapped_column(String(120), default="")
    access_note: Mapped[str] = mapped_column(String(300), default="")
    capacity: Mapped[int | None]
    is_online: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)
    link_version: Mapped[int] = mapped_column(default=first_version)  # of the page for the computer in the room


class Track(Base):
    """A theme. `colour` is one of the eight pairs of colour and glyph of the design."""

    __tablename__ = "tracks"
    __table_args__ = (
        UniqueConstraint("edition_id", "slug"),
        CheckConstraint("colour BETWEEN 1 AND 8", name="known_colour"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id", ondelete="CASCADE"))
    slug: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(120))
    colour: Mapped[int] = mapped_column(default=1)
    position: Mapped[int] = mapped_column(default=0)


class Format(Base):
    """What kind of session: `is_plenary` is for everyone, `is_break` is nobody's to sign up for."""

    __tablename__ = "formats"
    __table_args__ = (UniqueConstraint("edition_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id", ondelete="CASCADE"))
    slug: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(120))
    is_plenary: Mapped[bool] = mapped_column(default=False)
    is_break: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)


class Speaker(Revised, Base):
    """A person in an edition: role and organisation change between years."""

    __tablename__ = "speakers"
    __table_args__ = (
        UniqueConstraint("edition_id", "code"),
        CheckConstraint("status IN ('invited','confirmed')", name="known_status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    uid: Mapped[str] = mapped_column(String(36), unique=True, default=new_uid)
    code: Mapped[str] = mapped_column(String(12), default=text.code)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(200), default="")
    organisation: Mapped[str] = mapped_column(String(200), default="")
    unit: Mapped[str] = mapped_column(String(200), default="")
    biography: Mapped[str] = mapped_column(Text, default="")
    biography_html: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[str] = mapped_column(String(10), default="invited")
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)  # by the speaker
    declined_at: Mapped[datetime | None] = mapped_column(Moment)  # “ik kan niet”: still invited, organisers decide
    decline_reason: Mapped[str] = mapped_column(Text, default="")  # for organisers
    availability: Mapped[str] = mapped_column(Text, default="")  # for organisers
    equipment: Mapped[str] = mapped_column(Text, default="")  # technical needs, for organisers
    consented_at: Mapped[datetime | None] = mapped_column(Moment)  # agreed that profile and portrait are shown
    withheld_at: Mapped[datetime | None] = mapped_column(Moment)  # said no to that, or took the yes back
    portrait_code: Mapped[str] = mapped_column(String(12), default="")
    reminded: Mapped[dict[str, str]] = mapped_column(Json, default=dict)  # kind of reminder → when (ISO 8601, UTC)
    feed_version: Mapped[int] = mapped_column(default=first_version)
    position: Mapped[int] = mapped_column(default=0)
    is_released: Mapped[bool] = mapped_column(default=False)

    person: Mapped[Person | None] = relationship()

    @property
    def slug(self) -> str:
        return f"{text.slug(self.name)}-{self.code}".strip("-")


class SessionSpeaker(Base):
    """Who speaks, hosts or moderates a session, in which order."""

    __tablename__ = "session_speakers"
    __table_args__ = (CheckConstraint("role IN ('speaker','host','moderator')", name="known_role"),)

    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True)
    speaker_id: Mapped[int] = mapped_column(ForeignKey("speakers.id", ondelete="CASCADE"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(10), default="speaker")
    position: Mapped[int] = mapped_column(default=0)

    speaker: Mapped[Speaker] = relationship()


class Session(Revised, Base):
    """A point of the programme in the draft. `sequence` and `changed_at` belong to what was last published."""

    __tablename__ = "sessions"
    __table_args__ = (
        UniqueConstraint("edition_id", "code"),
        Index(None, "edition_id", "starts_at"),
        CheckConstraint("status IN ('planned','cancelled')", name="known_status"),
        CheckConstraint("(starts_at IS NULL) = (ends_at IS NULL)", name="slot_is_whole"),
        CheckConstraint("ends_at IS NULL OR ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("capacity IS NULL OR capacity >= 0", name="capacity_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id", ondelete="CASCADE"))
    uid: Mapped[str] = mapped_column(String(36), unique=True, default=new_uid)
    code: Mapped[str] = mapped_column(String(12), default=text.code)
    title: Mapped[str] = mapped_column(String(200), default="")  # empty: the contribution has no title of its own
    subject: Mapped[str] = mapped_column(String(300), default="")
    status: Mapped[str] = mapped_column(String(10), default="planned")
    starts_at: Mapped[datetime | None] = mapped_column(Moment)
    ends_at: Mapped[datetime | None] = mapped_column(Moment)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("rooms.id", ondelete="SET NULL"), index=True)
    track_id: Mapped[int | None] = mapped_column(ForeignKey("tracks.id", ondelete="SET NULL"), index=True)
    format_id: Mapped[int | None] = mapped_column(ForeignKey("formats.id", ondelete="SET NULL"), index=True)
    language: Mapped[str] = mapped_column(String(2), default="nl")
    level: Mapped[str] = mapped_column(String(12), default="")  # starter, advanced, everyone or unknown
    is_onsite: Mapped[bool] = mapped_column(default=True)
    is_online: Mapped[bool] = mapped_column(default=False)
    capacity: Mapped[int | None]
    abstract: Mapped[str] = mapped_column(Text, default="")
    description: Mapped[str] = mapped_column(Text, default="")
    description_html: Mapped[str] = mapped_column(Text, default="")
    takeaways: Mapped[list[str]] = mapped_column(Json, default=list)
    audience: Mapped[str] = mapped_column(Text, default="")
    bring: Mapped[str] = mapped_column(Text, default="")
    accessibility: Mapped[str] = mapped_column(Text, default="")
    partners: Mapped[list[str]] = mapped_column(Json, default=list)
    join_url: Mapped[str] = mapped_column(String(500), default="")  # never public (PRODUCT §4)
    released_join_url: Mapped[str] = mapped_column(String(500), default="")
    sequence: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime | None] = mapped_column(Moment)
    is_released: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Moment)

    room: Mapped[Room | None] = relationship()
    track: Mapped[Track | None] = relationship()
    format: Mapped[Format | None] = relationship()
    people: Mapped[list[SessionSpeaker]] = relationship(order_by=SessionSpeaker.position, cascade="all, delete-orphan")

    @property
    def name(self) -> str:
        """What the session is called: its title, or else its subject."""
        return self.title or self.subject

    @property
    def slug(self) -> str:
        return f"{text.slug(self.name)}-{self.code}".strip("-")

    @property
    def is_cancelled(self) -> bool:
        return self.status == "cancelled"


class Release(Base):
    """The programme as published: immutable. `changes` were computed once, against the release before it."""

    __tablename__ = "releases"
    __table_args__ = (UniqueConstraint("edition_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id", ondelete="CASCADE"))
    number: Mapped[int]
    released_at: Mapped[datetime] = mapped_column(Moment)
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(String(300), default="")
    told: Mapped[bool] = mapped_column(default=True)
    snapshot: Mapped[dict[str, Any]] = mapped_column(Json)
    changes: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)

    released_by: Mapped[Person | None] = relationship()


class Redaction(Base):
    """A speaker who may no longer be shown: laid over every release on reading, old versions included."""

    __tablename__ = "redactions"
    __table_args__ = (UniqueConstraint("edition_id", "speaker_uid"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id", ondelete="CASCADE"))
    speaker_uid: Mapped[str] = mapped_column(String(36))
    made_at: Mapped[datetime] = mapped_column(Moment)
