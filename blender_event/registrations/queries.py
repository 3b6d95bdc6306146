"""Named reads of registrations: who has a place, who waits and where, and whose link this is."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select, tuple_
from sqlalchemy.orm import joinedload

from blender_event.audit.models import AuditEntry
from blender_event.core import clock, links
from blender_event.core.database import db
from blender_event.core.links import Purpose
from blender_event.core.text import email_key
from blender_event.programme.facts import Seats
from blender_event.programme.models import Edition
from blender_event.registrations.models import FreshLink, Parked, Registration

_SEATS = (
    select(Registration.attendance, Registration.status, func.count())
    .where(Registration.edition_id == bindparam("number"), Registration.status.in_(("confirmed", "waiting")))
    .group_by(Registration.attendance, Registration.status)
)


def seats(edition: Edition) -> Seats:
    """Places taken, offered and waited for, in one statement."""
    counted = db.session.execute(_SEATS, {"number": edition.id}).all()
    number = {(attendance, status): amount for attendance, status, amount in counted}
    return Seats(
        onsite_taken=number.get(("onsite", "confirmed"), 0),
        onsite_capacity=edition.capacity_onsite,
        onsite_waiting=number.get(("onsite", "waiting"), 0),
        online_taken=number.get(("online", "confirmed"), 0),
        online_capacity=edition.capacity_online,
        online_waiting=number.get(("online", "waiting"), 0),
    )


def last_queue_number(edition: Edition) -> int:
    """The highest number ever given on a waiting list of this edition; zero when nobody waited yet."""
    asked = select(func.max(Registration.queue_number)).where(Registration.edition_id == edition.id)
    return db.session.scalar(asked) or 0


def waiting(edition: Edition, attendance: str, most: int | None = None) -> Sequence[Registration]:
    """Those who wait for a place, first in line first."""
    asked = (
        select(Registration)
        .where(
            Registration.edition_id == edition.id,
            Registration.status == "waiting",
            Registration.attendance == attendance,
        )
        .order_by(Registration.queue_number, Registration.id)
        .limit(most)
        .options(joinedload(Registration.team))
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(asked).all()


def position(registration: Registration) -> int | None:
    """Somebody's place in line, from 1; None when they do not wait."""
    if registration.status != "waiting":
        return None
    before = select(func.count()).where(
        Registration.edition_id == registration.edition_id,
        Registration.status == "waiting",
        Registration.attendance == registration.attendance,
        tuple_(Registration.queue_number, Registration.id) < tuple_(registration.queue_number, registration.id),
    )
    return (db.session.scalar(before) or 0) + 1


def latest_confirmed(edition: Edition, attendance: str, amount: int) -> Sequence[Registration]:
    """The last ones who got a place, the latest first: who would lose it under “last in, first out”."""
    asked = (
        select(Registration)
        .where(
            Registration.edition_id == edition.id,
            Registration.status == "confirmed",
            Registration.attendance == attendance,
        )
        .order_by(Registration.confirmed_at.desc(), Registration.id.desc())
        .limit(amount)
        .options(joinedload(Registration.team))
    )
    return db.session.scalars(asked).all()


def active_with_address(edition: Edition, email: str) -> Registration | None:
    """The registration of this address that is confirmed or waiting."""
    asked = select(Registration).where(
        Registration.edition_id == edition.id,
        Registration.email_key == email_key(email),
        Registration.status != "cancelled",
    )
    return db.session.scalars(asked.options(joinedload(Registration.team))).one_or_none()


def last_with_address(edition: Edition, email: str) -> Registration | None:
    """The registration of this address that matters: the active one, else the one cancelled last."""
    asked = (
        select(Registration)
        .where(Registration.edition_id == edition.id, Registration.email_key == email_key(email))
        .order_by(Registration.status == "cancelled", Registration.id.desc())
        .limit(1)
    )
    return db.session.scalars(asked).first()


def in_edition(edition: Edition, number: int) -> Registration | None:
    """A registration of this edition by id; another edition's is not there."""
    asked = select(Registration).where(Registration.edition_id == edition.id, Registration.id == number)
    return db.session.scalars(asked.options(joinedload(Registration.team))).one_or_none()


def of_team(registration: Registration) -> Sequence[Registration]:
    """Everybody who was registered together with this person, themselves left out."""
    if registration.team_id is None:
        return []
    asked = select(Registration).where(Registration.team_id == registration.team_id, Registration.id != registration.id)
    return db.session.scalars(asked.order_by(Registration.id)).all()


def manage_token(registration: Registration) -> str:
    """The token of somebody's own page as pages show it; letters carry another one (`is_mailed`)."""
    return links.derive(Purpose.MANAGE, registration.id, registration.link_version)


def feed_token(registration: Registration) -> str:
    """The token of somebody's own calendar."""
    return links.derive(Purpose.FEED, registration.id, registration.feed_version)


def by_manage_token(token: str) -> Registration | None:
    """Whose registration a link in a page or a letter opens; None when it proves nothing."""
    found = _by_id(links.row_id(token))
    if found is not None and (_manages(token, found) or is_mailed(token, found)):
        return found
    return None


def _manages(token: str, registration: Registration) -> bool:
    return links.proves(token, Purpose.MANAGE, registration.id, registration.link_version)


def is_mailed(token: str, registration: Registration) -> bool:
    """Whether this token was only ever mailed, so that using it proves the address."""
    return links.proves(token, Purpose.MAILED, registration.id, registration.link_version)


def by_feed_token(token: str) -> Registration | None:
    """Whose calendar a feed address is; None when it proves nothing."""
    found = _by_id(links.row_id(token))
    if found is not None and links.proves(token, Purpose.FEED, found.id, found.feed_version):
        return found
    return None


