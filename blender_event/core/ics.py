"""Calendar entries as iCalendar files (RFC 5545, 7986, 5546) and as links to calendars on the web."""

import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import KW_ONLY, dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, NamedTuple, TypeVar
from urllib.parse import quote, urlencode

from blender_event.core import ics_lines as lines
from blender_event.core import ics_zones as zones

log = logging.getLogger(__name__)

Day = TypeVar("Day", date, datetime)
Status = Literal["CONFIRMED", "CANCELLED", "TENTATIVE"]

_PRODUCT = "-//blender-event//blender-event//EN"
_STATUSES = {"CONFIRMED", "CANCELLED", "TENTATIVE"}
_CANCELLED = {"nl": "GEANNULEERD: ", "en": "CANCELLED: "}
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_COLOUR_NAME = re.compile(r"[a-z]{3,24}")
_COLOUR_CODE = re.compile(r"#[0-9a-fA-F]{6}")
# What can go wrong with the values of one entry; a fault of ours outside these must be heard.
_UNUSABLE = (ValueError, TypeError, AttributeError, OverflowError)
_LONGEST_DETAILS = 700
_FIRST_YEAR, _LAST_YEAR = 1900, 2100


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event in a calendar. Times are aware; with `whole_days` they are dates and the end is exclusive."""

    uid: str
    sequence: int
    changed_at: datetime
    summary: str
    starts_at: datetime | date
    ends_at: datetime | date
    zone: str
    location: str = ""
    description: str = ""
    url: str = ""
    status: Status = "CONFIRMED"
    busy: bool = False
    categories: tuple[str, ...] = ()
    conference_url: str = ""
    whole_days: bool = False
    created_at: datetime | None = None
    language: str = ""
    alarm_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Calendar:
    """What a feed says of itself. The organiser is a role mailbox; `colour` is a CSS name or #rrggbb."""

    name: str
    _: KW_ONLY
    zone: str
    organiser_name: str
    organiser_email: str
    description: str = ""
    url: str = ""
    source: str = ""
    colour: str = ""
    language: str = "nl"
    refresh_hours: int = 1


class _Span(NamedTuple):
    """Start and end as they are written, and the zone they need: `None` for UTC and for whole days."""

    start: datetime | date
    end: datetime | date
    zone: str | None

    @property
    def order(self) -> datetime:
        if isinstance(self.start, datetime):
            return self.start.astimezone(UTC)
        return datetime.combine(self.start, time(), UTC)


class _Event(NamedTuple):
    """One VEVENT, ready to be put in a file."""

    order: datetime
    uid: str
    revision: tuple[int, datetime]
    span: _Span
    octets: bytes


def feed(calendar: Calendar, entries: Iterable[Entry]) -> bytes:
    """A calendar to subscribe to: the same bytes for the same entries, whatever their order.

    An entry whose values cannot be written is left out and logged; of two with one UID the newest revision stays.
    """
    newest: dict[str, _Event] = {}
    for entry in entries:
        try:
            event = _event(calendar, entry)
        except _UNUSABLE:
            log.exception("calendar entry left out: %r", getattr(entry, "uid", None))
            continue
        known = newest.get(event.uid)
        if known is None or (event.revision, event.octets) > (known.revision, known.octets):
            newest[event.uid] = event
    events = sorted(newest.values(), key=lambda event: (event.order, event.uid))
    return _file(events, _envelope(calendar, events))


def event_file(calendar: Calendar, entry: Entry) -> bytes:
    """One event to download or to send along with a letter. Raises `ValueError` when it cannot be written.

    It carries no calendar name: Outlook would open a second calendar for it instead of adding the event.
    """
    try:
        event = _event(calendar, entry)
    except _UNUSABLE as fault:
        raise ValueError(f"entry {entry.uid!r} cannot be written: {fault}") from fault
    return _file([event], ())


def google_link(entry: Entry) -> str:
    """A link that opens Google Calendar with the event filled in."""
    start, end = _in_link(entry, "%Y%m%d", "%Y%m%dT%H%M%SZ")
    asked = {
        "action": "TEMPLATE",
        "text": lines.phrase(entry.summary),
        "dates": f"{start}/{end}",
        "ctz": entry.zone if zones.find(entry.zone) else "UTC",
        "location": lines.phrase(entry.location),
        "details": _details(entry),
    }
    return "https://calendar.google.com/calendar/render?" + _query(asked)


