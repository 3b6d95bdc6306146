"""The same calendar file read by three independent parsers: an injected event or property cannot hide from all."""

import re
import warnings
from collections import Counter
from datetime import UTC, datetime
from typing import NamedTuple

import icalendar

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import ics
    import vobject
    from ics.grammar.parse import Container, string_to_container


class Reading(NamedTuple):
    """One event as a parser understood it: moments in UTC, dates for whole days, the names of its properties."""

    start: object
    end: object
    summary: str
    status: str
    sequence: int
    properties: tuple


def agreed(data, *more, without=()):
    """What icalendar, vobject, ics and any `more` readers all make of the file: {uid: Reading}. Nobody asks those `without`."""
    readers = [reader for reader in (with_icalendar, with_vobject, with_ics, *more) if reader not in without]
    answers = {reader.__name__: reader(data) for reader in readers}
    first = answers["with_icalendar"]
    for name, answer in answers.items():
        other = {
            uid: (first.get(uid), answer.get(uid)) for uid in {*first, *answer} if first.get(uid) != answer.get(uid)
        }
        assert not other, f"icalendar and {name} differ: {other}"
    return first


def with_icalendar(data):
    calendar = icalendar.Calendar.from_ical(data)
    assert not calendar.get_missing_tzids()
    for component in calendar.walk():
        assert not component.errors, component.errors
    return by_uid(
        (
            str(event["UID"]),
            Reading(
                universal(event["DTSTART"].dt),
                universal(event["DTEND"].dt),
                str(event["SUMMARY"]),
                str(event["STATUS"]),
                int(event["SEQUENCE"]),
                names(name for name, _ in event.property_items(recursive=False, sorted=False)),
            ),
        )
        for event in calendar.walk("VEVENT")
    )


def with_vobject(data):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        calendar = vobject.readOne(data.decode())
        calendar.validate()
    return by_uid(
        (
            event.uid.value,
            Reading(
                universal(event.dtstart.value),
                universal(event.dtend.value),
                event.summary.value,
                event.status.value,
                int(event.sequence.value),
                names(line.name for line in event.lines()),
            ),
        )
        for event in calendar.contents.get("vevent", [])
    )


def with_ics(data):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        text = data.decode()
        (tree,) = string_to_container(text)
        events = {event.uid: event for event in ics.Calendar(text).events}
    return by_uid((uid := line_of(event, "UID"), reading_of(events[uid], event)) for event in tree if is_event(event))


def reading_of(event, raw):
    start, end = event.begin.datetime, event.end.datetime
    return Reading(
        start.date() if event.all_day else universal(start),
        end.date() if event.all_day else universal(end),
        unescaped(line_of(raw, "SUMMARY")),
        event.status,
        int(line_of(raw, "SEQUENCE")),
        names(line.name for line in raw if not isinstance(line, Container)),
    )


def is_event(thing):
    return isinstance(thing, Container) and thing.name == "VEVENT"


def unescaped(value):
    """ics 0.7.3 takes a backslash before an n for a line break, so its raw value is read as RFC 5545 §3.3.11 says."""
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], value)


def line_of(event, name):
    (value,) = [line.value for line in event if line.name == name]
    return value


def universal(moment):
    """The moment in UTC; a date stays a date, and a time without a zone is a fault of the file."""
    if not isinstance(moment, datetime):
        return moment
    assert moment.tzinfo is not None, f"{moment} floats"
    return moment.astimezone(UTC)


def names(found):
    return tuple(sorted(name.upper() for name in found if name.upper() not in {"BEGIN", "END"}))


def by_uid(readings):
    readings = list(readings)
    counts = Counter(uid for uid, _ in readings)
    assert all(count == 1 for count in counts.values()), counts
    return dict(readings)
