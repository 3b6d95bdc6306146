"""A page asks the database as often for thirty as for one."""

import pytest
from sqlalchemy import event

from blender_event.core.database import db
from tests import factories as make
from tests.speakers.conftest import SPEAKERS


def statements(browser, path):
    seen = []

    def note(_connection, _cursor, statement, *_more):
        if statement.lstrip().upper().startswith("SELECT"):
            seen.append(statement)

    browser.get(path)  # what is kept in memory is there now
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        browser.get(path)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


def many(edition, sam):
    for number in range(29):
        person = make.a_person(f"Spreker {number}")
        one = make.a_speaker(f"Spreker {number}", edition, person, status="invited")
        session = make.a_session(f"Sessie {number}", edition=edition, speakers=[one, sam], at=None)
        make.a_material(session)
        make.a_portrait(one)
        make.speaker_needs(one)
    for number in range(10):
        make.a_registration(edition, first_name=f"Gast {number}", listed=True)
    make.a_release(edition)


@pytest.mark.slow
def test_organisers_pages_cost_the_same_for_many(organiser, edition, sam, session):
    make.a_release(edition)
    paths = [
        SPEAKERS,
        f"{SPEAKERS}?show=slides",
        f"{SPEAKERS}/herinneren/slides",
        f"{SPEAKERS}/behoeften",
        f"{SPEAKERS}/{sam.id}",
    ]
    make.speaker_needs(sam)
    few = [statements(organiser, path) for path in paths]
    many(edition, sam)

    assert [statements(organiser, path) for path in paths] == few


@pytest.mark.slow
def test_a_speakers_pages_cost_the_same_for_many(browser, edition, sam, session):
    make.a_release(edition)
    paths = ["/spreker", f"/spreker/2027/sessies/{session.id}", "/spreker/2027/profiel", "/spreker/2027/praktisch"]
    few = [statements(browser, path) for path in paths]
    many(edition, sam)

    assert [statements(browser, path) for path in paths] == few


@pytest.mark.once
def test_the_counter_itself_counts(browser):
    assert statements(browser, "/spreker") > 3
