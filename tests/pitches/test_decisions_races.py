"""Two organisers at once: each decision is told once. And the control that proves the race is real without the lock."""

import threading

import pytest

from blender_event.core import clock
from blender_event.core.database import db, writing
from blender_event.core.errors import Conflict, Repeated
from blender_event.mail.models import Letter
from blender_event.people.models import Person
from blender_event.pitches import actions_accepting, actions_decisions, notices_decisions
from blender_event.pitches.models import Pitch
from blender_event.programme.models import Edition, Session, Speaker
from tests import factories as make
from tests.races.guest import at_once

pytestmark = pytest.mark.race
THREADS = 8


@pytest.fixture
def pitches(app):
    call = make.a_call(make.an_edition())
    return [make.a_pitch(f"Pitch {number}", call=call, pending="accepted") for number in range(5)]


def run(app, work):
    """`work(edition, ada)` in a writing transaction of its own, as a request is; its fault instead of an answer."""

    def inside():
        with app.app_context(), writing():
            edition = db.session.query(Edition).one()
            ada = db.session.query(Person).filter_by(name="Ada Lovelace").one()
            try:
                result = work(edition, ada)
                db.session.commit()
                return result
            except (Conflict, Repeated) as refused:
                db.session.rollback()
                return type(refused).__name__

    return inside


def counts():
    db.session.rollback()
    return db.session.query(Letter).count(), db.session.query(Session).count(), db.session.query(Speaker).count()


def test_eight_organisers_who_tell_the_same_tell_it_once(app, ada, pitches):
    promised = actions_decisions.seals(pitches)
    db.session.rollback()

    told = at_once(
        run(app, lambda edition, ada: actions_decisions.tell(edition, promised, by=ada, now=clock.now()))
        for _thread in range(THREADS)
    )

    assert sorted(told) == [0] * (THREADS - 1) + [5]
    assert counts() == (5, 5, 5)
    assert {pitch.status for pitch in pitches} == {"accepted"}


def test_eight_presses_of_one_button_begin_once(app, ada, pitches):
    seal = actions_decisions.sealed(actions_decisions.seals(pitches))
    db.session.rollback()

    def press(edition, ada):
        promised = actions_decisions.begin_telling(edition, seal=seal, key="one-click")
        return actions_decisions.tell(edition, promised, by=ada, now=clock.now())

    told = at_once(run(app, press) for _thread in range(THREADS))

    assert sorted(map(str, told)) == ["5"] + ["Repeated"] * (THREADS - 1)
    assert counts() == (5, 5, 5)


def test_deciding_while_it_is_told_never_leaves_half_a_decision(app, ada, pitches):
    promised = actions_decisions.seals(pitches)
    seen = {pitch.id: actions_decisions.seen_of(pitch) for pitch in pitches}
    db.session.rollback()

    def think_again(number):
        def work(_edition, ada):
            pitch = db.session.get(Pitch, number)
            return actions_decisions.decide(pitch, decision=None, note="", seen=seen[number], by=ada, now=clock.now())

        return run(app, work)

    tell = run(app, lambda edition, ada: actions_decisions.tell(edition, promised, by=ada, now=clock.now()))
    at_once([tell, *(think_again(number) for number in seen), tell])

    db.session.rollback()
    told = [pitch for pitch in pitches if pitch.status == "accepted"]
    assert all(pitch.session_id is not None and pitch.pending is None for pitch in told)
    assert all(pitch.status in ("accepted", "submitted") for pitch in pitches)
    assert counts() == (len(told), len(told), len(told))


def test_without_the_lock_the_same_threads_tell_it_more_than_once(app, ada, pitches):
    """The control: everybody sees what is pending before anybody writes. If nobody were told twice, the tests above would prove nothing."""
    seen = threading.Barrier(THREADS)
    numbers = [pitch.id for pitch in pitches]
    db.session.rollback()

    def work():
        with app.app_context():
            found = [number for number in numbers if db.session.get(Pitch, number).pending == "accepted"]
            db.session.rollback()
            seen.wait()
            with writing():
                ada = db.session.query(Person).filter_by(name="Ada Lovelace").one()
                for number in found:
                    pitch = db.session.get(Pitch, number)
                    pitch.status, pitch.pending = "accepted", None
                    actions_accepting.become_session(pitch, by=ada, now=clock.now())
                    notices_decisions.told(pitch, "accepted", "")
                db.session.commit()

    results = at_once(work for _thread in range(THREADS))

    assert results == [None] * THREADS
    assert counts()[:2] == (5 * THREADS, 5 * THREADS)
