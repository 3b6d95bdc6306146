"""Answers sent before Flask: the same as Flask's, for as long as they are true, and never anything else."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from blender_event.core import caching
from blender_event.core.database import db
from tests import factories as make
from tests.programme.counting import statements

PATHS = ("/2027/programma", "/2027/sprekers", "/2027/programma.ics", "/2027/programma.json", "/en/2027/programma")


@pytest.fixture
def edition(app):
    found = make.an_edition()
    make.a_session("Een huis met open deuren", room=make.a_room("Hall"), speakers=[make.a_speaker()])
    make.a_release(found)
    return found


@pytest.fixture
def front(app):
    return app.extensions["blender_front"]


def by_flask(front, client, path, **headers):
    """The answer of an app that repeats nothing."""
    front._ready.clear()
    return client.get(path, headers=headers)


def repeated(front, client, path, base_url="https://blender.example.org", **headers):
    """The answer the front gives by itself: Flask is out of reach, so asking it is a TypeError."""
    flask, front.app = front.app, None
    try:
        return client.get(path, base_url=base_url, headers=headers)
    finally:
        front.app = flask


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("encoding", ["identity", "gzip, br"])
def test_what_the_front_repeats_is_what_flask_said(edition, front, client, path, encoding):
    asked = {"Accept-Encoding": encoding}
    client.get(path)
    first = by_flask(front, client, path, **asked)

    with statements() as sent:
        again = repeated(front, client, path, **asked)

    assert (again.status_code, again.data, list(again.headers)) == (200, first.data, list(first.headers))
    assert len(sent) == 1


@pytest.mark.parametrize("path", PATHS)
def test_an_unchanged_answer_is_repeated_without_a_body(edition, front, client, path):
    tag = client.get(path).headers["ETag"]
    first = by_flask(front, client, path, **{"If-None-Match": tag})

    again = repeated(front, client, path, **{"If-None-Match": tag})

    assert (again.status_code, again.data, list(again.headers)) == (304, b"", list(first.headers))


def test_a_release_is_seen_at_once(edition, front, client):
    client.get("/2027/programma")
    assert "Nieuw" not in repeated(front, client, "/2027/programma").text
    make.a_session("Nieuw", at="15:00")
    make.a_release(edition)

    assert "Nieuw" in client.get("/2027/programma").text


def test_a_change_of_phase_is_seen_at_once(edition, front, client, time_stands_still):
    client.get("/2027/programma")
    client.get("/2027/programma")
    sizes = []
    for moment in (datetime(2026, 6, 16, 10, 0, tzinfo=UTC), datetime(2027, 6, 16, 10, 0, tzinfo=UTC)):
        time_stands_still.move_to(moment)
        sizes.append("/2027/inschrijven" in client.get("/2027/programma").text)

    assert sizes == [True, False]


def test_an_edition_taken_back_to_draft_is_shown_to_nobody(edition, front, client):
    client.get("/2027/programma")
    edition.status = "draft"
    db.session.commit()

    assert client.get("/2027/programma").status_code == 404


def test_a_draft_seen_by_its_organiser_is_shown_to_nobody_else(edition, organiser, client):
    edition.status = "draft"
    db.session.commit()
    organiser.get("/2027/programma")
    organiser.get("/2027/programma")

    assert client.get("/2027/programma").status_code == 404


@pytest.mark.parametrize(
    "headers",
    [{"Range": "bytes=0-10"}, {"If-Modified-Since": "Tue, 16 Jun 2026 10:00:00 GMT"}],
)
def test_what_asks_for_more_than_the_address_goes_to_flask(edition, front, client, headers):
    client.get("/2027/programma.ics")

    with pytest.raises(TypeError):
        repeated(front, client, "/2027/programma.ics", **headers)


def test_another_host_gets_flasks_own_answer(edition, front, client):
    client.get("/2027/programma")

    with pytest.raises(TypeError):
        repeated(front, client, "/2027/programma", base_url="https://elsewhere.example.org")


def test_a_head_without_a_body_and_a_question_go_to_flask(edition, client):
    client.get("/2027/programma")

    head = client.head("/2027/programma")

    assert (head.status_code, head.data) == (200, b"")
    assert client.get("/2027/programma?vorm=lezing").status_code == 200


def test_an_answer_that_fell_off_the_shelf_is_made_anew(edition, front, client):
    first = client.get("/2027/programma")
    caching.shelf.clear()

    assert client.get("/2027/programma").data == first.data


def test_a_database_that_does_not_answer_is_flasks_business(edition, front, client):
    client.get("/2027/programma")
    ready = next(iter(front._ready.values()))
    ready.again = lambda connection: connection.execute(text("SELECT * FROM no_such_table")) and None

    assert client.get("/2027/programma").status_code == 200
