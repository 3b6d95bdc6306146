"""The demonstration editions: real facts of two past days, and one invented coming day, loaded once."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import yaml
from sqlalchemy import select

from blender_event.core import clock, markdown, text
from blender_event.core.database import db
from blender_event.core.logs import log
from blender_event.demonstration import ideas
from blender_event.people import queries as people
from blender_event.pitches.models_works import Work
from blender_event.programme import actions, actions_editions, queries, release
from blender_event.programme.models import Edition, Format, Room, Speaker, Track
from blender_event.programme.rules import Slot
from blender_event.recaps.models import Recap
from blender_event.registrations import actions as registrations
from blender_event.registrations.models import Needs, Registration, new_reference
from blender_event.registrations.rules import NEEDS

FOLDER = Path(__file__).parent
_LEVELS = {"starter": "starter", "gevorderd": "advanced", "iedereen": "everyone"}
Row = dict[str, Any]
Thing = TypeVar("Thing", bound=Room | Track | Format)


def load() -> list[str]:
    """Load every demonstration edition that is not there yet, released and without letters. Returns the slugs loaded."""
    loaded = []
    for file in sorted(FOLDER.glob("*.yaml")):
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
        slug = data["edition"]["slug"]
        if queries.edition_by_slug(slug) is None:
            _load_edition(data)
            db.session.commit()
            loaded.append(slug)
            log.info("demonstration edition loaded", slug=slug)
        if slug == ideas.EDITION:
            _load_ideas(data)
    _load_works()
    return loaded


def _load_works() -> None:
    """What was made before in the field, unless somebody filled that list already."""
    if db.session.scalars(select(Work.id)).first() is not None:
        return
    for row in yaml.safe_load((FOLDER / "earlier" / "works.yaml").read_text(encoding="utf-8"))["works"]:
        work = Work(**row, created_at=clock.now())
        work.slug = f"{text.slug(work.name)[:45]}-{text.code()}"
        work.search_text = text.folded(f"{work.title} {work.subject} {work.description}")
        db.session.add(work)
    db.session.commit()


def _load_ideas(data: Row) -> None:
    """An example edition that an earlier version loaded gets its pitches and slides as well."""
    edition = queries.edition_by_slug(ideas.EDITION)
    titles = {row["key"]: row["title"] or "" for row in data["sessions"]}
    if edition is not None and edition.is_example and ideas.load(edition, titles):
        db.session.commit()


def _load_edition(data: Row) -> None:
    facts = data["edition"]
    edition = actions_editions.create(
        words=_edition_words(facts), capacities=_capacities(facts["registration"]), by=None
    )
    rooms = {row["key"]: _thing(Room(), edition, row, n) for n, row in enumerate(data["rooms"])}
    tracks = {row["key"]: _thing(Track(), edition, row, n) for n, row in enumerate(data["tracks"])}
    formats = {row["key"]: _thing(Format(), edition, row, n) for n, row in enumerate(data["formats"])}
    speakers = {row["key"]: _speaker(edition, row, n) for n, row in enumerate(data["speakers"])}
    for row in data["sessions"]:
        _session(edition, row, rooms, tracks, formats, speakers)
    edition.status = facts["status"]
    if data["sessions"] or data["speakers"]:
        db.session.flush()
        release.release(edition, by=None, reason="", tell=False)
    if data["recap"]:
        _recap(edition, data["recap"])
    for number, row in enumerate(data["people"]):
        _registration(edition, row, number)


def _edition_words(facts: Row) -> Row:
    starts, ends = facts["starts_at"], facts["ends_at"]
    first = datetime.fromisoformat(starts) if starts else None
    last = datetime.fromisoformat(ends) if ends else None
    day = date.fromisoformat(facts["date"]) if facts["date"] else None
    venue, registration, source = facts["venue"] or {}, facts["registration"], facts["source"] or {}
    plain = "slug title motto kind intro route accessibility organiser_name contact_email contact_phone price_note"
    return {
        **{name: facts[name] or "" for name in plain.split()},
        "ordinal": facts["ordinal"],
        "starts_on": first.date() if first else day,
        "ends_on": last.date() if last else day,
        "starts_time": first.time() if first else None,
        "ends_time": last.time() if last else None,
        "zone": facts["timezone"],
        "venue_name": venue.get("name") or "",
        "street": venue.get("street") or "",
        "postcode": venue.get("postcode") or "",
        "city": venue.get("city") or "",
        "country": venue.get("country") or "BE",
        "confirmation_note": facts["venue_note"] or "",
        "audiences": facts["audiences"],
        "organisers": facts["organisers"],
        "groups": facts["groups"],
        "is_example": facts["is_example"],
        "source_label": source.get("label") or "",
        "source_url": source.get("url") or "",
        "registration_mode": registration["mode"],
        "registration_url": registration["url"] or "",
        "registration_opens_at": _moment(registration["opens_at"], facts["timezone"]),
        "registration_closes_at": _moment(registration["closes_at"], facts["timezone"]),
        "offers_onsite": True,
        "offers_online": registration["capacity_online"] is not None,
        "online_note": registration["online_note"] or "",
        "has_waiting_list": registration["waiting_list"] is not False,
    }


def _capacities(registration: Row) -> dict[str, int | None]:
    return {"onsite": registration["capacity_onsite"], "online": registration["capacity_online"]}


def _moment(words: str | None, zone: str) -> datetime | None:
    return datetime.fromisoformat(words).replace(tzinfo=ZoneInfo(zone)) if words else None


def _thing(thing: Thing, edition: Edition, row: Row, position: int) -> Thing:
    names = {"plenary": "is_plenary", "online": "is_online"}
    words = {
        names.get(name, name): value
        for name, value in row.items()
        if name not in ("key", "signup") and value is not None
    }
    return actions_editions.save_thing(thing, edition, words=words | {"position": position}, by=None)


def _session(
    edition: Edition,
    row: Row,
    rooms: dict[str, Room],
    tracks: dict[str, Track],
    formats: dict[str, Format],
    speakers: dict[str, Speaker],
) -> None:
    words = {
        "title": row["title"] or "",
        "subject": "" if row["title"] else row["subject"] or "",
        "language": row["language"] or "nl",
        "level": _LEVELS.get(row["level"] or "", ""),
        "is_onsite": row["onsite"] is True,
        "is_online": bool(row["online"]),
        "capacity": row["capacity"],
        "takeaways": row["takeaways"] or [],
        "partners": row["partners"] or [],
        "track_id": tracks[row["track"]].id if row["track"] else None,
        "format_id": formats[row["format"]].id if row["format"] else None,
        **{name: row[name] or "" for name in ("abstract", "description", "audience", "bring", "accessibility")},
    }
    slot = Slot(rooms.get(row["room"] or ""), _time(edition, row["starts"]), _time(edition, row["ends"]))
    cast = [(speakers[part["key"]], part["role"]) for part in row["speakers"]]
    session = actions.create_session(edition, words=words, slot=slot, cast=cast, by=None)
    if row["status"] == "cancelled":
        session.status = "cancelled"


def _time(edition: Edition, words: str | None) -> datetime | None:
    if not words:
        return None
    return datetime.combine(edition.starts_on, time.fromisoformat(words), ZoneInfo(edition.zone)).astimezone(UTC)


def _speaker(edition: Edition, row: Row, position: int) -> Speaker:
    words = {name: row[name] or "" for name in ("name", "role", "organisation", "unit", "biography")}
    person = _person(row["name"], edition) if edition.is_example else None
    speaker = actions.add_speaker(edition, words=words | {"status": "confirmed"}, person=person, by=None)
    speaker.position = position
    return speaker


def _person(name: str, edition: Edition) -> Any:
    return people.person_for(ideas.address_of(name), name=name, language="nl")


def _recap(edition: Edition, row: Row) -> None:
    call = (row["call"] or {}).get("text") or ""
    db.session.add(
        Recap(
            edition_id=edition.id,
            title=row["title"],
            author=row["author"] or "",
            written_on=date.fromisoformat(row["date"]) if row["date"] else None,
            summary=row["summary"] or "",
            body=row["body"] or "",
            body_html=markdown.html(row["body"]),
            themes=row["themes"] or [],
            call=call,
            call_html=markdown.html(call),
            source_url=row["source_url"] or "",
            source_label=edition.source_label,
            published_at=clock.now(),
            changed_at=clock.now(),
        )
    )
    edition.has_recap = True
    edition.shown_changed()


_SECTORS = {
    "algemeen welzijnswerk": "general_welfare",
    "jeugdhulp": "youth_care",
    "geestelijke gezondheidszorg": "mental_health",
    "gezinszorg en thuiszorg": "home_care",
    "personen met een handicap": "disability",
    "samenlevingsopbouw en straathoekwerk": "community_work",
    "schuldhulpverlening": "debt_support",
    "jongerenwerk": "youth_work",
    "onderwijs en studentenvoorzieningen": "education",
    "lokaal bestuur/OCMW": "local_government",
    "onderzoek en hoger onderwijs": "research",
    "ICT": "ict",
    "beleid": "policy",
}


def _registration(edition: Edition, row: Row, number: int) -> None:
    """A confirmed place for one of the historical figures, some weeks after registration opened."""
    opened = edition.registration_opens_at or clock.now()
    made = min(opened + timedelta(weeks=row["week"], hours=5 * (number % 20)), clock.now())
    name = f"{row['first_name']} {row['last_name'] or ''}".strip()
    email = ideas.address_of(name)
    registration = Registration(
        edition_id=edition.id,
        person=people.person_for(email, name=name, language="nl"),
        status="confirmed",
        attendance=row["attendance"],
        first_name=row["first_name"],
        last_name=row["last_name"] or "",
        email=email,
        email_key=text.email_key(email),
        organisation=row["organisation"] or "",
        group=row["group"],
        sectors=[_SECTORS.get(sector, "other") for sector in row["sectors"]],
        calendar_changed_at=made,
        created_at=made,
        confirmed_at=made,
        verified_at=None if number % 12 == 5 else made,
    )
    registration.reference = new_reference()
    registrations.index(registration)
    choices = [need for need in row["needs"] if need in NEEDS]
    if choices or row["needs_note"]:
        registration.needs = Needs(choices=choices, words=row["needs_note"] or "", consent_at=made)
    db.session.add(registration)