def outlook_link(entry: Entry) -> str:
    """A link that opens Outlook on the web with the event filled in."""
    start, end = _in_link(entry, "%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ")
    asked = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": lines.phrase(entry.summary),
        "startdt": start,
        "enddt": end,
        "allday": "true" if entry.whole_days else "",
        "location": lines.phrase(entry.location),
        "body": _details(entry),
    }
    return "https://outlook.live.com/calendar/0/action/compose?" + _query(asked)


def subscribe_links(https_url: str) -> dict[str, str]:
    """Links that subscribe to a feed: `webcal` (Apple, Outlook, Thunderbird), `google` and `outlook` on the web."""
    webcal = "webcal://" + https_url.partition("://")[2]
    return {
        "webcal": webcal,
        "google": "https://calendar.google.com/calendar/r?" + _query({"cid": webcal}),
        "outlook": "https://outlook.live.com/calendar/0/addfromweb?" + _query({"url": https_url}),
    }


def _file(events: list[_Event], envelope: Iterable[str]) -> bytes:
    head = ("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{_PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH")
    middle = b"".join(event.octets for event in events)
    return lines.written((*head, *envelope, *_zones(events))) + middle + lines.written(("END:VCALENDAR",))


def _envelope(calendar: Calendar, events: list[_Event]) -> Iterator[str]:
    name = lines.escaped(lines.phrase(calendar.name))
    yield f"NAME:{name}"
    yield f"X-WR-CALNAME:{name}"
    if about := lines.escaped(lines.paragraph(calendar.description)):
        yield f"DESCRIPTION:{about}"
        yield f"X-WR-CALDESC:{about}"
    yield f"X-WR-TIMEZONE:{calendar.zone if zones.find(calendar.zone) else 'UTC'}"
    every = f"PT{max(1, int(calendar.refresh_hours))}H"
    yield f"REFRESH-INTERVAL;VALUE=DURATION:{every}"
    yield f"X-PUBLISHED-TTL:{every}"
    if url := lines.web_address(calendar.url):
        yield f"URL:{url}"
    if source := lines.web_address(calendar.source):
        yield f"SOURCE;VALUE=URI:{source}"
    # RFC 7986 §5.9 takes only names of CSS colours; Apple's property takes only codes.
    if _COLOUR_NAME.fullmatch(calendar.colour):
        yield f"COLOR:{calendar.colour}"
    elif _COLOUR_CODE.fullmatch(calendar.colour):
        yield f"X-APPLE-CALENDAR-COLOR:{calendar.colour}"
    if events:
        yield f"LAST-MODIFIED:{_stamp(max(event.revision[1] for event in events))}"


def _zones(events: list[_Event]) -> Iterator[str]:
    years: dict[str, list[int]] = {}
    for event in events:
        if event.span.zone:
            years.setdefault(event.span.zone, []).extend((event.span.start.year, event.span.end.year))
    for zone in sorted(years):
        yield from zones.component(zone, min(years[zone]), max(years[zone]))


def _event(calendar: Calendar, entry: Entry) -> _Event:
    uid = lines.phrase(entry.uid)
    if not uid:
        raise ValueError("an entry needs a UID")
    span = _span(entry)
    changed = _universal(entry.changed_at)
    octets = lines.written(_properties(calendar, entry, uid, span))
    return _Event(span.order, uid, (int(entry.sequence), changed), span, octets)


def _properties(calendar: Calendar, entry: Entry, uid: str, span: _Span) -> Iterator[str]:
    status = entry.status.upper() if entry.status.upper() in _STATUSES else "CONFIRMED"
    changed = _stamp(entry.changed_at)
    yield "BEGIN:VEVENT"
    yield f"UID:{lines.escaped(uid)}"
    yield f"DTSTAMP:{changed}"
    yield _moment("DTSTART", span.start, span.zone)
    yield _moment("DTEND", span.end, span.zone)
    if entry.created_at:
        yield f"CREATED:{_stamp(entry.created_at)}"
    yield f"LAST-MODIFIED:{changed}"
    yield f"SEQUENCE:{max(0, int(entry.sequence))}"
    yield f"STATUS:{status}"
    yield f"TRANSP:{'OPAQUE' if entry.busy and status != 'CANCELLED' else 'TRANSPARENT'}"
    named = f";CN={lines.quoted(calendar.organiser_name)}" if calendar.organiser_name.strip() else ""
    yield f"ORGANIZER{named}:{lines.mail_address(calendar.organiser_email)}"
    title = lines.escaped(_title(calendar, entry, status))
    yield from _texts(entry, title)
    if entry.alarm_minutes is not None and status != "CANCELLED":
        yield from _alarm(int(entry.alarm_minutes), title)
    yield "END:VEVENT"


