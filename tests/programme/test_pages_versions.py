"""Earlier releases, and what changed from one to the next."""

import pytest

from blender_event.core.database import db
from blender_event.programme.models import Redaction
from tests import factories as make
from tests.programme.counting import statements


@pytest.fixture
def edition(app):
    return make.an_edition()


def test_an_earlier_version_stays_readable_with_what_changed(edition, visitor):
    hall, loft = make.a_room("Hall"), make.a_room("Loft")
    session = make.a_session("Chat", room=hall)
    gone = make.a_session("Apps", at="11:00")
    make.a_release(edition)
    session.room_id, session.title, session.description, session.description_html = loft.id, "Chatten", "x", "<p>x</p>"
    gone.status = "cancelled"
    db.session.commit()
    make.a_release(edition)

    first, second = visitor.get("/2027/programma/versie/1"), visitor.get("/2027/programma/versie/2")

    assert "Dit is niet de nieuwste versie." in first
    assert "Chatten" not in first
    assert "Dit is niet de nieuwste versie." not in second
    assert "Gewijzigd Chatten Zaal Hall Loft Titel Chat Chatten De tekst is gewijzigd." in second
    assert "Gaat niet door Apps" in second
    assert second.links["Chatten"] == f"/2027/programma/{session.slug}"
    assert first.tree.xpath("//meta[@name='robots']/@content") == ["noindex"]


def test_the_list_of_versions_has_the_newest_on_top(edition, visitor):
    make.a_session("Chat")
    make.a_release(edition)
    make.a_session("Apps", at="11:00", speakers=[make.a_speaker("Sam Spreker")])
    make.a_release(edition)

    page = visitor.get("/2027/programma/versie")

    assert page.text.index("Versie 2") < page.text.index("Versie 1")
    assert "Nieuw Apps Tijd 11.00 – 12.00" in page
    assert "De eerste versie van het programma." in page
    assert page.links["Versie 1"] == "/2027/programma/versie/1"


@pytest.mark.parametrize("number", ["0", "2", "99999999999999999999", "-1", "x"])
def test_a_version_that_does_not_exist_is_not_there(edition, visitor, number):
    make.a_session("Chat")
    make.a_release(edition)

    visitor.get(f"/2027/programma/versie/{number}", expect=404)


def test_no_version_at_all_is_not_there(edition, visitor):
    visitor.get("/2027/programma/versie", expect=404)


def test_a_name_taken_out_is_in_no_list_of_changes_either(edition, visitor):
    sam, alex = make.a_speaker("Sam Spreker"), make.a_speaker("Alex Ander")
    session = make.a_session("Chat", speakers=[sam])
    make.a_release(edition)
    session.people[0].speaker_id = alex.id
    db.session.commit()
    make.a_release(edition)
    paths = ("/2027/programma/versie", "/2027/programma/versie/2")
    assert all("Sprekers Sam Spreker Alex Ander" in visitor.get(path) for path in paths)

    db.session.add(Redaction(edition_id=edition.id, speaker_uid=sam.uid, made_at=edition.created_at))
    edition.shown_changed()
    db.session.commit()

    for path in (*paths, "/2027/programma/versie/1"):
        assert "Sam Spreker" not in visitor.get(path).body.decode()
        assert "Alex Ander" in visitor.get(path) or path.endswith("1")


def test_the_list_of_versions_does_not_ask_for_each_version(edition, client):
    make.a_session("Chat")
    make.a_release(edition)
    client.get("/2027/programma/versie")
    make.a_release(edition)
    with statements() as two:
        client.get("/2027/programma/versie")
    for number in range(5):
        make.a_session(f"Nieuw {number}", at="12:00")
        make.a_release(edition)
    with statements() as seven:
        client.get("/2027/programma/versie")

    assert len(two) == len(seven)
