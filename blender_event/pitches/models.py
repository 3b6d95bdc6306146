"""A call, the pitches sent in through it, who sends them in, what they attach, and who wants to think along."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from blender_event.core import text
from blender_event.core.database import Base, Json, Moment, Revised
from blender_event.core.links import first_version
from blender_event.people.models import Person
from blender_event.programme.models import Edition, Session

STATES = ("draft", "submitted", "accepted", "waitlisted", "declined", "confirmed", "withdrawn", "cancelled")


class Call(Revised, Base):
    """An invitation to send in: contributions, stands, … Several may stand in one edition, each with its own window and judges."""

    __tablename__ = "calls"
    __table_args__ = (
        UniqueConstraint("edition_id", "slug"),
        CheckConstraint("judged_by IN ('assigned','everyone')", name="known_judged_by"),
        CheckConstraint("word_limit BETWEEN 20 AND 2000", name="word_limit_possible"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id", ondelete="CASCADE"))
    slug: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200))
    intro: Mapped[str] = mapped_column(Text, default="")
    intro_html: Mapped[str] = mapped_column(Text, default="")
    kinds: Mapped[list[str]] = mapped_column(Json, default=list)  # question, proposal, running, finished
    opens_at: Mapped[datetime | None] = mapped_column(Moment)  # None: not open yet
    closes_at: Mapped[datetime | None] = mapped_column(Moment)  # None: until further notice
    word_limit: Mapped[int] = mapped_column(default=250)  # of the free text
    most_authors: Mapped[int] = mapped_column(default=6)
    most_files: Mapped[int] = mapped_column(default=3)
    criteria: Mapped[list[dict[str, Any]]] = mapped_column(
        Json, default=list
    )  # [{"key": "a1", "label": "Vernieuwend"}]
    is_blind: Mapped[bool] = mapped_column(default=True)
    judged_by: Mapped[str] = mapped_column(String(10), default="assigned")
    judging_closes_at: Mapped[datetime | None] = mapped_column(Moment)
    pitches_public_at: Mapped[datetime | None] = mapped_column(Moment)  # when organisers opened the public pages
    position: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Moment)

    edition: Mapped[Edition] = relationship()


class Pitch(Revised, Base):
    """What somebody sends in. States and their transitions: `rules.TRANSITIONS`. `pending` is a decision nobody was told yet."""

    __tablename__ = "pitches"
    __table_args__ = (
        UniqueConstraint("edition_id", "code"),
        CheckConstraint(
            "status IN ('draft','submitted','accepted','waitlisted','declined','confirmed','withdrawn','cancelled')",
            name="known_status",
        ),
        CheckConstraint("pending IS NULL OR pending IN ('accepted','waitlisted','declined')", name="known_pending"),
        CheckConstraint("kind IN ('','question','proposal','running','finished')", name="known_kind"),
        Index(None, "edition_id", "status"),
        {"sqlite_autoincrement": True},  # links are made from ids
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id", ondelete="CASCADE"))
    call_id: Mapped[int] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"), index=True)
    code: Mapped[str] = mapped_column(String(12), default=text.code)
    status: Mapped[str] = mapped_column(String(10), default="draft")
    pending: Mapped[str | None] = mapped_column(String(10))
    decision_note: Mapped[str] = mapped_column(Text, default="")  # to the submitters, in the letter of the decision

    # what it is (blender-facts §6.7)
    title: Mapped[str] = mapped_column(String(200), default="")
    kind: Mapped[str] = mapped_column(String(10), default="")
    summary: Mapped[str] = mapped_column(Text, default="")  # the free text of the first step, at most the call's words
    what: Mapped[str] = mapped_column(Text, default="")
    for_whom: Mapped[str] = mapped_column(Text, default="")
    result: Mapped[str] = mapped_column(Text, default="")
    partners: Mapped[str] = mapped_column(Text, default="")
    # the three vision questions (§7.3): waarom, voor wie, waarrond
    why: Mapped[str] = mapped_column(Text, default="")
    vision_for_whom: Mapped[str] = mapped_column(Text, default="")
    around_what: Mapped[str] = mapped_column(Text, default="")
    # what is asked (§6.8): three fields, not one list
    intents: Mapped[list[str]] = mapped_column(Json, default=list)
    subjects: Mapped[list[str]] = mapped_column(Json, default=list)
    help_forms: Mapped[list[str]] = mapped_column(Json, default=list)
    # where it stands (§6.3, §6.5)
    stage: Mapped[str] = mapped_column(String(30), default="")
    themes: Mapped[list[str]] = mapped_column(Json, default=list)
    technology: Mapped[list[str]] = mapped_column(Json, default=list)
    sectors: Mapped[list[str]] = mapped_column(Json, default=list)
    group: Mapped[str] = mapped_column("audience_group", String(20), default="")  # one of the five groups
    # basic conditions: e-inclusion in three questions, privacy, clients
    inclusion_access: Mapped[str] = mapped_column(Text, default="")
    inclusion_support: Mapped[str] = mapped_column(Text, default="")
    inclusion_learning: Mapped[str] = mapped_column(Text, default="")
    accessibility: Mapped[str] = mapped_column(Text, default="")
    privacy: Mapped[str] = mapped_column(Text, default="")
    client_part: Mapped[str] = mapped_column(Text, default="")  # how clients were involved
    # practical
    format_slug: Mapped[str] = mapped_column(String(60), default="")  # a Format of the edition
    most_participants: Mapped[int | None]
    practical: Mapped[str] = mapped_column(Text, default="")
    may_record: Mapped[bool] = mapped_column(default=False)
    ai_help: Mapped[str] = mapped_column(Text, default="")  # help by AI, in the submitter's own words
    agreed_public: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(2), default="nl")

    search_text: Mapped[str] = mapped_column(Text, default="")  # folded words of the pitch itself: never a name
    extended_until: Mapped[datetime | None] = mapped_column(Moment)  # a personal extension
    created_at: Mapped[datetime] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    submitted_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    told_at: Mapped[datetime | None] = mapped_column(Moment)
    session_id: Mapped[int | None] = mapped_column(ForeignKey("sessions.id", ondelete="SET NULL"), index=True)

    edition: Mapped[Edition] = relationship()
    call: Mapped[Call] = relationship()
    session: Mapped[Session | None] = relationship()
    authors: Mapped[list["Author"]] = relationship(
        back_populates="pitch", order_by="Author.id", cascade="all, delete-orphan"
    )
    files: Mapped[list["PitchFile"]] = relationship(
        back_populates="pitch", order_by="PitchFile.id", cascade="all, delete-orphan"
    )

    @property
    def name(self) -> str:
        """What the pitch is called, or the empty string while nobody gave it a title."""
        return self.title

    @property
    def slug(self) -> str:
        return f"{text.slug(self.title)}-{self.code}".strip("-")


class Author(Base):
    """Who sends a pitch in: the first one, and those invited to it. Personal links are derived from this row (`Purpose.PITCH`)."""

    __tablename__ = "pitch_authors"
    __table_args__ = (
        UniqueConstraint("pitch_id", "email_key"),
        CheckConstraint("role IN ('first','co')", name="known_role"),
        CheckConstraint("status IN ('invited','accepted')", name="known_status"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pitch_id: Mapped[int] = mapped_column(ForeignKey("pitches.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    role: Mapped[str] = mapped_column(String(5), default="first")
    status: Mapped[str] = mapped_column(String(8), default="accepted")
    name: Mapped[str] = mapped_column(String(200), default="")
    job_title: Mapped[str] = mapped_column(String(200), default="")
    organisation: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str | None] = mapped_column(String(320))  # None: a draft kept before an address was typed
    email_key: Mapped[str | None] = mapped_column(String(320))
    speaks: Mapped[bool] = mapped_column(default=True)  # becomes a speaker when the pitch is accepted
    language: Mapped[str] = mapped_column(String(2), default="nl")
    link_version: Mapped[int] = mapped_column(default=first_version)
    invited_at: Mapped[datetime | None] = mapped_column(Moment)
    accepted_at: Mapped[datetime | None] = mapped_column(Moment)
    verified_at: Mapped[datetime | None] = mapped_column(Moment)

    pitch: Mapped[Pitch] = relationship(back_populates="authors")
    person: Mapped[Person | None] = relationship()


class PitchFile(Base):
    """A document that belongs to a pitch. Reviewers of a blind call never see its name."""

    __tablename__ = "pitch_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    pitch_id: Mapped[int] = mapped_column(ForeignKey("pitches.id", ondelete="CASCADE"), index=True)
    storage_key: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    scanned: Mapped[str] = mapped_column(String(10), default="unscanned")
    uploaded_at: Mapped[datetime] = mapped_column(Moment)

    pitch: Mapped[Pitch] = relationship(back_populates="files")

    @property
    def ending(self) -> str:
        """What kind of document it is, and nothing else of its name."""
        ending = self.name.rpartition(".")[2].lower()
        return ending if ending in ("pptx", "odp") else "pdf"


class Interest(Base):
    """“Ik denk mee”: somebody would like to think along with a pitch. Only organisers see it."""

    __tablename__ = "pitch_interests"
    __table_args__ = (UniqueConstraint("pitch_id", "email_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id", ondelete="CASCADE"), index=True)
    pitch_id: Mapped[int] = mapped_column(ForeignKey("pitches.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200))
    organisation: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(320))
    email_key: Mapped[str] = mapped_column(String(320))
    words: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(2), default="nl")
    consent_at: Mapped[datetime] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)

    pitch: Mapped[Pitch] = relationship()
