"""Public calendars: what is released and nothing else, in every parser, for every kind of title."""

from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy.orm.attributes import flag_modified

from blender_event.core import clock
from blender_event.core.database import db
from blender_event.programme import queries, release
from tests import factories as make
from tests.oracles import calendars
from tests.oracles.bytes_of_calendar import faults
from tests.programme.counting import statements

FULL = (
    "DESCRIPTION",
    "DTEND",
    "DTSTAMP",
    "DTSTART",
    "LAST-MODIFIED",
    "LOCATION",
    "ORGANIZER",
    "SEQUENCE",
    "STATUS",
    "SUMMARY",
    "TRANSP",
    "UID",
    "URL",
)
HOSTILE = 'Zorg; "welzijn", \\Nieuw: één 👩‍👩‍👧 <b>'


def at(hour, minute=0):
    return datetime(2026, 9, 24, hour, minute, tzinfo=UTC)


def a_programme():
    """Three sessions with a time, one of them cancelled, one with a hostile title; and one without a time."""
    edition = make.an_edition()
    hall, attic = make.a_room("Kelder"), make.a_room("Zolder")
    chat, care = make.a_track("Chat"), make.a_track("Zorg")
    talk = make.a_format("Lezing")
    sam = make.a_speaker("Sam Spreker", organisation="Huis")
    made = {
        "plain": make.a_session("Chat in de jeugdhulp", room=hall, track_id=chat.id, format_id=talk.id, speakers=[sam]),
        "hostile": make.a_session(HOSTILE, at="11:00", room=attic, track_id=care.id, format_id=talk.id),
        "off": make.a_session("Vervallen", at="13:00", minutes=90, room=hall, track_id=chat.id, status="cancelled"),
        "untimed": make.a_session("Ooit", at=None),
    }
    make.a_release()
    return edition, made


@pytest.mark.browser
def test_the_feed_is_the_release_in_four_parsers(app, client, with_icaljs):
    _edition, made = a_programme()

    data = client.get("/2027/programma.ics").data

    assert faults(data) == []
    with_categories = ("CATEGORIES", *FULL)
    assert calendars.agreed(data, with_icaljs) == {
        made["plain"].uid: (at(8), at(9), "Chat in de jeugdhulp", "CONFIRMED", 0, with_categories),
        made["hostile"].uid: (at(9), at(10), HOSTILE, "CONFIRMED", 0, with_categories),
        made["off"].uid: (at(11), at(12, 30), "GEANNULEERD: Vervallen", "CANCELLED", 0, with_categories),
    }


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("programma/thema/chat", ["off", "plain"]),
        ("programma/thema/zorg", ["hostile"]),
        ("programma/vorm/lezing", ["hostile", "plain"]),
        ("programma/zaal/kelder", ["off", "plain"]),
    ],
)
def test_a_part_of_the_programme_has_its_sessions_the_cancelled_ones_too(client, path, names):
    _edition, made = a_programme()

    found = calendars.agreed(client.get(f"/2027/{path}.ics").data)

    assert sorted(found) == sorted(made[name].uid for name in names)


def test_a_speaker_and_a_session_have_a_calendar_of_their_own(client):
    _edition, made = a_programme()
    sam = made["plain"].people[0].speaker

    of_sam = client.get(f"/2027/sprekers/{sam.slug}.ics")
    of_session = client.get(f"/2027/programma/{made['plain'].slug}.ics")

    assert list(calendars.agreed(of_sam.data)) == list(calendars.agreed(of_session.data)) == [made["plain"].uid]
    assert b"X-WR-CALNAME:Blender 2027: Sam Spreker" in of_sam.data
    assert b"X-WR-CALNAME" not in of_session.data


def test_a_changed_title_keeps_the_old_address_of_a_session(client):
    _edition, made = a_programme()

    assert client.get(f"/2027/programma/oude-titel-{made['plain'].code}.ics").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/2027/programma/thema/niets.ics",
        "/2027/programma/vorm/niets.ics",
        "/2027/programma/zaal/niets.ics",
        "/2027/programma/niets.ics",
        "/2027/sprekers/niets.ics",
        "/2028/programma.ics",
        "/agenda/1-aaaaaaaaaaaaaaaaaaaaaaaaaa.ics",
        "/agenda/x.ics",
    ],
)
def test_what_is_not_there_is_404(client, path):
    a_programme()

    assert client.get(path).status_code == 404


