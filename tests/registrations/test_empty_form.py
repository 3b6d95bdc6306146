"""The empty form is kept between visitors: each gets tokens of their own, and sees what is true now."""

import re

from blender_event.core.database import db
from blender_event.registrations.models import Registration
from tests import factories as make
from tests.visitor import Visitor

ABOUT = {"first_name": "Ada", "last_name": "Lovelace", "attendance": "onsite", "group": "research"}


def tokens(page):
    return re.findall(r'name="(?:csrf_token|key)"[^>]* value="([^"]+)"', page.body.decode())


def test_two_visitors_get_the_same_page_with_tokens_of_their_own(app):
    make.an_edition()
    pages = [Visitor(app).get("/2027/inschrijven") for _visitor in range(3)]

    assert len({token for page in pages for token in tokens(page)}) == 6
    bodies = []
    for page in pages:
        body = page.body.decode()
        for token in tokens(page):
            body = body.replace(token, "")
        bodies.append(body)
    assert bodies[0] == bodies[1] == bodies[2]


def test_whoever_gets_the_kept_page_can_register_with_it(app):
    make.an_edition()
    for number in range(3):
        visitor = Visitor(app)
        page = visitor.submit("/2027/inschrijven", expect=200, email=f"ada{number}@example.org", **ABOUT)
        page = visitor.submit(page, expect=200)
        visitor.submit(page)
        assert visitor.location.startswith("/mijn/")

    db.session.rollback()
    assert db.session.query(Registration).count() == 3


def test_the_kept_page_says_how_many_places_are_left_now(app):
    edition = make.an_edition(capacity_onsite=2)
    before = Visitor(app).get("/2027/inschrijven")
    make.a_registration(edition)
    after = Visitor(app).get("/2027/inschrijven")

    assert "nog 2 plaatsen" in before
    assert "nog 1 plaats" in after


def test_each_language_has_its_own(app):
    make.an_edition()
    dutch, english = Visitor(app).get("/2027/inschrijven"), Visitor(app).get("/en/2027/inschrijven")

    assert (dutch.heading, english.heading) == ("Over jou", "About you")


def test_a_kept_page_is_kept_nowhere_else(app):
    make.an_edition()
    for _time in range(2):
        visitor = Visitor(app)
        visitor.get("/2027/inschrijven")
        assert visitor.response.headers["Cache-Control"] == "no-store"
