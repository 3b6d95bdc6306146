"""Public schedules of others read leniently: frab and Pentabarf XML, frab and pretalx JSON, lists of sessions, our own JSON.

Real files break their own schema, so nothing is refused that can be understood: an event that cannot is named and left out.
"""

import html
import json
import re
import xml.etree.ElementTree as xml
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import nh3

from blender_event.core import text
from blender_event.programme.exchange import FORMAT

_PREFERRED = ("nl", "en")
_BREAKS = re.compile(r"<\s*(?:br\s*/?|/p|/li|/div|/h[1-6])\s*>", re.IGNORECASE)
_ESCAPED_TAG = re.compile(r"&lt;/?(?:p|br|ul|li|strong|em|a)\b", re.IGNORECASE)
_LENGTH = re.compile(r"(?:(\d+):)?(\d{1,3}):(\d{2})")
_MOST_CHARACTERS = 50 * 1024 * 1024


class Unreadable(ValueError):
    """The file as a whole is none of the formats we read; the message says why."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """Who speaks, as a file names them."""

    name: str
    biography: str = ""
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A session as a file tells it: clean plain text, aware UTC times. What the file does not say is empty or None."""

    title: str
    guid: str = ""
    subtitle: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    room: str = ""
    track: str = ""
    kind: str = ""
    language: str = ""
    abstract: str = ""
    description: str = ""
    url: str = ""
    cancelled: bool = False
    is_online: bool = False
    people: tuple[Somebody, ...] = ()


@dataclass(slots=True)
class Found:
    """What was read, and one line for each event that was not."""

    rows: list[Row] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def read(data: bytes, zone: str = "Europe/Brussels") -> Found:
    """The sessions in a schedule file. `zone` is for times without an offset. Raises `Unreadable` when it is no schedule."""
    if len(data) > _MOST_CHARACTERS:
        raise Unreadable("larger than 50 MB")
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    local = ZoneInfo(zone)
    if start == b"<":
        return _taken(_of_xml(data, local))
    if start in (b"{", b"["):
        return _taken(_of_json(data, local))
    raise Unreadable("neither XML nor JSON")


def _taken(events: Iterable[tuple[str, Mapping[str, Any], tzinfo]]) -> Found:
    found, seen = Found(), set()
    for where, event, zone in events:
        try:
            row = _row(event, zone)
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as fault:
            found.left_out.append(f"{where}: {fault}")
            continue
        if row.guid and row.guid in seen:
            found.left_out.append(f"{where}: the same event twice ({row.guid})")
            continue
        seen.add(row.guid)
        found.rows.append(row)
    return found


def _of_xml(data: bytes, local: ZoneInfo) -> Iterator[tuple[str, Mapping[str, Any], tzinfo]]:
    """Events of a frab or Pentabarf schedule. A document type is refused: with it a file can swell without end."""
    if b"<!DOCTYPE" in data[:4000].upper():
        raise Unreadable("an XML file with a document type")
    try:
        root = xml.fromstring(data)  # noqa: S314 - no document type, so no entities
    except xml.ParseError as fault:
        raise Unreadable(f"broken XML: {fault}") from fault
    if root.find(".//event") is None and root.tag != "schedule":
        raise Unreadable("an XML file without events")
    zone = _zone(root.findtext("conference/time_zone_name"), local)
    for day in root.iter("day"):
        for room in day.iter("room"):
            for event in room.findall("event"):
                facts: dict[str, Any] = {child.tag: child.text or "" for child in event if not len(child)}
                facts["persons"] = [{"name": person.text or ""} for person in event.findall("persons/person")]
                facts |= {"guid": event.get("guid", ""), "day": day.get("date", "")}
                facts["room"] = facts.get("room") or room.get("name", "")
                yield f"event {event.get('id')}", facts, zone


def _of_json(data: bytes, local: ZoneInfo) -> Iterator[tuple[str, Mapping[str, Any], tzinfo]]:
    try:
        tree = json.loads(data)
    except (ValueError, RecursionError) as fault:
        raise Unreadable(f"broken JSON: {fault}") from fault
    if isinstance(tree, dict) and tree.get("format") == FORMAT:
        return _of_ours(tree)
    if isinstance(tree, dict) and isinstance(tree.get("schedule"), dict):
        return _of_frab(tree["schedule"], local)
    sessions = tree.get("sessions") if isinstance(tree, dict) else tree
    if isinstance(sessions, list):
        return ((f"session {_part(one, 'id')}", _of_list(one), local) for one in sessions if isinstance(one, dict))
    raise Unreadable("a JSON file without a schedule")


def _of_frab(schedule: Mapping[str, Any], local: ZoneInfo) -> Iterator[tuple[str, Mapping[str, Any], tzinfo]]:
    """Days, rooms and events; rooms are known by name alone, because real files give several one `guid`."""
    conference = schedule.get("conference") or {}
    zone = _zone(conference.get("time_zone_name"), local)
    for day in conference.get("days") or []:
        rooms = day.get("rooms") or {}
        for name, events in (
            rooms.items() if isinstance(rooms, dict) else ((_in_words(r.get("name")), r.get("events")) for r in rooms)
        ):
            for event in events or []:
                if isinstance(event, dict):
                    yield (
                        f"event {event.get('id')}",
                        {"day": day.get("date", "")} | event | {"room": event.get("room") or name},
                        zone,
                    )


