"""`blender check` finds what should not be, and nothing else."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import update

from blender_event import check, load
from blender_event.core import clock, storage
from blender_event.core.database import db, writing
from blender_event.mail import outbox
from blender_event.programme import release
from blender_event.programme.models import Release
from blender_event.registrations.models import Registration
from tests import factories as make


def a_full_edition():
    with writing():
        load.load(load.Size("groot", sessions=6, speakers=20, registrations=12, capacity=10))
        db.session.commit()


def test_a_sound_installation_has_no_faults(app):
    a_full_edition()

    assert check.faults() == []


def test_more_people_than_places(app):
    a_full_edition()
    db.session.execute(update(Registration).where(Registration.status == "waiting").values(status="confirmed"))
    db.session.commit()

    assert check.faults() == ["groot: 12 confirmed onsite for 10 places"]


def test_people_who_wait_beside_a_free_place(app):
    a_full_edition()
    someone = db.session.query(Registration).filter_by(status="confirmed").first()
    someone.status = "cancelled"
    db.session.commit()

    assert check.faults() == ["groot: 2 wait onsite while places are free"]


def test_two_people_on_one_place_in_line(app):
    a_full_edition()
    db.session.execute(update(Registration).where(Registration.status == "waiting").values(queue_number=1))
    db.session.commit()

    assert check.faults() == ["groot: 2 people onsite hold number 1 in line"]


def test_a_letter_that_should_have_gone_out(app, time_stands_still):
    facts = {"minutes": 30, "link": "https://blender.example.org/x"}
    letter = outbox.put(kind="sign_in", to_email="sam@example.org", to_name="", language="nl", facts=facts)
    db.session.commit()
    time_stands_still.shift(timedelta(minutes=11))

    assert check.faults() == [f"letter {letter.id}: queued, should have gone out at 2026-06-16T10:00:00+00:00"]


def test_a_file_that_no_row_knows(app):
    file = Path(app.config["INSTANCE"]) / "slides"
    file.write_bytes(b"slides")
    storage.save("left/behind", file)

    assert check.faults() == ["file left/behind: no row knows it"]


def test_a_calendar_that_lost_an_event(app):
    edition = make.an_edition("2027")
    make.a_session("Chat in de jeugdhulp", at="10:00")
    make.a_session("Beeldbellen", at="11:00")
    release.release(edition, by=None, tell=False)
    row = db.session.query(Release).one()
    points = [dict(point) for point in row.snapshot["points"]]
    points[0]["ends_at"] = points[0]["starts_at"]
    row.snapshot = row.snapshot | {"points": points}
    db.session.commit()

    found = check.faults()
    assert "/2027/programma.ics: 1 events instead of 2" in found


def test_the_generator_makes_the_size_that_was_asked(app):
    started = clock.now()
    with writing():
        edition = load.load(
            load.Size("groot", sessions=100, speakers=40, registrations=50, capacity=20, session_capacity=15)
        )
        db.session.commit()

    assert edition.released_number == 1
    assert (edition.ends_on - edition.starts_on).days == 1
    assert db.session.query(Registration).filter_by(status="waiting").count() == 30
    assert db.session.query(Registration).filter_by(status="confirmed").count() == 20
    assert edition.created_at == started
    assert check.faults() == []
