"""Publishing on its page: changes and clashes first, the mails to read, then one version; and the way back."""

import pytest

from blender_event.core.database import db
from blender_event.mail.models import Letter
from blender_event.programme import actions, queries
from tests import factories as make

HERE = "/beheer/2027"


@pytest.fixture
def edition(app):
    return make.an_edition()


def test_a_first_version_is_published_after_a_look(organiser, edition):
    make.a_session("Chat")

    page = organiser.get(f"{HERE}/publiceren")
    assert "Chat" in page.text
    organiser.submit(f"{HERE}/publiceren", reason="Eerste versie", button="Publiceer versie 1")

    db.session.expire_all()
    assert edition.released_number == 1
    assert queries.releases(edition)[0].reason == "Eerste versie"
    assert queries.releases(edition)[0].released_by.name == "Ada Lovelace"


def test_a_clash_holds_the_version_back_and_says_why(organiser, edition):
    hall = make.a_room("Hall")
    make.a_session("Chat", room=hall)
    make.a_session("Ook chat", room=hall)

    page = organiser.submit(f"{HERE}/publiceren", button="Publiceer versie 1", expect=422)

    assert "Ook chat" in page.text
    db.session.expire_all()
    assert edition.released_number is None


def test_the_mails_can_be_read_and_reading_sends_and_publishes_nothing(organiser, edition):
    sam = make.a_speaker("Sam Spreker", person=make.a_person("Sam Spreker", "sam@example.org"))
    session = make.a_session("Chat", speakers=[sam])
    make.a_release(edition)
    session.starts_at, session.ends_at = make.a_moment(14), make.a_moment(15)
    actions.touch(edition)
    db.session.commit()

    page = organiser.submit(f"{HERE}/publiceren", button="Lees de mails voor ze vertrekken", expect=200)

    assert "Dag Sam Spreker," in page.text
    assert "14.00" in page.text
    db.session.expire_all()
    assert edition.released_number == 1
    assert db.session.query(Letter).count() == 0


def test_a_draft_that_changed_after_the_look_is_looked_at_again(organiser, edition):
    session = make.a_session("Chat")
    values = organiser.get(f"{HERE}/publiceren").form().values()
    session.title = "Iets anders"
    db.session.commit()

    organiser.post(f"{HERE}/publiceren", expect=422, **values)

    db.session.expire_all()
    assert edition.released_number is None


def test_two_clicks_are_one_version(organiser, edition):
    make.a_session("Chat")
    values = organiser.get(f"{HERE}/publiceren").form().values()

    organiser.post(f"{HERE}/publiceren", **values)
    organiser.post(f"{HERE}/publiceren", **values)

    db.session.expire_all()
    assert [release.number for release in queries.releases(edition)] == [1]


def test_the_draft_goes_back_to_an_earlier_version(organiser, edition):
    session = make.a_session("Chat")
    make.a_release(edition)
    session.title = "Nieuwe titel"
    db.session.commit()
    make.a_release(edition)

    organiser.submit(f"{HERE}/versies/1/terugzetten")

    db.session.expire_all()
    assert session.title == "Chat"
    assert edition.released_number == 2
    assert [change.title for change in queries.changes_of(queries.releases(edition)[0])] == ["Nieuwe titel"]


def test_an_attendee_is_told_once_about_a_plenary_point_that_moved(organiser, edition, worker, letters):
    keynote = make.a_format("Keynote", is_plenary=True)
    session = make.a_session("Opening", format_id=keynote.id)
    make.a_registration(edition, email="alex@example.org")
    make.a_registration(edition, email="weg@example.org", status="cancelled")
    make.a_release(edition)
    session.starts_at, session.ends_at = make.a_moment(14), make.a_moment(15)
    actions.touch(edition)
    db.session.commit()

    page = organiser.get(f"{HERE}/publiceren")
    assert "1 deelnemer" in page.text
    organiser.submit(f"{HERE}/publiceren", button="Publiceer versie 2")
    worker.run()

    found = letters(to="alex@example.org")
    assert len(found) == 1
    assert "14.00" in found[0].text
    assert letters(to="weg@example.org") == []


def test_only_an_organiser_publishes(mallory, edition):
    mallory.get(f"{HERE}/publiceren", expect=404)
    mallory.get(f"{HERE}/versies", expect=404)
