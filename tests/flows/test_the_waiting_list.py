"""A full day: people wait, move up, give back, and each hears it once."""

from blender_event.core.database import db
from blender_event.registrations import queries
from blender_event.registrations.models import Registration
from tests import factories as make
from tests.visitor import Visitor


def register(app, name):
    """A new browser registers `name` and stays on their own page."""
    visitor = Visitor(app)
    page = visitor.submit(
        "/2027/inschrijven",
        expect=200,
        first_name=name,
        email=f"{name.lower()}@example.org",
        attendance="onsite",
        group="field",
    )
    page = visitor.submit(page, expect=200)
    visitor.submit(page)
    visitor.own = visitor.location
    return visitor


def stands(visitor):
    main = visitor.get(visitor.own).main
    return main.get("data-status"), main.get("data-position")


def test_the_line_moves_up_one_by_one(app, letters):
    make.an_edition(capacity_onsite=1)
    ada, sam, alex, grace = (register(app, name) for name in ("Ada", "Sam", "Alex", "Grace"))
    assert [stands(one) for one in (ada, sam, alex, grace)] == [
        ("confirmed", "0"),
        ("waiting", "1"),
        ("waiting", "2"),
        ("waiting", "3"),
    ]

    alex.submit(alex.own + "/annuleren")
    assert [stands(one) for one in (sam, alex, grace)] == [("waiting", "1"), ("cancelled", "0"), ("waiting", "2")]

    ada.submit(ada.own + "/annuleren")
    assert [stands(one) for one in (ada, sam, grace)] == [("cancelled", "0"), ("confirmed", "0"), ("waiting", "1")]
    assert "Goed nieuws: er kwam een plaats vrij." in sam.get(sam.own)

    sam.submit(sam.own + "/annuleren")
    assert [stands(one) for one in (sam, grace)] == [("cancelled", "0"), ("confirmed", "0")]

    told = [(one.kind, one.to_email.split("@")[0]) for one in letters()]
    assert told == [
        ("confirmed", "ada"),
        ("waiting", "sam"),
        ("waiting", "alex"),
        ("waiting", "grace"),
        ("cancelled", "alex"),
        ("cancelled", "ada"),
        ("promoted", "sam"),
        ("cancelled", "sam"),
        ("promoted", "grace"),
    ]
    assert list(queries.faults()) == []


def test_who_comes_back_after_cancelling_stands_at_the_end(app):
    make.an_edition(capacity_onsite=1)
    ada, sam = register(app, "Ada"), register(app, "Sam")
    ada.submit(ada.own + "/annuleren")
    again = register(app, "Ada")
    assert [stands(one) for one in (ada, sam, again)] == [("cancelled", "0"), ("confirmed", "0"), ("waiting", "1")]
    assert db.session.query(Registration).count() == 3


def test_the_form_says_before_sending_that_one_will_wait(app, visitor):
    edition = make.an_edition(capacity_onsite=1)
    make.a_registration(edition)
    page = visitor.submit(
        "/2027/inschrijven", expect=200, first_name="Ada", email="ada@example.org", attendance="onsite", group="field"
    )
    page = visitor.submit(page, expect=200)
    assert "Alle plaatsen zijn ingenomen. Je komt op de wachtlijst." in page
