"""Organisers make, copy, write and steer an edition; one letter goes to everyone when the day itself changes."""

from datetime import date, timedelta

import pytest

from blender_event.core.database import db
from blender_event.programme import actions_editions, queries
from blender_event.programme.models import Edition, Room, Session
from tests import factories as make


@pytest.fixture
def edition(app):
    return make.an_edition()


def test_a_new_edition_is_a_draft_nobody_else_sees(organiser, visitor, app):
    organiser.submit("/beheer/edities/nieuw", slug="2028", title="Blender 2028", starts_on="2028-03-16")

    made = queries.edition_by_slug("2028")
    assert (made.status, made.starts_on, made.ends_on) == ("draft", date(2028, 3, 16), date(2028, 3, 16))
    visitor.get("/2028", expect=404)
    organiser.get("/2028")


def test_an_address_the_app_needs_is_refused_beside_its_field(organiser, app):
    page = organiser.submit("/beheer/edities/nieuw", slug="beheer", title="Beheer", starts_on="2028-03-16", expect=422)

    assert "slug" in page.errors
    assert db.session.query(Edition).count() == 0


def test_a_copy_takes_the_frame_along_and_no_people(organiser, edition):
    hall = make.a_room("Hall", capacity=20)
    rest = make.a_format("Lunch", is_break=True)
    talk = make.a_format("Lezing")
    sam = make.a_speaker("Sam Spreker")
    make.a_session("Middagmaal", at="12:00", room=hall, format_id=rest.id)
    make.a_session(
        "Chat in de jeugdhulp", at="10:00", room=hall, format_id=talk.id, speakers=[sam], abstract="Woorden van Sam"
    )
    make.a_registration(edition)

    organiser.submit(
        "/beheer/2027/kopie", slug="2028", title="Blender 2028", starts_on="2027-09-23", with_sessions=True
    )

    made = queries.edition_by_slug("2028")
    sessions = {session.title: session for session in queries.sessions(made)}
    assert set(sessions) == {"Middagmaal", "Sessie nog in te vullen"}
    assert sessions["Middagmaal"].starts_at == make.a_moment(12, day=date(2027, 9, 23))
    assert sessions["Sessie nog in te vullen"].abstract == ""
    assert [room.name for room in queries.rooms(made)] == ["Hall"]
    assert queries.speakers(made) == []
    assert {room.uid for room in db.session.query(Room)} != {hall.uid}
    assert len({session.uid for session in db.session.query(Session)}) == 4
    assert (made.status, made.join_url, made.capacity_onsite) == ("draft", "", 100)


def test_a_copied_edition_proposes_the_same_weekday(app):
    proposed = actions_editions.same_weekday(date(2026, 9, 24), date(2026, 9, 24) + timedelta(days=365))

    assert proposed == date(2027, 9, 23)
    assert proposed.weekday() == date(2026, 9, 24).weekday()


def test_a_shifted_hour_stays_the_same_hour_over_summer_time(app):
    winter = make.a_moment(10, day=date(2026, 1, 15))

    moved = actions_editions.shifted(winter, timedelta(days=182), "Europe/Brussels")

    assert moved.astimezone().utctimetuple()[3] == 8


def test_another_venue_is_public_at_once_and_told_in_one_letter(organiser, edition, worker, letters):
    make.a_registration(edition, email="alex@example.org")
    before = (edition.public_revision, edition.sequence)

    organiser.submit("/beheer/2027/instellingen", venue_name="Het Nieuwe Huis", tell="yes")
    worker.run()

    db.session.expire_all()
    assert (edition.public_revision > before[0], edition.sequence) == (True, before[1] + 1)
    found = letters(to="alex@example.org")
    assert len(found) == 1 and "Het Nieuwe Huis" in found[0].text
    assert found[0].attachments[0]["name"].endswith(".ics")


def test_other_words_are_told_to_nobody_and_leave_calendars_alone(organiser, edition, worker, letters):
    make.a_registration(edition, email="alex@example.org")
    sequence = edition.sequence

    organiser.submit("/beheer/2027/instellingen", intro="Nieuwe **woorden**")
    worker.run()

    db.session.expire_all()
    assert edition.intro_html == "<p>Nieuwe <strong>woorden</strong></p>\n"
    assert edition.sequence == sequence
    assert letters() == []


