"""An accepted pitch becomes a session with its speakers: nothing typed twice, and from then on each goes its own way."""

import pytest

from blender_event.audit.models import AuditEntry
from blender_event.core import clock
from blender_event.core.database import db
from blender_event.people import queries as people_queries
from blender_event.pitches import actions_accepting, actions_decisions
from blender_event.programme import actions as programme_actions
from blender_event.programme import facts
from blender_event.programme.models import Session, Speaker
from tests import factories as make

TABLE = "/en/beheer/2027/pitches"


@pytest.fixture
def call(app):
    return make.a_call(make.an_edition())


def tell(pitch, ada, decision="accepted"):
    """Decide and tell, as the two pages do."""
    pitch.pending = decision
    db.session.commit()
    told = actions_decisions.tell(pitch.edition, actions_decisions.seals([pitch]), by=ada, now=clock.now())
    db.session.commit()
    assert told == 1
    return pitch.session


def rich(call, **facts):
    make.a_format("Praktijktafel", edition=call.edition)
    make.a_track("Privacy en ethiek", edition=call.edition)
    make.a_track("Privacy", edition=call.edition)
    return make.a_pitch(
        "Chatten na school",
        call=call,
        author=None,
        summary="Jongeren chatten na school.",
        what="Een chat met een hulpverlener.",
        why="Omdat bellen moeilijk is.",
        result="Minder jongeren wachten.",
        for_whom="Jongeren van 12 tot 18 jaar.",
        partners="CAW Oost\nJAC; Tele-Onthaal",
        accessibility="In eenvoudige taal.",
        format_slug="praktijktafel",
        themes=["trust", "privacy"],
        most_participants=24,
        **facts,
    )


def test_everything_that_was_typed_is_in_the_session(app, call, ada):
    pitch = rich(call)
    make.an_author(pitch, "Noor Klein", "noor@example.org", job_title="hulpverlener", organisation="CAW Oost")

    session = tell(pitch, ada)

    assert (session.title, session.language, session.capacity) == ("Chatten na school", "nl", 24)
    assert session.abstract == "Jongeren chatten na school."
    assert session.audience == "Jongeren van 12 tot 18 jaar."
    assert session.accessibility == "In eenvoudige taal."
    assert session.partners == ["CAW Oost", "JAC", "Tele-Onthaal"]
    assert session.format.name == "Praktijktafel"
    assert session.track.name == "Privacy"
    assert (session.starts_at, session.room, session.status) == (None, None, "planned")
    assert "Een chat met een hulpverlener." in session.description
    assert session.description_html.count("<h2") + session.description_html.count("<h3") == 3
    assert (pitch.status, pitch.pending, pitch.session_id) == ("accepted", None, session.id)


def test_speaking_authors_become_speakers_and_the_others_do_not(app, call, ada):
    pitch = rich(call)
    make.an_author(pitch, "Noor Klein", "noor@example.org", job_title="hulpverlener", organisation="CAW Oost")
    make.an_author(pitch, "Stille Kracht", "stil@example.org", "co", speaks=False)
    make.an_author(pitch, "Nooit Gekomen", "nooit@example.org", "co", status="invited")

    session = tell(pitch, ada)

    (part,) = session.people
    speaker = part.speaker
    assert (speaker.name, speaker.role, speaker.organisation, speaker.status) == (
        "Noor Klein", "hulpverlener", "CAW Oost", "invited",
    )  # fmt: skip
    assert speaker.person.email == "noor@example.org"
    assert [author.person_id for author in pitch.authors] == [speaker.person_id, None, None]


def test_who_speaks_already_stays_the_same_speaker(app, call, ada):
    person = people_queries.person_for("noor@example.org", "Noor Klein")
    known = programme_actions.add_speaker(
        call.edition, words={"name": "Noor K.", "role": "onderzoeker"}, person=person, by=ada
    )
    pitch, other = rich(call), make.a_pitch("Nog een", call=call, author=("Noor", "NOOR@example.org"))
    make.an_author(pitch, "Noor Klein", "noor@example.org", job_title="hulpverlener")

    first, second = tell(pitch, ada), tell(other, ada)

    assert first.people[0].speaker_id == second.people[0].speaker_id == known.id
    assert (known.name, known.role) == ("Noor K.", "onderzoeker")
    assert db.session.query(Speaker).count() == 1


def test_an_author_without_address_becomes_a_speaker_by_name(app, call, ada):
    pitch = make.a_pitch(call=call, author=None)
    author = make.an_author(pitch, "Marie Kamphuis")
    author.email = author.email_key = None
    db.session.commit()

    session = tell(pitch, ada)

    assert session.people[0].speaker.name == "Marie Kamphuis"
    assert session.people[0].speaker.person is None


