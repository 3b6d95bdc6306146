"""One edition with a session of Sam's that is published, ends at noon and takes place in the cellar; Mallory speaks elsewhere."""

from types import SimpleNamespace

import pytest

from blender_event.core.database import db
from tests import factories as make
from tests.visitor import signed_in


@pytest.fixture
def story(app):
    """The edition, its room, Sam's session and Mallory's, both published, and their browsers when asked for."""
    edition = make.an_edition()
    room, other_room = make.a_room("Kelder", edition), make.a_room("Zolder", edition)
    sam, mallory = make.a_person("Sam Spreker"), make.a_person("Mallory")
    session = make.a_session(
        "Chat in de jeugdhulp",
        edition=edition,
        at="11:00",
        room=room,
        speakers=[make.a_speaker("Sam Spreker", edition, sam)],
    )
    elsewhere = make.a_session(
        "Elders", edition=edition, at="11:00", room=other_room, speakers=[make.a_speaker("Mallory", edition, mallory)]
    )
    make.a_release(edition)
    return SimpleNamespace(
        edition=edition,
        room=room,
        other_room=other_room,
        session=session,
        elsewhere=elsewhere,
        sam=sam,
        mallory=mallory,
    )


@pytest.fixture
def sam(app, story):
    """The speaker's browser."""
    return signed_in(app, story.sam)


@pytest.fixture
def mallory(app, story):
    """Somebody who speaks in the same edition, in another session."""
    return signed_in(app, story.mallory)


@pytest.fixture
def at(story):
    """The address of the materials of Sam's session: `at("uploaden")`."""
    return lambda *more: "/".join((f"/spreker/2027/sessies/{story.session.id}/materiaal", *map(str, more)))


@pytest.fixture
def public(story):
    """The address of Sam's session for everybody."""
    db.session.refresh(story.session)
    return f"/2027/programma/{story.session.slug}"
