"""Organisers see who still has to do what, and remind each of them once."""

from datetime import UTC, date, datetime, timedelta

import pytest

from blender_event.audit.models import AuditEntry
from blender_event.core import clock
from blender_event.core.database import db, writing
from blender_event.people.models import Person, SignInLink
from blender_event.programme import actions_reminders
from blender_event.programme.models import Edition, Speaker
from tests import factories as make
from tests.races.guest import at_once
from tests.speakers.conftest import SPEAKERS, fresh
from tests.visitor import signed_in

NOW = datetime(2026, 6, 16, 10, 0, tzinfo=UTC)


def names(page):
    return [row[0].split("  ")[0] for row in page.rows()]


@pytest.fixture
def others(edition, session):
    """Maya confirmed and has everything but slides; Noor has no address; Piet said no."""
    maya = make.a_speaker("Maya", edition, make.a_person("Maya", "maya@example.org"), biography="Ik.")
    make.a_session("Van Maya", edition=edition, speakers=[maya], at="14:00")
    make.a_speaker("Noor", edition, status="invited")
    make.a_speaker("Piet", edition, make.a_person("Piet", "piet@example.org"), status="invited", declined_at=NOW)
    return maya


def test_the_list_says_who_lacks_what(organiser, sam, others):
    everybody = organiser.get(SPEAKERS)
    assert len(everybody.rows()) >= 4
    shown = {
        show: [name for name in ("Sam", "Maya", "Noor", "Piet") if name in organiser.get(f"{SPEAKERS}?show={show}")]
        for show in ("confirm", "biography", "slides", "declined")
    }

    assert shown == {
        "confirm": ["Sam", "Noor"],
        "biography": ["Sam", "Noor"],
        "slides": ["Sam", "Maya"],
        "declined": ["Piet"],
    }


def test_the_letter_is_read_before_it_leaves(organiser, others, letters):
    page = organiser.get(f"{SPEAKERS}/herinneren/bevestigen")

    assert "Spreek je op Blender 2027?" in page
    assert "Sam Spreker (sam@example.org)" in page
    assert "maya@example.org" not in page.everything
    assert "Noor" in page  # without an address
    assert "Piet" not in page
    assert letters() == []


@pytest.mark.parametrize(
    ("way", "subject", "words"),
    [
        ("bevestigen", "Spreek je op Blender 2027?", "We vragen dit tegen woensdag 10 juni 2026."),
        ("biografie", "Wie ben je? Je profiel voor Blender 2027", "We vragen dit tegen zaterdag 1 augustus 2026."),
        ("slides", "Je slides voor Blender 2027", "We vragen dit tegen zondag 20 september 2026."),
    ],
)
def test_each_reminder_says_what_and_by_when(organiser, session, letters, way, subject, words):
    organiser.submit(f"{SPEAKERS}/herinneren/{way}")

    (letter,) = letters(kind="speaker_reminder")
    assert letter.to_email == "sam@example.org"
    assert letter.subject == subject
    assert words in letter.text.replace("\n", " ")
    assert "https://blender.example.org/aanmelden?next=/spreker" in letter.text


def test_a_speaker_who_reads_english_gets_english(organiser, session, person, letters):
    person.language = "en"
    db.session.commit()
    organiser.submit(f"{SPEAKERS}/herinneren/slides")

    (letter,) = letters(kind="speaker_reminder")
    assert letter.subject == "Your slides for Blender 2027"
    assert "https://blender.example.org/en/aanmelden?next=/en/spreker" in letter.text


def test_one_speaker_may_be_chosen(organiser, sam, others, letters):
    page = organiser.get(f"{SPEAKERS}/herinneren/slides?to={others.id}")
    organiser.submit(page)

    assert [letter.to_email for letter in letters()] == ["maya@example.org"]


def test_who_cannot_be_reminded_cannot_be_smuggled_in(organiser, others, letters, edition):
    piet = db.session.query(Speaker).filter_by(name="Piet").one()
    stranger = make.a_speaker(
        "Vreemd", make.an_edition("2031"), make.a_person("V", "vreemd@example.org"), status="invited"
    )
    organiser.post(f"{SPEAKERS}/herinneren/bevestigen", to=str(piet.id))
    organiser.post(f"{SPEAKERS}/herinneren/bevestigen", expect=422, to=str(stranger.id))

    assert letters() == []


def test_two_clicks_and_two_organisers_are_one_letter(organiser, app, edition, session, letters):
    page = organiser.get(f"{SPEAKERS}/herinneren/bevestigen")
    organiser.submit(page)
    organiser.submit(page)

    assert "Er is niets verstuurd" in organiser.follow()
    assert len(letters(kind="speaker_reminder")) == 1
    again = organiser.get(f"{SPEAKERS}/herinneren/bevestigen")
    assert "opnieuw vanaf 19 juni" in again


def test_after_three_days_it_can_be_asked_again(organiser, sam, session, letters, worker, time_stands_still):
    organiser.submit(f"{SPEAKERS}/herinneren/bevestigen")
    worker.run()
    time_stands_still.move_to(NOW + timedelta(days=3) - timedelta(minutes=1))
    organiser = again(organiser)
    assert "Nu hoef je niemand te herinneren." in organiser.get(f"{SPEAKERS}/herinneren/bevestigen")

    time_stands_still.move_to(NOW + timedelta(days=3))
    organiser = again(organiser)
    organiser.submit(f"{SPEAKERS}/herinneren/bevestigen")

    assert len(letters(kind="speaker_reminder")) == 2