def test_where_everything_is_online_the_session_is_too(app, call, ada):
    onsite = tell(make.a_pitch(call=call), ada)
    call.edition.offers_onsite, call.edition.offers_online = False, True
    db.session.commit()
    online = tell(make.a_pitch("Op afstand", call=call), ada)

    assert (onsite.is_onsite, onsite.is_online) == (True, False)
    assert (online.is_onsite, online.is_online) == (False, True)


def test_an_unknown_format_or_theme_is_left_open(app, call, ada):
    session = tell(make.a_pitch(call=call, format_slug="verdwenen", themes=["trust"]), ada)

    assert (session.format_id, session.track_id) == (None, None)


def test_the_other_decisions_make_no_session(app, call, ada):
    tell(make.a_pitch(call=call), ada, "waitlisted")
    tell(make.a_pitch(call=call), ada, "declined")

    assert db.session.query(Session).count() == 0


def test_whoever_changes_the_session_of_a_long_pitch_has_nothing_to_cut_first(organiser, call, ada):
    summary = "Een zin over chatten na school. " * 50
    pitch = make.a_pitch(
        "Chatten",
        call=call,
        summary=summary.strip(),
        what="Een chat.",
        for_whom="Jongeren. " * 150,
        accessibility="Zo. " * 600,
    )
    session = tell(pitch, ada)
    assert session.abstract.endswith("na school.") and 500 < len(session.abstract) <= 600
    assert session.description.index(pitch.summary) < session.description.index("Een chat.")
    assert pitch.for_whom in session.description and pitch.accessibility in session.description

    organiser.submit(f"/en/beheer/2027/programma/sessies/{session.id}", title="Nieuwe titel")
    db.session.rollback()
    assert session.title == "Nieuwe titel"


@pytest.mark.parametrize("summary", ["woord " * 150, "w" * 900])
def test_a_text_without_an_end_is_cut_between_words(app, call, ada, summary):
    session = tell(make.a_pitch(call=call, summary=summary.strip()), ada)
    assert len(session.abstract) <= 600 and session.abstract.endswith("d…" if " " in summary else "w…")


def test_later_edits_stay_where_they_are_made(organiser, call, ada):
    pitch = make.a_pitch("Chatten", call=call)
    session = tell(pitch, ada)
    organiser.submit(f"/en/beheer/2027/programma/sessies/{session.id}", title="Nieuwe titel")
    organiser.submit(f"{TABLE}/{pitch.id}/wijzigen", summary="Ander verhaal")

    db.session.rollback()
    assert (pitch.title, session.title) == ("Chatten", "Nieuwe titel")
    assert (pitch.summary, session.abstract) == ("Ander verhaal", "Jongeren chatten na school met een hulpverlener.")


def test_a_speaker_who_confirms_confirms_the_pitch(app, call, ada):
    pitch, other = make.a_pitch(call=call), make.a_pitch("Ander", call=call, author="Bea")
    session, _other = tell(pitch, ada), tell(other, ada)

    facts.speaker_confirmed.announce(session.people[0].speaker)
    facts.speaker_confirmed.announce(session.people[0].speaker)
    db.session.commit()

    assert (pitch.status, other.status) == ("confirmed", "accepted")
    assert db.session.query(AuditEntry).filter_by(action="pitch confirmed").count() == 1


def test_somebody_else_in_the_session_does_not_confirm_the_pitch(app, call, ada):
    pitch = make.a_pitch(call=call)
    session = tell(pitch, ada)
    host = make.a_speaker("Een Gast", edition=call.edition)
    programme_actions.cast_exactly(session, [(session.people[0].speaker, "speaker"), (host, "host")])
    db.session.commit()

    actions_accepting.speaker_confirmed(host)
    db.session.commit()

    assert pitch.status == "accepted"


def test_who_said_before_that_they_come_is_not_asked_twice(app, call, ada):
    person = people_queries.person_for("noor@example.org", "Noor Klein")
    programme_actions.add_speaker(call.edition, words={"name": "Noor", "status": "confirmed"}, person=person, by=ada)
    pitch = make.a_pitch(call=call, author=("Noor Klein", "noor@example.org"))
    tell(pitch, ada)

    assert pitch.status == "confirmed"


def test_a_cancelled_pitch_leaves_its_session_unless_asked(organiser, call, ada, letters):
    stays, goes = make.a_pitch("Blijft", call=call), make.a_pitch("Gaat weg", call=call)
    staying, going = tell(stays, ada), tell(goes, ada)

    page = organiser.get(f"{TABLE}/{stays.id}/annuleren")
    assert "1 person gets a mail: Noor Klein." in page.text
    organiser.submit(page, note="Dubbel.")
    organiser.submit(f"{TABLE}/{goes.id}/annuleren", with_session=True)

    db.session.rollback()
    assert (stays.status, goes.status) == ("cancelled", "cancelled")
    assert (staying.status, going.status) == ("planned", "cancelled")
    first, _second = letters(kind="pitch_cancelled")
    assert "Dubbel." in first.text
    assert stays.session_id == staying.id


