"""Take a place and give it back. Every verb locks the edition first, then counts, decides and writes (PRODUCT §5)."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from blender_event.audit import actions as audit
from blender_event.core.database import db
from blender_event.core.errors import Conflict, Problem, RuleBroken, require
from blender_event.core.text import _, email_key, folded
from blender_event.people.models import Person
from blender_event.programme import queries as programme_queries
from blender_event.programme import rules as programme_rules
from blender_event.programme.facts import Seats
from blender_event.programme.models import Edition
from blender_event.registrations import notices, queries, rules
from blender_event.registrations.models import Needs, Parked, Registration, Team, new_reference
from blender_event.registrations.rules import Details

CHANGEABLE = ("first_name", "last_name", "phone", "organisation", "job_title", "group", "brings_seeks", "listed")


def register(
    edition: Edition,
    *,
    now: datetime,
    details: Details,
    language: str = "nl",
    source: str = "web",
    by: Person | None = None,
    key: str = "",
    digest: str = "",
    tell_owner: bool = True,
    note: str = "",
) -> Registration | None:
    """Give somebody a place, or the last place on the waiting list, and write them.

    None means that a visitor gave an address that has a registration already: its owner is told (when `tell_owner`),
    the visitor learns nothing. An organiser (`by`) may register outside the window and gets `RuleBroken` instead.
    `key` is the form's one-time key: raises `Repeated` or `KeyReused` when it was used before. Raises `RuleBroken`.
    """
    programme_queries.lock(edition)
    purpose = f"register {edition.id}"
    if key:
        audit.recall(key, purpose=purpose, digest=digest)
    require(
        rules.window_is_open(edition, now) if by is None else rules.edition_takes_people(edition, now),
        rules.attendance_is_offered(edition, details.attendance),
        rules.consent_is_given(details),
        rules.is_known(details),
    )
    registration = None
    known = queries.active_with_address(edition, details.email) if details.email else None
    if known is None:
        seats = queries.seats(edition)
        require(rules.place_or_waiting_list(edition, seats, details.attendance))
        registration = place(edition, details, seats, now=now, language=language, source=source, by=by, note=note)
    elif by is not None:
        raise RuleBroken(Problem(_("This address is already registered for this edition."), "email"))
    elif tell_owner:
        notices.already_registered(known, edition)
    if key:
        audit.use(key, purpose=purpose, digest=digest, result=str(registration.id) if registration else "")
    return registration


def register_team(
    edition: Edition,
    *,
    now: datetime,
    people: Sequence[Details],
    contact: Team,
    language: str = "nl",
    as_many_as_fit: bool = False,
    key: str = "",
    digest: str = "",
    tell_owners: Collection[str] | None = None,
) -> list[Registration]:
    """Register a team in one go: everybody gets a place or nobody, unless `as_many_as_fit`; then the rest wait.

    Who has a registration already keeps that one and is told; they take no second place. `contact` is a new row: who
    answers for the team, and who gets the letters of people without an address. `tell_owners`: only owners of these
    addresses are told that they were registered already (None: all of them). Raises like `register`.
    """
    programme_queries.lock(edition)
    purpose = f"register team {edition.id}"
    if key:
        audit.recall(key, purpose=purpose, digest=digest)
    require(
        rules.window_is_open(edition, now), rules.team_is_possible(people), *(rules.is_known(one) for one in people)
    )
    attendance = people[0].attendance
    require(rules.attendance_is_offered(edition, attendance))
    seats = queries.seats(edition)
    known = {email_key(one.email): queries.active_with_address(edition, one.email) for one in people if one.email}
    new = [one for one in people if not one.email or known[email_key(one.email)] is None]
    if as_many_as_fit:
        require(rules.rest_may_wait(edition, seats, attendance, len(new)))
    else:
        require(rules.team_fits(seats, attendance, len(new)))
    contact.edition_id, contact.created_at = edition.id, now
    db.session.add(contact)
    db.session.flush()
    made = []
    for one in new:
        made.append(place(edition, one, seats, now=now, language=language, source="web", by=None, team=contact))
        seats = _with_one_more(seats, attendance, made[-1].status)
    for address, registration in known.items():
        if registration is not None and (tell_owners is None or address in tell_owners):
            notices.already_registered(registration, edition)
    notices.team(made, contact, edition, language)
    audit.note("team registered", contact, by=None, new={"people": len(made)})
    if key:
        audit.use(key, purpose=purpose, digest=digest, result=str(contact.id))
    return made


def place(
    edition: Edition,
    details: Details,
    seats: Seats,
    *,
    now: datetime,
    language: str,
    source: str,
    by: Person | None,
    note: str = "",
    team: Team | None = None,
) -> Registration:
    """The row, its state, its letter. The lock is held and the rules were asked. Who the person is, a proven address says."""
    waits = rules.is_full(seats, details.attendance)
    registration = Registration(
        edition_id=edition.id,
        edition=edition,
        team=team,
        reference=new_reference(),
        status="waiting" if waits else "confirmed",
        attendance=details.attendance,
        queue_number=queries.last_queue_number(edition) + 1 if waits else None,
        email=details.email or None,
        email_key=email_key(details.email) if details.email else None,
        language=language,
        source=source,
        registered_by_id=by.id if by is not None else None,
        note=note,
        calendar_changed_at=now,
        created_at=now,
        confirmed_at=None if waits else now,
        sectors=list(details.sectors),
        **{name: getattr(details, name) for name in CHANGEABLE},
    )
    index(registration)
    if details.has_needs:
        registration.needs = Needs(choices=list(details.needs), words=details.needs_words, consent_at=now)
    db.session.add(registration)
    audit.note(
        "registered",
        registration,
        by=by,
        new={"status": registration.status, "attendance": details.attendance, "source": source},
    )
    if waits:
        in_line = seats.onsite_waiting if details.attendance == "onsite" else seats.online_waiting
        notices.waiting(registration, edition, in_line + 1)
    else:
        notices.confirmed(registration, edition)
    return registration


def index(registration: Registration) -> None:
    """Fold what lists sort and search by."""
    registration.sort_key = folded(f"{registration.last_name} {registration.first_name}")[:220]
    parts = (registration.name, registration.organisation, registration.email or "", registration.reference)
    registration.search_text = folded(" ".join(parts))


def _with_one_more(seats: Seats, attendance: str, status: str) -> Seats:
    """The same seats after one more registration."""
    field = f"{attendance}_{'taken' if status == 'confirmed' else 'waiting'}"
    return replace(seats, **{field: getattr(seats, field) + 1})


def cancel(registration: Registration, *, by: Person | None, now: datetime) -> bool:
    """Give a place back; the first in line gets it at once. Doing it again changes nothing and answers False.

    `by` None is the person themselves. Who cancels after being promoted goes nowhere: not back in line.
    """
    edition = programme_queries.lock(registration.edition)
    db.session.refresh(registration)
    if registration.status == "cancelled":
        return False
    require(rules.may_still_change(edition, now))
    before = registration.status
    _end(registration, now)
    audit.note("registration cancelled", registration, by=by, old={"status": before}, new={"status": "cancelled"})
    notices.cancelled(registration, edition, by_organiser=by is not None)
    if before == "confirmed":
        promote_waiting(edition, now=now)
    return True


def _end(registration: Registration, now: datetime) -> None:
    registration.status, registration.cancelled_at = "cancelled", now
    registration.revision += 1
    _calendar_changes(registration, now)


def _calendar_changes(registration: Registration, now: datetime) -> None:
    """Subscribers must see something else: a higher sequence and a later moment."""
    registration.sequence += 1
    registration.calendar_changed_at = now


def change(
    registration: Registration,
    *,
    details: Details,
    seen: int,
    by: Person | None,
    now: datetime,
) -> bool:
    """Write down what somebody changed in their registration; False when nothing is different.

    Another way of taking part is a swap: the old place is given up only when the new one is got. Raises `Conflict`
    when the registration changed since revision `seen`, `RuleBroken` when it is cancelled or there is no new place.
    The mail address and needs are not changed here.
    """
    edition = programme_queries.lock(registration.edition)
    db.session.refresh(registration)
    require(
        rules.is_active(registration), rules.may_still_change(edition, now), rules.is_known(replace(details, needs=()))
    )
    if registration.revision != seen:
        raise Conflict(registration)
    old = {name: getattr(registration, name) for name in CHANGEABLE} | {"sectors": list(registration.sectors)}
    new = {name: getattr(details, name) for name in CHANGEABLE} | {"sectors": list(details.sectors)}
    differs = {name for name in old if old[name] != new[name]}
    swaps = details.attendance != registration.attendance
    if not differs and not swaps:
        return False
    if swaps:
        _swap(registration, edition, details.attendance, by=by, now=now)
    for name in differs:
        setattr(registration, name, new[name])
    registration.revision += 1
    index(registration)
    if differs:
        audit.note("registration changed", registration, by=by, new={"fields": sorted(differs)})
    notices.changed(registration, edition)
    return True


def _swap(registration: Registration, edition: Edition, attendance: str, *, by: Person | None, now: datetime) -> None:
    """Leave one place for another, or raise with nothing changed."""
    require(
        rules.attendance_is_offered(edition, attendance), rules.new_place_is_got(queries.seats(edition), attendance)
    )
    old = {"attendance": registration.attendance, "status": registration.status}
    registration.attendance = attendance
    registration.status = "confirmed"
    registration.confirmed_at = registration.confirmed_at or now
    _calendar_changes(registration, now)
    audit.note(
        "attendance changed", registration, by=by, old=old, new={"attendance": attendance, "status": "confirmed"}
    )
    promote_waiting(edition, now=now)


def promote_waiting(edition: Edition, *, now: datetime) -> list[Registration]:
    """Give every free place to the first in line, and tell them. Call with the lock held, after a place came free."""
    if edition.status == "cancelled" or programme_rules.is_past(edition, now):
        return []
    db.session.flush()
    seats = queries.seats(edition)
    got: list[Registration] = []
    for attendance in rules.ATTENDANCES:
        free = rules.promotable(seats, attendance)
        if free:
            got.extend(queries.waiting(edition, attendance, free))
    for registration in got:
        _confirm(registration, edition, by=None, now=now)
    return got


def _confirm(registration: Registration, edition: Edition, *, by: Person | None, now: datetime) -> None:
    """From waiting to confirmed, with the letter."""
    registration.status = "confirmed"
    registration.confirmed_at = registration.promoted_at = now
    registration.revision += 1
    _calendar_changes(registration, now)
    audit.note("promoted", registration, by=by, old={"status": "waiting"}, new={"status": "confirmed"})
    notices.promoted(registration, edition)


def promote(registration: Registration, *, by: Person, now: datetime) -> bool:
    """An organiser gives somebody who waits a place out of turn, if there is room. Doing it again changes nothing.

    Raises `RuleBroken` when every place is taken: raise the capacity first, so that nothing happens unseen.
    """
    edition = programme_queries.lock(registration.edition)
    db.session.refresh(registration)
    if registration.status == "confirmed":
        return False
    require(rules.is_active(registration), rules.edition_takes_people(edition, now))
    require(rules.place_is_free(queries.seats(edition), registration.attendance))
    _confirm(registration, edition, by=by, now=now)
    return True


def change_capacity(
    edition: Edition, *, onsite: int | None, online: int | None, by: Person | None, now: datetime
) -> list[Registration]:
    """Offer another number of places (None: no limit). More places promote who waits; fewer evict nobody.

    Returns who was promoted. What was taken at this moment is written down: being over capacity is then a known fact.
    """
    programme_queries.lock(edition)
    return capacity_changed(edition, onsite=onsite, online=online, by=by, now=now)


def capacity_changed(
    edition: Edition, *, onsite: int | None, online: int | None, by: Person | None, now: datetime
) -> list[Registration]:
    """The same with the lock already held."""
    require(
        rules.capacity_is_possible(onsite, "capacity_onsite"), rules.capacity_is_possible(online, "capacity_online")
    )
    old = {"onsite": edition.capacity_onsite, "online": edition.capacity_online}
    if old == {"onsite": onsite, "online": online}:
        return []
    edition.capacity_onsite, edition.capacity_online = onsite, online
    edition.shown_changed()
    seats = queries.seats(edition)
    taken = {"taken_onsite": seats.onsite_taken, "taken_online": seats.online_taken}
    audit.note("capacity changed", edition, by=by, old=old, new={"onsite": onsite, "online": online, **taken})
    return promote_waiting(edition, now=now)


def let_last_go(edition: Edition, attendance: str, *, expected: int, by: Person, now: datetime) -> list[Registration]:
    """“Last in, first out”: cancel the latest registrations until the capacity holds, and write them.

    `expected` is the number the organiser saw in the preview (`queries.latest_confirmed`). Raises `Conflict` when it
    is no longer so many.
    """
    programme_queries.lock(edition)
    amount = rules.surplus(queries.seats(edition), attendance)
    if amount != expected:
        raise Conflict(edition)
    going = list(queries.latest_confirmed(edition, attendance, amount))
    for registration in going:
        _end(registration, now)
        audit.note(
            "registration cancelled",
            registration,
            by=by,
            old={"status": "confirmed"},
            new={"status": "cancelled", "why": "last in, first out"},
        )
        notices.cancelled(registration, edition, by_organiser=True)
    return going


def note(registration: Registration, *, words: str, by: Person) -> None:
    """Write down something about a registration, for organisers only."""
    registration.note = words
    audit.note("note written", registration, by=by)


def park(edition: Edition, *, details: dict[str, Any], now: datetime) -> None:
    """Keep a form whose trap was filled in, for an organiser to look at. Takes no place."""
    db.session.add(Parked(edition_id=edition.id, details=details, parked_at=now))


def accept_parked(parked: Parked, *, details: Details, by: Person, now: datetime) -> Registration | None:
    """An organiser saw that a parked form is a person's: register them and forget the form."""
    edition = programme_queries.edition_by_id(parked.edition_id)
    assert edition is not None
    registration = register(edition, now=now, details=details, by=by)
    db.session.delete(parked)
    return registration
