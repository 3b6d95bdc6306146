"""A day that was cancelled takes place after all, and a day that is put off: places, letters and calendars follow."""

from datetime import UTC, datetime

import pytest

from blender_event.core import clock
from blender_event.core.database import db
from blender_event.programme import actions_editions
from blender_event.programme.models import Edition
from blender_event.registrations import actions, notices, queries
from blender_event.registrations.models import Registration
from tests import factories as make


def state(status, by, *, tell=False):
    edition = db.session.query(Edition).one()
    actions_editions.set_status(edition, status, tell=tell, seen=edition.revision, by=by)
    db.session.commit()


def test_a_place_that_came_free_while_the_day_was_cancelled_goes_to_who_waits_when_it_is_not(app, ada, letters):
    make.an_edition(capacity_onsite=1)
    place = make.a_registration(first_name="Ada")
    waits = make.a_registration(first_name="Jane", email="jane@example.org", status="waiting")
    number = waits.id
    state("cancelled", ada)
    actions.cancel(place, by=None, now=clock.now())
    db.session.commit()
    assert db.session.get(Registration, number).status == "waiting"
    state("open", ada)
    assert db.session.get(Registration, number).status == "confirmed"
    assert [letter.kind for letter in letters(to="jane@example.org")] == ["promoted"]
    assert list(queries.faults()) == []


def test_sessions_of_a_day_that_is_put_off_are_no_longer_certain_in_calendars(app, ada, client):
    make.an_edition()
    make.a_session()
    make.a_release()
    before = client.get("/2027/programma.ics").text
    assert "STATUS:CONFIRMED" in before and "SEQUENCE:0" in before
    state("postponed", ada)
    after = client.get("/2027/programma.ics").text
    assert "STATUS:TENTATIVE" in after and "SEQUENCE:1" in after
    state("open", ada)
    again = client.get("/2027/programma.ics").text
    assert "STATUS:CONFIRMED" in again and "SEQUENCE:2" in again


def test_the_practical_note_says_what_its_placeholders_stand_for(app, visitor, letters):
    note = "Dag {first_name}, je code is {reference}. Tot op {date} in {place} ({edition}). {onbekend}"
    make.an_edition(confirmation_note=note, slug="2027")
    edition = db.session.query(Edition).one()
    registration = make.a_registration(edition, first_name="{place}", email="jane@example.org")
    notices.confirmed(registration, edition)
    db.session.commit()
    (letter,) = letters(to="jane@example.org")
    said = " ".join(letter.text.split())
    assert (
        f"Dag {{place}}, je code is {registration.reference}. Tot op donderdag 24 september 2026 in Het Voorbeeld"
        in said
    )
    assert "{onbekend}" in said


def test_whoever_waits_for_a_new_date_can_still_give_the_place_back_when_the_old_one_is_over(
    app, visitor, time_stands_still
):
    make.an_edition(status="postponed", capacity_onsite=1)
    registration = make.a_registration(first_name="Ada")
    waits = make.a_registration(first_name="Jane", status="waiting").id
    time_stands_still.move_to(datetime(2026, 10, 1, 12, 0, tzinfo=UTC))
    visitor.submit(f"/mijn/{queries.manage_token(registration)}/annuleren", follow=True)
    db.session.expire_all()
    assert db.session.get(Registration, waits).status == "confirmed"


@pytest.mark.once
@pytest.mark.parametrize("revision", ["²", "abc", "", "9" * 5000])
def test_a_change_with_an_odd_revision_is_a_conflict(app, visitor, revision):
    make.an_edition()
    path = f"/mijn/{queries.manage_token(make.a_registration())}/wijzigen"
    answers = visitor.get(path).form(None).filled({"first_name": "Anders"}, None)
    answer = visitor.client.post(path, data=dict(answers) | {"revision": revision})
    assert answer.status_code == 409
    assert "Anders" in answer.text
