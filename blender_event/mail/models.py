"""The outbox: one row per outgoing letter, and one per mailing that still has to become letters."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from blender_event.core.database import Base, Json, Moment

STATES = ("queued", "sending", "sent", "failed", "stuck", "dropped", "held")


class Letter(Base):
    """One mail to one person, as it was rendered when its cause was committed.

    Personal links stand in it as placeholders (`outbox.link`), filled in at sending, so that the database holds none.
    """

    __tablename__ = "letters"
    __table_args__ = (
        CheckConstraint("status IN ('queued','sending','sent','failed','stuck','dropped','held')", name="known_status"),
        Index(None, "status", "due_at"),
        Index(None, "edition_id", "status"),
        Index(
            "uq_letters_waiting_key",
            "key",
            unique=True,
            sqlite_where=sql("status = 'queued'"),
            postgresql_where=sql("status = 'queued'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str | None] = mapped_column(String(120))
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("editions.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(60))
    about: Mapped[str] = mapped_column(String(60), default="")
    to_email: Mapped[str] = mapped_column(String(320))
    to_name: Mapped[str] = mapped_column(String(200), default="")
    reply_to: Mapped[str] = mapped_column(String(320), default="")
    language: Mapped[str] = mapped_column(String(2), default="nl")
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    attachments: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    status: Mapped[str] = mapped_column(String(10), default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    reason: Mapped[str] = mapped_column(String(500), default="")
    unreached: Mapped[bool] = mapped_column(default=False)  # the last try found no mail server at all


class Mailing(Base):
    """Something that concerns many: its frozen audience, which a job makes into letters, one per person, by key."""

    __tablename__ = "mailings"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(60))
    facts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    audience: Mapped[list[int]] = mapped_column(Json, default=list)
    done: Mapped[int] = mapped_column(default=0)
    faults: Mapped[list[int]] = mapped_column(Json, default=list)  # of the audience: whose letter could not be written
    created_at: Mapped[datetime] = mapped_column(Moment)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)


class Bounce(Base):
    """An address organisers marked as not working; letters to it are not sent."""

    __tablename__ = "bounces"

    email_key: Mapped[str] = mapped_column(String(320), primary_key=True)
    marked_at: Mapped[datetime] = mapped_column(Moment)
    reason: Mapped[str] = mapped_column(String(300), default="")