def test_cancelling_twice_writes_once(organiser, call, letters):
    pitch = make.a_pitch(call=call)
    page = organiser.get(f"{TABLE}/{pitch.id}/annuleren")
    organiser.submit(page)
    organiser.submit(page)

    assert "It was cancelled already." in organiser.follow().text
    assert len(letters(kind="pitch_cancelled")) == 1


def test_a_draft_is_cancelled_in_silence(organiser, call, letters):
    pitch = make.a_pitch(call=call, status="draft")
    organiser.submit(f"{TABLE}/{pitch.id}/annuleren")

    db.session.rollback()
    assert pitch.status == "cancelled"
    assert letters() == []


def test_the_page_of_a_pitch_that_is_gone_warns_of_its_session(organiser, call, ada):
    pitch = make.a_pitch(call=call)
    session = tell(pitch, ada)
    pitch.status = "withdrawn"
    db.session.commit()

    page = organiser.get(f"{TABLE}/{pitch.id}")

    assert "The session still stands in the programme." in page.text
    assert page.tree.find(f".//a[@href='/en/beheer/2027/programma/sessies/{session.id}']") is not None


def test_a_pitch_by_phone_is_sent_in_at_once_and_its_author_gets_the_link(organiser, call, letters):
    closed = make.a_call(call.edition, title="Gesloten", is_open=False)
    organiser.submit(
        f"{TABLE}/noteren",
        call=closed.id,
        name="Marie Kamphuis",
        email="marie@example.org",
        title="Huisbezoek op afstand",
    )

    db.session.rollback()
    page = organiser.follow()
    assert "“Huisbezoek op afstand” is kept." in page.text
    assert "Marie Kamphuis" in page.text
    assert "sent in" in page.text
    (letter,) = letters()
    assert (letter.kind, letter.to_email) == ("pitch_received", "marie@example.org")


def test_a_pitch_by_phone_may_stay_a_draft_and_needs_no_address(organiser, call, letters):
    page = organiser.get(f"{TABLE}/noteren")
    organiser.submit(page, name="Marie", title="Later verder", send_in=False)
    first = organiser.location
    organiser.submit(page, name="Marie", title="Later verder", send_in=False)

    assert organiser.location == first
    assert letters() == []
    organiser.submit(page, name="Marie", title="Iets anders", send_in=False, expect=422)


def test_a_pitch_by_phone_needs_a_name_and_a_title(organiser, call):
    page = organiser.submit(f"{TABLE}/noteren", summary="Wel een verhaal", expect=422)

    assert "Fill in a name." in page.text
    assert "Give the pitch a title." in page.text
    assert "Wel een verhaal" in page.text


def test_publishing_warns_of_a_session_whose_pitch_is_gone(organiser, call, ada):
    gone, stays = make.a_pitch("Chatten", call=call), make.a_pitch("Bellen", call=call)
    tell(gone, ada)
    tell(stays, ada)
    gone.status = "withdrawn"
    db.session.commit()

    page = organiser.get("/en/beheer/2027/publiceren")

    assert "“Chatten”: the pitch it was made from was withdrawn." in page.text
    assert "“Bellen”: the pitch" not in page.text


def test_the_dashboard_says_what_waits_among_the_pitches(organiser, call, ada):
    gone = make.a_pitch("Weg", call=call)
    tell(gone, ada)
    gone.status = "cancelled"
    rik = make.a_reviewer("Rik", call=call)
    judged, asked = make.a_pitch("Beoordeeld", call=call), make.a_pitch("Gevraagd", call=call)
    for pitch in (judged, asked):
        make.an_assignment(pitch, rik)
    make.a_review(judged, rik)
    make.a_pitch("Niemand gevraagd", call=call)
    make.a_pitch("Beslist", call=call, pending="declined")
    db.session.commit()

    page = organiser.get("/en/beheer/2027")

    tasks = [
        (task.find("b").text_content(), task.find("div/p").text_content())
        for task in page.tree.findall(".//ol[@class='tasks']/li")
    ]
    assert [task for task in tasks if "pitch" in task[1]] == [
        ("1", "session has lost its pitch"),
        ("1", "decision about a pitch was not told"),
        ("1", "pitch waits for a decision"),
        ("1", "pitch has no reviewer"),
    ]
    assert "Pitches 3" in " ".join(page.tree.find(".//nav").text_content().split())
