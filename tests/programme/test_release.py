"""A release: immutable, numbered, with its changes; sequences that only rise where calendars must act."""

from datetime import timedelta

import pytest

from blender_event.core.database import db
from blender_event.core.errors import Conflict, RuleBroken
from blender_event.mail.models import Letter
from blender_event.programme import actions, queries, release, rules, snapshot
from tests import factories as make


@pytest.fixture
def edition(app):
    return make.an_edition()


@pytest.fixture
def ada(edition):
    return make.an_organiser("Ada Lovelace")


def moved(session, minutes):
    session.starts_at += timedelta(minutes=minutes)
    session.ends_at += timedelta(minutes=minutes)
    actions.touch(make.the_edition())
    db.session.commit()


def released(edition):
    return {point.title: point for point in queries.published(edition).points}


def test_nothing_is_public_before_the_first_release(edition):
    make.a_session("Chat")

    assert queries.published(edition) is None


def test_a_release_is_numbered_and_shows_the_draft_of_that_moment(edition):
    session = make.a_session("Chat")
    first = make.a_release(edition)
    session.title = "Chat en meer"
    db.session.commit()

    assert first.number == 1
    assert list(released(edition)) == ["Chat"]

    second = make.a_release(edition)

    assert second.number == 2
    assert list(released(edition)) == ["Chat en meer"]
    assert [p.title for p in queries.published_number(edition, 1).points] == ["Chat"]


def test_the_first_release_adds_everything_at_sequence_nought(edition):
    make.a_session("Chat")

    changes = queries.changes_of(make.a_release(edition))

    assert [(change.kind, change.title) for change in changes] == [("added", "Chat")]
    assert released(edition)["Chat"].sequence == 0


def test_another_hour_raises_the_sequence_and_the_moment_of_change(edition, time_stands_still):
    session = make.a_session("Chat", at="10:00")
    make.a_session("Other", at="14:00")
    make.a_release(edition)
    before = released(edition)["Other"].changed_at
    time_stands_still.shift(timedelta(hours=1))

    moved(session, 30)
    changes = queries.changes_of(make.a_release(edition))

    assert [(c.kind, c.title, [d.field for d in c.differences]) for c in changes] == [("changed", "Chat", ["slot"])]
    assert released(edition)["Chat"].sequence == 1
    assert released(edition)["Chat"].changed_at == before + timedelta(hours=1)
    assert (released(edition)["Other"].sequence, released(edition)["Other"].changed_at) == (0, before)


def test_other_words_change_the_moment_but_not_the_sequence(edition, time_stands_still):
    session = make.a_session("Chat")
    make.a_release(edition)
    before = released(edition)["Chat"].changed_at
    time_stands_still.shift(timedelta(hours=1))
    session.abstract = "Nieuwe woorden"
    db.session.commit()

    make.a_release(edition)

    assert released(edition)["Chat"].sequence == 0
    assert released(edition)["Chat"].changed_at == before + timedelta(hours=1)


def test_another_place_of_the_day_raises_every_sequence(edition):
    make.a_session("Chat")
    make.a_session("Zonder uur", at=None)
    make.a_release(edition)
    edition.venue_name = "Het Nieuwe Huis"
    db.session.commit()

    make.a_release(edition)

    assert {title: point.sequence for title, point in released(edition).items()} == {"Chat": 1, "Zonder uur": 0}


def test_another_link_to_join_raises_the_sequence_and_is_in_no_release(edition):
    session = make.a_session("Chat", is_online=True, join_url="https://meet.example.org/oud")
    make.a_release(edition)
    session.join_url = "https://meet.example.org/geheim"
    db.session.commit()

    second = make.a_release(edition)

    assert released(edition)["Chat"].sequence == 1
    assert "meet.example.org" not in str(second.snapshot) + str(second.changes)


def test_going_back_to_an_earlier_version_never_lowers_a_sequence(edition, ada):
    session = make.a_session("Chat", at="10:00")
    make.a_release(edition)
    moved(session, 60)
    make.a_release(edition)

    later = release.restore(edition, 1, by=ada)
    third = make.a_release(edition)

    assert later == []
    assert third.number == 3
    assert released(edition)["Chat"].starts_at == make.a_moment(10)
    assert released(edition)["Chat"].sequence == 2


def test_a_clash_blocks_the_release_and_nothing_is_published(edition):
    hall = make.a_room("Hall")
    make.a_session("Chat", room=hall)
    make.a_session("Ook chat", room=hall)

    with pytest.raises(RuleBroken) as broken:
        release.release(edition, by=None)

    assert [str(problem) for problem in broken.value.problems] != []
    db.session.rollback()
    assert edition.released_number is None


def test_the_second_click_of_a_double_click_is_the_same_release(edition, ada):
    make.a_session("Chat")
    seen = release.preview(edition)

    first = release.release(edition, by=ada, seen=seen.seal, number=seen.number)
    db.session.commit()
    second = release.release(edition, by=ada, seen=seen.seal, number=seen.number)
    db.session.commit()

    assert (first.id, first.number) == (second.id, 1)
    assert edition.released_number == 1