def _by_id(number: int | None) -> Registration | None:
    if number is None:
        return None
    asked = select(Registration).where(Registration.id == number)
    return db.session.scalars(
        asked.options(joinedload(Registration.edition), joinedload(Registration.team))
    ).one_or_none()


def own_address(number: int, language: str) -> str:
    """The address of somebody's own page as letters have it, made when a letter is sent."""
    registration = db.session.get_one(Registration, number)
    token = links.derive(Purpose.MAILED, registration.id, registration.link_version)
    return links.address("portal.mine", language=language, token=token)


def feed_address(number: int, language: str) -> str:
    """The address of somebody's own calendar."""
    registration = db.session.get_one(Registration, number)
    return links.address("calendars.personal_feed", language=language, token=feed_token(registration))


def fresh_address(number: int, language: str) -> str:
    """The address behind a link of ten minutes."""
    fresh = db.session.get_one(FreshLink, number)
    endpoint = "portal.new_address" if fresh.kind == "email" else "portal.needs"
    return links.address(endpoint, language=language, token=links.derive(Purpose.FRESH, fresh.id, _stamp(fresh)))


def _stamp(fresh: FreshLink) -> int:
    """The moment is part of the token, because row numbers may be used again after old links were removed."""
    return int(fresh.created_at.timestamp())


def fresh_link(token: str) -> FreshLink | None:
    """The row behind a mailed link of ten minutes, used up or not; None when it proves nothing."""
    number = links.row_id(token)
    found = db.session.get(FreshLink, number) if number is not None else None
    return found if found is not None and links.proves(token, Purpose.FRESH, found.id, _stamp(found)) else None


def concerned(edition: Edition) -> list[int]:
    """The ids of everybody who must hear that the day itself changed."""
    return _reachable(Registration.edition_id == edition.id, Registration.status.in_(("confirmed", "waiting")))


def concerned_by_sessions(edition: Edition) -> list[int]:
    """The ids of everybody who must hear that a plenary session changed: those who come."""
    return _reachable(Registration.edition_id == edition.id, Registration.status == "confirmed")


def _reachable(*conditions: ColumnElement[bool]) -> list[int]:
    """Only people a letter can reach: by their own address or through their team."""
    asked = select(Registration.id).where(
        *conditions, or_(Registration.email.is_not(None), Registration.team_id.is_not(None))
    )
    return list(db.session.scalars(asked.order_by(Registration.id)))


def with_id(number: int) -> Registration | None:
    """A registration with its edition and team, for letters made by the worker."""
    return _by_id(number)


def parked(edition: Edition) -> Sequence[Parked]:
    """Forms whose trap was filled in, the latest first."""
    return db.session.scalars(select(Parked).where(Parked.edition_id == edition.id).order_by(Parked.id.desc())).all()


def faults() -> Iterable[str]:
    """What must never be: one line each, for `blender check`."""
    yield from _places_and_people_waiting()
    yield from _unordered()


def _counts() -> Iterable[Any]:
    return db.session.execute(
        select(Edition, Registration.attendance, Registration.status, func.count(Registration.id))
        .join(Registration, Registration.edition_id == Edition.id)
        .where(Registration.status.in_(("confirmed", "waiting")))
        .group_by(Edition.id, Registration.attendance, Registration.status)
    ).all()


def _places_and_people_waiting() -> Iterable[str]:
    """Too many confirmed without a lowered capacity, or people waiting beside free places."""
    number: dict[tuple[int, str, str], int] = {}
    editions: dict[int, Edition] = {}
    for edition, attendance, status, amount in _counts():
        editions[edition.id] = edition
        number[edition.id, attendance, status] = amount
    for edition in editions.values():
        for attendance in ("onsite", "online"):
            capacity = edition.capacity(attendance)
            taken = number.get((edition.id, attendance, "confirmed"), 0)
            queued = number.get((edition.id, attendance, "waiting"), 0)
            allowed = max(capacity or 0, _lowered_from(edition, attendance))
            if capacity is not None and taken > allowed:
                yield f"{edition.slug}: {taken} confirmed {attendance} for {capacity} places"
            promotes = edition.status != "cancelled" and edition.ends_on >= clock.today(edition.zone)
            if promotes and queued and (capacity is None or taken < capacity):
                yield f"{edition.slug}: {queued} wait {attendance} while places are free"


def _lowered_from(edition: Edition, attendance: str) -> int:
    """How many were confirmed when organisers last changed the capacity: that many may stay."""
    asked = (
        select(AuditEntry.new)
        .where(AuditEntry.kind == "editions", AuditEntry.row_id == edition.id, AuditEntry.action == "capacity changed")
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    return int((db.session.scalar(asked) or {}).get(f"taken_{attendance}", 0))


def _unordered() -> Iterable[str]:
    """Two people with one number on a waiting list, or an active address twice."""
    twice = (
        select(Edition.slug, Registration.attendance, Registration.queue_number, func.count())
        .join(Registration, Registration.edition_id == Edition.id)
        .where(Registration.status == "waiting")
        .group_by(Edition.slug, Registration.attendance, Registration.queue_number)
        .having(func.count() > 1)
    )
    for slug, attendance, number, amount in db.session.execute(twice):
        yield f"{slug}: {amount} people {attendance} hold number {number} in line"
    doubled = (
        select(Registration.edition_id, func.count())
        .where(and_(Registration.status != "cancelled", Registration.email_key.is_not(None)))
        .group_by(Registration.edition_id, Registration.email_key)
        .having(func.count() > 1)
    )
    for edition_id, amount in db.session.execute(doubled):
        yield f"edition {edition_id}: one address has {amount} active registrations"
