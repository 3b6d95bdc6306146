"""Speakers sign in by a mailed link like everybody with something to do, and each lands where that is."""

import pytest

from tests import factories as make
from tests.visitor import signed_in


def test_a_speaker_gets_a_link_and_lands_on_their_pages(sam, session, visitor, letters, app, person):
    visitor.submit("/aanmelden", email="SAM@example.org")
    (letter,) = letters(kind="sign_in")
    assert letter.to_email == "SAM@example.org"

    browser = signed_in(app, person)

    assert browser.location == "/beheer"
    browser.follow(expect=302)
    assert browser.follow().heading == "Spreken op Blender 2027"


def test_who_asked_for_a_page_gets_that_page(sam, session, visitor):
    visitor.get("/spreker/2027/profiel", expect=302)

    assert visitor.location == "/aanmelden?next=/spreker/2027/profiel"


def test_a_stranger_under_spreker_learns_nothing(visitor, sam, session):
    for path in (f"/spreker/2027/sessies/{session.id}", "/spreker/2027/sessies/999", "/spreker/2099/profiel"):
        visitor.get(path, expect=302)
        assert visitor.location.startswith("/aanmelden?next=/spreker/")


def test_a_known_and_an_unknown_address_get_the_same_answer(sam, visitor, letters):
    known = visitor.submit("/aanmelden", email="sam@example.org", follow=True).body
    unknown = visitor.submit("/aanmelden", email="niemand@example.org", follow=True).body

    assert known == unknown
    assert [letter.to_email for letter in letters()] == ["sam@example.org"]


@pytest.mark.parametrize(("role", "lands"), [("organiser", "/beheer/2027"), ("desk", "/beheer/2027/onthaal")])
def test_who_has_one_hat_goes_straight_to_it(app, edition, role, lands):
    browser = signed_in(app, make.a_person("Hanne", role=role, edition=edition))
    browser.get("/beheer", expect=302)

    assert browser.location == lands


def test_a_reviewer_goes_to_the_pitches_to_judge(app, edition):
    browser = signed_in(app, make.a_person("Rita", role="reviewer", edition=edition))
    browser.get("/beheer", expect=302)

    assert browser.location == "/beheer/2027/beoordelen"


def test_who_has_two_hats_may_choose(app, edition, person, session):
    make.a_person("Iemand")
    organiser = make.an_organiser("Olga", edition)
    make.a_speaker("Olga", edition, organiser)
    browser = signed_in(app, organiser)

    page = browser.get("/beheer")

    assert {"/beheer/2027", "/spreker"} <= set(page.links.values())
    assert "/spreker" in browser.get("/beheer/2027").links.values()
    assert "/beheer" in browser.get("/spreker").links.values()


def test_who_has_nothing_to_do_here_finds_nothing(mallory, sam, session):
    for path in ("/beheer", "/spreker", "/spreker/2027", "/spreker/2027/profiel"):
        mallory.get(path, expect=404)
