"""The letters about a registration: who gets which one, with which calendar file."""

from collections.abc import Sequence
from typing import Any

from blender_event.core import ics, links
from blender_event.core.links import Purpose
from blender_event.core.logs import log
from blender_event.mail import outbox
from blender_event.mail import queries as mail
from blender_event.mail.models import Letter, Mailing
from blender_event.mail.outbox import Attachment
from blender_event.programme import entries as programme_entries
from blender_event.programme import queries as programme_queries
from blender_event.programme.changes import Change
from blender_event.programme.models import Edition, Release
from blender_event.registrations import entries, queries, rules
from blender_event.registrations.models import FreshLink, Registration, Team

FRESH_MINUTES = 10


def confirmed(registration: Registration, edition: Edition) -> None:
    """You have a place: practical information, the calendar entry and your own page."""
    _put("confirmed", registration, edition, with_calendar=True)


def waiting(registration: Registration, edition: Edition, position: int) -> None:
    """You are on the waiting list, with your place in line."""
    _put("waiting", registration, edition, line=rules.place_in_line(position), position=position)


def promoted(registration: Registration, edition: Edition) -> None:
    """A place came free and it is yours; how to give it back."""
    _put("promoted", registration, edition, with_calendar=True)


def changed(registration: Registration, edition: Edition) -> None:
    """What your registration says now."""
    _put("changed", registration, edition, with_calendar=True)


def cancelled(registration: Registration, edition: Edition, *, by_organiser: bool) -> None:
    """Your registration is cancelled, and so is the entry in your calendar."""
    _put("cancelled", registration, edition, with_calendar=True, by_organiser=by_organiser)


def already_registered(registration: Registration, edition: Edition) -> None:
    """Somebody filled in your address again; here is your own page."""
    _put("already_registered", registration, edition)


def my_link(registration: Registration, edition: Edition, *, renewed: bool = False) -> None:
    """The address of your own page, because you asked for it."""
    _put("my_link", registration, edition, renewed=renewed)


def fresh_link(fresh: FreshLink, registration: Registration, edition: Edition) -> None:
    """A link of ten minutes to your needs and your mail address."""
    _put("fresh_link", registration, edition, fresh=outbox.link(Purpose.FRESH, fresh.id), minutes=FRESH_MINUTES)


def address_asked(fresh: FreshLink, registration: Registration, edition: Edition) -> None:
    """To the new address: a link of ten minutes that proves it is yours."""
    outbox.put(
        kind="new_address",
        to_email=fresh.new_email or "",
        to_name=registration.name,
        language=registration.language,
        edition=edition,
        key=f"new_address:{registration.id}",
        about=f"registrations:{registration.id}",
        facts={"fresh": outbox.link(Purpose.FRESH, fresh.id), "minutes": FRESH_MINUTES},
    )


def address_changed(registration: Registration, edition: Edition, old: str) -> None:
    """To the old address: your letters go elsewhere from now on. What still waits for it would carry the new links."""
    outbox.withdraw_to(old, about=f"registrations:{registration.id}")
    outbox.put(
        kind="address_changed",
        to_email=old,
        to_name=registration.name,
        language=registration.language,
        edition=edition,
        about=f"registrations:{registration.id}",
        facts={},
    )


def team(registered: Sequence[Registration], contact: Team, edition: Edition, language: str) -> None:
    """To the contact: who of the team has a place and who waits, with the pages of those without an address."""
    lines = [
        {
            "name": one.name,
            "status": one.status,
            "position": queries.position(one) or 1 if one.status == "waiting" else 0,
            "manage": "" if one.email else outbox.link(Purpose.MAILED, one.id),
        }
        for one in registered
    ]
    outbox.put(
        kind="team",
        to_email=contact.contact_email,
        to_name=contact.contact_name,
        language=language,
        edition=edition,
        about=f"teams:{contact.id}",
        facts={"people": lines},
    )


def edition_changed(edition: Edition, changes: list[str]) -> None:
    """One letter to everybody with a place or in line: the day itself changed."""
    audience = queries.concerned(edition)
    if audience:
        outbox.announce("day_changed", edition, audience, {"changes": list(changes)})