def test_a_session_without_a_time_has_no_file(client):
    _edition, made = a_programme()

    assert client.get(f"/2027/programma/{made['untimed'].slug}.ics").status_code == 404


def test_a_draft_edition_has_no_calendar(client):
    make.an_edition(status="draft")

    assert client.get("/2027/programma.ics").status_code == 404


def test_nothing_of_the_draft_is_in_the_feed(client):
    a_programme()
    make.a_session("Geheim plan", at="15:00")

    assert b"Geheim" not in client.get("/2027/programma.ics").data


def test_before_the_sessions_are_known_the_day_itself_is_the_feed(client):
    edition = make.an_edition(motto="Samen online")

    data = client.get("/2027/programma.ics").data

    assert faults(data) == []
    reading = calendars.agreed(data)[edition.uid]
    assert reading[:4] == (at(7), at(15), "Blender 2027: Samen online", "CONFIRMED")
    assert b"TRANSP:TRANSPARENT" in data


def test_a_day_without_hours_is_a_whole_day(client):
    edition = make.an_edition(starts_time=None, ends_time=None)

    reading = calendars.agreed(client.get("/2027/programma.ics").data)[edition.uid]

    assert (reading.start, reading.end) == (date(2026, 9, 24), date(2026, 9, 25))


def test_a_cancelled_session_stays_and_its_sequence_goes_up(ada, client):
    edition, made = a_programme()
    before = client.get("/2027/programma.ics")

    release.cancel_now(made["plain"], edition, by=ada, tell=False)
    db.session.commit()
    after = client.get("/2027/programma.ics")

    reading = calendars.agreed(after.data)[made["plain"].uid]
    assert (reading.status, reading.sequence, reading.summary) == ("CANCELLED", 1, "GEANNULEERD: Chat in de jeugdhulp")
    assert before.headers["ETag"] != after.headers["ETag"]


def test_cancelling_the_day_cancels_its_sessions_in_every_calendar(client, time_stands_still):
    edition, made = a_programme()
    time_stands_still.move_to(datetime(2026, 6, 18, 3, tzinfo=UTC))
    edition.status, edition.calendar_changed_at = "cancelled", clock.now()
    edition.sequence += 1
    edition.public_revision += 1
    db.session.commit()

    data = client.get("/2027/programma.ics").data

    reading = calendars.agreed(data)[made["plain"].uid]
    assert (reading.status, reading.sequence) == ("CANCELLED", 1)
    assert b"LAST-MODIFIED:20260618T030000Z" in data


def test_english_calendars_say_cancelled_in_english(client):
    a_programme()

    data = client.get("/en/2027/programma.ics").data.replace(b"\r\n ", b"")

    assert b"SUMMARY;LANGUAGE=nl:CANCELLED: Vervallen" in data
    assert b"https://blender.example.org/en/2027/programma/" in data


def test_an_edition_elsewhere_has_its_own_zone(client):
    make.an_edition(zone="Europe/Lisbon", starts_time=time(9), ends_time=time(17))
    make.a_session("Em Lisboa")
    make.a_release()

    data = client.get("/2027/programma.ics").data

    assert b"DTSTART;TZID=Europe/Lisbon:20260924T100000" in data
    assert b"TZID:Europe/Brussels" not in data
    assert faults(data) == []


def test_the_answer_is_what_calendar_programs_need(client):
    a_programme()

    answer = client.get("/2027/programma.ics", headers={"Accept-Encoding": "gzip, br"})

    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'inline; filename="blender-2027.ics"'
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Last-Modified"] == "Tue, 16 Jun 2026 10:00:00 GMT"
    assert answer.headers["ETag"].startswith('"')
    assert "Content-Encoding" not in answer.headers
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert answer.data.startswith(b"BEGIN:VCALENDAR\r\n")


def test_an_unchanged_feed_is_the_same_bytes_later_on_and_answers_304(client, time_stands_still):
    a_programme()
    first = client.get("/2027/programma.ics")
    time_stands_still.move_to(datetime(2026, 6, 18, 3, tzinfo=UTC))

    again = client.get("/2027/programma.ics")
    by_tag = client.get("/2027/programma.ics", headers={"If-None-Match": first.headers["ETag"]})
    by_date = client.get("/2027/programma.ics", headers={"If-Modified-Since": first.headers["Last-Modified"]})

    assert again.data == first.data
    assert (by_tag.status_code, by_tag.data) == (304, b"")
    assert (by_date.status_code, by_date.data) == (304, b"")
    assert by_tag.headers["ETag"] == first.headers["ETag"]


