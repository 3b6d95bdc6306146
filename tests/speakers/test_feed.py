"""A speaker's own calendar: their sessions as published, blocking time, with the link to join online."""

import pytest

from blender_event.core import links
from blender_event.core.database import db
from blender_event.programme import queries_speakers
from blender_event.registrations import queries as registrations
from tests import factories as make
from tests.oracles import calendars
from tests.oracles.bytes_of_calendar import faults
from tests.speakers.conftest import fresh

DOOR = "https://meet.example.org/geheim"


def address(sam):
    return f"/agenda/{queries_speakers.feed_token(fresh(sam))}.ics"


def unfolded(body):
    return body.replace(b"\r\n ", b"")


@pytest.fixture
def published(edition, session, sam):
    session.is_online, session.join_url = True, DOOR
    db.session.commit()
    make.a_session("Van iemand anders", edition=edition, at="14:00", is_online=True, join_url=DOOR + "-anders")
    make.a_release(edition)
    return session


def test_it_holds_my_sessions_and_nobody_elses(published, sam, client):
    body = client.get(address(sam)).data

    assert faults(body) == []
    (uid,) = calendars.agreed(body)
    assert uid == published.uid
    assert b"TRANSP:OPAQUE" in body
    assert DOOR.encode() in unfolded(body)
    assert b"anders" not in body


def test_it_tells_nobody_who_i_am(published, sam, client):
    body = unfolded(client.get(address(sam)).data)

    assert b"Sam Spreker" not in body
    assert b"sam@example.org" not in body
    assert b"/agenda/" not in body


def test_it_follows_the_release_and_not_the_draft(published, sam, client, edition):
    published.title = "Nieuwe titel"
    make.a_session("Nog niet gepubliceerd", edition=edition, speakers=[sam], at="16:00")
    db.session.commit()

    before = client.get(address(sam)).data
    make.a_release(edition)
    after = client.get(address(sam)).data

    assert b"Nieuwe titel" not in before
    assert b"Nog niet gepubliceerd" not in before
    assert b"Nieuwe titel" in after
    assert b"Nog niet gepubliceerd" in after
    assert len(calendars.agreed(after)) == 2


def test_before_anything_is_published_it_is_empty_and_sound(session, sam, client):
    body = client.get(address(sam)).data

    assert faults(body) == []
    assert b"VEVENT" not in body


def test_an_unchanged_calendar_is_not_sent_again(published, sam, client):
    first = client.get(address(sam))

    assert client.get(address(sam), headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert first.headers["Cache-Control"] == "private, no-cache"


def test_a_new_address_makes_the_old_one_worthless(published, browser, sam, client):
    old = address(sam)
    browser.submit("/spreker", button="Geef mijn agenda een nieuw adres", form="nieuwe-agenda")

    assert client.get(old).status_code == 404
    assert client.get(address(sam)).status_code == 200
    assert address(sam) != old
    assert address(sam).encode() in browser.get("/spreker").body


def test_a_token_of_another_purpose_opens_no_calendar(published, sam, client, edition):
    registration = make.a_registration(edition)
    db.session.rollback()
    for purpose in links.Purpose:
        if purpose is not links.Purpose.SPEAKER_FEED:
            token = links.derive(purpose, sam.id, sam.feed_version)
            assert client.get(f"/agenda/{token}.ics").status_code == 404, purpose
    theirs = links.derive(links.Purpose.SPEAKER_FEED, registration.id, registration.feed_version)
    if theirs != queries_speakers.feed_token(sam):
        assert client.get(f"/agenda/{theirs}.ics").status_code == 404
    assert client.get(f"/agenda/{registrations.feed_token(registration)}.ics").status_code == 200
