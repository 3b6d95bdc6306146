"""Organisers see who has slides and who has not, help out, take a room's files along and open a page in the room."""

import io
import zipfile
from datetime import UTC, datetime

import pytest

from blender_event.core import links, storage, zipping
from blender_event.core.database import db
from blender_event.core.links import Purpose
from blender_event.programme.models import Room, Session
from blender_event.programme.models_materials import Material
from tests import factories as make
from tests import files
from tests.programme.counting import statements
from tests.visitor import signed_in

OVERVIEW = "/beheer/2027/materiaal"
MOMENT = (2026, 6, 16, 12, 0, 0)


def zip_of(answer):
    return zipfile.ZipFile(io.BytesIO(answer.data))


def test_who_lacks_slides_stands_on_top_with_a_reminder(organiser, story, letters):
    make.a_material(story.session, title="Dia's")
    page = organiser.get(OVERVIEW)
    assert "1 sessie zonder slides" in page
    assert "Elders" in page

    organiser.submit(page, form=f"sessies/{story.elsewhere.id}/herinneren", follow=True)

    assert "1 mail is onderweg." in organiser.page
    assert [letter.to_email for letter in letters()] == [story.mallory.email]
    organiser.submit(organiser.page, form=f"sessies/{story.elsewhere.id}/herinneren", follow=True)
    assert "Niemand kreeg een mail" in organiser.page
    assert len(letters()) == 1


def test_who_brought_a_link_lacks_nothing(organiser, story):
    make.a_link(story.session, kind="link", title="Presentatie in de browser")
    make.a_link(story.elsewhere, kind="recording", title="Opname")

    page = organiser.get(OVERVIEW)

    assert "1 sessie zonder slides" in page


def test_who_only_hosts_is_asked_no_slides(organiser, story):
    make.a_material(story.session)
    story.elsewhere.people[0].role = "host"
    db.session.commit()

    assert "zonder slides" not in organiser.get(OVERVIEW)


def test_the_state_of_each_material_is_said_honestly(organiser, story):
    make.a_version(make.a_material(story.session, title="Openbaar", publish="now"), scanned="unscanned")
    make.a_material(story.session, title="Later", publish="after")
    make.a_material(story.session, title="Met de hand", publish="hand")
    make.a_material(story.session, title="Voor de zaal", is_public=False)
    make.a_link(story.elsewhere, title="Opname", publish="now")

    page = organiser.get(OVERVIEW)

    for words in (
        "Openbaar Slides, PDF, 1 kB, versie 2 Openbaar Niet op virussen nagekeken",
        "Later Slides, PDF, 1 kB Openbaar vanaf 24 september, 12.00 uur Geen virus gevonden",
        "Met de hand Slides, PDF, 1 kB Wacht tot je het publiceert",
        "Voor de zaal Slides, PDF, 1 kB Niet openbaar",
        "Opname Opname Openbaar –",
    ):
        assert words in page, words


def test_an_organiser_uploads_for_a_speaker_and_publishes(organiser, story, public, visitor):
    base = f"{OVERVIEW}/sessies/{story.session.id}"
    organiser.submit(f"{base}/uploaden", file=(io.BytesIO(files.an_odp()), "dias.odp"), publish="hand", follow=True)
    material = db.session.query(Material).one()

    organiser.submit(organiser.page, form=f"{material.id}/publiceren", follow=True)

    assert "Het is vanaf nu openbaar." in organiser.page
    assert "dias ODP" in visitor.get(public)


def test_the_session_of_another_edition_is_not_there(app, story):
    other = make.an_edition("2028")
    theirs = make.a_session("Later", edition=other)
    material = make.a_material(theirs)
    room = make.a_room("Tent", other)
    browser = signed_in(app, make.an_organiser("Olga", story.edition))

    assert browser.client.get(f"{OVERVIEW}/sessies/{theirs.id}").status_code == 404
    assert browser.client.get(f"{OVERVIEW}/sessies/{story.session.id}/{material.id}").status_code == 404
    assert browser.client.get(f"{OVERVIEW}/zalen/{room.id}/slides.zip").status_code == 404
    assert browser.client.get("/beheer/2028/materiaal").status_code == 404


