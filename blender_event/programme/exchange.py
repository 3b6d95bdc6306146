"""The published programme in formats other programs read: our own JSON without loss, and the frab schedule XML.

`docs/exchange.md` describes both. Only releases are exchanged: no draft, no link to join, no address of a person.
"""

import re
import xml.etree.ElementTree as xml
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from blender_event.core import links
from blender_event.core.logs import log
from blender_event.programme import rules_materials, snapshot
from blender_event.programme.models import Edition
from blender_event.programme.models_materials import Material
from blender_event.programme.snapshot import Place, Point, Programme, Theme, Voice

FORMAT = "blender-programme/1"
# A night session belongs to the evening before: days change at four in the morning.
DAY_CHANGE = time(4, 0)
_SLOT = timedelta(minutes=5)
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


Materials = Mapping[str, Sequence[Material]]  # what is public now, by the identity of its session


def lossless(
    edition: Edition, programme: Programme | None, language: str, materials: Materials | None = None
) -> dict[str, Any]:
    """Everything that is published, as JSON values: what `exchange_reading` needs to make the same programme again."""
    known = (
        snapshot.dump(programme)
        if programme
        else {"day": None, "rooms": [], "tracks": [], "formats": [], "voices": [], "points": []}
    )
    return {
        "format": FORMAT,
        "edition": of_edition(edition, language),
        "release": {"number": programme.number, "released_at": programme.released_at.isoformat()}
        if programme
        else None,
        "day": known["day"],
        "rooms": known["rooms"],
        "tracks": known["tracks"],
        "formats": known["formats"],
        "speakers": known["voices"],
        "sessions": known["points"],
        "materials": [
            {"session": uid} | of_material(row, edition, language)
            for uid, rows in (materials or {}).items()
            for row in rows
        ],
    }


def of_material(row: Material, edition: Edition, language: str) -> dict[str, Any]:
    """A public material as JSON values. `url` never changes; type, size and pages are null for what stands elsewhere."""
    version = rules_materials.public_version(row)
    return {
        "kind": row.kind,
        "title": row.title,
        "language": row.language,
        "licence": row.licence,
        "accessible": {"yes": True, "no": False}.get(row.accessible),
        "url": material_address(row, edition, language),
        "media_type": version.media_type if version else None,
        "size": version.size if version else None,
        "pages": version.pages if version else None,
    }


def material_address(row: Material, edition: Edition, language: str) -> str:
    return links.address("materials.newest", language=language, edition=edition.slug, code=row.code)


def of_edition(edition: Edition, language: str) -> dict[str, Any]:
    """The public facts of an edition as JSON values; what is not known is null or empty."""
    return {
        "id": edition.uid,
        "slug": edition.slug,
        "title": edition.title,
        "ordinal": edition.ordinal,
        "motto": edition.motto,
        "kind": edition.kind,
        "status": edition.status,
        "is_example": edition.is_example,
        "starts_on": edition.starts_on.isoformat(),
        "ends_on": edition.ends_on.isoformat(),
        "starts_at": edition.starts_at.isoformat() if edition.starts_at else None,
        "ends_at": edition.ends_at.isoformat() if edition.ends_at else None,
        "zone": edition.zone,
        "venue": {
            "name": edition.venue_name,
            "street": edition.street,
            "postcode": edition.postcode,
            "city": edition.city,
            "country": edition.country,
        },
        "organiser": edition.organiser_name,
        "audiences": list(edition.audiences or []),
        "offers_onsite": edition.offers_onsite,
        "offers_online": edition.offers_online,
        "release": edition.released_number,
        "url": links.address("programme.edition_page", language=language, edition=edition.slug),
    }


