"""A material is public from the moment that was promised, and pages that are kept follow by themselves."""

import io
from datetime import UTC, datetime, timedelta

import pytest

from blender_event.core import clock, storage
from blender_event.core.database import db
from blender_event.programme import actions, release
from blender_event.programme.models import Session
from blender_event.programme.models_materials import Material
from blender_event.programme.rules import Slot
from tests import factories as make
from tests import files
from tests.programme.counting import statements

END = datetime(2026, 9, 24, 10, 0, tzinfo=UTC)  # noon in Brussels: when Sam's session ends


@pytest.fixture
def material(story, sam, at):
    """Slides that Sam brought, for everybody after the session."""
    sam.submit(at("uploaden"), file=(io.BytesIO(files.a_pdf(2)), "dias.pdf"), title="Mijn dia's")
    return db.session.query(Material).one()


def test_after_the_session_the_page_changes_by_itself(material, visitor, public, story, time_stands_still):
    address = f"/2027/materiaal/{material.code}"
    time_stands_still.move_to(END - timedelta(seconds=1))
    assert "De slides komen hier na de sessie." in visitor.get(public)
    assert visitor.client.get(address).status_code == 404

    time_stands_still.move_to(END)
    page = visitor.get(public)

    assert "De slides komen hier" not in page
    assert page.links["Mijn dia's"] == address
    answer = visitor.client.get(address)
    assert (answer.status_code, answer.data) == (200, files.a_pdf(2))
    db.session.refresh(story.edition)
    assert story.edition.public_moments == [int(END.timestamp())]


def test_a_kept_page_that_promises_something_still_asks_one_question(material, app, client, public, time_stands_still):
    client.get(public)
    with statements() as before:
        first = client.get(public)
    time_stands_still.move_to(END)
    client.get(public)
    with statements() as after:
        second = client.get(public)

    assert (len(before), len(after)) == (1, 1)
    assert b"De slides komen hier na de sessie." in first.data
    assert b"De slides komen hier na de sessie." not in second.data


def test_the_files_for_other_programs_change_at_the_same_moment(material, client, time_stands_still):
    paths = ("/2027/programma.json", "/2027/programma.xml", "/api/v1/editions/2027/sessions")
    for path in paths:
        assert material.code not in client.get(path).get_data(as_text=True)
    time_stands_still.move_to(END)
    for path in paths:
        assert f"/2027/materiaal/{material.code}" in client.get(path).get_data(as_text=True)


def test_a_session_that_moves_takes_its_promise_along_when_that_is_published(
    material, story, ada, visitor, public, time_stands_still
):
    session = db.session.get(Session, story.session.id)
    later = Slot(session.room, session.starts_at + timedelta(hours=3), session.ends_at + timedelta(hours=3))
    actions.move(session, story.edition, slot=later, seen=session.revision, by=ada)
    db.session.commit()
    assert story.edition.public_moments == [int(END.timestamp())]
    release.release(story.edition, by=ada, tell=False)
    db.session.commit()

    time_stands_still.move_to(END + timedelta(hours=3, seconds=-1))
    assert "De slides komen hier na de sessie." in visitor.get(public)
    time_stands_still.move_to(END + timedelta(hours=3))
    assert visitor.get(public).links["Mijn dia's"] == f"/2027/materiaal/{material.code}"


def test_a_renamed_session_keeps_its_material_and_its_address(material, story, visitor, time_stands_still):
    session = db.session.get(Session, story.session.id)
    session.title = "Een heel andere titel"
    db.session.commit()
    make.a_release(story.edition)
    time_stands_still.move_to(END)

    page = visitor.get(f"/2027/programma/{session.slug}")

    assert page.links["Mijn dia's"] == f"/2027/materiaal/{material.code}"


def test_a_session_that_does_not_take_place_has_no_after(material, story, ada, visitor, public, time_stands_still):
    release.cancel_now(db.session.get(Session, story.session.id), story.edition, by=ada, tell=False)
    db.session.commit()
    assert story.edition.public_moments == []

    time_stands_still.move_to(END + timedelta(days=30))

    assert "dia's" not in visitor.get(public)
    assert visitor.client.get(f"/2027/materiaal/{material.code}").status_code == 404


def test_a_session_without_a_time_waits_for_the_end_of_the_last_day(app, visitor, time_stands_still):
    edition = make.an_edition(ends_time=None, starts_time=None)
    session = make.a_session("Ooit", at=None)
    material = make.a_material(session)
    make.a_release(edition)
    address = f"/2027/materiaal/{material.code}"
    midnight = datetime(2026, 9, 24, 22, 0, tzinfo=UTC)

    time_stands_still.move_to(midnight - timedelta(seconds=1))
    assert visitor.client.get(address).status_code == 404
    time_stands_still.move_to(midnight)
    assert visitor.client.get(address).status_code == 200
    assert edition.public_moments == [int(midnight.timestamp())]


def test_a_day_that_moves_moves_the_promise_of_sessions_without_a_time(app, organiser, visitor):
    edition = make.an_edition()
    make.a_material(make.a_session("Ooit", at=None))
    make.a_release(edition)

    organiser.submit("/beheer/2027/instellingen", starts_on="2026-09-25", ends_on="2026-09-25")

    db.session.refresh(edition)
    assert edition.public_moments == [int(datetime(2026, 9, 25, 15, 0, tzinfo=UTC).timestamp())]


def test_on_a_day_that_is_postponed_nothing_becomes_public_by_itself(material, story, visitor, time_stands_still):
    story.edition.status = "postponed"
    story.edition.shown_changed()
    db.session.commit()
    time_stands_still.move_to(END + timedelta(days=1))

    assert visitor.client.get(f"/2027/materiaal/{material.code}").status_code == 404


