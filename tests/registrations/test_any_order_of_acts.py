"""Whatever people and organisers do in whatever order, places and lines stay right."""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blender_event.core import clock
from blender_event.core.database import db
from blender_event.core.errors import RuleBroken
from blender_event.mail.models import Letter
from blender_event.registrations import actions, queries
from blender_event.registrations.models import Registration
from blender_event.registrations.rules import Details
from tests import factories as make

WAYS = st.sampled_from(["onsite", "online"])
ACTS = st.one_of(
    st.tuples(st.just("register"), WAYS),
    st.tuples(st.just("cancel"), st.integers(0, 30)),
    st.tuples(st.just("swap"), st.integers(0, 30)),
    st.tuples(st.just("capacity"), st.integers(0, 5), st.integers(0, 3)),
)
_slugs = itertools.count(1)


class Day:
    """An edition, and what should be true of it: kept beside the rows, in plain numbers."""

    def __init__(self):
        self.edition = make.an_edition(f"dag-{next(_slugs)}", capacity_onsite=2, capacity_online=1)
        self.kept = {"onsite": 0, "online": 0}  # confirmed when the capacity was last lowered: that many may stay
        self.line = {"onsite": [], "online": []}
        self.number = 0

    def rows(self):
        return db.session.query(Registration).filter_by(edition_id=self.edition.id).order_by(Registration.id).all()

    def register(self, way):
        self.number += 1
        details = Details(
            first_name=f"P{self.number}",
            email=f"p{self.number}.{self.edition.slug}@example.org",
            group="ict",
            attendance=way,
        )
        actions.register(self.edition, now=clock.now(), details=details)

    def cancel(self, index):
        rows = self.rows()
        if rows:
            actions.cancel(rows[index % len(rows)], by=None, now=clock.now())

    def swap(self, index):
        rows = self.rows()
        if not rows:
            return
        one = rows[index % len(rows)]
        other = "online" if one.attendance == "onsite" else "onsite"
        before = one.status
        try:
            actions.change(
                one,
                details=Details(first_name="Anders", group="ict", attendance=other),
                seen=one.revision,
                by=None,
                now=clock.now(),
            )
        except RuleBroken:
            db.session.rollback()
            assert one.status == before

    def capacity(self, onsite, online):
        actions.change_capacity(self.edition, onsite=onsite, online=online, by=None, now=clock.now())
        self.kept = {
            way: sum(r.status == "confirmed" and r.attendance == way for r in self.rows()) for way in self.kept
        }

    def is_right(self):
        for way in ("onsite", "online"):
            mine = [row for row in self.rows() if row.attendance == way]
            taken = sum(row.status == "confirmed" for row in mine)
            waiting = sorted((row for row in mine if row.status == "waiting"), key=lambda row: row.queue_number)
            capacity = self.edition.capacity(way)
            assert taken <= max(capacity, self.kept[way])
            assert not (waiting and taken < capacity)
            assert [queries.position(row) for row in waiting] == list(range(1, len(waiting) + 1))
            # Nobody passes: who still waits kept the order of before.
            ids = [row.id for row in waiting]
            assert [number for number in ids if number in self.line[way]] == [
                number for number in self.line[way] if number in ids
            ]
            self.line[way] = ids
        assert list(queries.faults()) == []


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(acts=st.lists(ACTS, min_size=3, max_size=14))
def _whatever_happens(app, acts):
    db.session.rollback()
    for row in db.session.query(Registration).all():
        db.session.delete(row)
    db.session.commit()
    day = Day()
    for act, *given_to in acts:
        getattr(day, act)(*given_to)
        db.session.commit()
        day.is_right()
    for row in day.rows():
        told = db.session.query(Letter).filter_by(about=f"registrations:{row.id}", kind="cancelled").count()
        assert told == (1 if row.status == "cancelled" else 0)


@pytest.mark.filterwarnings("ignore:.*function-scoped fixture.*")
def test_places_and_lines_stay_right_whatever_happens(app):
    _whatever_happens(app)