def released(edition: Edition, release: Release, changes: list[Change]) -> None:
    """One merged letter to everybody who comes: parts of the day for everyone moved."""
    told = concerning_everyone(changes)
    audience = queries.concerned_by_sessions(edition) if told else []
    if audience:
        outbox.announce(
            "programme_changed",
            edition,
            audience,
            {"number": release.number, "changes": [change.dump() for change in told]},
        )


def attendees_concerned(edition: Edition, changes: list[Change]) -> int:
    """How many attendees a release with these changes would tell."""
    return len(queries.concerned_by_sessions(edition)) if concerning_everyone(changes) else 0


def concerning_everyone(changes: list[Change]) -> list[Change]:
    """Changes of parts that are for everyone: people without session choices are told of these only."""
    return [change for change in changes if change.plenary and change.concerns_people]


def day_changed(mailing: Mailing, number: int) -> Letter | None:
    """One letter of such a mailing, written by the worker, saying how things are now."""
    registration = queries.with_id(number)
    if registration is None or registration.status == "cancelled":
        return None
    facts = {"changes": mailing.facts["changes"], "note": registration.edition.status_note}
    return _put("day_changed", registration, registration.edition, with_calendar=True, **facts)


def programme_changed(mailing: Mailing, number: int) -> Letter | None:
    """One letter of such a mailing: what moved, and that the calendar follows."""
    registration = queries.with_id(number)
    if registration is None or registration.status != "confirmed":
        return None
    edition = registration.edition
    programme = programme_queries.published(edition)
    points = {point.uid: point for point in programme.points} if programme is not None else {}
    sessions = [
        {"title": change["title"], "kind": change["kind"], "point": points.get(change["uid"])}
        for change in _with_untold(mailing, registration)
    ]
    return _put("programme_changed", registration, edition, sessions=sessions)


def _with_untold(mailing: Mailing, registration: Registration) -> list[dict[str, Any]]:
    """The changes of a mailing, after those of earlier ones whose letter to this person has not left yet: it is replaced."""
    key = f"programme_changed:{registration.id}"
    earlier: list[Mailing] = []
    if mail.waits(key):
        since = mail.last_told(key, mailing.edition_id) or registration.confirmed_at
        earlier = mail.mailings_before(mailing, since)
    found: dict[str, dict[str, Any]] = {}
    for change in (change for one in [*earlier, mailing] for change in one.facts["changes"]):
        known = found.pop(change["uid"], None)
        still_new = known is not None and known["kind"] == "added" and change["kind"] == "changed"
        found[change["uid"]] = {**change, "kind": "added"} if still_new else change
    return list(found.values())


def _put(
    kind: str, registration: Registration, edition: Edition, *, with_calendar: bool = False, **facts: Any
) -> Letter | None:
    """Write the letter to the person, or to their team's contact; nobody can be written to without either."""
    email, name = _reader(registration)
    if not email:
        return None
    language = registration.language
    entry = entries.day(registration, edition, language) if with_calendar else None
    place = entry is not None and entry.status != "CANCELLED"
    return outbox.put(
        kind=kind,
        to_email=email,
        to_name=name,
        language=language,
        edition=edition,
        attachments=_files(entry, edition, language) if entry is not None else [],
        key=f"{kind}:{registration.id}",
        about=f"registrations:{registration.id}",
        facts={
            "registration": registration,
            "for_somebody_else": registration.email is None,
            "manage": outbox.link(Purpose.MAILED, registration.id),
            "edition_page": links.address("programme.edition_page", language=language, edition=edition.slug),
            "join_url": entry.conference_url if entry is not None else "",
            "google": ics.google_link(entry) if entry is not None and place else "",
            "outlook": ics.outlook_link(entry) if entry is not None and place else "",
            **facts,
        },
    )


def _reader(registration: Registration) -> tuple[str, str]:
    """Whose mailbox: the person's own, else that of the colleague who registered the team."""
    if registration.email:
        return registration.email, registration.name
    if registration.team is not None and registration.team.contact_email:
        return registration.team.contact_email, registration.team.contact_name
    return "", ""


def _files(entry: ics.Entry, edition: Edition, language: str) -> list[Attachment]:
    """The entry as a file. One that cannot be written never stops the letter."""
    calendar = programme_entries.calendar(edition, edition.title, "", language)
    try:
        return [Attachment(name="blender.ics", data=ics.event_file(calendar, entry))]
    except ValueError:
        log.warning("letter without calendar file", edition=edition.id)
        return []