def test_a_room_is_taken_along_in_the_order_of_the_day(organiser, story):
    early = make.a_session("Welkom: a/b\\c?", at="09:00", room=story.room, speakers=[make.a_speaker("Ada")])
    make.a_release(story.edition)
    late = make.a_material(story.session, title="Dia's", data=files.a_pdf(1))
    make.a_version(late, data=files.a_pdf(5))
    first = make.a_material(early, title="Een", name="../../dias.pdf", data=files.a_pdf(2), is_public=False)
    second = make.a_material(early, title="Twee", name="dias.pdf", data=files.a_pdf(3), position=2)
    make.a_material(story.elsewhere, title="Niet hier")
    make.a_link(early)

    answer = organiser.client.get(f"{OVERVIEW}/zalen/{story.room.id}/slides.zip")

    found = zip_of(answer)
    assert found.testzip() is None
    assert found.namelist() == [
        "01 09.00 Welkom- a-b-c- - dias.pdf",
        "01 09.00 Welkom- a-b-c- - dias (2).pdf",
        "02 11.00 Chat in de jeugdhulp - dias.pdf",
    ]
    assert [found.read(name) for name in found.namelist()] == [files.a_pdf(2), files.a_pdf(3), files.a_pdf(5)]
    assert {info.compress_type for info in found.infolist()} == {zipfile.ZIP_STORED}
    assert answer.headers["Cache-Control"] == "no-store"
    assert 'filename="2027 Kelder.zip"' in answer.headers["Content-Disposition"]
    assert first.position < second.position


def test_a_file_that_is_gone_does_not_stop_the_zip(organiser, story):
    gone = make.a_material(story.session, title="Weg", position=1)
    make.a_material(story.session, title="Er", name="er.pdf", data=files.a_pdf(2), position=2)
    storage.remove(gone.newest.storage_key)

    found = zip_of(organiser.client.get(f"{OVERVIEW}/zalen/{story.room.id}/slides.zip"))

    assert found.namelist() == [
        "01 11.00 Chat in de jeugdhulp - dias.pdf.txt",
        "01 11.00 Chat in de jeugdhulp - er.pdf",
    ]
    assert found.read(found.namelist()[0]).decode() == "Dit bestand konden we niet lezen. Download het apart."


def test_a_zip_takes_a_place_among_the_downloads_and_gives_it_back(app, organiser, story):
    make.a_material(story.session, data=files.a_pdf(2))
    address, places = f"{OVERVIEW}/zalen/{story.room.id}/slides.zip", app.extensions["blender_downloads"]
    for method in ("GET", "HEAD") * app.config["DOWNLOADS_AT_ONCE"]:
        with organiser.client.open(address, method=method) as answer:
            assert answer.status_code == 200

    taken = [places.acquire(blocking=False) for _place in range(app.config["DOWNLOADS_AT_ONCE"])]
    answer = organiser.client.get(address)
    for _place in taken:
        places.release()

    assert all(taken)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")


def test_the_zip_is_made_while_it_is_sent(story):
    """Large files pass through in pieces: never is more than a few of them in hand."""
    data = files.a_pdf(1) + b"\0" * 3_000_000
    keys = [make.a_material(story.session, data=data).newest.storage_key for _number in range(3)]

    sizes = [len(piece) for piece in zipping.streamed([(f"{key[-8:]}.pdf", key, MOMENT) for key in keys], "weg")]

    assert sum(sizes) > 9_000_000
    assert max(sizes) < 1_100_000


@pytest.fixture
def room_page(story):
    room = db.session.get(Room, story.room.id)
    return f"/zaal/{links.derive(Purpose.ROOM, room.id, room.link_version)}"