def _of_list(session: Mapping[str, Any]) -> dict[str, Any]:
    """A session of a plain list: its own start and end, a host, a place, words short and long."""
    words = (
        session.get("description")
        if isinstance(session.get("description"), dict)
        else {"long": session.get("description")}
    )
    place, host = session.get("location") or {}, session.get("host") or {}
    return {
        "title": session.get("title"),
        "guid": str(session.get("guid") or session.get("id") or ""),
        "starts": session.get("start") or session.get("starts_at"),
        "ends": session.get("end") or session.get("ends_at"),
        "room": place.get("name") if isinstance(place, dict) else place,
        "abstract": words.get("short") if words else "",
        "description": words.get("long") if words else "",
        "cancelled": session.get("cancelled"),
        "is_online": session.get("onlineOnly"),
        "persons": [{"name": host.get("name"), "biography": host.get("infotext")}]
        if isinstance(host, dict) and host.get("name")
        else [],
    }


def _of_ours(tree: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any], tzinfo]]:
    """Our own format: references by identity written out."""
    rooms = {row["uid"]: row["name"] for row in tree.get("rooms") or []}
    named = {kind: {row["slug"]: row["name"] for row in tree.get(kind) or []} for kind in ("tracks", "formats")}
    people = {row["uid"]: row for row in tree.get("speakers") or []}
    for one in tree.get("sessions") or []:
        parts = [people[part["voice"]] for part in one.get("parts") or [] if part.get("voice") in people]
        yield (
            f"session {one.get('uid')}",
            {
                **one,
                "guid": one.get("uid"),
                "starts": one.get("starts_at"),
                "ends": one.get("ends_at"),
                "room": rooms.get(one.get("room"), ""),
                "track": named["tracks"].get(one.get("track"), ""),
                "type": named["formats"].get(one.get("format"), ""),
                "cancelled": one.get("status") == "cancelled",
                "persons": [
                    {"name": p["name"], "organisation": p.get("organisation"), "biography": p.get("biography_html")}
                    for p in parts
                ],
            },
            UTC,
        )


def _row(event: Mapping[str, Any], zone: tzinfo) -> Row:
    title = text.clean(_in_words(event.get("title")))
    if not title:
        raise ValueError("no title")
    starts, ends = _times(event, zone)
    return Row(
        title=title,
        guid=text.clean(_in_words(event.get("guid")), longest=100),
        subtitle=text.clean(_in_words(event.get("subtitle"))),
        starts_at=starts,
        ends_at=ends,
        room=text.clean(_in_words(event.get("room"))),
        track=text.clean(_in_words(event.get("track"))),
        kind=text.clean(_in_words(event.get("type"))),
        language=text.clean(_in_words(event.get("language")), longest=5).lower()[:2],
        abstract=_plain(event.get("abstract")),
        description=_plain(event.get("description")),
        url=text.clean(_in_words(event.get("url")), longest=500),
        cancelled=bool(event.get("cancelled")),
        is_online=bool(event.get("is_online")),
        people=tuple(_people(event.get("persons"))),
    )


def _times(event: Mapping[str, Any], zone: tzinfo) -> tuple[datetime | None, datetime | None]:
    """Start and end in UTC; the offset of the event itself wins over the zone the file claims. No end is guessed."""
    if event.get("starts"):
        starts = _moment(event["starts"], zone)
        ends = _moment(event["ends"], zone) if event.get("ends") else None
    else:
        said = _in_words(event.get("date")) or f"{event.get('day') or ''}T{_in_words(event.get('start'))}"
        if said.strip("T") == "" or said.endswith("T"):
            return None, None
        starts = _moment(said, zone)
        length = _LENGTH.fullmatch(_in_words(event.get("duration")).strip())
        ends = starts + _span(*length.groups()) if length else None
    return starts, ends if ends and ends > starts else None


def _span(first: str | None, second: str, third: str) -> timedelta:
    """“HH:MM”, or “HH:MM:SS” as old files write it."""
    if first is None:
        return timedelta(hours=int(second), minutes=int(third))
    return timedelta(hours=int(first), minutes=int(second), seconds=int(third))


def _moment(said: Any, zone: tzinfo) -> datetime:
    moment = datetime.fromisoformat(str(said))
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def _zone(name: Any, otherwise: ZoneInfo) -> tzinfo:
    try:
        return ZoneInfo(str(name)) if name else otherwise
    except (LookupError, ValueError, OSError):
        return otherwise


def _people(persons: Any) -> Iterator[Somebody]:
    """People in any of the three shapes; somebody without a name is nobody."""
    for person in persons or []:
        facts = person if isinstance(person, dict) else {"name": person}
        name = text.clean(_in_words(facts.get("public_name") or facts.get("name") or facts.get("full_public_name")))
        if name:
            organisation = text.clean(_in_words(facts.get("organisation")))
            yield Somebody(name=name, biography=_plain(facts.get("biography")), organisation=organisation)


def _in_words(value: Any) -> str:
    """A value as text: of several languages the first we prefer."""
    if isinstance(value, Mapping):
        known = [value.get(language) for language in _PREFERRED] + list(value.values())
        value = next((one for one in known if one), "")
    return "" if value is None else str(value)


def _plain(value: Any) -> str:
    """HTML, escaped HTML or Markdown as clean text; paragraphs stay paragraphs."""
    words = _in_words(value)
    if _ESCAPED_TAG.search(words):
        words = html.unescape(words)
    if "<" in words:
        words = html.unescape(nh3.clean(_BREAKS.sub("\n\n", words), tags=set()))
    words = text.clean(words, lines=True, longest=20_000)
    return re.sub(r"\n{3,}", "\n\n", words)


def _part(thing: Any, name: str) -> Any:
    return thing.get(name) if isinstance(thing, dict) else None
