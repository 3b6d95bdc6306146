"""A person's place in an edition, and what they need to take part."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from blender_event.core.database import Base, Json, Moment, Revised
from blender_event.core.links import first_version
from blender_event.people.models import Person
from blender_event.programme.models import Edition

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def new_reference() -> str:
    """A code people can say aloud: 40 bits, such as K7F3-92QD."""
    letters = "".join(secrets.choice(_ALPHABET) for _place in range(8))
    return f"{letters[:4]}-{letters[4:]}"


class Team(Base):
    """People registered together, in one go. Letters for who has no address go to the contact."""

    __tablename__ = "teams"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    contact_name: Mapped[str] = mapped_column(String(200), default="")
    contact_email: Mapped[str] = mapped_column(String(320), default="")
    contact_phone: Mapped[str] = mapped_column(String(60), default="")
    created_at: Mapped[datetime] = mapped_column(Moment)


class Registration(Revised, Base):
    """`confirmed → cancelled`, `waiting → confirmed | cancelled`. `queue_number` orders the waiting list."""

    __tablename__ = "registrations"
    __table_args__ = (
        CheckConstraint("status IN ('confirmed','waiting','cancelled')", name="known_status"),
        CheckConstraint("attendance IN ('onsite','online')", name="known_attendance"),
        CheckConstraint("status <> 'waiting' OR queue_number IS NOT NULL", name="waiting_has_number"),
        Index(
            "uq_registrations_active_email",
            "edition_id",
            "email_key",
            unique=True,
            sqlite_where=sql("status <> 'cancelled' AND email_key IS NOT NULL"),
            postgresql_where=sql("status <> 'cancelled' AND email_key IS NOT NULL"),
        ),
        Index(None, "edition_id", "status", "attendance"),
        Index(None, "edition_id", "created_at"),
        Index(None, "edition_id", "sort_key"),
        {"sqlite_autoincrement": True},  # links are made from ids: the id of an erased row is never given again
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id", ondelete="SET NULL"), index=True)
    reference: Mapped[str] = mapped_column(String(9), unique=True, default=new_reference)
    status: Mapped[str] = mapped_column(String(10))
    attendance: Mapped[str] = mapped_column(String(6), default="onsite")
    queue_number: Mapped[int | None]

    first_name: Mapped[str] = mapped_column(String(100))
    last_name: Mapped[str] = mapped_column(String(100), default="")
    email: Mapped[str | None] = mapped_column(String(320))
    email_key: Mapped[str | None] = mapped_column(String(320))
    phone: Mapped[str] = mapped_column(String(60), default="")
    organisation: Mapped[str] = mapped_column(String(200), default="")
    job_title: Mapped[str] = mapped_column(String(200), default="")
    group: Mapped[str] = mapped_column("audience_group", String(20))
    sectors: Mapped[list[str]] = mapped_column(Json, default=list)
    brings_seeks: Mapped[str] = mapped_column(Text, default="")
    listed: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(2), default="nl")
    sort_key: Mapped[str] = mapped_column(String(220), default="")  # folded “last first”, for lists
    search_text: Mapped[str] = mapped_column(Text, default="")  # folded name, organisation, address, reference

    source: Mapped[str] = mapped_column(String(10), default="web")  # web, phone, paper, desk
    registered_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    note: Mapped[str] = mapped_column(Text, default="")  # organisers only
    link_version: Mapped[int] = mapped_column(default=first_version)
    feed_version: Mapped[int] = mapped_column(default=first_version)
    sequence: Mapped[int] = mapped_column(default=0)
    calendar_changed_at: Mapped[datetime] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    promoted_at: Mapped[datetime | None] = mapped_column(Moment)
    cancelled_at: Mapped[datetime | None] = mapped_column(Moment)
    verified_at: Mapped[datetime | None] = mapped_column(Moment)

    edition: Mapped[Edition] = relationship()
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    needs: Mapped["Needs | None"] = relationship(back_populates="registration", cascade="all, delete-orphan")
    team: Mapped[Team | None] = relationship()

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class Needs(Base):
    """What somebody needs to take part: health data, with its own consent and its own right to see it."""

    __tablename__ = "needs"

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registrations.id", ondelete="CASCADE"), unique=True)
    choices: Mapped[list[str]] = mapped_column(Json, default=list)
    words: Mapped[str] = mapped_column(Text, default="")
    consent_at: Mapped[datetime] = mapped_column(Moment)
    consent_text: Mapped[str] = mapped_column(String(20), default="2026-11")

    registration: Mapped[Registration] = relationship(back_populates="needs")


class FreshLink(Base):
    """A mailed link of ten minutes for what a manage link may not do: see needs, or take another mail address.

    Its token is derived from this row's id, so the database holds no secret; `used_at` makes it single use.
    """

    __tablename__ = "fresh_links"
    __table_args__ = (CheckConstraint("kind IN ('needs','email')", name="known_kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registrations.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    new_email: Mapped[str | None] = mapped_column(String(320))
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)

    registration: Mapped[Registration] = relationship()


class Parked(Base):
    """A form whose trap was filled in: probably a machine, kept for an organiser to look at."""

    __tablename__ = "parked_registrations"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id", ondelete="CASCADE"), index=True)
    details: Mapped[dict[str, Any]] = mapped_column(Json)
    parked_at: Mapped[datetime] = mapped_column(Moment)
