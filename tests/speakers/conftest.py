"""Edition 2027 with Sam, who has one session; Maya speaks there too; Otto speaks in another edition."""

from datetime import date

import pytest

from blender_event.core.database import db
from blender_event.programme.models import Session, Speaker
from tests import factories as make
from tests.visitor import signed_in

SPEAKERS = "/beheer/2027/sprekers"


@pytest.fixture
def edition(app):
    return make.an_edition(
        title="Blender 2027",
        confirm_by=date(2026, 6, 10),
        words_by=date(2026, 8, 1),
        slides_by=date(2026, 9, 20),
        contact_email="blender@example.org",
    )


@pytest.fixture
def person(app):
    return make.a_person("Sam Spreker", "sam@example.org")


@pytest.fixture
def sam(edition, person):
    """Sam's row in 2027: invited, without a profile."""
    return make.a_speaker("Sam Spreker", edition=edition, person=person, status="invited")


@pytest.fixture
def session(edition, sam):
    room = make.a_room("Kelder", edition=edition)
    return make.a_session("Chat in de jeugdhulp", edition=edition, speakers=[sam], room=room)


@pytest.fixture
def browser(app, person, session):
    """Sam's browser, signed in."""
    return signed_in(app, person)


@pytest.fixture
def maya(app, edition):
    """The browser of Maya, who speaks in 2027 as well, in another session."""
    person = make.a_person("Maya", "maya@example.org")
    make.a_session("Een andere sessie", edition=edition, speakers=[make.a_speaker("Maya", edition, person)])
    return signed_in(app, person)


@pytest.fixture
def otto(app, edition):
    """The browser of Otto, who speaks in another edition only."""
    elsewhere = make.an_edition("2031")
    person = make.a_person("Otto", "otto@example.org")
    make.a_session("Elders", edition=elsewhere, speakers=[make.a_speaker("Otto", elsewhere, person)])
    return signed_in(app, person)


def fresh(row):
    """The row as the database has it now."""
    db.session.rollback()
    db.session.refresh(row)
    return row


__all__ = ["SPEAKERS", "Session", "Speaker", "fresh"]
