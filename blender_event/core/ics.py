"""Calendar entries as iCalendar files (RFC 5545, 7986, 5546) and as links to calendars on the web."""

import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import KW_ONLY, dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Literal, NamedTuple, TypeVar
from urllib.parse import quote, urlencode

import icalendar
from icalendar import vDatetime, vDDDTypes, vDuration, vInt

from blender_event.core import ics_values as values
from blender_event.core import ics_zones as zones
from blender_event.core.ics_values import Text

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
# icalendar keeps an escape on one line, except two backslashes of which the second no longer fits its own count.
_SPLIT_ESCAPE = re.compile(rb"(?<!\\)((?:\\\\)*)\\\r\n \\")
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
    component: icalendar.Event

    def is_newer_than(self, other: "_Event") -> bool:
        """Whether this one stays of two with one UID; of equal revisions the bytes decide, so that order does not."""
        if self.revision != other.revision:
            return self.revision > other.revision
        return self.component.to_ical(sorted=False) > other.component.to_ical(sorted=False)


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
        if known is None or event.is_newer_than(known):
            newest[event.uid] = event
    events = sorted(newest.values(), key=lambda event: (event.order, event.uid))
    return _file(events, calendar)


def event_file(calendar: Calendar, entry: Entry) -> bytes:
    """One event to download or to send along with a letter. Raises `ValueError` when it cannot be written.

    It carries no calendar name: Outlook would open a second calendar for it instead of adding the event.
    """
    try:
        event = _event(calendar, entry)
    except _UNUSABLE as fault:
        raise ValueError(f"entry {entry.uid!r} cannot be written: {fault}") from fault
    return _file([event])


def google_link(entry: Entry) -> str:
    """A link that opens Google Calendar with the event filled in."""
    start, end = _in_link(entry, "%Y%m%d", "%Y%m%dT%H%M%SZ")
    asked = {
        "action": "TEMPLATE",
        "text": values.phrase(entry.summary),
        "dates": f"{start}/{end}",
        "ctz": entry.zone if zones.find(entry.zone) else "UTC",
        "location": values.phrase(entry.location),
        "details": _details(entry),
    }
    return "https://calendar.google.com/calendar/render?" + _query(asked)


def outlook_link(entry: Entry) -> str:
    """A link that opens Outlook on the web with the event filled in."""
    start, end = _in_link(entry, "%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ")
    asked = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": values.phrase(entry.summary),
        "startdt": start,
        "enddt": end,
        "allday": "true" if entry.whole_days else "",
        "location": values.phrase(entry.location),
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


def _file(events: list[_Event], calendar: Calendar | None = None) -> bytes:
    """The events in a calendar, which says what it is when it is one to subscribe to."""
    whole = icalendar.Calendar()
    whole["VERSION"] = Text("2.0")
    whole["PRODID"] = Text(_PRODUCT)
    whole["CALSCALE"] = Text("GREGORIAN")
    whole["METHOD"] = Text("PUBLISH")
    if calendar:
        whole.update(_envelope(calendar, events))
    whole.subcomponents = [*_zones(events), *(event.component for event in events)]
    return _SPLIT_ESCAPE.sub(rb"\1\\\\\r\n ", whole.to_ical(sorted=False))


def _envelope(calendar: Calendar, events: list[_Event]) -> Iterator[tuple[str, Any]]:
    name = Text(values.phrase(calendar.name))
    yield from (("NAME", name), ("X-WR-CALNAME", name))
    if about := Text(values.paragraph(calendar.description)):
        yield from (("DESCRIPTION", about), ("X-WR-CALDESC", about))
    yield "X-WR-TIMEZONE", Text(calendar.zone if zones.find(calendar.zone) else "UTC")
    every = timedelta(hours=max(1, int(calendar.refresh_hours)))
    # RFC 7986 §5.7 wants the kind of value to be said, which icalendar leaves out.
    yield "REFRESH-INTERVAL", vDuration(every, params={"VALUE": "DURATION"})
    yield "X-PUBLISHED-TTL", vDuration(every)
    if url := values.link(calendar.url):
        yield "URL", url
    if source := values.link(calendar.source, VALUE="URI"):
        yield "SOURCE", source
    # RFC 7986 §5.9 takes only names of CSS colours; Apple's property takes only codes.
    if _COLOUR_NAME.fullmatch(calendar.colour):
        yield "COLOR", Text(calendar.colour)
    elif _COLOUR_CODE.fullmatch(calendar.colour):
        yield "X-APPLE-CALENDAR-COLOR", Text(calendar.colour)
    if events:
        yield "LAST-MODIFIED", vDatetime(max(event.revision[1] for event in events))


