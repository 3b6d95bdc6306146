"""Feeds and single events, down to the byte."""

import time
from dataclasses import replace
from datetime import date

import pytest

from blender_event.core import ics
from tests.core.calendar_samples import CALENDAR, an_entry, at, lines
from tests.oracles import calendars
from tests.oracles.bytes_of_calendar import faults

WHOLE_FEED = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//blender-event//blender-event//EN
CALSCALE:GREGORIAN
METHOD:PUBLISH
NAME:Blender 2027
X-WR-CALNAME:Blender 2027
DESCRIPTION:De netwerkdag
X-WR-CALDESC:De netwerkdag
X-WR-TIMEZONE:Europe/Brussels
REFRESH-INTERVAL;VALUE=DURATION:PT1H
X-PUBLISHED-TTL:PT1H
URL:https://example.org/2027
SOURCE;VALUE=URI:https://example.org/2027/blender-2027.ics
COLOR:teal
LAST-MODIFIED:20270105T103012Z
BEGIN:VTIMEZONE
TZID:Europe/Brussels
BEGIN:DAYLIGHT
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:7f3a@example.org
DTSTAMP:20270105T103012Z
DTSTART;TZID=Europe/Brussels:20270520T100000
DTEND;TZID=Europe/Brussels:20270520T110000
LAST-MODIFIED:20270105T103012Z
SEQUENCE:2
STATUS:CONFIRMED
TRANSP:TRANSPARENT
ORGANIZER;CN="Blender":mailto:blender@example.org
SUMMARY:Chatten in de jeugdhulp
LOCATION:Zaal 2\\, Campus
DESCRIPTION:Eén jaar later\\n\\nOnline: https://meet.example.org/chatten
URL:https://example.org/2027/programma/chatten
CATEGORIES:Chat,Zorg\\, welzijn
CONFERENCE;VALUE=URI;FEATURE=VIDEO:https://meet.example.org/chatten
END:VEVENT
END:VCALENDAR
"""


def test_a_feed_is_exactly_these_bytes():
    assert ics.feed(CALENDAR, [an_entry()]) == WHOLE_FEED.replace("\n", "\r\n").encode()


def test_a_feed_is_the_same_bytes_whatever_the_order_of_its_entries():
    early = an_entry(uid="b", starts_at=at(2027, 5, 20, 7))
    same_time = an_entry(uid="a")
    late = an_entry(uid="c", starts_at=at(2027, 5, 20, 8, 30))

    forwards = ics.feed(CALENDAR, [early, same_time, late])

    assert ics.feed(CALENDAR, iter([late, same_time, early])) == forwards
    assert [line for line in lines(forwards) if line.startswith("UID")] == ["UID:b", "UID:a", "UID:c"]


def test_an_empty_feed_is_a_calendar_without_events_and_zones():
    data = ics.feed(CALENDAR, [])

    assert faults(data) == []
    assert calendars.with_icalendar(data) == {}
    assert b"VTIMEZONE" not in data


def test_a_single_event_has_the_same_event_and_no_calendar_name():
    data = ics.event_file(CALENDAR, an_entry())
    feed = ics.feed(CALENDAR, [an_entry()])

    assert faults(data) == []
    assert data[data.index(b"BEGIN:VTIMEZONE") :] == feed[feed.index(b"BEGIN:VTIMEZONE") :]
    assert lines(data)[:6] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//blender-event//blender-event//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VTIMEZONE",
    ]


@pytest.mark.browser
def test_four_parsers_read_what_was_meant(with_icaljs):
    data = ics.feed(
        CALENDAR,
        [
            an_entry(uid="plain"),
            an_entry(uid="night", starts_at=at(2027, 5, 20, 20), ends_at=at(2027, 5, 20, 23, 30), sequence=0),
            an_entry(uid="off", status="CANCELLED"),
            an_entry(uid="maybe", status="TENTATIVE", url="", conference_url="", categories=(), location=""),
        ],
    )
    usual = ("DTEND", "DTSTAMP", "DTSTART", "LAST-MODIFIED")
    full = ("CATEGORIES", "CONFERENCE", "DESCRIPTION", *usual, "LOCATION", "ORGANIZER", "SEQUENCE", "STATUS")
    full += ("SUMMARY", "TRANSP", "UID", "URL")
    few = ("DESCRIPTION", *usual, "ORGANIZER", "SEQUENCE", "STATUS", "SUMMARY", "TRANSP", "UID")
    eight, nine = at(2027, 5, 20, 8), at(2027, 5, 20, 9)

    assert faults(data) == []
    assert calendars.agreed(data, with_icaljs) == {
        "plain": (eight, nine, "Chatten in de jeugdhulp", "CONFIRMED", 2, full),
        "night": (at(2027, 5, 20, 20), at(2027, 5, 20, 23, 30), "Chatten in de jeugdhulp", "CONFIRMED", 0, full),
        "off": (eight, nine, "GEANNULEERD: Chatten in de jeugdhulp", "CANCELLED", 2, full),
        "maybe": (eight, nine, "Chatten in de jeugdhulp", "TENTATIVE", 2, few),
    }


def test_a_session_over_midnight_ends_on_the_next_day():
    data = ics.feed(CALENDAR, [an_entry(starts_at=at(2027, 5, 20, 20), ends_at=at(2027, 5, 20, 23, 30))])

    assert "DTSTART;TZID=Europe/Brussels:20270520T220000" in lines(data)
    assert "DTEND;TZID=Europe/Brussels:20270521T013000" in lines(data)


@pytest.mark.browser
def test_whole_days_are_dates_with_an_exclusive_end(with_icaljs):
    days = an_entry(whole_days=True, starts_at=date(2027, 5, 20), ends_at=date(2027, 5, 22))

    data = ics.feed(CALENDAR, [days])

    assert faults(data) == []
    assert "DTSTART;VALUE=DATE:20270520" in lines(data)
    assert "DTEND;VALUE=DATE:20270522" in lines(data)
    assert "BEGIN:VTIMEZONE" not in lines(data)
    reading = calendars.agreed(data, with_icaljs)["7f3a@example.org"]
    assert (reading.start, reading.end) == (date(2027, 5, 20), date(2027, 5, 22))


def test_a_whole_day_given_as_moments_is_the_day_in_its_own_zone():
    day = an_entry(whole_days=True, starts_at=at(2027, 5, 19, 22), ends_at=at(2027, 5, 20, 22))

    assert "DTSTART;VALUE=DATE:20270520" in lines(ics.feed(CALENDAR, [day]))
    assert "DTEND;VALUE=DATE:20270521" in lines(ics.feed(CALENDAR, [day]))


def test_a_cancelled_entry_says_so_blocks_nothing_and_rings_no_bell():
    off = an_entry(status="CANCELLED", busy=True, alarm_minutes=15)

    dutch = lines(ics.feed(CALENDAR, [off]))
    english = lines(ics.feed(replace(CALENDAR, language="en-GB"), [off]))

    assert {"STATUS:CANCELLED", "TRANSP:TRANSPARENT", "SUMMARY:GEANNULEERD: Chatten in de jeugdhulp"} <= set(dutch)
    assert "SUMMARY:CANCELLED: Chatten in de jeugdhulp" in english
    assert "BEGIN:VALARM" not in dutch


def test_an_own_entry_blocks_time_and_may_ring_a_bell():
    own = lines(ics.feed(CALENDAR, [an_entry(busy=True, alarm_minutes=15)]))

    assert "TRANSP:OPAQUE" in own
    start = own.index("BEGIN:VALARM")
    assert own[start : start + 5] == [
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "DESCRIPTION:Chatten in de jeugdhulp",
        "TRIGGER:-PT15M",
        "END:VALARM",
    ]


def test_the_stamp_is_the_moment_of_the_change_and_not_of_the_export():
    stamps = [line for line in lines(ics.event_file(CALENDAR, an_entry())) if line.startswith(("DTSTAMP", "LAST-M"))]

    assert stamps == ["DTSTAMP:20270105T103012Z", "LAST-MODIFIED:20270105T103012Z"]


def test_creation_and_language_are_said_when_known():
    data = lines(ics.feed(CALENDAR, [an_entry(created_at=at(2026, 12, 1, 9), language="fr")]))

    assert "CREATED:20261201T090000Z" in data
    assert "SUMMARY;LANGUAGE=fr:Chatten in de jeugdhulp" in data


def test_a_colour_is_written_where_its_form_belongs():
    coded = lines(ics.feed(replace(CALENDAR, colour="#0a6e74"), []))

    assert "X-APPLE-CALENDAR-COLOR:#0a6e74" in coded
    assert not [line for line in coded if line.startswith("COLOR")]


def test_a_link_already_in_the_description_is_not_repeated():
    text = "Kom binnen via https://meet.example.org/chatten"

    assert f"DESCRIPTION:{text}" in lines(ics.feed(CALENDAR, [an_entry(description=text)]))


def test_a_thousand_entries_take_little_time():
    entries = [
        an_entry(uid=f"{number}@example.org", description="Eén onderwerp, veel tekst. " * 20) for number in range(1000)
    ]
    before = time.process_time()

    data = ics.feed(CALENDAR, entries)

    assert time.process_time() - before < 5  # a fifth of a second, with room for a busy machine
    assert data.count(b"BEGIN:VEVENT") == 1000


def test_google_opens_with_the_event_filled_in():
    assert ics.google_link(an_entry()) == (
        "https://calendar.google.com/calendar/render?action=TEMPLATE&text=Chatten%20in%20de%20jeugdhulp"
        "&dates=20270520T080000Z%2F20270520T090000Z&ctz=Europe%2FBrussels&location=Zaal%202%2C%20Campus"
        "&details=E%C3%A9n%20jaar%20later%0A%0AOnline%3A%20https%3A%2F%2Fmeet.example.org%2Fchatten"
        "%0A%0Ahttps%3A%2F%2Fexample.org%2F2027%2Fprogramma%2Fchatten"
    )


def test_outlook_opens_with_the_event_filled_in():
    day = an_entry(whole_days=True, starts_at=date(2027, 5, 20), ends_at=date(2027, 5, 21), description="", location="")

    assert ics.outlook_link(replace(day, conference_url="", summary="Blender & vrienden")) == (
        "https://outlook.live.com/calendar/0/action/compose?path=%2Fcalendar%2Faction%2Fcompose&rru=addevent"
        "&subject=Blender%20%26%20vrienden&startdt=2027-05-20&enddt=2027-05-21&allday=true"
        "&body=https%3A%2F%2Fexample.org%2F2027%2Fprogramma%2Fchatten"
    )


def test_a_long_description_does_not_make_a_link_too_long():
    assert len(ics.google_link(an_entry(description="woord " * 5000))) < 2000


def test_subscribing_is_offered_to_three_kinds_of_calendars():
    assert ics.subscribe_links("https://example.org/2027/agenda.ics") == {
        "webcal": "webcal://example.org/2027/agenda.ics",
        "google": "https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2Fexample.org%2F2027%2Fagenda.ics",
        "outlook": "https://outlook.live.com/calendar/0/addfromweb?url=https%3A%2F%2Fexample.org%2F2027%2Fagenda.ics",
    }
