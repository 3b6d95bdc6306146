"""Who judges which pitch, what they found, and what organisers and reviewers say to each other about it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from blender_event.core.database import Base, Json, Moment, Revised
from blender_event.people.models import Person
from blender_event.pitches.models import Call, Pitch

ADVICES = ("yes", "maybe", "no", "not_mine")


class Judge(Base):
    """A person who judges pitches of a call, perhaps only of some themes. Their right to enter is the role `reviewer`."""

    __tablename__ = "judges"
    __table_args__ = (UniqueConstraint("call_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id", ondelete="CASCADE"), index=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    themes: Mapped[list[str]] = mapped_column(Json, default=list)  # empty: any theme
    invited_at: Mapped[datetime] = mapped_column(Moment)
    reminded_at: Mapped[datetime | None] = mapped_column(Moment)

    call: Mapped[Call] = relationship()
    person: Mapped[Person] = relationship()


class Assignment(Base):
    """A pitch that somebody is asked to judge."""

    __tablename__ = "assignments"
    __table_args__ = (
        UniqueConstraint("pitch_id", "person_id"),
        CheckConstraint("made_by IN ('hand','theme','evenly','everyone')", name="known_made_by"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pitch_id: Mapped[int] = mapped_column(ForeignKey("pitches.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    made_by: Mapped[str] = mapped_column(String(8), default="hand")
    assigned_at: Mapped[datetime] = mapped_column(Moment)

    pitch: Mapped[Pitch] = relationship()
    person: Mapped[Person] = relationship()


class Review(Revised, Base):
    """What one reviewer found. The basic conditions are ticked: accessibility, e-inclusion, privacy."""

    __tablename__ = "reviews"
    __table_args__ = (
        UniqueConstraint("pitch_id", "person_id"),
        CheckConstraint("advice IN ('yes','maybe','no','not_mine')", name="known_advice"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pitch_id: Mapped[int] = mapped_column(ForeignKey("pitches.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    strengths: Mapped[str] = mapped_column(Text, default="")
    attention: Mapped[str] = mapped_column(Text, default="")
    is_accessible: Mapped[bool] = mapped_column(default=False)
    is_inclusive: Mapped[bool] = mapped_column(default=False)
    is_private: Mapped[bool] = mapped_column(default=False)
    advice: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(String(300), default="")  # why the pitch is not for this reviewer
    scores: Mapped[dict[str, int]] = mapped_column(Json, default=dict)  # key of a criterion → 1 to 5
    written_at: Mapped[datetime] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment)

    pitch: Mapped[Pitch] = relationship()
    person: Mapped[Person] = relationship()


class Remark(Base):
    """A line of the discussion about a pitch. Submitters never see it."""

    __tablename__ = "remarks"

    id: Mapped[int] = mapped_column(primary_key=True)
    pitch_id: Mapped[int] = mapped_column(ForeignKey("pitches.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    words: Mapped[str] = mapped_column(Text)
    said_at: Mapped[datetime] = mapped_column(Moment)

    pitch: Mapped[Pitch] = relationship()
    person: Mapped[Person | None] = relationship()
