"""A letter that takes the place of an unsent one also says what that one would have said."""

from datetime import timedelta

from blender_event.core import clock
from blender_event.core.database import db
from blender_event.mail import mailings
from blender_event.programme.models import Edition, Session
from tests import factories as make


def release(time_stands_still, **titles):
    """Move the sessions with these titles one hour on, and publish; a minute later."""
    time_stands_still.move_to(clock.now() + timedelta(minutes=1))
    for title in titles.values():
        session = db.session.query(Session).filter_by(title=title).one()
        session.starts_at, session.ends_at = (
            session.starts_at + timedelta(hours=1),
            session.ends_at + timedelta(hours=1),
        )
    edition = db.session.query(Edition).one()
    edition.draft_changed_at = clock.now()
    make.a_release(edition, tell=True)


def test_a_speaker_whose_mail_waited_reads_of_both_sessions(app, letters, worker, time_stands_still):
    make.an_edition()
    sam = make.a_speaker(person=make.a_person("Sam", "sam@example.org"))
    make.a_session("Eerste", at="10:00", speakers=[sam])
    make.a_session("Tweede", at="13:00", speakers=[sam])
    make.a_release()
    release(time_stands_still, one="Eerste")
    release(time_stands_still, one="Tweede")
    (letter,) = letters(to="sam@example.org")
    assert "Eerste" in letter.text and "Tweede" in letter.text
    worker.run()
    release(time_stands_still, one="Tweede")
    assert "Eerste" not in letters(to="sam@example.org")[-1].text


def test_somebody_who_comes_and_whose_mail_waited_reads_of_both_parts(app, letters, worker, time_stands_still):
    make.an_edition()
    plenary = make.a_format("Plenair", is_plenary=True)
    make.a_registration(email="jane@example.org")
    make.a_session("Welkom", at="09:00", format_id=plenary.id)
    make.a_session("Slot", at="15:00", minutes=30, format_id=plenary.id)
    make.a_release()
    release(time_stands_still, one="Welkom")
    mailings.expand_all()
    release(time_stands_still, one="Slot")
    mailings.expand_all()
    (letter,) = letters(to="jane@example.org")
    assert "Welkom" in letter.text and "Slot" in letter.text
    worker.run()
    release(time_stands_still, one="Slot")
    mailings.expand_all()
    assert "Welkom" not in letters(to="jane@example.org")[-1].text
