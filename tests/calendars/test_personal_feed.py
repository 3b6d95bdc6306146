"""One's own calendar: the day, what is for everyone, one's own talks; and nothing about who one is."""

from datetime import UTC, datetime

import pytest

from blender_event.core import clock
from blender_event.core.database import db
from blender_event.registrations import entries, queries
from tests import factories as make
from tests.oracles import calendars
from tests.oracles.bytes_of_calendar import faults

CANARIES = {
    "first_name": "Kanarievoornaam",
    "last_name": "Kanarieachternaam",
    "email": "kanarie@example.org",
    "phone": "0470 99 88 77",
}
DOOR = "https://meet.example.org/geheim"


def at(hour, minute=0):
    return datetime(2026, 9, 24, hour, minute, tzinfo=UTC)


def a_day(**facts):
    """An edition with a keynote for everyone, a workshop, and a link to join online."""
    edition = make.an_edition(join_url=DOOR, **facts)
    keynote = make.a_format("Keynote", is_plenary=True)
    made = {
        "keynote": make.a_session("Opening", format_id=keynote.id, is_online=True, join_url=DOOR + "/opening"),
        "workshop": make.a_session("Werkgroep", at="13:00"),
    }
    make.a_release()
    return edition, made


def address(registration):
    return f"/agenda/{queries.feed_token(registration)}.ics"


@pytest.mark.browser
def test_it_holds_the_day_and_what_is_for_everyone_in_four_parsers(app, client):
    edition, made = a_day()
    registration = make.a_registration(edition)

    data = client.get(address(registration)).data

    assert faults(data) == []
    found = {uid: reading[:5] for uid, reading in calendars.agreed(data).items()}
    assert found == {
        entries.uid(registration, edition): (at(7), at(15), "Blender 2027", "CONFIRMED", 0),
        made["keynote"].uid: (at(8), at(9), "Opening", "CONFIRMED", 0),
    }
    assert data.count(b"TRANSP:OPAQUE") == 2


def test_it_is_for_one_person_only(client):
    edition, _made = a_day()
    registration = make.a_registration(edition)

    answer = client.get(address(registration))

    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "Set-Cookie" not in answer.headers


def test_it_answers_304_and_head_and_is_the_same_bytes_when_nothing_changed(client, time_stands_still):
    edition, _made = a_day()
    registration = make.a_registration(edition)
    path = address(registration)
    first = client.get(path)
    time_stands_still.move_to(datetime(2026, 7, 1, tzinfo=UTC))

    assert client.get(path).data == first.data
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    head = client.head(path)
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", first.headers["ETag"])


@pytest.mark.parametrize("status", ["confirmed", "waiting", "cancelled"])
def test_it_tells_nothing_about_who_it_belongs_to(app, client, status):
    edition, _made = a_day()
    person = make.a_person("Kanarienaam")
    registration = make.a_registration(
        edition,
        **CANARIES,
        status=status,
        needs="kanariebehoefte",
        organisation="Kanarieorganisatie",
        note="kanarienota",
        brings_seeks="kanariewens",
        person_id=person.id,
        verified_at=clock.now(),
    )

    data = client.get(address(registration)).data.replace(b"\r\n ", b"").lower()

    assert b"kanarie" not in data
    assert b"0470" not in data
    assert registration.reference.lower().encode() not in data
    assert queries.feed_token(registration).encode() not in data
    assert b"wachtlijst" not in data
    assert b"attendee" not in data


def test_somebody_who_waits_has_an_empty_calendar(client):
    edition, _made = a_day()
    registration = make.a_registration(edition, status="waiting")

    data = client.get(address(registration)).data

    assert faults(data) == []
    assert calendars.agreed(data) == {}


def test_when_the_person_cancels_the_day_leaves_their_calendar(client):
    edition, _made = a_day()
    registration = make.a_registration(edition)
    path = address(registration)
    before = client.get(path)
    registration.status, registration.cancelled_at = "cancelled", clock.now()
    db.session.commit()

    after = client.get(path)

    assert len(calendars.agreed(before.data)) == 2
    assert calendars.agreed(after.data) == {}


def test_when_the_edition_is_cancelled_the_day_stays_as_cancelled(client):
    edition, _made = a_day()
    registration = make.a_registration(edition)
    edition.status = "cancelled"
    edition.sequence += 1
    db.session.commit()

    found = calendars.agreed(client.get(address(registration)).data)

    assert {reading.status for reading in found.values()} == {"CANCELLED"}
    assert found[entries.uid(registration, edition)].sequence == 1


@pytest.mark.parametrize(("attendance", "doors"), [("online", 2), ("onsite", 0)])
def test_the_link_to_join_is_only_for_who_takes_part_online(client, attendance, doors):
    edition, _made = a_day()
    registration = make.a_registration(edition, attendance=attendance)

    data = client.get(address(registration)).data

    assert data.count(b"CONFERENCE;VALUE=URI;FEATURE=VIDEO:" + DOOR.encode()) == doors
    assert (DOOR.encode() in data.replace(b"\r\n ", b"")) is bool(doors)
    assert DOOR.encode() not in client.get("/2027/programma.ics").data.replace(b"\r\n ", b"")


def test_own_talks_are_in_it_once_the_address_is_proven(client):
    edition = make.an_edition()
    person = make.a_person("Sam Spreker")
    talk = make.a_session("Mijn praatje", at="14:00", speakers=[make.a_speaker("Sam Spreker", person=person)])
    make.a_release()
    registration = make.a_registration(edition, first_name="Sam", last_name="Spreker", person_id=person.id)
    path = address(registration)

    unproven = calendars.agreed(client.get(path).data)
    registration.verified_at = clock.now()
    db.session.commit()
    proven = client.get(path).data

    assert talk.uid not in unproven
    assert calendars.agreed(proven)[talk.uid][:3] == (at(12), at(13), "Mijn praatje")
    assert b"Spreker" not in proven


def test_a_new_address_ends_the_old_one(client):
    edition, _made = a_day()
    registration = make.a_registration(edition)
    old = address(registration)
    registration.feed_version += 1
    db.session.commit()

    assert client.get(old).status_code == 404
    assert client.get(address(registration)).status_code == 200


def test_other_tokens_open_no_calendar(client):
    edition, _made = a_day()
    registration = make.a_registration(edition)
    token = queries.feed_token(registration)

    for wrong in (
        queries.manage_token(registration),
        token[:-1],
        token[:-1] + ("a" if token[-1] != "a" else "b"),
        token.upper(),
        f"9{token}",
    ):
        assert client.get(f"/agenda/{wrong}.ics").status_code == 404, wrong


def test_the_address_fits_in_every_calendar_program(client):
    edition, _made = a_day()

    assert len("https://blender.example.org" + address(make.a_registration(edition))) < 256
