"""What the form promises to forget is forgotten."""

from datetime import UTC, datetime

from blender_event.core import clock
from blender_event.core.database import db
from blender_event.registrations import actions_forget, actions_links
from blender_event.registrations.models import FreshLink, Needs, Registration
from tests import factories as make


def test_needs_go_fourteen_days_after_the_last_day_and_the_registration_stays(app, time_stands_still):
    make.a_registration(needs="insuline")
    for moment, left in ((datetime(2026, 10, 8, 12, 0, tzinfo=UTC), 1), (datetime(2026, 10, 9, 12, 0, tzinfo=UTC), 0)):
        time_stands_still.move_to(moment)
        actions_forget.forget(now=clock.now())
        db.session.commit()
        assert db.session.query(Needs).count() == left
    assert db.session.query(Registration).count() == 1


def test_needs_of_another_edition_stay(app, time_stands_still):
    make.a_registration(make.an_edition("2026"), needs="insuline")
    make.a_registration(make.an_edition("2027", starts_on=datetime(2027, 3, 18).date()), needs="rolstoel")
    time_stands_still.move_to(datetime(2026, 12, 1, 12, 0, tzinfo=UTC))
    assert [one.amount for one in actions_forget.forget(now=clock.now())] == [1]
    assert [one.words for one in db.session.query(Needs)] == ["rolstoel"]


def test_links_of_ten_minutes_are_removed_a_day_later(app, time_stands_still):
    ada = make.a_registration()
    actions_links.ask_fresh(ada, now=clock.now())
    db.session.commit()
    time_stands_still.move_to(datetime(2026, 6, 17, 10, 11, tzinfo=UTC))
    actions_forget.forget(now=clock.now())
    db.session.commit()
    assert db.session.query(FreshLink).count() == 0
