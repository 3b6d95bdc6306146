"""Rows of editions, people and registrations for tests. Import as `from tests import factories as make`.

The event lies in summer time: Thursday 24 September 2026 in Brussels, two hours before UTC.
"""

import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from blender_event.core import clock, links, text
from blender_event.core.database import db
from blender_event.people.models import Address, Person, Role
from blender_event.programme import release
from blender_event.programme.models import Edition, Format, Room, Session, SessionSpeaker, Speaker, Track
from blender_event.registrations.models import Needs, Registration

DAY = date(2026, 9, 24)
numbers = itertools.count(1)


def saved(row):
    """The row, committed."""
    db.session.add(row)
    db.session.commit()
    return row


def an_edition(slug="2027", **facts):
    """An open edition with a hundred places on site, fifty online and a waiting list; `facts` win."""
    now = clock.now()
    known = {
        "title": f"Blender {slug}",
        "status": "open",
        "starts_on": DAY,
        "ends_on": facts.get("starts_on", DAY),
        "starts_time": time(9, 0),
        "ends_time": time(17, 0),
        "venue_name": "Het Voorbeeld",
        "street": "Voorbeeldstraat 1",
        "postcode": "9000",
        "city": "Gent",
        "contact_email": "blender@example.org",
        "contact_phone": "09 000 00 00",
        "organiser_name": "Blender",
        "groups": ["field", "research", "civil_society", "policy", "ict", "education", "other"],
        "registration_opens_at": datetime(2026, 5, 1, 8, 0, tzinfo=UTC),
        "registration_closes_at": datetime(2026, 9, 20, 21, 59, tzinfo=UTC),
        "offers_online": True,
        "capacity_onsite": 100,
        "capacity_online": 50,
        "calendar_changed_at": now,
        "created_at": now,
    }
    return saved(Edition(slug=slug, **known | facts))


def the_edition(edition=None):
    """This edition, or else the first one there is, or else a new one."""
    return edition or db.session.query(Edition).order_by(Edition.id).first() or an_edition()


def a_room(name="Zaal", edition=None, **facts):
    """A room of the edition (the first one there is, or a new one)."""
    return saved(Room(**{"edition_id": the_edition(edition).id, "slug": text.slug(name), "name": name} | facts))


def a_track(name="Chat", edition=None, **facts):
    return saved(Track(**{"edition_id": the_edition(edition).id, "slug": text.slug(name), "name": name} | facts))


def a_format(name="Lezing", edition=None, **facts):
    return saved(Format(**{"edition_id": the_edition(edition).id, "slug": text.slug(name), "name": name} | facts))


def a_moment(hour, minute=0, day=DAY, zone="Europe/Brussels"):
    """A moment on the day of the event, local time."""
    return datetime.combine(day, time(hour, minute), ZoneInfo(zone)).astimezone(UTC)


def a_session(title="Chat in de jeugdhulp", *, edition=None, at="10:00", minutes=60, room=None, speakers=(), **facts):
    """A planned session in the draft: `at` local time on the day of the event (None: no slot yet)."""
    edition = the_edition(edition)
    if at is not None:
        hour, minute = map(int, at.split(":"))
        facts = {"starts_at": a_moment(hour, minute, edition.starts_on, edition.zone)} | facts
        facts.setdefault("ends_at", facts["starts_at"] + timedelta(minutes=minutes))
    known = {"edition_id": edition.id, "title": title, "room_id": room.id if room else None, "created_at": clock.now()}
    session = Session(**known | facts)
    session.people = [SessionSpeaker(speaker_id=speaker.id, position=place) for place, speaker in enumerate(speakers)]
    return saved(session)


def a_speaker(name="Sam Spreker", edition=None, person=None, **facts):
    """Somebody who speaks, confirmed."""
    known = {
        "edition_id": the_edition(edition).id,
        "name": name,
        "status": "confirmed",
        "person_id": person.id if person else None,
    }
    return saved(Speaker(**known | facts))


def a_person(name="Alex Aanwezig", email=None, *, role=None, edition=None, sees_needs=False, **facts):
    """A person with a verified address; with `role` (organiser, reviewer, desk) in `edition`, or in all without one."""
    now = clock.now()
    email = email or f"{text.slug(name).replace('-', '.')}.{next(numbers)}@example.org"
    person = Person(**{"name": name, "session_key": links.random_token(), "created_at": now} | facts)
    person.addresses = [Address(email=email, email_key=text.email_key(email), verified_at=now)]
    if role:
        edition_id = edition.id if edition else None
        person.roles = [Role(kind=role, edition_id=edition_id, sees_needs=sees_needs, created_at=now)]
    return saved(person)


def an_organiser(name="Olga Organisator", edition=None, *, sees_needs=False, **facts):
    """An organiser of `edition`, or (without one) of every edition."""
    return a_person(name, role="organiser", edition=edition, sees_needs=sees_needs, **facts)


def a_registration(
    edition=None, *, first_name="Alex", last_name="Aanwezig", email=None, status="confirmed", needs=None, **facts
):
    """A place in an edition, written as a row (no letter, no audit). `needs`: words, with consent."""
    edition = the_edition(edition)
    now = clock.now()
    email = email or f"{text.slug(first_name)}.{next(numbers)}@example.org"
    if status == "waiting" and "queue_number" not in facts:
        facts["queue_number"] = (
            1 + db.session.query(Registration).filter_by(edition_id=edition.id, status="waiting").count()
        )
    known = {
        "edition_id": edition.id,
        "status": status,
        "first_name": first_name,
        "last_name": last_name,
        "email": email,
        "email_key": text.email_key(email),
        "group": "field",
        "sort_key": text.folded(f"{last_name} {first_name}"),
        "calendar_changed_at": now,
        "created_at": now,
        "confirmed_at": now if status == "confirmed" else None,
        "cancelled_at": now if status == "cancelled" else None,
    }
    registration = Registration(**known | facts)
    registration.search_text = text.folded(f"{first_name} {last_name} {registration.organisation} {email}")
    if needs:
        registration.needs = Needs(words=needs, consent_at=now)
    return saved(registration)


def a_release(edition=None, *, by=None, reason="", tell=False):
    """Publish the draft of the edition as it stands now, as an organiser would."""
    edition = the_edition(edition)
    made = release.release(edition, by=by, reason=reason, tell=tell)
    db.session.commit()
    return made
