"""Zones: every wall time in a file is the moment that was meant, on the days the clocks change too."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from dateutil import tz

from blender_event.core import ics, ics_zones
from tests.core.calendar_samples import CALENDAR, an_entry, at, lines
from tests.oracles import calendars
from tests.oracles.bytes_of_calendar import faults

ELSEWHERE = (
    "America/New_York",
    "America/Santiago",
    "America/Sao_Paulo",
    "Africa/Casablanca",
    "Africa/Kinshasa",
    "Asia/Gaza",
    "Asia/Jerusalem",
    "Asia/Kathmandu",
    "Atlantic/Azores",
    "Australia/Lord_Howe",
    "Europe/Chisinau",
    "Europe/Istanbul",
    "Pacific/Auckland",
)


def telling_moments(zone, first, last):
    """The noon of every day of those years, and every half hour of a day on which the clocks change."""
    day = datetime(first, 1, 1, tzinfo=UTC)
    while day.year <= last:
        tomorrow = day + timedelta(days=1)
        yield day + timedelta(hours=12)
        if day.astimezone(zone).utcoffset() != tomorrow.astimezone(zone).utcoffset():
            yield from (day + timedelta(minutes=30 * step) for step in range(48))
        day = tomorrow


def disagreements(name, first, last):
    """Moments of those years that somebody who knows only our VTIMEZONE would take for others."""
    text = "\r\n".join(ics_zones.component(name, first, last)) + "\r\n"
    theirs, ours = tz.tzical(StringIO(text)).get(name), ZoneInfo(name)
    for moment in telling_moments(ours, first, last):
        wall = moment.astimezone(ours)
        if not wall.fold and wall.replace(tzinfo=theirs).utcoffset() != wall.utcoffset():
            yield moment


@pytest.mark.parametrize("name", sorted(ics_zones.EUROPEAN))
def test_the_european_rules_are_right_all_year(name):
    assert list(disagreements(name, 2027, 2027)) == []


@pytest.mark.parametrize("name", ELSEWHERE)
def test_the_rules_of_other_zones_are_right_over_the_years_of_the_events(name):
    assert list(disagreements(name, 2026, 2027)) == []


def test_brussels_is_right_from_the_year_the_rule_began():
    assert list(disagreements("Europe/Brussels", 1996, 1998)) == []
    assert "DTSTART:19950926T083000Z" in lines(
        ics.feed(CALENDAR, [an_entry(starts_at=at(1995, 9, 26, 8, 30), ends_at=at(1995, 9, 26, 9))])
    )


def test_new_york_has_two_yearly_rules():
    rules = [line for line in ics_zones.component("America/New_York", 2027, 2027) if line.startswith("RRULE")]

    assert rules == ["RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU"]


SWITCHES = {
    "Europe/Brussels": (at(2027, 3, 28, 1), at(2027, 10, 31, 1)),
    "Europe/Lisbon": (at(2027, 3, 28, 1), at(2027, 10, 31, 1)),
    "Europe/Helsinki": (at(2027, 3, 28, 1), at(2027, 10, 31, 1)),
    "America/New_York": (at(2027, 3, 14, 7), at(2027, 11, 7, 6)),
    "Africa/Casablanca": (at(2027, 2, 7, 2), at(2027, 3, 14, 2)),
}


@pytest.mark.browser
@pytest.mark.parametrize("zone", SWITCHES)
def test_four_parsers_agree_on_every_half_hour_around_both_switches(zone, with_icaljs):
    starts = [switch + timedelta(minutes=30 * step) for switch in SWITCHES[zone] for step in range(-6, 7)]
    entries = {
        f"{start:%m%dT%H%M}": an_entry(
            uid=f"{start:%m%dT%H%M}", starts_at=start, ends_at=start + timedelta(minutes=20), zone=zone
        )
        for start in starts
    }

    data = ics.feed(CALENDAR, entries.values())
    # ics stands on python-dateutil, whose version 2.9 misreads a summer time that is the normal one, as Morocco's.
    without = [calendars.with_ics] if zone == "Africa/Casablanca" else []
    readings = calendars.agreed(data, with_icaljs, without=without)

    assert faults(data) == []
    assert {uid: reading.start for uid, reading in readings.items()} == dict(zip(entries, starts, strict=True))


def test_half_past_three_on_the_morning_summer_time_begins_is_half_past_three():
    early = an_entry(starts_at=at(2027, 3, 28, 1, 30), ends_at=at(2027, 3, 28, 2))

    assert "DTSTART;TZID=Europe/Brussels:20270328T033000" in lines(ics.feed(CALENDAR, [early]))


def test_the_hour_that_autumn_repeats_is_written_in_utc():
    first = an_entry(uid="1", starts_at=at(2027, 10, 31, 0, 30), ends_at=at(2027, 10, 31, 0, 45))
    second = an_entry(uid="2", starts_at=at(2027, 10, 31, 1, 30), ends_at=at(2027, 10, 31, 1, 45))
    third = an_entry(uid="3", starts_at=at(2027, 10, 31, 2), ends_at=at(2027, 10, 31, 3))

    data = lines(ics.feed(CALENDAR, [first, second, third]))

    assert [line for line in data if line.startswith("DTSTART") and "2027" in line] == [
        "DTSTART:20271031T003000Z",
        "DTSTART:20271031T013000Z",
        "DTSTART;TZID=Europe/Brussels:20271031T030000",
    ]


def test_only_the_zones_that_are_used_are_in_the_file():
    data = lines(
        ics.feed(CALENDAR, [an_entry(uid="1", zone="Europe/Lisbon"), an_entry(uid="2", zone="America/New_York")])
    )

    assert [line for line in data if line.startswith("TZID:")] == ["TZID:America/New_York", "TZID:Europe/Lisbon"]


@pytest.mark.parametrize("zone", ["UTC", "Etc/UTC", "", "Mars/Olympus", "../../etc/passwd", "Europe", "CEST\r\nX:y"])
def test_utc_and_what_is_no_zone_are_written_in_utc(zone):
    data = ics.feed(replace(CALENDAR, zone=zone), [an_entry(zone=zone)])

    assert faults(data) == []
    assert {"DTSTART:20270520T080000Z", "X-WR-TIMEZONE:UTC"} <= set(lines(data))