def test_an_unknown_placeholder_is_an_error_that_names_it(organiser, edition):
    page = organiser.submit("/beheer/2027/instellingen", confirmation_note="Dag {wachtwoord}", expect=422)

    assert "{wachtwoord}" in page.errors["confirmation_note"]
    organiser.submit("/beheer/2027/instellingen", confirmation_note="Dag {first_name}")


def test_cancelling_the_day_tells_everyone_concerned_once_and_shows_everywhere(
    organiser, visitor, edition, worker, letters
):
    sam = make.a_speaker("Sam Spreker", person=make.a_person("Sam Spreker", "sam@example.org"))
    make.a_session("Chat", speakers=[sam])
    make.a_release(edition)
    make.a_registration(edition, email="alex@example.org")
    make.a_registration(edition, email="wacht@example.org", status="waiting")

    organiser.submit("/beheer/2027/toestand", status="cancelled", note="De zaal is onder water gelopen.", tell="yes")
    worker.run()
    worker.run()

    assert sorted(letter.to_email for letter in letters()) == [
        "alex@example.org",
        "sam@example.org",
        "wacht@example.org",
    ]
    assert "De zaal is onder water gelopen." in visitor.get("/2027").text
    db.session.expire_all()
    assert edition.status == "cancelled"


def test_a_state_that_cannot_follow_is_not_offered(organiser, edition):
    edition.status = "draft"
    db.session.commit()

    choices = organiser.get("/beheer/2027/toestand").form().choices("status")

    assert set(choices) == {"draft", "announced", "cancelled"}


def test_an_editions_own_organiser_cannot_make_editions_and_sees_no_other(app, edition):
    from tests.visitor import signed_in

    other = make.an_edition("2028")
    olga = signed_in(app, make.an_organiser("Olga Organisator", edition=other))

    olga.get("/beheer/edities/nieuw", expect=404)
    olga.get("/beheer/2027/instellingen", expect=404)
    olga.get("/beheer/2028/instellingen")


def test_rooms_themes_and_formats_are_added_changed_and_removed_with_a_word_about_who_loses_them(organiser, edition):
    organiser.submit("/beheer/2027/inrichting/zalen/nieuw", name="Atelier", capacity="24")
    room = db.session.query(Room).one()
    make.a_session("Chat", room=room)

    organiser.submit(f"/beheer/2027/inrichting/zalen/{room.id}", name="Groot atelier")
    page = organiser.get(f"/beheer/2027/inrichting/zalen/{room.id}/verwijderen")
    assert "Chat" in page.text
    organiser.submit(f"/beheer/2027/inrichting/zalen/{room.id}/verwijderen")

    db.session.expire_all()
    assert db.session.query(Room).count() == 0
    assert db.session.query(Session).one().room_id is None


def test_the_recap_is_looked_at_first_then_published_then_withdrawn(organiser, visitor, edition):
    visitor.get("/2027/terugblik", expect=404)

    page = organiser.submit(
        "/beheer/2027/terugblik",
        title="Niet het scherm",
        body="## Kop\n\n<b>plat</b> **vet**",
        button="Bekijk het eerst",
        expect=200,
    )
    preview = page.tree.xpath('//section[contains(@class, "preview")]')[0]
    assert [bold.text for bold in preview.iter("strong")] == ["vet"]
    assert "<b>plat</b>" in preview.text_content()
    visitor.get("/2027/terugblik", expect=404)

    organiser.submit("/beheer/2027/terugblik", title="Niet het scherm", body="## Kop\n\n**vet**", button="Publiceer")
    assert visitor.get("/2027/terugblik").heading == "Niet het scherm"

    organiser.submit("/beheer/2027/terugblik", form="/beheer/2027/terugblik/offline")
    visitor.get("/2027/terugblik", expect=404)


def test_half_a_web_address_is_refused_beside_its_field(organiser, edition):
    settings = organiser.submit("/beheer/2027/instellingen", join_url="meet.example.org", expect=422)
    recap = organiser.submit("/beheer/2027/terugblik", title="Terug", source_url="javascript:alert(1)", expect=422)

    assert "https://" in settings.errors["join_url"]
    assert "https://" in recap.errors["source_url"]
    organiser.submit("/beheer/2027/instellingen", join_url="https://meet.example.org/zaal")
