"""What calendars stumble over and parsers forgive: a check of an iCalendar file byte by byte."""

import re
from collections import Counter

_LINE = re.compile(
    r"([A-Z0-9-]+)((?:;[A-Z0-9-]+=(?:\"[^\"]*\"|[^\";:,]*)(?:,(?:\"[^\"]*\"|[^\";:,]*))*)*):(.*)", re.DOTALL
)
_FORBIDDEN = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_ONCE = ("UID", "DTSTAMP", "DTSTART", "ORGANIZER", "SUMMARY", "STATUS", "SEQUENCE", "LAST-MODIFIED")


def faults(data: bytes) -> list[str]:
    """Everything wrong with a published calendar file, in words; an empty list when nothing is."""
    found = list(_of_lines(data))
    lines = [_LINE.fullmatch(line) for line in data.decode("utf-8", "replace").replace("\r\n ", "").split("\r\n")[:-1]]
    if None in lines:
        return [*found, "a line that is no property"]
    return found + list(_of_components([line.groups() for line in lines]))


def _of_lines(data):
    if re.search(rb"(?<!\r)\n|\r(?!\n)", data) or not data.endswith(b"\r\n"):
        yield "a line that does not end in CRLF"
    for line in data.split(b"\r\n"):
        if len(line) > 75:
            yield "a line of more than 75 octets"
        try:
            text = line.decode()
        except UnicodeDecodeError:
            yield "a line that is not UTF-8 by itself"
        else:
            if _FORBIDDEN.search(text):
                yield "a control character"


def _of_components(lines):
    open_ones, events, zones, used, names = [], [], set(), set(), []
    for name, parameters, value in lines:
        names.append(name)
        if name == "BEGIN":
            open_ones.append(value)
            if value == "VEVENT":
                events.append([])
        elif name == "END":
            if not open_ones or open_ones.pop() != value:
                yield "an END without its BEGIN"
        elif open_ones[-1:] == ["VEVENT"]:
            events[-1].append((name, parameters, value))
        elif open_ones[-1:] == ["VTIMEZONE"] and name == "TZID":
            zones.add(value)
        used.update(re.findall(r";TZID=([^;:]+)", parameters))
    if open_ones:
        yield "a BEGIN without its END"
    if used != zones:
        yield "a zone that is used and not defined, or defined and not used"
    for needed in ("VERSION", "PRODID", "METHOD"):
        if names.count(needed) != 1:
            yield f"not one {needed}"
    uids = Counter(value for event in events for name, _, value in event if name == "UID")
    if any(count > 1 for count in uids.values()):
        yield "two events with one UID"
    for event in events:
        yield from _of_event(event)


def _of_event(event):
    names = Counter(name for name, _, _ in event)
    yield from (f"not one {name} in an event" for name in _ONCE if names[name] != 1)
    if names["ATTENDEE"]:
        yield "an ATTENDEE in a published event"
    values = {name: (parameters, value) for name, parameters, value in event}
    if not re.fullmatch(r"\d{8}T\d{6}Z", values.get("DTSTAMP", ("", ""))[1]):
        yield "a DTSTAMP that is not in UTC"
    start, end = values.get("DTSTART", ("", "")), values.get("DTEND", ("", ""))
    if not all(re.fullmatch(r"\d{8}(T\d{6}Z?)?", moment) for _, moment in (start, end)):
        yield "a start or an end that is no moment"
    elif start[0] != end[0] or start[1].endswith("Z") != end[1].endswith("Z"):
        yield "a start and an end of different kinds"
    elif end[1] <= start[1]:
        yield "an end that is not after its start"