def _texts(entry: Entry, title: str) -> Iterator[str]:
    spoken = f";LANGUAGE={entry.language}" if _LANGUAGE.fullmatch(entry.language) else ""
    yield f"SUMMARY{spoken}:{title}"
    if place := lines.escaped(lines.phrase(entry.location)):
        yield f"LOCATION:{place}"
    if text := lines.escaped(_description(entry)):
        yield f"DESCRIPTION{spoken}:{text}"
    if url := lines.web_address(entry.url):
        yield f"URL:{url}"
    if named := [lines.escaped(name) for name in map(lines.phrase, entry.categories) if name]:
        yield f"CATEGORIES:{','.join(named)}"
    if room := lines.web_address(entry.conference_url):
        yield f"CONFERENCE;VALUE=URI;FEATURE=VIDEO:{room}"


def _alarm(minutes: int, title: str) -> Iterator[str]:
    if minutes < 0:
        raise ValueError("an alarm comes before the start")
    yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{title}", f"TRIGGER:-PT{minutes}M", "END:VALARM")


def _title(calendar: Calendar, entry: Entry, status: str) -> str:
    title = lines.phrase(entry.summary)
    if status != "CANCELLED":
        return title
    prefix = _CANCELLED.get(calendar.language[:2].lower(), _CANCELLED["nl"])
    return prefix + title.removeprefix(prefix)


def _description(entry: Entry) -> str:
    """Most calendars show nothing for CONFERENCE, so the text ends with the link when it does not have it yet."""
    text, room = lines.paragraph(entry.description), lines.web_address(entry.conference_url)
    if not room or room in text:
        return text
    return f"{text}\n\nOnline: {room}".strip()


def _details(entry: Entry) -> str:
    """The description, short enough for an address that browsers and calendars accept, and the page it is from."""
    text, url = _description(entry), lines.web_address(entry.url)
    if len(text) > _LONGEST_DETAILS:
        text = text[:_LONGEST_DETAILS].rsplit(maxsplit=1)[0] + " …"
    return f"{text}\n\n{url}".strip() if url not in text else text


def _in_link(entry: Entry, day: str, moment: str) -> tuple[str, str]:
    """Start and end in the given form: days for whole days, otherwise moments in UTC."""
    span = _span(entry)
    if isinstance(span.start, datetime) and isinstance(span.end, datetime):
        return f"{span.start.astimezone(UTC):{moment}}", f"{span.end.astimezone(UTC):{moment}}"
    return f"{span.start:{day}}", f"{span.end:{day}}"


def _span(entry: Entry) -> _Span:
    """Start and end in the entry's zone; in UTC where wall times would be misread. Raises `ValueError` if reversed."""
    if entry.whole_days:
        first, end = _day(entry.starts_at, entry.zone), _day(entry.ends_at, entry.zone)
        return _Span(first, max(end, first + timedelta(days=1)), None)
    start, end = _universal(entry.starts_at), _universal(entry.ends_at)
    if end <= start:
        raise ValueError("an entry ends after it starts")
    if zone := zones.find(entry.zone):
        walls = start.astimezone(zone), end.astimezone(zone)
        if all(map(zones.can_say, walls)):
            return _Span(*walls, entry.zone)
    return _Span(start, end, None)


def _day(moment: datetime | date, zone: str) -> date:
    if isinstance(moment, datetime):
        return _universal(moment).astimezone(zones.find(zone) or UTC).date()
    return _plausible(moment)


def _universal(moment: datetime | date) -> datetime:
    """The moment in UTC, to the second. Raises `ValueError` for a time without a zone and for a bare date."""
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise ValueError("a moment needs a time and a zone")
    return _plausible(moment).astimezone(UTC).replace(microsecond=0)


def _plausible(moment: Day) -> Day:
    """A mistyped year such as 0027 makes lines on which readers give up the whole file."""
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise ValueError(f"{moment.year} is no year for an event")
    return moment


def _stamp(moment: datetime) -> str:
    return f"{_universal(moment):%Y%m%dT%H%M%SZ}"


def _moment(name: str, moment: datetime | date, zone: str | None) -> str:
    if not isinstance(moment, datetime):
        return f"{name};VALUE=DATE:{moment:%Y%m%d}"
    if zone is None:
        return f"{name}:{moment:%Y%m%dT%H%M%SZ}"
    return f"{name};TZID={zone}:{moment:%Y%m%dT%H%M%S}"


def _query(asked: dict[str, str]) -> str:
    return urlencode({name: value for name, value in asked.items() if value}, quote_via=quote, safe="")
