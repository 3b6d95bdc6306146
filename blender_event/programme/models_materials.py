"""What belongs to a session or a speaker as a file: slides with their versions, links, portraits; and what a speaker needs."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from blender_event.core import text
from blender_event.core.database import Base, Moment, Revised
from blender_event.people.models import Person
from blender_event.programme.models import Session, Speaker, new_uid


class Material(Revised, Base):
    """Slides, a handout, a link or a recording of a session. `code` is its public address, for ever."""

    __tablename__ = "materials"
    __table_args__ = (
        UniqueConstraint("edition_id", "code"),
        CheckConstraint("kind IN ('slides','handout','link','recording')", name="known_kind"),
        CheckConstraint("publish IN ('now','after','hand')", name="known_publish"),
        CheckConstraint("accessible IN ('','yes','no')", name="known_accessible"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id", ondelete="CASCADE"))
    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), index=True)
    uid: Mapped[str] = mapped_column(String(36), unique=True, default=new_uid)
    code: Mapped[str] = mapped_column(String(12), default=lambda: text.code(10))
    kind: Mapped[str] = mapped_column(String(10), default="slides")
    title: Mapped[str] = mapped_column(String(200))
    url: Mapped[str] = mapped_column(String(500), default="")  # of a link or a recording
    language: Mapped[str] = mapped_column(String(2), default="nl")
    licence: Mapped[str] = mapped_column(String(30), default="")
    accessible: Mapped[str] = mapped_column(String(3), default="")  # is this an accessible version? empty: not said
    is_public: Mapped[bool] = mapped_column(default=True)
    publish: Mapped[str] = mapped_column(String(5), default="after")
    published_at: Mapped[datetime | None] = mapped_column(Moment)  # when somebody published it by hand
    published_number: Mapped[int | None]  # the version they published: a later one waits for the next time
    position: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Moment)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)

    session: Mapped[Session] = relationship()
    versions: Mapped[list["MaterialVersion"]] = relationship(
        back_populates="material", order_by="MaterialVersion.number", cascade="all, delete-orphan"
    )

    @property
    def newest(self) -> "MaterialVersion | None":
        """The last version that was uploaded; None for a link."""
        return self.versions[-1] if self.versions else None


class MaterialVersion(Base):
    """One file as it was uploaded: never changed, replaced by the next number."""

    __tablename__ = "material_versions"
    __table_args__ = (
        UniqueConstraint("material_id", "number"),
        CheckConstraint("preview IN ('waiting','made','none','broken')", name="known_preview"),
        CheckConstraint("scanned IN ('clean','unscanned')", name="known_scanned"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    material_id: Mapped[int] = mapped_column(ForeignKey("materials.id", ondelete="CASCADE"))
    number: Mapped[int]
    storage_key: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))  # as the sender called it, cleaned; only shown
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    scanned: Mapped[str] = mapped_column(String(10), default="unscanned")
    preview: Mapped[str] = mapped_column(String(8), default="waiting")
    pages: Mapped[int | None]
    uploaded_at: Mapped[datetime] = mapped_column(Moment)
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))

    material: Mapped[Material] = relationship(back_populates="versions")
    uploaded_by: Mapped[Person | None] = relationship()
    picture: Mapped["Preview | None"] = relationship(back_populates="version", cascade="all, delete-orphan")


class Preview(Base):
    """The picture of the first page of a version, made by the worker."""

    __tablename__ = "previews"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("material_versions.id", ondelete="CASCADE"), unique=True)
    storage_key: Mapped[str] = mapped_column(String(80), unique=True)
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(Moment)

    version: Mapped[MaterialVersion] = relationship(back_populates="picture")


class Portrait(Base):
    """A portrait of a speaker, cut square and encoded anew. `code` is its address; `Speaker.portrait_code` names the present one."""

    __tablename__ = "portraits"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id", ondelete="CASCADE"), index=True)
    speaker_id: Mapped[int] = mapped_column(ForeignKey("speakers.id", ondelete="CASCADE"), index=True)
    code: Mapped[str] = mapped_column(String(12), unique=True, default=lambda: text.code(12))
    storage_key: Mapped[str] = mapped_column(String(80), unique=True)
    size: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(Moment)

    speaker: Mapped[Speaker] = relationship()


class SpeakerNeeds(Base):
    """What a speaker needs to take part: health data, seen by the speaker and by who may see needs, removed after the day."""

    __tablename__ = "speaker_needs"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id", ondelete="CASCADE"), index=True)
    speaker_id: Mapped[int] = mapped_column(ForeignKey("speakers.id", ondelete="CASCADE"), unique=True)
    words: Mapped[str] = mapped_column(Text)
    consent_at: Mapped[datetime] = mapped_column(Moment)

    speaker: Mapped[Speaker] = relationship()