def test_head_has_the_headers_of_get_and_no_body(client):
    a_programme()
    get, head = client.get("/2027/programma.ics"), client.head("/2027/programma.ics")

    assert head.data == b""
    for name in ("Content-Type", "Content-Length", "ETag", "Last-Modified", "Content-Disposition", "Cache-Control"):
        assert head.headers[name] == get.headers[name], name


def test_a_session_that_leaves_the_programme_is_a_change(client, time_stands_still):
    _edition, made = a_programme()
    first = client.get("/2027/programma.ics")
    time_stands_still.move_to(datetime(2026, 6, 18, 3, tzinfo=UTC))
    db.session.delete(made["hostile"])
    db.session.commit()
    make.a_release()

    later = client.get("/2027/programma.ics", headers={"If-Modified-Since": first.headers["Last-Modified"]})

    assert later.status_code == 200
    assert later.headers["Last-Modified"] == "Thu, 18 Jun 2026 03:00:00 GMT"


@pytest.mark.parametrize(
    "path", ["/2027/programma.ics", "/2027/programma/thema/chat.ics", "/2027/programma.json", "/2027/programma.xml"]
)
def test_a_kept_feed_asks_the_database_one_thing(client, path):
    a_programme()
    client.get(path)

    with statements() as sent:
        assert client.get(path).status_code == 200

    assert len(sent) == 1, sent


POISON = [
    {"starts_at": "gisteren"},
    {"starts_at": "2026-09-24T08:00:00"},
    {"ends_at": "2026-09-24T07:00:00+00:00"},
    {"starts_at": "0026-09-24T08:00:00+00:00"},
    {"title": None},
    {"title": 7},
    {"slug": None},
    {"sequence": "twee"},
    {"changed_at": None},
    {"room": {"a": 1}},
    {"takeaways": None},
    {"onbekend": 1},
    {"uid": ""},
]


@pytest.mark.parametrize("poison", POISON, ids=str)
def test_one_poisoned_row_takes_nothing_down(app, client, poison):
    edition, made = a_programme()
    row = queries.release_number(edition, edition.released_number)
    point = next(point for point in row.snapshot["points"] if point["uid"] == made["plain"].uid)
    point.update(poison)
    flag_modified(row, "snapshot")
    edition.public_revision += 1
    db.session.commit()

    data = client.get("/2027/programma.ics").data

    assert faults(data) == []
    assert {made["hostile"].uid, made["off"].uid} <= set(calendars.agreed(data))
    for path in (
        "programma.json",
        "programma.xml",
        "programma",
        "programma/rooster",
        "agenda",
        "programma/thema/chat.ics",
    ):
        assert client.get(f"/2027/{path}").status_code == 200, path
    assert client.get("/api/v1/editions/2027/sessions").status_code == 200


def test_the_way_to_subscribe_offers_every_kind_of_calendar(app, visitor):
    a_programme()

    page = visitor.get("/2027/agenda")

    feed = "https://blender.example.org/2027/programma.ics"
    assert page.links["Abonneer in je agenda"] in ("webcal://blender.example.org/2027/programma.ics", "/2027/agenda")
    assert (
        page.links["Google"]
        == "https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2Fblender.example.org%2F2027%2Fprogramma.ics"
    )
    assert page.links["Outlook"].startswith(
        "https://outlook.office.com/calendar/0/addfromweb?url=https%3A%2F%2Fblender.example.org"
    )
    assert page.links["Download het bestand"] == "/2027/programma.ics"
    assert page.links["Abonneer Chat"] == "webcal://blender.example.org/2027/programma/thema/chat.ics"
    assert page.links["Abonneer Kelder"] == "webcal://blender.example.org/2027/programma/zaal/kelder.ics"
    assert f'value="{feed}"' in page.body.decode()
    assert "Google binnen 24 uur" in page


def test_before_a_release_one_can_already_subscribe(app, visitor):
    make.an_edition()

    assert "De sessies zijn nog niet bekend" in visitor.get("/2027/agenda")
