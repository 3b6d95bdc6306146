"""Organisers build the draft on its pages: sessions, their place, their people, what happens when two are at it."""

import pytest

from blender_event.core.database import db
from blender_event.programme import actions, queries, rules
from blender_event.programme.models import Session
from tests import factories as make

HERE = "/beheer/2027/programma"


@pytest.fixture
def edition(app):
    return make.an_edition()


def the(title):
    db.session.expire_all()
    return db.session.query(Session).filter_by(title=title).one()


def test_a_session_is_added_with_its_time_room_and_people(organiser, edition):
    hall, sam = make.a_room("Hall"), make.a_speaker("Sam Spreker")

    organiser.submit(
        f"{HERE}/sessies/nieuw",
        title="Chat in de jeugdhulp",
        room=str(hall.id),
        starts="10:00",
        ends="11:00",
        takeaways="één\n\ntwee",
        **{"speakers-0-speaker": str(sam.id), "speakers-0-role": "moderator"},
    )

    session = the("Chat in de jeugdhulp")
    assert (session.starts_at, session.ends_at) == (make.a_moment(10), make.a_moment(11))
    assert session.room_id == hall.id
    assert session.takeaways == ["één", "twee"]
    assert [(part.speaker.name, part.role) for part in session.people] == [("Sam Spreker", "moderator")]
    assert queries.published(edition) is None


def test_an_end_before_the_start_falls_after_midnight(organiser, edition):
    organiser.submit(f"{HERE}/sessies/nieuw", title="Nachtdienst", starts="23:00", ends="01:00")

    session = the("Nachtdienst")
    assert (session.ends_at - session.starts_at).total_seconds() == 7200


def test_a_clash_is_shown_beside_the_room_and_nothing_moves(organiser, edition):
    hall = make.a_room("Hall")
    make.a_session("Opening", room=hall, at="10:00")
    session = make.a_session("Chat in youth care", at="13:00")

    page = organiser.submit(
        f"{HERE}/sessies/{session.id}/plaats", room=str(hall.id), starts="10:30", ends="11:30", expect=422
    )

    assert "Hall" in page.errors["room"] and "Opening" in page.errors["room"]
    assert the("Chat in youth care").room_id is None
    assert the("Chat in youth care").revision == 0


def test_a_person_in_two_places_is_refused_and_what_was_typed_stays(organiser, edition):
    sam = make.a_speaker("Sam Spreker")
    make.a_session("Opening", at="10:00", speakers=[sam])

    page = organiser.submit(
        f"{HERE}/sessies/nieuw",
        title="Dubbel geboekt",
        starts="10:30",
        ends="11:30",
        expect=422,
        **{"speakers-0-speaker": str(sam.id)},
    )

    assert "Sam Spreker" in page.text
    assert page.form().values()["title"] == ["Dubbel geboekt"]
    assert db.session.query(Session).count() == 1


def test_half_a_time_is_refused(organiser, edition):
    page = organiser.submit(f"{HERE}/sessies/nieuw", title="Half", starts="10:00", expect=422)

    assert "starts" in page.errors


def test_the_slower_of_two_organisers_sees_both_versions_and_overwrites_nothing(organiser, edition, ada):
    session = make.a_session("Chat")
    page = organiser.get(f"{HERE}/sessies/{session.id}")
    actions.change_session(
        session, edition, words={"title": "Van de ander"}, slot=rules.slot_of(session), cast=[], seen=0, by=ada
    )
    db.session.commit()

    answer = organiser.post(f"{HERE}/sessies/{session.id}", expect=409, **{**page.form().values(), "title": "Van mij"})

    assert "Van de ander" in answer.text
    assert answer.form().values()["title"] == ["Van mij"]
    assert the("Van de ander").revision == 1


def test_a_released_session_is_cancelled_at_once_and_stays_in_the_programme(organiser, edition):
    session = make.a_session("Chat")
    make.a_release(edition)

    organiser.submit(f"{HERE}/sessies/{session.id}/annuleren", when="now", tell="no")

    db.session.expire_all()
    assert [(p.title, p.status, p.sequence) for p in queries.published(edition).points] == [("Chat", "cancelled", 1)]
    assert edition.released_number == 2


def test_cancelling_says_first_how_many_people_get_a_mail(organiser, edition):
    speaker = make.a_speaker("Mary Richmond", person=make.a_person("Mary Richmond"))
    session = make.a_session("Chat", speakers=[speaker])
    make.a_release(edition)

    page = organiser.get(f"{HERE}/sessies/{session.id}/annuleren")

    assert "Annuleer je meteen, dan kunnen 1 spreker en 0 deelnemers één mail krijgen." in page.text


def test_a_session_cancelled_in_the_draft_changes_nothing_for_visitors(organiser, edition):
    session = make.a_session("Chat")
    make.a_release(edition)

    organiser.submit(f"{HERE}/sessies/{session.id}/annuleren", when="later")

    db.session.expire_all()
    assert queries.published(edition).points[0].status == "planned"
    assert the("Chat").status == "cancelled"

    organiser.submit(f"{HERE}/sessies/{session.id}", form=f"{HERE}/sessies/{session.id}/herstellen")
    assert the("Chat").status == "planned"


def test_a_draft_session_is_removed_after_a_question(organiser, edition):
    session = make.a_session("Los idee")

    organiser.submit(f"{HERE}/sessies/{session.id}/verwijderen")

    assert db.session.query(Session).count() == 0


def test_another_editions_session_is_not_there(organiser, edition):
    other = make.an_edition("2028")
    session = make.a_session("Elders", edition=other)

    organiser.get(f"{HERE}/sessies/{session.id}", expect=404)
    organiser.get(f"{HERE}/sessies/{session.id}/plaats", expect=404)
    organiser.get(f"{HERE}/sessies/{session.id}/annuleren", expect=404)


def test_nobody_without_the_right_sees_the_draft(mallory, desk, edition):
    session = make.a_session("Geheim")
    for path in ("", "/sessies/nieuw", f"/sessies/{session.id}", f"/sessies/{session.id}/plaats"):
        mallory.get(f"{HERE}{path}", expect=404)
        desk.get(f"{HERE}{path}", expect=404)


def test_hostile_titles_stay_words_on_every_page(organiser, edition):
    title = "<script>alert(1)</script>"
    session = make.a_session(title)
    make.a_release(edition)

    for path in ("", f"/sessies/{session.id}", f"/sessies/{session.id}/plaats", f"/sessies/{session.id}/annuleren"):
        page = organiser.get(f"{HERE}{path}")
        assert title in page.everything or title in str(page.form().values())


def test_two_clicks_add_one_session_one_speaker_and_one_room(organiser, edition):
    for path, words in (
        ("programma/sessies/nieuw", {"title": "Chat"}),
        ("sprekers/nieuw", {"name": "Sam Spreker"}),
        ("inrichting/zalen/nieuw", {"name": "Hall"}),
    ):
        values = {**organiser.get(f"/beheer/2027/{path}").form().values(), **words}
        organiser.post(f"/beheer/2027/{path}", **values)
        organiser.post(f"/beheer/2027/{path}", **values)

    assert [session.title for session in queries.sessions(edition)] == ["Chat"]
    assert [speaker.name for speaker in queries.speakers(edition)] == ["Sam Spreker"]
    assert [room.name for room in queries.rooms(edition)] == ["Hall"]
