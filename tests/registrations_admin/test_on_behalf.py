"""Organisers register who calls, writes or comes by; forms that were put aside get a second look."""

import pytest

from blender_event.audit.models import AuditEntry
from blender_event.core import clock
from blender_event.core.database import db
from blender_event.registrations.models import Parked, Registration
from tests import factories as make
from tests.registrations_admin.conftest import LIST

NEW = LIST + "/nieuw"
LEAST = {"source": "phone", "first_name": "Marie", "attendance": "onsite", "told": True}


def all_of_them():
    db.session.rollback()
    return db.session.query(Registration).order_by(Registration.id).all()


def test_a_first_name_is_enough(olga, edition, letters):
    olga.submit(NEW, **LEAST, follow=True)

    (marie,) = all_of_them()
    assert (marie.name, marie.status, marie.source, marie.email, marie.group) == (
        "Marie",
        "confirmed",
        "phone",
        None,
        "other",
    )
    assert letters() == []
    assert "Marie heeft een plaats." in olga.page


def test_with_an_address_there_is_a_mail(olga, edition, letters):
    olga.submit(NEW, **LEAST, email="marie@example.org")

    assert [(letter.kind, letter.to_email) for letter in letters()] == [("confirmed", "marie@example.org")]


def test_who_gave_the_details_and_that_the_person_was_told_is_kept(olga, edition):
    olga.submit(NEW, **LEAST, given_by="haar begeleider")

    entry = db.session.query(AuditEntry).filter_by(action="registered for somebody").one()
    assert entry.new == {"details_given_by": "haar begeleider", "person_was_told": True}
    assert "haar begeleider" in olga.follow()


def test_the_person_must_be_told(olga, edition):
    page = olga.submit(NEW, **LEAST | {"told": False}, expect=422)

    assert page.errors["told"] == "Vertel het eerst aan de persoon, en vink dan aan."
    assert page.form().values()["first_name"] == ["Marie"]
    assert all_of_them() == []


def test_who_calls_does_not_overtake_who_waits(olga, edition):
    edition.capacity_onsite = 1
    db.session.commit()
    make.a_registration(edition)
    olga.submit(NEW, **LEAST, follow=True)

    assert all_of_them()[-1].status == "waiting"
    assert "Marie staat op de wachtlijst." in olga.page


def test_sending_the_page_twice_is_one_registration(olga, edition):
    page = olga.get(NEW)
    olga.submit(page, **LEAST)
    first = olga.location
    olga.submit(page, **LEAST)

    assert olga.location == first
    assert len(all_of_them()) == 1


def test_the_same_page_for_somebody_else_is_refused(olga, edition):
    page = olga.get(NEW)
    olga.submit(page, **LEAST)
    olga.submit(page, **LEAST | {"first_name": "Alice"}, expect=409)

    assert [row.first_name for row in all_of_them()] == ["Marie"]


def test_an_address_that_is_registered_is_said_to_be(olga, edition):
    make.a_registration(edition, email="marie@example.org")

    page = olga.submit(NEW, **LEAST, email="MARIE@example.org", expect=422)

    assert "Dit adres is al ingeschreven" in page.errors["email"]


def test_needs_told_by_phone_need_a_yes(organiser, edition):
    page = organiser.submit(NEW, **LEAST, needs=["vegan"], expect=422)
    assert "needs_consent" in page.errors

    organiser.submit(page, needs_consent=True)
    assert all_of_them()[0].needs.choices == ["vegan"]


@pytest.mark.parametrize("name", ["ʼs-Gravenwezel", "O’Brien-De Smedt", "日本", "שרה", "👩\u200d🔬", "X"])
def test_names_are_kept_as_they_are_typed(olga, edition, name):
    olga.submit(NEW, **LEAST | {"first_name": name})

    assert all_of_them()[0].first_name == name
    assert name in olga.get(LIST)


@pytest.fixture
def parked(edition):
    typed = {
        "first_name": "Bo",
        "last_name": "Tander",
        "email": "bo@example.org",
        "group": "ict",
        "sectors": "ict, policy",
        "attendance": "onsite",
    }
    row = Parked(edition_id=edition.id, details=typed, parked_at=clock.now())
    db.session.add(row)
    db.session.commit()
    return row


def test_a_form_that_was_put_aside_can_still_become_a_registration(olga, parked, letters):
    assert "Bo Tander" in olga.get(LIST + "/geparkeerd")
    olga.submit(f"{LIST}/geparkeerd/{parked.id}", follow=True)

    (bo,) = all_of_them()
    assert (bo.name, bo.group, bo.sectors, bo.status) == ("Bo Tander", "ict", ["ict", "policy"], "confirmed")
    assert db.session.query(Parked).count() == 0
    assert len(letters(kind="confirmed")) == 1


def test_a_form_that_was_put_aside_can_be_removed(olga, parked):
    olga.submit(f"{LIST}/geparkeerd/{parked.id}/verwijderen")

    assert db.session.query(Parked).count() == 0
    assert all_of_them() == []


def test_forms_of_another_edition_are_not_here(oscar, mallory, parked):
    for browser in (oscar, mallory):
        browser.get(f"{LIST}/geparkeerd", expect=404)
        browser.post(f"{LIST}/geparkeerd/{parked.id}/verwijderen", expect=404)
    oscar.get(f"/beheer/2031/inschrijvingen/geparkeerd/{parked.id}", expect=404)
