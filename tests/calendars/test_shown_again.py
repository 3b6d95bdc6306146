"""A speaker who was hidden and is shown again comes back in calendars that ask “anything since?” by date."""

from datetime import timedelta

from blender_event.core import clock
from blender_event.core.database import db
from blender_event.programme import actions
from blender_event.programme.models import Edition
from tests import factories as make


def test_a_speaker_who_is_shown_again_comes_back_by_date_too(app, ada, client, time_stands_still):
    edition = make.an_edition()
    sam = make.a_speaker("Sam Spreker")
    make.a_session(speakers=[sam])
    make.a_release()
    for act in (actions.redact, actions.unredact):
        time_stands_still.move_to(clock.now() + timedelta(minutes=1))
        seen = client.get("/2027/programma.ics").headers["Last-Modified"]
        act(sam, db.session.get(Edition, edition.id), by=ada)
        db.session.commit()
        answer = client.get("/2027/programma.ics", headers={"If-Modified-Since": seen})
        assert answer.status_code == 200
    assert "Sam Spreker" in answer.text