def test_the_page_in_the_room_shows_everything_big(visitor, story, room_page, time_stands_still):
    make.a_session("Straks", at="14:00", room=story.room)
    make.a_release(story.edition)
    material = make.a_material(story.session, title="Dia's", is_public=False, data=files.a_pdf(1))
    make.a_version(material, data=files.a_pdf(4))
    elsewhere = make.a_material(story.elsewhere, publish="now")
    time_stands_still.move_to(datetime(2026, 9, 24, 9, 30, tzinfo=UTC))

    page = visitor.get(room_page)

    assert page.heading == "Kelder"
    assert "donderdag 24 september 2026" in page
    assert "Elders" not in page
    (now,) = page.tree.xpath("//li[contains(@class, 'turn now')]//h2")
    assert now.text_content() == "Chat in de jeugdhulp"
    assert visitor.response.headers["Cache-Control"] == "no-store"
    answer = visitor.client.get(page.links["Dia's"])
    assert (answer.data, answer.headers["Cache-Control"]) == (files.a_pdf(4), "no-store")
    assert visitor.client.get(f"{room_page}/{elsewhere.code}").status_code == 404


def test_before_the_day_the_first_day_is_shown(visitor, story, room_page):
    assert "donderdag 24 september 2026" in visitor.get(room_page)
    assert visitor.page.tree.xpath("//li[contains(@class, 'turn now')]") == []


def test_a_new_link_makes_the_old_one_worthless(organiser, visitor, story, room_page):
    page = organiser.get(OVERVIEW)
    shown = page.tree.xpath(f"//input[@id='room-{story.room.id}']/@value")
    assert shown == [f"https://blender.example.org{room_page}"]

    organiser.submit(page, form=f"zalen/{story.room.id}/nieuwe-link", follow=True)

    assert "De oude link van Kelder werkt niet meer." in organiser.page
    (fresh,) = organiser.page.tree.xpath(f"//input[@id='room-{story.room.id}']/@value")
    assert visitor.client.get(room_page).status_code == 404
    assert visitor.client.get(fresh.removeprefix("https://blender.example.org")).status_code == 200


def test_no_other_link_opens_a_room(visitor, story):
    room = db.session.get(Room, story.room.id)
    for token in (
        links.derive(Purpose.MANAGE, room.id, room.link_version),
        links.derive(Purpose.ROOM, room.id, room.link_version + 1),
        f"{room.id}-aaaaaaaaaaaaaaaaaaaaaaaaaa",
        "1",
    ):
        assert visitor.client.get(f"/zaal/{token}").status_code == 404


def of_rows(story, count):
    """So many sessions of Sam's in the cellar, each with slides of two versions and a picture; and as many without."""
    speaker = db.session.get(Session, story.session.id).people[0].speaker
    for number in range(count):
        hour = f"{8 + number // 6:02}:{number % 6 * 10:02}"
        session = make.a_session(f"Deel {number}", at=hour, minutes=10, room=story.other_room, speakers=[speaker])
        make.a_preview(make.a_version(make.a_material(session, title=f"Dia's {number}", publish="now")))
        make.a_session(f"Zonder {number}", at=hour, minutes=10, speakers=[make.a_speaker(f"Spreker {number}")])
        make.a_preview(make.a_material(story.session, title=f"Stuk {number}", publish="now").newest)
    story.edition.released_number = None
    db.session.commit()


@pytest.mark.slow
def test_lists_ask_as_many_questions_for_thirty_as_for_one(app, organiser, sam, at, visitor, story, public):
    room = db.session.get(Room, story.other_room.id)
    token = links.derive(Purpose.ROOM, room.id, room.link_version)
    asked = [
        (organiser, OVERVIEW),
        (organiser, f"{OVERVIEW}/sessies/{story.session.id}"),
        (sam, at()),
        (visitor, f"/zaal/{token}"),
        (organiser, f"{OVERVIEW}/zalen/{room.id}/slides.zip"),
    ]

    def counts():
        found = []
        for browser, path in asked:
            with statements() as sent:
                assert browser.client.get(path).status_code == 200
            found.append(len(sent))
        return found

    of_rows(story, 1)
    counts()
    one = counts()
    of_rows(story, 30)

    assert counts() == one
