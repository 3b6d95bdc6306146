"""One human, once, over all editions; addresses, roles, and links to sign in. No passwords."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from blender_event.core.database import Base, Moment


class Person(Base):
    """A human being. `session_key` changes to sign them out everywhere."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2), default="nl")
    session_key: Mapped[str] = mapped_column(String(64), unique=True)
    totp_secret: Mapped[str | None] = mapped_column(String(64))
    totp_confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    totp_last_step: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(Moment)

    addresses: Mapped[list["Address"]] = relationship(
        back_populates="person", order_by="Address.id", cascade="all, delete-orphan"
    )
    roles: Mapped[list["Role"]] = relationship(back_populates="person", cascade="all, delete-orphan")

    @property
    def email(self) -> str | None:
        """The address letters go to: the first one."""
        return self.addresses[0].email if self.addresses else None


class Address(Base):
    """A mail address of a person, as typed; verified when a mailed link was used."""

    __tablename__ = "addresses"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    email: Mapped[str] = mapped_column(String(320))
    email_key: Mapped[str] = mapped_column(String(320), unique=True)
    verified_at: Mapped[datetime | None] = mapped_column(Moment)

    person: Mapped[Person] = relationship(back_populates="addresses")


class Role(Base):
    """What a person may do in one edition, or (edition None) in all of them."""

    __tablename__ = "roles"
    __table_args__ = (
        CheckConstraint("kind IN ('organiser','reviewer','desk')", name="known_kind"),
        Index("uq_roles_in_edition", "person_id", "kind", "edition_id", unique=True),
        Index(
            "uq_roles_everywhere",
            "person_id",
            "kind",
            unique=True,
            sqlite_where=sql("edition_id IS NULL"),
            postgresql_where=sql("edition_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("editions.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    sees_needs: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Moment)

    person: Mapped[Person] = relationship(back_populates="roles")


class SignInLink(Base):
    """A mailed link to sign in: hashed, single use, thirty minutes (an invitation: seven days)."""

    __tablename__ = "sign_in_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    next_path: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)

    person: Mapped[Person] = relationship()


class SignIn(Base):
    """One browser somebody signed in with. Its cookie holds a key, hashed here; an ended one opens nothing any more."""

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