def again(browser):
    """The organiser signs in on another day."""
    return signed_in(browser.app, db.session.query(Person).filter_by(name="Ada Lovelace").one())


def test_who_did_it_meanwhile_gets_no_reminder(organiser, browser, letters):
    page = organiser.get(f"{SPEAKERS}/herinneren/bevestigen")
    browser.submit("/spreker", button="Ik kom")
    organiser.submit(page, expect="redirect")

    assert letters(kind="speaker_reminder") == []


@pytest.mark.race
def test_eight_organisers_at_once_send_one_letter_each(app, ada, edition, session, others, letters):
    numbers = [row.id for row in db.session.query(Speaker)]
    db.session.rollback()

    def remind():
        with app.app_context(), writing():
            here, by = db.session.query(Edition).one(), db.session.query(Person).filter_by(name="Ada Lovelace").one()
            shown = db.session.query(Speaker).all()  # as the page did before
            sent = actions_reminders.remind(here, "slides", numbers, now=clock.now(), by=by)
            db.session.commit()
            return sent if shown else None

    sent = at_once([remind] * 8)

    assert sorted(sent) == [0] * 7 + [2]
    assert sorted(letter.to_email for letter in letters()) == ["maya@example.org", "sam@example.org"]


@pytest.mark.race
def test_eight_organisers_at_once_invite_once(app, ada, sam, session, letters):
    number = sam.id
    db.session.rollback()

    def invite():
        with app.app_context(), writing():
            here, by = db.session.query(Edition).one(), db.session.query(Person).filter_by(name="Ada Lovelace").one()
            sent = actions_reminders.invite(db.session.get_one(Speaker, number), here, now=clock.now(), by=by)
            db.session.commit()
            return sent

    assert sorted(at_once([invite] * 8)) == [False] * 7 + [True]
    assert db.session.query(SignInLink).count() == 1


def test_an_invitation_signs_in_and_says_what_is_asked(organiser, sam, session, letters, app, visitor, worker):
    organiser.submit(SPEAKERS, button="Nodig uit", form=f"/{sam.id}/uitnodigen")

    (letter,) = letters(kind="speaker_invited")
    assert letter.subject == "Je spreekt op Blender 2027: bevestig je?"
    assert "zeg of je komt: tegen woensdag 10 juni 2026" in letter.text.replace("\n", " ")
    assert "/aanmelden/" not in letter.text  # the outbox holds no link, only its place
    link = db.session.query(SignInLink).filter_by(person_id=sam.person_id).one()
    assert (link.next_path, link.expires_at - link.created_at) == ("/spreker", timedelta(days=7))


def test_an_invitation_leaves_once(organiser, sam, session, letters):
    page = organiser.get(SPEAKERS)
    for _click in range(2):
        organiser.submit(page, button="Nodig uit", form=f"/{sam.id}/uitnodigen")

    assert len(letters(kind="speaker_invited")) == 1
    assert db.session.query(SignInLink).filter_by(person_id=sam.person_id).count() == 1
    assert db.session.query(AuditEntry).filter_by(action="speaker invited").count() == 1


def test_dates_are_set_and_shown(organiser, edition, browser):
    organiser.submit(f"{SPEAKERS}/termijnen", confirm_by="2026-07-01", words_by="", slides_by="2026-09-23")

    assert (fresh(edition).confirm_by, edition.words_by, edition.slides_by) == (
        date(2026, 7, 1),
        None,
        date(2026, 9, 23),
    )
    assert "Tegen woensdag 1 juli 2026" in browser.get("/spreker")


def test_a_date_after_the_day_is_refused(organiser, edition):
    page = organiser.submit(f"{SPEAKERS}/termijnen", slides_by="2026-09-25", expect=422)

    assert page.errors["slides_by"]
    assert fresh(edition).slides_by == date(2026, 9, 20)


def test_dates_do_not_write_over_each_other(organiser, edition):
    page = organiser.get(f"{SPEAKERS}/termijnen")
    organiser.submit(page, confirm_by="2026-07-01")
    organiser.submit(page, confirm_by="2026-07-02", expect=409)
    organiser.submit(page, confirm_by="2026-07-01")  # the second click of the first

    assert fresh(edition).confirm_by == date(2026, 7, 1)


def test_an_address_speaks_once_in_an_edition(organiser, session, edition):
    page = organiser.submit(f"{SPEAKERS}/nieuw", name="Nog eens", email="SAM@example.org", expect=422)

    assert "Sam Spreker heeft dit adres al." in str(page.errors["email"])
    assert db.session.query(Speaker).count() == 1


@pytest.mark.once
def test_hostile_words_in_a_reason_or_name_stay_words(browser, organiser, sam, letters):
    sam.name = "[klik](https://evil.example)"
    db.session.commit()
    browser.submit("/spreker/2027/kan-niet", reason="<script>alert(1)</script>")

    page = organiser.get(f"{SPEAKERS}/{sam.id}")
    assert b"<script>alert" not in page.body
    (letter,) = letters(kind="speaker_declined")
    assert 'evil.example"' not in letter.html
