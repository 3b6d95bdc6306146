"""Which entries a calendar holds, under which name and since when: made only from what is published."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from blender_event.core import ics
from blender_event.core.ics import Entry
from blender_event.core.logs import log
from blender_event.programme import entries, queries
from blender_event.programme.models import Edition, Speaker
from blender_event.programme.snapshot import Point, Programme, Voice
from blender_event.registrations import entries as registration_entries
from blender_event.registrations.models import Registration


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar file, when something in it last changed, and what it is called when somebody keeps it."""

    body: bytes
    changed_at: datetime
    filename: str


def whole(edition: Edition, programme: Programme | None, *, name: str, source: str, language: str) -> Feed:
    """Every session with a time; while there is none, the day itself. Cancelled sessions stay, marked as such."""
    found = _sessions(programme.points, programme, edition, language) if programme else []
    found = found or [entries.day(edition, language, busy=False)]
    calendar = entries.calendar(edition, name, source, language)
    return Feed(ics.feed(calendar, found), _changed_at(edition, programme, found), f"blender-{edition.slug}.ics")


def some(
    edition: Edition, programme: Programme, points: Iterable[Point], *, name: str, part: str, source: str, language: str
) -> Feed:
    """The sessions of one theme, format, room or speaker; `part` goes into the name of the file."""
    found = _sessions(points, programme, edition, language)
    calendar = entries.calendar(edition, name, source, language)
    return Feed(ics.feed(calendar, found), _changed_at(edition, programme, found), f"blender-{edition.slug}-{part}.ics")


def one(edition: Edition, programme: Programme, point: Point, *, name: str, language: str) -> Feed | None:
    """One session, to put in a calendar by hand; None when it has no time or cannot be written."""
    found = _sessions([point], programme, edition, language)
    if not found:
        return None
    try:
        body = ics.event_file(entries.calendar(edition, name, "", language), found[0])
    except ValueError:
        log.exception("session left out of its file", session=point.uid)
        return None
    return Feed(body, _changed_at(edition, programme, found), f"blender-{edition.slug}-{point.code}.ics")


def personal(
    registration: Registration, edition: Edition, programme: Programme | None, *, name: str, language: str
) -> Feed:
    """What one person has to be at: the day and what is for everyone when they have a place, and their own talks.

    Blocks their time, holds neither who they are nor where they wait, and has no address of its own inside: files get shared.
    """
    found: list[Entry] = []
    if registration.status == "confirmed":
        day = registration_entries.day(registration, edition, language)
        found += [day] if day else []
    if programme:
        found += _own_sessions(registration, edition, programme, language)
    changed = max(_changed_at(edition, programme, found), registration.calendar_changed_at)
    return Feed(
        ics.feed(entries.calendar(edition, name, "", language), found), changed, f"blender-{edition.slug}-mijn.ics"
    )


def _own_sessions(registration: Registration, edition: Edition, programme: Programme, language: str) -> list[Entry]:
    comes = registration.status == "confirmed"
    voices = _own_voices(registration, edition)
    talks = {point.uid for point in programme.points if any(voice.uid in voices for voice in point.speakers)}
    mine = [
        replace(point, parts=()) if point.uid in talks else point
        for point in programme.points
        if point.uid in talks or (comes and point.is_plenary and not point.is_break)
    ]
    online = comes and registration.attendance == "online"
    doors = queries.join_urls(edition) if online else {}
    return _sessions(mine, programme, edition, language, busy=True, doors=doors)


def speaking(speaker: Speaker, edition: Edition, programme: Programme | None, *, name: str, language: str) -> Feed:
    """Somebody's own sessions, those they host too, with the link to join online: whoever speaks online needs it.

    Blocks their time and says nothing of who they are. While nothing is published it holds nothing.
    """
    found: list[Entry] = []
    if programme:
        mine = [
            replace(point, parts=())
            for point in programme.points
            if any(voice.uid == speaker.uid for voice in point.speakers)
        ]
        found = _sessions(mine, programme, edition, language, busy=True, doors=queries.join_urls(edition))
    calendar = entries.calendar(edition, name, "", language)
    return Feed(
        ics.feed(calendar, found), _changed_at(edition, programme, found), f"blender-{edition.slug}-spreker.ics"
    )


def _own_voices(registration: Registration, edition: Edition) -> set[str]:
    """Who this person is among the speakers; nobody while it is not proven that the address is theirs."""
    if registration.verified_at is None or registration.person is None:
        return set()
    return {speaker.uid for speaker in queries.speaking(registration.person, edition)}


def _sessions(
    points: Iterable[Point],
    programme: Programme,
    edition: Edition,
    language: str,
    *,
    busy: bool = False,
    doors: Mapping[str, str] | None = None,
) -> list[Entry]:
    """Sessions with a time as entries; one that cannot be made is left out and named in the log."""
    found: list[Entry] = []
    for point in points:
        try:
            door = (doors or {}).get(point.uid, "") if point.is_online else ""
            entry = entries.session(point, programme, edition, language, busy=busy, join_url=door)
        except Exception:  # noqa: BLE001 - whatever is wrong with one session, the others are shown
            log.exception("session left out of a calendar", session=point.uid)
            continue
        if entry is not None:
            found.append(entry)
    return found


def _changed_at(edition: Edition, programme: Programme | None, found: Iterable[Entry]) -> datetime:
    """The latest change of what a calendar shows, of what it no longer shows too: never earlier than the release."""
    moments = [edition.calendar_changed_at, *(entry.changed_at for entry in found)]
    if programme:
        moments.append(programme.released_at)
    redacted = queries.last_redaction(edition)
    return max([*moments, redacted] if redacted else moments)


Choice = Callable[[Programme, str], tuple[str, list[Point]] | None]


def of_track(programme: Programme, slug: str) -> tuple[str, list[Point]] | None:
    """The name of a theme and its sessions."""
    track = next((track for track in programme.tracks if track.slug == slug), None)
    return (track.name, [p for p in programme.points if p.track and p.track.slug == slug]) if track else None


def of_format(programme: Programme, slug: str) -> tuple[str, list[Point]] | None:
    """The name of a format and its sessions."""
    kind = next((kind for kind in programme.formats if kind.slug == slug), None)
    return (kind.name, [p for p in programme.points if p.format and p.format.slug == slug]) if kind else None


def of_room(programme: Programme, slug: str) -> tuple[str, list[Point]] | None:
    """The name of a room and its sessions."""
    room = next((room for room in programme.rooms if room.slug == slug), None)
    return (room.name, [p for p in programme.points if p.room and p.room.slug == slug]) if room else None


def of_speaker(programme: Programme, slug: str) -> tuple[Voice, list[Point]] | None:
    """A speaker and their sessions."""
    voice = programme.voice(slug)
    return (voice, list(programme.points_of(voice))) if voice else None
