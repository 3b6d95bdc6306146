"""The programme for other programs: our own JSON without loss, and a schedule that keeps every rule of the public schema."""

import json
import re
import uuid
import xml.etree.ElementTree as xml
from datetime import UTC, date, datetime

import pytest

from blender_event.programme import exchange, exchange_reading, queries, snapshot
from tests import factories as make

TITLE = 'Zorg & "welzijn" <b>\u0001één'


def a_programme():
    edition = make.an_edition(starts_on=date(2026, 9, 24), ends_on=date(2026, 9, 25))
    hall, attic = make.a_room("Kelder", floor="-1", capacity=40), make.a_room("Zolder")
    chat = make.a_track("Chat", colour=3)
    talk, pause = make.a_format("Lezing"), make.a_format("Pauze", is_break=True)
    sam, ada = make.a_speaker("Sam Spreker", organisation="Huis", biography_html="<p>Kort</p>"), make.a_speaker("Ada")
    made = {
        "plain": make.a_session(
            "Chat",
            room=hall,
            track_id=chat.id,
            format_id=talk.id,
            speakers=[sam, ada],
            abstract="Kort",
            takeaways=["a", "b"],
        ),
        "hostile": make.a_session(TITLE, at="11:00", minutes=95, room=attic, speakers=[sam]),
        "night": make.a_session(
            "Nacht",
            room=hall,
            starts_at=datetime(2026, 9, 24, 23, 30, tzinfo=UTC),
            ends_at=datetime(2026, 9, 25, 0, 30, tzinfo=UTC),
        ),
        "next day": make.a_session(
            "Dag twee",
            room=hall,
            starts_at=datetime(2026, 9, 25, 7, tzinfo=UTC),
            ends_at=datetime(2026, 9, 25, 8, tzinfo=UTC),
        ),
        "untimed": make.a_session("Ooit", at=None, room=hall),
        "roomless": make.a_session("Ergens", at="15:00"),
        "off": make.a_session("Vervallen", at="16:00", room=hall, status="cancelled"),
        "pause": make.a_session("Koffie", at="10:00", minutes=15, room=attic, format_id=pause.id),
    }
    make.a_release()
    return edition, made


def test_our_own_format_loses_nothing(client):
    edition, _made = a_programme()

    answer = client.get("/2027/programma.json")
    known = answer.get_json()
    rows = {"voices": known["speakers"], "points": known["sessions"]} | {
        name: known[name] for name in ("day", "rooms", "tracks", "formats")
    }
    again = snapshot.load(known["release"]["number"], datetime.fromisoformat(known["release"]["released_at"]), rows)

    assert known["format"] == "blender-programme/1"
    assert again == queries.published(edition)
    assert len(again.points) == 8
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_no_link_to_join_and_no_address_of_a_person_leaves(client):
    edition = make.an_edition(join_url="https://meet.example.org/dag")
    person = make.a_person("Sam", email="sam.geheim@example.org")
    speaker = make.a_speaker("Sam", person=person)
    make.a_session(
        "Online", is_online=True, join_url="https://meet.example.org/zaal", room=make.a_room(), speakers=[speaker]
    )
    make.a_release(edition)

    for path in (
        "/2027/programma.json",
        "/2027/programma.xml",
        "/2027/programma.ics",
        "/api/v1/editions/2027/sessions",
        "/api/v1/editions/2027",
    ):
        body = client.get(path).get_data(as_text=True)
        assert "meet.example.org" not in body, path
        assert "sam.geheim" not in body, path


@pytest.fixture
def schedule(client):
    """The root of the schedule and the rows it was made from."""
    _edition, made = a_programme()
    answer = client.get("/2027/programma.xml")
    assert answer.headers["Content-Type"] == "application/xml; charset=utf-8"
    return xml.fromstring(answer.data), made


IN_CONFERENCE = ["title", "acronym", "start", "end", "days", "timeslot_duration", "base_url", "time_zone_name"]
IN_EVENT = {"room", "title", "subtitle", "type", "date", "start", "duration", "abstract", "slug", "track"}
MAYBE_IN_EVENT = {
    "logo",
    "persons",
    "language",
    "description",
    "recording",
    "links",
    "attachments",
    "video_download_url",
    "url",
}


def test_the_schedule_keeps_every_rule_of_the_public_schema(schedule):
    root, _made = schedule

    assert faults(root) == []


