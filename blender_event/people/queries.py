"""Who is who: people by address, their roles, the links and browsers they sign in with."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from blender_event.core import clock, links, text
from blender_event.core.database import db
from blender_event.people.models import Address, Person, Role, SignIn, SignInLink


def person_by_email(email: str) -> Person | None:
    asked = select(Person).join(Address).where(Address.email_key == text.email_key(email))
    return db.session.scalars(asked.options(selectinload(Person.roles))).first()


def person_for(email: str, name: str, language: str = "nl") -> Person:
    """The person with this address, made when there is none. Two at once get the same one; a known name stays."""
    found = person_by_email(email)
    if found is not None:
        return found
    person = Person(name=name, language=language, session_key=links.random_token(), created_at=clock.now(), roles=[])
    person.addresses.append(Address(email=email.strip(), email_key=text.email_key(email)))
    try:
        with db.session.begin_nested():
            db.session.add(person)
    except IntegrityError:
        found = person_by_email(email)
        if found is None:
            raise
        return found
    return person


def person_without_address(name: str, language: str = "nl") -> Person:
    """Somebody known by name only, such as a speaker whose address nobody wrote down."""
    person = Person(name=name, language=language, session_key=links.random_token(), created_at=clock.now(), roles=[])
    db.session.add(person)
    return person


def person_by_id(number: int) -> Person | None:
    return db.session.get(Person, number)


def signed_in_person(session_key: str, key: str, now: datetime) -> Person | None:
    """The person whose browser shows this key, with roles, in one statement; None once it ended or grew old."""
    asked = (
        select(Person)
        .join(SignIn, SignIn.person_id == Person.id)
        .where(SignIn.key_hash == links.hashed(key), SignIn.ended_at.is_(None), SignIn.expires_at > now)
        .where(Person.session_key == session_key)
        .options(joinedload(Person.roles))
    )
    return db.session.execute(asked).unique().scalar_one_or_none()


def link_by_token(token: str) -> SignInLink | None:
    """The row a mailed token stands for, used or not; None when it never was one of ours."""
    return db.session.scalars(select(SignInLink).where(SignInLink.token_hash == links.hashed(token))).first()


def link_by_id(number: int) -> SignInLink | None:
    return db.session.get(SignInLink, number)


def is_usable(link: SignInLink | None, now: datetime) -> bool:
    return link is not None and link.used_at is None and link.expires_at > now


def token_of(link: SignInLink) -> str:
    """The token of a link, derived again: the database holds only its hash, so a letter is filled in at sending.

    The moment is part of it, because row numbers may be used again after old links were removed.
    """
    return links.derive(links.Purpose.SIGN_IN, link.id, int(link.created_at.timestamp()))


def sign_in_address(link_id: int, language: str) -> str:
    """The absolute address to sign in with, for letters and for the command line."""
    link = db.session.get_one(SignInLink, link_id)
    return links.address("people.use_link", language=language, token=token_of(link))


def role_of(person: Person, kind: str, edition_id: int | None) -> Role | None:
    return next((role for role in person.roles if role.kind == kind and role.edition_id == edition_id), None)


def role_by_id(number: int, edition_id: int) -> Role | None:
    """A role that holds in this edition, given for it or for every edition."""
    asked = select(Role).where(Role.id == number, _holds_in(edition_id))
    return db.session.scalars(asked.options(joinedload(Role.person))).first()


def roles_in(edition_id: int) -> Sequence[Role]:
    """Everybody with access to an edition, those of every edition included, by name."""
    asked = (
        select(Role)
        .join(Role.person)
        .where(_holds_in(edition_id))
        .options(contains_eager(Role.person).selectinload(Person.addresses))
        .order_by(func.lower(Person.name), Role.id)
    )
    return db.session.scalars(asked).all()


def chiefs(*, locked: bool = False) -> Sequence[Role]:
    """The organisers of every edition; locked, they cannot be taken away by somebody else meanwhile."""
    asked = select(Role).where(Role.kind == "organiser", Role.edition_id.is_(None)).order_by(Role.id)
    return db.session.scalars(asked.with_for_update() if locked else asked).all()


def needs_readers(edition_id: int) -> Sequence[str]:
    """The names of who may see what people need, as the law asks us to be able to list."""
    asked = (
        select(Person.name).join(Role).where(_holds_in(edition_id), Role.sees_needs).distinct().order_by(Person.name)
    )
    return db.session.scalars(asked).all()


def _holds_in(edition_id: int) -> Any:
    return or_(Role.edition_id == edition_id, Role.edition_id.is_(None))