def of_session(
    point: Point, programme: Programme, edition: Edition, language: str, materials: Materials | None = None
) -> dict[str, Any]:
    """A session as JSON values, with local times and what it refers to written out: what the API answers."""
    return {
        "id": point.uid,
        "slug": point.slug,
        "url": links.address("programme.session_page", language=language, edition=edition.slug, session=point.slug),
        "title": point.title,
        "language": point.language,
        "status": point.status,
        "sequence": point.sequence,
        "changed_at": point.changed_at.isoformat(),
        "starts_at": _local(point.starts_at, programme),
        "ends_at": _local(point.ends_at, programme),
        "room": of_room(point.room) if point.room else None,
        "track": of_track(point.track) if point.track else None,
        "format": of_format(point.format) if point.format else None,
        "level": point.level,
        "is_onsite": point.is_onsite,
        "is_online": point.is_online,
        "capacity": point.capacity,
        "abstract": point.abstract,
        "description": point.description,
        "description_html": point.description_html,
        "takeaways": list(point.takeaways),
        "audience": point.audience,
        "bring": point.bring,
        "accessibility": point.accessibility,
        "partners": list(point.partners),
        "people": [{"role": part.role} | of_speaker(part.voice, edition, language, brief=True) for part in point.parts],
        "materials": [of_material(row, edition, language) for row in (materials or {}).get(point.uid, ())],
    }


def _local(moment: datetime | None, programme: Programme) -> str | None:
    return moment.astimezone(ZoneInfo(programme.day.zone)).isoformat() if moment else None


def of_room(room: Place) -> dict[str, Any]:
    return {
        "slug": room.slug,
        "name": room.name,
        "floor": room.floor,
        "access_note": room.access_note,
        "capacity": room.capacity,
        "is_online": room.is_online,
    }


def of_track(track: Theme) -> dict[str, Any]:
    return {"slug": track.slug, "name": track.name, "colour": track.colour}


def of_format(kind: snapshot.Kind) -> dict[str, Any]:
    return {"slug": kind.slug, "name": kind.name, "is_plenary": kind.is_plenary, "is_break": kind.is_break}


def of_speaker(voice: Voice, edition: Edition, language: str, *, brief: bool = False) -> dict[str, Any]:
    """A speaker as JSON values; `brief` leaves out what is about the person rather than the session."""
    known = {
        "id": voice.uid,
        "slug": voice.slug,
        "name": voice.name,
        "organisation": voice.organisation,
        "url": links.address("programme.speaker_page", language=language, edition=edition.slug, speaker=voice.slug),
    }
    return known if brief else known | {"role": voice.role, "unit": voice.unit, "biography_html": voice.biography_html}


def schedule_xml(
    edition: Edition, programme: Programme | None, language: str, materials: Materials | None = None
) -> bytes:
    """The schedule as Giggity and ConfClerk read it, valid for the public schema (voc/schedule, `validator/xsd`).

    Only sessions with a time and a room that take place: the format has no word for the others. Breaks are left out.
    """
    acronym = acronym_of(edition)
    root = xml.Element("schedule")
    xml.SubElement(root, "generator", name="Blender", version=FORMAT)
    _say(root, "version", str(programme.number) if programme else "0")
    zone = ZoneInfo(edition.zone)
    days = _days(edition)
    conference = xml.SubElement(root, "conference")
    _say(conference, "title", edition.title)
    _say(conference, "acronym", acronym)
    _say(conference, "start", days[0].isoformat())
    _say(conference, "end", days[-1].isoformat())
    _say(conference, "days", str(len(days)))
    _say(conference, "timeslot_duration", _length(_SLOT))
    _say(conference, "base_url", links.address("programme.edition_page", language=language, edition=edition.slug))
    _say(conference, "time_zone_name", edition.zone)
    shown = [point for point in programme.points if _fits(point)] if programme else []
    numbers = _numbers([point.uid for point in shown], [voice.uid for point in shown for voice in point.speakers])
    for index, day in enumerate(days, 1):
        _add_day(
            root,
            index,
            day,
            [p for p in shown if _day_of(p, zone) == day],
            zone,
            acronym,
            numbers,
            edition,
            language,
            materials or {},
        )
    xml.indent(root)
    return xml.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def acronym_of(edition: Edition) -> str:
    """What the schedule calls this edition: lower case letters and digits, at least four, never two ways."""
    return "blender" + re.sub("[^a-z0-9]", "", edition.slug)


def _days(edition: Edition) -> list[date]:
    return [
        edition.starts_on + timedelta(days=number) for number in range((edition.ends_on - edition.starts_on).days + 1)
    ]


def _day_of(point: Point, zone: ZoneInfo) -> date:
    starts = point.starts_at.astimezone(zone)  # type: ignore[union-attr]
    return starts.date() - timedelta(days=1) if starts.time() < DAY_CHANGE else starts.date()