def faults(root):
    """What the public schema (voc/schedule) would refuse, in words."""
    found = []

    def needs(holds, words):
        if not holds:
            found.append(words)

    needs([child.tag for child in root][:3] == ["generator", "version", "conference"], "the order of the parts")
    conference = root.find("conference")
    needs([child.tag for child in conference] == IN_CONFERENCE, "the parts of the conference")
    acronym = conference.findtext("acronym")
    needs(re.fullmatch("[a-z0-9_-]{4,}", acronym), "the acronym")
    needs(re.fullmatch(r"https?://.+", conference.findtext("base_url")), "the base address")
    needs(re.fullmatch(r"\d{1,2}:\d{2}", conference.findtext("timeslot_duration")), "the slot")
    days, events = root.findall("day"), list(root.iter("event"))
    needs(int(conference.findtext("days")) == len(days), "the number of days")
    needs(
        [day.get("index") for day in days] == [str(number) for number in range(1, len(days) + 1)],
        "the numbers of the days",
    )
    for day in days:
        for name in ("start", "end"):
            needs(datetime.fromisoformat(day.get(name)).tzinfo, f"{name} of a day without offset")
        needs(date.fromisoformat(day.get("date")), "the date of a day")
    for identity in ("id", "guid"):
        given = [event.get(identity) for event in events]
        needs(len(set(given)) == len(given), f"an {identity} twice")
    slugs = [event.findtext("slug") for event in events]
    needs(len(set(slugs)) == len(slugs), "a slug twice")
    for event in events:
        names = [child.tag for child in event]
        needs(
            len(set(names)) == len(names) and IN_EVENT <= set(names) <= IN_EVENT | MAYBE_IN_EVENT,
            "the parts of an event",
        )
        needs(int(event.get("id")) > 0, "an id that is not positive")
        needs(str(uuid.UUID(event.get("guid"))) == event.get("guid"), "a guid that is no UUID")
        needs(
            re.fullmatch("[a-z0-9_]{4,}-[a-z0-9_-]{4,}", event.findtext("slug")), f"the slug {event.findtext('slug')}"
        )
        needs(event.findtext("slug").startswith(acronym + "-"), "a slug without the acronym")
        needs(re.fullmatch(r"\d{2}:\d{2}", event.findtext("duration")), "a duration")
        moment = datetime.fromisoformat(event.findtext("date"))
        needs(moment.tzinfo, "a date without offset")
        needs(f"{moment:%H:%M}" == event.findtext("start"), "a start that is not the date's")
        needs(re.fullmatch(r"https?://.+", event.findtext("url")), "an address")
        for person in event.findall("persons/person"):
            needs(int(person.get("id")) > 0 and person.text, "a person")
    return found


def test_sessions_without_a_time_or_a_room_breaks_and_cancelled_ones_are_left_out(schedule):
    root, made = schedule

    assert {event.get("guid") for event in root.iter("event")} == {
        made[name].uid for name in ("plain", "hostile", "night", "next day")
    }


def test_a_night_session_belongs_to_the_evening_before(schedule):
    root, _made = schedule
    by_day = {day.get("date"): [event.findtext("title") for event in day.iter("event")] for day in root.iter("day")}

    assert sorted(by_day["2026-09-24"]) == ["Chat", "Nacht", 'Zorg & "welzijn" <b>één']
    assert by_day["2026-09-25"] == ["Dag twee"]


def test_an_event_says_when_where_and_who(schedule):
    root, made = schedule
    event = next(event for event in root.iter("event") if event.get("guid") == made["hostile"].uid)
    plain = next(event for event in root.iter("event") if event.get("guid") == made["plain"].uid)

    assert (event.findtext("date"), event.findtext("start"), event.findtext("duration")) == (
        "2026-09-24T11:00:00+02:00",
        "11:00",
        "01:35",
    )
    assert (plain.findtext("room"), plain.findtext("track"), plain.findtext("type")) == ("Kelder", "Chat", "Lezing")
    assert [person.text for person in plain.findall("persons/person")] == ["Sam Spreker", "Ada"]
    assert event.find("persons/person").get("id") == plain.find("persons/person").get("id")


def test_numbers_stay_the_same_in_the_next_release(client, schedule):
    before, _made = schedule
    make.a_session("Nieuw", at="17:00", room=make.a_room("Tuin"))
    make.a_release()

    after = xml.fromstring(client.get("/2027/programma.xml").data)

    numbers = {event.get("guid"): event.get("id") for event in after.iter("event")}
    assert {event.get("guid"): event.get("id") for event in before.iter("event")}.items() <= numbers.items()
    assert len(numbers) == 5


@pytest.mark.parametrize("slug", ["2027", "han-2024", "x"])
def test_an_edition_without_a_release_is_still_a_valid_schedule(client, slug):
    make.an_edition(slug)

    root = xml.fromstring(client.get(f"/{slug}/programma.xml").data)
    known = client.get(f"/{slug}/programma.json").get_json()

    assert faults(root) == []
    assert list(root.iter("event")) == []
    assert (known["release"], known["sessions"], known["edition"]["slug"]) == (None, [], slug)


def test_what_we_write_we_read(app):
    edition, made = a_programme()
    programme = queries.published(edition)

    from_json = exchange_reading.read(json.dumps(exchange.lossless(edition, programme, "nl")).encode())
    from_xml = exchange_reading.read(exchange.schedule_xml(edition, programme, "nl"))

    assert (from_json.left_out, from_xml.left_out) == ([], [])
    assert len(from_json.rows) == 8
    (ours,) = [row for row in from_json.rows if row.guid == made["plain"].uid]
    (theirs,) = [row for row in from_xml.rows if row.guid == made["plain"].uid]
    for row in (ours, theirs):
        assert (row.title, row.room, row.track, row.kind, row.abstract) == ("Chat", "Kelder", "Chat", "Lezing", "Kort")
        assert (row.starts_at, row.ends_at) == (
            datetime(2026, 9, 24, 8, tzinfo=UTC),
            datetime(2026, 9, 24, 9, tzinfo=UTC),
        )
        assert [person.name for person in row.people] == ["Sam Spreker", "Ada"]
    assert ours.people[0].organisation == "Huis"
