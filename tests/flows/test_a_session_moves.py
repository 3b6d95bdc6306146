"""An organiser adds, moves and cancels a session; the public programme, the calendars and the letters follow the releases."""

import icalendar
import pytest

from blender_event.core.database import db
from blender_event.programme.models import Session
from tests import factories as make
from tests.visitor import Visitor

HERE = "/beheer/2027"


@pytest.fixture
def edition(app):
    return make.an_edition("2027")


def events(browser, path="/2027/programma.ics"):
    """The events of a feed by what they are called."""
    answer = browser.client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    return {str(event["SUMMARY"]): event for event in icalendar.Calendar.from_ical(answer.get_data()).walk("VEVENT")}


def publish(organiser, number, **fields):
    organiser.submit(f"{HERE}/publiceren", button=f"Publiceer versie {number}", **fields)


def the_session():
    db.session.expire_all()
    return db.session.query(Session).filter_by(title="Chat in de jeugdhulp").one()


def test_a_session_is_added_published_moved_and_cancelled(
    app, edition, organiser, visitor, worker, letters, time_stands_still
):
    make.a_room("Aula", edition)
    hall = make.a_room("Zaal 2", edition)
    plenary = make.a_format("Plenair", edition, is_plenary=True)
    make.a_registration(edition, first_name="Alex", email="alex@example.org")
    slot = {"starts": "10:00", "ends": "11:00", "room": hall.id, "format": plenary.id}
    organiser.submit(f"{HERE}/programma/sessies/nieuw", title="Chat in de jeugdhulp", **slot)
    visitor.get("/2027/programma", expect=404)

    publish(organiser, 1, reason="Eerste versie")
    assert "Chat in de jeugdhulp" in visitor.get("/2027/programma")
    first = events(visitor)["Chat in de jeugdhulp"]
    assert (first["DTSTART"].dt.strftime("%H:%M"), str(first["LOCATION"])[:6], int(first["SEQUENCE"])) == (
        "10:00",
        "Zaal 2",
        0,
    )

    time_stands_still.shift(3600)
    session = the_session()
    organiser.submit(f"{HERE}/programma/sessies/{session.id}/plaats", starts="14:00", ends="15:00")
    kept = events(visitor)["Chat in de jeugdhulp"]
    assert kept == first, "the public sees the draft"

    publish(organiser, 2, reason="De zaal was bezet")
    moved = events(visitor)["Chat in de jeugdhulp"]
    assert (moved["DTSTART"].dt.strftime("%H:%M"), int(moved["SEQUENCE"])) == ("14:00", 1)
    assert moved["UID"] == first["UID"]
    assert moved["LAST-MODIFIED"].dt > first["LAST-MODIFIED"].dt
    worker.run()
    (told,) = letters(to="alex@example.org")
    assert "Chat in de jeugdhulp" in told.text and "14.00" in told.text
    assert told.status == "sent"

    time_stands_still.shift(3600)
    organiser.submit(f"{HERE}/programma/sessies/{session.id}/annuleren", when="now")
    cancelled = next(event for name, event in events(visitor).items() if "Chat in de jeugdhulp" in name)
    assert (str(cancelled["SUMMARY"]), str(cancelled["STATUS"]), int(cancelled["SEQUENCE"])) == (
        "GEANNULEERD: Chat in de jeugdhulp",
        "CANCELLED",
        2,
    )
    assert cancelled["UID"] == first["UID"]
    worker.run()
    assert [letter.status for letter in letters(to="alex@example.org")] == ["sent", "sent"]
    assert "“Chat in de jeugdhulp” gaat niet door." in letters(to="alex@example.org")[1].text


def test_a_feed_that_did_not_change_is_the_same_to_the_byte_a_day_later(
    app, edition, organiser, visitor, time_stands_still
):
    make.a_session("Chat in de jeugdhulp", edition=edition)
    publish(organiser, 1)
    before = visitor.client.get("/2027/programma.ics")
    time_stands_still.shift(86_400)
    after = visitor.client.get("/2027/programma.ics")
    unchanged = visitor.client.get("/2027/programma.ics", headers={"If-None-Match": before.headers["ETag"]})

    assert before.get_data() == after.get_data()
    assert (unchanged.status_code, unchanged.get_data()) == (304, b"")


def test_nobody_is_told_when_the_organiser_says_so(app, edition, organiser, worker, letters):
    make.a_registration(edition, email="alex@example.org")
    make.a_session("Chat in de jeugdhulp", edition=edition)
    publish(organiser, 1)
    organiser.submit(f"{HERE}/programma/sessies/{the_session().id}/plaats", starts="14:00", ends="15:00")
    publish(organiser, 2, tell="no")
    worker.run()

    assert letters() == []


def test_an_earlier_version_stays_to_be_read(app, edition, organiser):
    make.a_session("Chat in de jeugdhulp", edition=edition, at="10:00")
    publish(organiser, 1)
    organiser.submit(f"{HERE}/programma/sessies/{the_session().id}/plaats", starts="14:00", ends="15:00")
    publish(organiser, 2)
    reader = Visitor(app)

    assert "10.00" in reader.get("/2027/programma/versie/1")
    assert "14.00" in reader.get("/2027/programma/versie/2")
    assert "Zaal" not in reader.page.title
