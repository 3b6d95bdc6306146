"""An edition of any size, for measurements and tests: through the real tables, released, open, and without letters."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from blender_event import load_pitches
from blender_event.core import clock, markdown, text
from blender_event.core.database import db
from blender_event.programme import queries, release
from blender_event.programme.models import Edition, Format, Room, Session, SessionSpeaker, Speaker, Track
from blender_event.registrations.models import Registration

ROOMS, TRACKS, SLOTS = 8, 8, 10  # sessions of 40 minutes, from 9.00: ten a day in each room
ZONE = "Europe/Brussels"
FIRST = "Jane Mary Alice Marie Jozef Isala Paul Henri Ada Norbert Grace Alan Octavia Beatrice Charles Florence".split()
LAST = (
    "Addams,Richmond,Salomon,Kamphuis,Guislain,Van Diest,Otlet,La Fontaine,Lovelace,Wiener,Hopper,Turing,Hill,Webb,"
    "Babbage,Nightingale,D’Hondt,Đặng,Müller-Østergård"
).split(",")
WORDS = "chat beeldbellen nabijheid drempel taal vertrouwen groep dossier privacy scherm buurt jongeren ouderen anoniem team".split()
GROUPS = ["field", "research", "civil_society", "policy", "ict", "education", "other"]
FORMATS = (("lezing", "Lezing"), ("workshop", "Workshop"), ("demo", "Demo"), ("gesprek", "Gesprek"))


class AlreadyThere(Exception):
    """An edition with this slug exists."""


@dataclass(frozen=True, slots=True)
class Size:
    slug: str
    sessions: int = 60
    speakers: int = 80
    registrations: int = 500
    capacity: int = 1000
    session_capacity: int | None = None
    pitches: int = 0
    reviews: int = 0


def load(size: Size) -> Edition:
    """Write the edition in the present transaction. The same size gives the same words, times and names."""
    if queries.edition_by_slug(size.slug) is not None:
        raise AlreadyThere(f"The edition {size.slug} is there already.")
    chance = random.Random(size.slug)
    edition = _edition(size)
    frame = _frame(edition)
    speakers = _speakers(edition, size, chance)
    _sessions(edition, size, frame, speakers, chance)
    db.session.flush()
    release.release(edition, by=None, tell=False)
    _registrations(edition, size, chance)
    if size.pitches:
        load_pitches.fill(edition, pitches=size.pitches, reviews=size.reviews)
    return edition


def _edition(size: Size) -> Edition:
    now = clock.now()
    first = now.date() + timedelta(days=120)
    days = max(1, -(-size.sessions // (ROOMS * SLOTS)))
    edition = Edition(
        slug=size.slug,
        title=f"Blender {size.slug}",
        motto="Menselijk, ook online",
        status="open",
        starts_on=first,
        ends_on=first + timedelta(days=days - 1),
        starts_time=time(9, 0),
        ends_time=time(17, 0),
        zone=ZONE,
        venue_name="Het Voorbeeld",
        street="Voorbeeldstraat 1",
        postcode="9000",
        city="Gent",
        intro="Een dag over hulp en ontmoeting, online en in levenden lijve.",
        intro_html=markdown.html("Een dag over hulp en ontmoeting, online en in levenden lijve."),
        groups=GROUPS,
        organiser_name="Blender",
        contact_email="blender@example.org",
        contact_phone="09 000 00 00",
        registration_opens_at=now - timedelta(days=1),
        registration_closes_at=now + timedelta(days=110),
        offers_onsite=True,
        offers_online=True,
        capacity_onsite=size.capacity,
        capacity_online=None,
        calendar_changed_at=now,
        created_at=now,
    )
    db.session.add(edition)
    db.session.flush()
    return edition


@dataclass(frozen=True, slots=True)
class _Frame:
    rooms: list[Room]
    tracks: list[Track]
    formats: list[Format]


def _frame(edition: Edition) -> _Frame:
    frame = _Frame(
        [Room(edition_id=edition.id, slug=f"zaal-{n}", name=f"Zaal {n}", position=n) for n in range(1, ROOMS + 1)],
        [
            Track(edition_id=edition.id, slug=f"thema-{n}", name=f"Thema {n}", colour=n, position=n)
            for n in range(1, TRACKS + 1)
        ],
        [Format(edition_id=edition.id, slug=slug, name=name, position=n) for n, (slug, name) in enumerate(FORMATS)],
    )
    db.session.add_all([*frame.rooms, *frame.tracks, *frame.formats])
    db.session.flush()
    return frame


def _speakers(edition: Edition, size: Size, chance: random.Random) -> list[Speaker]:
    speakers = []
    for number in range(size.speakers):
        biography = _sentences(chance, 3)
        speakers.append(
            Speaker(
                edition_id=edition.id,
                name=f"{FIRST[number % len(FIRST)]} {LAST[(number // len(FIRST) + number) % len(LAST)]}",
                role=chance.choice(["onderzoeker", "hulpverlener", "directeur", "ervaringsdeskundige"]),
                organisation=f"Huis van {chance.choice(WORDS)}",
                biography=biography,
                biography_html=markdown.html(biography),
                status="confirmed",
                position=number,
            )
        )
    db.session.add_all(speakers)
    db.session.flush()
    return speakers


def _sessions(edition: Edition, size: Size, frame: _Frame, speakers: list[Speaker], chance: random.Random) -> None:
    """Room by room and slot by slot. Speakers take turns, so that nobody is in two places at once."""
    now = clock.now()
    for number in range(size.sessions):
        day, place = divmod(number, ROOMS * SLOTS)
        slot, room = divmod(place, ROOMS)
        local = datetime.combine(edition.starts_on + timedelta(days=day), time(9, 0), ZoneInfo(ZONE)) + timedelta(
            minutes=50 * slot
        )
        description = "\n\n".join(_sentences(chance, 4) for _paragraph in range(2))
        session = Session(
            edition_id=edition.id,
            title=f"{_words(chance, 4)} ({number + 1})",
            starts_at=local.astimezone(UTC),
            ends_at=local.astimezone(UTC) + timedelta(minutes=40),
            room_id=frame.rooms[room].id,
            track_id=frame.tracks[number % TRACKS].id,
            format_id=frame.formats[number % len(frame.formats)].id,
            level=("", "starter", "advanced", "everyone")[number % 4],
            is_online=number % 3 == 0,
            capacity=size.session_capacity,
            abstract=_sentences(chance, 1),
            description=description,
            description_html=markdown.html(description),
            created_at=now,
        )
        session.people = [SessionSpeaker(speaker_id=s.id, position=n) for n, s in enumerate(_cast(number, speakers))]
        db.session.add(session)


def _cast(number: int, speakers: list[Speaker]) -> list[Speaker]:
    """One speaker, and a second for every third session; nobody when there are fewer speakers than rooms."""
    if len(speakers) < 2 * ROOMS:
        return [speakers[number % ROOMS]] if number % ROOMS < len(speakers) else []
    others = [len(speakers) // 2] if number % 3 == 0 else []
    return [speakers[(number + step) % len(speakers)] for step in (0, *others)]


def _registrations(edition: Edition, size: Size, chance: random.Random) -> None:
    """In one statement per thousand: who comes after the capacity waits."""
    now = clock.now()
    rows = [_registration(edition, size, number, now, chance) for number in range(size.registrations)]
    for start in range(0, len(rows), 1000):
        db.session.execute(insert(Registration), rows[start : start + 1000])


def _registration(edition: Edition, size: Size, number: int, now: datetime, chance: random.Random) -> dict[str, Any]:
    first, last = chance.choice(FIRST), chance.choice(LAST)
    email = f"{text.slug(first)}.{number}@{edition.slug}.example.org"
    waits = number >= size.capacity
    at = now - timedelta(minutes=size.registrations - number)
    reference = _reference(chance)
    organisation = f"Huis van {chance.choice(WORDS)}"
    return {
        "edition_id": edition.id,
        "reference": reference,
        "status": "waiting" if waits else "confirmed",
        "queue_number": number - size.capacity + 1 if waits else None,
        "first_name": first,
        "last_name": last,
        "email": email,
        "email_key": text.email_key(email),
        "organisation": organisation,
        "group": chance.choice(GROUPS),
        "sort_key": text.folded(f"{last} {first}"),
        "search_text": text.folded(f"{first} {last} {organisation} {email} {reference}"),
        "calendar_changed_at": at,
        "created_at": at,
        "confirmed_at": None if waits else at,
        "verified_at": at if number % 2 else None,
    }


def _reference(chance: random.Random) -> str:
    letters = "".join(chance.choices("23456789ABCDEFGHJKLMNPQRSTUVWXYZ", k=8))
    return f"{letters[:4]}-{letters[4:]}"


def _words(chance: random.Random, amount: int) -> str:
    return " ".join(chance.sample(WORDS, amount)).capitalize()


def _sentences(chance: random.Random, amount: int) -> str:
    return " ".join(f"{_words(chance, 8)}." for _sentence in range(amount))