def _zones(events: list[_Event]) -> Iterator[icalendar.Component]:
    years: dict[str, list[int]] = {}
    for event in events:
        if event.span.zone:
            years.setdefault(event.span.zone, []).extend((event.span.start.year, event.span.end.year))
    for zone in sorted(years):
        yield _timezone(zone, min(years[zone]), max(years[zone]))


@lru_cache(maxsize=256)
def _timezone(name: str, first: int, last: int) -> icalendar.Component:
    """Our own rules for a zone: those icalendar makes are an hour wrong on the day summer time starts."""
    zone = icalendar.Timezone.from_ical("\r\n".join(zones.component(name, first, last)))
    for observance in zone.subcomponents:
        if "RRULE" in observance:
            observance["RRULE"] = values.Rule(observance["RRULE"])
    return zone


def _event(calendar: Calendar, entry: Entry) -> _Event:
    uid = values.phrase(entry.uid)
    if not uid:
        raise ValueError("an entry needs a UID")
    span = _span(entry)
    changed = _universal(entry.changed_at)
    component = icalendar.Event()
    component.update(_properties(calendar, entry, uid, span, changed))
    if entry.alarm_minutes is not None and component["STATUS"] != "CANCELLED":
        component.add_component(_alarm(int(entry.alarm_minutes), str(component["SUMMARY"])))
    return _Event(span.order, uid, (int(entry.sequence), changed), span, component)


def _properties(
    calendar: Calendar, entry: Entry, uid: str, span: _Span, changed: datetime
) -> Iterator[tuple[str, Any]]:
    status = entry.status.upper() if entry.status.upper() in _STATUSES else "CONFIRMED"
    yield "UID", Text(uid)
    yield "DTSTAMP", vDatetime(changed)
    yield "DTSTART", vDDDTypes(span.start)
    yield "DTEND", vDDDTypes(span.end)
    if entry.created_at:
        yield "CREATED", vDatetime(_universal(entry.created_at))
    yield "LAST-MODIFIED", vDatetime(changed)
    yield "SEQUENCE", vInt(max(0, int(entry.sequence)))
    yield "STATUS", Text(status)
    yield "TRANSP", Text("OPAQUE" if entry.busy and status != "CANCELLED" else "TRANSPARENT")
    yield "ORGANIZER", values.mailbox(calendar.organiser_name, calendar.organiser_email)
    spoken = {"LANGUAGE": entry.language} if _LANGUAGE.fullmatch(entry.language) else {}
    yield "SUMMARY", Text(_title(calendar, entry, status), params=spoken)
    if place := Text(values.phrase(entry.location)):
        yield "LOCATION", place
    if text := Text(_description(entry), params=spoken):
        yield "DESCRIPTION", text
    if url := values.link(entry.url):
        yield "URL", url
    if named := [name for name in map(values.phrase, entry.categories) if name]:
        yield "CATEGORIES", values.categories(named)
    if room := values.link(entry.conference_url, VALUE="URI", FEATURE="VIDEO"):
        yield "CONFERENCE", room


def _alarm(minutes: int, title: str) -> icalendar.Alarm:
    if minutes < 0:
        raise ValueError("an alarm comes before the start")
    alarm = icalendar.Alarm()
    alarm["ACTION"] = Text("DISPLAY")
    alarm["DESCRIPTION"] = Text(title)
    alarm["TRIGGER"] = vDuration(-timedelta(minutes=minutes))
    return alarm


def _title(calendar: Calendar, entry: Entry, status: str) -> str:
    title = values.phrase(entry.summary)
    if status != "CANCELLED":
        return title
    prefix = _CANCELLED.get(calendar.language[:2].lower(), _CANCELLED["nl"])
    return prefix + title.removeprefix(prefix)


def _description(entry: Entry) -> str:
    """Most calendars show nothing for CONFERENCE, so the text ends with the link when it does not have it yet."""
    text, room = values.paragraph(entry.description), values.web_address(entry.conference_url)
    if not room or room in text:
        return text
    return f"{text}\n\nOnline: {room}".strip()


def _details(entry: Entry) -> str:
    """The description, short enough for an address that browsers and calendars accept, and the page it is from."""
    text, url = _description(entry), values.web_address(entry.url)
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


def _query(asked: dict[str, str]) -> str:
    return urlencode({name: value for name, value in asked.items() if value}, quote_via=quote, safe="")