def test_by_hand_means_that_each_version_is_published(story, sam, at, visitor, public):
    material = make.a_material(story.session, title="Mijn dia's", publish="hand", data=files.a_pdf(1))
    address = f"/2027/materiaal/{material.code}"
    assert visitor.client.get(address).status_code == 404
    sam.submit(at(), form=at(material.id, "publiceren"))
    assert visitor.client.get(address).data == files.a_pdf(1)

    sam.submit(at(material.id, "uploaden"), file=(io.BytesIO(files.a_pdf(7)), "nieuw.pdf"), follow=True)

    assert "Iedereen krijgt nog versie 1." in sam.page
    assert "Een vroegere versie is openbaar" in sam.page
    assert visitor.client.get(address).data == files.a_pdf(1)
    assert [visitor.client.get(f"{address}/{nth}").status_code for nth in (1, 2)] == [200, 404]
    sam.submit(at(), form=at(material.id, "publiceren"))
    assert visitor.client.get(address).data == files.a_pdf(7)
    assert [visitor.client.get(f"{address}/{nth}").status_code for nth in (1, 2)] == [404, 200]
    sam.submit(at(), form=at(material.id, "terugnemen"))
    assert visitor.client.get(address).status_code == 404
    assert "dia's" not in visitor.get(public)


def test_what_is_public_stays_public_when_it_becomes_a_matter_of_hand(story, sam, at, visitor):
    material = make.a_material(story.session, publish="now")
    address = f"/2027/materiaal/{material.code}"

    sam.submit(at(material.id), publish="hand")
    assert visitor.client.get(address).status_code == 200
    sam.submit(at(material.id), publish="private")
    assert visitor.client.get(address).status_code == 404
    sam.submit(at(material.id), publish="after")
    assert visitor.client.get(address).status_code == 404


def test_what_was_shown_to_nobody_waits_for_the_hand_again(story, sam, at, visitor):
    material = make.a_material(story.session, publish="hand", data=files.a_pdf(1))
    address = f"/2027/materiaal/{material.code}"
    sam.submit(at(), form=at(material.id, "publiceren"))
    sam.submit(at(material.id), publish="private")

    sam.submit(at(material.id), publish="hand")

    assert visitor.client.get(address).status_code == 404
    assert "Wacht tot je het publiceert" in sam.get(at())
    sam.submit(at(), form=at(material.id, "publiceren"))
    assert visitor.client.get(address).data == files.a_pdf(1)


def test_an_edition_that_is_not_announced_shows_nothing(material, story, visitor, time_stands_still):
    story.edition.status = "draft"
    db.session.commit()
    time_stands_still.move_to(END)

    assert visitor.client.get(f"/2027/materiaal/{material.code}").status_code == 404


def test_a_session_that_was_not_published_shows_nothing(app, story, visitor):
    material = make.a_material(make.a_session("Nieuw", at="15:00"), publish="now")

    assert visitor.client.get(f"/2027/materiaal/{material.code}").status_code == 404


@pytest.mark.parametrize("edition", ["2028", "2027"])
def test_a_code_opens_only_in_its_own_edition(story, visitor, edition):
    material = make.a_material(story.session, publish="now")
    make.an_edition("2028")

    expected = 200 if edition == "2027" else 404
    assert visitor.client.get(f"/{edition}/materiaal/{material.code}").status_code == expected


def test_a_file_is_sent_as_attachment_with_etag_and_ranges(story, client):
    data = files.a_pdf(3)
    material = make.a_material(story.session, publish="now", data=data, name="dia's é.pdf")
    address = f"/2027/materiaal/{material.code}"

    whole = client.get(address)
    part = client.get(address, headers={"Range": "bytes=5-9"})
    known = client.get(address, headers={"If-None-Match": whole.headers["ETag"]})

    assert whole.data == data
    assert whole.headers["Content-Disposition"].startswith("attachment; ")
    assert whole.headers["Content-Type"] == "application/pdf"
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in whole.headers["Content-Security-Policy"]
    assert whole.headers["Cache-Control"] == "public, no-cache"
    assert (part.status_code, part.data) == (206, data[5:10])
    assert (known.status_code, known.data) == (304, b"")


def test_a_file_that_cannot_be_reached_is_told_and_the_page_stands(story, calm, visitor, public, app):
    material = make.a_material(story.session, title="Mijn dia's", publish="now")
    storage.remove(material.newest.storage_key)

    assert visitor.client.get(f"/2027/materiaal/{material.code}").status_code == 503
    assert "Mijn dia's" in visitor.get(public)


def test_the_page_says_what_one_gets(story, visitor, public):
    material = make.a_material(
        story.session, title="Dia's", publish="now", language="en", licence="CC BY 4.0", accessible="yes"
    )
    make.a_preview(material.newest)
    other = make.a_material(story.session, "handout", "Blad", publish="now", licence="all rights reserved", position=2)

    page = visitor.get(public)

    assert "PDF, 1 kB · 1 pagina · Engels · toegankelijke versie · CC BY 4.0" in page
    assert page.links["CC BY 4.0"] == "https://creativecommons.org/licenses/by/4.0/deed.nl"
    assert "alle rechten voorbehouden" in page
    (picture,) = page.tree.xpath("//main//img")
    assert (picture.get("alt"), picture.get("src")) == (
        "Eerste pagina van Dia's",
        f"/2027/materiaal/{material.code}/1/voorbeeld.jpg",
    )
    answer = visitor.client.get(picture.get("src"))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert visitor.client.get(f"/2027/materiaal/{other.code}/1/voorbeeld.jpg").status_code == 404
    assert "Heb je dit in een andere vorm nodig" in page
    assert clock.now() == datetime(2026, 6, 16, 10, 0, tzinfo=UTC)