def _fits(point: Point) -> bool:
    return (
        point.has_slot
        and point.room is not None
        and not point.is_cancelled
        and not point.is_break
        and bool(_UUID.fullmatch(point.uid))
    )


def _numbers(*kinds: Iterable[str]) -> list[dict[str, int]]:
    """Positive whole numbers for identities, the same in every release: the format cannot do without."""
    found: list[dict[str, int]] = []
    for identities in kinds:
        given: dict[str, int] = {}
        for identity in sorted(set(identities)):
            digits = identity.replace("-", "")
            number = next(
                n
                for start in range(len(digits))
                if (n := int(digits[start : start + 7] or "1", 16) + 1) not in given.values()
            )
            given[identity] = number
        found.append(given)
    return found


def _add_day(
    root: xml.Element,
    index: int,
    day: date,
    points: list[Point],
    zone: ZoneInfo,
    acronym: str,
    numbers: list[dict[str, int]],
    edition: Edition,
    language: str,
    materials: Materials,
) -> None:
    starts = datetime.combine(day, DAY_CHANGE, zone)
    ends = datetime.combine(day + timedelta(days=1), DAY_CHANGE, zone) - timedelta(minutes=1)
    branch = xml.SubElement(
        root, "day", index=str(index), date=day.isoformat(), start=starts.isoformat(), end=ends.isoformat()
    )
    rooms: dict[str, list[Point]] = {}
    for point in points:
        rooms.setdefault(point.room.name if point.room else "", []).append(point)
    for name in sorted(rooms):
        room = xml.SubElement(branch, "room", name=_plain(name))
        for point in rooms[name]:
            try:
                event = _event(point, name, zone, acronym, numbers, edition, language)
                _add_materials(event, materials.get(point.uid, ()), edition, language)
                room.append(event)
            except Exception:  # noqa: BLE001 - whatever is wrong with one session, the others are shown
                log.exception("session left out of the schedule", session=point.uid)


def _event(
    point: Point,
    room: str,
    zone: ZoneInfo,
    acronym: str,
    numbers: list[dict[str, int]],
    edition: Edition,
    language: str,
) -> xml.Element:
    sessions, people = numbers
    starts = point.starts_at.astimezone(zone)  # type: ignore[union-attr]
    event = xml.Element("event", id=str(sessions[point.uid]), guid=point.uid)
    _say(event, "room", room)
    _say(event, "title", point.title)
    _say(event, "subtitle", "")
    _say(event, "type", point.format.name if point.format else "")
    _say(event, "date", starts.isoformat())
    _say(event, "start", f"{starts:%H:%M}")
    _say(event, "duration", _length(point.ends_at - point.starts_at))  # type: ignore[operator]
    _say(event, "abstract", point.abstract)
    _say(event, "slug", f"{acronym}-{sessions[point.uid]}-{re.sub('[^a-z0-9-]', '', point.slug)}"[:150])
    _say(event, "track", point.track.name if point.track else "")
    persons = xml.SubElement(event, "persons")
    for voice in point.speakers:
        # The format has no place for an organisation (our own JSON has).
        xml.SubElement(persons, "person", id=str(people[voice.uid])).text = _plain(voice.name)
    _say(event, "language", point.language)
    _say(event, "description", point.description)
    _say(
        event,
        "url",
        links.address("programme.session_page", language=language, edition=edition.slug, session=point.slug),
    )
    return event


def _add_materials(event: xml.Element, rows: Sequence[Material], edition: Edition, language: str) -> None:
    """Files are attachments, what stands elsewhere is a link."""
    for branch, is_file in (("links", False), ("attachments", True)):
        mine = [row for row in rows if rules_materials.is_file(row) == is_file]
        if mine:
            parent = xml.SubElement(event, branch)
            for row in mine:
                named = xml.SubElement(parent, branch[:-1], href=material_address(row, edition, language))
                named.text = _plain(row.title)


def _length(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _say(parent: xml.Element, name: str, words: str) -> None:
    xml.SubElement(parent, name).text = _plain(words)


def _plain(words: str) -> str:
    """The words without what XML cannot hold."""
    return _NOT_IN_XML.sub("", words)
