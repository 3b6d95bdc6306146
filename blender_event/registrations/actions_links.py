"""One's own page: proving an address, new links, needs, another address. Mailed links do what a shown link may not."""

from datetime import datetime, timedelta

from sqlalchemy import update

from blender_event.audit import actions as audit
from blender_event.core.database import db
from blender_event.core.errors import Problem, RuleBroken, require
from blender_event.core.text import _, email_key
from blender_event.people import queries as people
from blender_event.people.models import Person
from blender_event.programme import queries as programme_queries
from blender_event.programme.models import Edition
from blender_event.registrations import actions, notices, queries, rules
from blender_event.registrations.models import FreshLink, Needs, Registration

FRESH_FOR = timedelta(minutes=notices.FRESH_MINUTES)


def verify(registration: Registration, *, now: datetime) -> None:
    """A mailed link was used: the address is the person's own, and so the registration becomes part of their story."""
    if registration.verified_at is not None or not registration.email:
        return
    person = people.person_for(registration.email, registration.name, registration.language)
    for address in person.addresses:
        if address.email_key == registration.email_key:
            address.verified_at = address.verified_at or now
    registration.verified_at, registration.person = now, person
    audit.note("address verified", registration, by=None)


def resend(registration: Registration, *, by: Person | None) -> bool:
    """Write the confirmation (or the letter about the waiting list) again; False when there is nobody to write to."""
    edition = registration.edition
    if rules.can_be_written(registration) is not None:
        return False
    if registration.status == "waiting":
        notices.waiting(registration, edition, queries.position(registration) or 1)
    elif registration.status == "confirmed":
        notices.confirmed(registration, edition)
    else:
        notices.cancelled(registration, edition, by_organiser=False)
    audit.note("letter sent again", registration, by=by)
    return True


def mail_my_link(edition: Edition, email: str, *, language: str, now: datetime) -> bool:
    """Write somebody the address of their own page.

    For an address nobody registered with, the same work is done, so that time tells nothing; False says: roll it back.
    """
    registration = queries.last_with_address(edition, email)
    known = registration is not None
    if registration is None:
        registration = _nobody(edition, email, language, now)
    notices.my_link(registration, edition)
    return known


def _nobody(edition: Edition, email: str, language: str, now: datetime) -> Registration:
    """A row that is never committed, to write a letter about."""
    nobody = Registration(
        edition=edition, status="cancelled", first_name="Nobody", email=email, email_key=email_key(email), group="other",
        language=language, calendar_changed_at=now, created_at=now,
    )  # fmt: skip
    db.session.add(nobody)
    db.session.flush()
    return nobody


def renew_links(registration: Registration, *, by: Person | None) -> None:
    """Every earlier link to this registration and its calendar stops working; a new one is mailed. Raises `RuleBroken`."""
    require(rules.can_be_written(registration))
    registration.link_version += 1
    registration.feed_version += 1
    audit.note("links renewed", registration, by=by)
    notices.my_link(registration, registration.edition, renewed=True)


def renew_feed(registration: Registration, *, by: Person | None) -> None:
    """The address of one's own calendar stops working; the page shows the new one."""
    registration.feed_version += 1
    audit.note("calendar address renewed", registration, by=by)


def ask_fresh(registration: Registration, *, now: datetime) -> None:
    """Mail a link of ten minutes to one's needs and mail address. Earlier ones stop working. Raises `RuleBroken`.

    Only to the person's own address: what a colleague needs is no business of the contact of a team.
    """
    require(rules.has_own_address(registration), rules.is_active(registration))
    notices.fresh_link(_fresh(registration, "needs", now), registration, registration.edition)


def ask_new_address(registration: Registration, *, email: str, now: datetime) -> None:
    """Mail the new address a link that proves it. Whether somebody else has it already, nobody is told but its owner."""
    edition = programme_queries.lock(registration.edition)
    owner = queries.active_with_address(edition, email)
    if owner is not None and owner.id != registration.id:
        notices.already_registered(owner, edition)
        return
    fresh = _fresh(registration, "email", now)
    fresh.new_email = email
    notices.address_asked(fresh, registration, edition)


def _fresh(registration: Registration, kind: str, now: datetime) -> FreshLink:
    earlier = update(FreshLink).where(
        FreshLink.registration_id == registration.id, FreshLink.kind == kind, FreshLink.used_at.is_(None)
    )
    db.session.execute(earlier.values(used_at=now).execution_options(synchronize_session=False))
    fresh = FreshLink(registration_id=registration.id, kind=kind, created_at=now, expires_at=now + FRESH_FOR)
    db.session.add(fresh)
    db.session.flush()
    return fresh


def is_usable(fresh: FreshLink | None, kind: str, now: datetime) -> bool:
    return fresh is not None and fresh.kind == kind and fresh.used_at is None and fresh.expires_at > now


def _spend(fresh: FreshLink, now: datetime) -> None:
    """Of two at once only one gets it. Raises `RuleBroken`."""
    spent = db.session.execute(
        update(FreshLink)
        .where(FreshLink.id == fresh.id, FreshLink.used_at.is_(None), FreshLink.expires_at > now)
        .values(used_at=now)
        .returning(FreshLink.id)
        .execution_options(synchronize_session=False)
    ).first()
    if spent is None:
        raise RuleBroken(Problem(_("This link no longer works. Ask for a new one.")))


def save_needs(fresh: FreshLink, *, choices: tuple[str, ...], words: str, consent: bool, now: datetime) -> None:
    """Write down what somebody needs, with their yes; empty needs take everything away, and the yes with it."""
    registration = fresh.registration
    asked = rules.Details(first_name=registration.first_name, needs=choices, needs_words=words, needs_consent=consent)
    require(rules.is_active(registration), rules.consent_is_given(asked), rules.needs_are_known(asked))
    _spend(fresh, now)
    write_needs(registration, asked, by=None, now=now)


def write_needs(registration: Registration, asked: rules.Details, *, by: Person | None, now: datetime) -> None:
    """The row itself; organisers with the right do this for who tells them by phone. What was needed is not logged."""
    verify(registration, now=now) if by is None else None
    if not asked.has_needs:
        registration.needs = None
        audit.note("needs taken away", registration, by=by)
        return
    if registration.needs is None:
        registration.needs = Needs(consent_at=now)
    registration.needs.choices, registration.needs.words = list(asked.needs), asked.needs_words
    registration.needs.consent_at = now
    audit.note("needs written", registration, by=by)


def take_new_address(fresh: FreshLink, *, now: datetime) -> None:
    """The new address is proven: letters go there from now on, and every earlier link stops working."""
    registration = fresh.registration
    require(rules.is_active(registration))
    _spend(fresh, now)
    change_address(registration, email=fresh.new_email or "", by=None)
    verify(registration, now=now)


def change_address(registration: Registration, *, email: str | None, by: Person | None) -> None:
    """Another mail address (or none) for a registration. Raises `RuleBroken` when another registration has it."""
    edition = programme_queries.lock(registration.edition)
    owner = queries.active_with_address(edition, email) if email else None
    if owner is not None and owner.id != registration.id:
        raise RuleBroken(Problem(_("This address is already registered for this edition."), "email"))
    old = registration.email
    if (old or None) == (email or None):
        return
    registration.email, registration.email_key = email or None, email_key(email) if email else None
    registration.person = registration.verified_at = None
    registration.link_version += 1
    registration.feed_version += 1
    registration.revision += 1
    actions.index(registration)
    audit.note("address changed", registration, by=by)
    if old:
        notices.address_changed(registration, edition, old)
    if email:
        notices.my_link(registration, edition, renewed=True)