def test_a_draft_that_changed_after_the_preview_is_not_released(edition, ada):
    session = make.a_session("Chat")
    seen = release.preview(edition)
    session.title = "Iets anders"
    db.session.commit()

    with pytest.raises(Conflict):
        release.release(edition, by=ada, seen=seen.seal, number=seen.number)


def test_cancelling_now_releases_that_one_cancellation_and_nothing_else_of_the_draft(edition, ada):
    session = make.a_session("Chat", at="10:00")
    other = make.a_session("Ander", at="13:00")
    make.a_release(edition)
    other.title = "Nog niet online"
    actions.touch(edition)
    db.session.commit()

    release.cancel_now(session, edition, by=ada, tell=False)
    db.session.commit()
    release.cancel_now(session, edition, by=ada, tell=False)
    db.session.commit()

    assert edition.released_number == 2
    assert {title: (point.status, point.sequence) for title, point in released(edition).items()} == {
        "Chat": ("cancelled", 1),
        "Ander": ("planned", 0),
    }
    assert [change.title for change in release.unreleased(edition)] == ["Nog niet online"]


def test_speakers_concerned_get_one_letter_that_says_how_things_are_now(edition, ada):
    sam = make.a_speaker("Sam Spreker", person=make.a_person("Sam Spreker", "sam@example.org"))
    mute = make.a_speaker("Zonder Adres")
    session = make.a_session("Chat", at="10:00", speakers=[sam, mute])
    make.a_release(edition)

    moved(session, 30)
    preview = release.preview(edition)
    release.release(edition, by=ada, tell=True)
    moved(session, 30)
    release.release(edition, by=ada, tell=True)
    db.session.commit()

    letters = db.session.query(Letter).all()
    assert preview.speakers_told == 1
    assert [(letter.to_email, letter.kind) for letter in letters] == [("sam@example.org", "speaker_sessions")]
    assert "11.00" in letters[0].text and "10.30" not in letters[0].text
    assert [attachment["name"][-4:] for attachment in letters[0].attachments] == [".ics"]


def test_a_typo_may_be_released_without_telling_anybody(edition, ada):
    sam = make.a_speaker("Sam Spreker", person=make.a_person("Sam Spreker", "sam@example.org"))
    session = make.a_session("Chat", speakers=[sam])
    make.a_release(edition)

    moved(session, 30)
    release.release(edition, by=ada, tell=False)
    db.session.commit()

    assert db.session.query(Letter).count() == 0


def test_a_redacted_speaker_is_gone_from_every_version_and_the_rows_stay_as_they_were(edition, ada):
    sam = make.a_speaker("Sam Spreker")
    make.a_session("Chat", speakers=[sam])
    row = make.a_release(edition)
    before, revision = dict(row.snapshot), edition.public_revision

    actions.redact(sam, edition, by=ada)
    db.session.commit()

    assert queries.published(edition).voices == ()
    assert released(edition)["Chat"].speakers == ()
    assert edition.public_revision == revision + 1
    assert row.snapshot == before

    actions.unredact(sam, edition, by=ada)
    db.session.commit()

    assert [voice.name for voice in queries.published(edition).voices] == ["Sam Spreker"]


def test_a_released_session_cannot_be_removed_but_a_draft_one_can(edition, ada):
    kept, loose = make.a_session("Chat", at="10:00"), None
    make.a_release(edition)
    loose = make.a_session("Los idee", at=None)

    with pytest.raises(RuleBroken):
        actions.remove_session(kept, edition, by=ada)
    actions.remove_session(loose, edition, by=ada)
    db.session.commit()

    assert [session.title for session in queries.sessions(edition)] == ["Chat"]


def test_moving_into_a_taken_room_changes_nothing(edition, ada):
    hall = make.a_room("Hall")
    make.a_session("Opening", room=hall, at="10:00")
    session = make.a_session("Chat", at="13:00")
    slot = rules.Slot(hall, make.a_moment(10, 30), make.a_moment(11, 30))

    with pytest.raises(RuleBroken) as broken:
        actions.move(session, edition, slot=slot, seen=0, by=ada)
    db.session.rollback()

    assert [problem.field for problem in broken.value.problems] == ["room"]
    assert session.room_id is None and session.revision == 0


def test_an_organiser_who_saw_an_older_version_overwrites_nothing(edition, ada):
    session = make.a_session("Chat")
    slot = rules.slot_of(session)
    actions.change_session(session, edition, words={"title": "Chat en meer"}, slot=slot, cast=[], seen=0, by=ada)
    db.session.commit()

    with pytest.raises(Conflict):
        actions.change_session(session, edition, words={"title": "Iets anders"}, slot=slot, cast=[], seen=0, by=ada)


def test_a_programme_survives_the_journey_to_json_and_back(edition):
    sam = make.a_speaker("Sam “Ü” Spreker")
    make.a_session(
        "Titel \\ met, alles;", room=make.a_room("Hall"), track=None, speakers=[sam], takeaways=["één", "twee"]
    )
    row = make.a_release(edition)

    programme = snapshot.load(row.number, row.released_at, row.snapshot)

    assert snapshot.dump(programme) == row.snapshot
    assert programme.points[0].takeaways == ("één", "twee")
