"""Schedules of others: what real files get wrong is understood, what cannot be is named, nothing falls."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from blender_event.programme.exchange_reading import Unreadable, read

FIXTURES = Path(__file__).resolve().parents[3] / "shared" / "data" / "fixtures"
real_files = pytest.mark.skipif(not FIXTURES.exists(), reason="the schedule files of others are not here")

OLD_XML = """<?xml version="1.0"?>
<schedule><conference><title>Oud</title><acronym>OUD2015</acronym><time_zone_name>Europe/Brussels</time_zone_name></conference>
<day date="2015-03-26" index="1"><room name="Zaal">
<event id="7" guid="a"><title>Eén</title><start>09:30</start><duration>01:15</duration>
<persons><person id="1">Ada</person><person>  </person></persons>
<abstract>&lt;p&gt;Eerste&lt;/p&gt;&lt;p&gt;Tweede &amp;amp; meer&lt;/p&gt;</abstract></event>
<event id="8" guid="b"><title>Twee</title><date>2015-03-26T14:00:00-05:00</date><start>14:00</start><duration>00:30:00</duration>
<room>Ander</room></event>
<event id="9" guid="a"><title>Nog eens</title></event>
<event id="10"><title></title></event>
<event id="11" guid="c"><title>Wanneer</title></event>
<event id="12" guid="d"><title>Stuk</title><date>gisteren</date><duration>00:30</duration></event>
</room></day></schedule>"""


def test_old_xml_is_understood_and_what_is_broken_is_named():
    found = read(OLD_XML.encode())

    assert [row.title for row in found.rows] == ["Eén", "Twee", "Wanneer"]
    one, two, when = found.rows
    assert (one.starts_at, one.ends_at) == (
        datetime(2015, 3, 26, 8, 30, tzinfo=UTC),
        datetime(2015, 3, 26, 9, 45, tzinfo=UTC),
    )
    assert one.abstract == "Eerste\n\nTweede & meer"
    assert [person.name for person in one.people] == ["Ada"]
    assert (two.starts_at, two.room) == (datetime(2015, 3, 26, 19, tzinfo=UTC), "Ander")
    assert (when.starts_at, when.ends_at) == (None, None)
    assert [line.split(":")[0] for line in found.left_out] == ["event 9", "event 10", "event 12"]


def frab(**event):
    known = {
        "id": 1,
        "guid": "g",
        "title": "T",
        "date": "2020-12-14T09:00:00+01:00",
        "duration": "00:30",
        "persons": [],
    }
    return json.dumps(
        {
            "schedule": {
                "conference": {
                    "time_zone_name": "UTC",
                    "days": [{"date": "2020-12-14", "rooms": {"Zaal": [known | event]}}],
                }
            }
        }
    ).encode()


def test_the_offset_of_an_event_wins_over_the_zone_of_the_file():
    assert read(frab()).rows[0].starts_at == datetime(2020, 12, 14, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "person",
    [
        "Ada",
        {"id": 1, "public_name": "Ada"},
        {"code": "X", "public_name": "Ada", "biography": None, "answers": []},
        {"name": "Ada"},
    ],
)
def test_a_speaker_comes_in_every_shape(person):
    assert [one.name for one in read(frab(persons=[person])).rows[0].people] == ["Ada"]


def test_of_two_languages_dutch_is_taken_then_english_then_what_there_is():
    row = read(
        frab(type={"en": "Talk", "nl": "Lezing"}, track={"fr": "Soins", "en": "Care"}, room={"fr": "Salle"})
    ).rows[0]

    assert (row.kind, row.track, row.room) == ("Lezing", "Care", "Salle")


def test_hostile_text_becomes_plain_text():
    row = read(
        frab(
            title="A\r\nB\x00", abstract="<script>alert(1)</script><p>Eén</p>\r\n\r\n\r\n<b>twee</b>", description=None
        )
    ).rows[0]

    assert (row.title, row.abstract, row.description) == ("A B", "Eén\n\ntwee", "")


@pytest.mark.parametrize("wrong", [{"duration": "lang"}, {"duration": ""}, {"duration": "00:00"}])
def test_an_end_is_never_guessed(wrong):
    row = read(frab(**wrong)).rows[0]

    assert (row.starts_at, row.ends_at) == (datetime(2020, 12, 14, 8, tzinfo=UTC), None)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"BEGIN:VCALENDAR",
        b"{",
        b"<schedule>",
        b"<html></html>",
        b'{"a": 1}',
        b"[" * 100_000,
        b'<!DOCTYPE x [<!ENTITY a "b">]><schedule>&a;</schedule>',
        b"\xff\xfe\x00",
    ],
    ids=lambda data: repr(data[:20]),
)
def test_what_is_no_schedule_is_refused(data):
    with pytest.raises(Unreadable):
        read(data)


@real_files
def test_a_real_pretalx_file_is_read_whole():
    found = read((FIXTURES / "democon.pretalx.schedule.json").read_bytes())

    assert (len(found.rows), found.left_out) == (36, [])
    assert {row.room for row in found.rows} == {"Gray Room", "Tan Room"}
    assert found.rows[0].starts_at == datetime(2020, 12, 14, 8, tzinfo=UTC)
    assert any(len(row.people) > 1 for row in found.rows)


@real_files
def test_a_real_list_of_sessions_over_a_city_is_read_whole():
    found = read((FIXTURES / "wueww-2020.sessions.json").read_bytes())

    assert (len(found.rows), found.left_out) == (140, [])
    assert sum(row.cancelled for row in found.rows) == 7
    assert sum(row.is_online for row in found.rows) == 115
    assert sum(row.ends_at is None for row in found.rows) == 8
