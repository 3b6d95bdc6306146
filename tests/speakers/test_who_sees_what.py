"""Not yours and not there look the same: every page of a speaker, for everybody who is not that speaker."""

import pytest

from tests import factories as make
from tests.speakers.conftest import SPEAKERS
from tests.visitor import Visitor, signed_in

PAGES = [
    "/spreker/2027",
    "/spreker/2027/kan-niet",
    "/spreker/2027/profiel",
    "/spreker/2027/profiel/portret/uploaden",
    "/spreker/2027/praktisch",
]
ACTS = ["/spreker/2027/bevestigen", "/spreker/2027/kan-niet", "/spreker/2027/nieuwe-agenda", "/spreker/2027/praktisch"]


def test_a_speaker_sees_their_own_pages(browser, session):
    for path in [*PAGES, "/spreker", f"/spreker/2027/sessies/{session.id}"]:
        browser.get(path)
        assert browser.response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("role", ["reviewer", "desk", "organiser"])
def test_a_role_does_not_open_a_speakers_pages(app, edition, session, role):
    other = signed_in(app, make.a_person("Iemand", role=role, edition=edition))
    for path in [*PAGES, f"/spreker/2027/sessies/{session.id}"]:
        other.get(path, expect=404)
    for path in ACTS:
        other.post(path, expect=404)


def test_a_speaker_of_another_edition_finds_nothing(otto, session):
    for path in [*PAGES, f"/spreker/2027/sessies/{session.id}", f"/spreker/2031/sessies/{session.id}"]:
        otto.get(path, expect=404)
    for path in ACTS:
        otto.post(path, expect=404)


def test_a_session_of_another_speaker_is_not_there(maya, session):
    maya.get(f"/spreker/2027/sessies/{session.id}", expect=404)
    maya.post(f"/spreker/2027/sessies/{session.id}", expect=404, title="Gekaapt", seen="0")


@pytest.mark.slow
def test_only_organisers_of_the_edition_see_its_speakers(app, edition, sam, session, browser, maya):
    paths = [
        "",
        f"/{sam.id}",
        "/termijnen",
        "/herinneren/bevestigen",
        "/herinneren/biografie",
        "/herinneren/slides",
    ]
    olga = signed_in(app, make.an_organiser("Olga", edition))
    strangers = [browser, signed_in(app, make.an_organiser("Oscar", make.an_edition("2030")))]
    strangers += [signed_in(app, make.a_person(role, role=role, edition=edition)) for role in ("desk", "reviewer")]
    for path in paths:
        olga.get(SPEAKERS + path)
        for stranger in strangers:
            stranger.get(SPEAKERS + path, expect=404)
        Visitor(app).get(SPEAKERS + path, expect=302)
    for stranger in strangers:
        stranger.post(f"{SPEAKERS}/{sam.id}/uitnodigen", expect=404)
        stranger.post(f"{SPEAKERS}/herinneren/bevestigen", expect=404, to=str(sam.id))


def test_a_speaker_of_another_edition_is_not_there_for_an_organiser(app, edition, otto):
    olga = signed_in(app, make.an_organiser("Olga", edition))
    stranger = make.a_speaker("Elders", make.an_edition("2032"))

    olga.get(f"{SPEAKERS}/{stranger.id}", expect=404)
    olga.post(f"{SPEAKERS}/{stranger.id}/uitnodigen", expect=404)
