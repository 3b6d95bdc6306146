"""What only organisers do with registrations: change the address too, give a place out of turn, raise and lower places."""

from datetime import datetime
from typing import Any

from blender_event.audit import actions as audit
from blender_event.core import clock
from blender_event.core.database import db
from blender_event.core.errors import Conflict, require
from blender_event.people.models import Person
from blender_event.programme import queries as programme_queries
from blender_event.programme.models import Edition
from blender_event.registrations import actions, actions_links, queries, queries_organise, rules
from blender_event.registrations.models import Parked, Registration
from blender_event.registrations.rules import Details


def _lock(registration: Registration, seen: int) -> Edition:
    """The edition's lock, and the registration as it is now. Raises `Conflict` when it is no longer revision `seen`."""
    edition = programme_queries.lock(registration.edition)
    db.session.refresh(registration)
    if registration.revision != seen:
        raise Conflict(registration)
    return edition


def register_for(
    edition: Edition, *, now: datetime, details: Details, given_by: str, by: Person, **more: Any
) -> Registration:
    """Register somebody who called, wrote or stands at the desk, and keep who gave the details and that they were told.

    `more` is what `actions.register` takes. Raises like it.
    """
    registration = actions.register(edition, now=now, details=details, by=by, **more)
    assert registration is not None
    audit.note(
        "registered for somebody", registration, by=by, new={"details_given_by": given_by, "person_was_told": True}
    )
    return registration


def change(registration: Registration, *, details: Details, seen: int, by: Person, now: datetime) -> bool:
    """Change what a registration says, the address too; False when nothing is different.

    Another address gets a new link, and the links of the old one stop working. Raises `Conflict` and `RuleBroken`.
    """
    edition = _lock(registration, seen)
    require(rules.is_active(registration), rules.may_still_change(edition, now))
    moves = (details.email or None) != (registration.email or None)
    if moves:
        actions_links.change_address(registration, email=details.email, by=by)
    changed = actions.change(registration, details=details, seen=registration.revision, by=by, now=now)
    return changed or moves


def write_note(registration: Registration, *, words: str, seen: int, by: Person) -> None:
    """Keep words for organisers only. Raises `Conflict` when the registration changed since revision `seen`."""
    _lock(registration, seen)
    if words != registration.note:
        registration.revision += 1
        actions.note(registration, words=words, by=by)


def write_needs(registration: Registration, *, details: Details, by: Person, now: datetime) -> None:
    """Write down needs that somebody told, with their yes. Raises `RuleBroken`."""
    programme_queries.lock(registration.edition)
    db.session.refresh(registration)
    require(rules.is_active(registration), rules.consent_is_given(details), rules.needs_are_known(details))
    actions_links.write_needs(registration, details, by=by, now=now)


def give_place(registration: Registration, *, add_place: bool, reason: str, by: Person, now: datetime) -> bool:
    """Let somebody who waits come in, and keep whom they overtook and why. Doing it again changes nothing.

    The number of confirmed people never passes the number of places: when all are taken, `add_place` raises that number
    by one in the same transaction. Raises `RuleBroken` when there is no place, and none may be added.
    """
    edition = programme_queries.lock(registration.edition)
    db.session.refresh(registration)
    if registration.status == "confirmed":
        return False
    require(rules.is_active(registration), rules.edition_takes_people(edition, now))
    overtook = queries_organise.ahead(registration)
    seats = queries.seats(edition)
    if add_place and seats.left(registration.attendance) == 0:
        require(rules.may_add_a_place(seats, registration.attendance))
        _add_place(edition, registration.attendance, by=by)
    actions.promote(registration, by=by, now=now)
    if overtook:
        new = {"overtook": [other.id for other in overtook], "reason": reason}
        audit.note(queries_organise.OUT_OF_TURN, registration, by=by, new=new)
    return True


def _add_place(edition: Edition, attendance: str, *, by: Person) -> None:
    """One more, for the person who gets it: nobody else is promoted."""
    old = {"onsite": edition.capacity_onsite, "online": edition.capacity_online}
    if attendance == "onsite":
        edition.capacity_onsite = (edition.capacity_onsite or 0) + 1
    else:
        edition.capacity_online = (edition.capacity_online or 0) + 1
    edition.shown_changed()
    seats = queries.seats(edition)
    taken = {"taken_onsite": seats.onsite_taken, "taken_online": seats.online_taken}
    audit.note(
        "capacity changed",
        edition,
        by=by,
        old=old,
        new={"onsite": edition.capacity_onsite, "online": edition.capacity_online, **taken},
    )


def change_places(
    edition: Edition, *, onsite: int | None, online: int | None, seen: str, by: Person, now: datetime
) -> list[Registration]:
    """Offer another number of places; returns who got one. Raises `Conflict` when the numbers are no longer those `seen`."""
    programme_queries.lock(edition)
    if seen_places(edition) != seen:
        raise Conflict(edition)
    return actions.capacity_changed(edition, onsite=onsite, online=online, by=by, now=now)


def seen_places(edition: Edition) -> str:
    """The numbers of places an organiser sees, as one word."""
    return f"{edition.capacity_onsite}/{edition.capacity_online}"


def takes_place_again(edition: Edition) -> None:
    """Places that came free while the day was cancelled go to who waits, now that it is not. The lock is held."""
    actions.promote_waiting(edition, now=clock.now())


def forget_parked(parked: Parked, *, by: Person) -> None:
    """Remove a form that nobody meant; what was typed in it is not kept."""
    audit.note("parked form removed", parked, by=by)
    db.session.delete(parked)


def saw_needs(subject: Registration | Edition, *, by: Person, named: bool = True) -> None:
    """Each look at what people need is written down before it is shown; `named`: with the names of people."""
    if isinstance(subject, Registration):
        audit.note("needs seen", subject, by=by)
    else:
        audit.note("all needs seen" if named else "needs counted", subject, by=by)


def exported(edition: Edition, *, form: str, columns: list[str], status: str, by: Person) -> None:
    """Personal data leaves the app: who took what."""
    audit.note("registrations exported", edition, by=by, new={"form": form, "who": status, "columns": columns})
