"""Hostile and broken values: no line is injected, no feed falls."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from blender_event.core import ics
from tests.core.calendar_samples import CALENDAR, an_entry, at, lines
from tests.oracles import calendars
from tests.oracles.bytes_of_calendar import faults

HOSTILE = {
    "attendee": ("Zorg\r\nATTENDEE:mailto:mallory@example.org", "Zorg ATTENDEE:mailto:mallory@example.org"),
    "event": (
        "Zorg\nEND:VEVENT\nBEGIN:VEVENT\nUID:evil",
        "Zorg END:VEVENT BEGIN:VEVENT UID:evil",
    ),
    "folded": ("Zorg\r\n ATTACH:file:///etc/passwd", "Zorg ATTACH:file:///etc/passwd"),
    "lone return": ("Zorg\rSTATUS:CANCELLED", "Zorg STATUS:CANCELLED"),
    "nul": ("Zo\x00rg", "Zorg"),
    "bel": ("Zo\x07rg", "Zorg"),
    "escape": ("\x1b]0;x\x1b\\Zorg\x9b", "]0;x\\Zorg"),
    "line separator": ("Zorg\u2028STATUS:CANCELLED\u2029\x85\x0b\x0cx", "Zorg STATUS:CANCELLED x"),
    "quotes": ('"Zorg"; "welzijn":x', '"Zorg"; "welzijn":x'),
    "punctuation": (",;\\", ",;\\"),
    "backslashes": ("\\" * 301, "\\" * 301),
    "path": (r"C:\Nieuw\new\;", r"C:\Nieuw\new\;"),
    "caret": ("a^nb^'c^^", "a^nb^'c^^"),
    "wide": ("één 🙂👩‍👩‍👧 zorg " * 20 + "!", "één 🙂👩‍👩‍👧 zorg " * 20 + "!"),
    "half a pair": ("Zo\ud800rg\ufeff", "Zorg"),
    "spaces": ("  Zorg \t ", "Zorg"),
    "html": ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    "empty": ("", ""),
}


@pytest.fixture(params=HOSTILE.values(), ids=HOSTILE.keys())
def hostile(request):
    return request.param


@pytest.mark.browser
def test_a_hostile_title_stays_a_title_in_four_parsers(hostile, with_icaljs):
    written, read = hostile
    data = ics.feed(CALENDAR, [an_entry(uid="good"), an_entry(uid="bad", summary=written)])

    readings = calendars.agreed(data, with_icaljs)

    assert faults(data) == []
    assert readings == {"good": readings["good"], "bad": readings["good"]._replace(summary=read)}


@pytest.mark.browser
def test_a_hostile_value_in_any_field_adds_no_event_and_no_property(hostile, with_icaljs):
    text = hostile[0] + "x"
    entries = {
        "good": an_entry(uid="good"),
        "place": an_entry(uid="place", location=text),
        "text": an_entry(uid="text", description=text),
        "address": an_entry(uid="address", url="https://example.org/" + text),
        "room": an_entry(uid="room", conference_url="https://example.org/" + text),
        "subject": an_entry(uid="subject", categories=(text, "Zorg")),
        "language": an_entry(uid="language", language=text),
        "status": an_entry(uid="status", status=text),
        "zone": an_entry(uid="zone", zone=text),
    }
    calendar = replace(CALENDAR, name=text, description=text, organiser_name=text, organiser_email=text, colour=text)
    calendar = replace(calendar, url="https://example.org/" + text, source=text, language=text, zone=text)

    data = ics.feed(calendar, entries.values())
    readings = calendars.agreed(data, with_icaljs)

    assert faults(data) == []
    assert readings == dict.fromkeys(entries, readings["good"])


TEXT = some.text(some.characters(), max_size=120)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(title=TEXT, text=TEXT, name=TEXT, address=TEXT)
def test_any_text_at_all_makes_a_sound_file(title, text, name, address):
    calendar = replace(CALENDAR, name=name, organiser_name=name, organiser_email=address, url=address)
    entry = an_entry(summary=title, location=text, description=text, url="http://" + address, categories=(name, title))

    data = ics.feed(calendar, [entry])

    assert faults(data) == []
    assert len(calendars.agreed(data)) == 1


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("https://example.org/a\r\nATTENDEE:mailto:x@example.org", "https://example.org/a"),
        ("https://example.org/één dag?a=1&b=%20#c", "https://example.org/%C3%A9%C3%A9n%20dag?a=1&b=%20#c"),
        ("javascript:alert(1)", None),
        ("https://", None),
        ("/programma", None),
    ],
)
def test_an_address_is_cleaned_or_left_out(written, read):
    found = [line for line in lines(ics.event_file(CALENDAR, an_entry(url=written))) if line.startswith("URL:")]

    assert found == ([f"URL:{read}"] if read else [])


def test_line_breaks_of_a_description_stay_line_breaks():
    entry = an_entry(description="Eén\r\ntwee\rdrie\u2028vier\n\nvijf", conference_url="")

    assert r"DESCRIPTION:Eén\ntwee\ndrie\nvier\n\nvijf" in lines(ics.event_file(CALENDAR, entry))


def test_a_double_quote_in_the_name_of_the_organiser_becomes_a_single_one():
    calendar = replace(CALENDAR, organiser_name='Team "Blender"; welzijn, zorg')

    data = lines(ics.event_file(calendar, an_entry()))

    assert "ORGANIZER;CN=\"Team 'Blender'; welzijn, zorg\":mailto:blender@example.org" in data


@pytest.mark.parametrize(
    "broken",
    [
        {"ends_at": at(2027, 5, 20, 8)},
        {"ends_at": at(2027, 5, 20, 7)},
        {"starts_at": datetime(2027, 5, 20, 8)},
        {"starts_at": at(27, 5, 20, 8)},
        {"ends_at": at(9999, 12, 31, 23, 59)},
        {"starts_at": date(2027, 5, 20)},
        {"starts_at": None},
        {"changed_at": datetime(2027, 5, 20, 8)},
        {"whole_days": True, "starts_at": date(27, 5, 20)},
        {"uid": " \r\n"},
        {"summary": None},
        {"sequence": "twee"},
        {"alarm_minutes": -5},
    ],
    ids=str,
)
def test_one_impossible_entry_is_left_out_and_named_in_the_log(broken, caplog):
    bad = an_entry(**{"uid": "bad", **broken})
    good = ics.feed(CALENDAR, [an_entry()])

    assert ics.feed(CALENDAR, [bad, an_entry()]) == good
    assert f"calendar entry left out: {bad.uid!r}" in caplog.messages
    with pytest.raises(ValueError, match="cannot be written"):
        ics.event_file(CALENDAR, bad)


def test_of_two_entries_with_one_uid_the_newest_revision_stays():
    old, new = an_entry(sequence=9), an_entry(sequence=10, summary="Nieuw")

    for entries in ([old, new], [new, old]):
        assert [reading.summary for reading in calendars.agreed(ics.feed(CALENDAR, entries)).values()] == ["Nieuw"]


def test_a_line_is_folded_neither_inside_a_character_nor_inside_an_escape():
    for shift in range(8):
        data = ics.event_file(CALENDAR, an_entry(description="x" * shift + "🙂é,;\\" * 60))

        assert faults(data) == []
        assert data.decode().replace("\r\n ", "").count(r"🙂é\,\;\\") == 60
        assert not [line for line in data.split(b"\r\n") if (len(line) - len(line.rstrip(b"\\"))) % 2]
