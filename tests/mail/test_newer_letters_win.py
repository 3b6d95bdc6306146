"""A letter states the present: one that was late never arrives after the one that took its place."""

from datetime import timedelta

from blender_event.core import clock
from blender_event.core.database import db
from blender_event.mail import delivery, outbox
from blender_event.mail.models import Letter
from tests import factories as make


def write(subject):
    letter = outbox.put(
        kind="test", to_email="sam@example.org", to_name="Sam", language="nl", facts={"title": subject}, key="sam"
    )
    db.session.commit()
    return letter.id


def test_a_letter_left_behind_by_a_killed_worker_is_dropped_when_a_newer_one_went(app, time_stands_still):
    make.an_edition()
    old = write("Zaal 1")
    assert delivery._claim(old, clock.now()) is not None
    new = write("Zaal 2")
    assert new != old
    assert delivery.deliver(new).status == "sent"
    time_stands_still.move_to(clock.now() + timedelta(minutes=2))
    assert delivery.deliver(old).status == "dropped"
    assert [db.session.get(Letter, number).status for number in (old, new)] == ["dropped", "sent"]


def test_a_letter_left_behind_with_no_newer_one_is_sent(app, time_stands_still):
    make.an_edition()
    old = write("Zaal 1")
    assert delivery._claim(old, clock.now()) is not None
    time_stands_still.move_to(clock.now() + timedelta(minutes=2))
    assert delivery.deliver(old).status == "sent"
